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
	want := map[appeal.Number]string{
		kept: "answer true notice true ", worked: "answer true direction true notice true ", asked: "answer true direction false notice true ",
	}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("clocks (-want +got):\n%s", diff)
	}
}

// A case is late when any of its clocks is: the direction's day and the first contact
// count like the answer, what stands still or was met does not. Lists, counts and
// loads agree, and list by what ends first.
func TestLateByAnyClock(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00") // a Friday
	exec(t, b.conn, `DELETE FROM cases`)
	quiet, routed, asked, prepared := b.file(t, appeal.Complaint), b.file(t, appeal.Complaint), b.file(t, appeal.Complaint), b.file(t, appeal.Complaint)
	alone, reached := b.file(t, appeal.Application), b.file(t, appeal.Application)
	for _, n := range []appeal.Number{routed, asked, prepared} {
		b.does(t, "complaints", n, life.Do{Event: life.Route, Queue: "raschet-01", Waive: true, Note: words("почему")})
		b.does(t, "specialist", n, life.Do{Event: life.Accept})
	}
	b.does(t, "specialist", asked, life.Do{Event: life.Ask, Way: "chat", Note: privacy.NewText("Когда снимали показания?")})
	b.does(t, "specialist", prepared, life.Do{Event: life.Prepare, Reply: b.reply(t, prepared, "specialist")})
	b.does(t, "router", reached, life.Do{Event: life.Contact, Way: appeal.ByPhone, Note: words("дозвонились")})
	for _, c := range []struct {
		now  string
		late []appeal.Number
	}{
		{"2026-11-23 23:59", nil},
		{"2026-11-24 00:00", []appeal.Number{routed}}, // one working day was for the direction
		{"2026-11-24 23:59", []appeal.Number{routed}},
		{"2026-11-25 00:00", []appeal.Number{routed, alone}}, // and two for the first contact
	} {
		b.set(t, c.now)
		overdue := registry.Filter{Overdue: true, Now: b.now()}
		page, err := b.ListCases(t.Context(), overdue)
		must(t, err)
		counts, err := b.CountCases(t.Context(), []registry.Filter{overdue})
		must(t, err)
		loads, err := b.CaseLoads(t.Context(), 0, b.now(), b.now())
		must(t, err)
		places, err := b.CasePlaces(t.Context(), 0, b.now())
		must(t, err)
		var late []appeal.Number
		for _, l := range page.Lines {
			late = append(late, l.Number)
		}
		lying, placed := 0, 0
		for _, l := range loads {
			lying += l.Overdue
		}
		for _, p := range places {
			placed += p.Overdue
		}
		if n := len(c.late); !cmp.Equal(late, c.late) || counts[0] != n || lying != n || placed != n {
			t.Errorf("%s: %v are late, want %v; counted %d, with people %d, in places %d", c.now, late, c.late, counts[0], lying, placed)
		}
	}
	page, err := b.ListCases(t.Context(), registry.Filter{Limit: 2})
	must(t, err)
	rest, err := b.ListCases(t.Context(), registry.Filter{After: page.Next})
	must(t, err)
	var order []appeal.Number
	for _, l := range append(page.Lines, rest.Lines...) {
		order = append(order, l.Number)
	}
	if diff := cmp.Diff([]appeal.Number{routed, alone, reached, quiet, asked, prepared}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
