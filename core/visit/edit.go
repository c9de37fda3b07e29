package visit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Edit is one change of an office's schedule, as staff enter it: a Closure,
// Reopening, NewWeek, NewWindows, Shut or Unshut. Each is checked against the
// office as it stands, and returns it as it would be.
type Edit interface {
	// apply returns the office afterwards; today is the office's.
	apply(d *Directory, o *Office, today calendar.Date) (*Office, error)
	// days are those that it may concern; a zero last one: all from the first on.
	days(today calendar.Date) (first, last calendar.Date)
	// Note says what is written into the audit of it; before is the office.
	Note(before *Office) audit.Entry
}

// Why an edit is refused, beside ErrWindow and ErrUnknown.
var (
	// ErrPeriod: it ends before it begins, is over or lasts too long.
	ErrPeriod error = &fault.Error{Kind: fault.Invalid, Key: "closure_period"}
	// ErrOverlaps: hours of some of its days have been changed already.
	ErrOverlaps error = &fault.Error{Kind: fault.Conflict, Key: "closure_overlaps"}
	// ErrNoClosure: there is no such exception or shutting, or no such office.
	ErrNoClosure error = &fault.Error{Kind: fault.NotFound, Key: "closure_unknown"}
	// ErrNothingOpen: the office would receive nobody. Who means that enters days
	// on which it is closed.
	ErrNothingOpen error = &fault.Error{Kind: fault.Invalid, Key: "nothing_open"}
	// ErrStale: somebody else has changed the schedule since it was read.
	ErrStale error = &fault.Error{Kind: fault.Conflict, Key: "schedule_stale"}
)

// mostException bounds an exception: a longer one is an office that is gone.
const mostException = 366

// current returns ErrPeriod for days that are over, or begin years ahead.
func current(first, last, today calendar.Date) error {
	if last.Before(today) || first.Sub(today) > 2*mostException {
		return fmt.Errorf("it is over, or years ahead: %w", ErrPeriod)
	}
	return nil
}

// Closure is days on which an office is to have other hours than usual, or none.
type Closure struct{ Exception }

func (c Closure) apply(_ *Directory, o *Office, today calendar.Date) (*Office, error) {
	changed, err := o.With(c.Exception)
	if err == nil {
		err = current(c.First, c.Last, today)
	}
	return changed, err
}

func (c Closure) days(calendar.Date) (first, last calendar.Date) { return c.First, c.Last }

// Note implements Edit.
func (c Closure) Note(*Office) audit.Entry {
	return audit.Entry{Act: audit.ClosureAdd, After: map[string]string{
		"first": c.First.String(), "last": c.Last.String(), "hours": calendar.SpansText(c.Spans),
	}}
}

// With returns the office with one exception more. The error is ErrPeriod or
// ErrOverlaps.
func (o *Office) With(e Exception) (*Office, error) {
	if days := e.Last.Sub(e.First); days < 0 || days >= mostException {
		return nil, fmt.Errorf("it lasts from %s to %s: %w", e.First, e.Last, ErrPeriod)
	}
	for _, other := range o.Exceptions {
		if !other.Last.Before(e.First) && !e.Last.Before(other.First) {
			return nil, fmt.Errorf("it overlaps the exception from %s: %w", other.First, ErrOverlaps)
		}
	}
	changed := *o
	changed.Exceptions = append(slices.Clone(o.Exceptions), e)
	slices.SortFunc(changed.Exceptions, func(a, b Exception) int { return a.First.Compare(b.First) })
	return &changed, nil
}

// Reopening takes back the exception that begins on a day. Of one that has begun
// the days before today stay as they were.
type Reopening struct{ First calendar.Date }

func (r Reopening) find(o *Office) int {
	return slices.IndexFunc(o.Exceptions, func(e Exception) bool { return e.First == r.First })
}

func (r Reopening) apply(_ *Directory, o *Office, today calendar.Date) (*Office, error) {
	i := r.find(o)
	if i < 0 {
		return nil, ErrNoClosure
	}
	if err := current(r.First, o.Exceptions[i].Last, today); err != nil {
		return nil, err
	}
	changed := *o
	changed.Exceptions = slices.Clone(o.Exceptions)
	if e := &changed.Exceptions[i]; e.First.Before(today) {
		e.Last = today.Add(-1)
	} else {
		changed.Exceptions = slices.Delete(changed.Exceptions, i, i+1)
	}
	return &changed, nil
}

func (r Reopening) days(today calendar.Date) (first, last calendar.Date) {
	return today, calendar.Date{}
}

// Note implements Edit.
func (r Reopening) Note(o *Office) audit.Entry {
	e := audit.Entry{Act: audit.ClosureRemove}
	if i := r.find(o); i >= 0 {
		gone := o.Exceptions[i]
		e.Before = map[string]string{"first": gone.First.String(), "last": gone.Last.String(), "hours": calendar.SpansText(gone.Spans)}
	}
	return e
}

// NewWeek gives an office other usual hours, and other sanitary days, from today
// on.
type NewWeek struct {
	Week     calendar.Week
	Sanitary []time.Weekday
}

