package visit

import (
	"cmp"
	"slices"
	"time"

	"okoshko/core/calendar"
)

// Impact is what a change of an office's schedule, or of the production calendar,
// comes to: the preview of it, or what was done.
type Impact struct {
	// Days are those whose hours or slots become others.
	Days []ChangedDay
	// Hit are the visits that cannot take place as they are booked.
	Hit []Hit
}

// ChangedDay is a day before and after.
type ChangedDay struct {
	Date          calendar.Date
	Before, After []calendar.Span
	// Services are those of which there is room for others than before.
	Services []ChangedService

	left int // places afterwards, of all services
}

// ChangedService is how many visits of a service a day has room for before and
// after, those who walk in included, and which times vanish and appear.
type ChangedService struct {
	Code          string
	Before, After int
	Gone, New     []Places
}

// Places are windows that receive at a time.
type Places struct {
	Start   time.Time
	Windows int
}

// Hit is a visit that cannot take place as it is booked, and where it goes: To
// and Window are zero if there is no free slot in time, and it is called off.
type Hit struct {
	Booking Booking
	To      Slot
	Window  int
	// Quiet: another window receives it at its own time; nobody need be told.
	Quiet bool
}

// ReseatDays is how far behind its day a visit that cannot take place is moved
// at most.
const ReseatDays = 30

// Here is what an office's visits are judged by.
type Here struct {
	Now time.Time
	// Days is the production calendar, Company the company's zone.
	Days    *calendar.Production
	Company *time.Location
	// Expected are the visits that the office expects, Busy is all that is taken,
	// to ReseatDays behind the last of them.
	Expected []Booking
	Busy     []Busy
}

// Impact returns an office as it would be after an edit, and what that comes to.
// A visit that is hit goes to another window that is free at its own time, or
// else to the first free slot from its own time on, by the rules that hold for
// customers but for the horizon. The error is one of those of edits; ErrNoClosure
// for an office that is not there.
func (d *Directory) Impact(office string, e Edit, h Here) (*Office, Impact, error) {
	before, known := d.Office(office)
	if !known {
		return nil, Impact{}, ErrNoClosure
	}
	today := calendar.DateOf(h.Now, before.Hours(h.Days, h.Company).Zone)
	after, err := e.apply(d, before, today)
	if err != nil {
		return nil, Impact{}, err
	}
	first, last := e.days(today)
	if last.IsZero() {
		last = today.Add(d.Rules().Days)
	}
	i := d.compare(scene{d, before, h.Days}, scene{d, after, h.Days}, h, later(first, today), last)
	if _, shut := e.(Shut); shut && i.nothingLeft() {
		return nil, Impact{}, ErrNothingOpen
	}
	return after, i, nil
}

// nothingLeft reports whether the office would receive nobody on a day on which
// it does.
func (i Impact) nothingLeft() bool {
	return slices.ContainsFunc(i.Days, func(day ChangedDay) bool {
		return len(day.After) > 0 && day.left == 0 && len(day.Services) > 0
	})
}

// Recount returns what a newer production calendar comes to in an office. The
// error is ErrNoClosure for one that is not there.
func (d *Directory) Recount(office string, newer *calendar.Production, h Here) (Impact, error) {
	o, known := d.Office(office)
	if !known {
		return Impact{}, ErrNoClosure
	}
	today := calendar.DateOf(h.Now, o.Hours(h.Days, h.Company).Zone)
	return d.compare(scene{d, o, h.Days}, scene{d, o, newer}, h, today, today.Add(d.Rules().Days)), nil
}

