// Package cases says what scenarios, letters and the console say of registered
// cases: their states and events, until when and why, why here, and why not.
package cases

import (
	"embed"
	"errors"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// Named returns the arguments that name a case in a sentence by its kind's own word:
// {number} alone; {nom}, {gen}, {dat}, {acc} and {ins} with that word in a case of
// Russian grammar, «заявку ЗВ-2026-000123»; {it}, the accusative without the number.
func Named(lang words.Lang, n appeal.Number) []words.Arg {
	kind := n.Kind
	if n.IsZero() {
		kind = appeal.Question
	}
	word := func(form string) string { return catalogue.Line(lang, "named."+string(kind)+"."+form) }
	args := []words.Arg{words.A("number", n.String()), words.A("it", word("acc"))}
	for _, form := range []string{"nom", "gen", "dat", "acc", "ins"} {
		args = append(args, words.A(form, word(form)+" "+n.String()))
	}
	return args
}

// State names a state: «В работе».
func State(lang words.Lang, s life.State) string { return catalogue.Line(lang, "state."+string(s)) }

// Resolution names how a case has ended.
func Resolution(lang words.Lang, r life.Resolution) string {
	return catalogue.Line(lang, "resolution."+string(r))
}

// Event names what has happened, as a line of a timeline does.
func Event(lang words.Lang, e life.Event) string { return catalogue.Line(lang, "event."+string(e)) }

// Published names a step of a publication, as a line of a timeline does.
func Published(lang words.Lang, s life.Step) string {
	return catalogue.Line(lang, "publication."+string(s))
}

// Work names what is to be done.
func Work(lang words.Lang, w life.Work) string { return catalogue.Line(lang, "work."+string(w)) }

// Clock names what is waited for.
func Clock(lang words.Lang, c term.Clock) string { return catalogue.Line(lang, "clock."+string(c)) }

// Detail names something that belongs to an event; "yes" says that it is so.
func Detail(lang words.Lang, name string) string { return catalogue.Line(lang, "detail."+name) }

// MoneyBack says what has become of money that was to go back: when the bank gave it
// back; zero: it has not said so yet.
func MoneyBack(lang words.Lang, at time.Time) string {
	if at.IsZero() {
		return catalogue.Line(lang, "money.asked")
	}
	return catalogue.Line(lang, "money.back", words.A("at", words.Moment(at)))
}

// Lost says which file of a case could not be taken, and why: «акт.pdf (файл пустой или повреждён)».
func Lost(lang words.Lang, f life.Lost) string {
	return catalogue.Line(lang, "lost."+string(f.Why), words.A("name", FileName(lang, f.Name.Reveal())))
}

// FileName is what people call a file: one without a name is a photo.
func FileName(lang words.Lang, name string) string {
	if name == "" {
		return catalogue.Line(lang, "lost.photo")
	}
	return name
}

// Undelivered says why something has not reached a customer, by the key of it: that of
// a channel (turn.Report.Why), or a kind of fault.
func Undelivered(lang words.Lang, why string) string {
	key := "refused"
	switch why {
	case "blocked", "deactivated":
		key = why
	case "chat not found", "forbidden", fault.NotFound.String():
		key = "unreachable"
	}
	return catalogue.Line(lang, "undelivered."+key)
}

// Body stands in a Frame where who answers writes.
const Body = "{body}"

// Frame is how an answer to a case begins and ends, with Body between: that of
// life.Answer, Typical or OffTopic. Paragraphs have a blank line between them. It
// has no signature: paper brings its own, and a chat shows who writes.
func Frame(lang words.Lang, e life.Event, number string) string {
	blocks := catalogue.Say(lang, "frame."+string(e), words.A("number", number), words.A("body", Body),
		words.A("refusal", NotOurs(lang)))
	lines := make([]string, len(blocks))
	for i, b := range blocks {
		lines[i] = chat.Message{Blocks: []chat.Block{b}}.Plain()
	}
	return strings.Join(lines, "\n\n")
}

// NotOurs is the sentence without which no letter closes a case as off-topic: that
// nothing of substance can be said (R-5.2.6-b).
func NotOurs(lang words.Lang) string { return catalogue.Line(lang, "not_ours") }

// TurnTo is the line of a letter that sends somebody to who can help him
// (R-5.2.6-b).
func TurnTo(lang words.Lang, who, where string) string {
	return catalogue.Line(lang, "turn_to", words.A("who", who), words.A("where", where))
}

// Months names a month or several, canonical as [appeal.Months] has them; what is
// none it returns as it is.
func Months(lang words.Lang, value string) string {
	first, last, several := strings.Cut(value, "/")
	said := month(lang, first)
	if several {
		said += " – " + month(lang, last)
	}
	return said
}

func month(lang words.Lang, value string) string {
	at, err := time.Parse("2006-01", value)
	if err != nil {
		return value
	}
	return words.Show(lang, words.Month(at))
}

// Term says a length of time: «3 календарных дня».
func Term(lang words.Lang, t calendar.Term) string {
	return catalogue.Line(lang, "term."+string(t.Unit), words.A("n", t.N))
}

// Why says how a deadline was found, a line for each step.
func Why(lang words.Lang, d term.Deadline) []chat.Block {
	var said []chat.Block
	for _, r := range d.Why {
		length := ""
		if !r.Term.IsZero() {
			length = Term(lang, r.Term)
		}
		said = append(said, catalogue.Say(lang, "why."+string(r.Step), words.A("term", length), words.A("from", day(r.From)),
			words.A("to", day(r.To)), words.A("law", r.Law[string(lang)]))...)
	}
	return said
}

// day is a date, for showing it.
func day(d calendar.Date) time.Time { return d.At(0, time.UTC) }

// Came says why a case came to its queue, a line for each step. place names a
// territory.
func Came(lang words.Lang, r route.Route, b *route.Book, place func(code string) string) []chat.Block {
	var said []chat.Block
	for _, s := range r.Why {
		queue, _ := b.Queue(s.Queue)
		key := "came." + string(s.Why)
		if s.Why == route.Located {
			key += "." + string(s.Origin)
		}
		territory := ""
		if s.Territory != "" {
			territory = place(s.Territory)
		}
		said = append(said, catalogue.Say(lang, key, words.A("territory", territory), words.A("queue", queue.Names[string(lang)]),
			words.A("function", b.Function(s.Function).Names[string(lang)]))...)
	}
	return said
}

// Refused says why an event, an answer or a number was not taken, and what to
// do. ok is false for an error that is none of theirs.
func Refused(lang words.Lang, err error) (said string, ok bool) {
	var no *noDayError
	if errors.As(err, &no) {
		key := "no_day.month"
		if no.Year != 0 {
			key = "no_day.leap"
		}
		return catalogue.Line(lang, key, words.A("month", no.In(lang)), words.A("n", no.Days), words.A("year", strconv.Itoa(no.Year))), true
	}
	var e *fault.Error
	if !errors.As(err, &e) || !catalogue.Has("refused."+e.Key) {
		return "", false
	}
	return catalogue.Line(lang, "refused."+e.Key), true
}

// RefusedInEach is Refused in every language, for a page whose reader chooses his
// own; nil for an error that is none of theirs.
func RefusedInEach(err error) map[string]string {
	if _, ok := Refused(words.RU, err); !ok {
		return nil
	}
	return words.InEach(func(l words.Lang) string {
		said, _ := Refused(l, err)
		return said
	})
}
