package visit

import (
	"slices"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
)

// Slot is a time for one visit.
type Slot struct {
	Start, End time.Time
	// Windows are those that may be given out for it, in the order in which they
	// are. None: it is taken, or left for those who walk in.
	Windows []int
}

// Why says why a day offers nothing, as a key of words; "" if it offers
// something.
type Why string

// Why a day offers nothing.
const (
	// DayClosed: the office is closed. Day.Calendar says why, and for an
	// exception Day.Reasons.
	DayClosed Why = "closed"
	// DayNoWindow: it is open, but no window receives for this service.
	DayNoWindow Why = "no_window"
	// DayTooShort: the office is open for less time than the visit takes.
	DayTooShort Why = "too_short"
	// DayOver: what is left of the day begins too soon, or nothing is left.
	DayOver Why = "over"
	// DayTooFar: the day cannot be booked yet.
	DayTooFar Why = "too_far"
	// DayFull: what can be booked is taken. One may wait, or walk in.
	DayFull Why = "full"
)

// Day is what an office offers on one day for one service.
type Day struct {
	Date calendar.Date
	// Hours are when it is open; none: it is closed.
	Hours []calendar.Span
	// Calendar is what the hours follow from; Reasons are an exception's own
	// words, or a holiday's name, by language.
	Calendar calendar.Why
	Reasons  map[string]string
	// Slots are the free ones; if there are none, Why says why.
	Slots []Slot
	Why   Why
}

// Busy is a stretch of a window's time that is somebody's.
type Busy struct {
	Window     int
	Start, End time.Time
}

// Plan is what the slots of an office for a service follow from. Slots are
// computed from it, never stored. Directory.Plan makes one.
type Plan struct {
	Office  *Office
	Service Service
	Rules   Rules
	// Hours are the office's, Windows those that serve the service.
	Hours   calendar.Hours
	Windows []int
}

// Plan finds an office and a service. served is false if one of them is not
// there or no window of the office serves it.
func (d *Directory) Plan(office, service string, p *calendar.Production, company *time.Location) (plan Plan, served bool) {
	o, known := d.Office(office)
	if !known {
		return Plan{}, false
	}
	return d.planOf(o, service, p, company)
}

// planOf is Plan for an office that need not be the directory's own.
func (d *Directory) planOf(o *Office, service string, p *calendar.Production, company *time.Location) (Plan, bool) {
	i := slices.IndexFunc(d.services, func(s Service) bool { return s.Code == service })
	if i < 0 {
		return Plan{}, false
	}
	plan := Plan{Office: o, Service: d.services[i], Rules: d.Rules(), Hours: o.Hours(p, company), Windows: o.Serving(d.services[i])}
	return plan, len(plan.Windows) > 0
}

// Today returns the day that an instant falls on in the office.
func (p Plan) Today(now time.Time) calendar.Date { return calendar.DateOf(now, p.Hours.Zone) }

// Days returns the days that can be booked, today first: those of the horizon,
// with or without free slots. busy is what is taken on them.
func (p Plan) Days(now time.Time, busy []Busy) []Day {
	if order := func(a, b Busy) int { return a.Start.Compare(b.Start) }; !slices.IsSortedFunc(busy, order) {
		busy = slices.Clone(busy)
		slices.SortFunc(busy, order)
	}
	list := make([]Day, 0, p.Rules.Days+1)
	for today := p.Today(now); len(list) <= p.Rules.Days; {
		date := today.Add(len(list))
		// A visit takes hours, not days: those of the day before reach into it at
		// most.
		from, to := date.Add(-1).At(0, p.Hours.Zone), date.Add(1).At(0, p.Hours.Zone)
		first, _ := slices.BinarySearchFunc(busy, from, func(b Busy, at time.Time) int { return b.Start.Compare(at) })
		last, _ := slices.BinarySearchFunc(busy, to, func(b Busy, at time.Time) int { return b.Start.Compare(at) })
		list = append(list, p.Day(date, now, busy[first:last]))
	}
	return list
}