func (n NewWeek) apply(_ *Directory, o *Office, _ calendar.Date) (*Office, error) {
	if len(n.Week.Stretches()) == 0 {
		return nil, fmt.Errorf("no day of the week has hours: %w", ErrNothingOpen)
	}
	changed := *o
	changed.Week, changed.Sanitary = n.Week, n.Sanitary
	return &changed, nil
}

func (n NewWeek) days(today calendar.Date) (first, last calendar.Date) { return today, calendar.Date{} }

// Note implements Edit.
func (n NewWeek) Note(o *Office) audit.Entry {
	of := func(w calendar.Week, sanitary []time.Weekday) map[string]string {
		return map[string]string{"hours": w.String(), "sanitary": calendar.DaysText(sanitary)}
	}
	return audit.Entry{Act: audit.WeekChange, Before: of(o.Week, o.Sanitary), After: of(n.Week, n.Sanitary)}
}

// NewWindows gives an office other windows: so many, of which some are special.
type NewWindows struct {
	Windows int
	Special []Window
}

func (n NewWindows) apply(d *Directory, o *Office, today calendar.Date) (*Office, error) {
	if n.Windows < 1 || n.Windows > mostWindows {
		return nil, fmt.Errorf("%d windows: %w", n.Windows, ErrWindow)
	}
	changed := *o
	changed.Windows, changed.Special = n.Windows, nil
	gone := 0
	for i, w := range n.Special {
		if w.Number < 1 || w.Number > n.Windows || slices.ContainsFunc(n.Special[:i], func(other Window) bool { return other.Number == w.Number }) {
			return nil, fmt.Errorf("window %d of %d: %w", w.Number, n.Windows, ErrWindow)
		}
		if err := d.checkWindow(w); err != nil {
			return nil, err
		}
		if !w.Last.IsZero() && w.Last.Before(today) {
			gone++
		}
		changed.Special = append(changed.Special, w)
	}
	slices.SortFunc(changed.Special, func(a, b Window) int { return a.Number - b.Number })
	if gone == n.Windows || !d.serving(&changed) {
		return nil, fmt.Errorf("no window receives any more: %w", ErrNothingOpen)
	}
	changed.Shut = slices.DeleteFunc(slices.Clone(o.Shut), func(s Shutting) bool { return s.Window > n.Windows })
	return &changed, nil
}

// serving reports whether the office serves anything.
func (d *Directory) serving(o *Office) bool {
	return slices.ContainsFunc(d.services, func(s Service) bool { return len(o.Serving(s)) > 0 })
}

func (n NewWindows) days(today calendar.Date) (first, last calendar.Date) {
	return today, calendar.Date{}
}

// Note implements Edit.
func (n NewWindows) Note(o *Office) audit.Entry {
	of := func(windows int, special []Window) map[string]string {
		said := map[string]string{"windows": strconv.Itoa(windows)}
		for _, w := range special {
			said["window "+strconv.Itoa(w.Number)] = strings.TrimSpace(strings.Join(w.Services, " ") + " " + dateText(w.First) + ".." + dateText(w.Last))
		}
		return said
	}
	return audit.Entry{Act: audit.WindowsChange, Before: of(o.Windows, o.Special), After: of(n.Windows, n.Special)}
}

func dateText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Shut lets one window receive nobody for some hours or days.
type Shut struct{ Shutting }

func (s Shut) apply(_ *Directory, o *Office, today calendar.Date) (*Office, error) {
	changed, err := o.WithShut(s.Shutting)
	if err == nil {
		err = current(s.First, s.Last, today)
	}
	return changed, err
}

func (s Shut) days(calendar.Date) (first, last calendar.Date) { return s.First, s.Last }

// Note implements Edit.
func (s Shut) Note(*Office) audit.Entry {
	return audit.Entry{Act: audit.WindowShut, After: s.said()}
}

func (s Shutting) said() map[string]string {
	return map[string]string{
		"window": strconv.Itoa(s.Window), "first": s.First.String(), "last": s.Last.String(), "hours": calendar.SpansText(s.Spans),
	}
}

// Unshut takes back the shutting of a window that begins on a day, at the first
// of its hours (0 for whole days). Of one that has begun the days before today
// stay as they were.
type Unshut struct {
	Window int
	First  calendar.Date
	From   calendar.Minutes
}

func (u Unshut) find(o *Office) int {
	return slices.IndexFunc(o.Shut, func(s Shutting) bool {
		return s.Window == u.Window && s.First == u.First && startOf(s.Spans) == u.From
	})
}

func (u Unshut) apply(_ *Directory, o *Office, today calendar.Date) (*Office, error) {
	i := u.find(o)
	if i < 0 {
		return nil, ErrNoClosure
	}
	if err := current(u.First, o.Shut[i].Last, today); err != nil {
		return nil, err
	}
	changed := *o
	changed.Shut = slices.Clone(o.Shut)
	if s := &changed.Shut[i]; s.First.Before(today) {
		s.Last = today.Add(-1)
	} else {
		changed.Shut = slices.Delete(changed.Shut, i, i+1)
	}
	return &changed, nil
}

func (u Unshut) days(today calendar.Date) (first, last calendar.Date) { return today, calendar.Date{} }

// Note implements Edit.
func (u Unshut) Note(o *Office) audit.Entry {
	e := audit.Entry{Act: audit.WindowOpen}
	if i := u.find(o); i >= 0 {
		e.Before = o.Shut[i].said()
	}
	return e
}
