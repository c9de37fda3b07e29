package dialog

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

const (
	// pageRows is how many choices stand under one message. Eight of two lines each,
	// with the way to the next page and «Отмена», fill the screen of a telephone of
	// 360 by 640 px in the widget, and of 360 by 740 in Telegram.
	pageRows = 8
	// rowDense is how many dense choices take the room of another one: at 360 px a
	// row of the widget holds three times of a day, one in Telegram three days or
	// four times.
	rowDense = 3
	// MostButtons is the most buttons of a page of a form's choices, dense ones not
	// counted: one more than a page where nothing follows it, the ways to the others,
	// two choices that stand apart, «Назад» and «Отмена».
	MostButtons = pageRows + 6
)

// span is the part of a list that a page shows: which page it is, from 1, and of how
// many.
type span struct{ from, to, number, of int }

// page is what stands under one message of all that can be chosen.
type page struct {
	span
	list  []Option // what is chosen among, on all pages
	apart []Option // what stands on every page
}

// page returns the open question's choices as the customer sees them.
func (t *Turn) page(f *Frame) page {
	p := page{}
	p.list, p.apart = t.choices(f)
	p.span = cut(len(p.list), func(i int) bool { return p.list[i].Dense }, f.Page)
	return p
}

// shown are the choices under the message, in the order of their numbers.
func (p *page) shown() []Option { return p.with(p.list[p.from:p.to]) }

// all are the choices of every page, with the ways from the one that is shown.
func (p *page) all() []Option { return p.with(p.list) }

func (p *page) with(list []Option) []Option {
	out := make([]Option, 0, len(list)+2+len(p.apart))
	out = append(out, list...)
	for _, w := range p.ways() {
		out = append(out, Option{ID: optPage + strconv.Itoa(w.to), Key: w.key})
	}
	return append(out, p.apart...)
}

// divide takes what stands apart out of a list.
func divide(options []Option) (list, apart []Option) {
	apart = make([]Option, 0, 3) // one of the question's, mostly, and two of the form's
	for i := range options {
		if options[i].Apart {
			apart = append(apart, options[i])
		}
	}
	if len(apart) == 0 {
		return options, apart
	}
	return slices.DeleteFunc(slices.Clone(options), func(o Option) bool { return o.Apart }), apart
}

// way leads to another page.
type way struct {
	key string // of its label
	to  int
}

// ways lead from a page to the next, and back to the first.
func (s span) ways() []way {
	var out []way
	if s.number < s.of {
		out = append(out, way{"label.more", s.number + 1})
	}
	if s.number > 1 {
		out = append(out, way{"label.first", 1})
	}
	return out
}

// cut finds the part of a list of n that a page shows: the last page if there are
// fewer, for a list may have become shorter, and tokens can be made up. What «Ещё»
// would take the place of is shown instead of it.
func cut(n int, dense func(i int) bool, want int) (shown span) {
	weight := func(i int) int {
		if dense(i) {
			return 1
		}
		return rowDense
	}
	rest := 0
	for i := range n {
		rest += weight(i)
	}
	from, room := 0, pageRows*rowDense
	end := func(to int) {
		if shown.of++; shown.of <= max(want, 1) {
			shown.from, shown.to, shown.number = from, to, shown.of
		}
		from, room = to, pageRows*rowDense
	}
	for i := range n {
		if weight(i) > room && rest > rowDense {
			end(i)
		}
		room -= weight(i)
		rest -= weight(i)
	}
	end(n)
	return shown
}

// turnTo shows another page of the open question's choices. It answers nothing: the
// choices of every page hold on, and nothing was misunderstood.
func (t *Turn) turnTo(ctx context.Context, f *Frame, want string) (bool, error) {
	n, err := strconv.Atoi(want)
	if err != nil {
		return t.stale(ctx)
	}
	before := t.page(f).number
	f.Page = n
	f.Page = t.page(f).number
	if t.Event.Kind == Press && f.Page == before && t.asked(f) { // pressed twice, or a button above the page
		t.toast = t.book.words.Line(t.lang, "page.shown")
		return false, nil
	}
	f.Misses = 0
	if err := t.ask(ctx, f); err != nil {
		return true, err
	}
	t.said[len(t.said)-1].Prompt = true
	return true, nil
}

// explain says under the question what the buttons of a page are too short for, and
// which page it is.
func (t *Turn) explain(f *Frame, p *page) {
	said := Said{t.said[len(t.said)-1]}
	for i := p.from; i < p.to && f.Misses == 0; i++ {
		if o := &p.list[i]; o.Line != "" {
			said.Append(t.Blocks(o.Line, o.Args...)...)
		}
	}
	t.count(said, p.span)
}

// count says which page is shown, if there are several.
func (t *Turn) count(said Said, s span) {
	if s.of > 1 {
		said.Append(t.book.words.Say(t.lang, "page.number", words.A("page", s.number), words.A("pages", s.of))...)
	}
}

// List offers choices under what a command says, a page of them, as forms do with
// theirs. Unlike those its ways to other pages work at any time: each is the command
// again, with what the list is of and the number of the page for its argument,
// "bill.2", or "2" where there is one list.
func (t *Turn) List(said Said, choices []chat.Choice, command, of, number string) {
	want, _ := strconv.Atoi(number)
	shown := cut(len(choices), func(i int) bool { return choices[i].Dense }, want)
	said.Offer(choices[shown.from:shown.to]...)
	for _, w := range shown.ways() {
		c := t.Command(command, strings.TrimPrefix(of+"."+strconv.Itoa(w.to), "."))
		c.Label, c.Wide = t.book.words.Line(t.lang, w.key), true
		said.Offer(c)
	}
	t.count(said, shown)
}

// Numbered returns the question's own choice whose number is the text, as the
// customer counts those that he sees; "" if there is none. It is for a question that
// reads numbers, and has no answers so small.
func (t *Turn) Numbered() string {
	id, ok := t.numbered(t.frame)
	if !ok || strings.HasPrefix(id, ".") {
		return ""
	}
	return id
}
