package webchat

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// listener waits for news of a conversation: a socket or a long poll.
type listener interface {
	// hear must not block.
	hear(h turn.Hint)
}

// hub knows everybody who listens on this replica. One subscription serves
// them all.
type hub struct {
	chat   *Chat
	shards [64]shard
	open   atomic.Int64
	next   atomic.Int64
	stop   chan struct{} // closed when the replica stops
	anew   chan struct{} // hints may have been lost
	once   sync.Once

	mu        sync.Mutex
	addresses map[netip.Addr]int // sockets by address
}

// shard is a part of the conversations that are listened to.
type shard struct {
	sync.Mutex
	listeners map[chat.Conversation][]listener
	sockets   map[*socket]bool
}

func newHub(w *Chat) *hub {
	h := &hub{chat: w, stop: make(chan struct{}), anew: make(chan struct{}, 1), addresses: map[netip.Addr]int{}}
	for i := range h.shards {
		h.shards[i].listeners = map[chat.Conversation][]listener{}
		h.shards[i].sockets = map[*socket]bool{}
	}
	return h
}

// shard spreads by FNV-1a.
func (h *hub) shard(c chat.Conversation) *shard {
	sum := uint32(2166136261)
	for i := range len(c) {
		sum = (sum ^ uint32(c[i])) * 16777619
	}
	return &h.shards[sum%uint32(len(h.shards))]
}

func (h *hub) sockets() int { return int(h.open.Load()) }

func (h *hub) stopped() bool {
	select {
	case <-h.stop:
		return true
	default:
		return false
	}
}

// listen adds a listener, unless the conversation has most of them already.
func (h *hub) listen(c chat.Conversation, l listener, most int) bool {
	s := h.shard(c)
	s.Lock()
	defer s.Unlock()
	if len(s.listeners[c]) >= most {
		return false
	}
	s.listeners[c] = append(s.listeners[c], l)
	return true
}

func (h *hub) leave(c chat.Conversation, l listener) {
	s := h.shard(c)
	s.Lock()
	defer s.Unlock()
	all := s.listeners[c]
	for i := range all {
		if all[i] == l {
			all = append(all[:i:i], all[i+1:]...)
			break
		}
	}
	if len(all) == 0 {
		delete(s.listeners, c)
	} else {
		s.listeners[c] = all
	}
}

// room reports whether one more socket of the address may be opened, and
// counts it.
func (h *hub) room(address netip.Addr) (ok, full bool) {
	if most := h.chat.MaxSockets; most > 0 && h.sockets() >= most {
		return false, true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.addresses[address] >= mostAtOne {
		return false, false
	}
	h.addresses[address]++
	h.chat.Meter.Sockets(int(h.open.Add(1)))
	return true, false
}

// vacate gives the place of room back.
func (h *hub) vacate(address netip.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.addresses[address]--; h.addresses[address] <= 0 {
		delete(h.addresses, address)
	}
	h.chat.Meter.Sockets(int(h.open.Add(-1)))
}

// enter adds a socket; false if its visitor has too many.
func (h *hub) enter(s *socket) bool {
	s.number = h.next.Add(1)
	if !h.listen(s.visitor.Conversation, s, mostSockets) {
		return false
	}
	at := h.shard(s.visitor.Conversation)
	at.Lock()
	at.sockets[s] = true
	at.Unlock()
	return true
}

func (h *hub) exit(s *socket) {
	at := h.shard(s.visitor.Conversation)
	at.Lock()
	delete(at.sockets, s)
	at.Unlock()
	h.leave(s.visitor.Conversation, s)
}

// tell hands a hint to those whom it concerns.
func (h *hub) tell(hint turn.Hint) {
	s := h.shard(hint.Conversation)
	s.Lock()
	defer s.Unlock()
	for _, l := range s.listeners[hint.Conversation] {
		l.hear(hint)
	}
}

// everyone calls do with every socket.
func (h *hub) everyone(do func(*socket)) {
	for i := range h.shards {
		s := &h.shards[i]
		s.Lock()
		all := make([]*socket, 0, len(s.sockets))
		for one := range s.sockets {
			all = append(all, one)
		}
		s.Unlock()
		for _, one := range all {
			do(one)
		}
	}
}

// round is how long a lost hint can keep news away: every socket is looked
// after once in so many seconds, a part of them each second; all of them as soon
// as hints come again after they did not.
const round = 15

func (h *hub) run(ctx context.Context) error {
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := h.chat.Live.Subscribe(ctx, h.tell, h.lookAround); err != nil && ctx.Err() == nil {
			h.chat.Log.Error("hints not heard", "error", err)
		}
	})
	parts.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for part := int64(0); ; part = (part + 1) % round {
			select {
			case <-ctx.Done():
				return
			case <-h.anew:
				for every := range int64(round) { // a part at a time: no trip takes long
					h.lookAfter(ctx, every)
				}
			case <-tick.C:
				h.lookAfter(ctx, part)
			}
		}
	})
	parts.Wait()
	return nil
}

// lookAround lets every socket be looked after soon.
func (h *hub) lookAround() {
	select {
	case h.anew <- struct{}{}:
	default: // it will be
	}
}

// lookAfter pings and drops what is silent, and asks for news that no hint has
// told of, in one trip for all.
func (h *hub) lookAfter(ctx context.Context, part int64) {
	var calm []*socket
	var names []chat.Conversation
	now := time.Now()
	h.everyone(func(s *socket) {
		if s.number%round == part && s.alive(now) {
			calm, names = append(calm, s), append(names, s.visitor.Conversation)
		}
	})
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	newest, err := h.chat.Live.Newest(ctx, names)
	if err != nil {
		h.chat.Log.Debug("round skipped", "error", err)
		return
	}
	for i, s := range calm {
		s.hear(turn.Hint{Conversation: names[i], Position: newest[i], Kind: turn.NewEntry})
	}
}

// comeBack is within how many seconds clients return to another replica.
const comeBack = 5

// close says goodbye to everybody, spread over a short time.
func (h *hub) close(ctx context.Context) {
	h.once.Do(func() { close(h.stop) })
	h.everyone(func(s *socket) {
		time.AfterFunc(rand.N(200*time.Millisecond), func() { s.bye("restart", comeBack) })
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for h.sockets() > 0 {
		select {
		case <-ctx.Done():
			h.everyone((*socket).drop)
			return
		case <-tick.C:
		}
	}
}
