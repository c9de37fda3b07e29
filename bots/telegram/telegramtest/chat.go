package telegramtest

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// chat is the private chat of one customer with the bot.
type chat struct {
	server *Server
	id     int64
	// changed wakes those who wait for something to happen in the chat.
	changed pulse

	mu       sync.Mutex
	profile  Profile
	user     []byte // the customer as a User
	peer     []byte // the chat as a Chat
	messages []*Message
	versions map[int]int64 // message → version of its last change, for the page
	version  int64
	lastID   int
	lastAt   time.Time // event time of the last message
	started  bool      // the customer has written, so the bot may write
	blocked  bool
	left     bool      // the account is deleted
	keyboard *Keyboard // what the customer sees instead of letters
	action   string    // the last chat action
	actionTo time.Time // real time until which it shows
	unread   []Message // for AwaitNext
	answers  []toast   // for the transcript
	presses  []*Press  // the last ones made on the page, oldest first
}

// toast is what the answer to a press showed, after the message that was the
// last one then.
type toast struct {
	after int
	text  string
}

// open returns the chat of a customer, making it when it is new.
func (s *Server) open(id int64, p Profile) *chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[id]; c != nil {
		return c
	}
	c := &chat{server: s, id: id, versions: map[int]int64{}, lastID: s.firstMessage}
	c.setProfile(p)
	s.chats[id] = c
	s.ordered = append(s.ordered, c)
	return c
}

// setProfile is called before the chat is shared or under its lock.
func (c *chat) setProfile(p Profile) {
	c.profile = p
	head := strconv.AppendInt([]byte(`{"id":`), c.id, 10)
	names := field(nil, "first_name", p.first())
	names = field(names, "last_name", p.Last)
	names = field(names, "username", p.Username)
	user := append(append(slices.Clone(head), `,"is_bot":false`...), names...)
	c.user = append(field(user, "language_code", p.Language), '}')
	c.peer = append(append(append(slices.Clone(head), names...), `,"type":"private"`...), '}')
}

// find returns a message by its ID, nil when there is none. Under the lock.
func (c *chat) find(id int) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *Message, id int) int { return m.ID - id })
	if !ok || c.messages[i].Deleted {
		return nil
	}
	return c.messages[i]
}

// add gives the message its ID and date and shows it. Under the lock.
func (c *chat) add(m *Message) {
	c.lastID++
	m.ID = c.lastID
	m.Date = c.server.now()
	c.lastAt = m.Date
	if keep := c.server.cfg.Keep; keep > 0 && len(c.messages) >= 2*keep {
		for _, old := range c.messages[:keep] {
			delete(c.versions, old.ID)
		}
		c.messages = append(c.messages[:0], c.messages[keep:]...)
		clear(c.messages[len(c.messages):cap(c.messages)])
	}
	c.messages = append(c.messages, m)
	if m.FromBot {
		c.server.stats.messages.Add(1)
		c.action = ""
		if m.Keyboard != nil {
			c.keyboard = m.Keyboard
			if m.Keyboard.Remove || m.Keyboard.Force {
				c.keyboard = nil
			}
		}
	}
	c.touch(m)
}

// touch tells that a message has changed. Under the lock.
func (c *chat) touch(m *Message) {
	c.version++
	c.versions[m.ID] = c.version
	if m.FromBot && !m.Deleted {
		if keep := c.server.cfg.Keep; keep > 0 && len(c.unread) >= keep {
			c.unread = slices.Delete(c.unread, 0, len(c.unread)-keep+1)
		}
		c.unread = append(c.unread, *m)
	}
	c.wake()
}

func (c *chat) wake() { c.changed.send() }

// writable says why the bot may not write to the chat, nil when it may. Under
// the lock.
func (c *chat) writable() *refusal {
	switch {
	case !c.started:
		return errNoChat // a bot cannot begin a conversation
	case c.left:
		return errDeactivated
	case c.blocked:
		return errBlocked
	}
	return nil
}

// chatArg returns the chat that chat_id names.
func (s *Server) chatArg(a *args) (*chat, *refusal) {
	id := strings.TrimSpace(a.get("chat_id"))
	if id == "" {
		return nil, errChatEmpty
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, errNoChat
	}
	s.mu.RLock()
	c := s.chats[n]
	s.mu.RUnlock()
	if c == nil {
		return nil, errNoChat
	}
	return c, nil
}

// chatOf tells faults and journal which chat a call is about, 0 for none.
func (s *Server) chatOf(a *args) int64 {
	if id := a.get("callback_query_id"); id != "" {
		return s.queries.chat(id)
	}
	return a.number("chat_id")
}
