package postgres_test

import (
	"slices"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/dialogs/dialog/turn"
)

// What was said goes when its term is over, with the files that were sent in the
// chat; where the conversation stands, evidence and what lies with a case stay.
func TestDropDialogs(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, conn := demoAt(t, url), pgtest.Conn(t, url)
	before := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	must(t, d.EnsurePartitions(t.Context(), before.AddDate(0, -3, 0))) // November to March
	must(t, d.EnsurePartitions(t.Context(), before))                   // and to June
	c := chapter("tg:1", 7)
	c.Entries[0].At, c.Entries[1].At, c.Entries[2].At = before.AddDate(-3, 0, 0), before.Add(-time.Microsecond), before
	older := chapter("tg:2", 7)
	for i := range older.Entries {
		older.Entries[i].At = before.AddDate(0, -2, i)
	}
	save(t, d, c, older)
	for id, owner := range map[string]string{
		"sent": "web/1", "of staff": "desk/1", "new": "web/2", "evidence": "web/3", "of a case": "answer/1", "nobody's": "",
	} {
		must(t, d.AddFile(t.Context(), id, owner, "tg:1"))
		must(t, d.FinishFile(t.Context(), id, 6, "k", nil, nil))
		must(t, d.NameFile(t.Context(), id))
	}
	exec(t, conn, `UPDATE files SET at = $1 WHERE id <> 'new'`, before.Add(-time.Hour))
	exec(t, conn, `INSERT INTO evidence (account, conversation, foreign_id, name, at, file)
		SELECT id, 'tg:1', 'f', 'a.jpg', $1, 'evidence' FROM accounts LIMIT 1`, before)

	for i, want := range [][2]int64{{5, 2}, {0, 0}} {
		messages, files, err := d.DropDialogs(t.Context(), before, "web/", "desk/")
		if got := [2]int64{messages, files}; err != nil || got != want {
			t.Errorf("run %d: %d messages and files went, want %d; %v", i, got, want, err)
		}
	}
	if left := entries(t, d, "tg:1", turn.Position{}, 9); len(left) != 1 || !left[0].At.Equal(before) {
		t.Errorf("left of the first: %+v", left)
	}
	if _, found := find(t, d, "tg:2"); !found || len(entries(t, d, "tg:2", turn.Position{}, 9)) != 0 {
		t.Errorf("the second is found: %v", found)
	}
	if n := count(t, conn, `SELECT count(*) FROM files WHERE id NOT IN ('sent', 'of staff')`); n != 4 || count(t, conn, `SELECT count(*) FROM files`) != 4 {
		t.Errorf("%d of the files are left that should be", n)
	}
	have := tables(t, conn)
	for name, want := range map[string]bool{
		"messages_2026_01": false, "messages_2026_02": false, "messages_2026_03": true, "messages_2026_04": true, "messages_default": true,
	} {
		if slices.Contains(have, name) != want {
			t.Errorf("%s exists: %v", name, !want)
		}
	}
	save(t, d, chapter("tg:2", 8)) // and he goes on where he stood
	if r, _ := find(t, d, "tg:2"); r.Revision != 8 {
		t.Errorf("who goes on stands at %d", r.Revision)
	}
}
