package console

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/staff"
	visits "okoshko/core/visit"
)

// Schedules are when offices receive, and by which rules and calendar.
type Schedules interface {
	OfficeSchedule(ctx context.Context, office string) (visits.Schedule, error)
	// PreviewEdit returns what SaveEdit would do, and of which revision. Errors are
	// those of visits.Edit.
	PreviewEdit(ctx context.Context, office string, e visits.Edit) (visits.Impact, int64, error)
	SaveEdit(ctx context.Context, by audit.Entry, office string, revision int64, e visits.Edit) (visits.Impact, int64, error)
	VisitRules(ctx context.Context) (*visits.Directory, error)
	SetVisitRule(ctx context.Context, by audit.Entry, name string, was, value int) error
	Calendar(ctx context.Context) (*calendar.Production, []visits.AddedYear, error)
	PreviewCalendar(ctx context.Context, years []calendar.Year) (visits.CalendarImpact, error)
	AddCalendar(ctx context.Context, by audit.Entry, years []calendar.Year) (visits.CalendarImpact, error)
}

// shownDays is how many days ahead a schedule is written out.
const shownDays = 28

type (
	officeName struct {
		Code string            `json:"code"`
		Name map[string]string `json:"name"`
	}
	bookingRule struct {
		Name     string `json:"name"`
		Value    int    `json:"value"`
		Standard int    `json:"standard"`
		Least    int    `json:"least"`
		Most     int    `json:"most"`
	}
	special struct {
		Number   int      `json:"number"`
		Services []string `json:"services"`
		First    string   `json:"first"`
		Last     string   `json:"last"`
	}
	// stretch is an exception, or with a window the shutting of one.
	stretch struct {
		Window int               `json:"window,omitempty"`
		First  string            `json:"first"`
		Last   string            `json:"last"`
		Hours  string            `json:"hours"`
		Reason map[string]string `json:"reason"`
	}
	serviceName struct {
		Code    string            `json:"code"`
		Name    map[string]string `json:"name"`
		Minutes int               `json:"minutes"`
	}
	shownDay struct {
		Date   string            `json:"date"`
		Hours  string            `json:"hours"`
		Why    calendar.Why      `json:"why"`
		Reason map[string]string `json:"reason,omitempty"`
	}
)

// schedules lists the offices, and the rules of booking.
func (s *Console) schedules(c *fiber.Ctx) error {
	d, err := s.Schedules.VisitRules(c.UserContext())
	if err != nil {
		return s.fail(c, err)
	}
	offices, rules := []officeName{}, []bookingRule{}
	for _, o := range d.Offices("", "") {
		offices = append(offices, officeName{o.Code, o.Names})
	}
	for _, r := range d.ListRules() {
		rules = append(rules, bookingRule(r))
	}
	return c.JSON(fiber.Map{"offices": offices, "rules": rules})
}

// schedule shows when an office receives.
func (s *Console) schedule(c *fiber.Ctx) error {
	sch, err := s.Schedules.OfficeSchedule(c.UserContext(), c.Params("office"))
	if err != nil {
		return s.fail(c, err)
	}
	o := sch.Office
	today := calendar.DateOf(s.Now(), o.Hours(sch.Days, sch.Company).Zone)
	week := make([]string, 7)
	for i := range week { // from Monday on
		week[i] = calendar.SpansText(o.Week[(i+1)%7])
	}
	sanitary := []int{}
	for _, d := range o.Sanitary {
		sanitary = append(sanitary, (int(d)+6)%7)
	}
	specials, shut, exceptions := []special{}, []stretch{}, []stretch{}
	for _, w := range o.Special {
		specials = append(specials, special{w.Number, append([]string{}, w.Services...), shown(w.First), shown(w.Last)})
	}
	for _, x := range o.Shut {
		if !x.Last.Before(today) {
			shut = append(shut, stretch{x.Window, shown(x.First), shown(x.Last), calendar.SpansText(x.Spans), x.Reasons})
		}
	}
	for _, x := range o.Exceptions {
		if !x.Last.Before(today) {
			exceptions = append(exceptions, stretch{0, shown(x.First), shown(x.Last), calendar.SpansText(x.Spans), x.Reasons})
		}
	}
	services := []serviceName{}
	for _, x := range sch.Directory.Services(o.Audience) {
		services = append(services, serviceName{x.Code, x.Names, int(x.Length.Minutes())})
	}
	days := make([]shownDay, shownDays)
	for i := range days {
		d := o.Day(today.Add(i), sch.Days, sch.Company)
		days[i] = shownDay{shown(d.Date), calendar.SpansText(d.Hours), d.Calendar, d.Reasons}
	}
	return c.JSON(fiber.Map{
		"office": officeName{o.Code, o.Names}, "address": o.Addresses, "revision": sch.Revision, "today": shown(today), "week": week, "sanitary": sanitary,
		"windows": o.Windows, "special": specials, "shut": shut, "exceptions": exceptions, "services": services, "days": days,
		"missing": missing(sch.Days, today),
	})
}

