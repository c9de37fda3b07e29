package dialog

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// The words that work everywhere, and the tokens of their choices.
const (
	wordMenu     = "menu"
	wordBack     = "back"
	wordCancel   = "cancel"
	wordOperator = "operator"
	wordResume   = "resume"
	wordCarry    = "carry"
)

// ResumeToken is the token of the choice that goes on with the open form.
const ResumeToken = "c:" + wordResume

// languages are all that customers may write in.
var languages = [...]words.Lang{words.RU, words.EN}

// House is what every scenario of a house shares.
type House struct {
	// Zone is the company's: quiet hours are read in it.
	Zone *time.Location
	// Company is what customers call it, Phone and Hours are the contact
	// centre's; by language where that matters.
	Company, Hours map[words.Lang]string
	Phone          string
	// RemindAfter is when an open question is repeated once, SetAsideAfter
	// when its form becomes a draft, counted from the customer's last turn. The
	// draft is offered for as long again, then forgotten: both hold personal
	// data.
	RemindAfter, SetAsideAfter time.Duration
	// Largest is the largest file that is taken from a customer, in bytes; 0:
	// any.
	Largest int64
	// Policy says what each channel may carry of a customer's data, by the
	// channel's name. A channel that it does not name carries nothing but what is
	// public; nil: every channel carries everything.
	Policy privacy.Policy
}

// Book is the catalogue of scenarios, checked and ready to take turns. It is
// immutable and safe for concurrent use.
type Book struct {
	house     House
	words     *words.Catalogue
	list      []*Scenario
	scenarios map[string]*Scenario
	phrases   map[string]string // what may be typed, normalised → a word, or a command's token
	slashes   map[string]string // messenger command → the same
	problems  []error           // of these two, while the book is made
}

// NewBook checks the scenarios and returns their book. The error names every
// mistake: a name used twice, a question without words, a move to nowhere.
func NewBook(house House, scenarios ...*Scenario) (*Book, error) {
	catalogue, err := words.Load(texts)
	if err != nil {
		return nil, err
	}
	b := &Book{
		house: house, words: catalogue, list: scenarios,
		scenarios: map[string]*Scenario{}, phrases: map[string]string{}, slashes: map[string]string{},
	}
	var problems []error
	b.slash("start", wordMenu)
	for _, w := range []string{wordMenu, wordBack, wordCancel, wordOperator} {
		b.slash(w, w)
		b.understand(catalogue, "label."+w, "word."+w, w)
	}
	b.understand(catalogue, "", "word.resume", ResumeToken)
	for _, s := range scenarios {
		if b.scenarios[s.Name] != nil {
			problems = append(problems, fmt.Errorf("scenario %s stands twice in the catalogue", s.Name))
		}
		b.scenarios[s.Name] = s
		problems = append(problems, check(s)...)
		b.index(s)
	}
	if err := errors.Join(append(problems, b.problems...)...); err != nil {
		return nil, err
	}
	return b, nil
}

// index makes the scenario's labels, phrases and slash commands understood.
func (b *Book) index(s *Scenario) {
	if s.Name != wordMenu && s.Name != wordOperator {
		b.understand(s.Words, "label", "phrases", commandToken(s.Name, ""))
	}
	b.slash(s.Slash, commandToken(s.Name, ""))
	for _, c := range s.Commands {
		token := commandToken(s.Name+"."+c.Name, "")
		b.understand(s.Words, c.Name+".label", c.Name+".phrases", token)
		b.slash(c.Slash, token)
	}
}

// slash makes a messenger's command understood; one word has one meaning.
func (b *Book) slash(command, meaning string) {
	if other, ok := b.slashes[command]; ok && other != meaning {
		b.problems = append(b.problems, fmt.Errorf("/%s means both %s and %s", command, other, meaning))
	}
	if command != "" {
		b.slashes[command] = meaning
	}
}

// understand makes a label, and the phrases that mean the same, understood in
// every language. Either key may be missing.
func (b *Book) understand(c *words.Catalogue, label, phrases, meaning string) {
	for _, lang := range languages {
		var said []string
		if c.Has(label) {
			said = append(said, c.Line(lang, label))
		}
		if c.Has(phrases) {
			said = append(said, c.Phrases(lang, phrases)...)
		}
		for _, p := range said {
			p = words.Normalise(p)
			if other, ok := b.phrases[p]; ok && other != meaning {
				b.problems = append(b.problems, fmt.Errorf("%q means both %s and %s", p, other, meaning))
			}
			b.phrases[p] = meaning
		}
	}
}

