package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/fault"
)

// Numbers have no gaps within a kind and a year, which begins in the company's
// zone, by the moment that counts.
func TestCaseNumbers(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-12-31 23:59")
	const each = 20
	together(each, func(i int) {
		if i%4 == 0 { // what is refused takes no number
			f := filing(appeal.Question)
			f.Answers = f.Answers.With("phone", "нет")
			if _, err := b.RegisterCase(t.Context(), b.click(asker), f); err == nil {
				t.Error("registered with an answer that cannot stay")
			}
		}
		if _, err := b.RegisterCase(t.Context(), b.click(asker), filing(appeal.Question)); err != nil {
			t.Error(err)
		}
	})
	if n := b.file(t, appeal.Complaint); n.String() != "ЖБ-2026-000001" {
		t.Errorf("the first complaint is %s", n)
	}
	late := b.click(asker) // it was sent in the old year
	b.set(t, "2027-01-01 00:01")
	if n := b.file(t, appeal.Question); n.String() != "ОБ-2027-000001" {
		t.Errorf("the first one of the year is %s", n)
	}
	done, err := b.RegisterCase(t.Context(), late, filing(appeal.Question))
	if want := fmt.Sprintf("ОБ-2026-%06d", each+1); err != nil || done.Number.String() != want {
		t.Errorf("what was sent in the old year is %s, want %s: %v", done.Number, want, err)
	}
	if n := count(t, b.conn, `SELECT count(*) FROM cases WHERE number LIKE 'ОБ-2026-%'`); n != each+1 {
		t.Errorf("%d cases of the old year", n)
	}
}

// Two keepers, two specialists and a customer fall upon the same cases, on two
// replicas of which one is restarted again and again; whoever hears nothing tries
// the same once more. Nothing is lost, nothing happens twice, and nobody is told
// twice.
func TestCaseRaces(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	const cases, rounds = 6, 12
	var numbers []appeal.Number
	for i := range cases {
		numbers = append(numbers, b.file(t, []appeal.Kind{appeal.Question, appeal.Complaint, appeal.Application}[i%3]))
	}
	steady := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })
	mortal := newMortal(t, b)
	var happened atomic.Int64
	people := []string{"reception", "deputy", "complaints", "router", "supervisor", "specialist", "colleague", "customer"}
	together(len(people), func(i int) {
		login, lots := people[i], rand.New(rand.NewPCG(uint64(i), 11)) //nolint:gosec // it need not be guessed
		for range rounds {
			for _, n := range numbers {
				a := registry.Act{Number: n, Do: b.bid(t, login, n, lots), By: b.people[login]}
				e := b.click("")
				if login == "customer" {
					e = b.click(asker)
				}
				first, err := mortal.DoCase(t, e, a)
				again, err2 := steady.DoCase(t.Context(), e, a)
				switch {
				case err == nil && (err2 != nil || again.Revision != first.Revision || again.To != first.To):
					t.Errorf("%s %s %s: %+v, then %+v, %v", login, a.Do.Event, n, first, again, err2)
				case err2 == nil:
					happened.Add(1)
				case fault.Is(err2, fault.Internal) || fault.Is(err2, fault.Unavailable):
					t.Errorf("%s %s %s: %v", login, a.Do.Event, n, err2)
				}
			}
		}
	})
	lines := 0
	for _, n := range numbers {
		r := b.replay(t, n)
		lines += r.Revision
		given := map[string]bool{}
		for i, e := range r.History {
			if e.Do.Event == life.Answer && (i == 0 || given[e.Do.Reply]) {
				t.Errorf("%s: %s was given twice", n, e.Do.Reply)
			}
			given[e.Do.Reply] = e.Do.Event == life.Answer
		}
	}
	if lines != cases+int(happened.Load()) {
		t.Errorf("%d events were promised to have happened, %d have", cases+int(happened.Load()), lines)
	}
	if lines < cases*5 {
		t.Errorf("only %d events happened: the race was none", lines)
	}
	if n := count(t, b.conn, `SELECT count(*) FROM (SELECT FROM case_deliveries GROUP BY reply, way HAVING count(*) > 1) s`); n != 0 {
		t.Errorf("%d answers are sent twice", n)
	}
	check := &audit.Check{}
	if _, err := b.CheckAudit(t.Context(), check); err != nil || len(check.Breaches) != 0 {
		t.Errorf("the audit: %+v, %v", check.Breaches, err)
	}
}

// bid is what somebody wants of a case in the race.
func (b *bureau) bid(t testing.TB, login string, n appeal.Number, lots *rand.Rand) life.Do {
	wish := func(list ...life.Event) life.Event { return list[lots.IntN(len(list))] }
	do := life.Do{Note: words("почему"), Queue: "raschet-01", Waive: true}
	switch login {
	case "customer":
		do.Event = wish(life.Write, life.Clarify, life.Reopen, life.Rate)
		do.Rating = 4
	case "specialist", "colleague":
		do.Event = wish(life.Accept, life.Accept, life.Ask, life.Return, life.Prepare)
	default:
		do.Event = wish(life.Take, life.Route, life.Route, life.Ask, life.Answer, life.Extend)
	}
	if needsReply(do.Event) {
		r, err := b.SaveReply(t.Context(), audit.Entry{Staff: b.people[login].Staff}, registry.Reply{Number: n, Text: words("Ответ")})
		if err != nil {
			t.Error(err)
		}
		do.Reply = r.ID
	}
	return do
}

// mortal is a replica that dies under its callers.
type mortal struct {
	b     *bureau
	lock  sync.Mutex
	db    *postgres.DB
	calls int
}

func newMortal(t testing.TB, b *bureau) *mortal {
	return &mortal{b: b, db: pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })}
}

// DoCase acts on a replica that may be cut off at any moment, and is replaced by
// another after a while.
func (m *mortal) DoCase(t testing.TB, e registry.Effect, a registry.Act) (registry.Outcome, error) {
	m.lock.Lock()
	m.calls++
	db, dies, after := m.db, m.calls%5 == 0, time.Duration(m.calls%7)*time.Millisecond
	if m.calls%60 == 0 {
		m.db = pgtest.Connect(t, m.b.url, func(c *postgres.Config) { c.Now = m.b.now })
	}
	m.lock.Unlock()
	ctx := t.Context()
	if dies {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, after)
		defer cancel()
	}
	return db.DoCase(ctx, e, a)
}
