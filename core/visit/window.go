package visit

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"okoshko/core/calendar"
)

// Window is one of an office's windows, as far as it differs from one that
// always serves everything.
type Window struct {
	Number int
	// Services are the codes of those that it serves; none: all.
	Services []string
	// First and Last are its first and last day; zero: since ever, for ever.
	First, Last calendar.Date
}

func (w Window) serves(s Service) bool {
	return len(w.Services) == 0 || slices.Contains(w.Services, s.Code)
}

// on reports whether the window is there on a day.
func (w Window) on(d calendar.Date) bool {
	return !d.Before(w.First) && (w.Last.IsZero() || !w.Last.Before(d))
}

// Shutting is a time in which one window receives nobody, while the office is
// open.
type Shutting struct {
	Window      int
	First, Last calendar.Date
	// Spans are the hours on each of the days; none: the whole day.
	Spans   []calendar.Span
	Reasons map[string]string // by language
}

func (s Shutting) on(d calendar.Date) bool { return !d.Before(s.First) && !s.Last.Before(d) }

// meets reports whether two shuttings of one window have a time in common.
func (s Shutting) meets(o Shutting) bool {
	if s.Window != o.Window || o.Last.Before(s.First) || s.Last.Before(o.First) {
		return false
	}
	if len(s.Spans) == 0 || len(o.Spans) == 0 {
		return true
	}
	for _, a := range s.Spans {
		for _, b := range o.Spans {
			if a.From < b.To && b.From < a.To {
				return true
			}
		}
	}
	return false
}

// Window returns one of the office's windows by its number.
func (o *Office) Window(number int) Window {
	for _, w := range o.Special {
		if w.Number == number {
			return w
		}
	}
	return Window{Number: number}
}

// Serving returns the windows that serve a service, the lowest first; none if
// the office does not. Not all of them need be there on every day.
func (o *Office) Serving(s Service) []int {
	if !o.Audience.Meets(s.Audience) {
		return nil
	}
	list := make([]int, 0, o.Windows)
	for number := 1; number <= o.Windows; number++ {
		if o.Window(number).serves(s) {
			list = append(list, number)
		}
	}
	return list
}

// WithShut returns the office with one shutting more. The error is ErrPeriod,
// ErrOverlaps or ErrWindow.
func (o *Office) WithShut(s Shutting) (*Office, error) {
	if days := s.Last.Sub(s.First); days < 0 || days >= mostException {
		return nil, fmt.Errorf("it lasts from %s to %s: %w", s.First, s.Last, ErrPeriod)
	}
	if s.Window < 1 || s.Window > o.Windows {
		return nil, fmt.Errorf("window %d of %d: %w", s.Window, o.Windows, ErrWindow)
	}
	for _, other := range o.Shut {
		if s.meets(other) {
			return nil, fmt.Errorf("window %d is shut from %s: %w", s.Window, other.First, ErrOverlaps)
		}
	}
	changed := *o
	changed.Shut = append(slices.Clone(o.Shut), s)
	slices.SortFunc(changed.Shut, func(a, b Shutting) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Window, b.Window), cmp.Compare(startOf(a.Spans), startOf(b.Spans)))
	})
	return &changed, nil
}

// startOf is when the first of some spans begins; of a whole day, at midnight.
func startOf(spans []calendar.Span) calendar.Minutes {
	if len(spans) == 0 {
		return 0
	}
	return spans[0].From
}

// checkWindow returns ErrPeriod or ErrUnknown for a window that cannot be.
func (d *Directory) checkWindow(w Window) error {
	if !w.Last.IsZero() && w.Last.Before(w.First) {
		return fmt.Errorf("window %d is there from %s to %s: %w", w.Number, w.First, w.Last, ErrPeriod)
	}
	for _, day := range []calendar.Date{w.First, w.Last} {
		if !day.IsZero() && (day.Year < 2000 || day.Year > 2200) {
			return fmt.Errorf("window %d in the year %d: %w", w.Number, day.Year, ErrPeriod)
		}
	}
	for _, code := range w.Services {
		if _, known := d.Service(code); !known {
			return fmt.Errorf("there is no service %q: %w", code, ErrUnknown)
		}
	}
	return nil
}

// shut are the times of a day in which the plan's windows receive nobody, in
// their order; nil if they all receive all day, as they do on most.
func (p Plan) shut(date calendar.Date) [][]stretch {
	var list [][]stretch
	add := func(window int, from, to time.Time) {
		i := slices.Index(p.Windows, window)
		if i < 0 {
			return
		}
		if list == nil {
			list = make([][]stretch, len(p.Windows))
		}
		list[i] = append(list[i], stretch{from.Unix(), to.Unix()})
	}
	midnight, next := date.At(0, p.Hours.Zone), date.Add(1).At(0, p.Hours.Zone)
	for _, w := range p.Office.Special {
		if !w.on(date) {
			add(w.Number, midnight, next)
		}
	}
	for _, s := range p.Office.Shut {
		if !s.on(date) {
			continue
		}
		if len(s.Spans) == 0 {
			add(s.Window, midnight, next)
		}
		for _, span := range s.Spans {
			add(s.Window, date.At(span.From, p.Hours.Zone), date.At(span.To, p.Hours.Zone))
		}
	}
	return list
}

// receiving counts the visits that the windows could receive in some slots.
func (p Plan) receiving(slots []Slot, shut [][]stretch) int {
	n := len(slots) * len(p.Windows)
	for i := range shut {
		for _, s := range slots {
			if overlaps(shut[i], stretch{s.Start.Unix(), s.End.Unix()}) {
				n--
			}
		}
	}
	return n
}
