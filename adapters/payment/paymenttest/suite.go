// Package paymenttest is what every provider's adapter has to promise (a bank's
// that is added later, too).
package paymenttest

import (
	"bytes"
	"net/http"
	"sync"
	"testing"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
	"okoshko/core/payment"
)

// Bench moves the orders of a provider as customers and clerks of a bank do: its
// test bench.
type Bench interface {
	Act(n payment.Number, to payment.State) error
	// Sending returns the newest notification of an order, signed now.
	Sending(n payment.Number) (header http.Header, body []byte, ok bool)
	// Answer answers the next calls with these statuses; Late lets the next n take
	// effect and answers them with 504; Pause makes every call take so long.
	Answer(codes ...int)
	Late(n int)
	Pause(d time.Duration)
}

// Subject is an adapter with the bench of its provider.
type Subject struct {
	Provider payment.Provider
	Bench    Bench
	// Hasty is the adapter once more, which waits for an answer no longer than
	// Patience; Provider waits long enough for a machine that has much else to do.
	Hasty    payment.Provider
	Patience time.Duration
}

// Provider is what every adapter has to promise; open opens one on a provider of
// its own.
func Provider(t *testing.T, open func(t *testing.T) Subject) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Subject){
		"an order has one page":        onePage,
		"what is found":                found,
		"refunds":                      refunds,
		"notifications":                notifications,
		"notifications of strangers":   strangers,
		"the provider is away":         away,
		"it works and does not say so": late,
		"many at once":                 atOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func order(sum money.Kopecks) payment.Order {
	return payment.Order{
		Number: payment.NewNumber(), Account: "0145201372", Sum: sum, Until: time.Now().Add(payment.Life), Return: "https://chat.example/",
	}
}

func (s Subject) start(t *testing.T, o payment.Order) string {
	t.Helper()
	page, err := s.Provider.Start(t.Context(), o)
	if err != nil || page == "" {
		t.Fatalf("start: %q, %v", page, err)
	}
	return page
}

func (s Subject) act(t *testing.T, n payment.Number, to payment.State) {
	t.Helper()
	if err := s.Bench.Act(n, to); err != nil {
		t.Fatal(err)
	}
}

func (s Subject) find(t *testing.T, n payment.Number, want payment.State, sum money.Kopecks) {
	t.Helper()
	r, err := s.Provider.Find(t.Context(), n)
	if err != nil || r.Number != n || r.State != want || r.Sum != sum || r.At.IsZero() {
		t.Errorf("found %+v, %v, want %s of %v", r, err, want, sum)
	}
}

func wants(t *testing.T, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Errorf("%v is %v, want %v", err, fault.Of(err), k)
	}
}

func onePage(t *testing.T, s Subject) {
	o := order(123456)
	page := s.start(t, o)
	if again := s.start(t, o); again != page {
		t.Errorf("another page: %s, %s", page, again)
	}
	other := o
	other.Sum = 123457
	_, err := s.Provider.Start(t.Context(), other)
	wants(t, err, fault.Conflict)
	s.find(t, o.Number, payment.Started, 123456)
	if s.start(t, order(123456)) == page {
		t.Error("two orders with one page")
	}
}

func found(t *testing.T, s Subject) {
	_, err := s.Provider.Find(t.Context(), payment.NewNumber())
	wants(t, err, fault.NotFound)
	for _, to := range []payment.State{payment.Paid, payment.Refused, payment.Expired} {
		o := order(100)
		s.start(t, o)
		s.act(t, o.Number, to)
		s.find(t, o.Number, to, 100)
	}
}

func refunds(t *testing.T, s Subject) {
	o := order(123456)
	_, err := s.Provider.Refund(t.Context(), o.Number)
	wants(t, err, fault.NotFound)
	s.start(t, o)
	_, err = s.Provider.Refund(t.Context(), o.Number)
	wants(t, err, fault.Conflict)
	s.act(t, o.Number, payment.Paid)
	for range 2 {
		r, err := s.Provider.Refund(t.Context(), o.Number)
		if err != nil || r.State != payment.Refunded || r.Sum != 123456 {
			t.Errorf("refunded: %+v, %v", r, err)
		}
	}
	s.find(t, o.Number, payment.Refunded, 123456)
}

// sending is a notification on its way.
type sending struct {
	header http.Header
	body   []byte
}

