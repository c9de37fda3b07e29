package turn

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"okoshko/core/chat"
)

// couriers deliver replies, one conversation in the order of its log, many
// conversations side by side. A courier exists while its conversation has
// something to send that this process holds the lease for.
type couriers struct {
	seed   maphash.Seed
	shards [64]courierShard
}

type courierShard struct {
	sync.Mutex
	busy map[chat.Conversation]*courier
}

// courier is the delivery of one conversation; its shard guards it.
type courier struct {
	queue []parcel
	// last is the position of the last reply that was queued. A commit whose
	// predecessor is another one shows that somebody else's stands between.
	last Position
	// unread: the log knows more than the queue; read it before the next send.
	unread bool
	// lease is when we last asked for the lease and got it, on real time.
	lease time.Time
	// prompt is the channel's ID of the last message in the chat, if it is ours.
	prompt string
	// covered is the revision of the last commit known here whose event stands
	// in the chat below our messages.
	covered int64
}

func newCouriers() *couriers {
	c := &couriers{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].busy = map[chat.Conversation]*courier{}
	}
	return c
}

func (cs *couriers) shard(c chat.Conversation) *courierShard {
	return &cs.shards[maphash.String(cs.seed, string(c))%uint64(len(cs.shards))]
}

// active reports whether the conversation is being delivered here.
func (cs *couriers) active(c chat.Conversation) bool {
	s := cs.shard(c)
	s.Lock()
	defer s.Unlock()
	return s.busy[c] != nil
}

// covered tells the courier that the customer has put something into the chat.
func (cs *couriers) covered(c chat.Conversation, revision int64) {
	s := cs.shard(c)
	s.Lock()
	defer s.Unlock()
	if at := s.busy[c]; at != nil {
		at.prompt, at.covered = "", revision
	}
}

// handOver gives the replies of a commit, which has just been given the lease, to
// the conversation's courier. tail is the last reply before it; asked is when it
// asked.
func (e *Engine) handOver(channel Channel, tail Position, of Commit, made Committed, parcels []parcel, asked time.Time) {
	c := of.Conversation
	s := e.couriers.shard(c)
	s.Lock()
	defer s.Unlock()
	if at := s.busy[c]; at != nil {
		if at.last != tail || time.Since(at.lease) >= LeaseFor {
			at.unread = true // others have committed or delivered in between
		}
		at.queue, at.last, at.lease = append(at.queue, parcels...), of.Tail, asked
		return
	}
	at := &courier{queue: parcels, last: of.Tail, lease: asked, prompt: made.Prompt, unread: made.Verdict == WonBehind}
	if of.InChat {
		at.prompt, at.covered = "", of.Revision
	}
	s.busy[c] = at
	e.work.start(func() { e.deliver(c, channel, s, at) })
}

// fetchAndDeliver starts a courier that finds in the log what is to be sent.
// The caller has been given the lease.
func (e *Engine) fetchAndDeliver(c chat.Conversation, channel Channel, asked time.Time) {
	s := e.couriers.shard(c)
	s.Lock()
	defer s.Unlock()
	if at := s.busy[c]; at != nil {
		at.unread, at.lease = true, asked
		return
	}
	at := &courier{lease: asked, unread: true}
	s.busy[c] = at
	e.work.start(func() { e.deliver(c, channel, s, at) })
}

// next takes the next reply and says whether it may be put in place of another.
// Without one it ends the courier, unless the log has to be read first.
func (s *courierShard) next(c chat.Conversation, at *courier) (p parcel, replaces string, ok, unread bool) {
	s.Lock()
	defer s.Unlock()
	if at.unread {
		return parcel{}, "", false, true
	}
	if len(at.queue) == 0 {
		delete(s.busy, c)
		return parcel{}, "", false, false
	}
	p = at.queue[0]
	at.queue = at.queue[1:]
	if p.Replaces != "" && p.Replaces == at.prompt {
		replaces = p.Replaces
	}
	return p, replaces, true, false
}

// drop ends the courier with what it still has: whoever holds the lease next
// finds it in the log.
func (s *courierShard) drop(c chat.Conversation) {
	s.Lock()
	defer s.Unlock()
	delete(s.busy, c)
}

// leased notes that the lease was ours when it was asked for at that time.
func (s *courierShard) leased(at *courier, asked time.Time) {
	s.Lock()
	defer s.Unlock()
	if at.lease.Before(asked) {
		at.lease = asked
	}
}

var errLeaseLost = errors.New("delivery lease is lost")

// fetchAtMost is how many replies a courier reads from the log at a time.
const fetchAtMost = 100

// fetch reads from the log what is to be sent, in place of the queue.
func (e *Engine) fetch(ctx context.Context, c chat.Conversation, s *courierShard, at *courier) error {
	s.Lock()
	at.unread = false // who queues from now on compares with last
	s.Unlock()
	had, err := e.load(ctx, c) // compared with the archive, if the store has lost something
	if err != nil {
		return err
	}
	log, err := e.Outbox.Unsent(ctx, c, fetchAtMost)
	if err != nil {
		return err
	}
	asked := time.Now()
	if mine, err := e.Outbox.Renew(ctx, c); err != nil || !mine {
		return errLeaseLost
	}
	s.Lock()
	defer s.Unlock()
	at.queue, at.prompt, at.lease = parcelsOf(log), had.Prompt, asked
	if n := len(log); n > 0 {
		at.last = log[n-1].Position
	}
	return nil
}

// sent notes what a reply has left in the chat and whether the log has more.
func (s *courierShard) sent(at *courier, p Position, r Report, more bool) {
	s.Lock()
	defer s.Unlock()
	if r.Foreign != "" && p.Revision >= at.covered {
		at.prompt = r.Foreign
	}
	if more && len(at.queue) == 0 {
		at.unread = true
	}
}

// reread makes the courier read the log before it sends anything else.
func (s *courierShard) reread(at *courier) {
	s.Lock()
	defer s.Unlock()
	at.unread = true
}
