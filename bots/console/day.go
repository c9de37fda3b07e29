package console

import (
	"errors"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	visits "okoshko/core/visit"
	"okoshko/dialogs/dialog/turn"
)

// Limits of what is typed at an office; api.md names them.
const (
	mostSaid = 30 // characters of a code or a phone
	// seekDays is how far around the day a visitor is sought who has come on
	// another one.
	seekDays = 14
)

// errElsewhere: somebody of some territories has no business in the offices of
// others.
var errElsewhere error = &fault.Error{Kind: fault.Denied, Key: "elsewhere"}

// worksIn reports whether the caller has to do with an office: whoever belongs
// to territories, with theirs; all others with every one.
func (v visit) worksIn(o *visits.Office) bool {
	return len(v.Territories) == 0 || slices.Contains(v.Territories, o.Territory)
}

// office finds the office that a request names. The error is visit.ErrUnknown, or
// Denied for one that the caller has nothing to do with.
func (s *Console) office(c *fiber.Ctx) (*visits.Office, error) {
	directory, err := s.Visits.OfficesNow(c.UserContext())
	if err != nil {
		return nil, err
	}
	o, found := directory.Office(c.Params("office"))
	switch {
	case !found:
		return nil, visits.ErrUnknown
	case !caller(c).worksIn(o):
		return nil, errElsewhere
	}
	return o, nil
}

// toOffice does something in the office that the request names.
func (s *Console) toOffice(c *fiber.Ctx, do func(o *visits.Office) error) error {
	o, err := s.office(c)
	if err == nil {
		err = do(o)
	}
	if err != nil {
		return s.fail(c, err)
	}
	return nil
}

// changed tells every console that looks at the office.
func (s *Console) changed(c *fiber.Ctx, office string) {
	if err := s.Live.Publish(c.UserContext(), turn.Hint{Kind: turn.AtOffice, By: office}); err != nil {
		s.Log.Debug("consoles not told", "error", err) // they look for themselves
	}
}

// officeShown is an office as the page sees it. Texts are by language.
type officeShown struct {
	Code      string            `json:"code"`
	Territory string            `json:"territory"`
	Name      map[string]string `json:"name"`
	Address   map[string]string `json:"address"`
	Windows   int               `json:"windows"`
}

func showOffice(o *visits.Office) officeShown {
	return officeShown{o.Code, o.Territory, o.Names, o.Addresses, o.Windows}
}

// offices lists those that the caller has to do with.
func (s *Console) offices(c *fiber.Ctx) error {
	directory, err := s.Visits.OfficesNow(c.UserContext())
	if err != nil {
		return s.fail(c, err)
	}
	list := []officeShown{}
	for _, o := range directory.Offices("", "") {
		if caller(c).worksIn(o) {
			list = append(list, showOffice(o))
		}
	}
	return c.JSON(fiber.Map{"offices": list})
}

