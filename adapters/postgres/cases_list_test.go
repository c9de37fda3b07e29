package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/privacy"
)

// A count is what its list shows: what has not moved, what somebody keeps, what he
// works on. A list says by which clocks its cases live.
func TestCountsAgreeWithLists(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	exec(t, b.conn, `DELETE FROM cases`)
	reception, specialist := b.people["reception"].Staff, b.people["specialist"].Staff
	b.file(t, appeal.Question) // nobody's
	kept, worked, asked := b.file(t, appeal.Question), b.file(t, appeal.Question), b.file(t, appeal.Question)
	b.does(t, "reception", kept, life.Do{Event: life.Take})
	for _, n := range []appeal.Number{worked, asked} {
		b.does(t, "reception", n, life.Do{Event: life.Route, Queue: "raschet-01"})
		b.does(t, "specialist", n, life.Do{Event: life.Accept})
	}
	exec(t, b.conn, `UPDATE cases SET about = ARRAY[$2::bigint] WHERE number = $1`, kept.String(), specialist)
	b.set(t, "2026-11-23 12:00")
	stalled := b.now().Add(-time.Hour)
	b.does(t, "specialist", asked, life.Do{Event: life.Ask, Way: "chat", Note: privacy.NewText("Когда снимали показания?")})
	asks := map[string]struct {
		filter registry.Filter
		want   int
	}{
		"all":           {registry.Filter{}, 4},
		"stalled":       {registry.Filter{Stalled: stalled}, 3},
		"kept":          {registry.Filter{Keeper: reception}, 3},
		"worked on":     {registry.Filter{Assignee: specialist}, 2},
		"asked":         {registry.Filter{States: []life.State{life.NeedInfo}, Queues: []string{"raschet-01", "biz"}}, 1},
		"overdue":       {registry.Filter{Overdue: true, Now: b.now().AddDate(0, 0, 9)}, 4},
		"not about him": {registry.Filter{Viewer: specialist}, 3},
		"complaints":    {registry.Filter{Kinds: []appeal.Kind{appeal.Complaint}}, 0},
		"closed":        {registry.Filter{Scope: registry.Archived}, 0},
	}
	for name, c := range asks {
		page, err := b.ListCases(t.Context(), c.filter)
		must(t, err)
		counts, err := b.CountCases(t.Context(), []registry.Filter{{Limit: 1}, c.filter})
		if err != nil || len(page.Lines) != c.want || counts[0] != 4 || counts[1] != c.want {
			t.Errorf("%s: %d lines, counted %v, %v", name, len(page.Lines), counts, err)
		}
	}
	page, err := b.ListCases(t.Context(), registry.Filter{})
	must(t, err)
	waits := map[appeal.Number]string{}
	for _, l := range page.Lines {
		if l.Keeper == 0 {
			continue
		}
		for _, w := range l.Waits {
			waits[l.Number] += fmt.Sprintf("%s %t ", w.Clock, w.Paused.IsZero())
			if w.Clock == term.Answer && !w.At.Equal(l.Due) {
				t.Errorf("%s: the answer is due %s and %s", l.Number, w.At, l.Due)
			}
		}
	}
	want := map[appeal.Number]string{kept: "answer true ", worked: "answer true direction true ", asked: "answer true direction false "}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("clocks (-want +got):\n%s", diff)
	}
}
