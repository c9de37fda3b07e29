package redis_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/redis/redistest"
	"okoshko/dialogs/dialog/turn"
)

// Whoever hears hints is told when the server was killed and they come again.
func TestHintsBeginAnewAfterAKill(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := redistest.Connect(t, server.Config())
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	begun := make(chan struct{}, 16)
	var heard atomic.Int64
	ended := make(chan error, 1)
	go func() {
		ended <- s.Subscribe(ctx, func(turn.Hint) { heard.Add(1) }, func() { begun <- struct{}{} })
	}()
	for _, when := range []string{"first", "after a kill"} {
		select {
		case <-begun:
		case <-ctx.Done():
			t.Fatalf("%s: nobody said that hints come", when)
		}
		before := heard.Load()
		for heard.Load() == before {
			if err := s.Publish(ctx, turn.Hint{Conversation: "tg:1", Kind: turn.Typing}); err != nil && ctx.Err() != nil {
				t.Fatalf("%s: no hint is heard: %v", when, err)
			}
			time.Sleep(time.Millisecond)
		}
		if when == "first" {
			server.Kill(t)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
