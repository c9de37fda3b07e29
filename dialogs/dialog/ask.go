package dialog

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
)

// ask says the open question of the form: in other words the second time, with
// help the third. A form that lies under another waits: the one above is asked
// instead, for that is where the customer is.
func (t *Turn) ask(ctx context.Context, f *Frame) error {
	if t.state.held() { // it is asked when the bot answers again
		return nil
	}
	if f != t.state.top() {
		return t.restate(ctx)
	}
	t.enter(f)
	switch {
	case f.Resumed:
		t.house("draft.ask")
	case f.Listing:
		t.house("change.which")
	case f.Asked == "" && (t.form().Summary == nil || !t.shows(f)):
		t.house("retry")
	case f.Asked == "":
		t.summarise()
	default:
		q := t.question(f.Asked)
		t.Say(t.wording(q, f.Misses), t.arguments(q)...)
	}
	p := t.page(f)
	t.explain(f, &p)
	t.place(f, &p)
	return nil
}

// wording chooses the words of a question by how often it was misunderstood.
func (t *Turn) wording(q *Question, misses int) string {
	key := q.key()
	if q.Wording != nil {
		key = q.Wording(t)
	}
	if misses > 1 && t.catalogue().Has(key+".help") {
		return key + ".help"
	}
	if misses > 0 && t.catalogue().Has(key+".again") {
		return key + ".again"
	}
	return key + ".ask"
}

// offer puts the open question's choices under the last message, a page of them.
func (t *Turn) offer(ctx context.Context, f *Frame) error {
	if f != t.state.top() {
		return t.restate(ctx)
	}
	t.enter(f)
	p := t.page(f)
	t.place(f, &p)
	return nil
}

// place makes the choices of a page buttons of the last message.
func (t *Turn) place(f *Frame, p *page) {
	m := t.said[len(t.said)-1]
	options := p.shown()
	m.Choices = make([]chat.Choice, 0, len(options))
	for i := range options {
		o := &options[i]
		token := answerToken(f, o.ID)
		if len(token) > maxToken {
			t.fail("option %q is too long for a token", o.ID)
		}
		m.Choices = append(m.Choices, chat.Choice{
			Token: token, Label: t.label(*o, t.lang), Dense: o.Dense, Wide: strings.HasPrefix(o.ID, optPage),
		})
	}
	if q := t.question(f.Asked); q != nil && !f.Resumed && !f.Listing {
		m.Expect = q.Expect
	}
}

// options lists everything that can be chosen at the open question, on whichever
// page it stands.
func (t *Turn) options(f *Frame) []Option {
	p := t.page(f)
	return p.all()
}

// choices returns what is chosen among at the open question, and what stands apart
// from that: the question's ways around it, and the form's.
func (t *Turn) choices(f *Frame) (list, apart []Option) {
	switch {
	case f.Resumed:
		return nil, []Option{own(optContinue), own(optAnew), own(optCancel)}
	case f.Listing:
		questions := t.questions()
		for i := range questions {
			q := &questions[i]
			if q.Show != nil && f.Answers.Has(q.Slot) {
				list = append(list, Option{ID: optSlot + q.Slot, Key: q.key() + ".label", Args: t.arguments(q)})
			}
		}
		return list, []Option{own(optBack)}
	case f.Asked == "":
		if !t.shows(f) {
			return nil, []Option{own(optSend), own(optCancel)}
		}
		return nil, []Option{own(optSend), own(optChange), own(optCancel)}
	}
	q := t.question(f.Asked)
	if q.Options != nil {
		options := q.Options(t)
		for i := range options {
			if strings.HasPrefix(options[i].ID, ".") {
				t.fail("option %q of %s is reserved", options[i].ID, q.Slot)
			}
		}
		list, apart = divide(options)
	}
	if len(f.Trail) > 0 || f.Changing {
		apart = append(apart, own(optBack))
	}
	if q.Keeps == "" {
		apart = append(apart, own(optCancel))
	}
	return list, apart
}

// shows reports whether a summary of the form has anything to show.
func (t *Turn) shows(f *Frame) bool {
	return slices.ContainsFunc(t.questions(), func(q Question) bool { return q.Show != nil && f.Answers.Has(q.Slot) })
}

// own is an option of the engine's; its words are among the engine's too.
func own(id string) Option { return Option{ID: id, Key: "label" + id} }

// wordsOf returns the catalogue that the option's words stand in.
func (t *Turn) wordsOf(o Option) *words.Catalogue {
	if strings.HasPrefix(o.ID, ".") && !strings.HasPrefix(o.ID, optSlot) {
		return t.book.words
	}
	return t.catalogue()
}

