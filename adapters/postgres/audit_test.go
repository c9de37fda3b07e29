package postgres_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// write writes as many lines as there are texts, which stand everywhere.
func write(t *testing.T, d *postgres.DB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		must(t, d.Audit(t.Context(), audit.Entry{
			Act: audit.Look, Conversation: "tg:" + text, Subject: text, Reason: text, Address: text,
			Before: map[string]string{"longer than the next": text, "b": ""}, After: map[string]string{text: text},
		}))
	}
}

func breaches(t *testing.T, d *postgres.DB, marks ...audit.Mark) ([]audit.Breach, audit.Mark) {
	t.Helper()
	c := audit.Check{Marks: marks}
	end, err := d.CheckAudit(t.Context(), &c)
	must(t, err)
	return c.Breaches, end
}

// The database and core/audit agree on every hash, whatever stands in a line.
func TestAuditIsAChain(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	if found, end := breaches(t, d); len(found) > 0 || end.Number != 0 {
		t.Errorf("an empty book: %v, %v", found, end)
	}
	write(t, d, "", "anna", "Ёлка «ёж»", `"quoted" \ back`, "line\nbreak\ttab", "🔑 1:2:3", strings.Repeat("длинно ", 3000))
	together(8, func(i int) {
		if err := d.Audit(t.Context(), audit.Entry{Act: audit.Note, Subject: fmt.Sprint(i)}); err != nil {
			t.Error(err)
		}
	})
	found, end := breaches(t, d)
	if len(found) > 0 || end.Number != 15 {
		t.Errorf("%v, the end is %v", found, end)
	}
	write(t, d, "later")
	if found, _ := breaches(t, d, end); len(found) > 0 {
		t.Errorf("the mark of an hour ago: %v", found)
	}
}

