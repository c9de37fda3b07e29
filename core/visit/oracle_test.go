package visit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
)

// world is an office with random hours somewhere, its services, and what has
// been booked there.
type world struct {
	*rand.Rand
	office   *visit.Office
	services []visit.Service
	rules    visit.Rules
	zone     *time.Location
	booked   []visit.Busy
	day      calendar.Date
	now      time.Time
}

var places = []string{"UTC", "Asia/Yekaterinburg", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"}

// newWorld makes one, on days on which clocks are moved more often than on
// others.
func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1)), zone: time.UTC}
	if z, err := time.LoadLocation(places[w.IntN(len(places))]); err == nil {
		w.zone = z
	}
	w.rules = visit.Rules{Days: w.IntN(20), Lead: time.Duration(w.IntN(180)) * time.Minute, WalkIn: w.IntN(101)}
	w.office = &visit.Office{Code: "x", Audience: knowledge.Everybody, Windows: 1 + w.IntN(4)}
	for day := range w.office.Week {
		w.office.Week[day] = w.spans()
	}
	if w.IntN(3) == 0 {
		w.office.Sanitary = []time.Weekday{time.Weekday(w.IntN(7))}
	}
	for i, minutes := range []int{15, 20, 30, 45} {
		w.services = append(w.services, visit.Service{
			Code: fmt.Sprint(i), Audience: knowledge.Everybody, Length: time.Duration(minutes) * time.Minute,
		})
	}
	if w.office.Windows > 1 && w.IntN(2) == 0 {
		w.office.Special = []visit.Window{{Number: 1, Services: []string{"0", "2"}}}
	}
	days := []string{"2026-03-29", "2026-10-25", "2026-10-04", "2026-11-03", "2027-02-20", "2026-11-26"}
	w.day = day(t, days[w.IntN(len(days))]).Add(w.IntN(3) - 1)
	if w.IntN(4) == 0 {
		w.office.Exceptions = []visit.Exception{{First: w.day, Last: w.day, Spans: w.spans(), Reasons: map[string]string{"ru": "так"}}}
	}
	w.restrict()
	w.now = w.day.At(0, w.zone).Add(time.Duration(w.IntN(40)-16) * time.Hour)
	return w
}

// restrict lets some windows be there only for some days, or receive nobody at
// times.
func (w *world) restrict() {
	if w.IntN(4) == 0 {
		last := visit.Window{Number: w.office.Windows, First: w.day.Add(w.IntN(3) - 1), Last: w.day.Add(w.IntN(3))}
		w.office.Special = append(w.office.Special, last)
	}
	for range w.IntN(3) {
		s := visit.Shutting{Window: 1 + w.IntN(w.office.Windows), First: w.day.Add(w.IntN(3) - 2), Spans: w.spans()}
		s.Last = s.First.Add(w.IntN(3))
		if changed, err := w.office.WithShut(s); err == nil {
			w.office = changed
		}
	}
}

// shut says minute by minute whether a window receives nobody.
func (w *world) shut(window int, from time.Time, minutes int) bool {
	for _, special := range w.office.Special {
		if special.Number == window && (w.day.Before(special.First) || !special.Last.IsZero() && special.Last.Before(w.day)) {
			return true
		}
	}
	for i := range minutes {
		m := from.Add(time.Duration(i) * time.Minute)
		for _, s := range w.office.Shut {
			if s.Window != window || w.day.Before(s.First) || s.Last.Before(w.day) {
				continue
			}
			if len(s.Spans) == 0 {
				return true
			}
			for _, span := range s.Spans {
				if !m.Before(w.day.At(span.From, w.zone)) && m.Before(w.day.At(span.To, w.zone)) {
					return true
				}
			}
		}
	}
	return false
}

// spans are up to three openings of a day, at any minute.
func (w *world) spans() []calendar.Span {
	var list []calendar.Span
	for at, n := w.IntN(500), w.IntN(4); n > 0 && at < 24*60-20; n-- {
		to := min(at+1+w.IntN(600), 24*60)
		list = append(list, calendar.Span{From: calendar.Minutes(at), To: calendar.Minutes(to)})
		at = to + w.IntN(90)
	}
	return list
}

func (w *world) plan(s visit.Service) visit.Plan {
	p := visit.Plan{Office: w.office, Service: s, Rules: w.rules, Hours: w.office.Hours(calendar.Published(), w.zone)}
	p.Windows = w.office.Serving(s)
	return p
}