// Scenarios lists the catalogue in its own order.
func (b *Book) Scenarios() []*Scenario { return slices.Clone(b.list) }

// SlashCommand is a command in a messenger's list.
type SlashCommand struct{ Name, Description string }

// SlashCommands lists what a messenger shows in its menu of commands.
func (b *Book) SlashCommands(lang words.Lang) []SlashCommand {
	out := []SlashCommand{{wordMenu, b.words.Line(lang, "label.menu")}}
	for _, s := range b.list {
		if s.Slash != "" && s.Name != wordMenu {
			out = append(out, SlashCommand{s.Slash, s.Words.Line(lang, "label")})
		}
		for _, c := range s.Commands {
			if c.Slash != "" {
				out = append(out, SlashCommand{c.Slash, s.Words.Line(lang, c.Name+".label")})
			}
		}
	}
	return append(out, SlashCommand{wordCancel, b.words.Line(lang, "label.cancel")})
}

// Run carries out a command of the form that scenario declares.
func (b *Book) Run(ctx context.Context, scenario string, e Effect, d *Doing) ([]byte, error) {
	s := b.scenarios[scenario]
	if s == nil || s.Form == nil || s.Form.action(d.Action) == nil {
		return nil, fault.New(fault.Internal, "no action "+scenario+"."+d.Action)
	}
	return s.Form.action(d.Action).run(ctx, e, d.Args)
}

func (b *Book) command(name string) (*Scenario, *Command) {
	scenario, command, _ := strings.Cut(name, ".")
	s := b.scenarios[scenario]
	if s == nil {
		return nil, nil
	}
	for i := range s.Commands {
		if s.Commands[i].Name == command {
			return s, &s.Commands[i]
		}
	}
	return nil, nil
}

func (b *Book) contacts(lang words.Lang) []words.Arg {
	return []words.Arg{
		words.A("phone", b.house.Phone), words.A("hours", b.house.Hours[lang]), words.A("company", b.house.Company[lang]),
	}
}

// Outcome is what a step makes of an event.
type Outcome struct {
	// State after the event; nil when the event means nothing and needs no
	// commit.
	State *State
	// Refused is a press that changes nothing and is answered by the toast alone.
	// It stands nowhere in the log, but is committed: a copy of it that comes late
	// does nothing, whatever has changed by then.
	Refused bool
	Said    []chat.Message
	// Toast answers a press; it is shown and forgotten.
	Toast string
	// Run is the scenario whose command is to be carried out after the commit,
	// and the command.
	Scenario string
	Run      *Doing
	// Answer is what the event says in words where its text does not: the label
	// of an operator's button, a phone number, a place.
	Answer string
	// Remark goes into the log for staff alone.
	Remark *Remark
	// Marks are to be counted.
	Marks []Mark
}

// Step takes one event. st is the state before it, which Step changes and
// returns; revision is that of the commit that the step will be. Step reads,
// but never writes anything: the same step may be taken many times. An error
// of kind Unavailable means that a store it reads is away, desk.ErrNotHolder that
// the event is of a member of staff who does not hold the dialog.
func (b *Book) Step(ctx context.Context, st *State, revision int64, ev Event) (out Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = Outcome{}, fmt.Errorf("step on %s panicked: %v", ev.Kind, p)
		}
	}()
	t := b.turn(st, ev)
	t.revision = revision
	if ev.Kind == Text || ev.Kind == Upload || ev.Kind == Edited {
		t.Text = strings.TrimSpace(strings.ToValidUTF8(ev.Text, ""))
	}
	changed, err := t.take(ctx)
	if err == nil {
		err = t.err
	}
	if err != nil {
		return Outcome{}, err
	}
	if t.toast != "" {
		st.Toasted = &Toasted{ev.ID, t.toast}
	}
	switch {
	case changed || t.renewed:
		t.settle()
	case t.toast != "":
		return Outcome{State: st, Refused: true, Toast: t.toast}, nil
	default:
		return Outcome{}, nil
	}
	return Outcome{
		State: st, Said: t.messages(), Toast: t.toast, Scenario: t.doer, Run: t.named,
		Answer: t.inWords, Remark: t.remark, Marks: t.marks,
	}, nil
}

