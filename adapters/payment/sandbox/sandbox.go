// Package sandbox takes payments through a gateway that speaks the protocol of
// protocol.md: the demo's, or one that puts a bank behind it.
package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/core/privacy"
)

// Config says where the gateway is.
type Config struct {
	// URL is the address below which its calls are.
	URL privacy.URL
	// Token is what it knows us by, Secret what it signs notifications with.
	Token, Secret privacy.Secret
	// Timeout bounds a call; zero means DefaultTimeout.
	Timeout time.Duration
}

// DefaultTimeout is well below what a command and a job may take.
const DefaultTimeout = 8 * time.Second

// Gateway implements payment.Provider.
type Gateway struct {
	cfg    Config
	base   string
	client *http.Client
}

var _ payment.Provider = (*Gateway)(nil)

// New reads the address; it does no I/O. The error is Invalid.
func New(cfg Config) (*Gateway, error) {
	u, err := url.Parse(cfg.URL.Reveal())
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "the address of the payment provider is not understood")
	}
	return &Gateway{cfg: cfg, base: strings.TrimSuffix(u.String(), "/"), client: &http.Client{
		Timeout:       cmp.Or(cfg.Timeout, DefaultTimeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token stays with the provider
	}}, nil
}

// request registers an order.
type request struct {
	Order   payment.Number `json:"order"`
	Kopecks money.Kopecks  `json:"kopecks"`
	Account string         `json:"account,omitempty"`
	Case    string         `json:"case,omitempty"`
	Until   time.Time      `json:"until"`
	Return  string         `json:"return,omitempty"`
}

// order is what the gateway says of one.
type order struct {
	Order   string        `json:"order"`
	State   string        `json:"state"`
	Kopecks money.Kopecks `json:"kopecks"`
	At      time.Time     `json:"at"`
	Page    string        `json:"page"`
}

// states are the gateway's words for them.
var states = map[string]payment.State{
	"open": payment.Started, "paid": payment.Paid, "refused": payment.Refused, "expired": payment.Expired, "refunded": payment.Refunded,
}

func (o order) report() (r payment.Report, err error) {
	if r.Number, err = payment.ParseNumber(o.Order); err != nil {
		return r, fault.New(fault.Invalid, "the payment provider names an order that is none")
	}
	state, known := states[o.State]
	if !known || o.Kopecks < 0 || o.At.IsZero() {
		return payment.Report{}, fault.New(fault.Invalid, "the payment provider says something that is not understood")
	}
	r.State, r.Sum, r.At = state, o.Kopecks, o.At.UTC()
	return r, nil
}

// Start implements payment.Provider.
func (g *Gateway) Start(ctx context.Context, o payment.Order) (string, error) {
	asked := request{Order: o.Number, Kopecks: o.Sum, Account: o.Account.Full(), Until: o.Until.UTC(), Return: o.Return}
	if o.Account == "" {
		asked.Case = o.Case.String()
	}
	got, err := g.call(ctx, http.MethodPost, "/orders", asked)
	if err != nil {
		return "", err
	}
	page, err := url.Parse(got.Page)
	if err != nil || page.Host == "" || page.Scheme != "https" && page.Scheme != "http" {
		return "", fault.New(fault.Invalid, "the payment provider names no page")
	}
	if got.Order != string(o.Number) || got.Kopecks != o.Sum {
		return "", fault.New(fault.Conflict, "the payment provider registered another order")
	}
	return page.String(), nil
}

// Find implements payment.Provider.
func (g *Gateway) Find(ctx context.Context, n payment.Number) (payment.Report, error) {
	return g.about(ctx, http.MethodGet, n, "")
}

// Refund implements payment.Provider.
func (g *Gateway) Refund(ctx context.Context, n payment.Number) (payment.Report, error) {
	return g.about(ctx, http.MethodPost, n, "/refund")
}

func (g *Gateway) about(ctx context.Context, method string, n payment.Number, act string) (payment.Report, error) {
	got, err := g.call(ctx, method, "/orders/"+url.PathEscape(string(n))+act, nil)
	if err != nil {
		return payment.Report{}, err
	}
	r, err := got.report()
	if err == nil && r.Number != n {
		err = fault.New(fault.Invalid, "the payment provider speaks of another order")
	}
	return r, err
}

// mostAnswer is how much of an answer is read.
const mostAnswer = 64 << 10

// kinds are what the gateway's statuses mean; 5xx and what is not named stand
// below.
var kinds = map[int]fault.Kind{
	http.StatusRequestTimeout: fault.Unavailable, http.StatusTooManyRequests: fault.Unavailable,
	http.StatusNotFound: fault.NotFound, http.StatusConflict: fault.Conflict,
	http.StatusUnauthorized: fault.Denied, http.StatusForbidden: fault.Denied,
}

func (g *Gateway) call(ctx context.Context, method, path string, what any) (got order, err error) {
	var body []byte
	if what != nil {
		if body, err = json.Marshal(what); err != nil {
			return got, fmt.Errorf("encode order: %w", err)
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, g.base+path, bytes.NewReader(body))
	if err != nil {
		return got, fault.New(fault.Invalid, "the address of the payment provider is not understood")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+g.cfg.Token.Reveal())
	answer, err := g.client.Do(r)
	if err != nil { // it quotes the address, which may hold a key
		return got, fault.New(fault.Unavailable, "the payment provider cannot be reached, or is too slow")
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	code := answer.StatusCode
	kind, named := kinds[code]
	switch {
	case err != nil:
		return got, fault.New(fault.Unavailable, "the payment provider broke off")
	case named:
		return got, answered(kind, code)
	case code >= http.StatusInternalServerError:
		return got, answered(fault.Unavailable, code)
	case code < 200 || code >= 300:
		return got, answered(fault.Invalid, code)
	case json.Unmarshal(text, &got) != nil:
		return order{}, fault.New(fault.Invalid, "the payment provider's answer cannot be read")
	}
	return got, nil
}

func answered(k fault.Kind, code int) error {
	return fault.New(k, fmt.Sprintf("the payment provider answered %d", code))
}
