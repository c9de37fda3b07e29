package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// How far cases have come, and how their customers are reached, in the order in
// which it is asked for; the zero value stands for those that there are not.
func TestCasesAreAskedAfter(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00", func(c *postgres.Config) { c.Sealer = reversed{} })
	never := appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 777}
	asked := func(numbers ...appeal.Number) []registry.Asked {
		t.Helper()
		list, err := b.AskedCases(t.Context(), numbers)
		if err != nil || len(list) != len(numbers) {
			t.Fatalf("%d of %d, %v", len(list), len(numbers), err)
		}
		return list
	}
	if got := asked(never, never); got[0] != (registry.Asked{}) || got[1] != (registry.Asked{}) {
		t.Errorf("a register without cases: %+v", got)
	}
	plain := b.file(t, appeal.Question)
	reached := filing(appeal.Complaint)
	reached.Answers = reached.Answers.With(appeal.Contact, appeal.ByPhone).With(appeal.Phone, "+79991234567").With(appeal.Email, "anna@post.example").
		With("text", "Разгласили").With("seen_at", "В подъезде")
	filed, err := b.RegisterCase(t.Context(), b.click("tg:200"), reached)
	must(t, err)
	b.does(t, "complaints", filed.Number, life.Do{Event: life.Ask, Note: words("Где это?"), Way: appeal.ByPhone})

	got := asked(never, filed.Number, plain, filed.Number)
	if got[0] != (registry.Asked{}) || got[1] != got[3] || got[2].Number != plain || !got[2].Phone.IsZero() || !got[2].Email.IsZero() {
		t.Errorf("%+v", got)
	}
	r, err := b.FindCase(t.Context(), filed.Number)
	must(t, err)
	if got[1] != registry.AskedOf(&r.Case) || got[1].State != life.NeedInfo || got[1].Phone.Reveal() != "+79991234567" || got[1].Email.Reveal() != "anna@post.example" {
		t.Errorf("%+v", got[1])
	}
	if diff := cmp.Diff([]registry.Asked{}, asked()); diff != "" {
		t.Error(diff)
	}
	blind := pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })
	if _, err := blind.AskedCases(t.Context(), []appeal.Number{never}); err == nil {
		t.Error("a case that there is not is answered without the key: no case was opened in its place")
	}
}