// ToastAgain is what a copy of a press is answered over the screen, for the answer
// to the first may have been lost: the same, if it is the latest press of that
// kind; that it changed nothing, if it was refused longer ago.
func (b *Book) ToastAgain(st *State, press string, refused bool) string {
	switch {
	case st.Toasted != nil && st.Toasted.Press == press:
		return st.Toasted.Toast
	case refused:
		return b.words.Line(words.Lang(st.Language), "late")
	}
	return ""
}

// turn begins a turn.
func (b *Book) turn(st *State, ev Event) *Turn {
	if st.Language == "" {
		st.Language = string(words.ParseLang(ev.Language))
	}
	return &Turn{Event: ev, book: b, state: st, lang: words.Lang(st.Language)}
}

// messages are what has been said, ready to be sent: without what the channel
// may not carry.
func (t *Turn) messages() []chat.Message {
	shows := t.row().Shows
	var out []chat.Message
	for _, m := range t.said {
		out = append(out, chat.Withhold(*m, shows))
	}
	return out
}

// Apologise is the outcome of an event whose step fails: the answers stay, and
// the customer is shown a way to a person. What would bring the same event back
// for ever goes: a timer that rang, a form whose command has ended.
func (b *Book) Apologise(st *State, ev Event) Outcome {
	t := b.turn(st, ev)
	f := st.frameDoing(ev.Text)
	switch {
	case ev.Kind == Timer:
		delete(st.Timers, ev.Text)
		if ev.Text != timerAlbum { // nobody waits for it
			return Outcome{State: st}
		}
		st.Album = nil
	case f == nil:
	case ev.Kind == Done: // the fact stands, and cannot be told
		st.drop(f)
	case ev.Kind == Failed:
		f.Doing = nil
	case ev.Kind == Delayed:
		f.Doing.Told = true
		return Outcome{State: st}
	}
	t.house("apology").Offer(t.Resume(), t.Scenario(wordOperator), t.Menu())
	t.remember()
	return Outcome{State: st, Said: t.messages()}
}

// Restart is the outcome of an event of kind Reset: forms, drafts and all that is
// remembered beside them go; the language and the hand-off stay. What was sent is
// done all the same. The customer is told, unless a person talks with him.
func (b *Book) Restart(st *State, ev Event) Outcome {
	fresh, _ := Decode(nil) // it has no error for nothing
	fresh.Language, fresh.Desk = st.Language, st.Desk
	if fresh.held() {
		return Outcome{State: fresh}
	}
	t := b.turn(fresh, ev)
	t.house("restart").Offer(t.Scenario(wordOperator), t.Menu())
	t.remember()
	return Outcome{State: fresh, Said: t.messages()}
}

// take reads the event in the order of understanding and reports whether the
// state has changed.
func (t *Turn) take(ctx context.Context) (bool, error) {
	if err := t.upgrade(); err != nil {
		return false, err
	}
	switch t.Event.Kind {
	case Done:
		return t.finish(ctx)
	case Delayed:
		return t.delay()
	case Failed:
		return t.failed(ctx)
	case Timer:
		return t.ring(ctx)
	case Desk:
		return t.shift(ctx)
	case Operator, Resend:
		return t.speak()
	case Note:
		t.remark = &Remark{Text: t.Event.Text, By: t.Event.By}
		return true, nil
	case Speaks:
		before := t.lang
		t.SetLanguage(words.ParseLang(t.Event.Language))
		return t.lang != before, nil
	case Tell:
		return true, t.tell(ctx)
	}
	if t.state.held() {
		return t.pass(ctx)
	}
	switch t.Event.Kind {
	case Edited:
		return t.edited()
	case Press:
		return t.press(ctx, t.Event.Text)
	case Upload:
		if t.Event.Album != "" {
			return true, t.collect(ctx)
		}
		return true, t.receive(ctx)
	case Contact, Location:
		return true, t.receive(ctx)
	case Arrive:
		return true, t.arrive(ctx)
	case Unsupported:
		t.house("unsupported")
		return true, t.restate(ctx)
	default:
		return true, t.hear(ctx)
	}
}

func (q *Question) key() string {
	if q.Key != "" {
		return q.Key
	}
	return q.Slot
}
