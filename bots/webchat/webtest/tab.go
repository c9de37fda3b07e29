package webtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"okoshko/dialogs/dialog/turn"
)

// Tab is a page of the visitor's. It owes what protocol.md asks of a client:
// every message is sent until it is acknowledged, in order; a new line begins
// after the last position that is shown. It is safe for concurrent use.
type Tab struct {
	Browser
	// Copies is how often a message is sent at once; 0 means once.
	Copies int
	// Patient: a message that the server puts off is sent again when it says.
	// Otherwise putting off is wrong.
	Patient bool
	// Wrong is told what the server may not do.
	Wrong func(error)

	mu      sync.Mutex
	view    View
	line    *wire
	owed    []Message
	held    bool          // something was put off: the rest waits behind it
	changed chan struct{} // closed at the next change
}

// View is what a tab knows.
type View struct {
	Entries []Entry           // shown, in order
	After   string            // the last position
	Acked   map[string]string // positions of acknowledged messages, by their ID
	Toasts  map[string]string // by the ID of the message
	Owed    int               // messages that wait for their ack
	Live    bool              // this line has brought its backlog
	More    bool              // there are older pages
	Resets  int
	PutOff  int // messages that were put off
	Lines   int // that were opened
	Byes    []string
}

// Words are what the page shows.
func (v *View) Words() []string {
	words := make([]string, len(v.Entries))
	for i, e := range v.Entries {
		words[i] = e.Words()
	}
	return words
}

// wire is a line and its reader's end.
type wire struct {
	*Line
	ended chan struct{}
}

// NewTab returns a page that is not connected yet.
func NewTab(b Browser, wrong func(error)) *Tab {
	return &Tab{
		Browser: b, Wrong: wrong, changed: make(chan struct{}),
		view: View{Acked: map[string]string{}, Toasts: map[string]string{}},
	}
}

// Another returns a second page of the same visitor, on a server.
func (t *Tab) Another(base string) *Tab {
	b := t.Browser
	b.Base = base
	return NewTab(b, t.Wrong)
}

var errStranger = errors.New("a known visitor was made anew")

// Connect opens a session and a socket, says hello and what is owed.
func (t *Tab) Connect(ctx context.Context) error {
	known := t.Visitor != ""
	s, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if known && s.Visitor != "" {
		t.Wrong(errStranger)
		return errStranger
	}
	l, err := t.Socket(ctx, s.Ticket)
	if err != nil {
		return err
	}
	w := &wire{l, make(chan struct{})}
	t.mu.Lock()
	t.line, t.held, t.view.Live = w, false, false
	t.view.Lines++
	t.write(Message{"t": "hello", "after": t.view.After})
	t.write(t.owed...)
	t.mu.Unlock()
	go t.listen(w)
	return nil
}

// Cut ends the line without a word.
func (t *Tab) Cut() {
	t.mu.Lock()
	w := t.line
	t.line = nil
	t.mu.Unlock()
	if w != nil {
		_ = w.Close()
		<-w.ended
	}
}

// Ended is closed when the present line has ended.
func (t *Tab) Ended() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.line != nil {
		return t.line.ended
	}
	none := make(chan struct{})
	close(none)
	return none
}

// Tell sends a message, and again until it is acknowledged. It returns its ID.
func (t *Tab) Tell(m Message) (id string) {
	id = "m-" + rand.Text()
	m["id"] = id
	t.mu.Lock()
	defer t.mu.Unlock()
	t.owed = append(t.owed, m)
	t.view.Owed = len(t.owed)
	t.stir()
	if !t.held {
		t.write(m)
	}
	return id
}

// Say tells the customer's words.
func (t *Tab) Say(text string) (id string) { return t.Tell(Message{"t": "say", "text": text}) }

// Press presses the newest choice of that label, leaving so many out, and
// returns the message that says so.
func (t *Tab) Press(label string, skip int) (Message, error) {
	m := t.choice(label, skip)
	if m == nil {
		return nil, fmt.Errorf("no button [%s]", label)
	}
	t.Tell(m)
	return m, nil
}

