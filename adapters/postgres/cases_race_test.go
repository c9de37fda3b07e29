package postgres_test

import (
	"fmt"
	"testing"

	"okoshko/core/appeal"
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
