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

// longest is the longest text that is read, in UTF-16 units: Telegram's own
// limit (core.telegram.org/bots/api#message), which keeps answers small on
// every channel.
const longest = 4096

// hear reads a text, in the order of understanding: words that work
// everywhere, the question at work, what opens a scenario, an answer to a
// question of the customer's, and at last asking again.
func (t *Turn) hear(ctx context.Context) error {
	f := t.state.top()
	if t.Text == "" {
		return t.misunderstand(ctx, f)
	}
	if t.warned() && f == nil {
		return nil
	}
	if chat.Units(t.Text) > longest {
		t.house("text.long")
		return t.restate(ctx)
	}
	meaning, arg, everywhere := t.everywhere()
	if f == nil || f.Doing != nil || t.moved != f && !t.asked(f) { // what stands last is a list
		if token, ok := t.listed(meaning); ok {
			_, err := t.press(ctx, token)
			return err
		}
	}
	if everywhere && !t.offers(f, meaning) {
		return t.obey(ctx, meaning, arg)
	}
	if f != nil && f.Doing == nil {
		taken, err := t.answer(ctx, f)
		if taken || err != nil {
			return err
		}
		if t.prose(f) || t.misnumbered(f) {
			return t.misunderstand(ctx, f)
		}
	}
	if s := t.begun(); s != nil {
		return t.open(ctx, s)
	}
	for _, s := range t.book.list {
		if s.Hears != nil && (f == nil || f.Scenario != s.Name) && s.Hears(t.Text) {
			return t.open(ctx, s)
		}
	}
	for _, s := range t.book.list {
		if said, err := t.replied(ctx, s); said || err != nil {
			return err
		}
	}
	return t.misunderstand(ctx, f)
}

// warned reports whether a scenario has warned the customer.
func (t *Turn) warned() bool {
	for _, s := range t.book.list {
		if s.Warns == nil {
			continue
		}
		t.visit(s)
		if s.Warns(t) {
			return true
		}
	}
	return false
}

// replied lets a scenario answer the text, repeats the open question once below it,
// and reports whether there was an answer.
func (t *Turn) replied(ctx context.Context, s *Scenario) (bool, error) {
	if s.Answers == nil {
		return false, nil
	}
	t.visit(s)
	said, err := s.Answers(ctx, t)
	if said && err == nil && !t.led {
		t.tellDraft()
		err = t.restate(ctx)
	}
	return said, err
}

// everywhere finds a word that works everywhere: it must be the whole message.
func (t *Turn) everywhere() (meaning, arg string, ok bool) {
	if slash, found := strings.CutPrefix(t.Text, "/"); found {
		name, rest, _ := strings.Cut(slash, " ")
		name, _, _ = strings.Cut(name, "@") // groups address a bot by name
		meaning, ok = t.book.slashes[strings.ToLower(name)]
		return meaning, strings.TrimSpace(rest), ok
	}
	meaning, ok = t.book.phrases[words.Normalise(t.Text)]
	return meaning, "", ok
}

// offers reports whether the text, which asks for a scenario or a command, is
// also a choice of the open question: what is offered right now is meant first.
// The engine's own words stand above that.
func (t *Turn) offers(f *Frame, meaning string) bool {
	if f == nil || f.Doing != nil || !strings.HasPrefix(meaning, "c:") || strings.HasPrefix(t.Text, "/") {
		return false
	}
	t.enter(f)
	typed := words.Normalise(t.Text)
	return slices.ContainsFunc(t.options(f), func(o Option) bool { return t.means(o, typed) })
}

// obey carries out a word that works everywhere.
func (t *Turn) obey(ctx context.Context, meaning, arg string) error {
	switch meaning {
	case wordBack:
		return t.back(ctx)
	case wordCancel:
		return t.cancel(ctx)
	case wordMenu:
		if ok, err := t.follow(ctx, arg); ok || err != nil {
			return err
		}
		return t.showMenu(ctx)
	case wordOperator:
		return t.human(ctx)
	case wordResume:
		return t.resumed(ctx)
	}
	_, name, own, _ := readToken(meaning)
	if own == "" {
		own = arg
	}
	return t.command(ctx, name, own)
}