// label returns an option's words in a language.
func (t *Turn) label(o Option, lang words.Lang) string {
	if o.Label != "" {
		return o.Label
	}
	return t.wordsOf(o).Line(lang, o.Key, o.Args...)
}

// chosen finds the option that the text names by its words, in any language of
// the house (customers press old buttons in new languages) and on whichever page it
// stands, or by its number where the question takes nothing but choices.
func (t *Turn) chosen(f *Frame) (id string, ok bool) {
	p := t.page(f)
	typed := words.Normalise(t.Text)
	for _, o := range p.all() {
		if t.means(o, typed) {
			return o.ID, true
		}
	}
	if q := t.question(f.Asked); q == nil || q.Expect == chat.Nothing || f.Resumed || f.Listing {
		return t.numbered(f)
	}
	return "", false
}

// numbered finds the option whose number the text is: its place in the last message,
// from 1, which is what the customer counts, or what a channel without buttons puts
// before it. Where something else was said last it is that of the page.
func (t *Turn) numbered(f *Frame) (id string, ok bool) {
	n, err := strconv.Atoi(t.Text)
	if err != nil || n < 1 {
		return "", false
	}
	p := t.page(f)
	if !t.asked(f) {
		if shown := p.shown(); n <= len(shown) {
			return shown[n-1].ID, true
		}
		return "", false
	}
	if n > len(t.state.Offer) {
		return "", false
	}
	id, _ = strings.CutPrefix(t.state.Offer[n-1], answerToken(f, ""))
	return id, slices.ContainsFunc(p.all(), func(o Option) bool { return o.ID == id })
}

// means reports whether the normalised text is the option's label in any
// language or, for the engine's own ("да" for "Отправить"), another way to say
// it.
func (t *Turn) means(o Option, typed string) bool {
	if typed == "" {
		return false
	}
	if strings.HasPrefix(o.ID, ".") {
		phrases := "phrase." + strings.TrimPrefix(o.Key, "label.")
		if t.book.words.Has(phrases) && t.book.words.Matches(phrases, typed) {
			return true
		}
	}
	if o.Label != "" {
		return words.Normalise(o.Label) == typed
	}
	c := t.wordsOf(o)
	if len(o.Args) == 0 {
		return c.Has(o.Key) && c.Matches(o.Key, typed)
	}
	return slices.ContainsFunc(languages[:], func(lang words.Lang) bool {
		return words.Normalise(c.Line(lang, o.Key, o.Args...)) == typed
	})
}

// summarise says the answers, one a line, under the words "summary.ask".
func (t *Turn) summarise() {
	form := t.form()
	var args []words.Arg
	if form.Summary.Args != nil {
		args = form.Summary.Args(t)
	}
	said := t.Say("summary.ask", args...)
	list := t.questions()
	for i := range list {
		q := &list[i]
		if q.Show == nil || !t.Answers.Has(q.Slot) {
			continue
		}
		said.m.Blocks = append(said.m.Blocks, chat.Block{Kind: chat.Item, Holds: q.Holds, Spans: []chat.Span{
			{Text: t.Line(q.key()+".label", t.arguments(q)...) + ": "},
			{Text: q.Show(t), Bold: true},
		}})
	}
	if form.Summary.Notes != nil {
		said.Append(form.Summary.Notes(t)...)
	}
}

// tell says what has come about elsewhere, and asks the open question again
// below it.
func (t *Turn) tell(ctx context.Context) error {
	name, key, _ := strings.Cut(t.Event.Text, ".")
	s := t.book.scenarios[name]
	if s == nil || s.Told == nil && !s.Words.Has(key) {
		return fault.New(fault.Internal, "there are no words for "+t.Event.Text)
	}
	t.visit(s)
	if s.Told != nil {
		open := slices.Clone(t.state.Frames)
		if err := s.Told(ctx, t, key); err != nil {
			return err
		}
		if f := t.state.top(); len(t.said) == 0 || f != nil && !slices.Contains(open, f) { // the form that it has opened asks by itself
			return nil
		}
		return t.restate(ctx)
	}
	args := make([]words.Arg, 0, len(t.Event.Facts))
	for fact, value := range t.Event.Facts {
		args = append(args, words.A(fact, words.Fact(value)))
	}
	said := t.Say(key, append(args, t.Contacts()...)...)
	for i := range said.m.Blocks {
		said.m.Blocks[i].Holds |= t.Event.Holds
	}
	for _, command := range t.Event.Offers {
		name, argument, _ := strings.Cut(command, ":")
		said.Offer(t.Command(name, argument))
	}
	if len(t.Event.Offers) == 0 {
		said.Offer(t.Scenario(name))
	}
	said.Offer(t.Menu())
	return t.restate(ctx)
}