// visitShown is a visit as the page lists it: personal data is masked as in any
// list of staff (spec §3.3). Times are on the office's clock.
type visitShown struct {
	ID        int64           `json:"id"`
	Code      string          `json:"code"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Window    int             `json:"window"` // 0: none, he walked in
	CalledTo  int             `json:"called_to"`
	Service   string          `json:"service"`
	Name      string          `json:"name"`
	Phone     string          `json:"phone"`
	Account   string          `json:"account"`
	Status    visits.Status   `json:"status"`
	WalkIn    bool            `json:"walk_in"`
	Confirmed bool            `json:"confirmed"`
	Steps     []visits.Status `json:"steps"`
	Date      string          `json:"date,omitempty"` // where it is not that of the list
}

const hourMinute = "15:04"

// mayKeep: what the caller may do with visits stands in their steps.
func (s *Console) showVisit(b visits.Booking, zone *time.Location, mayKeep bool) visitShown {
	v := visitShown{
		ID: b.ID, Code: b.Code, From: b.Start.In(zone).Format(hourMinute), To: b.End.In(zone).Format(hourMinute),
		Window: b.Window, CalledTo: b.CalledTo, Service: b.Service, Name: b.Name.Listed(), Phone: b.Phone.Listed(),
		Account: b.Account.Full(), Status: b.Status, WalkIn: b.WalkIn, Confirmed: b.Confirmed, Steps: []visits.Status{},
	}
	if b.Account.Contract() { // what a company is called is nobody's secret
		v.Name = b.Name.Reveal()
	}
	if mayKeep {
		v.Steps = append(v.Steps, b.Steps(s.Now(), zone)...)
	}
	return v
}

// day shows a day of an office: today, unless another one is named.
func (s *Console) day(c *fiber.Ctx) error {
	return s.toOffice(c, func(o *visits.Office) error {
		now, mayKeep := s.Now(), caller(c).May(staff.KeepVisits)
		zone := s.zoneOf(o)
		today := calendar.DateOf(now, zone)
		date := today
		if text := c.Query("date"); text != "" {
			var err error
			if date, err = calendar.ParseDate(text); err != nil {
				return ErrInvalid
			}
		}
		d, err := s.Visits.OfficeDay(c.UserContext(), o.Code, date)
		if err != nil {
			return err
		}
		list := make([]visitShown, len(d.Bookings))
		for i, b := range d.Bookings {
			list[i] = s.showVisit(b, zone, mayKeep)
		}
		hours, services := []string{}, []fiber.Map{}
		for _, span := range d.Day.Hours {
			hours = append(hours, span.String())
		}
		for _, one := range d.Services {
			services = append(services, fiber.Map{"code": one.Code, "name": one.Names, "minutes": int(one.Length.Minutes()), "windows": o.Serving(one)})
		}
		return c.JSON(fiber.Map{
			"office": showOffice(o), "date": date.String(), "today": today.String(), "now": now.In(zone).Format(hourMinute),
			"hours": hours, "why": d.Day.Calendar, "reason": d.Day.Reasons, "services": services, "visits": list,
			"free": stretches(d.Free(now), zone), "shut": stretches(d.Shut(), zone),
		})
	})
}

// stretches are times of windows as the page sees them.
func stretches(list []visits.Busy, zone *time.Location) []fiber.Map {
	shown := make([]fiber.Map, len(list))
	for i, b := range list {
		shown[i] = fiber.Map{"window": b.Window, "from": b.Start.In(zone).Format(hourMinute), "to": b.End.In(zone).Format(hourMinute)}
	}
	return shown
}

// zoneOf is the zone of an office's clock.
func (s *Console) zoneOf(o *visits.Office) *time.Location {
	return o.Hours(s.Hours.Production, s.Hours.Zone).Zone
}

// findVisit finds the visits that somebody at the desk means, on the day and
// around it. What he says comes in the body, so that no address holds it.
func (s *Console) findVisit(c *fiber.Ctx) error {
	var in struct{ Date, Text string }
	if err := c.BodyParser(&in); err != nil || utf8.RuneCountInString(in.Text) > mostSaid {
		return s.fail(c, ErrInvalid)
	}
	date, err := calendar.ParseDate(in.Date)
	if err != nil || date.Year < 1 {
		return s.fail(c, ErrInvalid)
	}
	return s.toOffice(c, func(o *visits.Office) error {
		found, err := s.Visits.SeekVisits(c.UserContext(), o.Code, date.Add(-seekDays), date.Add(seekDays), in.Text)
		if err != nil {
			return err
		}
		zone := s.zoneOf(o)
		list := make([]visitShown, len(found))
		for i, b := range found {
			list[i] = s.showVisit(b, zone, caller(c).May(staff.KeepVisits))
			list[i].Date = calendar.DateOf(b.Start, zone).String()
		}
		return c.JSON(fiber.Map{"visits": list})
	})
}

// visitID reads which visit a request names. The error is visit.ErrUnknown.
func visitID(c *fiber.Ctx) (int64, error) {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, visits.ErrUnknown
	}
	return id, nil
}

// lookAtVisit shows who comes in full; the look is written down first.
func (s *Console) lookAtVisit(c *fiber.Ctx) error {
	return s.toOffice(c, func(o *visits.Office) error {
		id, err := visitID(c)
		if err != nil {
			return err
		}
		b, err := s.Visits.LookAtVisit(c.UserContext(), s.by(c), o.Code, id)
		if err != nil {
			return err
		}
		return c.JSON(fiber.Map{"name": b.Name.Reveal(), "phone": b.Phone.Reveal(), "account": b.Account.Full()})
	})
}

// stepVisit notes how far a visit has come.
func (s *Console) stepVisit(c *fiber.Ctx) error {
	var in struct {
		From, To visits.Status
		Window   int
	}
	if err := c.BodyParser(&in); err != nil {
		return s.fail(c, ErrInvalid)
	}
	return s.toOffice(c, func(o *visits.Office) error {
		id, err := visitID(c)
		if err != nil {
			return err
		}
		_, err = s.Visits.MarkVisit(c.UserContext(), s.by(c), visits.Mark{Office: o.Code, Visit: id, From: in.From, To: in.To, Window: in.Window})
		var changed *visits.ChangedError
		switch {
		case errors.As(err, &changed):
			return c.Status(fiber.StatusConflict).JSON(fiber.Map{"error": "visit_changed", "status": changed.Status, "by": changed.By})
		case err != nil:
			return err
		}
		s.changed(c, o.Code)
		return c.SendStatus(fiber.StatusNoContent)
	})
}

// addWalkIn takes in somebody who comes without a booking.
func (s *Console) addWalkIn(c *fiber.Ctx) error {
	var in struct {
		ID, Service, Name string
		Window            int
	}
	if err := c.BodyParser(&in); err != nil || !clientID.MatchString(in.ID) {
		return s.fail(c, ErrInvalid)
	}
	name := ""
	if Line(in.Name) != "" {
		var err error
		if name, err = staff.ParseName(in.Name); err != nil {
			return s.fail(c, err)
		}
	}
	return s.toOffice(c, func(o *visits.Office) error {
		b, err := s.Visits.AddWalkIn(c.UserContext(), s.by(c), in.ID, visits.WalkIn{
			Office: o.Code, Service: in.Service, Name: privacy.NewPersonName(name), Window: in.Window,
		})
		if err != nil {
			return err
		}
		s.changed(c, o.Code)
		return c.JSON(fiber.Map{"id": b.ID, "code": b.Code})
	})
}
