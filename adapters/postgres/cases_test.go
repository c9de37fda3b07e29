package postgres_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// bureau is a register of cases with the people who work on them, whose clock
// stands until it is moved.
type bureau struct {
	*postgres.DB
	url    string
	conn   *pgx.Conn
	clock  atomic.Pointer[time.Time]
	people map[string]life.Actor // by login
	clicks atomic.Int64
}

// newBureau opens a register with the demo's tables at a moment of the company's
// zone.
func newBureau(t testing.TB, now string, adjust ...func(*postgres.Config)) *bureau {
	t.Helper()
	b := &bureau{url: pgtest.URL(t), people: map[string]life.Actor{}}
	b.set(t, now)
	adjust = append(adjust, func(c *postgres.Config) { c.Now = b.now })
	b.DB, b.conn = pgtest.Connect(t, b.url, adjust...), pgtest.Conn(t, b.url)
	must(t, b.LoadDemo(t.Context()))
	exec(t, b.conn, `INSERT INTO teams (code, name) VALUES ('raschet-01', 'Расчёты'), ('uslugi-01', 'Услуги')`)
	books, err := b.CaseBooks(t.Context())
	must(t, err)
	for login, card := range map[string]staff.Card{
		"reception":  {Name: "Анна", Roles: []staff.Role{staff.ReceptionSpecialist}},
		"deputy":     {Name: "Вера", Roles: []staff.Role{staff.ReceptionSpecialist}},
		"router":     {Name: "Игорь", Roles: []staff.Role{staff.ApplicationRouter}},
		"complaints": {Name: "Олег", Roles: []staff.Role{staff.ComplaintRouter}},
		"specialist": {Name: "Пётр", Roles: []staff.Role{staff.DirectionSpecialist}, Teams: []string{"raschet-01", "uslugi-01"}},
		"colleague":  {Name: "Юлия", Roles: []staff.Role{staff.DirectionSpecialist}, Teams: []string{"raschet-01", "uslugi-01"}},
		"supervisor": {Name: "Нина", Roles: []staff.Role{staff.Supervisor}},
		"editor":     {Name: "Роман", Roles: []staff.Role{staff.ContentEditor}},
	} {
		a, err := b.AddStaff(t.Context(), audit.Entry{Address: audit.Terminal}, login, "hash", false, card)
		must(t, err)
		b.people[login] = life.By(a, books.Routes)
	}
	b.people["customer"], b.people["schedule"] = registry.Customer, life.Actor{Roles: []staff.Role{life.System}}
	return b
}

func (b *bureau) now() time.Time { return *b.clock.Load() }

func (b *bureau) set(t testing.TB, now string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", now, pgtest.Zone)
	must(t, err)
	b.clock.Store(&at)
}

// click is an effect that nobody has caused yet.
func (b *bureau) click(c chat.Conversation) registry.Effect {
	return registry.Effect{ID: fmt.Sprintf("%s/%d", c, b.clicks.Add(1)), Conversation: c, At: b.now()}
}

const asker chat.Conversation = "tg:100"

// filing is a question of a kind that needs nothing but its text.
func filing(k appeal.Kind) registry.Filing {
	code := map[appeal.Kind]string{appeal.Question: "В-0", appeal.Complaint: "Ж-9", appeal.Application: "З-8", appeal.Review: "О-1"}[k]
	a := appeal.Answers{}.With(appeal.Body, "Почему вырос счёт?").With(appeal.Contact, "chat").With(appeal.AnswerWay, "chat")
	return registry.Filing{Kind: k, Category: code, Audience: knowledge.Individuals, Lang: "ru", Answers: a}
}

func (b *bureau) file(t testing.TB, k appeal.Kind) appeal.Number {
	t.Helper()
	done, err := b.RegisterCase(t.Context(), b.click(asker), filing(k))
	must(t, err)
	return done.Number
}

func (b *bureau) act(t testing.TB, login string, n appeal.Number, do life.Do) (registry.Outcome, error) {
	t.Helper()
	e := b.click("")
	if login == "customer" {
		e = b.click(asker)
	}
	return b.DoCase(t.Context(), e, registry.Act{Number: n, Do: do, By: b.people[login]})
}