// Open does what a name stands for that somebody else understood in the
// customer's text: it opens a scenario, gives a command ("<scenario>.<name>",
// with its argument after a colon) or obeys a word that works everywhere
// ("menu", "back", "cancel", "operator"). The text stays this turn's, so that
// values said with it are taken. Whoever asks for the form at work is asked its
// question again, as after any text that is no answer. A name that the house
// has not is an error.
func (t *Turn) Open(ctx context.Context, name string) error {
	t.led = true
	name, arg, _ := strings.Cut(name, ":")
	if f := t.state.top(); f != nil && f.Scenario == name {
		return t.misunderstand(ctx, f)
	}
	switch name {
	case wordBack, wordCancel, wordMenu, wordOperator, wordResume:
		return t.obey(ctx, name, "")
	}
	if _, c := t.book.command(name); c == nil && t.book.scenarios[name] == nil {
		return fault.New(fault.Internal, "nothing is called "+name)
	}
	return t.command(ctx, name, arg)
}

// command opens a scenario or gives one of its commands.
func (t *Turn) command(ctx context.Context, name, arg string) error {
	switch name {
	case wordMenu, wordResume:
		return t.obey(ctx, name, "")
	}
	if s := t.book.scenarios[name]; s != nil {
		return t.open(ctx, s)
	}
	s, c := t.book.command(name)
	if c == nil { // a button of a scenario that the house no longer has
		return t.showMenu(ctx)
	}
	t.visit(s)
	t.Picked, t.argument = arg, arg
	if err := c.Do(ctx, t); err != nil || c.Leaves {
		return err
	}
	return t.restate(ctx)
}

// listed finds the choice of the last message that the text is the number or
// the words of. What is offered right now is meant before what the words open at
// any other time, but for the engine's own.
func (t *Turn) listed(meaning string) (token string, ok bool) {
	if n, err := strconv.Atoi(t.Text); err == nil && n >= 1 && n <= len(t.state.Offer) {
		return t.state.Offer[n-1], true
	}
	if len(t.state.Labels) == 0 || strings.HasPrefix(t.Text, "/") || meaning != "" && !strings.HasPrefix(meaning, "c:") {
		return "", false
	}
	typed := words.Normalise(t.Text)
	if typed == "" {
		return "", false
	}
	i := slices.Index(t.state.Labels, fingerprint(typed))
	if i < 0 || i >= len(t.state.Offer) {
		return "", false
	}
	return t.state.Offer[i], true
}

// press reads a pressed choice.
func (t *Turn) press(ctx context.Context, token string) (bool, error) {
	kind, name, arg, ok := readToken(token)
	switch {
	case ok && kind == 'c':
		return true, t.command(ctx, name, arg)
	case ok && kind == 'a':
		form, turns, _ := strings.Cut(name, ".")
		f := t.opened(form)
		if f == nil {
			return t.aside(ctx, form, turns, arg)
		}
		if f.Doing != nil {
			return t.sending()
		}
		if strconv.FormatInt(int64(f.Turns), 36) == turns {
			t.raise(f)
			return t.pressed(ctx, f, arg)
		}
	case ok && kind == 'x':
		if f := t.opened(name); f != nil {
			if f.Doing != nil {
				return t.sending()
			}
			t.raise(f)
			return true, t.change(ctx, f, arg)
		}
	}
	return t.stale(ctx)
}

// aside takes a press of a button of a form that is not open: one that was set
// aside is taken up again, where it was.
func (t *Turn) aside(ctx context.Context, form, turns, arg string) (bool, error) {
	for _, d := range t.state.Drafts {
		if d.Form == 0 || strconv.FormatInt(d.Form, 36) != form || !t.lives(d) {
			continue
		}
		f := t.takeUp(d)
		switch {
		case f == nil:
			return t.sending()
		case t.moved != f && strconv.FormatInt(int64(f.Turns), 36) == turns:
			return t.pressed(ctx, f, arg)
		}
		return true, t.restate(ctx)
	}
	return t.expired(ctx, "stale.over")
}

