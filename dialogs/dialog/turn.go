package dialog

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

// Turn is one event on its way through a scenario: what happened, what is
// known, and what is said about it. It lives for one step.
type Turn struct {
	Event Event
	// Text is what the customer wrote, trimmed; "" for a press.
	Text string
	// Picked is the ID of the option that was chosen, by button, number or words.
	Picked string
	// Answers of the form at work; nil outside a form.
	Answers Answers

	book     *Book
	state    *State
	revision int64 // of the commit that this turn will be
	scenario *Scenario
	frame    *Frame
	reading  bool     // an answer is being read, which may fill only what is declared:
	fills    []string // these, and the slot of the open question
	lang     words.Lang
	said     []*chat.Message
	toast    string
	named    *Doing // the command that this turn names, of the scenario doer
	doer     string
	missed   bool // nothing understood the text
	awaits   chat.Expect
	unread   Move       // what to say if nothing else understands it: see Unread
	renewed  bool       // the state was brought to the current versions
	moved    *Frame     // its question no longer exists, so the text cannot answer it
	err      error      // an undeclared move: a mistake of the scenario
	argument string     // of the command, while the form that it opens begins
	first    *Move      // the action that Scenario.Open asks for
	led      bool       // somewhere by Open, which asks what is to be asked there
	more     []Question // those of the form at work, with Form.More's; nil: not read yet
	inWords  string     // see Outcome.Answer
	linked   bool       // along a link from outside
	remark   *Remark
	marks    []Mark
}

// Language returns the language of this conversation.
func (t *Turn) Language() words.Lang { return t.lang }

// SetLanguage changes the language of this conversation, from now on.
func (t *Turn) SetLanguage(l words.Lang) { t.lang, t.state.Language = l, string(l) }

// At is the time that counts for what the customer does in this turn.
func (t *Turn) At() time.Time { return t.Event.At }

// Said is a message on its way out.
type Said struct{ m *chat.Message }

// Say adds a message made of the scenario's words.
func (t *Turn) Say(key string, args ...words.Arg) Said {
	return t.say(t.catalogue(), key, args...)
}

// Blocks returns a text of the scenario's words, to be appended to a message.
func (t *Turn) Blocks(key string, args ...words.Arg) []chat.Block {
	return t.catalogue().Say(t.lang, key, args...)
}

// Line returns one line of the scenario's words.
func (t *Turn) Line(key string, args ...words.Arg) string {
	return t.catalogue().Line(t.lang, key, args...)
}

// Offer adds choices under the message; empty ones are left out.
func (s Said) Offer(choices ...chat.Choice) Said {
	for _, c := range choices {
		if c.Label != "" {
			s.m.Choices = append(s.m.Choices, c)
		}
	}
	return s
}

// Append adds blocks to the text.
func (s Said) Append(blocks ...chat.Block) Said {
	s.m.Blocks = append(s.m.Blocks, blocks...)
	return s
}

// Attach adds files to the message.
func (s Said) Attach(files ...chat.File) Said {
	s.m.Files = append(s.m.Files, files...)
	return s
}

// InPlace lets the message replace the last one where the channel can do so.
func (s Said) InPlace() Said {
	s.m.Prompt = true
	return s
}

// Scenario returns a choice that opens a scenario, empty when the house has
// none of that name.
func (t *Turn) Scenario(name string) chat.Choice {
	s := t.book.scenarios[name]
	if s == nil {
		return chat.Choice{}
	}
	return chat.Choice{Token: commandToken(name, ""), Label: s.Words.Line(t.lang, "label")}
}

// Command returns a choice that gives a command, "<scenario>.<name>", with an
// optional argument; empty when the house has none of that name on this channel.
func (t *Turn) Command(name, arg string) chat.Choice {
	s, c := t.book.command(name)
	if c == nil || c.On != "" && c.On != t.Event.Conversation.Channel() {
		return chat.Choice{}
	}
	token := commandToken(name, arg)
	if len(token) > maxToken {
		t.fail("the token of %s does not fit a button", name)
	}
	return chat.Choice{Token: token, Label: s.commandLabel(c, arg, t.lang)}
}

