package turn

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// Line is an entry of the log, as people and surfaces read it.
type Line struct {
	Position Position
	Kind     EntryKind
	At       time.Time

	// What the customer did (Came): the name of its dialog.Kind, his words (the
	// label of a pressed button, if the channel told it; the phone or place that
	// he has given to a person), his files, and the
	// channel's own name of his message.
	Did     string
	Text    string
	Files   []chat.File
	Foreign string

	// Message is what we said (Said).
	Message chat.Message

	// Remark is what only staff may see (Event, Note).
	Remark dialog.Remark

	// What became of the reply at About (Receipt): the name of its Fate, and why.
	About Position
	Fate  string
	Why   string
}

// Page is a stretch of a log, oldest first.
type Page struct {
	Lines []Line
	// Older: there are lines before these. Newer: there were others after them,
	// beyond the limit.
	Older, Newer bool
	// Reset: the position that was named was never given, or went with a loss;
	// the lines are the last ones.
	Reset bool
}

// History is the part of the logs that the live store keeps. Errors are of
// kind fault.Unavailable.
type History interface {
	// From returns what stands at a position and after it, Ahead what stands
	// before it ("" the whole end), both oldest first and above Stretch.Floor;
	// of Ahead the newest, at most limit.
	From(ctx context.Context, c chat.Conversation, p Position, limit int) (Stretch, error)
	Ahead(ctx context.Context, c chat.Conversation, p Position, limit int) (Stretch, error)
	// Newest returns the position of each conversation's last entry; zero where
	// the store holds none.
	Newest(ctx context.Context, cs []chat.Conversation) ([]Position, error)
}

// Stretch is a part of a log as the live store has it.
type Stretch struct {
	// Found is false for a conversation that the store does not know; Mark is
	// the generation that it was written in.
	Found bool
	Mark  string
	// Floor: everything after it is in the store, what stands at it or before is
	// in the archive.
	Floor   Position
	Entries []Entry
}

// HintKind says what a hint is about.
type HintKind string

// The kinds of hints.
const (
	NewEntry   HintKind = "entry"   // a commit has written up to the position
	NewReceipt HintKind = "receipt" // what became of a reply stands at the position
	Typing     HintKind = "typing"  // By is writing
	SeenBy     HintKind = "seen"    // By has seen everything up to the position
	AtDesk     HintKind = "desk"    // the conversation's hand-off has changed
	AtOffice   HintKind = "office"  // a visit or the hours of the office By have changed, in no conversation
	AtCase     HintKind = "case"    // a registered case has changed, of whatever conversation
)

// Hint says that there is news in a conversation. It carries no text, and may
// be lost: whoever waits for hints looks for himself now and then.
type Hint struct {
	Conversation chat.Conversation
	Position     Position
	Kind         HintKind
	// By is "customer", "bot", or the name that an operator shows; of AtOffice the
	// office's code.
	By string
}

// Customer is Hint.By of the customer himself.
const Customer = "customer"

// Hints brings hints to every replica. Stores publish NewEntry and NewReceipt
// themselves, in the same step as the change, of conversations that somebody may
// follow (see Commit.Followed and Outbox.Delivered): the others would be most of
// all, and nobody would hear them.
type Hints interface {
	// Publish tells the others; nobody learns whether they heard.
	Publish(ctx context.Context, h Hint) error
	// Subscribe hands over every hint, from all replicas, until ctx ends. It calls
	// anew whenever it begins to hear, a part of the store at a time: what was
	// published before may be lost, and who waits for it has to look for himself.
	// Neither do nor anew may block.
	Subscribe(ctx context.Context, do func(Hint), anew func()) error
}

// Log returns what stands after a position, at most limit lines; after the zero
// position, the last page. A conversation that nobody knows has an empty log.
// Errors are of kind fault.Unavailable.
func (e *Engine) Log(ctx context.Context, c chat.Conversation, after Position, limit int) (Page, error) {
	if after == (Position{}) {
		return e.Before(ctx, c, after, limit)
	}
	most := limit + 2 // the named one, and one to know whether there are more
	s, err := e.stretch(ctx, c, func() (Stretch, error) { return e.History.From(ctx, c, after, most) })
	if err != nil {
		return Page{}, err
	}
	entries, known := s.Entries, s.Found && after == s.Floor
	if s.Found && s.Floor.Before(after) && len(entries) > 0 && entries[0].Position == after {
		entries, known = entries[1:], true
	}
	if !s.Found || after.Before(s.Floor) {
		old, err := e.archived(e.Archive.Entries(ctx, c, Position{after.Revision, after.N - 1}, most))
		if err != nil {
			return Page{}, err
		}
		if known = len(old) > 0 && old[0].Position == after; known {
			entries = join(old[1:], s)
		}
	}
	if !known {
		page, err := e.Before(ctx, c, Position{}, limit)
		page.Reset = true
		return page, err
	}
	newer := len(entries) > limit
	return Page{Lines: lines(entries[:min(limit, len(entries))]), Older: true, Newer: newer}, nil
}

// join puts what the live store has after what the archive has.
func join(old []Entry, s Stretch) []Entry {
	for _, entry := range s.Entries {
		if len(old) == 0 || old[len(old)-1].Position.Before(entry.Position) {
			old = append(old, entry)
		}
	}
	return old
}

