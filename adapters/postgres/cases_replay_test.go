package postgres_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/postgres/pgtest"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// replay lets the history of a case happen once more, in memory, and holds the
// register to what comes out: the case itself, its clocks and alerts, and each
// consequence once.
func (b *bureau) replay(t testing.TB, n appeal.Number) registry.Record {
	t.Helper()
	stored, err := b.FindCase(t.Context(), n)
	must(t, err)
	books, err := b.CaseBooks(t.Context())
	must(t, err)
	c := life.Case{
		Number: n, Kind: n.Kind, Category: stored.Category, Audience: stored.Audience, Channel: stored.Channel, State: life.Draft,
		Territory: stored.Territory, Answers: stored.Answers,
	}
	if stored.Category != filing(n.Kind).Category {
		c.Category = filing(n.Kind).Category
	}
	follows, passed := map[string]int{}, map[string]bool{}
	for _, e := range stored.History {
		by := b.people["customer"]
		for _, p := range b.people {
			if p.Staff != 0 && p.Staff == e.Staff || e.Staff == 0 && slices.Contains(p.Roles, e.Role) {
				by = p
			}
		}
		var out []life.Consequence
		if c, out, err = books.Machine.Apply(c, e.Do, by, e.At); err != nil {
			t.Fatalf("%s: %s could not have happened: %v", n, e.Do.Event, err)
		}
		for _, o := range out {
			switch o := o.(type) {
			case life.Tell:
				follows["tell_case"]++
			case life.Mail:
				follows["mail_case"]++
			case life.Later:
				follows["later_case"]++
			case life.Pass:
				for _, w := range o.Works {
					was, is := taskOf(w, o.From, o.Was), taskOf(w, o.To, o.Is)
					if follows[was] > 0 { // those that were open then: the rows say which
						follows[is] += follows[was]
						passed[was], passed[is] = true, true
					}
				}
			case life.Task:
				follows[fmt.Sprintf("%s %d%s%s", o.What, o.Staff, o.Queue, o.Role)]++
			}
		}
	}
	if diff := gocmp.Diff(c, stored.Case, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s is not what its history makes of it (-in memory +stored):\n%s", n, diff)
	}
	for _, kind := range []string{"tell_case", "mail_case", "later_case"} {
		got := count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = $1 AND args->>'number' = $2`, kind, n.String())
		if got != follows[kind] {
			t.Errorf("%s: %d jobs %s, want %d", n, got, kind, follows[kind])
		}
	}
	b.sameTasks(t, &c, follows, passed)
	b.sameClocks(t, books, c)
	return stored
}

// taskOf names the keeper's work as sameTasks does.
func taskOf(w life.Work, who int64, role staff.Role) string {
	if who != 0 {
		role = ""
	}
	return fmt.Sprintf("%s %d%s", w, who, role)
}

// sameTasks looks for work that nobody has given, or that got lost, and for a keeper's
// that is open with somebody else. What has passed to another may be with either.
func (b *bureau) sameTasks(t testing.TB, c *life.Case, follows map[string]int, passed map[string]bool) {
	t.Helper()
	n := c.Number
	rows, err := b.conn.Query(t.Context(), `SELECT t.what || ' ' || t.staff || t.queue || t.role, count(*)::int, (count(*) FILTER (WHERE done_at IS NULL))::int
		FROM case_tasks t JOIN cases c ON c.id = t.case_id WHERE c.number = $1 AND t.alert IS NULL GROUP BY 1`, n.String())
	must(t, err)
	var name string
	var all, open int
	for rows.Next() {
		must(t, rows.Scan(&name, &all, &open))
		if c.Keeper != 0 && open > 0 && strings.HasSuffix(name, string(life.KeeperOf(c.Kind))) {
			t.Errorf("%s: %s is open, though %d keeps the case", n, name, c.Keeper)
		}
		if follows[name] == 0 || all > follows[name] || open > 1 {
			t.Errorf("%s: %d tasks %s, %d of them open, for %d reasons", n, all, name, open, follows[name])
		}
		delete(follows, name)
	}
	must(t, rows.Err())
	for name := range follows {
		if !passed[name] && !slices.Contains([]string{"tell_case", "mail_case", "later_case"}, name) {
			t.Errorf("%s: the task %s is lost", n, name)
		}
	}
}

// sameClocks holds the rows of clocks, of planned alerts and what ends first to a case.
func (b *bureau) sameClocks(t testing.TB, books registry.Books, c life.Case) {
	t.Helper()
	var want, got []string
	for clock, r := range c.Clocks {
		if !r.Met.IsZero() {
			continue
		}
		want = append(want, fmt.Sprintf("%s until %d paused %t", clock, r.At.Unix(), !r.Paused.IsZero()))
		if r.Runs() {
			alerts, err := books.Terms.Alerts(r.Deadline, books.Machine.Counter)
			must(t, err)
			last := alerts[len(alerts)-1]
			want = append(want, fmt.Sprintf("%s until %d alert %s", clock, r.At.Unix(), last.Mark))
		}
	}
	if next := c.Next(); !next.IsZero() {
		want = append(want, fmt.Sprintf("next %d", next.Unix()))
	}
	rows, err := b.conn.Query(t.Context(), `
		SELECT format('next %s', extract(epoch FROM next_at)::bigint) FROM cases WHERE number = $1 AND next_at IS NOT NULL
		UNION ALL SELECT format('%s until %s paused %s', clock, extract(epoch FROM k.at)::bigint, CASE WHEN paused_at IS NULL THEN 'false' ELSE 'true' END)
		FROM case_clocks k JOIN cases c ON c.id = k.case_id WHERE number = $1
		UNION ALL SELECT format('%s until %s alert %s', clock, extract(epoch FROM deadline)::bigint, mark) FROM (
			SELECT DISTINCT ON (clock) clock, deadline, mark FROM case_alerts a JOIN cases c ON c.id = a.case_id
			WHERE number = $1 AND told_at IS NULL ORDER BY clock, at DESC) last`, c.Number.String())
	must(t, err)
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		got = append(got, s)
	}
	must(t, rows.Err())
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s: clocks (-case +rows):\n%s", c.Number, diff)
	}
}

// Whatever is tried on a case, in whatever order and by whom, the register refuses
// what package life refuses, and otherwise has what it makes of the case.
func TestRegisterFollowsLife(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-03-03 10:00")
	books, err := b.CaseBooks(t.Context())
	must(t, err)
	lots := rand.New(rand.NewPCG(3, 5)) //nolint:gosec // the same walks every time
	walks, steps := 12, 90
	if testing.Short() {
		walks = 4
	}
	for walk := range walks {
		b.set(t, "2026-03-03 10:00")
		kind := appeal.Kinds()[walk%len(appeal.Kinds())]
		n := b.file(t, kind)
		other := b.file(t, appeal.Question)
		for range steps {
			now := b.now().Add(time.Duration(lots.IntN(40)) * time.Hour)
			b.clock.Store(&now)
			login, do := b.pick(t, lots, n, other)
			before, err := b.FindCase(t.Context(), n)
			must(t, err)
			_, _, want := books.Machine.Apply(before.Case, do, b.people[login], exactly(b.now()))
			if do.Event == life.Duplicate && want == nil {
				second, err := b.FindCase(t.Context(), other)
				must(t, err)
				want = registry.Repeats(&before, &second, b.people[login])
			}
			_, got := b.act(t, login, n, do)
			if (want == nil) != (got == nil) {
				t.Fatalf("%s does %s: package life says %v, the register %v", login, do.Event, want, got)
			}
		}
		b.replay(t, n)
	}
}

func exactly(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// pick draws an event, who causes it and what he says.
func (b *bureau) pick(t testing.TB, lots *rand.Rand, n, other appeal.Number) (login string, do life.Do) {
	t.Helper()
	rules := life.Rules()
	r := rules[1+lots.IntN(len(rules)-1)]
	logins := make([]string, 0, len(b.people))
	for name := range b.people {
		logins = append(logins, name)
	}
	slices.SortFunc(logins, cmp.Compare)
	login = logins[lots.IntN(len(logins))]
	now := b.now()
	times := []time.Time{now.Add(48 * time.Hour).UTC(), now.Add(96 * time.Hour).UTC()}
	do = life.Do{
		Event: r.Event, Waive: lots.IntN(3) > 0, Way: []string{"", "chat"}[lots.IntN(2)], Note: words("почему"), Queue: []string{"raschet-01", "biz"}[lots.IntN(2)],
		Person: b.people[logins[lots.IntN(len(logins))]].Staff, Links: []string{"bill-read"}, Addressee: "gas",
		Category: []string{"В-0", "Ж-9", "З-6", "О-2"}[lots.IntN(4)], Other: other,
		Day: calendar.DateOf(now, pgtest.Zone).Add(lots.IntN(5)), Times: times, Time: times[lots.IntN(2)], Action: 1 + lots.IntN(3), Rating: lots.IntN(7), Line: lots.IntN(6),
	}
	if needsReply(r.Event) && lots.IntN(4) > 0 {
		reply, err := b.SaveReply(t.Context(), audit.Entry{}, registry.Reply{Number: n, Text: words("Ответ")})
		must(t, err)
		do.Reply = reply.ID
	}
	if lots.IntN(11) == 0 {
		do.Note, do.Reply = privacy.Text{}, ""
	}
	if r.Event == life.Clarify || r.Event == life.Reopen {
		do.Answers = appeal.Answers{}.With(appeal.Body, fmt.Sprintf("Уточняю %d", lots.IntN(100)))
	}
	return login, do
}

func needsReply(e life.Event) bool {
	return slices.Contains([]life.Event{life.Prepare, life.Answer, life.Typical, life.OffTopic}, e)
}
