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

// marking is a turn that marks something.
func marking(c chat.Conversation, revision int64, of string) turn.Chapter {
	ch := chapter(c, revision)
	ch.Entries[0].Body = fmt.Appendf(nil, `{"k":"text","t":"?","y":[{"w":"question.unknown","o":%q}]}`, of)
	return ch
}

// Marks are counted once, however often and beside whatever their turns are
// saved.
func TestMarksAreCountedOnce(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	first, second, other := marking("tg:1", 1, "где взять справку"), marking("tg:2", 7, "где взять справку"), marking("tg:1", 2, "а зимой")
	save(t, d, first, chapter("tg:3", 1))
	save(t, d, first, second)
	together(4, func(int) {
		if err := d.Save(t.Context(), []turn.Chapter{other, second, first}); err != nil {
			t.Error(err)
		}
	})
	quoting := chapter("tg:4", 1) // a customer may write what our marks look like
	quoting.Entries[0].Body = []byte(`{"k":"text","t":"\"y\":[{\"w\":\"question.unknown\",\"o\":\"x\"}]"}`)
	save(t, d, quoting)

	got, err := d.Tallies(t.Context(), "question.unknown", 10)
	if err != nil {
		t.Fatal(err)
	}
	at := func(revision int) time.Time {
		return noon.Add(time.Duration(revision) * time.Second).Truncate(time.Microsecond)
	}
	want := []postgres.Tally{
		{Of: "где взять справку", Times: 2, First: at(1), Last: at(7)}, {Of: "а зимой", Times: 1, First: at(2), Last: at(2)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tallies (-want +got):\n%s", diff)
	}
}
