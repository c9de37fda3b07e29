package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// tell tells all alerts that are due.
func (b *bureau) tell(t testing.TB) int {
	t.Helper()
	n, err := b.TellAlerts(t.Context(), b.now(), 100)
	must(t, err)
	return n
}

// tasks are what somebody has to do, as "mind answer 80%".
func (b *bureau) tasks(t testing.TB, login string) []string {
	t.Helper()
	list, err := b.CaseTasks(t.Context(), b.people[login], 0, 0)
	must(t, err)
	said := []string{}
	for _, task := range list {
		s := string(task.What)
		if task.Alert != nil {
			s = fmt.Sprintf("%s %s %s", s, task.Alert.Clock, task.Alert.Mark)
		}
		said = append(said, s)
	}
	slices.Sort(said)
	return said
}

func (b *bureau) expect(t testing.TB, login string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := b.tasks(t, login); !slices.Equal(got, want) {
		t.Errorf("%s has to %q, want %q", login, got, want)
	}
}

// Who has a case hears of its term, once at each mark, the later one in the place of
// the earlier; the supervisor hears of a breach; whoever meets the term is left in
// peace.
func TestAlerts(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00") // until Monday, 23.11
	n := b.file(t, appeal.Question)
	b.does(t, "reception", n, life.Do{Event: life.Take})
	b.expect(t, "reception", "check")
	b.expect(t, "deputy") // it is taken
	b.does(t, "reception", n, life.Do{Event: life.Route, Queue: "raschet-01"})
	if got := b.tell(t); got != 0 {
		t.Errorf("%d alerts at once", got)
	}
	b.set(t, "2026-11-22 10:00") // half of it is over
	if got := b.tell(t); got != 1 {
		t.Errorf("%d alerts at the half, want 1", got)
	}
	b.expect(t, "specialist", "work", "mind answer 50%")
	b.expect(t, "colleague", "work", "mind answer 50%")
	b.does(t, "specialist", n, life.Do{Event: life.Accept})
	b.set(t, "2026-11-23 20:00")
	b.tell(t)
	b.expect(t, "colleague") // it came to the queue, and is taken
	b.expect(t, "specialist", "mind direction 80%", "mind answer 80%")
	b.expect(t, "reception", "mind answer 80%", "mind notice 80%")
	b.expect(t, "supervisor")
	b.set(t, "2026-11-24 00:00")
	if got := b.tell(t); got != 3 { // of the promise, of the notice and of the direction's day
		t.Errorf("%d alerts at the breach", got)
	}
	b.expect(t, "supervisor", "late answer breach")
	if got := b.tell(t); got != 0 {
		t.Errorf("%d alerts are told twice", got)
	}
	if got := count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = 'warn_case'`); got != 11 {
		t.Errorf("%d warnings", got)
	}
	b.expect(t, "specialist", "late direction breach", "late answer breach")
	list, err := b.CaseTasks(t.Context(), b.people["supervisor"], 0, 0)
	must(t, err)
	must(t, b.FinishTask(t.Context(), b.people["supervisor"], list[0].ID, b.now()))
	if err := b.FinishTask(t.Context(), b.people["editor"], list[0].ID, b.now()); err == nil {
		t.Error("somebody else finishes his task")
	}
	b.expect(t, "supervisor")
	r := b.reply(t, n, "reception")
	b.does(t, "specialist", n, life.Do{Event: life.Prepare, Reply: r})
	b.expect(t, "specialist", "late answer breach") // the direction's day is met
	b.does(t, "reception", n, life.Do{Event: life.Answer})
	for login := range b.people {
		b.expect(t, login)
	}
	b.set(t, "2026-12-24 00:00")
	if got := b.tell(t); got != 0 {
		t.Errorf("%d alerts of a case that was answered", got)
	}
	b.replay(t, n)
}

// A promise that is made shorter, below what is over already, is told each receiver
// once: what says most.
func TestAlertsOfAShorterPromise(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Complaint) // twenty days
	b.set(t, "2026-11-26 12:00")
	b.does(t, "complaints", n, life.Do{Event: life.Reclassify, Category: "В-0"}) // three, which are over
	b.tell(t)
	b.expect(t, "supervisor", "late answer +1")
	b.expect(t, "reception", "check", "late answer breach", "late notice breach")
	// Half of the longer term is told then, and never if it is met before.
	if got := count(t, b.conn, `SELECT count(*) FROM case_alerts WHERE told_at IS NULL`); got != 0 {
		t.Errorf("%d alerts of the term that does not hold any more", got)
	}
}

// Two replicas look at the same moment: each alert is told by one.
func TestAlertsAreClaimedOnce(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	const cases = 40
	for range cases {
		b.file(t, appeal.Question)
	}
	b.set(t, "2026-11-24 00:00")
	other := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })
	told := [8]int{}
	together(len(told), func(i int) {
		for {
			n, err := []*postgres.DB{b.DB, other}[i%2].TellAlerts(t.Context(), b.now(), 7)
			if err != nil {
				t.Error(err)
			}
			if told[i] += n; n == 0 {
				return
			}
		}
	})
	all := 0
	for _, n := range told {
		all += n
	}
	if all != 5*cases {
		t.Errorf("%d alerts were told, want %d", all, 5*cases)
	}
	for what, want := range map[string]int{
		`SELECT count(*) FROM case_tasks WHERE alert IS NOT NULL`:                                             3 * cases, // of 50 %, 80 % and the breach the last one, to two, and of the notice's to one
		`SELECT count(DISTINCT (case_id, alert, staff, queue, role)) FROM case_tasks WHERE alert IS NOT NULL`: 3 * cases,
		`SELECT count(*) FROM river_job WHERE kind = 'warn_case'`:                                             3 * cases,
	} {
		if got := count(t, b.conn, what); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	// A claim that fails leaves all of it due.
	n := b.file(t, appeal.Question)
	b.set(t, "2026-12-20 12:00")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.TellAlerts(ctx, b.now(), 7); err == nil {
		t.Error("alerts were told over a line that is cut")
	}
	if list, err := b.TasksOfCase(t.Context(), n); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

// Terms are told while cases move from queue to queue: nobody waits for one who
// waits for him, and nothing is left to be minded once all are answered.
func TestAlertsAgainstActs(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	var numbers []appeal.Number
	for range 4 {
		numbers = append(numbers, b.file(t, appeal.Question))
	}
	late := b.now().AddDate(0, 1, 0)
	together(2*len(numbers), func(i int) {
		n := numbers[i/2]
		for round := range 15 {
			if i%2 == 0 {
				if _, err := b.TellAlerts(t.Context(), late, 3); err != nil {
					t.Error(err)
				}
				continue
			}
			if _, err := b.act(t, "reception", n, life.Do{Event: life.Route, Queue: []string{"raschet-01", "biz"}[round%2]}); err != nil {
				t.Error(err)
			}
		}
	})
	if got := count(t, b.conn, `SELECT count(*) FROM case_tasks WHERE alert IS NOT NULL`); got == 0 {
		t.Error("nothing was told")
	}
	for _, n := range numbers {
		b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: b.reply(t, n, "reception")})
	}
	for login := range b.people {
		b.expect(t, login)
	}
}

// The scan for terms reads what is still to be told, and no page of a queue reads
// the archive, however many cases lie there.
func TestPlansLeaveTheArchiveAlone(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	b.fill(t, 3_000, 30_000)
	explain := func(sql string, args ...any) string {
		t.Helper()
		rows, err := b.conn.Query(t.Context(), "EXPLAIN "+sql, args...)
		must(t, err)
		defer rows.Close()
		var plan []string
		for rows.Next() {
			var line string
			must(t, rows.Scan(&line))
			plan = append(plan, line)
		}
		must(t, rows.Err())
		return strings.Join(plan, "\n")
	}
	if plan := explain(postgres.DueAlerts, b.now(), 100); !strings.Contains(plan, "case_alerts_due") || strings.Contains(plan, "Seq Scan") {
		t.Errorf("the scan for terms:\n%s", plan)
	}
	for _, f := range queuePages(b.now()) {
		sql, args, err := postgres.CaseQuery(f, b.now())
		must(t, err)
		plan := explain(sql, args...)
		for line := range strings.SplitSeq(plan, "\n") {
			if strings.Contains(line, "Seq Scan on cases") || strings.Contains(line, "cases_archived") != (f.Scope == registry.Archived) && strings.Contains(line, "Index Scan using cases_archived") {
				t.Errorf("%+v:\n%s", f, plan)
			}
		}
	}
	for _, f := range queueCounts(b.now()) {
		sql, args := postgres.CountQuery(f, b.now())
		if plan := explain(sql, args...); strings.Contains(plan, "Seq Scan") {
			t.Errorf("the count of %+v reads more than indexes:\n%s", f, plan)
		}
	}
	if plan := explain(postgres.PlacesSQL, 1, b.now()); strings.Contains(plan, "Seq Scan") || strings.Contains(plan, " Index Scan") {
		t.Errorf("places read more than indexes:\n%s", plan)
	}
	if plan := explain(postgres.LoadsSQL, 1, b.now(), b.now()); strings.Contains(plan, "Seq Scan") || strings.Contains(plan, " Index Scan") {
		t.Errorf("loads read more than indexes:\n%s", plan)
	}
	if plan := explain(postgres.OwnCasesSQL, "tg:77", b.now(), nil, 0, 51); strings.Contains(plan, "Seq Scan on cases") {
		t.Errorf("a customer's cases:\n%s", plan)
	}
}

// queuePages are what the console asks for.
func queuePages(now time.Time) []registry.Filter {
	return []registry.Filter{
		{},
		{Kinds: []appeal.Kind{appeal.Complaint}},
		{Kinds: []appeal.Kind{appeal.Question, appeal.Review}, Free: true},
		{Kinds: []appeal.Kind{appeal.Question}, States: []life.State{life.Registered, life.NeedInfo}, Viewer: 1},
		{Queues: []string{"raschet-01"}},
		{Queues: []string{"raschet-01", "uslugi-01", "biz"}, States: []life.State{life.Routed}},
		{Keeper: 1},
		{Assignee: 1},
		{Overdue: true, Now: now},
		{Stalled: now.Add(-72 * time.Hour)},
		{Stalled: now.AddDate(-1, 0, 0)},
		{Stalled: now.AddDate(-1, 0, 0), Kinds: []appeal.Kind{appeal.Question}, Viewer: 1},
		{Stalled: now.AddDate(-1, 0, 0), Queues: []string{"raschet-01", "uslugi-01", "biz"}, Viewer: 1},
		{Category: "З-12", Territory: "08"},
		{Scope: registry.Answered},
		{Scope: registry.Archived, Kinds: []appeal.Kind{appeal.Question}},
		{After: fmt.Sprintf("%d.5", now.UnixMicro())},
	}
}

// queueCounts are the counts above the lists of a supervisor, of one who keeps
// questions, and of a specialist of three queues.
func queueCounts(now time.Time) (list []registry.Filter) {
	for _, hat := range []registry.Filter{
		{Keeper: 1}, {Keeper: 1, Kinds: []appeal.Kind{appeal.Question, appeal.Review}}, {Assignee: 1, Queues: []string{"raschet-01", "uslugi-01", "biz"}},
	} {
		hat.Viewer, hat.Now = 1, now
		all := hat
		all.Keeper, all.Assignee = 0, 0
		late, still := all, all
		late.Overdue, still.Stalled = true, now.AddDate(0, 0, -3)
		list = append(list, hat, all, late, still)
		for _, states := range [][]life.State{{life.Registered}, {life.NeedInfo}, {life.Routed, life.InWork, life.Scheduling, life.Scheduled}, {life.Prepared}} {
			in := all
			in.States = states
			list = append(list, in)
		}
	}
	return list
}
