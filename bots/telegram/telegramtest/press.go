package telegramtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ErrNoButton means that the customer sees no such button.
var ErrNoButton = errors.New("no such button")

// Press is one press of a button, from the finger to the toast. The press of
// a key of the reply keyboard sends a message and is over at once.
type Press struct {
	// Message is what the customer saw when pressing; for a key of the reply
	// keyboard it is the message that the press has sent.
	Message Message
	Button  Button
	// Query is the callback_query_id and Update the update_id; a key of the
	// reply keyboard has no query.
	Query  string
	Update int64

	chat   *chat
	at     time.Time
	done   chan struct{}
	answer Answer
	// version is that of the chat when the answer came, 0 before.
	version int64
}

// Answer is how the bot answered a press.
type Answer struct {
	Text  string
	Alert bool
	URL   string
	// After is the real time from the press to the answer.
	After time.Duration
}

// Press presses the newest button with this label that the customer sees:
// under a message, or on the reply keyboard. It fails with ErrNoButton.
func (c *Customer) Press(label string) (*Press, error) {
	for _, m := range slices.Backward(c.Messages()) {
		if _, ok := m.Button(label); ok {
			return c.PressOn(m, label)
		}
	}
	if k := c.Keyboard(); k != nil {
		for _, row := range k.Rows {
			for _, key := range row {
				if key.Text == label {
					return c.pressKey(key), nil
				}
			}
		}
	}
	return nil, fmt.Errorf("press %q: %w; the chat is:\n%s", label, ErrNoButton, c)
}

// PressOn presses a button of this message as m shows it, even if the bot has
// changed or deleted the message since: the finger was faster. It fails with
// ErrNoButton.
func (c *Customer) PressOn(m Message, label string) (*Press, error) {
	b, ok := m.Button(label)
	if !ok || b.Data == "" {
		return nil, fmt.Errorf("press %q on message %d: %w", label, m.ID, ErrNoButton)
	}
	return c.chat.press(m, b), nil
}

// PressData sends callback data that no honest client would, under a message.
func (c *Customer) PressData(m Message, data string) *Press {
	return c.chat.press(m, Button{Data: data})
}

// Again sends the press once more under a new update_id and query, as clients
// do when a press has not been answered (tdlib/telegram-bot-api#699).
func (p *Press) Again() *Press { return p.chat.press(p.Message, p.Button) }

// Await returns how the bot answered. It fails when ctx ends first.
func (p *Press) Await(ctx context.Context) (Answer, error) {
	select {
	case <-p.done:
		return p.answer, nil
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("await the answer to a press: %w", ctx.Err())
	}
}

// Answered is closed when the spinner ends.
func (p *Press) Answered() <-chan struct{} { return p.done }

func (c *Customer) pressKey(k Key) *Press {
	p := &Press{chat: c.chat, at: time.Now(), done: make(chan struct{}), Button: Button{Text: k.Text}}
	switch {
	case k.Contact:
		p.Message = c.ShareContact()
	case k.Location:
		p.Message = c.SendLocation(57.1522, 65.5272)
	default:
		p.Message = c.Say(k.Text)
	}
	p.Update = p.Message.Update
	close(p.done)
	return p
}

// press tells the bot. What the update says about the message is its state on
// the server, not what the customer saw; a deleted one is inaccessible.
func (c *chat) press(m Message, b Button) *Press {
	p := &Press{Message: m, Button: b, chat: c, at: time.Now(), done: make(chan struct{}), Query: newQueryID()}
	c.server.queries.add(p, c.server.cfg.AnswerWithin)
	c.mu.Lock()
	defer c.mu.Unlock()
	u := &update{lane: laneKey{'p', c.id}, life: c.server.seconds(pressLife)}
	p.Update = c.server.queue.put(kindPress, u, func(out []byte) []byte {
		out = appendString(append(out, `{"id":`...), p.Query)
		out = raw(out, "from", c.user)
		out = key(out, "message")
		if now := c.find(m.ID); now != nil {
			out = now.append(out, c)
		} else {
			out = strconv.AppendInt(append(out, `{"message_id":`...), int64(m.ID), 10)
			out = append(number(raw(out, "chat", c.peer), "date", 0), '}')
		}
		out = field(out, "chat_instance", strconv.FormatInt(-c.id, 10))
		return append(field(out, "data", b.Data), '}')
	})
	return p
}

// finish ends the spinner with a toast.
func (p *Press) finish(a Answer) {
	p.answer = a
	c := p.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.Text != "" {
		c.answers = append(c.answers, toast{after: c.lastID, text: a.Text})
		if keep := c.server.cfg.Keep; keep > 0 && len(c.answers) > keep {
			c.answers = slices.Delete(c.answers, 0, len(c.answers)-keep)
		}
	}
	close(p.done)
	c.version++
	p.version = c.version
	c.wake()
}

func newQueryID() string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	n := uint64(0)
	for _, x := range b {
		n = n<<8 | uint64(x)
	}
	return strconv.FormatUint(n, 10)
}

// queries are the presses that have not been answered.
type queries struct {
	mu   sync.Mutex
	open map[string]*Press
	adds int
}

func (q *queries) add(p *Press, life time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.adds++; q.adds%1024 == 0 {
		for id, old := range q.open {
			if time.Since(old.at) > life {
				delete(q.open, id)
			}
		}
	}
	q.open[p.Query] = p
}

// take returns the press and forgets it; nil when it is unknown, answered or
// too old. A second answer is refused like a late one.
func (q *queries) take(id string, life time.Duration) *Press {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.open[id]
	delete(q.open, id)
	if p == nil || time.Since(p.at) > life {
		return nil
	}
	return p
}

func (q *queries) chat(id string) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p := q.open[id]; p != nil {
		return p.chat.id
	}
	return 0
}
