package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

var (
	_ turn.Archive    = (*postgres.DB)(nil)
	_ turn.Marks      = (*postgres.DB)(nil)
	_ turn.Quarantine = (*postgres.DB)(nil)
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123_000, time.UTC)

func position(revision int64, n int) turn.Position { return turn.Position{Revision: revision, N: n} }

func entry(revision int64, n int, kind turn.EntryKind) turn.Entry {
	return turn.Entry{
		Position: position(revision, n), Kind: kind,
		At:   noon.Add(time.Duration(revision) * time.Second),
		Body: fmt.Appendf(nil, `{"text":"%d-%d"}`, revision, n),
	}
}

// chapter is the state of a conversation after its turn number revision.
func chapter(c chat.Conversation, revision int64) turn.Chapter {
	return turn.Chapter{
		Record: turn.Record{
			Conversation: c, Revision: revision, State: []byte{0, 1, 0xff, byte(revision)},
			Seen: fmt.Sprintf("%d tg:bot:%d", revision, revision), Holder: "",
			Cursor: position(revision, 1), Tail: position(revision, 1), Prompt: "17",
		},
		Entries: []turn.Entry{entry(revision, 0, turn.Came), entry(revision, 1, turn.Said), entry(revision, 2, turn.Receipt)},
	}
}

// archived is what Find returns of a chapter that was saved.
func archived(c turn.Chapter) turn.Record {
	r := c.Record
	r.Archived = c.Entries[len(c.Entries)-1].Position
	return r
}

func save(t *testing.T, d turn.Archive, chapters ...turn.Chapter) {
	t.Helper()
	if err := d.Save(t.Context(), chapters); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d turn.Archive, c chat.Conversation) (turn.Record, bool) {
	t.Helper()
	r, found, err := d.Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r, found
}

func entries(t *testing.T, d turn.Archive, c chat.Conversation, after turn.Position, limit int) []turn.Entry {
	t.Helper()
	list, err := d.Entries(t.Context(), c, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestArchiveKeepsWhatWasSaved(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	first, second := chapter("tg:1", 1), chapter("tg:1", 2)
	second.Due = noon.Add(time.Hour)
	second.Holder = "op:7"
	save(t, d, first)
	save(t, d, second, chapter("tg:2", 9))

	got, found := find(t, d, "tg:1")
	if !found {
		t.Fatal("the conversation is not found")
	}
	if diff := cmp.Diff(archived(second), got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	want := append(append([]turn.Entry{}, first.Entries...), second.Entries...)
	if diff := cmp.Diff(want, entries(t, d, "tg:1", turn.Position{}, 100)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:5], entries(t, d, "tg:1", position(1, 1), 3)); diff != "" {
		t.Errorf("entries after 1-1, three of them (-want +got):\n%s", diff)
	}
	if r, found := find(t, d, "tg:3"); found || r.Revision != 0 {
		t.Errorf("an unknown conversation: found %v at revision %d", found, r.Revision)
	}
}

func TestArchiveSaveIsIdempotent(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	old, now := chapter("tg:1", 1), chapter("tg:1", 2)
	save(t, d, now, old) // Both at once, in the wrong order.
	save(t, d, old)
	changed := now
	changed.Entries = []turn.Entry{now.Entries[0]}
	changed.Entries[0].Body = []byte(`"other"`)
	save(t, d, changed)

	got, _ := find(t, d, "tg:1")
	if got.Revision != 2 || got.Archived != position(2, 2) {
		t.Errorf("an older record replaced a newer one: revision %d, archived %v", got.Revision, got.Archived)
	}
	list := entries(t, d, "tg:1", turn.Position{}, 100)
	if len(list) != 6 || string(list[3].Body) != `{"text":"2-0"}` {
		t.Errorf("an entry was doubled or changed: %d entries, %s", len(list), list[3].Body)
	}
}

func TestArchiveMovesTheCursorWithinARevision(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	c := chapter("tg:1", 5)
	c.Cursor = position(4, 2)
	save(t, d, c)
	c.Cursor, c.Prompt = position(5, 1), "18"
	save(t, d, c)
	if got, _ := find(t, d, "tg:1"); got.Cursor != position(5, 1) || got.Prompt != "18" {
		t.Errorf("cursor %v, prompt %q", got.Cursor, got.Prompt)
	}
}

func TestArchiveListsWhatIsOwed(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	unsent, due, settled, cyrillic := chapter("tg:b", 3), chapter("tg:a", 3), chapter("tg:c", 3), chapter("web:ё", 3)
	unsent.Cursor = position(2, 1)
	due.Due = noon
	cyrillic.Due = noon
	save(t, d, unsent, due, settled, cyrillic)

	var got []chat.Conversation
	after := chat.Conversation("")
	for {
		list, err := d.Owing(t.Context(), after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		got, after = append(got, list[0].Conversation), list[0].Conversation
	}
	if diff := cmp.Diff([]chat.Conversation{"tg:a", "tg:b", "web:ё"}, got); diff != "" {
		t.Errorf("owing (-want +got):\n%s", diff)
	}
	due.Due, due.Cursor = time.Time{}, position(3, 1)
	due.Revision = 4
	save(t, d, due)
	if list, _ := d.Owing(t.Context(), "", 9); len(list) != 2 || list[0].Conversation != "tg:b" {
		t.Errorf("a settled conversation is still listed: %d", len(list))
	}
}

func TestReplicasSaveTheSameConversations(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	const replicas, rounds, conversations = 4, 10, 40
	errs := make(chan error, replicas)
	for range replicas {
		d := pgtest.Connect(t, url)
		go func() {
			for revision := int64(1); revision <= rounds; revision++ {
				var batch []turn.Chapter
				for i := range conversations {
					// Each replica in an order of its own.
					batch = append(batch, chapter(chat.Conversation(fmt.Sprintf("tg:%d", (i*7+int(revision))%conversations)), revision))
				}
				if err := d.Save(t.Context(), batch); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range replicas {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	d := pgtest.Connect(t, url)
	for i := range conversations {
		c := chat.Conversation(fmt.Sprintf("tg:%d", i))
		if r, _ := find(t, d, c); r.Revision != rounds {
			t.Errorf("%s ended at revision %d", c, r.Revision)
		}
		if n := len(entries(t, d, c, turn.Position{}, 1000)); n != rounds*3 {
			t.Errorf("%s has %d entries", c, n)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	d := pgtest.Open(b)
	const conversations = 100
	revision := int64(0)
	for b.Loop() {
		revision++
		batch := make([]turn.Chapter, conversations)
		for i := range batch {
			batch[i] = chapter(chat.Conversation(fmt.Sprintf("tg:%d", i)), revision)
			batch[i].State = make([]byte, 600)
			for j := range batch[i].Entries {
				batch[i].Entries[j].Body = make([]byte, 400)
			}
		}
		if err := d.Save(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*conversations*3/b.Elapsed().Seconds(), "entries/s")
}