// Day returns what is free on a day at an instant. Windows that are busy then do
// not receive, Rules.WalkIn of the slots are left for those who walk in, nothing
// begins before Rules.Lead has passed or after the horizon.
func (p Plan) Day(date calendar.Date, now time.Time, busy []Busy) Day {
	d := p.Office.day(date, p.Hours)
	slots, shut := p.grid(d), p.shut(date)
	switch ahead := date.Sub(p.Today(now)); {
	case len(d.Hours) == 0:
		d.Why = DayClosed
	case len(slots) == 0:
		d.Why = DayTooShort
	case p.receiving(slots, shut) == 0:
		d.Why = DayNoWindow
	case ahead < 0 || slots[len(slots)-1].Start.Before(now.Add(p.Rules.Lead)):
		d.Why = DayOver
	case ahead > p.Rules.Days:
		d.Why = DayTooFar
	default:
		if d.Slots = p.free(slots, shut, now.Add(p.Rules.Lead), busy); len(d.Slots) == 0 {
			d.Why = DayFull
		}
	}
	return d
}

// Judge decides about a slot that begins at start: it is returned with at least
// one window, or refused.
func (p Plan) Judge(start, now time.Time, busy []Busy) (Slot, Refusal) {
	d := p.Day(calendar.DateOf(start, p.Hours.Zone), now, busy)
	if i := slices.IndexFunc(d.Slots, func(s Slot) bool { return s.Start.Equal(start) }); i >= 0 {
		return d.Slots[i], ""
	}
	switch {
	case d.Why == DayClosed || d.Why == DayTooShort || d.Why == DayNoWindow:
		return Slot{}, OfficeClosed
	case d.Why == DayTooFar:
		return Slot{}, TooFar
	case start.Before(now.Add(p.Rules.Lead)):
		return Slot{}, TooSoon
	}
	return Slot{}, Taken
}

// Between returns the first free slot of some days and its window; 0 if there is
// none.
func (p Plan) Between(first, last calendar.Date, now time.Time, busy []Busy) (Slot, int) {
	return p.first(first, last, now, now, busy)
}

// first is the first free slot of some days that does not begin before an
// instant.
func (p Plan) first(day, last calendar.Date, from, now time.Time, busy []Busy) (Slot, int) {
	if today := p.Today(now); day.Before(today) {
		day = today
	}
	for ; !last.Before(day); day = day.Add(1) {
		for _, s := range p.Day(day, now, busy).Slots {
			if !s.Start.Before(from) {
				return s, s.Windows[0]
			}
		}
	}
	return Slot{}, 0
}

// Query asks what is free for a customer.
type Query struct {
	// Conversation is the one that asks: what it holds itself is free for it.
	Conversation    chat.Conversation
	Office, Service string
	Now             time.Time
}

// Fits reports whether a visit lies within the office's hours.
func (p Plan) Fits(start, end time.Time) bool {
	for _, s := range p.Office.day(calendar.DateOf(start, p.Hours.Zone), p.Hours).spans(p.Hours.Zone) {
		if !start.Before(s.Start) && !end.After(s.End) {
			return true
		}
	}
	return false
}

// Receives reports whether a window receives for this service over a time within
// the office's hours.
func (p Plan) Receives(window int, start, end time.Time) bool {
	i := slices.Index(p.Windows, window)
	if i < 0 || !p.Fits(start, end) {
		return false
	}
	shut := p.shut(calendar.DateOf(start, p.Hours.Zone))
	return shut == nil || !overlaps(shut[i], stretch{start.Unix(), end.Unix()})
}

// Capacity is how many visits of this service the office could receive on a day,
// those who walk in included.
func (p Plan) Capacity(date calendar.Date) int {
	return p.receiving(p.grid(p.Office.day(date, p.Hours)), p.shut(date))
}

// Day returns a day of the office with its hours alone.
func (o *Office) Day(date calendar.Date, p *calendar.Production, company *time.Location) Day {
	return o.day(date, o.Hours(p, company))
}

func (o *Office) day(date calendar.Date, h calendar.Hours) Day {
	d := Day{Date: date}
	d.Hours, d.Calendar = h.Explain(date)
	d.Reasons = o.reasons(date, h, d.Calendar)
	return d
}

