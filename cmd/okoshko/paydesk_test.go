package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/payment/demobank"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

// payDesk is a till on a whole server, with a chat that may pay, and its own log.
type payDesk struct {
	*till
	s     *server
	right customer.Link
	log   *bytes.Buffer
	forms int
}

const payer = chat.Conversation("web:payer")

func newPayDesk(t *testing.T) *payDesk {
	t.Helper()
	d := &payDesk{s: startServer(t), log: &bytes.Buffer{}}
	d.s.url(t)
	d.s.boxes.bank.Mute(true)
	own := *d.s.till
	own.log = slog.New(slog.NewTextHandler(&locked{w: d.log}, nil))
	d.till = &own
	ctx, n := t.Context(), billing.AccountNumber("0309188274")
	_, err := d.SendCode(ctx, d.effect(), customer.CodeOrder{Account: n, Way: notice.SMS, Lang: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	var code string
	if err := eventually(ctx, func() (bool, error) {
		for _, m := range d.s.boxes.phones.Messages() {
			code = sixDigits.FindString(m.Text)
		}
		return code != "", nil
	}); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Link(ctx, d.effect(), customer.Linking{Account: n, Code: customer.Code(code), Lang: "ru"}); err != nil || done.Link == 0 {
		t.Fatalf("not linked: %+v, %v", done, err)
	}
	list, err := d.Links(ctx, payer, d.s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	d.right, _ = customer.Active(list)
	return d
}

// locked is a writer for several.
type locked struct {
	sync.Mutex
	w io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.w.Write(p)
}

func (d *payDesk) effect() dialog.Effect {
	d.forms++
	return dialog.Effect{ID: fmt.Sprintf("%s/%d/1", payer, d.forms), Conversation: payer, At: d.s.clock.Now()}
}

func (d *payDesk) pay(t *testing.T) payment.Payment {
	t.Helper()
	done, err := d.Start(t.Context(), d.effect(), payment.Wish{Link: d.right.ID, Sum: 123456})
	if err != nil || done.Away || done.Refused || done.Page == "" {
		t.Fatalf("started: %+v, %v", done, err)
	}
	return done.Payment
}

func (d *payDesk) state(t *testing.T, p payment.Payment) payment.State {
	t.Helper()
	now, found, err := d.Payment(t.Context(), payer, p.Number)
	if err != nil || !found {
		t.Fatalf("payment: %v, %v", found, err)
	}
	return now.State
}

// credited is how often the payment stands in its account's ledger.
func (d *payDesk) credited(t *testing.T, p payment.Payment) (n int) {
	t.Helper()
	l, _, err := d.Ledger(t.Context(), p.Account)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range l.Payments {
		if x.ID == string(p.Number) {
			n++
		}
	}
	return n
}

func (d *payDesk) bank() *demobank.Bank { return d.s.boxes.bank }

// sending makes a notification, signed with a secret at an instant.
func sending(t *testing.T, secret string, at time.Time, id string, p payment.Payment, state string, kopecks int64) demobank.Sending {
	t.Helper()
	body, err := json.Marshal(map[string]any{"id": id, "order": string(p.Number), "state": state, "kopecks": kopecks, "at": at})
	if err != nil {
		t.Fatal(err)
	}
	return demobank.Sign(secret, at, body)
}

// post sends it to the server and returns the status.
func (d *payDesk) post(t *testing.T, x demobank.Sending) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.s.url(t)+notifyPath, bytes.NewReader(x.Body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = x.Header
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
