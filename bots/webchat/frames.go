package webchat

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog/turn"
)

// Limits of what a client says; protocol.md names them.
const (
	mostFrame  = 64 << 10 // bytes
	mostText   = 4000     // characters
	mostFiles  = 10       // of one message
	mostToken  = 64       // bytes, of a choice
	mostPhone  = 32       // characters
	shortestID = 8
	longestID  = 64
)

// frame is what a client says, of any kind.
type frame struct {
	T         string   `json:"t"`
	ID        string   `json:"id"`
	After     string   `json:"after"`
	Before    string   `json:"before"`
	To        string   `json:"to"`
	On        string   `json:"on"`
	Of        string   `json:"of"`
	Text      string   `json:"text"`
	Token     string   `json:"token"`
	Ticket    string   `json:"ticket"`
	Phone     string   `json:"phone"`
	Language  string   `json:"language"`
	Files     []string `json:"files"`
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`

	position turn.Position   // the one that it names, whatever for
	ticket   customer.Ticket // of Ticket, which goes no further
	start    string          // a dialog.Link's, which came in its place
}

// wish is what dialog.Link.Start may be.
var wish = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// Errors of a nack; "" is none.
const (
	invalid     = "invalid"
	tooLong     = "too_long"
	tooMany     = "too_many"
	unknownFile = "unknown_file"
	unavailable = "unavailable"
)

// message reports whether the frame is one that is acknowledged.
func (f *frame) message() bool {
	switch f.T {
	case "say", "press", "files", "place", "phone", "edit", "language", "arrive":
		return true
	}
	return false
}

// decode reads a frame. wrong is why it is not taken; the frame's kind and ID
// are set as far as they could be read, so that a message can be refused.
func decode(raw []byte) (f frame, wrong string) {
	if len(raw) > mostFrame {
		return f, tooLong
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		if !goodID(f.ID) {
			f.ID = ""
		}
		return f, invalid
	}
	if f.message() && !goodID(f.ID) {
		f.ID = ""
		return f, invalid
	}
	return f, f.check()
}

// check looks at what a frame of its kind must have, and cleans it.
func (f *frame) check() (wrong string) {
	switch f.T {
	case "hello":
		return f.names(f.After)
	case "page":
		return f.names(f.Before)
	case "read":
		return f.names(f.To)
	case "typing", "ping":
		return ""
	case "say":
		return f.clean(true)
	case "edit":
		if !goodID(f.Of) {
			return invalid
		}
		return f.clean(true)
	case "press":
		if f.Token == "" || len(f.Token) > mostToken || f.On == "" {
			return invalid
		}
		return f.names(f.On)
	case "files":
		return f.cleanFiles()
	case "place":
		if f.Latitude == nil || f.Longitude == nil || outside(*f.Latitude, 90) || outside(*f.Longitude, 180) {
			return invalid
		}
		return ""
	case "phone":
		f.Phone = strings.TrimSpace(f.Phone)
		if f.Phone == "" || utf8.RuneCountInString(f.Phone) > mostPhone || strings.ContainsFunc(f.Phone, unicode.IsControl) {
			return invalid
		}
		return ""
	case "arrive":
		var known bool
		if f.ticket, known = customer.ReadTicket(f.Ticket); !known && wish.MatchString(f.Ticket) {
			f.start = f.Ticket
		}
		f.Ticket = "" // neither: one that opens nothing, and is told so
		return ""
	case "language":
		if f.Language = language(f.Language); f.Language == "" {
			return invalid
		}
		return ""
	}
	return invalid
}

func (f *frame) names(position string) (wrong string) {
	p, err := turn.ParsePosition(position)
	if err != nil {
		return invalid
	}
	f.position = p
	return ""
}

func (f *frame) clean(needed bool) (wrong string) {
	f.Text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, f.Text)
	switch {
	case utf8.RuneCountInString(f.Text) > mostText:
		return tooLong
	case needed && strings.TrimSpace(f.Text) == "":
		return invalid
	}
	return ""
}

func (f *frame) cleanFiles() (wrong string) {
	switch {
	case len(f.Files) == 0:
		return invalid
	case len(f.Files) > mostFiles:
		return tooMany
	}
	for _, id := range f.Files {
		if !goodID(id) {
			return unknownFile
		}
	}
	return f.clean(false)
}

func outside(degrees, limit float64) bool { return degrees < -limit || degrees > limit }

// goodID reports whether s may be an ID: 8 to 64 of A-Za-z0-9_-.
func goodID(s string) bool {
	if len(s) < shortestID || len(s) > longestID {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// entry is a line of the log as a client sees it.
type entry struct {
	T        string        `json:"t,omitempty"`
	Position string        `json:"position"`
	Kind     string        `json:"kind"`
	At       string        `json:"at"`
	Message  *chat.Message `json:"message,omitempty"`
	By       string        `json:"by,omitempty"`
	ID       string        `json:"id,omitempty"`
	Text     string        `json:"text,omitempty"`
	Files    []chat.File   `json:"files,omitempty"`
	Did      string        `json:"did,omitempty"`
}

// shown turns a line into what the customer may see of it; ok is false for
// what is for staff alone.
func shown(l turn.Line) (e entry, ok bool) {
	e = entry{Position: l.Position.String(), Kind: string(l.Kind), At: l.At.UTC().Format(time.RFC3339Nano)}
	switch l.Kind {
	case turn.Said:
		if l.Message.Empty() {
			return e, false
		}
		e.By = bot
		if l.Message.By != "" {
			e.By = l.Message.By
		}
		m := l.Message
		m.By, m.Prompt = "", false // the protocol has them elsewhere, or nowhere
		e.Message = &m
	case turn.Came:
		e.ID, e.Text, e.Files, e.Did = l.Foreign, l.Text, l.Files, l.Did
	default:
		return e, false
	}
	return e, true
}

// bot is who speaks when no person does.
const bot = "bot"

// said are the frames of the server that are no entries.
type said struct {
	T        string  `json:"t"`
	ID       string  `json:"id,omitempty"`
	Position *string `json:"position,omitempty"`
	Toast    string  `json:"toast,omitempty"`
	Error    string  `json:"error,omitempty"`
	Retry    int     `json:"retry_after,omitempty"`
	More     bool    `json:"more,omitempty"`
	Who      string  `json:"who,omitempty"`
	To       string  `json:"to,omitempty"`
}

// encode writes a frame of the server.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types can always be written
	}
	return raw
}

func ack(id string, p turn.Position, toast string) json.RawMessage {
	at := written(p)
	return encode(said{T: "ack", ID: id, Position: &at, Toast: toast})
}

func nack(id, why string, after int) json.RawMessage {
	return encode(said{T: "nack", ID: id, Error: why, Retry: after})
}

func live(p turn.Position, more bool) json.RawMessage {
	at := written(p)
	return encode(said{T: "live", Position: &at, More: more})
}

func bye(why string, after int) json.RawMessage {
	return encode(said{T: "bye", Error: why, Retry: after})
}

var (
	pong  = encode(said{T: "pong"})
	reset = encode(said{T: "reset"})
)

// page is the answer to a question for older lines.
type page struct {
	T       string  `json:"t"`
	Entries []entry `json:"entries"`
	More    bool    `json:"more"`
}

// hinted turns a hint into a frame; nil for one that shows nothing.
func hinted(h turn.Hint) json.RawMessage {
	switch {
	case h.By == turn.Customer || h.By == "":
		return nil
	case h.Kind == turn.Typing:
		return encode(said{T: "typing", Who: h.By})
	case h.Kind == turn.SeenBy:
		return encode(said{T: "seen", To: h.Position.String()})
	}
	return nil
}
