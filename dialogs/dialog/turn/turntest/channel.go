package turntest

import (
	"context"
	"strconv"
	"sync"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Sending is one message that the channel has put into a chat.
type Sending struct {
	turn.Parcel
	Foreign string
}

// Text is the message without emphasis.
func (s Sending) Text() string { return s.Message.Plain() }

// Channel is a messenger that can edit and has buttons.
type Channel struct {
	mu      sync.Mutex
	sent    []Sending
	trouble func(context.Context, turn.Parcel) (r turn.Report, lost, ok bool)
}

// Trouble decides on the sends to come, and may wait: with ok the message is
// taken, else r is the answer; lost says that it was taken all the same.
func (ch *Channel) Trouble(of func(ctx context.Context, p turn.Parcel) (r turn.Report, lost, ok bool)) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.trouble = of
}

// Caps implements turn.Channel.
func (ch *Channel) Caps() chat.Caps {
	return chat.Caps{Text: 4096, Buttons: 100, Row: 2, Label: 20, Edit: true}
}

// Send implements turn.Channel.
func (ch *Channel) Send(ctx context.Context, p turn.Parcel) turn.Report {
	ch.mu.Lock()
	trouble := ch.trouble
	ch.mu.Unlock()
	if trouble != nil {
		if r, lost, ok := trouble(ctx, p); !ok {
			if lost {
				ch.take(p)
			}
			return r
		}
	}
	return turn.Report{Fate: turn.Sent, Foreign: ch.take(p)}
}

func (ch *Channel) take(p turn.Parcel) string {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	foreign := p.Replaces
	if foreign == "" {
		foreign = "m" + strconv.Itoa(len(ch.sent)+1)
	}
	ch.sent = append(ch.sent, Sending{p, foreign})
	return foreign
}

// Sent lists everything that the chats have seen, oldest first.
func (ch *Channel) Sent() []Sending {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	return append([]Sending(nil), ch.sent...)
}