func (b *bureau) does(t testing.TB, login string, n appeal.Number, do life.Do) registry.Outcome {
	t.Helper()
	done, err := b.act(t, login, n, do)
	if err != nil {
		t.Fatalf("%s cannot %s %s: %v", login, do.Event, n, err)
	}
	return done
}

// reply is the draft of an answer.
func (b *bureau) reply(t testing.TB, n appeal.Number, login string) string {
	t.Helper()
	r, err := b.SaveReply(t.Context(), audit.Entry{Staff: b.people[login].Staff}, registry.Reply{Number: n, Text: words("Ответ")})
	must(t, err)
	return r.ID
}

func words(s string) privacy.Text { return privacy.NewText(s) }

// A question goes its way: registered, taken, answered, delivered, rated, closed by
// the schedule.
func TestCase(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	e := b.click(asker)
	done, err := b.RegisterCase(t.Context(), e, filing(appeal.Question))
	must(t, err)
	if done.Number.String() != "ОБ-2026-000001" || done.Revision != 1 || done.Due.Last.String() != "2026-11-23" || len(done.Due.Why) == 0 {
		t.Fatalf("%+v", done)
	}
	again, err := b.RegisterCase(t.Context(), e, filing(appeal.Question))
	if err != nil || again.Number != done.Number {
		t.Fatalf("the same effect again: %+v, %v", again, err)
	}
	n := done.Number
	b.does(t, "reception", n, life.Do{Event: life.Take})
	_, err = b.DoCase(t.Context(), b.click(""), registry.Act{
		Number: n, Revision: 1, Do: life.Do{Event: life.Notify}, By: b.people["reception"],
	})
	var moved *registry.MovedError
	if !fault.Is(err, fault.Conflict) || !errors.As(err, &moved) || len(moved.Since) != 1 || moved.Since[0].Do.Event != life.Take {
		t.Fatalf("what was seen is old: %v", err)
	}
	r, err := b.SaveReply(t.Context(), audit.Entry{Staff: b.people["reception"].Staff}, registry.Reply{Number: n, Text: words("Потому что")})
	must(t, err)
	b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: r.ID})
	record, found, err := b.CustomerCase(t.Context(), asker, n)
	if err != nil || !found || record.State != life.Answered || record.Revision != 3 || len(record.History) != 3 ||
		record.Answers.One(appeal.Body) != "Почему вырос счёт?" || record.Clocks[term.Answer].Met.IsZero() {
		t.Fatalf("%+v, %v, %v", record, found, err)
	}
	if _, found, err := b.CustomerCase(t.Context(), "tg:200", n); err != nil || found {
		t.Errorf("a stranger sees it: %v", err)
	}
	if _, err := b.DoCase(t.Context(), b.click("tg:200"), registry.Act{Number: n, Do: life.Do{Event: life.Rate, Rating: 1}, By: registry.Customer}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger rates it: %v", err)
	}
	b.does(t, "customer", n, life.Do{Event: life.Rate, Rating: 5})
	page, err := b.CustomerCases(t.Context(), asker, "", 0)
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Rating != 5 || page.Next != "" {
		t.Errorf("%+v, %v", page, err)
	}
	for what, want := range map[string]int{
		`SELECT count(*) FROM case_clocks`:                                    0,
		`SELECT count(*) FROM case_alerts`:                                    0,
		`SELECT count(*) FROM case_tasks WHERE done_at IS NULL`:               0,
		`SELECT count(*) FROM case_tasks`:                                     1,
		`SELECT count(*) FROM river_job WHERE kind = 'tell_case'`:             2,
		`SELECT count(*) FROM river_job WHERE kind = 'later_case'`:            1,
		`SELECT count(*) FROM case_deliveries WHERE status = 'queued'`:        1,
		`SELECT count(*) FROM audit WHERE did IN ('case_step', 'case_reply')`: 3,
	} {
		if got := count(t, b.conn, what); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
}
