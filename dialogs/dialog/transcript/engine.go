package transcript

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// Engine is the stage without a server: a book, and the turn reduced to what a
// customer sees of it. State goes through its saved form at every step, and every
// step is taken on the state as the one before has left it, too, which must come
// to the same: a server steps on either (turn.Engine).
type Engine struct {
	book     *dialog.Book
	now      time.Time
	language string
	revision int64
	state    []byte
	left     *dialog.State // as the last step left it, without its saved form
	saved    func(act string, state []byte)
	spoken   []shown
	mine     map[string]string // what the customer wrote → the channel's ID
	heard    []Heard
	down     map[string]bool
	waiting  map[string]string // effects put off → scenario
	events   int
	sent     int           // commands carried out
	desk     *Window       // nil: nobody can be called
	codes    func() string // nil: none are sent
	orders   func(ctx context.Context, what string) (known bool, err error)

	conversation chat.Conversation
}

// shown is a message in the chat.
type shown struct {
	id      string
	choices []chat.Choice
}

// NewEngine returns a stage. saved, if not nil, is given every state.
func NewEngine(book *dialog.Book, saved func(act string, state []byte)) *Engine {
	return &Engine{
		conversation: "test:1", book: book, saved: saved, language: "ru",
		mine: map[string]string{}, down: map[string]bool{}, waiting: map[string]string{},
	}
}

// In puts the stage into a conversation, for what depends on its channel.
func (e *Engine) In(c chat.Conversation) *Engine {
	e.conversation = c
	return e
}

// Saving hands every state that is committed to saved.
func (e *Engine) Saving(saved func(act string, state []byte)) { e.saved = saved }

// Codes tells the stage the code that the customer was sent last.
func (e *Engine) Codes(last func() string) *Engine {
	e.codes = last
	return e
}

// Set implements Stage: timers that come due on the way ring in their order.
func (e *Engine) Set(ctx context.Context, at time.Time, language string) error {
	if language != "" {
		e.language = language
	}
	for range 100 {
		st, err := dialog.Decode(e.state)
		if err != nil {
			return err
		}
		name, timer, ok := st.NextTimer()
		if !ok || timer.At.After(at) {
			e.now = at
			return nil
		}
		e.now = timer.At
		if err := e.take(ctx, dialog.Event{Kind: dialog.Timer, Text: name, ID: "timer:" + name + ":" + strconv.FormatInt(timer.Revision, 10)}); err != nil {
			return err
		}
	}
	return errors.New("timers ring without end")
}

// Now implements Stage.
func (e *Engine) Now() time.Time { return e.now }

// Order implements Stage.
func (e *Engine) Order(ctx context.Context, what string) error {
	verb, command, _ := strings.Cut(what, " ")
	switch verb {
	case "down":
		e.down[command] = true
	case "up":
		delete(e.down, command)
		if err := e.finishWaiting(ctx); err != nil {
			return err
		}
		return e.settle(ctx)
	case "operator":
		return e.operator(ctx, command)
	default:
		if e.orders != nil {
			if known, err := e.orders(ctx, what); known || err != nil {
				return err
			}
		}
		return fmt.Errorf("no order %q", verb)
	}
	return nil
}

// Obeying has "!" lines that the stage does not know carried out; known is false
// for others.
func (e *Engine) Obeying(orders func(ctx context.Context, what string) (known bool, err error)) *Engine {
	e.orders = orders
	return e
}

// Tell brings what has come about elsewhere into the conversation.
func (e *Engine) Tell(ctx context.Context, what string, facts map[string]string) error {
	e.events++
	return e.Bring(ctx, dialog.Event{ID: "job:" + strconv.Itoa(e.events), Kind: dialog.Tell, Text: what, Facts: facts})
}

// Bring brings an event into the conversation that its customer has not caused.
func (e *Engine) Bring(ctx context.Context, ev dialog.Event) error {
	if err := e.take(ctx, ev); err != nil {
		return err
	}
	return e.settle(ctx)
}

// Do implements Stage.
func (e *Engine) Do(ctx context.Context, what string) error {
	if what == "(again)" {
		return nil // the same event ID is known: nothing happens, as on a server
	}
	ev, err := e.event(what)
	if err != nil {
		return err
	}
	return e.happen(ctx, ev)
}

// Arrive comes from another channel with a ticket, as its customer holds it.
func (e *Engine) Arrive(ctx context.Context, ticket string) error {
	known, ok := customer.ReadTicket(ticket)
	if !ok {
		return errors.New("that is no ticket")
	}
	return e.happen(ctx, dialog.Event{Kind: dialog.Arrive, Ticket: known})
}

