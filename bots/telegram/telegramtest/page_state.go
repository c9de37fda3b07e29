package telegramtest

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
)

// longPoll is how long the page waits for news; proxies cut later.
const longPoll = 20 * time.Second

// pageState is what the page shows, or what has changed of it.
type pageState struct {
	// Epoch names this emulator: versions of another one mean nothing.
	Epoch    int64         `json:"epoch"`
	Version  int64         `json:"version"`
	Revision int64         `json:"revision"`
	ID       int64         `json:"id"`
	Bot      string        `json:"bot"`
	Username string        `json:"username"`
	Started  bool          `json:"started"`
	Blocked  bool          `json:"blocked"`
	Outage   bool          `json:"outage"`
	Typing   int64         `json:"typing"` // for how many ms more
	Now      int64         `json:"now"`    // event time, Unix ms
	Keyboard *pageKeyboard `json:"keyboard"`
	Commands []Command     `json:"commands"`
	Messages []pageMessage `json:"messages"`
	Answers  []pageAnswer  `json:"answers"`
}

type pageKeyboard struct {
	Rows        [][]pageKey `json:"rows"`
	Placeholder string      `json:"placeholder"`
}

type pageKey struct {
	Text     string `json:"text"`
	Contact  bool   `json:"contact"`
	Location bool   `json:"location"`
}

// pageMessage is one bubble.
type pageMessage struct {
	ID        int            `json:"id"`
	Own       bool           `json:"own"`
	Date      int64          `json:"date"` // Unix seconds
	Edited    bool           `json:"edited,omitempty"`
	Deleted   bool           `json:"deleted,omitempty"`
	Delivered bool           `json:"delivered,omitempty"`
	Forwarded bool           `json:"forwarded,omitempty"`
	Text      string         `json:"text,omitempty"`
	Entities  []Entity       `json:"entities,omitempty"`
	File      *pageFileRow   `json:"file,omitempty"`
	Contact   *pageContact   `json:"contact,omitempty"`
	Location  *pageLocation  `json:"location,omitempty"`
	ReplyTo   int            `json:"reply,omitempty"`
	Inline    [][]pageButton `json:"inline,omitempty"`
}

type pageFileRow struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	Size    int    `json:"size"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Seconds int    `json:"seconds,omitempty"`
}

type pageContact struct {
	Phone string `json:"phone"`
	First string `json:"first"`
	Last  string `json:"surname,omitempty"`
}

type pageLocation struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type pageButton struct {
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// pageAnswer ends the spinner of a press.
type pageAnswer struct {
	Query string `json:"query"`
	Text  string `json:"text,omitempty"`
	Alert bool   `json:"alert,omitempty"`
	URL   string `json:"url,omitempty"`
}

// changes answers as soon as there is something newer than the page has, or
// with nothing new after a while.
func (s *Server) changes(c *fiber.Ctx, who *Customer) error {
	since, revision := int64(c.QueryInt("version")), int64(c.QueryInt("revision"))
	if int64(c.QueryInt("epoch")) != s.epoch() {
		return c.JSON(s.state(who.chat, 0))
	}
	timer := time.NewTimer(longPoll)
	defer timer.Stop()
	for waiting := true; waiting; {
		changed, shared := who.chat.changed.wait(), s.shared.wait()
		if who.chat.at() > since || s.revision.Load() != revision {
			break
		}
		select {
		case <-changed:
		case <-shared:
		case <-timer.C:
			waiting = false
		case <-s.closing:
			waiting = false
		}
	}
	return c.JSON(s.state(who.chat, since))
}

// epoch is different for every emulator that runs on the machine.
func (s *Server) epoch() int64 { return int64(s.firstMessage) }

func (c *chat) at() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// state is the chat with the messages and answers that are newer than since.
func (s *Server) state(c *chat, since int64) pageState {
	commands := (&Customer{c}).Commands()
	c.mu.Lock()
	defer c.mu.Unlock()
	st := pageState{
		Epoch: s.epoch(), Version: c.version, Revision: s.revision.Load(), ID: c.id,
		Bot: s.cfg.Name, Username: s.cfg.Username, Started: c.started, Blocked: c.blocked,
		Outage: s.outage.Load() != nil, Now: s.cfg.Now().UnixMilli(), Commands: commands,
		Keyboard: c.keyboard.forPage(),
	}
	if c.action != "" {
		st.Typing = max(0, time.Until(c.actionTo).Milliseconds())
	}
	for _, m := range c.messages {
		if c.versions[m.ID] > since {
			st.Messages = append(st.Messages, m.forPage())
		}
	}
	for _, p := range c.presses {
		if p.version > since {
			st.Answers = append(st.Answers, pageAnswer{p.Query, p.answer.Text, p.answer.Alert, p.answer.URL})
		}
	}
	return st
}

func (k *Keyboard) forPage() *pageKeyboard {
	if k == nil {
		return nil
	}
	p := &pageKeyboard{Placeholder: k.Placeholder}
	for _, row := range k.Rows {
		keys := make([]pageKey, len(row))
		for i, key := range row {
			keys[i] = pageKey(key)
		}
		p.Rows = append(p.Rows, keys)
	}
	return p
}

func (m *Message) forPage() pageMessage {
	if m.Deleted {
		return pageMessage{ID: m.ID, Deleted: true}
	}
	p := pageMessage{
		ID: m.ID, Own: !m.FromBot, Date: m.Date.Unix(), Edited: !m.EditDate.IsZero(), Delivered: m.Delivered,
		Forwarded: m.Forwarded, Text: m.Text, Entities: slices.Clone(m.Entities), ReplyTo: m.ReplyTo,
	}
	if f := m.File; f != nil {
		p.File = &pageFileRow{f.Kind, f.ID, f.Name, f.Size(), f.Width, f.Height, f.Seconds}
	}
	if c := m.Contact; c != nil {
		p.Contact = &pageContact{c.Phone, c.First, c.Last}
	}
	if l := m.Location; l != nil {
		p.Location = &pageLocation{l.Lat, l.Lon}
	}
	for _, row := range m.Inline {
		buttons := make([]pageButton, len(row))
		for i, b := range row {
			buttons[i] = pageButton(b)
		}
		p.Inline = append(p.Inline, buttons)
	}
	return p
}
