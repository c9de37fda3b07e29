package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var errStopped = errors.New("the webhook has been replaced")

// Call is one call of the bot, in the order in which the answers were given.
type Call struct {
	Method string
	Chat   int64
	Params map[string]string
	// At is real time; Took is until the answer was ready.
	At   time.Time
	Took time.Duration
	// Code is the HTTP status of the answer, 0 when there was none.
	Code        int
	Description string
	// Effect says that the call was carried out, Lost that the bot got no
	// answer to it all the same.
	Effect, Lost bool
	// InAnswer says that the call came in the answer of the webhook.
	InAnswer bool
}

// Attempt is one delivery of an update.
type Attempt struct {
	Update int64
	At     time.Time
	Took   time.Duration
	Status int
	Err    error
}

// Stats are counted whether or not the journal is on.
type Stats struct {
	Calls     int64 // calls of known methods
	Messages  int64 // messages sent by the bot
	Attempts  int64 // deliveries of updates, copies and retries included
	Retries   int64 // deliveries that failed
	Dropped   int64 // updates that were given up
	Impatient int64 // calls made before a retry_after had passed (Fault.Hold)
}

type counters struct{ calls, messages, attempts, retries, dropped atomic.Int64 }

// Stats returns the present counts.
func (s *Server) Stats() Stats {
	c := &s.stats
	return Stats{
		Calls: c.calls.Load(), Messages: c.messages.Load(), Attempts: c.attempts.Load(),
		Retries: c.retries.Load(), Dropped: c.dropped.Load(), Impatient: s.faults.impatient.Load(),
	}
}

// journal remembers calls and deliveries, unless it is off.
type journal struct {
	off      atomic.Bool
	keep     int // of calls and of attempts, 0 for all
	mu       sync.Mutex
	calls    []Call
	gone     int // calls that are no longer kept
	attempts []Attempt
	more     pulse
}

func (j *journal) begin(method string, a *args, at time.Time) Call {
	c := Call{Method: method, At: at}
	if !j.off.Load() {
		c.Params = make(map[string]string, len(a.list))
		for _, x := range a.list {
			c.Params[x.name] = x.value
		}
		for _, f := range a.files {
			c.Params[f.field] = f.name
		}
	}
	return c
}

func (j *journal) end(c Call, chat int64) {
	c.Chat, c.Took = chat, time.Since(c.At)
	j.call(c)
}

func (j *journal) call(c Call) {
	if j.off.Load() {
		return
	}
	j.mu.Lock()
	if j.keep > 0 && len(j.calls) >= 2*j.keep {
		j.calls = slices.Delete(j.calls, 0, j.keep)
		j.gone += j.keep
	}
	j.calls = append(j.calls, c)
	j.mu.Unlock()
	j.more.send()
}

func (j *journal) delivery(a Attempt) {
	if j.off.Load() {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.keep > 0 && len(j.attempts) >= 2*j.keep {
		j.attempts = slices.Delete(j.attempts, 0, j.keep)
	}
	j.attempts = append(j.attempts, a)
}

// Journal switches the journal on or off and forgets what it holds.
func (s *Server) Journal(on bool) {
	s.journal.off.Store(!on)
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.gone += len(s.journal.calls)
	s.journal.calls, s.journal.attempts = nil, nil
}

// Calls returns the journal of calls.
func (s *Server) Calls() []Call {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	calls := slices.Clone(s.journal.calls)
	for i := range calls {
		calls[i].Params = maps.Clone(calls[i].Params)
	}
	return calls
}

// Attempts returns the journal of deliveries.
func (s *Server) Attempts() []Attempt {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return slices.Clone(s.journal.attempts)
}

// AwaitCall returns the first call that fits, past or future. It fails when
// ctx ends first.
func (s *Server) AwaitCall(ctx context.Context, fits func(Call) bool) (Call, error) {
	for seen := 0; ; {
		more := s.journal.more.wait()
		s.journal.mu.Lock()
		fresh := slices.Clone(s.journal.calls[max(0, seen-s.journal.gone):])
		seen = s.journal.gone + len(s.journal.calls)
		s.journal.mu.Unlock()
		if i := slices.IndexFunc(fresh, fits); i >= 0 {
			return fresh[i], nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Call{}, fmt.Errorf("await call: %w", ctx.Err())
		}
	}
}

// pulse wakes whoever waits; it costs nothing while nobody does.
type pulse struct {
	mu sync.Mutex
	ch chan struct{}
}

func (p *pulse) wait() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ch == nil {
		p.ch = make(chan struct{})
	}
	return p.ch
}

func (p *pulse) send() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ch != nil {
		close(p.ch)
		p.ch = nil
	}
}