// commandLabel is what the button of a command says: words of its own where they tell
// what the argument is.
func (s *Scenario) commandLabel(c *Command, arg string, lang words.Lang) string {
	if arg != "" && s.Words.Has(c.Name+"."+arg) {
		return s.Words.Line(lang, c.Name+"."+arg)
	}
	return s.Words.Line(lang, c.Name+".label")
}

// Menu returns the choice that shows the main menu.
func (t *Turn) Menu() chat.Choice {
	return chat.Choice{Token: commandToken(wordMenu, ""), Label: t.book.words.Line(t.lang, "label.menu")}
}

// Resume returns the choice that goes on with the open form, or else with the
// newest draft; empty when there is none, or nothing to be done about it while it
// is being sent.
func (t *Turn) Resume() chat.Choice {
	f := t.state.top()
	if d := t.draft(); f == nil && d != nil {
		f = &d.Frame
	}
	if f == nil || f.Doing != nil || t.book.scenarios[f.Scenario] == nil {
		return chat.Choice{}
	}
	label := t.book.scenarios[f.Scenario].Words.Line(t.lang, "label")
	return chat.Choice{
		Token: ResumeToken,
		Label: t.book.words.Line(t.lang, "label.resume", words.A("what", label)), Wide: true,
	}
}

// May reports whether this channel may carry data of the class; Leads whether
// it may at least name it and lead to the site for it (spec §3.6).
func (t *Turn) May(c privacy.Class) bool   { return t.row().Shows.Has(c) }
func (t *Turn) Leads(c privacy.Class) bool { return t.row().Links.Has(c) }

func (t *Turn) row() privacy.Row {
	if t.book.house.Policy == nil {
		return privacy.Everything
	}
	return t.book.house.Policy[t.Event.Conversation.Channel()]
}

// Holding marks the whole text as data of a class, where the values that it is
// made with do not tell.
func (s Said) Holding(c privacy.Class) Said {
	for i := range s.m.Blocks {
		s.m.Blocks[i].Holds |= privacy.ClassesOf(c)
	}
	return s
}

// Keep remembers a value of the scenario's beyond its forms, for as long as the
// conversation lives, such as for whom a customer asks; Kept returns it. An empty
// value forgets it. It must hold no personal data.
func (t *Turn) Keep(name, value string) {
	key := t.scenario.Name + "." + name
	if value == "" {
		delete(t.state.Kept, key)
		return
	}
	if t.state.Kept == nil {
		t.state.Kept = map[string]string{}
	}
	t.state.Kept[key] = value
}

// Kept returns what Keep has remembered, "" if there is nothing.
func (t *Turn) Kept(name string) string { return t.KeptBy(t.scenario.Name, name) }

// KeptBy returns what another scenario has remembered by Keep: what a customer has
// told one, no other asks again.
func (t *Turn) KeptBy(scenario, name string) string { return t.state.Kept[scenario+"."+name] }

// Note remembers the words of a question that the customer asked, for whoever
// takes it further (Noted); they are forgotten when a draft would be. "" forgets
// them now.
func (t *Turn) Note(text string) {
	t.state.Noted = nil
	if text != "" {
		t.state.Noted = &Noted{Text: text, At: t.Event.Now}
	}
}

// Noted returns those words, "" if there are none.
func (t *Turn) Noted() string {
	if n := t.state.Noted; n != nil && t.Event.Now.Sub(n.At) < t.book.house.SetAsideAfter {
		return n.Text
	}
	return ""
}

// Amid reports whether a form lies open, Waiting whether a person is waited for:
// what is not clear is then rather meant for them.
func (t *Turn) Amid() bool    { return t.state.top() != nil }
func (t *Turn) Waiting() bool { return t.state.waiting() }

// Within returns the scenario whose form is at work, "" if none is, and what kind of
// answer its open question has waited for as the text came.
func (t *Turn) Within() (scenario string, awaits chat.Expect) {
	if f := t.state.top(); f != nil {
		return f.Scenario, t.awaits
	}
	return "", chat.Nothing
}

// Mine adds to what is said what the customer has in all other scenarios
// (Scenario.Mine), in the order of the catalogue.
func (t *Turn) Mine(ctx context.Context, said Said) error {
	was := *t
	for _, s := range t.book.list {
		if s.Mine == nil || s == was.scenario {
			continue
		}
		t.visit(s)
		if err := s.Mine(ctx, t, said); err != nil {
			return err
		}
	}
	t.scenario, t.frame, t.Answers, t.Picked, t.reading, t.more = was.scenario, was.frame, was.Answers, was.Picked, was.reading, was.more
	return nil
}

