package webchat

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// takeFor bounds a turn; its client sends again what it does not see
// acknowledged.
const takeFor = 20 * time.Second

// take brings a customer's message to its end and returns its ack or nack.
func (w *Chat) take(ctx context.Context, v *visitor, f *frame) json.RawMessage {
	answer, result := w.accept(ctx, v, f)
	w.Meter.Frame(f.T, result)
	return answer
}

func (w *Chat) accept(ctx context.Context, v *visitor, f *frame) (answer json.RawMessage, result string) {
	ctx, cancel := context.WithTimeout(ctx, takeFor)
	defer cancel()
	perMinute := rate{max(5, float64(w.Messages)/3), float64(w.Messages) / 60}
	if after, ok := w.limits.take("message", string(v.Conversation), perMinute); !ok {
		return nack(f.ID, tooMany, after), tooMany
	}
	if f.T == "language" {
		v.Language = f.Language
		if !v.Spoke { // the first words will be in it
			return ack(f.ID, turn.Position{}, ""), "taken"
		}
	}
	ev, wrong, err := w.event(ctx, v, f)
	if err == nil && wrong == "" {
		w.keep(ctx, v)
		var done turn.Ack
		if done, err = w.Engine.Take(ctx, ev); err == nil {
			return ack(f.ID, done.Position, done.Toast), "taken"
		}
	}
	if err != nil {
		w.Log.Warn("message put off", "kind", f.T, "error", err)
		return nack(f.ID, unavailable, retryUnavailable), unavailable
	}
	return nack(f.ID, wrong, 0), wrong
}

// keep notes that the visitor has spoken. If that fails it is tried with the
// next message: a visitor is forgotten after a day at the earliest.
func (w *Chat) keep(ctx context.Context, v *visitor) {
	if v.Spoke {
		return
	}
	if err := w.Visitors.VisitorSpoke(ctx, v.Visitor, w.Now()); err != nil {
		w.Log.Warn("visitor not kept", "error", err)
		return
	}
	v.Spoke = true
}

// event makes an event of a message; wrong is why it is none.
func (w *Chat) event(ctx context.Context, v *visitor, f *frame) (ev dialog.Event, wrong string, err error) {
	now := w.Now()
	ev = dialog.Event{
		ID: string(v.Conversation) + ":" + f.ID, Conversation: v.Conversation,
		At: now, Now: now, Text: f.Text, Language: v.Language, Foreign: f.ID, Address: v.Address,
	}
	switch f.T {
	case "say":
		ev.Kind = dialog.Text
	case "language":
		ev.Kind = dialog.Speaks
	case "arrive":
		ev.Kind, ev.Text, ev.Ticket = dialog.Arrive, f.start, f.ticket
	case "edit":
		ev.Kind, ev.Foreign = dialog.Edited, f.Of
	case "phone":
		ev.Kind, ev.Text, ev.Phone = dialog.Contact, "", &dialog.SharedContact{Phone: f.Phone}
	case "place":
		ev.Kind, ev.Text, ev.Place = dialog.Location, "", &dialog.Place{Latitude: *f.Latitude, Longitude: *f.Longitude}
	case "press":
		ev.Kind, ev.Text = dialog.Press, f.Token
		ev.Label, wrong, err = w.label(ctx, v.Conversation, f)
	case "files":
		ev.Kind = dialog.Upload
		ev.Files, wrong, err = w.uploads(ctx, v.Conversation, f.Files)
	}
	return ev, wrong, err
}

// label finds the words of a pressed choice: ours, not the client's. A message
// that has left the log can still be pressed.
func (w *Chat) label(ctx context.Context, c chat.Conversation, f *frame) (label, wrong string, err error) {
	line, found, err := w.Engine.Line(ctx, c, f.position)
	if err != nil || !found {
		return "", "", err
	}
	i := slices.IndexFunc(line.Message.Choices, func(ch chat.Choice) bool { return ch.Token == f.Token })
	if i < 0 {
		return "", invalid, nil
	}
	return line.Message.Choices[i].Label, "", nil
}

// uploads finds files that this very visitor has uploaded.
func (w *Chat) uploads(ctx context.Context, c chat.Conversation, ids []string) (files []chat.File, wrong string, err error) {
	for _, id := range ids {
		file, uploaded, err := w.Files.Find(ctx, c, id)
		switch {
		case fault.Is(err, fault.NotFound), err == nil && !uploaded:
			return nil, unknownFile, nil
		case err != nil:
			return nil, "", err
		}
		files = append(files, file)
	}
	return files, "", nil
}

// note carries out a frame that nobody acknowledges.
func (w *Chat) note(ctx context.Context, v *visitor, f *frame) {
	h := turn.Hint{Conversation: v.Conversation, By: turn.Customer}
	switch f.T {
	case "typing":
		h.Kind = turn.Typing
	case "read":
		h.Kind, h.Position = turn.SeenBy, f.position
	default:
		return
	}
	if err := w.Live.Publish(ctx, h); err != nil {
		w.Log.Debug("hint lost", "error", err)
	}
}
