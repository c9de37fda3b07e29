package postgres_test

import (
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// A complaint about staff that names its router goes to the supervisor, by task, by
// letter and by every warning; a category that does not ask for whom is none of it. The
// same holds for what becomes such a complaint (spec §1.6, A8).
func TestWhoIsNamedDoesNotGetIt(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00") // Олег routes complaints
	f := filing(appeal.Complaint)
	f.Answers = f.Answers.With(appeal.Body, "Разговаривал с Олегом из приёма жалоб, он нагрубил")
	file := func(category string) registry.Record {
		t.Helper()
		f.Category = category
		done, err := b.RegisterCase(t.Context(), b.click(asker), f)
		must(t, err)
		r, err := b.FindCase(t.Context(), done.Number)
		must(t, err)
		return r
	}
	oleg := b.people["complaints"]
	named := file("Ж-3")
	if named.SeenBy(oleg) || len(named.History[0].Do.Named) != 1 {
		t.Fatalf("he may see it: %+v", named.History[0].Do)
	}
	b.expect(t, "complaints")
	b.expect(t, "supervisor", "check")
	h := &hands{}
	stop := b.running(t, h.jobs())
	h.see(t)
	h.see(t)
	b.set(t, "2026-12-12 12:00")
	b.tell(t)
	h.see(t)
	stop()
	if len(h.mails) != 1 || h.mails[0].Role != "supervisor" || len(h.warnings) != 1 || h.warnings[0].Role != "supervisor" {
		t.Fatalf("%+v, %+v", h.mails, h.warnings)
	}
	b.set(t, "2026-12-12 13:00")
	b.does(t, "supervisor", named.Number, life.Do{Event: life.Clear, Person: oleg.Staff, Note: words("это однофамилец")})
	b.does(t, "complaints", named.Number, life.Do{Event: life.Take})

	f.Answers = f.Answers.With(appeal.Body, "Олег разгласил мой адрес")
	other := file("Ж-9")
	if !other.SeenBy(oleg) {
		t.Error("a form that does not ask for whom is read for names")
	}
	b.does(t, "complaints", other.Number, life.Do{Event: life.Reclassify, Category: "Ж-3"})
	if r, err := b.FindCase(t.Context(), other.Number); err != nil || r.SeenBy(oleg) || r.Keeper != 0 {
		t.Errorf("he keeps what is about him: %+v, %v", r.About, err)
	}
}
