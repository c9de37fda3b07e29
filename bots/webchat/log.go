package webchat

import (
	"context"
	"encoding/json"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

const (
	// pageLines is how many lines a page has.
	pageLines = 50
	// mostBehind is how far behind a client is led on line by line; one that is
	// farther gets the last page instead.
	mostBehind = 200
)

// news is what a client has not seen yet.
type news struct {
	frames []json.RawMessage
	// at is the last line that was read, seen the last that is shown.
	at, seen turn.Position
	// reset: the frames begin anew. older: there are lines before them.
	reset, older bool
}

// after reads what follows a position, as frames of at most so many bytes, one at
// least: what is left out follows the position of the last one.
func (w *Chat) after(ctx context.Context, c chat.Conversation, after turn.Position, most int) (news, error) {
	limit := mostBehind
	if after == (turn.Position{}) {
		limit = pageLines
	}
	p, err := w.Engine.Log(ctx, c, after, limit)
	if err == nil && (p.Newer || p.Reset) {
		p, err = w.Engine.Before(ctx, c, turn.Position{}, pageLines)
		p.Reset = true
	}
	if err != nil {
		return news{}, err
	}
	n := news{at: after, seen: after, reset: p.Reset, older: p.Older}
	if p.Reset {
		n.frames, n.at, n.seen = append(n.frames, reset), turn.Position{}, turn.Position{}
	}
	size := 0
	for _, l := range p.Lines {
		if e, ok := shown(w.opened(c, l)); ok {
			e.T = "entry"
			frame := encode(e)
			if size += len(frame); size > most && size > len(frame) {
				break
			}
			n.frames, n.seen = append(n.frames, frame), l.Position
		}
		n.at = l.Position
	}
	return n, nil
}

// news reads what follows a position on a connection, within the bytes of after. A conversation that may
// be empty, because its visitor has never spoken, is looked for in the live
// store alone.
func (w *Chat) news(c chat.Conversation, at turn.Position, mayBeEmpty bool, most int) (news, error) {
	ctx, cancel := context.WithTimeout(context.Background(), takeFor)
	defer cancel()
	if mayBeEmpty {
		newest, err := w.Live.Newest(ctx, []chat.Conversation{c})
		if err != nil || newest[0] == (turn.Position{}) {
			return news{}, err
		}
	}
	return w.after(ctx, c, at, most)
}

// older reads the page before a position, as a frame.
func (w *Chat) older(ctx context.Context, c chat.Conversation, before turn.Position) (json.RawMessage, error) {
	p, err := w.Engine.Before(ctx, c, before, pageLines)
	if err != nil {
		return nil, err
	}
	answer := page{T: "page", Entries: []entry{}, More: p.Older}
	for _, l := range p.Lines {
		if e, ok := shown(w.opened(c, l)); ok {
			answer.Entries = append(answer.Entries, e)
		}
	}
	return encode(answer), nil
}

// opened returns a line with the addresses that it keeps sealed.
func (w *Chat) opened(c chat.Conversation, l turn.Line) turn.Line {
	l.Message = l.Message.Open(func(sealed []byte) string {
		if w.Tickets == nil {
			return ""
		}
		return w.Tickets(c, sealed)
	})
	return l
}