// Before returns the last lines before a position, at most limit; before the
// zero position, the end of the log.
func (e *Engine) Before(ctx context.Context, c chat.Conversation, before Position, limit int) (Page, error) {
	s, err := e.stretch(ctx, c, func() (Stretch, error) { return e.History.Ahead(ctx, c, before, limit+1) })
	if err != nil {
		return Page{}, err
	}
	entries := s.Entries
	if whole := s.Found && s.Floor == (Position{}); !whole && len(entries) <= limit {
		if len(entries) > 0 {
			before = entries[0].Position
		}
		old, err := e.archived(e.Archive.EntriesBefore(ctx, c, before, limit+1-len(entries)))
		if err != nil {
			return Page{}, err
		}
		entries = append(old, entries...)
	}
	extra := max(0, len(entries)-limit)
	return Page{Lines: lines(entries[extra:]), Older: extra > 0}, nil
}

// Line returns what stands at a position, if anything does.
func (e *Engine) Line(ctx context.Context, c chat.Conversation, p Position) (Line, bool, error) {
	s, err := e.stretch(ctx, c, func() (Stretch, error) { return e.History.From(ctx, c, p, 1) })
	if err != nil {
		return Line{}, false, err
	}
	entries := s.Entries
	if !s.Found || !s.Floor.Before(p) {
		if entries, err = e.archived(e.Archive.Entries(ctx, c, Position{p.Revision, p.N - 1}, 1)); err != nil {
			return Line{}, false, err
		}
	}
	if len(entries) == 0 || entries[0].Position != p {
		return Line{}, false, nil
	}
	return line(entries[0]), true, nil
}

// lookedAt is how many lines are read at a time by who looks for receipts.
const lookedAt = 100

// Fate returns what has become of what was said in a turn, by the position of its
// event (Ack.Position): Refused, and why, if the channel has refused a part of it or
// nothing of it stands in the log, Later while a part is on its way, else Sent: the
// channel has taken all, or its client reads the log itself. Errors are of kind
// fault.Unavailable.
func (e *Engine) Fate(ctx context.Context, c chat.Conversation, at Position) (Report, error) {
	last := Position{at.Revision, 1}
	switch _, said, err := e.Line(ctx, c, last); {
	case err != nil:
		return Report{}, err
	case !said: // a store has lost it, or there was nothing to say
		return Report{Fate: Refused, Why: "lost"}, nil
	case e.Channels[c.Channel()] == nil:
		return Report{Fate: Sent}, nil
	}
	for owed := 1; ; {
		page, err := e.Log(ctx, c, last, lookedAt)
		if err != nil {
			return Report{}, err
		}
		for _, l := range page.Lines {
			last = l.Position
			switch {
			case l.Kind == Said && l.Position.Revision == at.Revision:
				owed++
			case l.Kind != Receipt || l.About.Revision != at.Revision:
			case l.Fate == Refused.String():
				return Report{Fate: Refused, Why: l.Why}, nil
			default:
				owed--
			}
		}
		switch {
		case owed == 0:
			return Report{Fate: Sent}, nil
		case page.Reset || !page.Newer:
			return Report{Fate: Later}, nil
		}
	}
}

// stretch reads the live store. A conversation that it has from another
// generation is compared with the archive first.
func (e *Engine) stretch(ctx context.Context, c chat.Conversation, read func() (Stretch, error)) (Stretch, error) {
	for range attempts {
		s, err := read()
		if err != nil {
			return Stretch{}, fmt.Errorf("read log: %w", err)
		}
		if !s.Found || s.Mark == e.currentMark() && !e.generation.suspected() {
			return s, nil
		}
		if _, err := e.load(ctx, c); err != nil {
			return Stretch{}, err
		}
	}
	return Stretch{}, fault.New(fault.Unavailable, "conversation is being restored")
}

func (*Engine) archived(entries []Entry, err error) ([]Entry, error) {
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("read archived log: %w", err))
	}
	return entries, nil
}

func lines(entries []Entry) []Line {
	out := make([]Line, len(entries))
	for i, entry := range entries {
		out[i] = line(entry)
	}
	return out
}

// line decodes an entry. A body that cannot be read, which a newer version may
// have written, is a line without content.
func line(entry Entry) Line {
	l := Line{Position: entry.Position, Kind: entry.Kind, At: entry.At}
	switch entry.Kind {
	case Came:
		var body cameBody
		if json.Unmarshal(entry.Body, &body) == nil {
			l.Did, l.Text, l.Files, l.Foreign = body.Kind, body.Text, body.Files, body.Foreign
			if body.Kind == dialog.Press.String() || body.Kind == dialog.Arrive.String() || body.Text == "" {
				l.Text = body.Label // a token and a link say nothing to people, nor does a place without words
			}
		}
	case Said:
		var body saidBody
		if json.Unmarshal(entry.Body, &body) == nil {
			l.Message = body.Message
		}
	case Event, Note:
		var body remarkBody
		if json.Unmarshal(entry.Body, &body) == nil {
			l.Remark = dialog.Remark(body)
		}
	case Receipt:
		var body receiptBody
		if json.Unmarshal(entry.Body, &body) == nil {
			l.Fate, l.Why = body.Fate, body.Why
			l.About, _ = ParsePosition(body.Position)
		}
	}
	return l
}
