package telegramtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Profile is who the customer is to Telegram.
type Profile struct {
	// Language is the language_code of the customer's client; "" sends none.
	Language              string
	First, Last, Username string
	// Phone is the number of the customer's own contact card, as Telegram
	// sends it: with or without a plus.
	Phone string
}

func (p Profile) first() string { return cmp.Or(p.First, "Customer") }

// Customer is a person with a phone in a private chat with the bot.
type Customer struct{ chat *chat }

// Customer returns the customer with this Telegram ID; a new one has p as the
// profile and has not written yet, so the bot cannot write to them.
func (s *Server) Customer(id int64, p Profile) *Customer { return &Customer{s.open(id, p)} }

// Customers returns everybody in the order in which they came.
func (s *Server) Customers() []*Customer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]*Customer, len(s.ordered))
	for i, c := range s.ordered {
		list[i] = &Customer{c}
	}
	return list
}

// ID is the Telegram ID, of the customer and of the chat.
func (c *Customer) ID() int64 { return c.chat.id }

// Profile returns who the customer is now.
func (c *Customer) Profile() Profile {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	return c.chat.profile
}

// SetProfile changes it, e.g. the client's language.
func (c *Customer) SetProfile(p Profile) {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	c.chat.setProfile(p)
	c.chat.version++
	c.chat.wake()
}

// Start presses the start button, with the payload of a deep link or "".
func (c *Customer) Start(payload string) Message {
	return c.Say(strings.TrimSpace("/start " + payload))
}

// Say sends a text.
func (c *Customer) Say(text string) Message {
	return c.chat.say(&Message{Text: text, Entities: commandEntities(text)})
}

// ShareContact sends the customer's own card, as the button that asks for it
// does.
func (c *Customer) ShareContact() Message {
	p := c.Profile()
	return c.SendContact(Contact{Phone: p.Phone, First: p.first(), Last: p.Last, UserID: c.ID()})
}

// SendContact attaches a card: somebody else's, or one's own.
func (c *Customer) SendContact(card Contact) Message { return c.chat.say(&Message{Contact: &card}) }

// ForwardContact passes on a message with a card.
func (c *Customer) ForwardContact(card Contact) Message {
	return c.chat.say(&Message{Contact: &card, Forwarded: true})
}

// Forward passes on somebody else's text.
func (c *Customer) Forward(text string) Message {
	return c.chat.say(&Message{Text: text, Entities: commandEntities(text), Forwarded: true})
}

// SendLocation sends a point on the map.
func (c *Customer) SendLocation(lat, lon float64) Message {
	return c.chat.say(&Message{Location: &Location{lat, lon}})
}

// SendPhoto sends an image (JPEG, PNG or GIF) as a photo. It fails when the
// data is no image that Telegram takes.
func (c *Customer) SendPhoto(data []byte, caption string) (Message, error) {
	f, r := newPhoto(data)
	if r != nil {
		return Message{}, r
	}
	return c.chat.say(&Message{File: c.chat.server.store(f), Text: caption}), nil
}

// SendDocument sends a file of any size: clients may send 2 GB, of which a
// bot can fetch 20 MB.
func (c *Customer) SendDocument(name string, data []byte, caption string) Message {
	f := c.chat.server.store(newDocument(name, data))
	return c.chat.say(&Message{File: f, Text: caption})
}

// SendSticker sends a sticker.
func (c *Customer) SendSticker() Message {
	return c.sendFile(&File{Kind: "sticker", Width: 512, Height: 512, MIME: "image/webp", data: []byte("RIFF\x00\x00\x00\x00WEBP")})
}

// SendVoice sends a voice message of that length.
func (c *Customer) SendVoice(seconds int) Message {
	return c.sendFile(&File{Kind: "voice", Seconds: seconds, MIME: "audio/ogg", data: []byte("OggS")})
}

