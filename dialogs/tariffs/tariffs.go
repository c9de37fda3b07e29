// Package tariffs shows what electricity costs (R-5.1.2-e…h): prices of a group
// and a plan on any day with their ranges and the act that set them, the archive
// by year, the register of acts, and prices of organisations by month: numbers of
// the first price category, files of the others. All of it is public.
package tariffs

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Prices tells what is published; nil while nothing is known yet.
type Prices interface{ Prices() *tariff.Book }

// The answers of the form. Those without a question of their own are filled at
// its opening.
const (
	group  = dialog.Slot[tariff.Group]("group") // Legal: an organisation
	plan   = dialog.Slot[tariff.Plan]("plan")
	asking = dialog.Slot[bool]("asking") // another day is asked for
	date   = dialog.Slot[bool]("date")   // the question that asks for it
	day    = dialog.Slot[calendar.Date]("day")
	year   = dialog.Slot[int]("year") // a year alone was named: its archive
)

// keptGroup is the group that was looked at last: it is asked once.
const keptGroup = "group"

type scenario struct {
	prices Prices
	papers Papers
	days   *calendar.Production
	words  *words.Catalogue
	zone   *time.Location
	// Words that ask for prices, and those that may stand around a date.
	asks, around []string
}

// New returns the scenario; days is the production calendar, zone the company's, in
// which days begin.
func New(p Prices, papers Papers, days *calendar.Production, zone *time.Location) *dialog.Scenario {
	catalogue := words.Must(texts)
	s := &scenario{prices: p, papers: papers, days: days, words: catalogue, zone: zone}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		s.asks = append(s.asks, catalogue.Phrases(lang, "heard.asks")...)
		s.around = append(s.around, catalogue.Phrases(lang, "heard.around")...)
	}
	return &dialog.Scenario{
		Name: "tariffs", Version: 1, Words: catalogue, Slash: "tariffs",
		Open:  s.open,
		Hears: s.hears,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{Slot: "group", Options: groupOptions, Take: takeGroup},
				{Slot: "date", Expect: chat.Text, Needed: asksDay, Take: s.takeDate, Fills: []string{"day", "year"}},
			},
			Tell:    s.tell,
			Actions: []dialog.Action{dialog.NewAction("file", s.make, s.made)},
		},
		Commands: []dialog.Command{
			{Name: "show", Leaves: true, Do: begin("")},
			{Name: "date", Leaves: true, Do: begin(ask)},
			{Name: "groups", Leaves: true, Do: anew},
			{Name: "archive", Leaves: true, Do: s.archive},
			{Name: "acts", Leaves: true, Do: s.acts},
			{Name: "business", Leaves: true, Linked: true, Do: s.business},
			{Name: "months", Leaves: true, Do: s.months},
			{Name: "files", Leaves: true, Do: s.files},
			{Name: "file", Leaves: true, Do: s.file},
		},
	}
}

// hears reports whether a text is a date with words that ask for prices, and
// nothing else: «тариф на 1 января 2025».
func (s *scenario) hears(text string) bool {
	_, rest, found := words.FindDate(text)
	asks := false
	for word := range strings.FieldsSeq(rest) {
		switch {
		case slices.Contains(s.asks, word):
			asks = true
		case !slices.Contains(s.around, word):
			return false
		}
	}
	return found && asks
}

// view is what a choice asks for, written "g1.2.2025-01-01": the group may be
// missing, and the day, for today.
type view struct {
	group tariff.Group
	plan  tariff.Plan
	day   calendar.Date
}

func (v view) String() string {
	arg := groupID(v.group) + "." + strconv.Itoa(int(v.plan))
	if !v.day.IsZero() {
		arg += "." + v.day.String()
	}
	return arg
}

// readView reads an argument; what cannot be read is left out, for tokens can be
// made up.
func readView(arg string) view {
	parts := append(strings.SplitN(arg, ".", 3), "", "")
	v := view{group: groupOf(parts[0]), plan: tariff.OneRate}
	for _, p := range tariff.Plans() {
		if parts[1] == strconv.Itoa(int(p)) {
			v.plan = p
		}
	}
	if d, err := calendar.ParseDate(parts[2]); err == nil {
		v.day = d
	}
	return v
}

// groups can be chosen; an organisation's prices are others.
var groups = append(tariff.Groups(), tariff.Legal)

func groupID(g tariff.Group) string { return strings.ToLower(string(g)) }

func groupOf(id string) tariff.Group {
	for _, g := range groups {
		if groupID(g) == id {
			return g
		}
	}
	return ""
}

// ask stands before a view whose day is to be asked for.
const ask = "ask:"

func begin(how string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, how+t.Argument()) }
}

// anew asks for the group again, for the plan and day that were looked at.
func anew(ctx context.Context, t *dialog.Turn) error {
	v := readView(t.Argument())
	v.group = ""
	t.Keep(keptGroup, "")
	return t.Begin(ctx, v.String())
}

// open finds out what is to be shown: what a choice names, the day that was said
// with the text, and the group that was looked at last.
func (s *scenario) open(_ context.Context, t *dialog.Turn) error {
	if named, is := strings.CutPrefix(t.Argument(), ofFile); is {
		s.order(t, named)
		return nil
	}
	arg, asks := strings.CutPrefix(t.Argument(), ask)
	v := readView(arg)
	if v.group == "" {
		v.group = groupOf(t.Kept(keptGroup))
	}
	plan.Set(t, v.plan)
	if v.group != "" {
		group.Set(t, v.group)
	}
	said, _, found := words.FindDate(t.Text)
	switch {
	case asks:
		asking.Set(t, true)
	case !v.day.IsZero():
		day.Set(t, v.day)
	case found:
		s.take(t, said)
	}
	return nil
}

// take notes the day that somebody means: the first of a month, and this year
// where he names none. A year alone is its archive.
func (s *scenario) take(t *dialog.Turn, said words.Date) {
	d := calendar.Date{Year: said.Year, Month: max(said.Month, time.January), Day: max(said.Day, 1)}
	if d.Year == 0 {
		d.Year = s.today(t).Year
	}
	day.Set(t, d)
	if said.Month == 0 {
		year.Set(t, said.Year)
	}
}

func (s *scenario) today(t *dialog.Turn) calendar.Date { return calendar.DateOf(t.At(), s.zone) }

func groupOptions(*dialog.Turn) []dialog.Option {
	return dialog.Options("group", "g1", "g2", "g3", "legal")
}

func takeGroup(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	g := groupOf(t.Picked)
	if g == "" {
		return dialog.Unclear, nil
	}
	group.Set(t, g)
	return dialog.Next, nil
}

func asksDay(t *dialog.Turn) bool { return asking.Of(t.Answers) }

func (s *scenario) takeDate(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	said, _, found := words.FindDate(t.Text)
	if !found {
		return dialog.Unclear, nil
	}
	date.Set(t, true)
	s.take(t, said)
	return dialog.Next, nil
}
