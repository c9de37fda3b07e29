package postgres_test

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

func casualty(id string) turn.Casualty {
	return turn.Casualty{ID: id, Conversation: "tg:1", At: noon, Cause: "decode", Payload: []byte("Иванов 0145201372")}
}

// reversed is a Sealer that anybody could open, but that is not the plain text.
type reversed struct{}

func (reversed) Seal(plain []byte, label string) ([]byte, error) {
	sealed := append([]byte(label+"|"), plain...)
	slices.Reverse(sealed)
	return sealed, nil
}

func (reversed) Current() string { return "reversed" }

func (reversed) Digests(plain []byte, label string) [][]byte {
	return [][]byte{[]byte(label + "#" + string(plain)), []byte("older " + label + "#" + string(plain))}
}

func (reversed) Unseal(sealed []byte, label string) ([]byte, error) {
	plain := slices.Clone(sealed)
	slices.Reverse(plain)
	rest, ok := bytes.CutPrefix(plain, []byte(label+"|"))
	if !ok {
		return nil, errors.New("another label")
	}
	return rest, nil
}

func TestQuarantine(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, func(c *postgres.Config) { c.Sealer = reversed{} })
	first, second := casualty("tg:bot:1"), casualty("tg:bot:2")
	second.At = noon.Add(time.Minute)
	must(t, d.Put(t.Context(), first))
	must(t, d.Put(t.Context(), second))
	changed := first
	changed.Cause = "other"
	must(t, d.Put(t.Context(), changed))

	got, err := d.Casualties(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	first.Payload, second.Payload = nil, nil
	first.At, second.At = first.At.Truncate(time.Microsecond), second.At.Truncate(time.Microsecond)
	if diff := cmp.Diff([]turn.Casualty{second, first}, got); diff != "" {
		t.Errorf("listed, newest first and without payloads (-want +got):\n%s", diff)
	}
	one, err := d.Casualty(t.Context(), "tg:bot:1")
	if err != nil || one.Cause != "decode" || string(one.Payload) != "Иванов 0145201372" {
		t.Errorf("one with its payload: %+v, %v", one, err)
	}
	if n := count(t, pgtest.Conn(t, url), `SELECT count(*) FROM quarantine WHERE position('0145201372'::bytea IN payload) > 0`); n != 0 {
		t.Errorf("%d payloads lie open in the table", n)
	}
	if _, err := d.Casualty(t.Context(), "tg:bot:3"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown event: %v", err)
	}
	open := pgtest.Connect(t, url)
	if _, err := open.Casualty(t.Context(), "tg:bot:1"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("sealed, and no key: %v", err)
	}
	must(t, open.Put(t.Context(), casualty("tg:bot:4")))
	if one, err := d.Casualty(t.Context(), "tg:bot:4"); err != nil || string(one.Payload) != "Иванов 0145201372" {
		t.Errorf("kept without a key: %q, %v", one.Payload, err)
	}
	by := audit.Entry{Act: audit.QuarantineDrop, Subject: "tg:bot:4", Reason: "разобрались"}
	must(t, d.DropCasualty(t.Context(), by, "tg:bot:4"))
	if err := d.DropCasualty(t.Context(), by, "tg:bot:4"); !fault.Is(err, fault.NotFound) {
		t.Errorf("dropped twice: %v", err)
	}
	if lines, err := d.ListAudit(t.Context(), audit.Filter{Act: audit.QuarantineDrop, Limit: 9}); err != nil || len(lines) != 1 {
		t.Errorf("written down: %+v, %v", lines, err)
	}
	if n, err := d.DropCasualties(t.Context(), second.At); err != nil || n != 1 {
		t.Errorf("dropped %d, %v", n, err)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	mark, server, err := d.Mark(t.Context())
	if err != nil || mark != "" || server != "" {
		t.Fatalf("at first: %q given to %q, %v", mark, server, err)
	}
	// All replicas find a new server at once and agree on one generation.
	var mu sync.Mutex
	given := map[string]bool{}
	together(8, func(int) {
		got, err := d.NewMark(t.Context(), "", "server-a")
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		given[got] = true
		mu.Unlock()
	})
	mark, server, _ = d.Mark(t.Context())
	if len(given) != 1 || !given[mark] || mark == "" || server != "server-a" {
		t.Errorf("%d generations, current %q given to %q", len(given), mark, server)
	}
	if got, _ := d.NewMark(t.Context(), "old", "server-b"); got != mark {
		t.Errorf("a stale caller changed the generation to %q", got)
	}
	if got, _ := d.NewMark(t.Context(), mark, "server-b"); got == mark || got == "" {
		t.Errorf("the next generation is %q", got)
	}
}