// oracle says what is free minute by minute: a visit takes so many minutes in a
// row of one opening, in which nobody else is at the window.
func (w *world) oracle(p visit.Plan) (free map[time.Time][]int) {
	length := int(p.Service.Length.Minutes())
	var slots []time.Time
	seen := map[int64]bool{}
	for _, span := range p.Hours.On(w.day) {
		row := 0
		for m := w.day.At(span.From, w.zone); m.Before(w.day.At(span.To, w.zone)); m = m.Add(time.Minute) {
			if seen[m.Unix()] {
				continue
			}
			seen[m.Unix()] = true
			if row++; row == length {
				slots = append(slots, m.Add(time.Minute).Add(-p.Service.Length).UTC())
				row = 0
			}
		}
	}
	free = map[time.Time][]int{}
	ahead := w.day.Sub(calendar.DateOf(w.now, w.zone))
	receiving := 0
	for _, s := range slots {
		for _, window := range p.Windows {
			if !w.shut(window, s, length) {
				receiving++
			}
		}
	}
	if len(slots) == 0 || ahead < 0 || ahead > w.rules.Days || w.taken(p, slots)*100 >= receiving*length*(100-w.rules.WalkIn) {
		return free
	}
	left, place := 0, 0 // for walk-ins
	for _, s := range slots {
		for _, window := range p.Windows {
			if w.shut(window, s, length) {
				continue
			}
			place++
			if place*w.rules.WalkIn/100 > left {
				left++
				continue
			}
			if s.Sub(w.now) >= w.rules.Lead && w.idle(window, s, length) {
				free[s] = append(free[s], window)
			}
		}
	}
	return free
}

// taken counts the minutes that are booked at the windows of a plan.
func (w *world) taken(p visit.Plan, slots []time.Time) (n int) {
	for _, b := range w.booked {
		if slices.Contains(p.Windows, b.Window) && b.End.After(slots[0]) && b.Start.Before(slots[len(slots)-1].Add(p.Service.Length)) {
			n += int(b.End.Sub(b.Start).Minutes())
		}
	}
	return n
}

func (w *world) idle(window int, from time.Time, minutes int) bool {
	for i := range minutes {
		m := from.Add(time.Duration(i) * time.Minute)
		for _, b := range w.booked {
			if b.Window == window && !m.Before(b.Start) && m.Before(b.End) {
				return false
			}
		}
	}
	return true
}

// play books at random until the day is full, and compares what is offered
// before each booking with the oracle.
func (w *world) play(t *testing.T) {
	for range 40 {
		s := w.services[w.IntN(len(w.services))]
		p := w.plan(s)
		if len(p.Windows) == 0 {
			continue
		}
		d := p.Day(w.day, w.now, w.booked)
		got := map[time.Time][]int{}
		for _, slot := range d.Slots {
			got[slot.Start] = slot.Windows
			if slot.End.Sub(slot.Start) != s.Length || !p.Fits(slot.Start, slot.End) {
				t.Fatalf("%s: slot %v lies outside of the hours %v", w.day, slot, d.Hours)
			}
		}
		if diff := cmp.Diff(w.oracle(p), got); diff != "" {
			t.Fatalf("%s in %s, hours %v, %d windows, service of %s, walk-ins %d %%, now %s (-oracle +got):\n%s",
				w.day, w.zone, d.Hours, len(p.Windows), s.Length, w.rules.WalkIn, w.now, diff)
		}
		if (d.Why == "") != (len(d.Slots) > 0) {
			t.Fatalf("%d slots, but why %q", len(d.Slots), d.Why)
		}
		w.judge(t, p, d, got)
		if len(d.Slots) > 0 {
			slot := d.Slots[w.IntN(len(d.Slots))]
			w.booked = append(w.booked, visit.Busy{Window: slot.Windows[w.IntN(len(slot.Windows))], Start: slot.Start, End: slot.End})
		}
	}
	w.share(t)
}

// judge asks about times on and off the grid.
func (w *world) judge(t *testing.T, p visit.Plan, d visit.Day, free map[time.Time][]int) {
	for range 10 {
		at := w.day.At(calendar.Minutes(w.IntN(24*60)), w.zone).UTC()
		if len(d.Slots) > 0 && w.IntN(2) == 0 {
			at = d.Slots[w.IntN(len(d.Slots))].Start
		}
		slot, refused := p.Judge(at, w.now, w.booked)
		if _, is := free[at]; calendar.DateOf(at, w.zone) == w.day && is != (refused == "") || is && !slot.Start.Equal(at) {
			t.Fatalf("%s at %s: %v, refused %q; free: %v", w.day, at, slot, refused, is)
		}
	}
}

// share checks that no window receives two at once, and that what is left for
// walk-ins is never less than a visit short of the rules' share.
func (w *world) share(t *testing.T) {
	for i, a := range w.booked {
		for _, b := range w.booked[:i] {
			if a.Window == b.Window && a.Start.Before(b.End) && b.Start.Before(a.End) {
				t.Fatalf("window %d receives two: %v and %v", a.Window, a, b)
			}
		}
	}
	p := w.plan(w.services[0])
	var open, booked time.Duration
	for _, span := range p.Hours.On(w.day) {
		open += max(0, w.day.At(span.To, w.zone).Sub(w.day.At(span.From, w.zone)))
	}
	for _, b := range w.booked {
		booked += b.End.Sub(b.Start)
	}
	// Each set of windows may stop one visit late.
	most := open*time.Duration(w.office.Windows*(100-w.rules.WalkIn))/100 + 2*45*time.Minute
	if booked > most {
		t.Fatalf("%s of %s at %d windows are booked, %d %% are for walk-ins", booked, open, w.office.Windows, w.rules.WalkIn)
	}
}

func TestSlotsAgainstTheOracle(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		newWorld(t, seed).play(t)
	}
}

func FuzzSlots(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { newWorld(t, seed).play(t) })
}