func later(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// scene is an office under a production calendar.
type scene struct {
	directory *Directory
	office    *Office
	days      *calendar.Production
}

func (s scene) plan(service string, company *time.Location) (Plan, bool) {
	return s.directory.planOf(s.office, service, s.days, company)
}

func (d *Directory) compare(before, after scene, h Here, first, last calendar.Date) Impact {
	i := Impact{Days: d.changedDays(before, after, h, first, last)}
	busy := slices.Clone(h.Busy)
	hit := d.hit(before, after, h)
	for n := range hit { // those first who need not be told
		b, plan := &hit[n].Booking, hit[n].plan
		for _, window := range plan.Windows {
			if plan.Receives(window, b.Start, b.End) && idle(busy, window, b.Start, b.End) {
				hit[n].To, hit[n].Window, hit[n].Quiet = Slot{Start: b.Start, End: b.End}, window, true
				busy = append(busy, Busy{window, b.Start, b.End})
				break
			}
		}
	}
	for n := range hit {
		b, plan := &hit[n].Booking, hit[n].plan
		if !hit[n].Quiet && len(plan.Windows) > 0 {
			day := calendar.DateOf(b.Start, plan.Hours.Zone)
			// Our own moves may lead beyond the horizon.
			plan.Rules.Days = max(plan.Rules.Days, day.Sub(plan.Today(h.Now))+ReseatDays)
			hit[n].To, hit[n].Window = plan.first(day, day.Add(ReseatDays), b.Start, h.Now, busy)
			if hit[n].Window > 0 {
				busy = append(busy, Busy{hit[n].Window, hit[n].To.Start, hit[n].To.End})
			}
		}
		i.Hit = append(i.Hit, hit[n].Hit)
	}
	return i
}

// hitBy is a hit with the plan for its service, without windows if it is not
// served any more.
type hitBy struct {
	Hit
	plan Plan
}

// hit finds the visits that could take place before and cannot afterwards, by
// their time.
func (d *Directory) hit(before, after scene, h Here) []hitBy {
	expected := slices.Clone(h.Expected)
	slices.SortStableFunc(expected, func(a, b Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	var list []hitBy
	for _, b := range expected {
		if !b.Status.Expected() || !b.Start.After(h.Now) {
			continue
		}
		was, _ := before.plan(b.Service, h.Company)
		is, _ := after.plan(b.Service, h.Company)
		if was.Office != nil && was.Receives(b.Window, b.Start, b.End) && !is.Receives(b.Window, b.Start, b.End) {
			list = append(list, hitBy{Hit{Booking: b}, is})
		}
	}
	return list
}

func idle(busy []Busy, window int, start, end time.Time) bool {
	return !slices.ContainsFunc(busy, func(b Busy) bool {
		return b.Window == window && b.Start.Before(end) && b.End.After(start)
	})
}

func (d *Directory) changedDays(before, after scene, h Here, first, last calendar.Date) []ChangedDay {
	old, changed := before.office.Hours(before.days, h.Company), after.office.Hours(after.days, h.Company)
	var list []ChangedDay
	for date := first; !last.Before(date); date = date.Add(1) {
		day := ChangedDay{Date: date, Before: old.On(date), After: changed.On(date)}
		for _, s := range d.services {
			was, is := places(before, s, date, h.Company), places(after, s, date, h.Company)
			c := ChangedService{Code: s.Code, Gone: minus(was, is), New: minus(is, was), Before: sum(was), After: sum(is)}
			day.left += c.After
			if c.Gone != nil || c.New != nil {
				day.Services = append(day.Services, c)
			}
		}
		if len(day.Services) > 0 || !slices.Equal(day.Before, day.After) {
			list = append(list, day)
		}
	}
	return list
}

// places are the slots of a service on a day, and how many windows receive in
// each.
func places(s scene, service Service, date calendar.Date, company *time.Location) []Places {
	plan, served := s.plan(service.Code, company)
	if !served {
		return nil
	}
	slots, shut := plan.grid(plan.Office.day(date, plan.Hours)), plan.shut(date)
	list := make([]Places, 0, len(slots))
	for _, slot := range slots {
		if n := plan.receiving([]Slot{slot}, shut); n > 0 {
			list = append(list, Places{slot.Start, n})
		}
	}
	return list
}

func sum(list []Places) (n int) {
	for _, p := range list {
		n += p.Windows
	}
	return n
}

// minus returns what of a is not in b; nil if nothing.
func minus(a, b []Places) []Places {
	var list []Places
	for _, p := range a {
		if i := slices.IndexFunc(b, func(o Places) bool { return o.Start.Equal(p.Start) }); i >= 0 {
			p.Windows -= b[i].Windows
		}
		if p.Windows > 0 {
			list = append(list, p)
		}
	}
	return list
}