func TestAuditIsListed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	d := pgtest.Open(t, func(c *postgres.Config) { c.Now = func() time.Time { return at } })
	anna, err := d.AddStaff(t.Context(), audit.Entry{}, "anna", "hash", false, staff.Card{Name: "Анна"})
	must(t, err) // and stands in the audit himself
	must(t, d.Audit(t.Context(), audit.Entry{Act: audit.SignIn, Staff: anna.ID}))
	at = at.Add(time.Hour)
	full := audit.Entry{
		Act: audit.Look, Staff: anna.ID, Conversation: "tg:1001", Subject: "******1372", Reason: "звонок",
		Before: map[string]string{"phone": "***89"}, After: map[string]string{"phone": "***77"}, Address: "10.0.0.1",
	}
	must(t, d.Audit(t.Context(), full))
	must(t, d.Audit(t.Context(), audit.Entry{Act: audit.Look, Conversation: "web:1"}))
	full.Number, full.At, full.Name = 3, at, "Анна"
	for name, c := range map[string]struct {
		filter audit.Filter
		want   []int64
	}{
		"all":               {audit.Filter{Limit: 10}, []int64{4, 3, 2, 1}},
		"the first page":    {audit.Filter{Limit: 2}, []int64{4, 3}},
		"the next":          {audit.Filter{Limit: 2, Below: 3}, []int64{2, 1}},
		"of one":            {audit.Filter{Limit: 10, Staff: anna.ID}, []int64{3, 2}},
		"of one kind":       {audit.Filter{Limit: 10, Act: audit.Look}, []int64{4, 3}},
		"of a conversation": {audit.Filter{Limit: 10, About: "tg:1001"}, []int64{3}},
		"of a subject":      {audit.Filter{Limit: 10, About: "******1372"}, []int64{3}},
		"before":            {audit.Filter{Limit: 10, To: at}, []int64{2, 1}},
		"since":             {audit.Filter{Limit: 10, From: at, Staff: anna.ID}, []int64{3}},
		"of nobody":         {audit.Filter{Limit: 10, Staff: 99}, nil},
		"of an injection":   {audit.Filter{Limit: 10, About: "' OR true --"}, nil},
	} {
		list, err := d.ListAudit(t.Context(), c.filter)
		must(t, err)
		var got []int64
		for _, e := range list {
			got = append(got, e.Number)
			if e.Number == 3 {
				if diff := cmp.Diff(full, e, cmpopts.EquateApproxTime(0)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The program's own role may not change a line, whatever it tries; a
// superuser, who may switch the refusal off, shows.
func TestTamperingWithTheAudit(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	write(t, d, "a", "b", "c", "d")
	for _, sql := range []string{
		`UPDATE audit SET did = 'note' WHERE id = 2`, `DELETE FROM audit WHERE id = 2`, `DELETE FROM audit`, `TRUNCATE audit`,
		`DELETE FROM audit_head`, `INSERT INTO audit SELECT * FROM audit WHERE id = 1 ON CONFLICT (id) DO UPDATE SET did = 'note'`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "only added") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	found, end := breaches(t, d)
	if len(found) > 0 {
		t.Fatalf("before anything was done: %v", found)
	}
	for _, c := range []struct {
		sql  string
		want audit.Breach
	}{
		{`UPDATE audit SET reason = 'другая' WHERE id = 2`, audit.Breach{Number: 2, Kind: audit.Changed}},
		{`UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 2`, audit.Breach{Number: 2, Kind: audit.Changed}},
		{`UPDATE audit SET after = '{}' WHERE id = 3`, audit.Breach{Number: 3, Kind: audit.Changed}},
		{`DELETE FROM audit WHERE id = 1`, audit.Breach{Number: 1, Kind: audit.Missing}},
		{`DELETE FROM audit WHERE id = 3`, audit.Breach{Number: 3, Kind: audit.Missing}},
		{`DELETE FROM audit WHERE id = 4`, audit.Breach{Number: 4, Kind: audit.Cut}},
		{`INSERT INTO audit (id, at, did, hash) VALUES (5, now(), 'look', '\x00')`, audit.Breach{Number: 5, Kind: audit.Changed}},
		{`DELETE FROM audit WHERE id = 4; UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit WHERE id = 3)`, audit.Breach{Number: 4, Kind: audit.Missing}},
	} {
		exec(t, conn, `BEGIN; SET LOCAL session_replication_role = replica; CREATE TABLE a AS TABLE audit; CREATE TABLE h AS TABLE audit_head; `+c.sql+`; COMMIT`)
		found, _ := breaches(t, d, end)
		if len(found) == 0 || found[0] != c.want {
			t.Errorf("%s: %v", c.sql, found)
		}
		exec(t, conn, `BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM audit; INSERT INTO audit TABLE a; DELETE FROM audit_head; INSERT INTO audit_head TABLE h; DROP TABLE a, h; COMMIT`)
		if found, _ := breaches(t, d, end); len(found) > 0 {
			t.Fatalf("put back after %s: %v", c.sql, found)
		}
	}
}

// Lines go after three years, once, and the chain goes on from the last of them;
// nobody can have them go earlier.
func TestOldLinesGo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url, func(c *postgres.Config) { c.Now = func() time.Time { return at } }), pgtest.Conn(t, url)
	prune := func(want int64) {
		t.Helper()
		if gone, err := d.PruneAudit(t.Context()); err != nil || gone != want {
			t.Errorf("%s: %d lines went, %v", at, gone, err)
		}
	}
	prune(0) // of an empty book
	write(t, d, "a", "b")
	_, old := breaches(t, d)
	at = at.AddDate(1, 0, 0)
	write(t, d, "c")
	_, kept := breaches(t, d)
	at = time.Date(2029, 11, 27, 11, 59, 59, 0, time.UTC)
	prune(0)
	at = at.Add(time.Second)
	write(t, d, "d")
	for _, sql := range []string{
		`UPDATE audit_base SET number = 3, hash = (SELECT hash FROM audit WHERE id = 3)`, `UPDATE audit_base SET number = 2, hash = '\x00'`,
		`DELETE FROM audit WHERE id = 1`, `DELETE FROM audit_base`, `TRUNCATE audit_base`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "only added") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	prune(2)
	prune(0)
	list, err := d.ListAudit(t.Context(), audit.Filter{Limit: 9})
	must(t, err)
	if len(list) != 3 || list[0].Act != audit.AuditPrune || list[0].After["last"] != "2" || list[2].Number != 3 {
		t.Errorf("what is left: %+v", list)
	}
	if found, end := breaches(t, d, kept); len(found) > 0 || end.Number != 5 {
		t.Errorf("%v, the end is %v", found, end)
	}
	if found, _ := breaches(t, d, old); len(found) > 0 {
		t.Errorf("the mark of the last that went: %v", found)
	}
	older := audit.Mark{Number: 1, Hash: old.Hash}
	if found, _ := breaches(t, d, older); len(found) != 1 || found[0] != (audit.Breach{Number: 1, Kind: audit.Gone}) {
		t.Errorf("an older mark: %v", found)
	}
	if _, err := conn.Exec(t.Context(), `DELETE FROM audit WHERE id = 3`); err == nil {
		t.Error("a line that is young can be deleted")
	}
	at = at.AddDate(9, 0, 0)
	write(t, d, "e")
	prune(3) // the last line stays, however old
	if found, end := breaches(t, d); len(found) > 0 || end.Number != 7 {
		t.Errorf("%v, the end is %v", found, end)
	}
}

// What was written before there was a chain stands at its beginning.
func TestTheChainBeginsWithWhatWasThere(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	conn := pgtest.Conn(t, url)
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	for _, file := range files {
		sql, err := os.ReadFile(file)
		must(t, err)
		if strings.HasSuffix(file, "00017_audit.sql") {
			exec(t, conn, `INSERT INTO staff (login, name, password) VALUES ('anna', 'Анна', 'hash')`)
			exec(t, conn, `INSERT INTO audit (at, staff, did, conversation) VALUES (now(), 1, 'look', 'tg:1'), (now(), NULL, 'sign_in_refused', '')`)
			exec(t, conn, `DELETE FROM audit WHERE id = 1`)
			exec(t, conn, `INSERT INTO audit (at, staff, did, conversation) VALUES (now(), 1, 'say', 'tg:2')`)
		}
		exec(t, conn, string(sql))
	}
	d := pgtest.Connect(t, url)
	if found, end := breaches(t, d); len(found) > 0 || end.Number != 2 {
		t.Errorf("%v, the end is %v", found, end)
	}
	list, err := d.ListAudit(t.Context(), audit.Filter{Limit: 9})
	must(t, err)
	if len(list) != 2 || list[0].Act != audit.Say || list[0].Name != "Анна" || list[1].Act != audit.SignInRefused {
		t.Errorf("%+v", list)
	}
	if a, _, err := d.FindStaff(t.Context(), "anna"); err != nil || !a.May(staff.AnswerDesk) {
		t.Errorf("who was there before may not go on: %+v, %v", a.Roles, err)
	}
}
