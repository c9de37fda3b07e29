package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/payment/sandbox"
	"okoshko/adapters/postgres"
	"okoshko/bots/webchat"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

// till takes payments: it puts the provider on the stores.
type till struct {
	*postgres.DB
	provider payment.Provider
	site     string // where the provider's page leads visitors of the site back to
	log      *slog.Logger
	metrics  *metrics
}

// newTill returns the till; nil if no provider is configured.
func newTill(c Config, db *postgres.DB, log *slog.Logger, m *metrics) (*till, error) {
	if c.Payment.URL.IsZero() {
		return nil, nil //nolint:nilnil // no provider is no mistake
	}
	provider, err := sandbox.New(sandbox.Config{URL: c.Payment.URL, Token: c.Payment.Token, Secret: c.Payment.Secret})
	if err != nil {
		return nil, err
	}
	return &till{DB: db, provider: provider, site: c.HTTP.PublicURL, log: log, metrics: m}, nil
}

// Start starts a payment in our store, then at the provider under the same
// number: whatever happens between the two, a repeat of the effect goes on where
// it stood. A provider that cannot be reached is a result: nobody has seen the
// page, so nothing can be paid, and the customer tries again when he likes.
func (t *till) Start(ctx context.Context, e dialog.Effect, w payment.Wish) (payment.Opened, error) {
	done, err := t.StartPayment(ctx, e, w)
	if err != nil || done.Refused {
		return done, err
	}
	order := payment.Order{Number: done.Number, Account: done.Account, Case: done.Case, Sum: done.Sum, Until: done.Until, Return: t.back(e.Conversation)}
	page, err := t.provider.Start(ctx, order)
	if err != nil {
		t.log.Warn("payment not started at the provider", "payment", done.Payment, "kind", fault.Of(err).String(), "error", err)
		t.metrics.payments.WithLabelValues("start", fault.Of(err).String()).Inc()
		return payment.Opened{Payment: done.Payment, Away: true}, nil
	}
	done.Payment, err = t.OpenPayment(ctx, done.Number, page)
	t.metrics.payments.WithLabelValues("start", "page").Inc()
	return done, err
}

// back is where the provider's page leads to: a messenger is a press away, the
// site's chat may have been left for the page.
func (t *till) back(c chat.Conversation) string {
	if c.Channel() == webchat.Name {
		return t.site
	}
	return ""
}

// notified takes a notification of the provider.
func (t *till) notified(ctx context.Context, header func(string) string, body []byte, now time.Time) error {
	n, err := t.provider.Read(header, body, now)
	if err != nil {
		t.log.Warn("payment notification refused", "length", len(body), "error", err)
		t.metrics.payments.WithLabelValues("notice", fault.Of(err).String()).Inc()
		return err
	}
	return t.report(ctx, "notice", n.ID, n.Report)
}

// report takes what the provider says, by whatever way it came.
func (t *till) report(ctx context.Context, way, id string, r payment.Report) error {
	done, err := t.ReportPayment(ctx, way+"/"+id, r)
	if err != nil {
		t.log.Warn("payment report not taken", "way", way, "payment", r.Number.String(), "state", r.State, "error", err)
		t.metrics.payments.WithLabelValues(way, fault.Of(err).String()).Inc()
		return err
	}
	t.metrics.payments.WithLabelValues(way, string(done.Verdict)).Inc()
	if done.Verdict == payment.OtherSum { // people have to look into it: docs/operations.md
		t.log.Error("payment of another sum", "way", way, "payment", r.Number.String(), "state", done.State)
		return nil
	}
	t.log.Info("payment report", "way", way, "payment", r.Number.String(), "verdict", done.Verdict, "before", done.Before, "state", done.State)
	return nil
}

const (
	// lookedUpAtOnce is how many quiet payments one run looks up.
	lookedUpAtOnce = 100
	// lookUpTime is how long a run may take: it holds a connection meanwhile.
	lookUpTime = 20 * time.Second
)

// lookUp asks the provider for payments that nobody is heard of, and gives up
// those whose time is over.
func (t *till) lookUp(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	quiet, err := t.QuietPayments(ctx, now.Add(-payment.Quiet), lookedUpAtOnce)
	if err != nil {
		return err
	}
	for _, p := range quiet {
		r, err := t.provider.Find(ctx, p.Number)
		switch {
		case fault.Is(err, fault.NotFound): // it was never registered: its page is nobody's
			r = payment.Report{Number: p.Number, State: payment.Started, Sum: p.Sum}
		case err != nil: // the others would fare no better; all are looked up again later
			t.log.Warn("payments not looked up", "of", len(quiet), "error", err)
			return nil
		}
		if r.State == payment.Started {
			if now.Before(p.Until.Add(payment.Grace)) {
				continue
			}
			r.State, r.At = payment.Expired, now
		}
		if err := t.report(ctx, "lookup", string(p.Number)+"/"+string(r.State), r); err != nil {
			return err
		}
	}
	return nil
}

// refund gives a payment back.
func (t *till) refund(ctx context.Context, n payment.Number) error {
	r, err := t.provider.Refund(ctx, n)
	if err != nil {
		return err
	}
	return t.report(ctx, "refund", string(n), r)
}

// notifyPath is where the provider sends its notifications.
const notifyPath = "/payments/notify"

// notifyAddress is notifyPath with where this replica listens; "" until it does.
func (s *server) notifyAddress() string {
	at := s.at.Load()
	if at == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(*at)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() { // every address, this machine's own among them
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + notifyPath
}

// mount adds the address of the notifications.
func (t *till) mount(app *fiber.App, now func() time.Time) {
	app.Post(notifyPath, func(c *fiber.Ctx) error {
		header := func(name string) string { return c.Get(name) }
		if err := t.notified(c.UserContext(), header, c.Body(), now()); err != nil {
			return err // refused, or to be sent again
		}
		return c.SendStatus(fiber.StatusOK)
	})
}

// tellPayment says in a conversation what became of its payment.
func (s *server) tellPayment(ctx context.Context, n payment.News) error {
	if s.till == nil { // no provider any more, and no words for it
		return nil
	}
	now := s.clock.Now()
	_, err := s.engine.Take(ctx, dialog.Event{
		ID:           fmt.Sprintf("job:payment/%s/%s", n.Number, n.State),
		Conversation: n.Conversation, Kind: dialog.Tell, Text: "payment." + string(n.State),
		Facts: map[string]string{"number": string(n.Number)}, At: now, Now: now,
	})
	return err
}

// refundCommand gives a payment that was made online back, by its number.
func refundCommand(ctx context.Context, p *program, args []string) error {
	o := p.options("refund")
	number := o.String("number", "", "the payment's, as its customer was told")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	n, err := payment.ParseNumber(*number)
	if err != nil {
		return &usageError{fmt.Errorf("okoshko refund: --number must be that of a payment, such as 4821-0937-5516: %w", err)}
	}
	log := newLog(c, p.stderr)
	s, err := openStores(ctx, c, storeOptions{postgres: true, log: log, now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := newTill(c, s.db, log, newMetrics())
	switch {
	case err != nil:
		return err
	case t == nil:
		return &usageError{fmt.Errorf("okoshko refund: payment.url (%s) names no provider", variable("payment.url"))}
	}
	if err := t.refund(ctx, n); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Payment %s was given back. Its customer is told.\n", n)
	return err
}
