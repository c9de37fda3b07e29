package turn

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"sync"
	"time"

	"okoshko/core/chat"
)

// couriers deliver replies, one conversation after the order of its log, many
// conversations side by side. A courier exists while its conversation has
// something to send that this process holds the lease for.
type couriers struct {
	seed   maphash.Seed
	shards [64]struct {
		sync.Mutex
		busy map[chat.Conversation]*courier
	}
}

// courier is the queue of one conversation.
type courier struct {
	queue []parcel
	lease time.Time // when the lease was last known to be ours, on real time
}

func newCouriers() *couriers {
	c := &couriers{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].busy = map[chat.Conversation]*courier{}
	}
	return c
}

func (cs *couriers) shard(c chat.Conversation) *struct {
	sync.Mutex
	busy map[chat.Conversation]*courier
} {
	return &cs.shards[maphash.String(cs.seed, string(c))%uint64(len(cs.shards))]
}

// active reports whether the conversation is being delivered here.
func (cs *couriers) active(c chat.Conversation) bool {
	s := cs.shard(c)
	s.Lock()
	defer s.Unlock()
	return s.busy[c] != nil
}

// handOver gives replies to the conversation's courier. The caller holds the
// conversation's gate and has just been given the delivery lease.
func (e *Engine) handOver(c chat.Conversation, channel Channel, parcels []parcel, prompt string) {
	s := e.couriers.shard(c)
	s.Lock()
	defer s.Unlock()
	if at := s.busy[c]; at != nil {
		at.queue = append(at.queue, parcels...)
		at.lease = time.Now()
		return
	}
	at := &courier{queue: parcels, lease: time.Now()}
	s.busy[c] = at
	e.work.Add(1)
	go func() {
		defer e.work.Done()
		e.deliver(c, channel, at, prompt)
	}()
}

// next takes the next reply, or ends the courier.
func (cs *couriers) next(c chat.Conversation, at *courier) (parcel, bool) {
	s := cs.shard(c)
	s.Lock()
	defer s.Unlock()
	if len(at.queue) == 0 {
		delete(s.busy, c)
		return parcel{}, false
	}
	p := at.queue[0]
	at.queue = at.queue[1:]
	return p, true
}

// drop ends the courier with what it still has: whoever holds the lease next
// finds it in the log.
func (cs *couriers) drop(c chat.Conversation) {
	s := cs.shard(c)
	s.Lock()
	defer s.Unlock()
	delete(s.busy, c)
}

// sendLimit is how long one send may take (design of the channels' clients).
const sendLimit = 10 * time.Second

// renewEvery is how often the lease is renewed while a send is in flight.
const renewEvery = LeaseFor / 4

// deliver sends the courier's queue in order. prompt is the channel's ID of
// the last message in the chat, if it is ours.
func (e *Engine) deliver(c chat.Conversation, channel Channel, at *courier, prompt string) {
	ctx := context.WithoutCancel(e.base)
	for {
		p, ok := e.couriers.next(c, at)
		if !ok {
			return
		}
		if time.Since(at.lease) > LeaseFor-renewEvery {
			if mine, err := e.Outbox.Renew(ctx, c); err != nil || !mine {
				e.couriers.drop(c)
				return
			}
			at.lease = time.Now()
		}
		replaces := ""
		if p.Replaces != "" && p.Replaces == prompt {
			replaces = prompt
		}
		report := e.send(ctx, c, channel, Parcel{Conversation: c, Message: p.Message, Replaces: replaces})
		if report.Fate == Later {
			e.putOff(ctx, c, report)
			return
		}
		if report.Foreign != "" {
			prompt = report.Foreign
		}
		more, mine := e.delivered(ctx, c, p.position, report)
		if !mine {
			e.couriers.drop(c)
			return
		}
		at.lease = time.Now()
		if more {
			e.fetchMore(ctx, c, at)
		}
	}
}

// send hands one reply to the channel and keeps the lease meanwhile.
func (e *Engine) send(ctx context.Context, c chat.Conversation, channel Channel, p Parcel) Report {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	start := time.Now()
	var keep *time.Timer
	keep = time.AfterFunc(renewEvery, func() {
		if mine, err := e.Outbox.Renew(ctx, c); err == nil && mine && ctx.Err() == nil {
			keep.Reset(renewEvery)
		}
	})
	defer keep.Stop()
	report := channel.Send(ctx, p)
	e.meter.Sent(c.Channel(), report.Fate.String(), time.Since(start))
	return report
}

// delivered records what became of a reply.
func (e *Engine) delivered(ctx context.Context, c chat.Conversation, p Position, r Report) (more, mine bool) {
	body, err := json.Marshal(receiptBody{Position: p.String(), Fate: r.Fate.String(), Foreign: r.Foreign, Why: r.Why})
	if err != nil {
		e.log.Error("encode receipt", "error", err)
		return false, false
	}
	now := e.now()
	mine, more, err = e.Outbox.Delivered(ctx, Delivery{
		Conversation: c, Position: p, Prompt: r.Foreign, Now: now,
		Receipt: Entry{Kind: Receipt, At: now, Body: body},
	})
	if err != nil {
		e.log.Warn("receipt not written", "conversation", string(c), "position", p.String(), "error", err)
	}
	return more, mine && err == nil
}

// fetchMore reads replies that another replica has committed meanwhile under
// our lease, unless they have been handed over to us already.
func (e *Engine) fetchMore(ctx context.Context, c chat.Conversation, at *courier) {
	s := e.couriers.shard(c)
	s.Lock()
	waiting := len(at.queue) > 0
	s.Unlock()
	if waiting {
		return
	}
	leave := e.gates.enter(c) // a commit of ours between reading and queueing would be sent twice
	defer leave()
	log, err := e.Outbox.Unsent(ctx, c, fetchAtMost)
	if err != nil {
		return // the lease runs out and the sweeper comes
	}
	parcels, err := parcelsOf(log)
	if err != nil {
		e.log.Error("read replies", "conversation", string(c), "error", err)
		return
	}
	s.Lock()
	defer s.Unlock()
	if len(at.queue) == 0 {
		at.queue = parcels
	}
}

const fetchAtMost = 100

// putOff gives the lease back and names the time of the next attempt. A channel
// in trouble holds the whole conversation, never one message of it.
func (e *Engine) putOff(ctx context.Context, c chat.Conversation, r Report) {
	e.couriers.drop(c)
	after := r.After
	if after <= 0 {
		after = time.Second
	}
	if err := e.Outbox.Hold(ctx, c, e.now().Add(after)); err != nil {
		e.log.Warn("conversation not held", "conversation", string(c), "error", err)
	}
}

var fates = [...]string{"sent", "refused", "later"}

// String returns the fate's name as it stands in receipts and metrics.
func (f Fate) String() string { return fates[f] }
