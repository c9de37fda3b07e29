package postgres_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog/turn"
)

func TestEraseLeavesNothingOfTheConversation(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	kept, err := d.KeepEvidence(t.Context(), effect("tg:1", 4), plain, []chat.File{{ID: "f1", Name: "photo.jpg"}})
	must(t, err)
	e, s := effect("tg:1", 5), submission(meterOf(t, d), 14920)
	s.Evidence = kept.IDs
	submit(t, d, e, s)
	submit(t, d, effect("tg:1", 6), s)
	submit(t, d, effect("tg:2", 1), s)
	submit(t, d, effect("tg:1", 7), s)
	save(t, d, chapter("tg:1", 7), chapter("tg:2", 7))
	must(t, d.Put(t.Context(), turn.Casualty{ID: "tg:bot:1", Conversation: "tg:1", At: noon, Payload: []byte("x")}))
	must(t, d.AddFile(t.Context(), "file1", "", "tg:1"))
	must(t, d.AddChunk(t.Context(), "file1", 0, []byte("sealed")))
	must(t, d.FinishFile(t.Context(), "file1", 6, "k", nil, nil))
	must(t, d.AddFile(t.Context(), "letter", "", ""))
	must(t, d.FinishFile(t.Context(), "letter", 6, "k", nil, nil))
	must(t, d.AddLink(t.Context(), []byte("given to him"), "letter", "tg:1", noon))
	must(t, d.AddLink(t.Context(), []byte("of his file"), "file1", "tg:2", noon))
	then := pgtest.Connect(t, url, func(c *postgres.Config) { c.Now = func() time.Time { return noon } })
	for form, c := range []chat.Conversation{"tg:1", "tg:2"} {
		must(t, d.Vouch(t.Context(), c, []billing.AccountNumber{plain, "0203118468"}, noon))
		made, err := d.Link(t.Context(), effect(c, 20+form), customer.Linking{
			Account: plain, Vouched: true, Consent: customer.Documents{}.Text(customer.ForLinking, "ru").Give(),
		})
		must(t, err)
		_, err = d.Look(t.Context(), effect(c, 30+form), made.Link, "bills")
		must(t, err)
		choice := visit.Choice{Office: "01", Service: "charges", Start: at(t, "2026-11-27 10:00").Add(time.Duration(form) * time.Hour)}
		_, err = then.HoldSlot(t.Context(), effect(c, 50+form), choice)
		must(t, err)
		_, err = then.Book(t.Context(), effect(c, 60+form), visit.Order{Choice: choice, Link: made.Link, Name: privacy.NewPersonName("Иванова")})
		must(t, err)
		_, err = then.HoldSlot(t.Context(), effect(c, 70+form), choice)
		must(t, err)
		wish := visit.Wish{Office: "01", Service: "charges", First: calendar.DateOf(noon, time.UTC).Add(3), Last: calendar.DateOf(noon, time.UTC).Add(3)}
		_, err = then.JoinWaiting(t.Context(), effect(c, 80+form), wish)
		must(t, err)
		_, err = d.SendCode(t.Context(), effect(c, 40+form), customer.CodeOrder{Account: plain, Way: notice.SMS})
		must(t, err)
	}

	must(t, d.Erase(t.Context(), "tg:1", 0, "op:7", "request"))

	if _, found := find(t, d, "tg:1"); found {
		t.Error("the record is still there")
	}
	if _, found := find(t, d, "tg:2"); !found {
		t.Error("another conversation was erased")
	}
	conn := pgtest.Conn(t, url)
	// What names it still are the records of the erasure itself, and effects
	// without their results, which must not be carried out again.
	allowed := map[string]bool{"tombstones": true, "erasures": true, "effects": true}
	for _, table := range tables(t, conn) {
		n := count(t, conn, `SELECT count(*) FROM `+table+` t WHERE t::text ~ '\mtg:1\M'`)
		if n != 0 && !allowed[table] {
			t.Errorf("%s still names the conversation in %d rows", table, n)
		}
	}
	if n := count(t, conn, `SELECT count(*) FROM effects WHERE conversation = 'tg:1' AND result IS NOT NULL`); n != 0 {
		t.Errorf("%d results are left", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM file_links`); n != 0 {
		t.Errorf("%d links are left", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM file_chunks`); n != 0 {
		t.Errorf("%d chunks are left", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM evidence WHERE name <> '' OR foreign_id <> ''`); n != 0 {
		t.Errorf("%d files can still be traced", n)
	}
	// That somebody agreed, and was shown something, is kept without who.
	if n := count(t, conn, `SELECT count(*) FROM consents WHERE conversation IS NULL AND action = '' AND withdrawn_at IS NOT NULL`); n != 1 {
		t.Errorf("%d consents of nobody", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM looks WHERE conversation IS NULL`); n != 1 {
		t.Errorf("%d looks of nobody", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM visits WHERE conversation IS NULL AND account IS NULL AND body IS NULL AND status = 'cancelled'`); n != 1 {
		t.Errorf("%d visits of nobody", n)
	}
	if list, err := then.Bookings(t.Context(), "tg:2", noon); err != nil || len(list) != 1 || list[0].Name.IsZero() {
		t.Errorf("another conversation lost its visit: %+v, %v", list, err)
	}
	if list, err := d.Links(t.Context(), "tg:2", noon); err != nil || len(list) != 1 {
		t.Errorf("another conversation lost its link: %v", err)
	}
	if got := facts(t, d, plain); len(got) != 1 {
		t.Errorf("the account lost its readings: %d", len(got))
	}
	if n := count(t, conn, `SELECT messages FROM erasures WHERE conversation = 'tg:1' AND actor = 'op:7' AND files = 1`); n != 3 {
		t.Errorf("the act counts %d messages", n)
	}
	if _, err := d.SubmitReadings(t.Context(), e, s); !errors.Is(err, postgres.ErrErased) || !fault.Is(err, fault.Denied) {
		t.Errorf("an erased effect was repeated: %v", err)
	}
}

// tables are all that hold rows of their own, those of the queue included.
func tables(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT relname FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^goose'`)
	must(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	return list
}

// Whoever adds a table that names conversations has to say what an erasure does to
// it.
func TestAnErasureKnowsEveryTable(t *testing.T) {
	t.Parallel()
	conn := pgtest.Conn(t, pgtest.URL(t))
	rows, err := conn.Query(t.Context(), `SELECT table_name::text FROM information_schema.columns c
		WHERE column_name = 'conversation' AND table_schema = 'public'
		  AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.table_name::regclass)`)
	must(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	if len(list) < 20 {
		t.Fatalf("only %d tables name conversations", len(list))
	}
	// The records of the erasure itself, and of who of the staff saw what (spec §3.1).
	stays := []string{"tombstones", "erasures", "audit"}
	all := strings.Join(postgres.ErasureSQL, "\n")
	for _, table := range list {
		if !slices.Contains(stays, table) && !regexp.MustCompile(`(FROM|UPDATE) `+table+`\s`).MatchString(all) {
			t.Errorf("%s names conversations, and an erasure leaves them there", table)
		}
	}
}

func TestAnErasedConversationStaysErased(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	save(t, d, chapter("tg:1", 7))
	must(t, d.Erase(t.Context(), "tg:1", 0, "op:7", "request"))
	save(t, d, chapter("tg:1", 8)) // An archiver that had read it before.
	r, found := find(t, d, "tg:1")
	if found || len(entries(t, d, "tg:1", turn.Position{}, 9)) != 0 {
		t.Fatal("a late copy brought it back")
	}
	if r.Revision <= 8 {
		t.Fatalf("a new life would begin at %d and repeat revisions", r.Revision)
	}
	back := chapter("tg:1", r.Revision+1)
	save(t, d, back)
	if got, found := find(t, d, "tg:1"); !found || got.Revision != r.Revision+1 {
		t.Errorf("who came back is not archived: revision %d", got.Revision)
	}
	if n := len(entries(t, d, "tg:1", turn.Position{}, 9)); n != 3 {
		t.Errorf("who came back has %d entries", n)
	}
	must(t, d.Erase(t.Context(), "tg:1", 0, "customer", "request"))
	if again, found := find(t, d, "tg:1"); found || again.Revision <= r.Revision+1 {
		t.Errorf("the second erasure: found %v, floor %d", found, again.Revision)
	}
	must(t, d.Erase(t.Context(), "tg:unknown", 0, "customer", "request"))
}

// The live store is ahead of the archive, and a conversation that has just begun is
// known there alone.
func TestWhatWasNotArchivedYetStaysErased(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	later := time.Now().Add(time.Hour).UnixMilli()
	for c, of := range map[chat.Conversation]struct{ live, saved int64 }{
		"tg:1": {live: later, saved: later + 3},
		"tg:2": {live: 0, saved: time.Now().UnixMilli() + 3}, // it began after the live store was asked
	} {
		must(t, d.Erase(t.Context(), c, of.live, "op:7", "request"))
		save(t, d, chapter(c, of.saved))
		if _, found := find(t, d, c); found || len(entries(t, d, c, turn.Position{}, 9)) != 0 {
			t.Errorf("a late copy of %s brought it back", c)
		}
	}
}

func TestEraseAgainstSaves(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	const rounds = 20
	together(4, func(i int) {
		for revision := int64(1); revision <= rounds; revision++ {
			if i == 0 && revision == rounds/2 {
				if err := d.Erase(t.Context(), "tg:1", 0, "op:7", "request"); err != nil {
					t.Error(err)
				}
				return
			}
			if err := d.Save(t.Context(), []turn.Chapter{chapter("tg:1", revision)}); err != nil {
				t.Error(err)
			}
		}
	})
	if _, found := find(t, d, "tg:1"); found || len(entries(t, d, "tg:1", turn.Position{}, 9)) != 0 {
		t.Error("a save that ran beside the erasure brought something back")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
