package transcript

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
)

// Anna is the member of staff who acts in transcripts.
var Anna = desk.Member{ID: 1, Name: "Анна"}

// Behind makes the conversation one of those before a window.
func (e *Engine) Behind(d *Window) *Engine {
	e.desk = d
	return e
}

// operator carries out an order to the staff.
func (e *Engine) operator(ctx context.Context, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	ev := dialog.Event{By: &Anna}
	switch verb {
	case "say", "photo", "document":
		m := Reply(verb, rest)
		ev.Kind, ev.Reply = dialog.Operator, &m
	case "note":
		ev.Kind, ev.Text = dialog.Note, rest
	default:
		if e.desk == nil {
			return fmt.Errorf("nobody is there to %s", what)
		}
		if err := e.desk.order(what, e.now); err != nil {
			return err
		}
		return e.settle(ctx)
	}
	e.events++
	ev.ID = "op:1:" + strconv.Itoa(e.events)
	return e.take(ctx, ev)
}

// settle applies what has happened at the desk.
func (e *Engine) settle(ctx context.Context) error {
	if e.desk == nil {
		return nil
	}
	for _, c := range e.desk.happened() {
		id := fmt.Sprintf("job:%d/%d", c.Handoff, c.Number)
		if err := e.take(ctx, dialog.Event{ID: id, Kind: dialog.Desk, Change: &c}); err != nil {
			return err
		}
	}
	return nil
}

var button = regexp.MustCompile(`\s*\[([^\]]+)\]$`)

// Reply is an operator's message, as it is written in a transcript: a text with
// buttons behind it, or a caption of a file.
func Reply(verb, text string) chat.Message {
	var m chat.Message
	for {
		at := button.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		m.Choices = append([]chat.Choice{{Label: text[at[2]:at[3]]}}, m.Choices...)
		text = text[:at[0]]
	}
	if text != "" {
		m.Blocks = []chat.Block{chat.Linked(text)}
	}
	switch verb {
	case "photo":
		m.Files = []chat.File{{ID: "sent", Name: "photo.jpg", Type: "image/jpeg", Image: true}}
	case "document":
		m.Files = []chat.File{{ID: "sent", Name: "doc.pdf", Type: "application/pdf"}}
	}
	return m
}