// shown is a day as the page reads it; "" for none.
func shown(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// calendarAhead is how many days before its first day a year of the calendar is
// missed: acts come out in September or October.
const calendarAhead = 75

// missing is the first year that is needed soon and that nobody has
// added to the calendar; 0: none.
func missing(p *calendar.Production, today calendar.Date) int {
	year := today.Add(calendarAhead).Year
	if _, known := p.Act(year); known {
		return 0
	}
	return year
}

// edition is an edit as the page sends it: one of its parts.
type edition struct {
	Revision int64 `json:"revision"`
	Close    *stretch
	Reopen   *stretch
	Week     *struct {
		Hours    []string `json:"hours"`
		Sanitary []int    `json:"sanitary"`
	}
	Windows *struct {
		Windows int       `json:"windows"`
		Special []special `json:"special"`
	}
	Shut   *stretch
	Unshut *stretch
}

// read returns the edit. The error is Invalid.
func (in *edition) read() (visits.Edit, error) {
	var edits []visits.Edit
	var err error
	add := func(e visits.Edit, failed error) {
		edits = append(edits, e)
		if err == nil {
			err = failed
		}
	}
	if in.Close != nil {
		x, failed := in.Close.read()
		add(visits.Closure{Exception: visits.Exception{First: x.First, Last: x.Last, Spans: x.Spans, Reasons: x.Reasons}}, failed)
	}
	if in.Reopen != nil {
		first, failed := calendar.ParseDate(in.Reopen.First)
		add(visits.Reopening{First: first}, failed)
	}
	if in.Week != nil {
		add(in.week())
	}
	if in.Windows != nil {
		add(in.windows())
	}
	if in.Shut != nil {
		x, failed := in.Shut.read()
		add(visits.Shut{Shutting: x}, failed)
	}
	if in.Unshut != nil {
		x, failed := in.Unshut.read()
		u := visits.Unshut{Window: x.Window, First: x.First}
		if len(x.Spans) > 0 {
			u.From = x.Spans[0].From
		}
		add(u, failed)
	}
	switch {
	case err != nil && fault.Of(err) == fault.Internal:
		return nil, fault.Wrap(fault.Invalid, err)
	case err != nil:
		return nil, err
	case len(edits) != 1:
		return nil, ErrInvalid
	}
	return edits[0], nil
}

// errReason: a reason cannot be shown to customers.
var errReason = &fault.Error{Kind: fault.Invalid, Key: "closure_reason"}

func (x *stretch) read() (out visits.Shutting, err error) {
	out.Window = x.Window
	if out.First, err = calendar.ParseDate(x.First); err != nil {
		return out, err
	}
	if out.Last, err = calendar.ParseDate(x.Last); err != nil {
		return out, err
	}
	if out.Spans, err = calendar.ParseSpans(x.Hours); err != nil {
		return out, err
	}
	ru, en := x.Reason["ru"], x.Reason["en"]
	if !sayable(ru) || !sayable(en) || ru == "" && en != "" {
		return out, errReason
	}
	if en == "" {
		en = ru
	}
	out.Reasons = map[string]string{"ru": ru, "en": en}
	return out, nil
}

// sayable reports whether a text can stand in a sentence to customers.
func sayable(text string) bool { return len([]rune(text)) <= 200 && printable(text) }

func (in *edition) week() (n visits.NewWeek, err error) {
	if len(in.Week.Hours) != 7 {
		return n, ErrInvalid
	}
	for i, text := range in.Week.Hours {
		if n.Week[(i+1)%7], err = calendar.ParseSpans(text); err != nil {
			return n, err
		}
	}
	for _, d := range in.Week.Sanitary {
		day := time.Weekday((d + 1) % 7)
		if d < 0 || d > 6 || slices.Contains(n.Sanitary, day) {
			return n, ErrInvalid
		}
		n.Sanitary = append(n.Sanitary, day)
	}
	return n, nil
}

func (in *edition) windows() (n visits.NewWindows, err error) {
	n.Windows = in.Windows.Windows
	for _, x := range in.Windows.Special {
		w := visits.Window{Number: x.Number, Services: x.Services}
		for _, part := range []struct {
			text string
			to   *calendar.Date
		}{{x.First, &w.First}, {x.Last, &w.Last}} {
			if part.text == "" {
				continue
			}
			if *part.to, err = calendar.ParseDate(part.text); err != nil {
				return n, err
			}
		}
		n.Special = append(n.Special, w)
	}
	return n, nil
}

// edit previews an edit of an office's schedule, or saves it.
func (s *Console) edit(save bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in edition
		if err := c.BodyParser(&in); err != nil {
			return s.fail(c, ErrInvalid)
		}
		e, err := in.read()
		if err != nil {
			return s.fail(c, err)
		}
		ctx, office := c.UserContext(), c.Params("office")
		sch, err := s.Schedules.OfficeSchedule(ctx, office)
		if err != nil {
			return s.fail(c, err)
		}
		var i visits.Impact
		var revision int64
		if save {
			i, revision, err = s.Schedules.SaveEdit(ctx, s.by(c), office, in.Revision, e)
		} else if i, revision, err = s.Schedules.PreviewEdit(ctx, office, e); err == nil && revision != in.Revision {
			err = visits.ErrStale
		}
		if err != nil {
			return s.fail(c, err)
		}
		return c.JSON(s.impact(i, sch, revision, caller(c).May(staff.SeeVisits)))
	}
}

// setRule sets a rule of booking.
func (s *Console) setRule(c *fiber.Ctx) error {
	var in struct {
		Name       string
		Was, Value int
	}
	if err := c.BodyParser(&in); err != nil {
		return s.fail(c, ErrInvalid)
	}
	if err := s.Schedules.SetVisitRule(c.UserContext(), s.by(c), in.Name, in.Was, in.Value); err != nil {
		return s.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}
