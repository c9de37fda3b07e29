package dialog

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
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
)

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
	// when its form becomes a draft, counted from the customer's last turn.
	RemindAfter, SetAsideAfter time.Duration
	// Largest is the largest file that is taken from a customer, in bytes; 0:
	// any.
	Largest int64
}

// Book is the catalogue of scenarios, checked and ready to take turns. It is
// immutable and safe for concurrent use.
type Book struct {
	house     House
	words     *words.Catalogue
	list      []*Scenario
	scenarios map[string]*Scenario
	phrases   map[string]string // what may be typed → a word, or a command's token
	slashes   map[string]string // messenger command → the same
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
	b.slashes["start"] = wordMenu
	for _, w := range []string{wordMenu, wordBack, wordCancel, wordOperator} {
		b.slashes[w] = w
		b.understand(catalogue, "word."+w, w)
		b.understand(catalogue, "label."+w, w)
	}
	for _, s := range scenarios {
		if b.scenarios[s.Name] != nil {
			problems = append(problems, fmt.Errorf("scenario %s stands twice in the catalogue", s.Name))
		}
		b.scenarios[s.Name] = s
		problems = append(problems, check(s)...)
		b.index(s)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return b, nil
}

// index makes the scenario's labels, phrases and slash commands understood.
func (b *Book) index(s *Scenario) {
	if s.Name != wordMenu && s.Name != wordOperator {
		b.understand(s.Words, "label", commandToken(s.Name, ""))
		b.understand(s.Words, "phrases", commandToken(s.Name, ""))
	}
	if s.Slash != "" {
		b.slashes[s.Slash] = commandToken(s.Name, "")
	}
	for _, c := range s.Commands {
		token := commandToken(s.Name+"."+c.Name, "")
		b.understand(s.Words, c.Name+".label", token)
		b.understand(s.Words, c.Name+".phrases", token)
		if c.Slash != "" {
			b.slashes[c.Slash] = token
		}
	}
}

func (b *Book) understand(c *words.Catalogue, key, meaning string) {
	if !c.Has(key) {
		return
	}
	for _, lang := range languages {
		for _, p := range c.Phrases(lang, key) {
			b.phrases[words.Normalise(p)] = meaning
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
	// State after the event; nil when the event changes nothing and needs no
	// commit.
	State *State
	Said  []chat.Message
	// Toast answers a press; it is shown and forgotten.
	Toast string
	// Run is the scenario whose command is to be carried out after the commit,
	// and the command.
	Scenario string
	Run      *Doing
}

// Step takes one event. st is the state before it, which Step changes and
// returns; revision is that of the commit that the step will be. Step reads,
// but never writes anything: the same step may be taken many times. An error
// of kind Unavailable means that a store it reads is away.
func (b *Book) Step(ctx context.Context, st *State, revision int64, ev Event) (out Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = Outcome{}, fmt.Errorf("step on %s panicked: %v", ev.Kind, p)
		}
	}()
	t := &Turn{Event: ev, Text: strings.TrimSpace(ev.Text), book: b, state: st, revision: revision}
	if st.Language == "" {
		st.Language = string(words.ParseLang(ev.Language))
	}
	t.lang = words.Lang(st.Language)
	changed, err := t.take(ctx)
	if err = errors.Join(err, t.err); err != nil || !changed {
		return Outcome{Toast: t.toast}, err
	}
	out = Outcome{State: st, Said: t.said, Toast: t.toast}
	for _, f := range st.Frames {
		if f.Doing != nil && f.Doing.Effect == t.effectNamed() {
			out.Scenario, out.Run = f.Scenario, f.Doing
		}
	}
	t.settle()
	return out, nil
}

// Apologise is the outcome of an event whose step fails: the state stays, and
// the customer is shown a way to a person.
func (b *Book) Apologise(st *State, ev Event) Outcome {
	if st.Language == "" {
		st.Language = string(words.ParseLang(ev.Language))
	}
	t := &Turn{Event: ev, book: b, state: st, lang: words.Lang(st.Language)}
	t.house("apology").Offer(t.Resume(), t.Menu())
	return Outcome{State: st, Said: t.said}
}

// effectNamed is the effect that this very turn has named, if any.
func (t *Turn) effectNamed() string {
	if t.frame == nil || t.frame.Doing == nil {
		return ""
	}
	return t.frame.Doing.Effect
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
	case Edited:
		return t.edited()
	case Press:
		return t.press(ctx, t.Event.Text)
	case Upload:
		if t.Event.Album != "" {
			return t.collect()
		}
		return true, t.receive(ctx)
	case Contact, Location:
		return true, t.receive(ctx)
	case Unsupported:
		t.house("unsupported")
		return true, t.restate(ctx)
	default:
		return true, t.hear(ctx)
	}
}

// check finds the mistakes of a declaration.
func check(s *Scenario) []error {
	var out []error
	bad := func(format string, args ...any) {
		out = append(out, fmt.Errorf("scenario %s: "+format, append([]any{s.Name}, args...)...))
	}
	need := func(key string) {
		if !s.Words.Has(key) {
			bad("no words %q", key)
		}
	}
	need("label")
	for _, c := range s.Commands {
		need(c.Name + ".label")
		if c.Do == nil {
			bad("command %s does nothing", c.Name)
		}
		if n := len(commandToken(s.Name+"."+c.Name, "")); n > tokenRoom {
			bad("command %s leaves no room for an argument in its token", c.Name)
		}
	}
	if s.Form == nil {
		if s.Open == nil {
			bad("it has neither a form nor anything to say")
		}
		return out
	}
	if s.Form.Submit.run == nil {
		bad("its form submits nothing")
	}
	if s.Form.Summary != nil {
		need("summary.ask")
	}
	slots := map[string]bool{}
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		if slots[q.Slot] {
			bad("slot %s is asked twice", q.Slot)
		}
		slots[q.Slot] = true
	}
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		if q.Wording == nil {
			need(q.key() + ".ask")
		}
		if q.Show != nil {
			need(q.key() + ".label")
		}
		if q.Take == nil {
			bad("question %s takes no answer", q.Slot)
		}
		if len(changeToken(&Frame{Form: 1 << 53}, q.Slot)) > maxToken {
			bad("the name of slot %s is too long for a token", q.Slot)
		}
		for _, other := range slices.Concat(q.After, q.Goes) {
			if !slots[other] {
				bad("question %s names slot %s, which no question fills", q.Slot, other)
			}
		}
	}
	for v := range maps.Keys(s.Upgrade) {
		if v >= s.Version {
			bad("it upgrades from version %d, but is version %d", v, s.Version)
		}
	}
	return out
}

// maxToken is Telegram's limit of callback_data, in bytes
// (core.telegram.org/bots/api#inlinekeyboardbutton); tokenRoom leaves 16 for
// a command's argument.
const (
	maxToken  = 64
	tokenRoom = maxToken - 17
)

func (q *Question) key() string {
	if q.Key != "" {
		return q.Key
	}
	return q.Slot
}
