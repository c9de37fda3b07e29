package webtest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Between two attempts to connect: what a hasty client waits.
const (
	shortestPause = 50 * time.Millisecond
	longestPause  = time.Second
)

// attemptLimit is how long one attempt may take.
const attemptLimit = 5 * time.Second

// pause waits after a failure, longer each time in a row.
type pause struct{ next time.Duration }

func (p *pause) wait(ctx context.Context, err error) {
	if err == nil {
		p.next = shortestPause
		return
	}
	p.next = min(max(2*p.next, shortestPause), longestPause)
	select {
	case <-ctx.Done():
	case <-time.After(p.next/2 + rand.N(p.next/2)):
	}
}

// Stay keeps the page connected until ctx ends, each time to the server that
// base names.
func (t *Tab) Stay(ctx context.Context, base func() string) {
	defer t.Cut()
	for failed := (pause{}); ctx.Err() == nil; {
		t.Base = base()
		attempt, cancel := context.WithTimeout(ctx, attemptLimit)
		err := t.Connect(attempt)
		cancel()
		if err == nil {
			select {
			case <-ctx.Done():
			case <-t.Ended():
			}
		}
		failed.wait(ctx, err)
	}
}

// pollFor is how long a poll waits, in seconds.
const pollFor = 3

// StayByPolls is Stay where sockets are blocked. The visitor has his token
// already.
func (t *Tab) StayByPolls(ctx context.Context, base func() string) {
	var both sync.WaitGroup
	both.Go(func() { t.repeat(ctx, base, t.listenByPolls) })
	both.Go(func() { t.repeat(ctx, base, t.sendOwed) })
	both.Wait()
}

// repeat does something until ctx ends, each time to the server that base names.
func (t *Tab) repeat(ctx context.Context, base func() string, do func(context.Context, *Browser) error) {
	b := t.Browser
	for failed := (pause{}); ctx.Err() == nil; {
		b.Base = base()
		failed.wait(ctx, do(ctx, &b))
	}
}

func (t *Tab) listenByPolls(ctx context.Context, b *Browser) error {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit+pollFor*time.Second)
	defer cancel()
	frames, err := b.Poll(ctx, t.After(), pollFor)
	t.hearAll(frames)
	return err
}

// sendOwed waits until something is owed, and sends it.
func (t *Tab) sendOwed(ctx context.Context, b *Browser) error {
	if err := t.Await(ctx, func(v *View) bool { return v.Owed > 0 }); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	var owed []Message
	t.mu.Lock()
	for _, m := range t.owed {
		owed = append(owed, slices.Repeat([]Message{m}, max(1, t.Copies))...)
	}
	t.mu.Unlock()
	frames, err := b.Send(ctx, owed[:min(len(owed), mostSent)]...)
	t.hearAll(frames)
	return err
}

// mostSent is how many frames one request may carry.
const mostSent = 64

func (t *Tab) hearAll(frames []Frame) {
	for _, f := range frames {
		t.Hear(f)
	}
}
