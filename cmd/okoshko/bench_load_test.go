//go:build bench

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

// actor is somebody who does one thing after another and waits for the answer
// to each.
type actor interface {
	// act does the next thing and returns when it is answered. Any other
	// answer than the one that belongs to it is an error.
	act(ctx context.Context) error
	// between reports whether a conversation has ended and none begun.
	between() bool
}

// reader submits readings, again and again, a little more each time.
type reader struct {
	*person
	steps []step
	first int // how far his first conversation is from everybody else's values
	round int
}

func (r *reader) between() bool { return len(r.steps) == 0 }

func (r *reader) act(ctx context.Context) error {
	if len(r.steps) == 0 {
		r.steps = r.reading(r.first + r.round)
		r.round++
	}
	s := r.steps[0]
	if err := s.do(); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	m, err := r.AwaitNext(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	if !strings.Contains(m.Text, s.hears) {
		return fmt.Errorf("%s: heard %q, the chat is:\n%s", s.name, m.Text, r)
	}
	r.steps = r.steps[1:]
	return nil
}

// shouter says something to a bot that says it back.
type shouter struct{ *telegramtest.Customer }

const shout = "Чтобы никто не передал показания за вас, подтвердите счёт: введите последние 4 цифры номера счётчика"

func (s *shouter) between() bool { return true }

func (s *shouter) act(ctx context.Context) error {
	s.Say(shout)
	m, err := s.AwaitNext(ctx)
	if err == nil && m.Text != shout {
		err = fmt.Errorf("heard %q", m.Text)
	}
	return err
}

// answerLimit is how long anybody waits for an answer before the benchmark
// fails.
const answerLimit = 30 * time.Second

func inTime(t testing.TB, a actor, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	return a.act(ctx)
}

// drive drives actors and keeps how long their answers took.
type drive struct {
	started, ended func() // around what is measured
	acks           *stopwatch
	replies        stopwatch
	acked          []time.Duration
	mu             sync.Mutex
	errors         []error
}

// warm is how long a load runs before it is measured.
const warm = 500 * time.Millisecond

// closed keeps c people at work: each does his next step as soon as the last
// one is answered.
func (l *drive) closed(people []actor, c int, window time.Duration) {
	free := make(chan actor, len(people))
	for _, p := range people {
		free <- p
	}
	ctx, cancel := context.WithTimeout(context.Background(), warm+window+answerLimit)
	defer cancel()
	var over atomic.Bool
	var workers sync.WaitGroup
	for range c {
		workers.Go(func() {
			for !over.Load() {
				p := <-free
				for first := true; !over.Load() && (first || !p.between()); first = false {
					start := time.Now()
					if err := p.act(ctx); err != nil {
						l.fail(err)
						over.Store(true)
						return
					}
					l.replies.add(time.Since(start))
				}
				free <- p
			}
		})
	}
	l.during(window)
	over.Store(true)
	workers.Wait()
}

// everybody lets each person do one thing, c at a time.
func (l *drive) everybody(people []actor, c int) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*answerLimit)
	defer cancel()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range c {
		workers.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(people); i = next.Add(1) - 1 {
				if err := people[i].act(ctx); err != nil {
					l.fail(err)
					return
				}
			}
		})
	}
	workers.Wait()
}

// open lets steps begin at random (Poisson), rate a second, whatever became of
// the others. A person whose last step is not answered yet begins later, and
// his wait counts: times run from when a step should have begun.
func (l *drive) open(people []actor, rate float64, window time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), warm+window+answerLimit)
	defer cancel()
	turns := make([]chan time.Time, len(people))
	var all sync.WaitGroup
	for i, p := range people {
		turns[i] = make(chan time.Time, 64)
		all.Go(func() {
			for should := range turns[i] {
				if err := p.act(ctx); err != nil {
					l.fail(err)
					return
				}
				l.replies.add(time.Since(should))
			}
		})
	}
	var over atomic.Bool
	var clock sync.WaitGroup
	clock.Go(func() {
		// Timers of a busy process ring a millisecond late; a thread of its own
		// does not.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for at := time.Now(); !over.Load(); {
			at = at.Add(time.Duration(rand.ExpFloat64() / rate * float64(time.Second)))
			if wait := time.Until(at); wait > 0 {
				pause := syscall.NsecToTimespec(int64(wait))
				_ = syscall.Nanosleep(&pause, nil)
			}
			select {
			case turns[rand.IntN(len(turns))] <- at:
			case <-ctx.Done():
				return
			}
		}
	})
	l.during(window)
	over.Store(true)
	clock.Wait()
	for _, c := range turns {
		close(c)
	}
	all.Wait()
}

// thinking lets everybody think for about as long before each step.
func (l *drive) thinking(people []actor, think, window time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), warm+window+think+answerLimit)
	defer cancel()
	over := make(chan struct{})
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(func() {
			pause := time.NewTimer(rand.N(think))
			defer pause.Stop()
			for {
				select {
				case <-over:
					return
				case <-pause.C:
				}
				start := time.Now()
				if err := p.act(ctx); err != nil {
					l.fail(err)
					return
				}
				l.replies.add(time.Since(start))
				pause.Reset(think*9/10 + rand.N(think/5))
			}
		})
	}
	l.during(window)
	close(over)
	all.Wait()
}

// during measures for the length of the window.
func (l *drive) during(window time.Duration) {
	time.Sleep(warm)
	l.acks.reset()
	l.replies.reset()
	l.started()
	time.Sleep(window)
	l.ended()
	l.acked = l.acks.stop()
	l.replies.stop()
}

func (l *drive) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.errors) < 3 {
		l.errors = append(l.errors, err)
	}
}

// stopwatch collects durations between reset and stop.
type stopwatch struct {
	mu      sync.Mutex
	running bool
	all     []time.Duration
}

func (s *stopwatch) add(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		s.all = append(s.all, d)
	}
}

func (s *stopwatch) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.running = make([]time.Duration, 0, 1<<16), true
}

// stop returns the durations, shortest first.
func (s *stopwatch) stop() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		s.running = false
		slices.Sort(s.all)
	}
	return s.all
}

// quantile returns the duration that the share q of all does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