// SendVideo sends a video of that length.
func (c *Customer) SendVideo(seconds int) Message {
	return c.sendFile(&File{
		Kind: "video", Seconds: seconds, Width: 640, Height: 360, MIME: "video/mp4",
		data: []byte("\x00\x00\x00\x18ftypmp42"),
	})
}

func (c *Customer) sendFile(f *File) Message {
	return c.chat.say(&Message{File: c.chat.server.store(f)})
}

// Album sends photos as one album: one message each, with the caption at the
// first one, all with the same media_group_id. It fails as SendPhoto does,
// then nothing is sent.
func (c *Customer) Album(caption string, photos ...[]byte) ([]Message, error) {
	files := make([]*File, len(photos))
	for i, data := range photos {
		f, r := newPhoto(data)
		if r != nil {
			return nil, r
		}
		files[i] = c.chat.server.store(f)
	}
	id := strconv.FormatInt(time.Now().UnixNano(), 10)
	sent := make([]Message, len(files))
	for i, f := range files {
		sent[i] = c.chat.say(&Message{File: f, Album: id, Text: caption})
		caption = ""
	}
	return sent, nil
}

// SendToAlbum sends a photo as one more item of an album, for items that come
// one by one. It fails as SendPhoto does.
func (c *Customer) SendToAlbum(album string, data []byte, caption string) (Message, error) {
	f, r := newPhoto(data)
	if r != nil {
		return Message{}, r
	}
	return c.chat.say(&Message{File: c.chat.server.store(f), Album: album, Text: caption}), nil
}

// Edit changes the text or caption of a message that the customer has sent.
// It fails when there is no such message.
func (c *Customer) Edit(m Message, text string) (Message, error) {
	ch := c.chat
	ch.mu.Lock()
	defer ch.mu.Unlock()
	own := ch.find(m.ID)
	if own == nil || own.FromBot || own.Contact != nil || own.Location != nil {
		return Message{}, errors.New("edit: the customer has no such message")
	}
	own.Text, own.Entities, own.EditDate, own.Delivered = text, commandEntities(text), ch.server.now(), false
	ch.enqueue(kindEdited, own)
	ch.touch(own)
	return *own, nil
}

// Block stops the bot, as the customer's menu does; the bot is told by a
// my_chat_member update and gets 403 from then on.
func (c *Customer) Block() { c.chat.setBlocked(true) }

// Unblock lets the bot write again.
func (c *Customer) Unblock() { c.chat.setBlocked(false) }

// Leave deletes the customer's account: 403 "user is deactivated".
func (c *Customer) Leave() {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	c.chat.left = true
}

// Blocked reports whether the customer has stopped the bot.
func (c *Customer) Blocked() bool {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	return c.chat.blocked
}

// Messages returns what a person sees in the chat now, oldest first.
func (c *Customer) Messages() []Message {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	list := make([]Message, 0, len(c.chat.messages))
	for _, m := range c.chat.messages {
		if !m.Deleted {
			list = append(list, *m)
		}
	}
	return list
}

// Record returns every message, those deleted included.
func (c *Customer) Record() []Message {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	list := make([]Message, len(c.chat.messages))
	for i, m := range c.chat.messages {
		list[i] = *m
	}
	return list
}

// Last returns the newest message that a person sees, the zero Message in an
// empty chat.
func (c *Customer) Last() Message {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	for _, m := range slices.Backward(c.chat.messages) {
		if !m.Deleted {
			return *m
		}
	}
	return Message{}
}

// Keyboard returns the reply keyboard that shows now, nil for none.
func (c *Customer) Keyboard() *Keyboard {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	return c.chat.keyboard
}

// Commands returns the command menu in the customer's language.
func (c *Customer) Commands() []Command {
	return c.chat.server.commandsFor(c.ID(), c.Profile().Language)
}

// Typing reports whether a chat action shows now.
func (c *Customer) Typing() bool {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	return c.chat.action != "" && time.Now().Before(c.chat.actionTo)
}

