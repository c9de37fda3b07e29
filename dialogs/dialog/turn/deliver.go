package turn

import (
	"context"
	"encoding/json"
	"time"

	"okoshko/core/chat"
)

// sendLimit is how long one send may take (design of the channels' clients).
const sendLimit = 10 * time.Second

// renewEvery is how often the lease is renewed while a send is in flight.
const renewEvery = LeaseFor / 4

// deliver sends the courier's replies in order until there are no more, the
// lease is lost, or the engine has stopped.
func (e *Engine) deliver(c chat.Conversation, channel Channel, s *courierShard, at *courier) {
	ctx := context.WithoutCancel(e.base) // what was sent is noted even while we stop
	for {
		if e.base.Err() != nil {
			e.release(ctx, c, s, e.now())
			return
		}
		if !e.keepLease(ctx, c, s, at) {
			s.drop(c) // whoever holds it finds the rest in the log
			return
		}
		p, replaces, ok, unread := s.next(c, at)
		if unread {
			if err := e.fetch(ctx, c, s, at); err != nil {
				s.drop(c) // the lease runs out and the sweeper comes
				return
			}
			continue
		}
		if !ok {
			return
		}
		report := Report{Fate: Refused, Why: "unreadable"}
		if !p.unreadable {
			report = e.send(c, channel, Parcel{Conversation: c, Message: p.Message, Replaces: replaces})
		}
		if report.Fate == Later {
			e.putOff(ctx, c, s, report)
			return
		}
		asked := time.Now()
		more, mine, err := e.delivered(ctx, c, p.position, report)
		switch {
		case err != nil:
			s.drop(c)
			return
		case !mine: // the lease was another's meanwhile; if it is ours again, the log says how far he came
			s.reread(at)
			s.expire(at)
		default:
			s.leased(at, asked)
			s.sent(at, p.position, report, more)
		}
	}
}

// expire makes the courier ask for its lease before the next send.
func (s *courierShard) expire(at *courier) {
	s.Lock()
	defer s.Unlock()
	at.lease = time.Time{}
}

// keepLease makes sure that the lease is ours for the beginning of a send.
func (e *Engine) keepLease(ctx context.Context, c chat.Conversation, s *courierShard, at *courier) bool {
	s.Lock()
	age, idle := time.Since(at.lease), len(at.queue) == 0 && !at.unread
	s.Unlock()
	switch {
	case idle:
		return true
	case e.generation.suspected(): // the store may have forgotten what was sent
		s.reread(at)
	case age <= LeaseFor-renewEvery:
		return true
	}
	asked := time.Now()
	mine, err := e.Outbox.Renew(ctx, c)
	if err != nil || !mine {
		return false
	}
	if age >= LeaseFor {
		s.reread(at) // somebody may have had it in between
	}
	s.leased(at, asked)
	return true
}

// send hands one reply to the channel and keeps the lease meanwhile. A channel
// that panics has refused the reply: the same one would bring every replica
// down in turn.
func (e *Engine) send(c chat.Conversation, channel Channel, p Parcel) (report Report) {
	ctx, cancel := context.WithTimeout(e.base, sendLimit)
	defer cancel()
	start := time.Now()
	keep := time.AfterFunc(renewEvery, func() { e.renew(ctx, c) })
	defer keep.Stop()
	defer func() {
		if r := recover(); r != nil {
			e.log.Error("channel panicked", "channel", c.Channel(), "panic", r)
			report = Report{Fate: Refused, Why: "panic"}
		}
		e.meter.Sent(c.Channel(), report.Fate.String(), time.Since(start))
	}()
	return channel.Send(ctx, p)
}

// renew prolongs the lease until the send is over or the lease is lost.
func (e *Engine) renew(ctx context.Context, c chat.Conversation) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if mine, err := e.Outbox.Renew(ctx, c); err == nil && !mine {
			return
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// delivered records what became of a reply.
func (e *Engine) delivered(ctx context.Context, c chat.Conversation, p Position, r Report) (more, mine bool, err error) {
	body, err := json.Marshal(receiptBody{Position: p.String(), Fate: r.Fate.String(), Foreign: r.Foreign, Why: r.Why})
	if err != nil {
		return false, false, err
	}
	now := e.now()
	mine, more, err = e.Outbox.Delivered(ctx, Delivery{
		Conversation: c, Position: p, Prompt: r.Foreign, Now: now,
		Receipt: Entry{Kind: Receipt, At: now, Body: body},
	})
	if err != nil {
		e.log.Warn("receipt not written", "conversation", string(c), "position", p.String(), "error", err)
	}
	return more, mine, err
}

// pauseAfterTrouble is the wait before the next attempt when a channel names
// none.
const pauseAfterTrouble = time.Second

// putOff names the time of the next attempt. A channel in trouble holds the
// whole conversation, never one message of it.
func (e *Engine) putOff(ctx context.Context, c chat.Conversation, s *courierShard, r Report) {
	after := r.After
	switch {
	case e.base.Err() != nil: // the send was cut short by our own stop
		after = 0
	case after <= 0:
		after = pauseAfterTrouble
	}
	e.release(ctx, c, s, e.now().Add(after))
}

// release gives the lease back before the courier ends: a commit in between
// must not be told that it is ours.
func (e *Engine) release(ctx context.Context, c chat.Conversation, s *courierShard, until time.Time) {
	if err := e.Outbox.Hold(ctx, c, until); err != nil {
		e.log.Warn("conversation not held", "conversation", string(c), "error", err)
	}
	s.drop(c)
}

var fates = [...]string{"sent", "refused", "later"}

// String returns the fate's name as it stands in receipts and metrics.
func (f Fate) String() string { return fates[f] }
