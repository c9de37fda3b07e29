package frontpage

import (
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
	"okoshko/dialogs/words/times"
)

// front is what the template fills in: what the data say on the reader's day.
type front struct {
	Lang, Other words.Lang
	now         time.Time
	facts       *Facts
}

func newFront(l words.Lang, now time.Time, facts *Facts) front {
	other := words.EN
	if l == words.EN {
		other = words.RU
	}
	return front{l, other, now, facts}
}

// Say is a line of the catalogue.
func (p front) Say(key string) string { return Words.Line(p.Lang, key) }

// in chooses the text of the reader's language.
func (p front) in(texts map[string]string) string { return texts[string(p.Lang)] }

func (p front) today() calendar.Date { return calendar.DateOf(p.now, p.now.Location()) }

// Days of the month by which readings are taken (spec §5.1) and a bill is paid
// (177-ФЗ of 24.06.2025, since 1 March 2026).
const (
	lastReading = billing.LastDay
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

// Hero asks for readings, with the day until which they are taken.
func (p front) Hero() string {
	return Words.Line(p.Lang, "hero.title", words.A("day", lastReading))
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

// price is a row of the table: what a kWh costs, with VAT, for the first range of
// consumption.
type price struct{ Name, Single, Day, Night string }

// Prices is the table, nil if there are none today.
func (p front) Prices() []price {
	var all []price
	for _, g := range tariff.Groups() {
		v, err := p.facts.Prices.On(g, p.today())
		if err != nil {
			continue
		}
		cost := func(z billing.Zone) string {
			return Words.Line(p.Lang, "tariffs.price", words.A("price", rates.Price(v.Quote(1, z).Price)))
		}
		all = append(all, price{rates.Group(p.Lang, g), cost(billing.ZoneSingle), cost(billing.ZoneDay), cost(billing.ZoneNight)})
	}
	return all
}

// Since says from when on the prices hold and for whom, Act by which decree.
func (p front) Since() string { return p.told("tariffs.since", "tariff_from", "range_one") }
func (p front) Act() string   { return p.told("tariffs.act", "tariff_act", "night_hours") }

// told fills a line with figures.
func (p front) told(key string, names ...string) string {
	args, _ := p.facts.Figures.Args(names, p.now, knowledge.Reader{Lang: string(p.Lang)})
	return Words.Line(p.Lang, key, args...)
}

// office is a place to come to.
type office struct {
	Town, Address, Hours string
	// Note is what the customer must know before he goes; "" is nothing.
	Note string
}

// noticed is for how many days ahead a closure is told on the card.
const noticed = 30

// Offices is where customers are received.
func (p front) Offices() []office {
	var all []office
	for _, o := range p.facts.Offices.Offices("", "") {
		all = append(all, office{
			Town: p.in(o.Names), Address: p.in(o.Addresses), Hours: times.Week(p.Lang, o.Week), Note: p.note(o),
		})
	}
	return all
}

// note says for whom an office is, or when it is closed soon for a reason of its
// own.
func (p front) note(o *visit.Office) string {
	for _, c := range o.Changes(p.facts.Days, p.today(), noticed) {
		if c.Why == calendar.Excepted && len(c.Spans) == 0 {
			return Words.Line(p.Lang, "offices.closed", words.A("days", times.Days(p.Lang, c.First, c.Last)))
		}
	}
	if o.Audience == knowledge.Companies {
		return p.Say("offices.business")
	}
	return ""
}

// item is a piece of news, a service or a way to pay.
type item struct{ Title, Text, Note string }

// mostNews is how many pieces of news are shown.
const mostNews = 6

// News is what is published today, the newest first; Note is the date.
func (p front) News() []item {
	var all []item
	for _, n := range p.facts.Directory.News(p.today(), "") {
		if len(all) == mostNews {
			break
		}
		all = append(all, item{Title: p.in(n.Titles), Text: p.in(n.Texts), Note: p.date(n.From.At(0, p.now.Location()))})
	}
	return all
}

// Services lead into the chat: Text is what the customer would write there.
func (p front) Services() []item {
	var all []item
	for _, name := range []string{"readings", "bill", "meter", "power"} {
		say := func(part string) string { return p.Say("service." + name + "." + part) }
		all = append(all, item{say("title"), say("text"), say("note")})
	}
	return all
}

// Payments are the ways to pay; Note is the commission.
func (p front) Payments() []item {
	var all []item
	for _, w := range p.facts.Directory.PayWays() {
		fee := strconv.FormatFloat(float64(w.Fee)/100, 'f', -1, 64)
		all = append(all, item{Title: p.in(w.Names), Note: Words.Line(p.Lang, "payment.fee", words.A("percent", words.Decimal(fee)))})
	}
	return all
}
