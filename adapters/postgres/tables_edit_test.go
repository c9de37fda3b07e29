package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// today is the company's day.
func (b *bureau) today() calendar.Date { return calendar.DateOf(b.now(), pgtest.Zone) }

func (b *bureau) revision(t testing.TB) string {
	t.Helper()
	_, revision, err := b.CaseTables(t.Context())
	must(t, err)
	return revision
}

// saves saves an edit of the tables as they stand.
func (b *bureau) saves(t testing.TB, e edit.Edit) edit.Change {
	t.Helper()
	seen, revision, err := b.PreviewTables(t.Context(), e)
	must(t, err)
	done, saved, err := b.SaveTables(t.Context(), audit.Entry{Staff: b.people["supervisor"].Staff}, revision, e)
	must(t, err)
	if done.Open != seen.Open || len(done.Rows) != len(seen.Rows) || saved == revision {
		t.Errorf("saved %+v, was shown %+v", done.Impact, seen.Impact)
	}
	return done
}

func shorter(b *bureau, days string) *edit.Term {
	return &edit.Term{Clock: term.Answer, Kind: appeal.Question, Audience: knowledge.Everybody, From: b.today().Add(1), Company: days}
}

func absence(b *bureau) *edit.Category {
	return &edit.Category{
		Code: "В-10", New: true, From: b.today(), Offered: true, Kind: appeal.Question, Audience: knowledge.Everybody, Function: "F1", Place: 95,
		Names: edit.Texts{"ru": "Перерасчёт за отъезд", "en": "Recalculation for absence"}, Plain: edit.Texts{"ru": "Меня не было дома", "en": "I was away"},
		Fields: []edit.Item{{Field: "period", Need: "may"}},
	}
}

// A term that is changed counts for cases that are registered from its day on; one
// that was registered before keeps its own, and is extended by its own. A second
// process goes by the new tables without a start.
func TestTermIsEdited(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00")
	second := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })
	if _, err := second.CaseBooks(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := b.file(t, appeal.Question)
	c := b.saves(t, shorter(b, "1 calendar_days"))
	if c.Open != 1 || c.Recent != 1 || len(c.Terms) == 0 {
		t.Errorf("%+v", c.Impact)
	}
	today := b.file(t, appeal.Question)
	b.set(t, "2026-11-25 10:00")
	done, err := second.RegisterCase(t.Context(), b.click(asker), filing(appeal.Question))
	must(t, err)
	for n, want := range map[appeal.Number]string{old: "2026-11-27", today: "2026-11-27", done.Number: "2026-11-26"} {
		r, err := b.FindCase(t.Context(), n)
		must(t, err)
		if got := r.Clocks[term.Answer].Last.String(); got != want {
			t.Errorf("%s is due on %s, want %s", n, got, want)
		}
	}
	lines, err := b.ListAudit(t.Context(), audit.Filter{Act: audit.TablesChange, Limit: 10})
	must(t, err)
	if len(lines) != 1 || lines[0].Subject != "term/answer/question/both" || lines[0].Before["terms answer question both company"] != "3 calendar_days" ||
		lines[0].After["terms answer question both company"] != "1 calendar_days" {
		t.Errorf("%+v", lines)
	}
}

// A category is added and retired within a day; cases that have it keep it, and a
// form that was being filled in is still registered.
func TestCategoryIsEdited(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00")
	b.saves(t, absence(b))
	f := filing(appeal.Question)
	f.Category = "В-10"
	done, err := b.RegisterCase(t.Context(), b.click(asker), f)
	must(t, err)
	retired := absence(b)
	retired.New, retired.Offered, retired.Fields = false, false, nil
	if c := b.saves(t, retired); c.Open != 1 {
		t.Errorf("%+v", c.Impact)
	}
	if _, err := b.RegisterCase(t.Context(), b.click(asker), f); err != nil {
		t.Errorf("who had chosen it before: %v", err)
	}
	books, err := b.CaseBooks(t.Context())
	must(t, err)
	for _, c := range books.Forms.Offered(appeal.Question, "", b.today()) {
		if c.Code == "В-10" {
			t.Error("it is still offered")
		}
	}
	if r, err := b.FindCase(t.Context(), done.Number); err != nil || r.Category != "В-10" {
		t.Errorf("%v %v", r.Category, err)
	}
	// A demo that starts again changes nothing of what was edited.
	before := b.revision(t)
	must(t, b.LoadDemo(t.Context()))
	if b.revision(t) != before {
		t.Error("a start has changed the tables")
	}
}

