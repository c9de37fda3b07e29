package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// terms has so many alerts to tell, or fails.
type terms struct {
	sync.Mutex
	due   int
	fails bool
	looks int
}

func (d *terms) TellAlerts(_ context.Context, _ time.Time, limit int) (int, error) {
	d.Lock()
	defer d.Unlock()
	d.looks++
	if d.fails {
		return 0, errors.New("the store is away")
	}
	n := min(d.due, limit)
	d.due -= n
	return n, nil
}

// Whatever is due is told at the next look, all of it, within half a minute; a store
// that is away is looked at again, and not hammered.
func TestWatchman(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		cases := &terms{fails: true}
		go func() { _ = watchman{cases, time.Now, slog.New(slog.DiscardHandler)}.Run(ctx) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		cases.Lock()
		if cases.looks < 4 || cases.looks > 20 {
			t.Errorf("a store that is away was looked at %d times in a minute", cases.looks)
		}
		cases.fails, cases.due = false, 3*watchPage+7
		cases.Unlock()
		time.Sleep(30 * time.Second)
		synctest.Wait()
		cases.Lock()
		defer cases.Unlock()
		if cases.due != 0 {
			t.Errorf("%d alerts are not told after half a minute", cases.due)
		}
	})
}