func (s Subject) sending(t *testing.T, n payment.Number) sending {
	t.Helper()
	header, body, ok := s.Bench.Sending(n)
	if !ok {
		t.Fatal("nothing was sent")
	}
	return sending{header, body}
}

func (s Subject) read(x sending, now time.Time) (payment.Notice, error) {
	return s.Provider.Read(x.header.Get, x.body, now)
}

func notifications(t *testing.T, s Subject) {
	o := order(123456)
	s.start(t, o)
	var before payment.Notice
	for _, to := range []payment.State{payment.Refused, payment.Paid, payment.Refunded} {
		s.act(t, o.Number, to)
		n, err := s.read(s.sending(t, o.Number), time.Now())
		if err != nil || n.ID == "" || n.ID == before.ID || n.Number != o.Number || n.State != to || n.Sum != 123456 {
			t.Errorf("%s: %+v, %v", to, n, err)
		}
		if again, err := s.read(s.sending(t, o.Number), time.Now()); err != nil || again != n {
			t.Errorf("sent again: %+v, %v, want %+v", again, err, n)
		}
		before = n
	}
}

// Whatever is done to a notification, it is not the provider's any more.
func strangers(t *testing.T, s Subject) {
	o, other := order(123456), order(123456)
	for _, o := range []payment.Order{o, other} {
		s.start(t, o)
		s.act(t, o.Number, payment.Paid)
	}
	for name, change := range map[string]func(*sending){
		"another sum":         func(x *sending) { x.body = bytes.ReplaceAll(x.body, []byte("123456"), []byte("923456")) },
		"a blank more":        func(x *sending) { x.body = append(bytes.Clone(x.body), ' ') },
		"no body":             func(x *sending) { x.body = nil },
		"no headers":          func(x *sending) { x.header = http.Header{} },
		"another's signature": func(x *sending) { x.header = s.sending(t, other.Number).header },
	} {
		x := s.sending(t, o.Number)
		change(&x)
		if _, err := s.read(x, time.Now()); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		_, err := s.read(s.sending(t, o.Number), time.Now().Add(off))
		wants(t, err, fault.Denied)
	}
}

// away: every call says that it may be tried again, and then works.
func away(t *testing.T, s Subject) {
	o := order(123456)
	for _, code := range []int{500, 502, 503, 504, 429, 408} {
		s.Bench.Answer(code)
		_, err := s.Provider.Start(t.Context(), o)
		wants(t, err, fault.Unavailable)
	}
	s.start(t, o)
	s.Bench.Answer(503)
	_, err := s.Provider.Find(t.Context(), o.Number)
	wants(t, err, fault.Unavailable)
	s.Bench.Answer(503)
	_, err = s.Provider.Refund(t.Context(), o.Number)
	wants(t, err, fault.Unavailable)
	s.Bench.Answer(401)
	_, err = s.Provider.Start(t.Context(), order(100))
	wants(t, err, fault.Denied)
	s.Bench.Answer(422)
	_, err = s.Provider.Start(t.Context(), order(100))
	wants(t, err, fault.Invalid)
	s.Bench.Pause(2 * s.Patience)
	_, err = s.Hasty.Find(t.Context(), o.Number)
	wants(t, err, fault.Unavailable)
}

// late: a call that took effect without an answer is repeated and means the same.
func late(t *testing.T, s Subject) {
	o := order(123456)
	s.Bench.Late(1)
	_, err := s.Provider.Start(t.Context(), o)
	wants(t, err, fault.Unavailable)
	s.start(t, o)
	s.act(t, o.Number, payment.Paid)
	s.Bench.Late(1)
	_, err = s.Provider.Refund(t.Context(), o.Number)
	wants(t, err, fault.Unavailable)
	if r, err := s.Provider.Refund(t.Context(), o.Number); err != nil || r.State != payment.Refunded {
		t.Errorf("refunded: %+v, %v", r, err)
	}
}

func atOnce(t *testing.T, s Subject) {
	o := order(123456)
	var together sync.WaitGroup
	pages := make([]string, 8)
	for i := range pages {
		together.Add(1)
		go func() {
			defer together.Done()
			pages[i], _ = s.Provider.Start(t.Context(), o)
		}()
	}
	together.Wait()
	for _, page := range pages {
		if page == "" || page != pages[0] {
			t.Errorf("pages: %q", pages)
		}
	}
}
