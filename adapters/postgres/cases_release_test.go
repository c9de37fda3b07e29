package postgres_test

import (
	"slices"
	"testing"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// What somebody has who is closed, or loses the role or the team by which he has it,
// is his colleagues' to take, and the supervisor hears of it; what he still may have
// stays his (R-5.2.6-a).
func TestCasesOfWhoHasLeft(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	defer b.running(t, postgres.Work{})()
	by := audit.Entry{Address: audit.Terminal}
	has := func(n appeal.Number) [2]int64 {
		t.Helper()
		r, err := b.FindCase(t.Context(), n)
		must(t, err)
		return [2]int64{r.Keeper, r.Assignee}
	}
	id := func(login string) int64 { return b.people[login].Staff }

	kept, answered := b.file(t, appeal.Question), b.file(t, appeal.Question)
	b.does(t, "reception", kept, life.Do{Event: life.Take})
	b.does(t, "customer", kept, life.Do{Event: life.Write, Answers: appeal.Answers{}.With(appeal.Body, "Ещё вопрос")})
	b.does(t, "reception", answered, life.Do{Event: life.Answer, Reply: b.reply(t, answered, "reception")})
	others := b.file(t, appeal.Question)
	b.does(t, "deputy", others, life.Do{Event: life.Take})
	_, err := b.SetDisabled(t.Context(), by, id("reception"), true)
	must(t, err)
	eventually(t, func() bool { return has(kept)[0] == 0 && has(answered)[0] == 0 })
	if has(others)[0] != id("deputy") {
		t.Error("a colleague lost his case")
	}
	if got := count(t, b.conn, `SELECT count(*) FROM case_tasks WHERE done_at IS NULL AND staff = $1`, id("reception")); got != 0 {
		t.Errorf("%d tasks are left with who has left", got)
	}
	b.expect(t, "deputy", "check", "replace", "replace")
	b.expect(t, "supervisor", "replace", "replace")
	b.does(t, "deputy", kept, life.Do{Event: life.Take})
	b.expect(t, "supervisor", "replace")
	b.replay(t, kept)
	b.replay(t, answered)

	complaint, routed := b.file(t, appeal.Complaint), b.file(t, appeal.Complaint)
	b.does(t, "complaints", complaint, life.Do{Event: life.Take})
	b.does(t, "complaints", routed, life.Do{Event: life.Route, Queue: "raschet-01", Waive: true, Note: words("всё ясно")})
	b.does(t, "specialist", routed, life.Do{Event: life.Accept})
	change := func(login string, c staff.Card) {
		t.Helper()
		_, err := b.ChangeStaff(t.Context(), by, id(login), c)
		must(t, err)
	}
	change("specialist", staff.Card{Name: "Пётр", Roles: []staff.Role{staff.DirectionSpecialist}, Teams: []string{"uslugi-01"}})
	eventually(t, func() bool { return has(routed) == [2]int64{id("complaints"), 0} })
	if got := b.tasks(t, "colleague"); !slices.Equal(got, []string{"replace"}) {
		t.Errorf("the queue has to %q", got)
	}
	b.does(t, "colleague", routed, life.Do{Event: life.Accept})
	change("complaints", staff.Card{Name: "Олег", Roles: []staff.Role{staff.ApplicationRouter}})
	eventually(t, func() bool { return has(complaint)[0] == 0 && has(routed) == [2]int64{0, id("colleague")} })
}
