package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/payment/demobank"
	"okoshko/adapters/payment/sandbox"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// TestPaymentTranscripts pays on whole servers, on the site and in Telegram: the
// demo's bank does what its customer does on its page, its notifications come by
// themselves.
func TestPaymentTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/payment/testdata/server/*.chat", pgtest.Zone, func(t *testing.T, s *transcript.Script) transcript.Stage {
		t.Helper()
		stage, ok := newCodeStage(t, s).(*codeStage)
		if !ok {
			t.Fatal("not the stage of codes")
		}
		return &payStage{Stage: stage, s: stage.s, seen: map[string]payment.Number{}}
	})
}

// payStage reports on the newest payment; numbers are those of a bureau, and a
// payment's time is half an hour from ten.
type payStage struct {
	transcript.Stage
	s    *server
	seen map[string]payment.Number
}

func (g *payStage) Order(ctx context.Context, what string) error {
	act, ok := strings.CutPrefix(what, "bank ")
	if !ok {
		return g.Stage.Order(ctx, what)
	}
	newest := g.s.boxes.bank.Orders()[0].Number
	if act == "again" {
		return g.s.boxes.bank.Again(newest)
	}
	return g.s.boxes.bank.Act(newest, demobank.State(act))
}

var (
	printedNumber = regexp.MustCompile(`\d{4}-\d{4}-\d{4}`)
	printedTime   = regexp.MustCompile(`до \d\d:\d\d:`)
)

func (g *payStage) Hear(ctx context.Context, want int) ([]transcript.Heard, error) {
	heard, err := g.Stage.Hear(ctx, want)
	for i := range heard {
		heard[i].Text = printedNumber.ReplaceAllStringFunc(heard[i].Text, func(number string) string {
			if g.seen[number] == "" {
				g.seen[number] = dialogstest.PaymentNumber(len(g.seen) + 1)
			}
			return g.seen[number].String()
		})
		heard[i].Text = printedTime.ReplaceAllString(heard[i].Text, "до 10:30:")
	}
	return heard, err
}

// Whatever is posted to the address of notifications, only what the provider
// says of a payment of ours moves it, once.
func TestNotificationsOfStrangers(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	p := d.pay(t)
	now := d.s.clock.Now()
	stranger := p
	stranger.Number = payment.NewNumber()
	replayed := sending(t, demobank.Secret, now, "r1", p, "refused", 0)
	tampered := sending(t, demobank.Secret, now, "t1", p, "refused", 0)
	tampered.Body = bytes.ReplaceAll(tampered.Body, []byte("refused"), []byte("paid"))
	for _, tc := range []struct {
		name string
		x    demobank.Sending
		want int
	}{
		{"forged", sending(t, "another secret of notifications", now, "f1", p, "paid", 123456), 403},
		{"unsigned", demobank.Sending{Header: http.Header{}, Body: []byte(`{"id":"f2"}`)}, 403},
		{"changed on its way", tampered, 403},
		{"an hour old", sending(t, demobank.Secret, now.Add(-time.Hour), "o1", p, "paid", 123456), 403},
		{"of tomorrow", sending(t, demobank.Secret, now.Add(24*time.Hour), "o2", p, "paid", 123456), 403},
		{"no JSON", demobank.Sign(demobank.Secret, now, []byte("paid!")), 400},
		{"a state of ours", sending(t, demobank.Secret, now, "s1", p, "disputed", 123456), 400},
		{"an unknown order", sending(t, demobank.Secret, now, "u1", stranger, "paid", 123456), 404},
		{"huge", demobank.Sign(demobank.Secret, now, bytes.Repeat([]byte(" "), 1<<20)), 403},
		{"refused", replayed, 200},
		{"refused, replayed", replayed, 200},
	} {
		if got := d.post(t, tc.x); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
	if state := d.state(t, p); state != payment.Refused || d.credited(t, p) != 0 {
		t.Errorf("%s, credited %d times", state, d.credited(t, p))
	}
	if got := d.post(t, sending(t, demobank.Secret, now, "p1", p, "paid", 100)); got != 200 || d.state(t, p) != payment.Disputed || d.credited(t, p) != 0 {
		t.Errorf("another sum: %d, %s, credited %d times", got, d.state(t, p), d.credited(t, p))
	}
	if r, err := http.Get(d.s.url(t) + notifyPath); err != nil || r.StatusCode == http.StatusOK { //nolint:noctx // a look
		t.Errorf("looked at: %v", err)
	} else {
		_ = r.Body.Close()
	}
}

// The log says what was wrong, and neither whose payment it was nor what it was
// worth nor any secret.
func TestPaymentsAreNotLogged(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	p := d.pay(t)
	now := d.s.clock.Now()
	stranger := p
	stranger.Number = payment.NewNumber()
	for _, x := range []demobank.Sending{
		sending(t, "another secret of notifications", now, "f1", p, "paid", 123456), sending(t, demobank.Secret, now, "u1", stranger, "paid", 123456),
		sending(t, demobank.Secret, now, "p1", p, "paid", 777777), sending(t, demobank.Secret, now, "p2", p, "paid", 123456),
		demobank.Sign(demobank.Secret, now, []byte("0309188274")),
	} {
		_ = d.notified(t.Context(), x.Header.Get, x.Body, now)
	}
	d.bank().Answer(500)
	if done, err := d.Start(t.Context(), d.effect(), payment.Wish{Link: d.right.ID, Sum: 123456}); err != nil || !done.Away {
		t.Errorf("%+v, %v", done, err)
	}
	log := d.log.String()
	for _, want := range []string{"not signed", "no such payment", "payment of another sum", "verdict=moved", "not started at the provider", p.Number.String()} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is not logged in\n%s", want, log)
		}
	}
	for _, secret := range []string{"0309188274", "8274", "1234", "7777", demobank.Secret, demobank.Token, string(payer), p.Page} {
		if strings.Contains(strings.ReplaceAll(log, p.Number.String(), ""), secret) && !strings.Contains(stranger.Number.String(), secret) {
			t.Errorf("%q is logged in\n%s", secret, log)
		}
	}
}

// The same notification on several replicas at once, and another of the same, is
// one credit; its chat is told once.
func TestANotificationTwiceAtOnce(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	p := d.pay(t)
	now := d.s.clock.Now()
	var all sync.WaitGroup
	for i := range 12 {
		all.Add(1)
		go func() {
			defer all.Done()
			id := "same"
			if i%4 == 3 {
				id = fmt.Sprintf("other-%d", i)
			}
			x := sending(t, demobank.Secret, now, id, p, "paid", 123456)
			if err := d.notified(t.Context(), x.Header.Get, x.Body, now); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	if d.state(t, p) != payment.Paid || d.credited(t, p) != 1 {
		t.Errorf("%s, credited %d times", d.state(t, p), d.credited(t, p))
	}
}

// The provider is down, slow, or works without saying so: nobody loses money, and
// the next try is another payment that can be made.
func TestTheProviderIsAway(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	hasty, err := sandbox.New(sandbox.Config{
		URL: d.s.config.Payment.URL, Token: d.s.config.Payment.Token, Secret: d.s.config.Payment.Secret, Timeout: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	patient := d.provider
	for name, fail := range map[string]func(on bool){
		"5xx":               func(on bool) { d.bank().Answer(map[bool][]int{true: {503}}[on]...) },
		"refuses the token": func(on bool) { d.bank().Answer(map[bool][]int{true: {401}}[on]...) },
		"slow":              func(on bool) { d.bank().Pause(map[bool]time.Duration{true: time.Second}[on]) },
		"after its effect":  func(on bool) { d.bank().Late(map[bool]int{true: 1}[on]) },
	} {
		e, w := d.effect(), payment.Wish{Link: d.right.ID, Sum: 123456}
		fail(true)
		if name == "slow" { // an answer that comes is waited for
			d.provider = hasty
		}
		away, err := d.Start(t.Context(), e, w)
		if err != nil || !away.Away || away.Page != "" {
			t.Errorf("%s: %+v, %v", name, away, err)
		}
		fail(false)
		d.provider = patient
		// The same effect again, after a crash say, is the same payment.
		again, err := d.Start(t.Context(), e, w)
		if err != nil || again.Away || again.Number != away.Number || again.Page == "" {
			t.Errorf("%s, again: %+v, %v", name, again, err)
		}
		if again, err := d.Start(t.Context(), e, w); err != nil || again.Number != away.Number {
			t.Errorf("%s, a third time: %+v, %v", name, again, err)
		}
	}
}

// A notification that is lost is looked up; one that nobody pays is given up, and
// money that comes later counts all the same.
func TestQuietPaymentsAreLookedUp(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	paid, never := d.pay(t), d.pay(t)
	d.bank().Answer(503)
	lost, err := d.Start(t.Context(), d.effect(), payment.Wish{Link: d.right.ID, Sum: 123456}) // the bank has never heard of it
	if err != nil || !lost.Away {
		t.Fatalf("%+v, %v", lost, err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.bank().Act(string(paid.Number), demobank.Paid))
	look := func(after time.Duration) {
		t.Helper()
		d.s.clock.ahead.Add(int64(after))
		must(d.lookUp(t.Context(), d.s.clock.Now()))
	}
	look(0)
	if s := d.state(t, paid); s != payment.Started {
		t.Errorf("looked up too early: %s", s)
	}
	d.bank().Answer(503)
	look(payment.Quiet) // the bank is away: later, then
	if s := d.state(t, paid); s != payment.Started {
		t.Errorf("while the bank is away: %s", s)
	}
	look(payment.Quiet)
	if d.state(t, paid) != payment.Paid || d.credited(t, paid) != 1 || d.state(t, never) != payment.Started {
		t.Errorf("paid: %s, never: %s", d.state(t, paid), d.state(t, never))
	}
	look(payment.Life + payment.Grace)
	if d.state(t, never) != payment.Expired || d.state(t, lost.Payment) != payment.Expired {
		t.Errorf("never: %s, lost: %s", d.state(t, never), d.state(t, lost.Payment))
	}
	x := sending(t, demobank.Secret, d.s.clock.Now(), "late", never, "paid", 123456)
	must(d.notified(t.Context(), x.Header.Get, x.Body, d.s.clock.Now()))
	if d.state(t, never) != payment.Paid || d.credited(t, never) != 1 {
		t.Errorf("late: %s", d.state(t, never))
	}
}

// A refund is one, however often and by whatever way it is asked for.
func TestARefundIsOne(t *testing.T) {
	t.Parallel()
	d := newPayDesk(t)
	p := d.pay(t)
	if err := d.refund(t.Context(), p.Number); !fault.Is(err, fault.Conflict) {
		t.Errorf("before it was paid: %v", err)
	}
	if err := d.bank().Act(string(p.Number), demobank.Paid); err != nil {
		t.Fatal(err)
	}
	now := d.s.clock.Now()
	x, _ := d.bank().Sending(string(p.Number))
	if err := d.notified(t.Context(), x.Header.Get, x.Body, now); err != nil {
		t.Fatal(err)
	}
	d.bank().Late(1)
	if err := d.refund(t.Context(), p.Number); !fault.Is(err, fault.Unavailable) { // it worked
		t.Errorf("without an answer: %v", err)
	}
	for range 2 {
		if err := d.refund(t.Context(), p.Number); err != nil {
			t.Error(err)
		}
		x, _ := d.bank().Sending(string(p.Number))
		if err := d.notified(t.Context(), x.Header.Get, x.Body, now); err != nil {
			t.Error(err)
		}
	}
	if d.state(t, p) != payment.Refunded || d.credited(t, p) != 0 {
		t.Errorf("%s, credited %d times", d.state(t, p), d.credited(t, p))
	}
}

// A provider that is no address, half a configuration, none at all.
func TestPaymentConfig(t *testing.T) {
	t.Parallel()
	c := Default()
	if t2, err := newTill(c, nil, nil, nil); t2 != nil || err != nil {
		t.Errorf("without a provider: %v, %v", t2, err)
	}
	for text, want := range map[string]string{
		"http://bank.example": "https address", "ftp://bank.example": "https address", "bank": "https address",
	} {
		c.Payment.URL = privacy.NewURL(text)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	c.Payment.URL, c.Payment.Token = privacy.NewURL("https://bank.example"), privacy.NewSecret("token")
	c.Payment.Secret = privacy.NewSecret("short")
	if err := c.ValidateLive(); err == nil || !strings.Contains(err.Error(), "payment.secret") {
		t.Errorf("a short secret: %v", err)
	}
	var shown strings.Builder
	if err := c.Print(&shown); err != nil || strings.Contains(shown.String(), "short\n") || strings.Contains(shown.String(), "token\n") {
		t.Errorf("shown: %v\n%s", err, shown.String())
	}
}
