package console

import (
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog/turn"
)

// entry is a line of the log as the page sees it.
type entry struct {
	Position string         `json:"position"`
	Kind     turn.EntryKind `json:"kind"`
	At       time.Time      `json:"at"`
	// What the customer did, a note, or a step of the hand-off.
	Did   string      `json:"did,omitempty"`
	Text  string      `json:"text,omitempty"`
	Files []chat.File `json:"files,omitempty"`
	// What we said, and what became of it.
	Message  *chat.Message `json:"message,omitempty"`
	Delivery *delivery     `json:"delivery,omitempty"`
	// By is "bot", or the name of a member of staff; "" is the customer.
	By string `json:"by,omitempty"`
}

// delivery is what became of a message.
type delivery struct {
	State string `json:"state"`
	Why   string `json:"why,omitempty"`
}

// bot is the author of what no person has said.
const bot = "bot"

// readers are the channels whose clients read the log: what stands there has
// arrived.
var readers = map[string]bool{"web": true}

// entries shows lines to the page.
func entries(c chat.Conversation, page turn.Page, fates map[turn.Position]turn.Line) []entry {
	out := make([]entry, 0, len(page.Lines))
	for _, l := range page.Lines {
		e := entry{Position: l.Position.String(), Kind: l.Kind, At: l.At}
		switch l.Kind {
		case turn.Came:
			e.Did, e.Text, e.Files = l.Did, l.Text, named(c, l.Position, l.Files)
		case turn.Said:
			m := l.Message.Open(func([]byte) string { return "" }) // the way on is the customer's alone
			m.Files = named(c, l.Position, m.Files)
			e.Message, e.By, e.Delivery = &m, bot, deliveryOf(c, l.Position, fates)
			if m.By != "" {
				e.By = m.By
			}
		case turn.Event, turn.Note:
			e.Did, e.Text, e.By = string(l.Remark.Did), l.Remark.Text, nameOf(l.Remark.By)
		default: // a receipt stands at its message; others are of a newer version
			continue
		}
		out = append(out, e)
	}
	return out
}

func nameOf(m *desk.Member) string {
	if m == nil {
		return ""
	}
	return m.Name
}

func deliveryOf(c chat.Conversation, at turn.Position, fates map[turn.Position]turn.Line) *delivery {
	if l, known := fates[at]; known {
		return fate(l)
	}
	if readers[c.Channel()] {
		return &delivery{State: "sent"}
	}
	return &delivery{State: "pending"}
}

func fate(l turn.Line) *delivery {
	if l.Fate == turn.Sent.String() {
		return &delivery{State: "sent"}
	}
	return &delivery{State: "failed", Why: l.Why}
}

// named gives files their names for the page: where they stand in the log, so
// that whoever may read that may open them.
func named(c chat.Conversation, at turn.Position, files []chat.File) []chat.File {
	out := make([]chat.File, len(files))
	for i, f := range files {
		f.ID = string(c) + "/" + at.String() + "." + strconv.Itoa(i)
		out[i] = f
	}
	return out
}