// Await waits for a visible message that fits, whether it is there already or
// still to come, and returns the oldest one. It fails when ctx ends first; the
// error has the transcript.
func (c *Customer) Await(ctx context.Context, fits func(Message) bool) (Message, error) {
	for {
		changed := c.chat.changed.wait()
		for _, m := range c.Messages() {
			if fits(m) {
				return m, nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("await message: %w; the chat is:\n%s", ctx.Err(), c)
		}
	}
}

// AwaitText waits for a message of the bot that contains part.
func (c *Customer) AwaitText(ctx context.Context, part string) (Message, error) {
	return c.Await(ctx, func(m Message) bool { return m.FromBot && strings.Contains(m.Text, part) })
}

// AwaitNext returns the next send or edit of the bot that no AwaitNext has
// returned yet, as it was at that moment, waiting for it if need be. It fails
// when ctx ends first.
func (c *Customer) AwaitNext(ctx context.Context) (Message, error) {
	for {
		changed := c.chat.changed.wait()
		if m, ok := c.Next(); ok {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("await next message: %w; the chat is:\n%s", ctx.Err(), c)
		}
	}
}

// Next is AwaitNext without waiting.
func (c *Customer) Next() (Message, bool) {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	if len(c.chat.unread) == 0 {
		return Message{}, false
	}
	m := c.chat.unread[0]
	c.chat.unread = slices.Delete(c.chat.unread, 0, 1)
	return m, true
}

// SkipUnread makes AwaitNext begin with what comes after now.
func (c *Customer) SkipUnread() {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	c.chat.unread = nil
}

// say puts a message of the customer into the chat and tells the bot.
// Somebody who has stopped the bot must start it again to write.
func (c *chat) say(m *Message) Message {
	c.setBlocked(false)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = true
	if c.keyboard != nil && c.keyboard.OneTime {
		c.keyboard = nil
	}
	c.add(m)
	c.enqueue(kindMessage, m)
	return *m
}

// enqueue tells the bot about a message of the customer. Under the lock.
func (c *chat) enqueue(kind string, m *Message) {
	u := &update{lane: laneKey{'m', c.id}, life: c.server.seconds(messageLife)}
	u.settled = func(delivered bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if delivered && m.Update == u.id {
			m.Delivered = true
			c.version++
			c.versions[m.ID] = c.version
			c.wake()
		}
	}
	m.Update = c.server.queue.put(kind, u, func(b []byte) []byte { return m.append(b, c) })
}

// setBlocked tells the bot about a change of its membership.
func (c *chat) setBlocked(blocked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocked == blocked {
		return
	}
	c.blocked = blocked
	before, after := "member", "kicked"
	if !blocked {
		before, after = after, before
	}
	u := &update{lane: laneKey{'o', c.id}, life: c.server.seconds(messageLife)}
	c.server.queue.put(kindMember, u, func(b []byte) []byte {
		b = append(append(b, `{"chat":`...), c.peer...)
		b = number(raw(b, "from", c.user), "date", c.server.now().Unix())
		for _, state := range [...][2]string{{"old_chat_member", before}, {"new_chat_member", after}} {
			b = append(key(b, state[0]), `{"user":`...)
			b = field(append(b, c.server.me...), "status", state[1])
			if state[1] == "kicked" {
				b = number(b, "until_date", 0)
			}
			b = append(b, '}')
		}
		return append(b, '}')
	})
	c.version++
	c.wake()
}

// commandEntities marks the commands in a customer's text, as the server does.
func commandEntities(text string) []Entity {
	if strings.IndexByte(text, '/') < 0 {
		return nil
	}
	var list []Entity
	offset := 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\n' }) {
		at := offset + strings.Index(text[offset:], word)
		offset = at + len(word)
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "/"), "@")
		if word[0] == '/' && name != "" && strings.Trim(name, nameBytes) == "" {
			list = append(list, Entity{Type: "bot_command", Offset: utf16Len(text[:at]), Length: utf16Len(word)})
		}
	}
	return list
}

const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
