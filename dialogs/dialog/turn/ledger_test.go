package turn_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// ledger checks, after everything has come to rest, that nothing accepted is
// lost, every fact stands and is told once, and replies left in the order of
// the log, none of them repeated without a reason.
func (w *world) ledger() []string {
	bad := func(format string, args ...any) { w.broken = append(w.broken, fmt.Sprintf(format, args...)) }
	logs := map[chat.Conversation][]turn.Entry{}
	for _, a := range w.accepted {
		c := a.ev.Conversation
		if logs[c] == nil {
			logs[c] = w.memory.Log(c)
		}
		w.checkAccepted(logs[c], a, bad)
	}
	told := map[string]int{}
	for c, log := range logs {
		texts := spoken(log)
		for _, text := range texts {
			if strings.HasPrefix(text, "Принято: ") {
				told[text]++
			}
		}
		w.checkSent(c, texts, bad)
		if record, ok := w.memory.Live(c); ok {
			if st, err := dialog.Decode(record.State); err != nil || len(st.Pending()) > 0 {
				bad("%s still awaits a command, or cannot be read (%v)", c, err)
			}
		}
	}
	orders := map[string]int{}
	for _, f := range w.desk.Facts() {
		if n := told[fmt.Sprintf("Принято: %d", f.Number)]; n != 1 {
			bad("fact %d (%s) was told %d times", f.Number, f.Effect, n)
		}
		delete(told, fmt.Sprintf("Принято: %d", f.Number))
		if orders[f.Order.What]++; orders[f.Order.What] > 1 {
			bad("one form made two facts: %s", f.Effect)
		}
	}
	if len(told) > 0 {
		bad("told, but not stored: %v", told)
	}
	if !w.memory.Clean() {
		bad("the archive does not hold everything")
	}
	return w.broken
}

func (w *world) checkAccepted(log []turn.Entry, a accepted, bad func(string, ...any)) {
	if a.ack.Position == (turn.Position{}) {
		return // it meant nothing
	}
	stands := 0
	for _, e := range log {
		var body struct {
			Kind    string `json:"k"`
			Foreign string `json:"g"`
		}
		if e.Kind != turn.Came || json.Unmarshal(e.Body, &body) != nil {
			continue
		}
		if e.Position == a.ack.Position && body.Foreign == a.ev.Foreign && body.Kind == a.ev.Kind.String() {
			stands++
		} else if a.ev.Kind == dialog.Text && body.Foreign == a.ev.Foreign {
			bad("event %s stands at %s too", a.ev.ID, e.Position)
		}
	}
	if stands != 1 {
		bad("accepted event %s stands %d times at %s", a.ev.ID, stands, a.ack.Position)
	}
}

// spoken is the text of every reply in the log, in its order.
func spoken(log []turn.Entry) []string {
	var out []string
	for _, e := range log {
		var body struct {
			Message chat.Message `json:"m"`
		}
		if e.Kind == turn.Said && json.Unmarshal(e.Body, &body) == nil {
			out = append(out, body.Message.Plain())
		}
	}
	return out
}

// checkSent compares what a chat has seen with the log: every reply, in order,
// and again only what was in flight when something broke.
func (w *world) checkSent(c chat.Conversation, texts []string, bad func(string, ...any)) {
	at, repeated := 0, 0
	for _, s := range w.channel.Sent() {
		switch {
		case s.Conversation != c:
		case at < len(texts) && s.Text() == texts[at]:
			at++
		case slices.Contains(texts[:at], s.Text()): // a send in flight may come late
			repeated++
		default:
			bad("%s: %q was sent out of order, after %d of %d", c, s.Text(), at, len(texts))
			return
		}
	}
	if at != len(texts) {
		bad("%s: %d of %d replies were sent", c, at, len(texts))
	}
	if repeated > w.unsure[c] {
		bad("%s: %d replies were repeated, %d at most may be", c, repeated, w.unsure[c])
	}
}
