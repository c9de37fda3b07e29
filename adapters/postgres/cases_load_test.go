package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// What is owed counts for who has it: the keeper, the assignee while he works on
// it, nobody before it is taken; nothing that is about the viewer.
func TestCaseLoads(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00")
	exec(t, b.conn, `DELETE FROM cases`)
	filed := b.now()
	b.file(t, appeal.Question)
	kept, worked := b.file(t, appeal.Question), b.file(t, appeal.Question)
	b.does(t, "reception", kept, life.Do{Event: life.Take})
	b.does(t, "reception", worked, life.Do{Event: life.Route, Queue: "raschet-01"})
	b.does(t, "specialist", worked, life.Do{Event: life.Accept})
	b.set(t, "2026-11-30 10:00")
	reception, specialist := b.people["reception"].Staff, b.people["specialist"].Staff
	look := func(viewer int64) map[int64]registry.Load {
		list, err := b.CaseLoads(t.Context(), viewer, b.now(), b.now().AddDate(0, 0, -3))
		must(t, err)
		by := map[int64]registry.Load{}
		for _, l := range list {
			by[l.Staff] = l
		}
		return by
	}
	want := map[int64]registry.Load{
		0:          {Staff: 0, Open: 1, Overdue: 1, Stalled: 1, Since: filed},
		reception:  {Staff: reception, Open: 1, Overdue: 1, Stalled: 1, Since: filed},
		specialist: {Staff: specialist, Open: 1, Overdue: 1, Stalled: 1, Since: filed},
	}
	if diff := cmp.Diff(want, look(0)); diff != "" {
		t.Errorf("loads (-want +got):\n%s", diff)
	}
	exec(t, b.conn, `UPDATE cases SET about = ARRAY[$2::bigint] WHERE number = $1`, kept.String(), specialist)
	delete(want, reception)
	if diff := cmp.Diff(want, look(specialist)); diff != "" {
		t.Errorf("for whom it is about (-want +got):\n%s", diff)
	}
}
