package turn

import (
	"hash/maphash"
	"sync"

	"okoshko/core/chat"
)

// gates let one event of a conversation through at a time within this process,
// from loading to the hand-over to delivery. That keeps local order and saves
// repeated steps; the compare-and-set of the commit stays the guard between
// replicas, so nothing here needs to survive a crash.
type gates struct {
	seed   maphash.Seed
	shards [64]struct {
		sync.Mutex
		open map[chat.Conversation]*gate
	}
}

type gate struct {
	sync.Mutex
	users int // guarded by the shard
}

func newGates() *gates {
	g := &gates{seed: maphash.MakeSeed()}
	for i := range g.shards {
		g.shards[i].open = map[chat.Conversation]*gate{}
	}
	return g
}

// enter waits for its turn and returns how to leave.
func (g *gates) enter(c chat.Conversation) (leave func()) {
	shard := &g.shards[maphash.String(g.seed, string(c))%uint64(len(g.shards))]
	shard.Lock()
	mine := shard.open[c]
	if mine == nil {
		mine = &gate{}
		shard.open[c] = mine
	}
	mine.users++
	shard.Unlock()
	mine.Lock()
	return func() {
		mine.Unlock()
		shard.Lock()
		if mine.users--; mine.users == 0 {
			delete(shard.open, c)
		}
		shard.Unlock()
	}
}
