package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/privacy/detect"
)

// What the accounts of a customer tell is known of him who wrote a case: its own
// account's, and those of his conversation (spec §3.5, step 3); of nobody else.
func TestCaseAuthor(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Complaint)
	known := func() (detect.Author, []string) {
		t.Helper()
		a, err := b.CaseAuthor(t.Context(), n)
		must(t, err)
		var list []string
		for _, x := range a.Accounts {
			list = append(list, x.Reveal())
		}
		for _, x := range a.Contracts {
			list = append(list, x.Reveal())
		}
		slices.Sort(list)
		return a, list
	}
	if _, list := known(); len(list) > 0 {
		t.Errorf("a guest's: %v", list)
	}
	exec(t, b.conn, `UPDATE cases SET account = (SELECT id FROM accounts WHERE number = '0203118468') WHERE number = $1`, n.String())
	exec(t, b.conn, `INSERT INTO links (conversation, account, active, since, used_at)
SELECT 'tg:100', id, number = '0344172085', $1, $1 FROM accounts WHERE number IN ('0344172085', 'ЭС-0123/26')`, b.now())
	author, list := known()
	if want := "00AA000002 00AA000003 0203118468 0344172085 ЭС-0123/26"; strings.Join(list, " ") != want {
		t.Fatalf("%v, want %s", list, want)
	}
	var meters []string
	for _, m := range author.Meters {
		meters = append(meters, m.Reveal())
	}
	if want := "027710462 039902117 901230045"; strings.Join(meters, " ") != want {
		t.Errorf("meters %v, want %s", meters, want)
	}
	text := "На энергетиков восемнадцать и в Сосновке, у Беляева и у Пекарни Колос, счётчик 27710462, demo02."
	var found []string
	for _, f := range detect.New(detect.Allow{Names: []string{"Пекарня Колос"}}).Find(text, author) {
		if f.Certain {
			found = append(found, text[f.Start:f.End])
		}
	}
	if want := "энергетиков восемнадцать|Сосновке|Беляева|27710462|demo02"; strings.Join(found, "|") != want {
		t.Errorf("%q, want %q", found, want)
	}
	if _, err := b.CaseAuthor(t.Context(), appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 999}); !errors.Is(err, registry.ErrNoCase) {
		t.Errorf("no case: %v", err)
	}
}
