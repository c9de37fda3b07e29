package turn

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// gates let one event of a conversation through at a time within this process,
// in the order of their coming. That keeps local order and saves repeated
// steps; the compare-and-set of the commit stays the guard between replicas, so
// nothing here needs to survive a crash.
type gates struct {
	seed   maphash.Seed
	shards [64]gateShard
}

type gateShard struct {
	sync.Mutex
	// held lists, for every conversation that somebody is in, who waits. Only
	// those who wait cost a channel.
	held map[chat.Conversation][]chan struct{}
}

func newGates() *gates {
	g := &gates{seed: maphash.MakeSeed()}
	for i := range g.shards {
		g.shards[i].held = map[chat.Conversation][]chan struct{}{}
	}
	return g
}

// enter waits for its turn and returns how to leave. The error is of kind
// fault.Unavailable: ctx has ended first.
func (g *gates) enter(ctx context.Context, c chat.Conversation) (leave func(), err error) {
	s := &g.shards[maphash.String(g.seed, string(c))%uint64(len(g.shards))]
	leave = func() { s.leave(c) }
	s.Lock()
	waiting, held := s.held[c]
	if !held {
		s.held[c] = nil
		s.Unlock()
		return leave, nil
	}
	mine := make(chan struct{})
	s.held[c] = append(waiting, mine)
	s.Unlock()
	select {
	case <-mine:
		return leave, nil
	case <-ctx.Done():
	}
	s.Lock()
	i := slices.Index(s.held[c], mine)
	if i >= 0 {
		s.held[c] = slices.Delete(s.held[c], i, i+1)
	}
	s.Unlock()
	if i < 0 { // it was let in at the same moment
		leave()
	}
	return nil, fault.Wrap(fault.Unavailable, ctx.Err())
}

// leave lets the next one in.
func (s *gateShard) leave(c chat.Conversation) {
	s.Lock()
	defer s.Unlock()
	waiting := s.held[c]
	if len(waiting) == 0 {
		delete(s.held, c)
		return
	}
	close(waiting[0])
	s.held[c] = waiting[1:]
}
