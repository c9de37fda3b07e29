package redis_test

import (
	"testing"

	"okoshko/adapters/redis"
	"okoshko/adapters/redis/redistest"
	"okoshko/dialogs/dialog/turn/turntest"
)

// TestContract holds the store to the engine's ports, on every kind of Redis
// and both ways to it.
func TestContract(t *testing.T) {
	t.Parallel()
	for name, build := range houses {
		open := func(t *testing.T) func() turntest.Live {
			h := build(t)
			return func() turntest.Live { return h.replica(t) }
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("Conversations", func(t *testing.T) { t.Parallel(); turntest.Conversations(t, open) })
			t.Run("Outbox", func(t *testing.T) { t.Parallel(); turntest.Outbox(t, open) })
			t.Run("Agenda", func(t *testing.T) { t.Parallel(); turntest.Agenda(t, open) })
			t.Run("History", func(t *testing.T) { t.Parallel(); turntest.History(t, open) })
			t.Run("Backlog", func(t *testing.T) { t.Parallel(); turntest.Backlog(t, open) })
		})
	}
}

// houses are every kind of Redis, and both ways to it.
var houses = map[string]func(t testing.TB) house{
	"plain": func(t testing.TB) house {
		c := redistest.Config(t)
		c.PlainOnly = true
		return house{config: c}
	},
	"pipelined": func(t testing.TB) house { return house{config: redistest.Config(t), force: true} },
	"cluster":   func(t testing.TB) house { return house{config: redistest.Cluster(t)} },
}

var _ turntest.Live = (*redis.Store)(nil)
