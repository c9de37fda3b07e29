package postgres_test

import (
	"errors"
	"slices"
	"strings"
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

// quality is a complaint that needs what only the secure form may ask for.
func quality() registry.Filing {
	f := filing(appeal.Complaint)
	f.Category = "Ж-5"
	f.Answers = f.Answers.With("name", "Иванова Мария Петровна").With("address", "г. Лесоозёрск, ул. Лыжная, 7").
		With("event_at", "2026-11-19 18:30").With("text", "Свет мигал").With("demand", "Исправить").
		With("birth_date", "1985-06-05").With("birth_place", "Старогорск").With("passport", "6509123456").With(appeal.Phone, "+79123456789")
	return f
}

// What a customer has written stands nowhere in the database as it is; secret
// answers are hidden from whoever reads the case, and revealed for a reason that is
// written down; all goes over to a new key.
func TestCasesAreSealed(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00", func(c *postgres.Config) { c.Sealer = keyring{"old"} })
	done, err := b.RegisterCase(t.Context(), b.click(asker), quality())
	must(t, err)
	n := done.Number
	if done.Territory != "03" {
		t.Errorf("the territory is %q", done.Territory)
	}
	b.does(t, "complaints", n, life.Do{Event: life.Ask, Note: words("Какой у вас этаж?")})
	record, err := b.FindCase(t.Context(), n)
	must(t, err)
	if record.Answers.One("passport") != "***" || !slices.Equal(record.Secret, []appeal.Name{"birth_date", "birth_place", "passport"}) {
		t.Errorf("%v, secret %v", record.Answers.One("passport"), record.Secret)
	}
	// A form that comes back as it was shown changes nothing secret.
	back := record.Answers.With("text", "Свет мигал дважды").With("passport", "***").With("birth_place", "Каменноборск")
	b.does(t, "customer", n, life.Do{Event: life.Clarify, Answers: back})
	r := b.reply(t, n, "complaints")
	b.does(t, "complaints", n, life.Do{Event: life.Act, Note: words("Запросили сети")})

	rows, err := b.conn.Query(t.Context(), `SELECT c::text || encode(body, 'escape') || coalesce(encode(secret, 'escape'), '') FROM cases c
		UNION ALL SELECT h::text || encode(body, 'escape') || coalesce(encode(secret, 'escape'), '') FROM case_history h
		UNION ALL SELECT r::text || encode(body, 'escape') FROM case_replies r UNION ALL SELECT e::text FROM effects e
		UNION ALL SELECT args::text FROM river_job UNION ALL SELECT a::text FROM audit a`)
	must(t, err)
	for rows.Next() {
		var dump string
		must(t, rows.Scan(&dump))
		for _, plain := range []string{"Иванова", "Лыжная", "мигал", "6509123456", "1985", "этаж", "Запросили", "Ответ", "+79123", "Каменноборск"} {
			if strings.Contains(dump, plain) {
				t.Errorf("%q can be read", plain)
			}
		}
	}
	must(t, rows.Err())

	both := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now, c.Sealer = b.now, keyring{"new", "old"} })
	if sealed, err := both.ResealCases(t.Context()); err != nil || sealed != 6 { // the case, its four lines, the answer
		t.Fatalf("%d rows sealed anew, %v", sealed, err)
	}
	if sealed, err := both.ResealCases(t.Context()); err != nil || sealed != 0 {
		t.Errorf("%d rows sealed anew again, %v", sealed, err)
	}
	fresh := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now, c.Sealer = b.now, keyring{"new"} })
	if got, err := fresh.FindCase(t.Context(), n); err != nil || got.Answers.One("text") != "Свет мигал дважды" || got.Answers.One("birth_place") != "***" ||
		got.History[1].Do.Note.Reveal() != "Какой у вас этаж?" || got.History[2].Do.Answers.One("birth_place") != "***" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := fresh.FindReply(t.Context(), r); err != nil || got.Text.Reveal() != "Ответ" {
		t.Errorf("%+v, %v", got, err)
	}
	by := audit.Entry{Staff: b.people["complaints"].Staff, Reason: "сверка с договором"}
	for field, want := range map[appeal.Name]string{"passport": "6509123456", "birth_place": "Каменноборск"} {
		values, err := fresh.RevealCase(t.Context(), by, n, field)
		if err != nil || len(values) != 1 || values[0].Reveal() != want {
			t.Errorf("%s: %v, %v", field, values, err)
		}
	}
	by.Reason = " "
	if _, err := fresh.RevealCase(t.Context(), by, n, "passport"); !errors.Is(err, registry.ErrReason) {
		t.Errorf("revealed without a reason: %v", err)
	}
	if got := count(t, b.conn, `SELECT count(*) FROM audit WHERE did = 'case_reveal' AND reason <> '' AND after->>'field' IN ('passport', 'birth_place')`); got != 2 {
		t.Errorf("%d lines of revealing", got)
	}
}

