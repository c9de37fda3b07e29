package turntest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Backlog holds a live store to turn.Backlog.
func Backlog(t *testing.T, open OpenLive) {
	t.Helper()
	run(t, open, map[string]func(*pair){
		"what has changed is dirty until it is archived": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 1), turn.WonDelivery)
			p.dirty(p.a, anna)
			chapter := p.read(anna)
			p.must(p.a.Archived(p.Context(), []turn.Chapter{chapter}, noon.Add(-time.Hour)))
			p.dirty(p.a)
			p.delivered(p.a, anna, at(1, 1), "", true, false)
			p.dirty(p.a, anna)
			if c := p.read(anna); len(c.Entries) != 1 || c.Archived != at(1, 1) || c.Cursor != at(1, 1) {
				p.Errorf("archived %s, cursor %s, %d entries", c.Archived, c.Cursor, len(c.Entries))
			}
		},
		"a change while it is archived stays dirty": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 0), turn.Won)
			chapter := p.read(anna)
			p.commit(p.b, said(anna, 1, 2, 0), turn.Won)
			p.must(p.a.Archived(p.Context(), []turn.Chapter{chapter}, noon))
			p.dirty(p.a, anna)
		},
		"one replica archives at a time": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 0), turn.Won)
			p.dirty(p.a, anna)
			p.dirty(p.b)
			p.leaseEnd()
			p.dirty(p.b, anna)
		},
		"what is unknown is left out": func(p *pair) {
			chapters, err := p.a.Read(p.Context(), []chat.Conversation{anna})
			p.must(err)
			if len(chapters) != 0 {
				p.Errorf("read %+v", chapters)
			}
		},
		"old entries are trimmed, undelivered ones never": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 2), turn.WonDelivery)
			p.delivered(p.a, anna, at(1, 1), "", true, true)
			p.must(p.a.Archived(p.Context(), []turn.Chapter{p.read(anna)}, noon.Add(time.Hour)))
			p.unsent(anna, at(1, 2))
			p.delivered(p.a, anna, at(1, 2), "", true, false)
			p.must(p.a.Archived(p.Context(), []turn.Chapter{p.read(anna)}, noon.Add(time.Hour)))
			p.commit(p.a, said(anna, 1, 2, 1), turn.WonDelivery) // positions go on after a trim
			p.unsent(anna, at(2, 1))
		},
		"eviction": func(p *pair) {
			evict := func(before time.Time, want bool) {
				p.Helper()
				ok, err := p.a.Evict(p.Context(), anna, before)
				p.must(err)
				if ok != want {
					p.Errorf("evicted: %v, want %v", ok, want)
				}
			}
			later := noon.Add(time.Minute)
			evict(later, false) // unknown
			c := said(anna, 0, 1, 1)
			c.Due = noon.Add(time.Hour)
			p.commit(p.a, c, turn.WonDelivery)
			p.clean()
			evict(later, false) // unsent
			p.delivered(p.a, anna, at(1, 1), "", true, false)
			p.clean()
			evict(later, false) // something is due
			p.commit(p.a, said(anna, 1, 2, 0), turn.Won)
			evict(later, false) // not archived
			p.clean()
			evict(noon.Add(-time.Minute), false) // changed since
			evict(later, true)
			if p.load(anna).Found {
				p.Error("it is still there")
			}
			p.due(noon.Add(100 * 24 * time.Hour))
		},
	})
}

// clean archives everything there is of anna.
func (p *pair) clean() {
	p.Helper()
	p.must(p.a.Archived(p.Context(), []turn.Chapter{p.read(anna)}, noon.Add(-time.Hour)))
}

