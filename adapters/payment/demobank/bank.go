// Package demobank is a provider of payments that moves no money: it speaks the
// protocol of the sandbox, does what people do on its page, and goes wrong as it
// is told to. For tests, and for the demo, where it stands in for a bank.
package demobank

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

// What callers have to show, and what notifications are signed with, in tests and
// in the demo.
const (
	Token  = "demo-token"
	Secret = "demo-secret-of-notifications"
)

// State is the bank's word for where an order is.
type State string

// The states of an order.
const (
	Open     State = "open"
	Paid     State = "paid"
	Refused  State = "refused"
	Expired  State = "expired"
	Refunded State = "refunded"
)

// Order is one that was registered.
type Order struct {
	Number  string        `json:"order"`
	State   State         `json:"state"`
	Sum     money.Kopecks `json:"kopecks"`
	At      time.Time     `json:"at"` // of the state
	Page    string        `json:"page"`
	Account string        `json:"-"`
	Case    string        `json:"-"` // the number of the case; "" if it is for an account
	Until   time.Time     `json:"-"`
	Return  string        `json:"-"`
	// Token names it on its page: nobody guesses it.
	Token string `json:"-"`
	// Told is how often its notifications were sent, Heard whether the last one
	// was taken.
	Told  int  `json:"-"`
	Heard bool `json:"-"`

	notice *notice // the newest
}

// Config is how a bank is set up.
type Config struct {
	// Page is the address below which its pages are.
	Page string
	// Notify is the address that it notifies, once there is one; nil, or an empty
	// one: nobody.
	Notify func() string
	// Keep is how many orders it remembers.
	Keep int
	Now  func() time.Time
}

// Bank is the provider. Its methods may be called from any goroutine.
type Bank struct {
	cfg    Config
	http   *http.Server
	listen net.Listener
	client *http.Client
	posts  sync.WaitGroup
	live   context.Context //nolint:containedctx // of the notifications that are under way
	stop   context.CancelFunc

	mu     sync.Mutex
	orders []*Order
	faults []int // statuses to answer the next calls with
	pause  time.Duration
	late   int // so many calls take effect and are then answered with 504
	mute   bool
	made   int
}

// Start listens on a free port of this machine.
func Start(cfg Config) (*Bank, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start payment provider: %w", err)
	}
	b := &Bank{cfg: cfg, listen: listener, client: &http.Client{Timeout: notifyTimeout}}
	b.live, b.stop = context.WithCancel(context.Background())
	b.http = &http.Server{Handler: b.routes(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = b.http.Serve(listener) }()
	return b, nil
}

// URL is where its calls are.
func (b *Bank) URL() string { return "http://" + b.listen.Addr().String() }

// Close ends it.
func (b *Bank) Close() error {
	err := b.http.Close()
	b.stop()
	b.posts.Wait()
	return err
}

// Orders returns what was registered, the newest first.
func (b *Bank) Orders() (list []Order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range slices.Backward(b.orders) {
		list = append(list, b.seen(o))
	}
	return list
}

// Find returns the order of a page's token.
func (b *Bank) Find(token string) (Order, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.orders {
		if subtle.ConstantTimeCompare([]byte(o.Token), []byte(token)) == 1 {
			return b.seen(o), true
		}
	}
	return Order{}, false
}

// seen is an order as it looks now: one whose time has passed is not open.
func (b *Bank) seen(o *Order) Order {
	if o.State == Open && b.cfg.Now().After(o.Until) {
		b.move(o, Expired)
	}
	return *o
}

// moves are the acts of people on the bank's page, and from which states.
var moves = map[State][]State{
	Paid: {Open, Refused}, Refused: {Open}, Expired: {Open, Refused}, Refunded: {Paid},
}

// Act brings an order into a state, as its customer or the bank's clerk would. The
// error is Conflict from a state that does not lead there, NotFound.
func (b *Bank) Act(number string, to State) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(number)
	if o == nil {
		return fault.New(fault.NotFound, "no such order")
	}
	b.seen(o)
	if !slices.Contains(moves[to], o.State) {
		return fault.New(fault.Conflict, "the order is "+string(o.State))
	}
	b.move(o, to)
	return nil
}

func (b *Bank) find(number string) *Order {
	for _, o := range b.orders {
		if o.Number == number {
			return o
		}
	}
	return nil
}

// move changes a state and notifies.
func (b *Bank) move(o *Order, to State) {
	b.made++
	o.State, o.At = to, b.cfg.Now().UTC()
	o.notice = &notice{ID: fmt.Sprintf("n%d-%s", b.made, o.Number), Number: o.Number, State: to, Sum: o.Sum, At: o.At}
	b.notify(o)
}

// register adds an order, or finds it.
func (b *Bank) register(o Order) (Order, error) {
	if had := b.find(o.Number); had != nil {
		if had.Sum != o.Sum {
			return Order{}, fault.New(fault.Conflict, "the order has another sum")
		}
		return b.seen(had), nil
	}
	o.State, o.At, o.Token = Open, b.cfg.Now().UTC(), rand.Text()
	o.Page = strings.TrimSuffix(b.cfg.Page, "/") + "/" + url.PathEscape(o.Token)
	b.orders = append(b.orders, &o)
	if len(b.orders) > b.cfg.Keep {
		b.orders = b.orders[1:]
	}
	return o, nil
}