// Mark has something counted for those who run the house: a question that found
// no answer, an answer that helped. The customer waits for nothing, and the count
// is exact: it is taken when the turn is archived. of holds no personal data, for
// it outlives the conversation.
func (t *Turn) Mark(what, of string) { t.marks = append(t.marks, Mark{what, of}) }

// Toast is a short line over the screen of whoever pressed a button.
func (t *Turn) Toast(key string, args ...words.Arg) { t.toast = t.Line(key, args...) }

// Argument is what a command's choice carried.
func (t *Turn) Argument() string { return t.argument }

// Begin opens the form of the scenario whose command this is, afresh: one that
// lies open, or its draft, is forgotten, unless it is being sent. Its Open finds
// the argument in Argument.
func (t *Turn) Begin(ctx context.Context, argument string) error {
	t.argument = argument
	if i := t.state.find(t.scenario.Name); i >= 0 && t.state.Frames[i].Doing == nil {
		t.state.drop(t.state.Frames[i])
	}
	delete(t.state.Drafts, t.scenario.Name)
	return t.open(ctx, t.scenario)
}

// First has an action of the form carried out before its first question, for
// Scenario.Open.
func (t *Turn) First(action string, args any) {
	m := Do(action, args)
	t.first = &m
}

// Contacts are the arguments {company}, and {phone} and {hours} of its contact
// centre.
func (t *Turn) Contacts() []words.Arg { return t.book.contacts(t.lang) }

func (t *Turn) catalogue() *words.Catalogue {
	if t.scenario == nil {
		return t.book.words
	}
	return t.scenario.Words
}

func (t *Turn) say(c *words.Catalogue, key string, args ...words.Arg) Said {
	m := &chat.Message{Blocks: c.Say(t.lang, key, args...)}
	t.said = append(t.said, m)
	return Said{m}
}

// house says a line of the engine's own words.
func (t *Turn) house(key string, args ...words.Arg) Said {
	return t.say(t.book.words, key, append(args, t.book.contacts(t.lang)...)...)
}

func (t *Turn) form() *Form { return t.scenario.Form }

func (t *Turn) fail(format string, args ...any) {
	if t.err == nil {
		name := "?"
		if t.scenario != nil {
			name = t.scenario.Name
		}
		t.err = fmt.Errorf("scenario %s: "+format, append([]any{name}, args...)...)
	}
}

func (f *Form) question(slot string) *Question {
	for i := range f.Questions {
		if f.Questions[i].Slot == slot {
			return &f.Questions[i]
		}
	}
	return nil
}

func (f *Form) action(name string) *Action {
	if f.Submit.Name == name {
		return &f.Submit
	}
	for i := range f.Actions {
		if f.Actions[i].Name == name {
			return &f.Actions[i]
		}
	}
	return nil
}

// visit lets a scenario speak outside its form: what it says uses its own
// words, and no form's answers are within its reach.
func (t *Turn) visit(s *Scenario) {
	t.scenario, t.frame, t.Answers, t.Picked, t.reading = s, nil, nil, "", false
}

// Tokens. A command's works at any time: "c:<name>[:<argument>]". An answer's
// belongs to one asking of one question: "a:<form>.<turn>:<option>". A change
// belongs to a form while it is open: "x:<form>:<slot>".

func commandToken(name, arg string) string {
	if arg == "" {
		return "c:" + name
	}
	return "c:" + name + ":" + arg
}

func answerToken(f *Frame, option string) string {
	return "a:" + strconv.FormatInt(f.Form, 36) + "." + strconv.FormatInt(int64(f.Turns), 36) + ":" + option
}

func changeToken(f *Frame, slot string) string {
	return "x:" + strconv.FormatInt(f.Form, 36) + ":" + slot
}

// readToken takes a token apart; ok is false for what we never made.
func readToken(token string) (kind byte, name, arg string, ok bool) {
	if len(token) < 3 || token[1] != ':' {
		return 0, "", "", false
	}
	name, arg, _ = strings.Cut(token[2:], ":")
	return token[0], name, arg, true
}
