package main

import (
	"bytes"
	"io"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// A bill is printed for the conversation of its effect, once a day however often
// it is asked for, and nobody else can open it.
func TestPapers(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	p, err := newPapers(s.config, s.stores.files)
	if err != nil {
		t.Fatal(err)
	}
	l, found, err := s.stores.db.Ledger(t.Context(), "0203118468")
	if err != nil || !found {
		t.Fatalf("found %v, %v", found, err)
	}
	b, err := l.Bill(billing.Period{Year: 2026, Month: time.October}, calendar.Date{Year: 2026, Month: time.November, Day: 27}, prices.Book())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC)
	paper := func(id string, c chat.Conversation, l *bill.Ledger, b *bill.Bill, at time.Time) (chat.File, error) {
		t.Helper()
		return p.Paper(t.Context(), dialog.Effect{ID: id, Conversation: c, At: at}, l, b, "Счёт за октябрь 2026")
	}
	first, err := paper("web:1/7/1", "web:1", &l, &b, at)
	if err != nil || !first.Personal || first.Type != "application/pdf" || first.Name != "Счёт за октябрь 2026.pdf" {
		t.Fatalf("%+v, %v", first, err)
	}
	store := webFiles{s.stores.files, s.stores.db}
	f, content, err := store.Open(t.Context(), "web:1", first.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if data, err := io.ReadAll(content); err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || int64(len(data)) != first.Size || f.Size != first.Size {
		t.Errorf("%d bytes of %d, %v", len(data), first.Size, err)
	}
	if _, _, err := store.Open(t.Context(), "web:2", first.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another conversation opens it: %v", err)
	}
	for name, again := range map[string]struct {
		effect string
		of     chat.Conversation
		at     time.Time
		same   bool
	}{
		"the effect repeated":  {"web:1/7/1", "web:1", at, true},
		"asked again that day": {"web:1/9/1", "web:1", at.Add(time.Hour), true},
		"the next day":         {"web:1/9/1", "web:1", at.AddDate(0, 0, 1), false},
		"another conversation": {"web:2/7/1", "web:2", at, false},
	} {
		file, err := paper(again.effect, again.of, &l, &b, again.at)
		if err != nil || (file.ID == first.ID) != again.same {
			t.Errorf("%s: %+v, %v", name, file, err)
		}
	}
	if _, err := paper("web:1/9/2", "web:1", &l, &bill.Bill{}, at); !fault.Is(err, fault.Invalid) {
		t.Errorf("no statement: %v", err)
	}
}
