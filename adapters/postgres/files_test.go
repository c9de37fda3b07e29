package postgres_test

import (
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/fault"
)

// What was begun and never finished goes when it is old, and so do links that
// ran out as long ago; nothing else does.
func TestSweepFiles(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	for _, id := range []string{"begun", "begun long ago", "finished long ago"} {
		must(t, d.AddFile(t.Context(), id, "", ""))
		must(t, d.AddChunk(t.Context(), id, 0, []byte("sealed")))
	}
	must(t, d.FinishFile(t.Context(), "finished long ago", 6, "k", nil, nil))
	exec(t, conn, `UPDATE files SET at = at - interval '25 hours' WHERE id LIKE '%long ago'`)
	now := time.Now()
	for token, until := range map[string]time.Time{"good": now.Add(time.Minute), "out": now.Add(-time.Hour), "long out": now.Add(-25 * time.Hour)} {
		must(t, d.AddLink(t.Context(), []byte(token), "finished long ago", "tg:1", until))
	}
	if n, err := d.SweepFiles(t.Context(), now.Add(-24*time.Hour)); n != 1 || err != nil {
		t.Errorf("%d files were swept, %v", n, err)
	}
	if n := count(t, conn, `SELECT count(*) FROM file_chunks`); n != 2 {
		t.Errorf("%d chunks are left", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM file_links WHERE token IN ('good', 'out')`); n != 2 || count(t, conn, `SELECT count(*) FROM file_links`) != 2 {
		t.Errorf("%d of the links are left that should be", n)
	}
}

// An upload that no message names goes when it is old; one that is named stays,
// and so does what is nobody's upload.
func TestSweepUploads(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	for id, owner := range map[string]string{
		"named": "web/1", "forgotten": "web/2", "of staff": "desk/3", "new": "web/4", "of another": "webber", "of an effect": "web:1/2/3", "nobody's": "",
	} {
		must(t, d.AddFile(t.Context(), id, owner, "web:1"))
		must(t, d.FinishFile(t.Context(), id, 6, "k", nil, nil))
	}
	must(t, d.NameFile(t.Context(), "named"))
	exec(t, conn, `UPDATE files SET at = at - interval '25 hours' WHERE id <> 'new'`)
	if n, err := d.SweepFiles(t.Context(), time.Now().Add(-24*time.Hour), "web/", "desk/"); n != 2 || err != nil {
		t.Errorf("%d files were swept, %v", n, err)
	}
	if n := count(t, conn, `SELECT count(*) FROM files WHERE id NOT IN ('forgotten', 'of staff')`); n != 5 {
		t.Errorf("%d files are left", n)
	}
	if err := d.NameFile(t.Context(), "forgotten"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that was swept is named: %v", err)
	}
}