func (e *Engine) happen(ctx context.Context, ev dialog.Event) error {
	e.events++
	ev.ID = "test:" + strconv.Itoa(e.events)
	if ev.Foreign == "" {
		ev.Foreign = "c" + strconv.Itoa(e.events)
	}
	if ev.Kind == dialog.Text {
		e.mine[ev.Text] = ev.Foreign
	}
	if err := e.take(ctx, ev); err != nil {
		return err
	}
	return e.settle(ctx)
}

func (e *Engine) event(what string) (dialog.Event, error) {
	switch {
	case strings.HasPrefix(what, "["):
		label, rest, _ := strings.Cut(what[1:], "]")
		return e.pressed(label, strings.TrimSpace(rest) == "old")
	case strings.HasPrefix(what, "("):
		name, rest, _ := strings.Cut(what[1:], ")")
		return e.special(strings.Fields(name), strings.TrimSpace(rest))
	}
	return dialog.Event{Kind: dialog.Text, Text: what}, nil
}

func (e *Engine) pressed(label string, old bool) (dialog.Event, error) {
	for i := len(e.spoken) - 1; i >= 0; i-- {
		for _, c := range e.spoken[i].choices {
			if c.Label != label {
				continue
			}
			if old {
				old = false
				break
			}
			return dialog.Event{Kind: dialog.Press, Text: c.Token, Foreign: e.spoken[i].id}, nil
		}
	}
	return dialog.Event{}, fmt.Errorf("no button [%s]", label)
}

// PlaceOf reads the act "(location 56.1 60.3)", whose numbers may be left out.
func PlaceOf(words []string) (dialog.Place, error) {
	if len(words) != 3 {
		return dialog.Place{Latitude: 55, Longitude: 60}, nil
	}
	latitude, err1 := strconv.ParseFloat(words[1], 64)
	longitude, err2 := strconv.ParseFloat(words[2], 64)
	return dialog.Place{Latitude: latitude, Longitude: longitude}, errors.Join(err1, err2)
}

func (e *Engine) special(words []string, rest string) (dialog.Event, error) {
	file := chat.File{ID: "file" + strconv.Itoa(e.events+1), Type: "image/jpeg", Size: 200_000, Image: true}
	switch words[0] {
	case "photo":
		return dialog.Event{Kind: dialog.Upload, Text: rest, Files: []chat.File{file}}, nil
	case "document":
		file.Type, file.Image, file.Name = "application/pdf", false, "doc.pdf"
		switch {
		case len(words) > 1 && strings.Contains(words[1], "."):
			file.Name = words[1]
			if len(words) > 2 { // "meter.jpg 3B"
				n, err := strconv.Atoi(strings.TrimSuffix(words[2], "B"))
				if err != nil {
					return dialog.Event{}, err
				}
				file.Size = int64(n)
			}
		case len(words) > 1:
			n, err := strconv.Atoi(strings.TrimSuffix(words[1], "MB"))
			if err != nil {
				return dialog.Event{}, err
			}
			file.Size = int64(n) << 20
		}
		return dialog.Event{Kind: dialog.Upload, Text: rest, Files: []chat.File{file}}, nil
	case "album":
		return dialog.Event{Kind: dialog.Upload, Text: rest, Files: []chat.File{file}, Album: words[1]}, nil
	case "contact":
		return dialog.Event{Kind: dialog.Contact, Phone: &dialog.SharedContact{Phone: words[2], Own: words[1] == "own"}}, nil
	case "code":
		if e.codes == nil {
			return dialog.Event{}, errors.New("nobody sends codes here")
		}
		code := []byte(e.codes())
		if len(words) > 1 { // wrong
			code[0] = '0' + (code[0]-'0'+1)%10
		}
		return dialog.Event{Kind: dialog.Text, Text: string(code)}, nil
	case "location":
		place, err := PlaceOf(words)
		return dialog.Event{Kind: dialog.Location, Place: &place}, err
	case "token":
		return dialog.Event{Kind: dialog.Press, Text: rest}, nil
	case "sticker", "voice", "video":
		return dialog.Event{Kind: dialog.Unsupported}, nil
	case "edit":
		before, after, ok := strings.Cut(rest, " => ")
		if !ok || e.mine[before] == "" {
			return dialog.Event{}, fmt.Errorf("no message %q to edit", before)
		}
		return dialog.Event{Kind: dialog.Edited, Text: after, Foreign: e.mine[before]}, nil
	}
	return dialog.Event{}, fmt.Errorf("no act (%s)", words[0])
}