// opened finds the open form of that name.
func (t *Turn) opened(form string) *Frame {
	for _, f := range t.state.Frames {
		if strconv.FormatInt(f.Form, 36) == form {
			return f
		}
	}
	return nil
}

// raise puts a form on top: whoever presses its button wants to go on with it.
func (t *Turn) raise(f *Frame) {
	t.state.drop(f)
	t.state.Frames = append(t.state.Frames, f)
}

// resumed goes on with the open form; if it has ended meanwhile, there is the
// menu.
func (t *Turn) resumed(ctx context.Context) error {
	f := t.state.top()
	if d := t.draft(); f == nil && d != nil {
		f = t.takeUp(d)
	}
	switch {
	case f == nil:
		return t.showMenu(ctx)
	case f.Doing != nil:
		_, err := t.sending()
		return err
	}
	return t.restate(ctx)
}

// stale answers a press of a button whose question has been answered.
func (t *Turn) stale(ctx context.Context) (bool, error) { return t.expired(ctx, "stale.answered") }

// expired says why a button means nothing any more. The open question is repeated
// only if it is not the last message already.
func (t *Turn) expired(ctx context.Context, why string) (bool, error) {
	f := t.state.top()
	if t.Event.Kind != Press { // a number: nobody would see a toast
		return true, t.misunderstand(ctx, f)
	}
	t.toast = t.book.words.Line(t.lang, why)
	if f == nil || f.Doing != nil || t.asked(f) {
		return false, nil
	}
	return true, t.restate(ctx)
}

// asked reports whether the last message is the form's open question.
func (t *Turn) asked(f *Frame) bool {
	if len(t.state.Offer) == 0 {
		return false
	}
	mine := strings.TrimSuffix(answerToken(f, ""), ":")
	for _, token := range t.state.Offer {
		if strings.HasPrefix(token, mine) {
			return true
		}
	}
	return false
}

// human shows the way to a person.
func (t *Turn) human(ctx context.Context) error {
	if s := t.book.scenarios[wordOperator]; s != nil {
		return t.open(ctx, s)
	}
	t.visit(nil)
	t.house("human").Offer(t.Resume(), t.Menu())
	return nil
}

// misunderstand asks again, differently the second time, and then shows the
// way to a person.
func (t *Turn) misunderstand(ctx context.Context, f *Frame) error {
	t.missed = true
	if f == nil && t.state.waiting() {
		t.kept()
		return nil
	}
	if f == nil {
		t.state.Misses++
		if t.state.Misses > 2 {
			t.house("human.stuck").Offer(t.Scenario(wordOperator), t.Menu())
			return nil
		}
		t.house("unclear." + strconv.Itoa(t.state.Misses))
		err := t.withMenu(ctx)
		t.tellDraft()
		return err
	}
	if f.Doing != nil {
		_, err := t.sending()
		return err
	}
	t.miss(f)
	if t.unread.key != "" && f == t.state.top() && !t.state.held() {
		t.enter(f)
		return t.object(ctx, f, t.unread)
	}
	return t.ask(ctx, f)
}

// miss counts a text that the open question could not take; from the third in a row
// on the way to a person is shown.
func (t *Turn) miss(f *Frame) {
	f.Misses++
	if f.Misses > 2 {
		t.house("human.stuck").Offer(t.Scenario(wordOperator))
	}
}

// arrive goes on with what the customer has come with from another channel, or from
// a page. A form of an earlier arrival gives way to it.
func (t *Turn) arrive(ctx context.Context) error {
	if ok, err := t.follow(ctx, t.Event.Text); ok || err != nil {
		return err
	}
	t.inWords = t.book.words.Line(t.lang, "arrive")
	s := t.book.scenarios[wordCarry]
	if s == nil || t.Event.Text != "" { // a link to what the house no longer has
		return t.showMenu(ctx)
	}
	t.visit(s)
	return t.Begin(ctx, "")
}

func (t *Turn) showMenu(ctx context.Context) error {
	menu := t.book.scenarios[wordMenu]
	if menu == nil {
		t.house("human").Offer(t.Resume())
		return nil
	}
	return t.open(ctx, menu)
}
