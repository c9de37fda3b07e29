package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// A file of somebody else's conversation cannot be attached to one's own case.
func TestCaseFiles(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	for id, c := range map[string]chat.Conversation{"mine": asker, "his": "tg:200", "ours": ""} {
		must(t, b.AddFile(t.Context(), id, "web:"+id, c))
		must(t, b.FinishFile(t.Context(), id, 1, "k", []byte{1}, []byte{1}))
	}
	f := filing(appeal.Question)
	f.Files = []chat.File{{ID: "his"}}
	if _, err := b.RegisterCase(t.Context(), b.click(asker), f); !errors.Is(err, registry.ErrFile) {
		t.Errorf("a stranger's file was attached: %v", err)
	}
	f.Files = []chat.File{{ID: "mine"}, {ID: "ours"}}
	done, err := b.RegisterCase(t.Context(), b.click(asker), f)
	must(t, err)
	if n, err := b.SweepFiles(t.Context(), b.now().AddDate(1, 0, 0), "web:"); err != nil || n != 1 {
		t.Errorf("%d files were tidied away, %v", n, err)
	}
	must(t, b.Erase(t.Context(), asker, 0, "op:1", "request"))
	r, err := b.FindCase(t.Context(), done.Number)
	if err != nil || r.State != life.Closed || r.Resolution != life.AsWithdrawn || r.Conversation != "" || len(r.Answers) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if len(r.Files) != 2 {
		t.Errorf("that there were files is forgotten: %+v", r.Files)
	}
	for _, f := range r.Files {
		if f.ID != "" || f.Name != "" {
			t.Errorf("%+v", f)
		}
	}
	b.expect(t, "reception", "stop")
	for _, table := range tables(t, b.conn) {
		n := count(t, b.conn, `SELECT count(*) FROM `+table+` t WHERE t::text ~ '\mtg:100\M'`)
		if n != 0 && !slices.Contains([]string{"tombstones", "erasures", "effects"}, table) {
			t.Errorf("%s still names the conversation in %d rows", table, n)
		}
	}
	if got := count(t, b.conn, `SELECT count(*) FROM files WHERE id IN ('mine', 'ours')`); got != 0 {
		t.Errorf("%d files are left", got)
	}
}

// Of files that cannot be taken the customer is told once, together, why each was not,
// in the chat that has sent them; the case tells it to who works on it.
func TestCaseFilesAreLost(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	h := &hands{}
	w := h.jobs()
	w.Store = func(_ context.Context, f postgres.File, _ io.Reader) (string, error) {
		for name, key := range map[string]string{"virus.jpg": "file_kind", "film.pdf": "file_size", "empty.txt": "file_empty"} {
			if f.Name == name {
				return "", fmt.Errorf("put file: %w", &fault.Error{Kind: fault.Invalid, Key: key})
			}
		}
		return "", fault.New(fault.Denied, "no")
	}
	stop := b.running(t, w)
	f := filing(appeal.Question)
	f.Files = []chat.File{{ID: "1", Name: "virus.jpg"}, {ID: "2", Name: "film.pdf"}, {ID: "3", Name: "empty.txt"}, {ID: "gone"}}
	done, err := b.RegisterCase(t.Context(), b.click(asker), f)
	must(t, err)
	h.see(t)
	h.see(t)
	news := h.news[len(h.news)-1]
	if len(h.news) != 2 || news.Event != life.Drop || news.Conversation != asker {
		t.Fatalf("%+v", h.news)
	}
	var why []life.Loss
	for _, l := range news.Entry.Do.Lost {
		why = append(why, l.Why)
	}
	if want := []life.Loss{life.OfKind, life.TooBig, life.IsEmpty, life.NotCome}; !slices.Equal(why, want) {
		t.Errorf("lost for %v, want %v", why, want)
	}
	r, err := b.FindCase(t.Context(), done.Number)
	must(t, err)
	if last := r.History[len(r.History)-1]; last.Do.Event != life.Drop || last.Role != life.System || last.Do.Line != 1 || r.State != life.Registered {
		t.Errorf("the case says %+v", last)
	}
	// The same job once more tells nothing new.
	if n := count(t, b.conn, `SELECT count(*) FROM case_files WHERE failure <> ''`); n != 4 {
		t.Errorf("%d files are known to be lost", n)
	}
	exec(t, b.conn, `INSERT INTO river_job (state, kind, queue, args, max_attempts, scheduled_at) SELECT 'available', kind, queue, args, max_attempts, scheduled_at FROM river_job WHERE kind = 'fetch_case_files'`)
	eventually(t, func() bool {
		return count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = 'fetch_case_files' AND state = 'completed'`) == 2
	})
	stop()
	if len(h.work) > 0 {
		t.Error("he is told twice")
	}
}