// Two administrators save at once: one of them is told, nothing of it is lost, and
// what he had in mind can be saved on what stands now.
func TestTablesAreEditedOnce(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00")
	seen := b.revision(t)
	edits := []edit.Edit{shorter(b, "2 calendar_days"), &edit.Route{Function: "F2", Territory: "04", From: b.today(), Queue: "uchet-01"}}
	errs := make([]error, len(edits))
	var wg sync.WaitGroup
	for i, e := range edits {
		wg.Go(func() { _, _, errs[i] = b.SaveTables(t.Context(), audit.Entry{}, seen, e) })
	}
	wg.Wait()
	stale := -1
	for i, err := range errs {
		if errors.Is(err, edit.ErrStale) && fault.Is(err, fault.Conflict) {
			stale = i
		} else if err != nil {
			t.Error(err)
		}
	}
	if stale < 0 || errs[1-stale] != nil {
		t.Fatalf("%v", errs)
	}
	b.saves(t, edits[stale])
	books, err := b.CaseBooks(t.Context())
	must(t, err)
	p, _ := books.Terms.Policy(term.Answer, term.Subject{Kind: appeal.Question}, b.today().Add(1))
	if p.Company.N != 2 {
		t.Errorf("%+v", p)
	}
	lines, err := b.ListAudit(t.Context(), audit.Filter{Act: audit.TablesChange, Limit: 10})
	must(t, err)
	if len(lines) != 2 {
		t.Errorf("%d lines in the audit", len(lines))
	}
}

// What is refused, and what is only looked at, changes nothing; what is planned
// can be withdrawn, and all is as it was.
func TestTablesStayAsTheyWere(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00")
	seen := b.revision(t)
	_, _, err := b.PreviewTables(t.Context(), absence(b))
	must(t, err)
	if _, _, err := b.SaveTables(t.Context(), audit.Entry{}, seen, &edit.Route{Function: "F10", Territory: "*", From: b.today()}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a function is left without anybody: %v", err)
	}
	if b.revision(t) != seen {
		t.Error("the tables have changed")
	}
	tomorrow := b.today().Add(1)
	form := &edit.Form{Category: "В-0", From: tomorrow, Fields: []edit.Item{{Field: "period", Need: "always"}, {Field: "phone", Need: "may"}}}
	b.saves(t, form)
	f, err := b.CaseBooks(t.Context())
	must(t, err)
	if c, err := f.Forms.Category("В-0", tomorrow); err != nil || len(c.Missing(filing(appeal.Question).Answers, "")) != 1 {
		t.Errorf("%v %v", c, err)
	}
	b.saves(t, &edit.Withdraw{Table: "appeal_forms", From: tomorrow, Key: map[string]string{"category": "В-0"}})
	if b.revision(t) != seen {
		t.Error("withdrawn, and not as it was")
	}
	b.saves(t, &edit.Queue{Code: "novye", New: true, Names: edit.Texts{"ru": "Новые", "en": "New"}, Email: "novye@sesk.example", Deputy: "vp"})
	b.saves(t, &edit.Queue{Code: "novye", Names: edit.Texts{"ru": "Новые дела", "en": "New cases"}, Email: "novye@sesk.example"})
	b.saves(t, &edit.Field{Name: "floor", New: true, Type: appeal.Count, Labels: edit.Texts{"ru": "Этаж", "en": "Floor"}, Asks: edit.Texts{"ru": "На каком этаже?", "en": "Which floor?"}})
	b.saves(t, &edit.Alerts{Clock: term.Answer, From: tomorrow, Marks: []edit.Mark{{Mark: "70%", To: []term.Receiver{term.Keeper}}, {Mark: "breach", To: []term.Receiver{term.Supervisor}}}})
}

// A database without tables says so.
func TestNoTables(t *testing.T) {
	t.Parallel()
	db := pgtest.Connect(t, pgtest.URL(t))
	if _, _, err := db.CaseTables(t.Context()); !errors.Is(err, registry.ErrNoBooks) {
		t.Errorf("%v", err)
	}
}
