package dialog

import (
	"context"
	"strconv"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

// ask says the open question of the form: in other words the second time, with
// help the third.
func (t *Turn) ask(ctx context.Context, f *Frame) error {
	t.enter(f)
	switch {
	case f.Resumed:
		t.house("draft")
	case f.Listing:
		t.house("change.which")
	case f.Asked == "":
		t.summarise()
	default:
		q := t.form().question(f.Asked)
		t.Say(t.wording(q, f.Misses), t.arguments(q)...)
	}
	return t.offer(ctx, f)
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

// offer puts the open question's choices under the last message.
func (t *Turn) offer(_ context.Context, f *Frame) error {
	t.enter(f)
	m := &t.said[len(t.said)-1]
	m.Choices = m.Choices[:0:0]
	for _, o := range t.options(f) {
		m.Choices = append(m.Choices, chat.Choice{Token: answerToken(f, o.ID), Label: t.label(o, t.lang)})
	}
	if q := t.form().question(f.Asked); q != nil && !f.Resumed && !f.Listing {
		m.Expect = q.Expect
	}
	return nil
}

// options lists everything that can be chosen at the open question.
func (t *Turn) options(f *Frame) []Option {
	form := t.form()
	var out []Option
	switch {
	case f.Resumed:
		return []Option{{ID: optContinue, Key: "label.continue"}, {ID: optAnew, Key: "label.anew"}, {ID: optCancel, Key: "label.cancel"}}
	case f.Listing:
		for i := range form.Questions {
			q := &form.Questions[i]
			if q.Show != nil && f.Answers.Has(q.Slot) {
				out = append(out, Option{ID: "change." + q.Slot, Label: t.Line(q.key()+".label", t.arguments(q)...)})
			}
		}
		return append(out, Option{ID: optBack, Key: "label.back"})
	case f.Asked == "":
		return []Option{{ID: optSend, Key: "label.send"}, {ID: optChange, Key: "label.change"}, {ID: optCancel, Key: "label.cancel"}}
	}
	if q := form.question(f.Asked); q.Options != nil {
		for _, o := range q.Options(t) {
			if o.Label == "" {
				o.Label = t.Line(o.Key, o.Args...)
			}
			out = append(out, o)
		}
	}
	if len(f.Trail) > 0 || f.Changing {
		out = append(out, Option{ID: optBack, Key: "label.back"})
	}
	return append(out, Option{ID: optCancel, Key: "label.cancel"})
}

// label returns an option's words in a language.
func (t *Turn) label(o Option, lang words.Lang) string {
	if o.Label != "" {
		return o.Label
	}
	return t.book.words.Line(lang, o.Key, o.Args...)
}

// chosen finds the option that the text names by its number or its words, in
// any language of the house: customers press old buttons in new languages.
func (t *Turn) chosen(f *Frame) (id string, ok bool) {
	options := t.options(f)
	if q := t.form().question(f.Asked); q == nil || q.Expect == chat.Nothing || f.Resumed || f.Listing {
		if n, err := strconv.Atoi(t.Text); err == nil && n >= 1 && n <= len(options) {
			return options[n-1].ID, true
		}
	}
	typed := words.Normalise(t.Text)
	if typed == "" {
		return "", false
	}
	mine := t.lang
	defer func() { t.lang = mine }()
	for _, lang := range languages {
		t.lang = lang
		for _, o := range t.options(f) {
			if words.Normalise(t.label(o, lang)) == typed || t.phrase(o, lang, typed) {
				return o.ID, true
			}
		}
	}
	return "", false
}

// phrase reports whether the text is one of the other ways to say an option
// of the engine's own ("да" for "Отправить").
func (t *Turn) phrase(o Option, lang words.Lang, typed string) bool {
	key := "phrase." + o.ID
	if !t.book.words.Has(key) {
		return false
	}
	for _, p := range t.book.words.Phrases(lang, key) {
		if words.Normalise(p) == typed {
			return true
		}
	}
	return false
}

// summarise says the answers, one a line, under the words "summary.ask".
func (t *Turn) summarise() {
	form := t.form()
	var args []words.Arg
	if form.Summary.Args != nil {
		args = form.Summary.Args(t)
	}
	said := t.Say("summary.ask", args...)
	for i := range form.Questions {
		q := &form.Questions[i]
		if q.Show == nil || !t.Answers.Has(q.Slot) {
			continue
		}
		said.m.Blocks = append(said.m.Blocks, chat.Block{Kind: chat.Item, Spans: []chat.Span{
			{Text: t.Line(q.key()+".label", t.arguments(q)...) + ": "},
			{Text: q.Show(t), Bold: true},
		}})
	}
	if form.Summary.Notes != nil {
		said.Append(form.Summary.Notes(t)...)
	}
}
