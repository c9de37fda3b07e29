// Package indicator counts how well the company answers (R-5.1.2-m): the share
// answered in term, how long it takes, how fresh the pages are, what customers
// think of the answers. What it counts is values; where they come from is the
// business of a store, and how they are shown that of a page.
package indicator

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
)

// Case is what indicators know of a case that was answered, or whose term is over
// without an answer.
type Case struct {
	Kind       appeal.Kind
	Category   string
	Territory  string
	Queue      string
	Registered time.Time // or reopened last
	Answered   time.Time // zero: the answer is still owed, and late
	// Due is the first moment that was too late, by the promise that the customer
	// had in the end: an extension counts.
	Due      time.Time
	Extended bool
	Rating   int // 1–5; 0: none
}

// Of returns what counts of a case. ok is false for one without an answer: open,
// withdrawn, a duplicate.
func Of(c *life.Case) (counted Case, ok bool) {
	if c.Answered.IsZero() {
		return Case{}, false
	}
	promise := c.Clocks[term.Answer]
	return Case{
		Kind: c.Kind, Category: c.Category, Territory: c.Territory, Queue: c.Queue, Registered: promise.From,
		Answered: c.Answered, Due: promise.At, Extended: c.Extended, Rating: c.Rating,
	}, true
}

// settled returns whether the case was answered in term, and when that was settled:
// with the answer, or at the last moment of the term.
func (c *Case) settled() (inTime bool, at time.Time) {
	if !c.Answered.IsZero() && c.Answered.Before(c.Due) {
		return true, c.Answered
	}
	return false, c.Due.Add(-1)
}

// Share is a part of a whole.
type Share struct{ Part, Whole int }

// PerMille returns the share in thousandths, rounded down, so that 100 % means
// all; ok is false for a part of nothing.
func (s Share) PerMille() (n int, ok bool) {
	if s.Whole == 0 {
		return 0, false
	}
	return s.Part * 1000 / s.Whole, true
}

// Row is the indicators of the cases of one group.
type Row struct {
	Group string
	// InTime are those that were answered in term, of all of which that is settled: by
	// the answer, or by the end of the term without one. Each counts once, in the span
	// in which it was settled, so that what was said of a past one stays true.
	InTime   Share
	Answered int // how many were answered
	Extended int
	// Median and Tenth are how long half of the answers took at most, and nine
	// of ten: by the nearest rank, as percentile_disc of PostgreSQL has it.
	Median, Tenth time.Duration
	// Rated is how many customers rated the answer, Stars the sum of it.
	Rated, Stars int
}

// Rating returns the mean of the ratings in hundredths of a star, rounded to the
// nearest; ok is false if there are none.
func (r *Row) Rating() (hundredths int, ok bool) {
	if r.Rated == 0 {
		return 0, false
	}
	return (r.Stars*200 + r.Rated) / (2 * r.Rated), true
}

// ByKind groups cases by their kind, the usual one.
func ByKind(c Case) string { return string(c.Kind) }

// Count returns the indicators of cases in a span by groups, in the order of their
// names. What was neither answered nor settled in it does not count.
func Count(cases iter.Seq[Case], s Span, by func(Case) string) []Row {
	rows, took := map[string]*Row{}, map[string][]time.Duration{}
	for c := range cases {
		inTime, settled := c.settled()
		counts, answered := s.Has(settled), !c.Answered.IsZero() && s.Has(c.Answered)
		if !counts && !answered {
			continue
		}
		group := by(c)
		r := rows[group]
		if r == nil {
			r = &Row{Group: group}
			rows[group] = r
		}
		if counts {
			r.InTime.Whole++
			if inTime {
				r.InTime.Part++
			}
		}
		if !answered {
			continue
		}
		r.Answered++
		if c.Extended {
			r.Extended++
		}
		if c.Rating > 0 {
			r.Rated++
			r.Stars += c.Rating
		}
		took[group] = append(took[group], c.Answered.Sub(c.Registered))
	}
	list := make([]Row, 0, len(rows))
	for group, r := range rows {
		slices.Sort(took[group])
		r.Median, r.Tenth = rank(took[group], 50), rank(took[group], 90)
		list = append(list, *r)
	}
	slices.SortFunc(list, func(x, y Row) int { return cmp.Compare(x.Group, y.Group) })
	return list
}

// rank returns the first of sorted values that so many per cent of them do not
// exceed; 0 of none.
func rank(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*percent+99)/100, 1)-1]
}

// Page is a page that had to follow what it tells of.
type Page struct {
	Changed   time.Time // when that changed
	Published time.Time // when the page followed; zero: not yet
}

// Fresh returns the share of pages that followed in term (R-5.2.11-a). A page
// that has not followed counts once its term is over, and is left out before. The
// error is calendar.ErrUnpublished.
func Fresh(pages iter.Seq[Page], b *term.Book, c term.Counter, now time.Time) (Share, error) {
	var s Share
	for p := range pages {
		rule, ok := b.Policy(term.Content, term.Subject{}, calendar.DateOf(p.Changed, c.Zone))
		if !ok {
			continue
		}
		due, err := c.Due(rule, p.Changed, calendar.Term{})
		if err != nil {
			return Share{}, err
		}
		switch followed := !p.Published.IsZero(); {
		case followed && !due.Late(p.Published):
			s.Part++
			s.Whole++
		case followed || due.Late(now):
			s.Whole++
		}
	}
	return s, nil
}
