package main

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// A bill is printed for the conversation that is linked, once for an effect,
// and kept where no one reads it but through the store.
func TestPapers(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	if err := s.stores.db.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := newPapers(s.config, s.stores)
	if err != nil {
		t.Fatal(err)
	}
	const conversation chat.Conversation = "tg:1"
	at := time.Date(2026, time.November, 27, 12, 0, 0, 0, p.zone)
	link := customer.Link{ID: 1, Conversation: conversation, Account: "0203118468", Since: at, Used: at}
	effect := dialog.Effect{ID: "tg:1/7/1", Conversation: conversation, At: at}
	october := billing.Period{Year: 2026, Month: time.October}

	file, err := p.Paper(t.Context(), effect, link, october, "bill.pdf")
	if err != nil || !file.Personal || file.Type != "application/pdf" {
		t.Fatalf("%+v, %v", file, err)
	}
	_, content, err := s.stores.files.Open(t.Context(), file.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if data, err := io.ReadAll(content); err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || int64(len(data)) != file.Size {
		t.Errorf("%d bytes of %d, %v", len(data), file.Size, err)
	}
	if again, err := p.Paper(t.Context(), effect, link, october, "bill.pdf"); err != nil || again != file {
		t.Errorf("repeated: %+v, %v", again, err)
	}
	if _, err := p.Paper(t.Context(), effect, link, october.Add(12), "bill.pdf"); !errors.Is(err, bill.ErrNoBill) {
		t.Errorf("a month without a bill: %v", err)
	}
	for name, wrong := range map[string]customer.Link{
		"another's": {Conversation: "tg:2", Account: link.Account, Since: at, Used: at},
		"old":       {Conversation: conversation, Account: link.Account, Since: at.AddDate(-3, 0, 0), Used: at.AddDate(-2, 0, 0)},
	} {
		if _, err := p.Paper(t.Context(), effect, wrong, october, "bill.pdf"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s link: %v", name, err)
		}
	}
}
