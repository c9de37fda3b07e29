package turn_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// customer lives through a few turns.
func (w *world) customer(ctx context.Context, rng *rand.Rand, n int) {
	c := chat.Conversation(fmt.Sprintf("tg:%d", n+1))
	path := []string{"/order", "", "3", "Отправить"}
	var events sync.WaitGroup
	at := 0
	for i := range 4 + rng.IntN(8) {
		w.park(w.ashore, turntest.Call{Name: "customer", Conversation: c})
		now := time.Now()
		ev := dialog.Event{ID: fmt.Sprintf("%s-%d", c, i), Conversation: c, Kind: dialog.Text, At: now, Now: now}
		switch rng.IntN(8) {
		case 0:
			ev.Text = []string{"/poke", "Отмена", "назад", "меню"}[rng.IntN(4)]
		case 1, 2:
			w.choose(rng, &ev)
		default:
			ev.Text = path[at]
			at = (at + 1) % len(path)
		}
		if ev.Text == "" {
			ev.Text = "лампа " + ev.ID
		}
		if ev.Kind == dialog.Text {
			ev.Foreign = ev.ID
		}
		own := rand.New(rand.NewPCG(rng.Uint64(), 0))
		events.Go(func() { w.deliver(ctx, own, ev) })
		if rng.IntN(5) == 0 {
			again := rand.New(rand.NewPCG(rng.Uint64(), 1))
			events.Go(func() { w.deliver(ctx, again, ev) })
		}
		if rng.IntN(3) > 0 {
			events.Wait()
		}
		time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond)
	}
	events.Wait()
}

// choose makes the event a press of some button that was ever shown.
func (w *world) choose(rng *rand.Rand, ev *dialog.Event) {
	var sent []turntest.Sending
	for _, s := range w.channel.Sent() {
		if s.Conversation == ev.Conversation && len(s.Message.Choices) > 0 {
			sent = append(sent, s)
		}
	}
	if len(sent) == 0 {
		ev.Text = "/order"
		return
	}
	s := sent[max(0, len(sent)-1-rng.IntN(3))]
	ev.Kind, ev.Foreign = dialog.Press, s.Foreign
	ev.Text = s.Message.Choices[rng.IntN(len(s.Message.Choices))].Token
}

// deliver is the durable queue: it comes again until it is acknowledged.
func (w *world) deliver(ctx context.Context, rng *rand.Rand, ev dialog.Event) {
	for range 200 {
		w.mu.Lock()
		s := w.crew[len(w.crew)-1-rng.IntN(min(2, len(w.crew)))]
		w.mu.Unlock()
		w.park(s, turntest.Call{Name: "Take " + ev.ID, Conversation: ev.Conversation})
		if ack, err := s.Take(ctx, ev); err == nil {
			w.note(ev, ack)
			return
		}
		time.Sleep(time.Duration(100+rng.IntN(300)) * time.Millisecond)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = append(w.broken, "event "+ev.ID+" is never taken")
}

func (w *world) note(ev dialog.Event, ack turn.Ack) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trace("%s %q is taken at %s", ev.ID, ev.Text, ack.Position)
	old, again := w.accepted[ev.ID]
	if again && old.ack.Position != (turn.Position{}) && old.ack.Position != ack.Position {
		w.broken = append(w.broken, fmt.Sprintf("event %s was taken at %s and at %s", ev.ID, old.ack.Position, ack.Position))
	}
	w.accepted[ev.ID] = accepted{ev, ack}
}