// spans are the hours of a day as instants. Where the clock is moved in the
// middle of them they become shorter or longer, and never overlap.
func (d Day) spans(zone *time.Location) []Slot {
	list := make([]Slot, 0, len(d.Hours))
	for i, h := range d.Hours {
		s := Slot{Start: d.Date.At(h.From, zone).UTC(), End: d.Date.At(h.To, zone).UTC()}
		if i > 0 && s.Start.Before(list[i-1].End) {
			s.Start = list[i-1].End
		}
		if s.End.Before(s.Start) {
			s.End = s.Start
		}
		list = append(list, s)
	}
	return list
}

// grid are the slots of a day, taken or not: they follow one another from each
// opening on, so also after a break, and the last of them may end at closing
// (spec §2.9).
func (p Plan) grid(d Day) []Slot {
	spans := d.spans(p.Hours.Zone)
	n := 0
	for _, open := range spans {
		n += int(open.End.Sub(open.Start) / p.Service.Length)
	}
	list := make([]Slot, 0, n)
	for _, open := range spans {
		for at := open.Start; !at.Add(p.Service.Length).After(open.End); at = at.Add(p.Service.Length) {
			list = append(list, Slot{Start: at, End: at.Add(p.Service.Length)})
		}
	}
	return list
}

// free are the slots that can be booked, with their windows.
func (p Plan) free(slots []Slot, shut [][]stretch, from time.Time, busy []Busy) []Slot {
	windows, taken := p.byWindow(busy, slots[0].Start, slots[len(slots)-1].End)
	if p.full(p.receiving(slots, shut), taken) {
		return nil
	}
	list := make([]Slot, 0, len(slots))
	given := make([]int, 0, len(slots)*len(p.Windows)) // what all Slot.Windows lie in
	place := -1                                        // of the slot and window among those that receive
	for _, s := range slots {
		if s.Start.Before(from) && shut == nil {
			place += len(p.Windows)
			continue
		}
		before, span := len(given), stretch{s.Start.Unix(), s.End.Unix()}
		for j, window := range p.Windows {
			if shut != nil && overlaps(shut[j], span) {
				continue
			}
			if place++; !s.Start.Before(from) && !p.Rules.walkIn(place) && !overlaps(windows[j], span) {
				given = append(given, window)
			}
		}
		if s.Windows = given[before:len(given):len(given)]; len(s.Windows) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// stretch is a time of a window, in seconds: a page of slots looks at thousands.
type stretch struct{ from, to int64 }

// byWindow sorts what is taken between two instants by window, in the order of
// Plan.Windows, and sums it up.
func (p Plan) byWindow(busy []Busy, from, to time.Time) (windows [][]stretch, taken time.Duration) {
	windows = make([][]stretch, len(p.Windows))
	for i := range windows {
		windows[i] = make([]stretch, 0, len(busy)/len(windows)+1)
	}
	for _, b := range busy {
		if i := slices.Index(p.Windows, b.Window); i >= 0 && b.Start.Before(to) && b.End.After(from) {
			windows[i] = append(windows[i], stretch{b.Start.Unix(), b.End.Unix()})
			taken += b.End.Sub(b.Start)
		}
	}
	return windows, taken
}

func overlaps(busy []stretch, s stretch) bool {
	for _, b := range busy {
		if b.from < s.to && b.to > s.from {
			return true
		}
	}
	return false
}

// walkIn reports whether the slot of that place, counted through a day by start
// and window, is left for those who walk in: of n slots WalkIn per cent, rounded
// down, spread evenly (spec §5.2).
func (r Rules) walkIn(place int) bool { return (place+1)*r.WalkIn/100 > place*r.WalkIn/100 }

// full reports whether as much of the windows' time is taken as may be booked.
// Visits of one service never get there before their slots are given out; those
// of several, whose slots lie across each other, would otherwise leave less for
// walk-ins than the rules promise.
func (p Plan) full(receiving int, taken time.Duration) bool {
	all := time.Duration(receiving) * p.Service.Length
	return taken*100 >= all*time.Duration(100-p.Rules.WalkIn)
}