// Archive holds an archive to turn.Archive; open returns an empty one.
func Archive(t *testing.T, open func(t *testing.T) turn.Archive) {
	t.Helper()
	chapter := func(c chat.Conversation, revision int64) turn.Chapter {
		commit := said(c, revision-1, revision, 1)
		return turn.Chapter{Entries: commit.Entries, Record: turn.Record{
			Conversation: c, Revision: revision, State: commit.State, Seen: commit.Seen, Tail: commit.Tail, Cursor: commit.Tail,
		}}
	}
	save := func(t *testing.T, a turn.Archive, chapters ...turn.Chapter) {
		t.Helper()
		if err := a.Save(t.Context(), chapters); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("what was saved is found", func(t *testing.T) {
		t.Parallel()
		a := open(t)
		one, two := chapter(anna, 1), chapter(anna, 2)
		two.Due = noon
		save(t, a, one)
		save(t, a, two, one) // again, and an older one last
		got, found, err := a.Find(t.Context(), anna)
		want := two.Record
		want.Archived = at(2, 1)
		if diff := cmp.Diff(want, got); err != nil || !found || diff != "" {
			t.Errorf("found %v, %v (-want +got):\n%s", found, err, diff)
		}
		log, err := a.Entries(t.Context(), anna, at(1, 0), 2)
		if err != nil || len(log) != 2 || log[0].Position != at(1, 1) || log[1].Position != at(2, 0) {
			t.Errorf("entries %+v, %v", log, err)
		}
		if _, found, err := a.Find(t.Context(), boris); found || err != nil {
			t.Errorf("a stranger: found %v, %v", found, err)
		}
	})
	t.Run("the cursor moves within a revision", func(t *testing.T) {
		t.Parallel()
		a, c := open(t), chapter(anna, 3)
		c.Cursor = turn.Position{}
		save(t, a, c)
		c.Cursor, c.Prompt, c.Entries = at(3, 1), "m1", nil
		c.Archived = at(3, 1)
		save(t, a, c)
		if got, _, err := a.Find(t.Context(), anna); err != nil || got.Cursor != at(3, 1) || got.Prompt != "m1" {
			t.Errorf("cursor %s, prompt %q, %v", got.Cursor, got.Prompt, err)
		}
	})
	t.Run("what is owed, page by page", func(t *testing.T) {
		t.Parallel()
		a := open(t)
		var want []chat.Conversation
		for n := range 5 {
			unsent, due := chapter(chat.Conversation(fmt.Sprintf("tg:1%d", n)), 1), chapter(chat.Conversation(fmt.Sprintf("web:%d", n)), 1)
			unsent.Cursor, due.Due = turn.Position{}, noon
			save(t, a, unsent, due, chapter(chat.Conversation(fmt.Sprintf("vk:%d", n)), 1))
			want = append(want, unsent.Conversation, due.Conversation)
		}
		slices.Sort(want)
		var got []chat.Conversation
		for after := chat.Conversation(""); ; after = got[len(got)-1] {
			page, err := a.Owing(t.Context(), after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page {
				got = append(got, r.Conversation)
			}
			if len(page) == 0 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("owing (-want +got):\n%s", diff)
		}
	})
}

// Marks holds a store to turn.Marks; open returns an empty one.
func Marks(t *testing.T, open func(t *testing.T) turn.Marks) {
	t.Helper()
	t.Run("one of many begins a generation", func(t *testing.T) {
		t.Parallel()
		m := open(t)
		mark, server, err := m.Mark(t.Context())
		if err != nil || mark != "" || server != "" {
			t.Fatalf("before the first: %q of %q, %v", mark, server, err)
		}
		var all sync.WaitGroup
		got := make([]string, 8)
		for i := range got {
			all.Go(func() { got[i], _ = m.NewMark(t.Context(), "", "s1") })
		}
		all.Wait()
		mark, server, err = m.Mark(t.Context())
		if err != nil || mark == "" || server != "s1" || len(slices.Compact(append(got, mark))) != 1 {
			t.Errorf("marks %v, then %q of %q, %v", got, mark, server, err)
		}
		next, err := m.NewMark(t.Context(), mark, "s2")
		if err != nil || next == mark || next == "" {
			t.Errorf("after %q came %q, %v", mark, next, err)
		}
		if again, err := m.NewMark(t.Context(), mark, "s3"); err != nil || again != next {
			t.Errorf("a mark of the past gave %q, want %q (%v)", again, next, err)
		}
	})
}

// Quarantine holds a store to turn.Quarantine; open returns an empty one, and a
// function that lists the IDs that it keeps, in order.
func Quarantine(t *testing.T, open func(t *testing.T) (turn.Quarantine, func() []string)) {
	t.Helper()
	t.Run("a casualty is kept once", func(t *testing.T) {
		t.Parallel()
		q, kept := open(t)
		for _, id := range []string{"e1", "e2", "e1"} {
			err := q.Put(t.Context(), turn.Casualty{ID: id, At: noon, Cause: "step on text: panic", Payload: []byte{0, 0xff}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := kept(); !slices.Equal(got, []string{"e1", "e2"}) {
			t.Errorf("kept %v", got)
		}
	})
}
