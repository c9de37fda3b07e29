// Package chat is the language that all channels share: messages made of
// blocks of text, choices, expected inputs and files, and what a channel is
// able to show. Scenarios speak it, channels only encode it.
//
// The log of a conversation keeps messages as JSON, hence the field tags:
// they are short because every message ever said carries them.
package chat

import (
	"log/slog"
	"slices"
	"strings"

	"okoshko/core/privacy"
)

// Conversation names one conversation for ever: the channel, a colon, and the
// channel's own name of the other side, e.g. "tg:1001". It holds no personal
// data beyond the channel's internal number.
type Conversation string

// Channel returns the name of the channel that the conversation runs on.
func (c Conversation) Channel() string {
	name, _, _ := strings.Cut(string(c), ":")
	return name
}

// Peer returns the channel's own name of the other side.
func (c Conversation) Peer() string {
	_, peer, _ := strings.Cut(string(c), ":")
	return peer
}

// Message is one utterance of ours, free of any channel's markup.
type Message struct {
	// Blocks is the text, paragraph by paragraph.
	Blocks []Block `json:"b,omitempty"`
	// Choices are offered under the text, as buttons or as a numbered list.
	Choices []Choice `json:"c,omitempty"`
	// Expect says what kind of answer fits, so that a client can offer the
	// right keyboard.
	Expect Expect `json:"e,omitempty"`
	// Files travel with the text.
	Files []File `json:"f,omitempty"`
	// Prompt marks the question that the conversation now waits on. A channel
	// that can edit may replace it instead of sending it anew.
	Prompt bool `json:"p,omitempty"`
	// By is the name of the person who says it; "" is the bot.
	By string `json:"y,omitempty"`
}

// Empty reports whether the message would show nothing.
func (m Message) Empty() bool { return len(m.Blocks) == 0 && len(m.Files) == 0 }

// Open returns the message with the addresses that its choices keep sealed; one
// that address cannot make, and says so by "", is left out.
func (m Message) Open(address func(sealed []byte) string) Message {
	if !slices.ContainsFunc(m.Choices, func(c Choice) bool { return c.Ticket != nil }) {
		return m
	}
	choices := make([]Choice, 0, len(m.Choices))
	for _, c := range m.Choices {
		if c.Ticket != nil {
			c.Link, c.Ticket = address(c.Ticket), nil
			if c.Link == "" {
				continue
			}
		}
		choices = append(choices, c)
	}
	m.Choices = choices
	return m
}

// Plain returns the text without emphasis: paragraphs on lines of their own.
func (m Message) Plain() string {
	var b strings.Builder
	for i, block := range m.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		block.plain(&b)
	}
	return b.String()
}

// LogValue hides what was said: it may be personal.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int("blocks", len(m.Blocks)),
		slog.Int("choices", len(m.Choices)),
		slog.Int("files", len(m.Files)))
}

// BlockKind tells a paragraph from an item of a list.
type BlockKind uint8

// The kinds of blocks.
const (
	Paragraph BlockKind = iota
	Item
)

// Block is a paragraph or an item of a list. A text is cut between blocks.
type Block struct {
	Kind  BlockKind `json:"k,omitempty"`
	Spans []Span    `json:"s"`
	// Holds is what the text tells of a customer: see Withhold.
	Holds privacy.Classes `json:"h,omitempty"`
}

// Span is a run of text with one look. Text is never markup: a channel
// escapes it.
type Span struct {
	Text string `json:"t"`
	Bold bool   `json:"b,omitempty"`
	// Link is an absolute address, or empty.
	Link string `json:"l,omitempty"`
}

// Para returns a paragraph of plain text.
func Para(text string) Block { return Block{Spans: []Span{{Text: text}}} }

func (b Block) plain(out *strings.Builder) {
	if b.Kind == Item {
		out.WriteString("• ")
	}
	for _, s := range b.Spans {
		out.WriteString(s.Text)
	}
}

// Choice is something to press, or to answer by its number or its words.
type Choice struct {
	// Token comes back when the choice is pressed: at most 64 bytes, opaque,
	// without personal data. Empty for a choice that is a link.
	Token string `json:"t,omitempty"`
	Label string `json:"l"`
	// Link opens an address instead of answering.
	Link string `json:"u,omitempty"`
	// Ticket stands for an address that nobody else may read in the log: sealed. The
	// surface that shows the choice puts the Link in its place (Message.Open).
	Ticket []byte `json:"k,omitempty"`
	// Wide asks for a row of its own, Dense for as many neighbours as there is
	// room for: it is one of many that are brief, such as times of a day.
	Wide  bool `json:"w,omitempty"`
	Dense bool `json:"d,omitempty"`
}

// Expect is the kind of answer that a message waits for.
type Expect string

// The kinds of answers.
const (
	Nothing  Expect = ""
	Text     Expect = "text"
	Number   Expect = "number"
	Contact  Expect = "contact"
	Location Expect = "location"
	Upload   Expect = "file"
)

// File is a stored file that a message carries, or one that a customer sent.
type File struct {
	// ID names the file: in our store for what we send and keep, in the
	// channel's for what has just come in.
	ID   string `json:"i"`
	Name string `json:"n,omitempty"`
	Type string `json:"t,omitempty"` // media type, as declared by the sender
	Size int64  `json:"z,omitempty"` // bytes, as declared by the sender
	// Image asks for a preview where the channel has one.
	Image bool `json:"p,omitempty"`
	// Personal: the file shows somebody's data. A channel that may not carry
	// such files gives the customer a link that works once.
	Personal bool `json:"s,omitempty"`
	// Holds is what the file tells of a customer wherever it is shown: see Withhold.
	Holds privacy.Classes `json:"h,omitempty"`
}

// LeastPicture is how many bytes the smallest picture takes, a WebP of one point: what
// is shorter has the beginning of one, and nothing after it.
const LeastPicture = 26

// LogValue hides the file's name, which customers choose.
func (f File) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", f.Type), slog.Int64("size", f.Size))
}
