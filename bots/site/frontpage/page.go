package frontpage

import (
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/dialogs/words"
)

// front is what the template fills in.
type front struct {
	Lang, Other words.Lang
	now         time.Time
}

func newFront(l words.Lang, now time.Time) front {
	other := words.EN
	if l == words.EN {
		other = words.RU
	}
	return front{l, other, now}
}

// Say is a line of the catalogue.
func (p front) Say(key string) string { return Words.Line(p.Lang, key) }

// Days of the month by which readings are taken (spec §5.1) and a bill is paid
// (177-ФЗ of 24.06.2025, since 1 March 2026).
const (
	lastReading = 25
	lastPayment = 15
)

// upTo is the next such day of a month, today included.
func (p front) upTo(day int) time.Time {
	at := time.Date(p.now.Year(), p.now.Month(), day, 0, 0, 0, 0, p.now.Location())
	if p.now.Day() > day {
		at = at.AddDate(0, 1, 0)
	}
	return at
}

// Window says of which month readings are taken now.
func (p front) Window() string {
	return Words.Line(p.Lang, "window.label", words.A("month", words.Month(p.upTo(lastReading))))
}

// Last is the day until which they are.
func (p front) Last() (last struct{ Day, Month string }) {
	last.Day, last.Month, _ = strings.Cut(p.date(p.upTo(lastReading)), " ")
	return last
}

// Due says which bill is to be paid, and until when.
func (p front) Due() string {
	day := p.upTo(lastPayment)
	return Words.Line(p.Lang, "payment.due", words.A("month", words.Month(day.AddDate(0, -1, 0))), words.A("day", day))
}

func (p front) date(at time.Time) string { return Words.Line(p.Lang, "date", words.A("day", at)) }

// tariff is a row of the table: rubles for a kWh with VAT, for the first range
// of consumption (spec §5.4, from 1 October 2026).
type tariff struct{ Name, Single, Day, Night string }

// Tariffs is the table.
func (p front) Tariffs() []tariff {
	return []tariff{
		{p.Say("tariffs.gas"), p.rubles("6,19"), p.rubles("6,81"), p.rubles("3,71")},
		{p.Say("tariffs.electric"), p.rubles("5,57"), p.rubles("6,13"), p.rubles("3,34")},
		{p.Say("tariffs.village"), p.rubles("4,64"), p.rubles("5,10"), p.rubles("2,78")},
	}
}

// rubles writes a number as the language does.
func (p front) rubles(number string) string {
	if p.Lang == words.EN {
		return number[:1] + "." + number[2:]
	}
	return number
}

// office is a place to come to (spec §5.2).
type office struct {
	Town, Address, Hours string
	// Note is what the customer must know before he goes; "" is nothing.
	Note string
}

// Offices is where customers are received.
func (p front) Offices() []office {
	var all []office
	for _, name := range []string{"central", "river", "north", "south", "east", "west", "lake", "mountain", "business"} {
		o := office{Town: p.Say("office." + name + ".town"), Address: p.Say("office." + name + ".address"), Hours: p.Say("office." + name + ".hours")}
		if key := "office." + name + ".note"; Words.Has(key) {
			o.Note = p.Say(key)
		}
		all = append(all, o)
	}
	return all
}

// item is a piece of news (spec §5.5), a service or a way to pay.
type item struct{ Name, Text, Title, Note string }

func (p front) items(list string, names ...string) []item {
	var all []item
	for _, name := range names {
		i := item{Name: name, Title: p.Say(list + "." + name + ".title")}
		if key := list + "." + name + ".text"; Words.Has(key) {
			i.Text = p.Say(key)
		}
		if key := list + "." + name + ".note"; Words.Has(key) {
			i.Note = p.Say(key)
		}
		all = append(all, i)
	}
	return all
}

// published are the news and their days, the newest first.
var published = []struct {
	name string
	on   calendar.Date
}{
	{"holidays", calendar.Date{Year: 2026, Month: time.November, Day: 23}},
	{"office", calendar.Date{Year: 2026, Month: time.November, Day: 20}},
	{"outage", calendar.Date{Year: 2026, Month: time.November, Day: 18}},
	{"fraud", calendar.Date{Year: 2026, Month: time.November, Day: 12}},
	{"survey", calendar.Date{Year: 2026, Month: time.November, Day: 2}},
	{"tariffs", calendar.Date{Year: 2026, Month: time.October, Day: 1}},
}

// News is what has been published by today; Note is the date.
func (p front) News() []item {
	var all []item
	for _, one := range published {
		on := one.on.At(0, p.now.Location())
		if on.After(p.now) {
			continue
		}
		for _, i := range p.items("news", one.name) {
			i.Note = p.date(on)
			all = append(all, i)
		}
	}
	return all
}

// Services lead into the chat: Text is what the customer would write there.
func (p front) Services() []item {
	return p.items("service", "readings", "bill", "meter", "power")
}

// Payments are the ways to pay; Note is the commission.
func (p front) Payments() []item {
	return p.items("pay", "site", "sbp", "bank", "desk", "terminal", "post")
}