// What cannot stay is refused and leaves nothing behind.
func TestCasesRefuse(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	wrong := quality()
	wrong.Answers = wrong.Answers.With("passport", "12").With("odd", "x")
	_, err := b.RegisterCase(t.Context(), b.click(asker), wrong)
	var flaws *registry.FlawsError
	if !errors.As(err, &flaws) || len(flaws.Fields) != 2 || !fault.Is(err, fault.Invalid) {
		t.Errorf("wrong answers: %v", err)
	}
	other := filing(appeal.Complaint)
	other.Category = "В-0"
	if _, err := b.RegisterCase(t.Context(), b.click(asker), other); !errors.Is(err, life.ErrKind) {
		t.Errorf("a category of another kind: %v", err)
	}
	n, second := b.file(t, appeal.Question), b.file(t, appeal.Question)
	r := b.reply(t, second, "reception")
	for _, c := range []struct {
		do   life.Do
		want error
	}{
		{life.Do{Event: life.Answer, Reply: r}, registry.ErrReply},
		{life.Do{Event: life.Answer, Reply: "ОБ-2026-000001/9"}, registry.ErrReply},
		{life.Do{Event: life.Duplicate, Other: appeal.Number{Kind: appeal.Review, Year: 2026, Serial: 99}}, life.HasOther.Err()},
		{life.Do{Event: life.Extend}, life.HasNote.Err()},
	} {
		if _, err := b.act(t, "reception", n, c.do); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.do.Event, err, c.want)
		}
	}
	if _, err := b.act(t, "reception", appeal.Number{Kind: appeal.Review, Year: 2026, Serial: 1}, life.Do{Event: life.Take}); !errors.Is(err, registry.ErrNoCase) {
		t.Errorf("a case that is not there: %v", err)
	}
	about := b.file(t, appeal.Complaint)
	b.does(t, "supervisor", about, life.Do{Event: life.Name, Person: b.people["complaints"].Staff})
	if _, err := b.RevealCase(t.Context(), audit.Entry{Staff: b.people["complaints"].Staff, Reason: "хочу"}, about, "passport"); !errors.Is(err, life.ErrAbout) {
		t.Errorf("he reads what is about himself: %v", err)
	}
	if _, err := b.SaveReply(t.Context(), audit.Entry{Staff: b.people["complaints"].Staff}, registry.Reply{Number: about, Text: words("Нет")}); !errors.Is(err, life.ErrAbout) {
		t.Errorf("he answers what is about himself: %v", err)
	}
	page, err := b.ListCases(t.Context(), registry.Filter{Viewer: b.people["complaints"].Staff})
	if err != nil || len(page.Lines) != 2 || page.Lines[0].Number == about || page.Lines[1].Number == about {
		t.Errorf("%+v, %v", page, err)
	}
	b.expect(t, "reception", "check", "check")
	b.expect(t, "complaints")
	if _, err := b.ListCases(t.Context(), registry.Filter{After: "x"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a page after nothing: %v", err)
	}
	// The clock of a case is the company's word: without tables nothing is registered.
	bare := pgtest.Open(t)
	if _, err := bare.RegisterCase(t.Context(), b.click(asker), filing(appeal.Question)); !errors.Is(err, registry.ErrNoBooks) {
		t.Errorf("registered without tables: %v", err)
	}
	for what, want := range map[string]int{
		`SELECT count(*) FROM cases`: 3, `SELECT count(*) FROM case_history`: 4, `SELECT max(last)::int FROM case_numbers`: 2,
		`SELECT count(*) FROM case_deliveries`: 0, `SELECT count(*) FROM river_job WHERE kind IN ('tell_case', 'later_case')`: 3,
	} {
		if got := count(t, b.conn, what); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
}

// Pages follow one another without gaps, whoever sorts them.
func TestCasePages(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	want := map[appeal.Number]bool{}
	for i := range 23 {
		want[b.file(t, []appeal.Kind{appeal.Question, appeal.Complaint}[i%2])] = true
	}
	var due time.Time
	for f := (registry.Filter{Limit: 5}); ; {
		page, err := b.ListCases(t.Context(), f)
		must(t, err)
		for _, l := range page.Lines {
			if !want[l.Number] || l.Due.Before(due) || l.State != life.Registered || l.Late(b.now()) {
				t.Errorf("%+v", l)
			}
			due = l.Due
			delete(want, l.Number)
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	if len(want) != 0 {
		t.Errorf("%d cases are on no page", len(want))
	}
	seen := 0
	for after := ""; ; {
		page, err := b.CustomerCases(t.Context(), asker, after, 7)
		must(t, err)
		if seen += len(page.Lines); page.Next == "" {
			break
		}
		after = page.Next
	}
	if seen != 23 {
		t.Errorf("the customer sees %d of his cases", seen)
	}
	b.set(t, "2026-11-24 12:00")
	late, err := b.ListCases(t.Context(), registry.Filter{Overdue: true})
	if err != nil || len(late.Lines) != 12 {
		t.Errorf("%d are overdue, %v", len(late.Lines), err)
	}
	places, err := b.CasePlaces(t.Context(), 0, b.now())
	if err != nil || len(places) != 2 || places[1] != (registry.Place{Kind: appeal.Question, State: life.Registered, Cases: 12, Overdue: 12, Free: 12}) {
		t.Errorf("%+v, %v", places, err)
	}
}