// take is a turn.
func (e *Engine) take(ctx context.Context, ev dialog.Event) error {
	ev.Conversation, ev.Language = e.conversation, e.language
	ev.At, ev.Now = e.now, e.now
	if ev.Kind.FromCustomer() {
		if err := e.finishWaiting(ctx); err != nil {
			return err
		}
	}
	st, err := dialog.Decode(e.state)
	if err != nil {
		return err
	}
	out, err := e.book.Step(ctx, st, e.revision+1, ev)
	if err != nil {
		return err
	}
	if err := e.stepOnLeft(ctx, ev, out); err != nil {
		return err
	}
	if out.Toast != "" {
		e.heard = append(e.heard, Heard{Text: out.Toast, Toast: true})
	}
	if out.State == nil {
		return nil
	}
	e.revision++
	if e.state, err = out.State.Encode(); err != nil {
		return err
	}
	if e.saved != nil {
		e.saved(ev.Kind.String()+" "+ev.Text, e.state)
	}
	e.show(out.Said, ev)
	if out.Run != nil {
		return e.run(ctx, out.Scenario, out.Run)
	}
	return nil
}

// stepOnLeft takes the step on the state as the last one left it.
func (e *Engine) stepOnLeft(ctx context.Context, ev dialog.Event, want dialog.Outcome) error {
	if e.left == nil {
		e.left = want.State
		return nil
	}
	got, err := e.book.Step(ctx, e.left, e.revision+1, ev)
	if err != nil {
		return fmt.Errorf("on a state that was not saved: %w", err)
	}
	if e.left = got.State; e.left == nil || want.State == nil {
		if got.State != want.State {
			return errors.New("a state that was not saved differs in whether anything happens")
		}
		return nil
	}
	for _, of := range []struct{ got, want any }{{got.State, want.State}, {got.Said, want.Said}, {got.Toast, want.Toast}} {
		got, err1 := json.Marshal(of.got)
		want, err2 := json.Marshal(of.want)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("a state that was not saved differs:\ngot  %s\nwant %s", got, want)
		}
	}
	return nil
}

func (e *Engine) show(said []chat.Message, ev dialog.Event) {
	for _, m := range said {
		h := Heard{Text: m.Plain(), Files: FileNames(m.Files)}
		for _, c := range m.Choices {
			h.Buttons = append(h.Buttons, c.Label)
		}
		e.heard = append(e.heard, h)
		last := len(e.spoken) - 1
		if m.Prompt && ev.Kind == dialog.Press && last >= 0 && e.spoken[last].id == ev.Foreign {
			e.spoken[last].choices = m.Choices // put in place of the pressed one
			continue
		}
		e.spoken = append(e.spoken, shown{"b" + strconv.Itoa(len(e.spoken)), m.Choices})
	}
}

// run carries a command out, or puts it off while it is ordered down.
func (e *Engine) run(ctx context.Context, scenario string, d *dialog.Doing) error {
	if e.down[scenario+"."+d.Action] {
		e.waiting[d.Effect] = scenario
		return e.take(ctx, dialog.Event{ID: "delayed:" + d.Effect, Kind: dialog.Delayed, Text: d.Effect})
	}
	result, err := e.book.Run(ctx, scenario, dialog.Effect{ID: d.Effect, Conversation: e.conversation, At: d.At}, d)
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			return e.take(ctx, dialog.Event{ID: "delayed:" + d.Effect, Kind: dialog.Delayed, Text: d.Effect})
		}
		return e.take(ctx, dialog.Event{ID: "failed:" + d.Effect, Kind: dialog.Failed, Text: d.Effect})
	}
	e.sent++
	return e.take(ctx, dialog.Event{ID: "done:" + d.Effect, Kind: dialog.Done, Text: d.Effect, Result: result})
}

func (e *Engine) finishWaiting(ctx context.Context) error {
	st, err := dialog.Decode(e.state)
	if err != nil {
		return err
	}
	for _, f := range st.Frames {
		if f.Doing == nil || e.down[f.Scenario+"."+f.Doing.Action] {
			continue
		}
		delete(e.waiting, f.Doing.Effect)
		if err := e.run(ctx, f.Scenario, f.Doing); err != nil {
			return err
		}
	}
	return nil
}

// Hear implements Stage.
func (e *Engine) Hear(context.Context, int) ([]Heard, error) {
	heard := e.heard
	e.heard = nil
	return heard, nil
}
