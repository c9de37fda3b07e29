package demobank

import (
	"encoding/json"
	"net/http"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

// routes are the calls of sandbox/protocol.md.
func (b *Bank) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", b.serve(func(r *http.Request) (Order, error) {
		var in struct {
			Number  string        `json:"order"`
			Sum     money.Kopecks `json:"kopecks"`
			Account string        `json:"account"`
			Case    string        `json:"case"`
			Until   time.Time     `json:"until"`
			Return  string        `json:"return"`
		}
		if json.NewDecoder(http.MaxBytesReader(nil, r.Body, 64<<10)).Decode(&in) != nil || in.Number == "" || in.Sum <= 0 || in.Until.IsZero() {
			return Order{}, fault.New(fault.Invalid, "no order")
		}
		return b.register(Order{Number: in.Number, Sum: in.Sum, Account: in.Account, Case: in.Case, Until: in.Until, Return: in.Return})
	}))
	mux.HandleFunc("GET /orders/{number}", b.serve(b.known))
	mux.HandleFunc("POST /orders/{number}/refund", b.serve(func(r *http.Request) (Order, error) {
		o, err := b.known(r)
		switch {
		case err != nil || o.State == Refunded:
			return o, err
		case o.State != Paid:
			return o, fault.New(fault.Conflict, "the order is not paid")
		}
		b.move(b.find(o.Number), Refunded)
		return b.known(r)
	}))
	return mux
}

func (b *Bank) known(r *http.Request) (Order, error) {
	o := b.find(r.PathValue("number"))
	if o == nil {
		return Order{}, fault.New(fault.NotFound, "no such order")
	}
	return b.seen(o), nil
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
}

// serve answers a call, after whatever fault is ordered. do runs under the lock.
func (b *Bank) serve(do func(*http.Request) (Order, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		pause := b.pause
		b.mu.Unlock()
		time.Sleep(pause)
		b.mu.Lock()
		defer b.mu.Unlock()
		switch {
		case len(b.faults) > 0:
			w.WriteHeader(b.faults[0])
			b.faults = b.faults[1:]
			return
		case r.Header.Get("Authorization") != "Bearer "+Token:
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		o, err := do(r)
		if b.late > 0 {
			b.late--
			w.WriteHeader(http.StatusGatewayTimeout)
			return
		}
		if err != nil {
			w.WriteHeader(statuses[fault.Of(err)])
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(o)
	}
}

// Answer answers the next calls with these statuses and does nothing.
func (b *Bank) Answer(codes ...int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, codes...)
}

// Late lets the next n calls take effect and answers them with 504.
func (b *Bank) Late(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late = n
}

// Pause makes every call take that long from now on.
func (b *Bank) Pause(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pause = d
}