func (t *Tab) choice(label string, skip int) Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range slices.Backward(t.view.Entries) {
		if e.Message == nil {
			continue
		}
		for _, ch := range e.Message.Choices {
			if ch.Label != label {
				continue
			}
			if skip > 0 {
				skip--
				break
			}
			return Message{"t": "press", "token": ch.Token, "on": e.Position}
		}
	}
	return nil
}

// After is the last position that is shown.
func (t *Tab) After() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.view.After
}

// View returns what the tab knows now.
func (t *Tab) View() View {
	t.mu.Lock()
	defer t.mu.Unlock()
	v := t.view
	v.Entries, v.Byes = slices.Clone(v.Entries), slices.Clone(v.Byes)
	v.Acked, v.Toasts = maps.Clone(v.Acked), maps.Clone(v.Toasts)
	return v
}

// Await returns when something holds of the tab; the error is that of ctx. What
// holds is given is the tab's own: to be looked at.
func (t *Tab) Await(ctx context.Context, holds func(v *View) bool) error {
	for {
		t.mu.Lock()
		ok, changed := holds(&t.view), t.changed
		t.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// stir wakes who waits for a change. The caller holds mu.
func (t *Tab) stir() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// write sends messages, if there is a line. The caller holds mu.
func (t *Tab) write(all ...Message) {
	if t.line == nil {
		return
	}
	for _, m := range all {
		for range max(1, t.Copies) {
			_ = t.line.Send(m) // a line that broke is noticed by its reader
		}
	}
}

func (t *Tab) listen(w *wire) {
	defer close(w.ended)
	defer w.Close()
	for {
		f, err := w.Next()
		if err != nil {
			return
		}
		t.Hear(f)
	}
}

// Hear takes a frame in, however it came.
func (t *Tab) Hear(f Frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.stir()
	switch f.T {
	case "entry":
		t.show(f.Entry)
	case "reset":
		t.view.Resets++
		t.view.Entries, t.view.After = nil, ""
	case "live":
		t.view.Live, t.view.More = true, f.More
	case "ack":
		t.acknowledge(f)
	case "nack":
		t.refused(f)
	case "bye":
		t.view.Byes = append(t.view.Byes, f.Error)
	case "page", "typing", "seen", "pong", "control pong":
	default:
		t.Wrong(fmt.Errorf("frame %+v", f))
	}
}

// show appends an entry: the server sends each once a line, in order.
func (t *Tab) show(e Entry) {
	p, err := turn.ParsePosition(e.Position)
	last, _ := turn.ParsePosition(t.view.After)
	switch at := t.view.Acked[e.ID]; {
	case err != nil:
		t.Wrong(fmt.Errorf("position %q: %w", e.Position, err))
	case !last.Before(p):
		t.Wrong(fmt.Errorf("entry %s after %s", e.Position, t.view.After))
	case at != "" && at != e.Position && e.Did != "edited": // an edit carries the ID of what it changes
		t.Wrong(fmt.Errorf("message %s was acknowledged at %s and stands at %s", e.ID, at, e.Position))
	default:
		t.view.Entries, t.view.After = append(t.view.Entries, e), e.Position
	}
}

func (t *Tab) acknowledge(f Frame) {
	// A press that came too late leaves no trace; when it comes again after
	// something else was said, the open question may follow it.
	if at := t.view.Acked[f.ID]; at != "" && at != f.Position {
		t.Wrong(fmt.Errorf("message %s was acknowledged at %s and at %s", f.ID, at, f.Position))
	}
	t.view.Acked[f.ID] = f.Position
	if f.Toast != "" {
		t.view.Toasts[f.ID] = f.Toast
	}
	t.owed = slices.DeleteFunc(t.owed, func(m Message) bool { return m.ID() == f.ID })
	t.view.Owed = len(t.owed)
}

// refused keeps a message that is put off, and what comes after it, until the
// server wants it.
func (t *Tab) refused(f Frame) {
	if !t.Patient || f.Retry == 0 {
		t.Wrong(fmt.Errorf("refused: %s %s", f.ID, f.Error))
		return
	}
	t.view.PutOff++
	if t.held {
		return
	}
	t.held = true
	w := t.line
	time.AfterFunc(time.Duration(f.Retry)*time.Second, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.held && t.line == w {
			t.held = false
			t.write(t.owed...)
		}
	})
}
