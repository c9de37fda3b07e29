package tariffs

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// Papers makes files of what is published, and keeps them for the conversation of
// an effect. The same one of a day is kept once.
type Papers interface {
	// Table writes a table for spreadsheets (table.WriteCSV; docs/hour-prices.md) as a
	// public file called name. The error is Unavailable.
	Table(ctx context.Context, e dialog.Effect, columns []string, rows [][]string, name string) (chat.File, error)
}

// The files of a month: the price categories whose prices are no single numbers
// (R-5.1.2-h; spec §2.2), and what is published beside prices.
const (
	firstFiled = 2 // category
	lastFiled  = 6
	parameters = 0
)

// filed reports whether a category's prices are a file.
func filed(category int) bool {
	return category == parameters || firstFiled <= category && category <= lastFiled
}

// filedMonths are the published months that have files, the newest first.
func (s *scenario) filedMonths(t *dialog.Turn, b *tariff.Book) []billing.Period {
	all := s.published(t, b)
	return slices.DeleteFunc(b.HourlyMonths(), func(p billing.Period) bool { return !slices.Contains(all, p) })
}

// files lists the files of a month: of the newest if none is named, or if it has
// none.
func (s *scenario) files(_ context.Context, t *dialog.Turn) error {
	if b := s.book(t); b != nil {
		month, err := billing.ParsePeriod(t.Argument())
		if err != nil { // typed in words, or made up
			month = billing.Period{}
		}
		s.tellFiles(t, b, month, t.Resume())
	}
	return nil
}

// tellFiles offers the files of a month, and back, the way to what lies open.
func (s *scenario) tellFiles(t *dialog.Turn, b *tariff.Book, month billing.Period, back chat.Choice) {
	months := s.filedMonths(t, b)
	if len(months) == 0 {
		t.Say("files.none").Offer(t.Command("tariffs.business", ""), t.Scenario("operator"), back, t.Menu())
		return
	}
	key := "files.lead"
	at := slices.Index(months, month)
	if at < 0 {
		at = 0
		if !month.IsZero() {
			key = "files.lacking"
		}
	}
	said := t.Say(key, words.A("month", rates.Month(months[at])), words.A("asked", rates.Month(month)),
		words.A("first", rates.Month(months[len(months)-1]))).InPlace()
	for category := firstFiled; category <= lastFiled; category++ {
		said.Offer(labelled(t.Command("tariffs.file", fileID(category, months[at])), t.Line("files.category", words.A("category", strconv.Itoa(category)))))
	}
	said.Offer(labelled(t.Command("tariffs.file", fileID(parameters, months[at])), t.Line("files.parameters")))
	for _, i := range []int{at + 1, at - 1} {
		if i >= 0 && i < len(months) {
			said.Offer(labelled(t.Command("tariffs.files", months[i].String()), t.Line("month", words.A("month", rates.Month(months[i])))))
		}
	}
	said.Offer(labelled(t.Command("tariffs.business", months[at].String()), t.Line("files.first")), back, t.Menu())
}

// fileID names a file in a choice, "3.2026-10".
func fileID(category int, month billing.Period) string {
	return strconv.Itoa(category) + "." + month.String()
}

// file opens the form for a file; one that was sent only now is not sent again.
func (s *scenario) file(ctx context.Context, t *dialog.Turn) error {
	switch {
	case t.SentAlready("file." + t.Argument()):
		t.Toast("already")
		return nil
	case s.book(t) == nil:
		return nil
	}
	return t.Begin(ctx, ofFile+t.Argument())
}

// ofFile stands before the file that is to be made.
const ofFile = "file:"

// fileErrand is a file that is to be made.
type fileErrand struct {
	Category int            `json:"category"`
	Month    billing.Period `json:"month"`
	Language words.Lang     `json:"lang"`
}

// fileMade is what came of it; nil: the month has no such file.
type fileMade struct {
	fileErrand
	File *chat.File `json:"file,omitempty"`
}

// order has a file made before anything is said. Tokens can be made up: whatever
// they name, there is a file of a month that is published, or an answer.
func (s *scenario) order(t *dialog.Turn, argument string) {
	number, text, _ := strings.Cut(argument, ".")
	category, err := strconv.Atoi(number)
	if err != nil || !filed(category) {
		category = firstFiled
	}
	month, err := billing.ParsePeriod(text)
	if err != nil {
		month = billing.Period{}
	}
	group.Set(t, tariff.Legal)
	t.First("file", fileErrand{category, month, t.Language()})
}

// make writes the file.
func (s *scenario) make(ctx context.Context, e dialog.Effect, of fileErrand) (fileMade, error) {
	b := s.prices.Prices()
	if b == nil || !slices.Contains(b.HourlyMonths(), of.Month) {
		return fileMade{fileErrand: of}, nil
	}
	columns, rows, err := s.table(b, of)
	if err != nil {
		return fileMade{}, err
	}
	file, err := s.papers.Table(ctx, e, columns, rows, s.fileName(of))
	return fileMade{of, &file}, err
}

func (s *scenario) fileName(of fileErrand) string {
	key := "files.name"
	if of.Category == parameters {
		key = "files.parameters_name"
	}
	return s.words.Line(of.Language, key, words.A("category", strconv.Itoa(of.Category)), words.A("month", rates.Month(of.Month)))
}

// made sends the file.
func (s *scenario) made(_ context.Context, t *dialog.Turn, m fileMade) (dialog.Move, error) {
	b := s.book(t)
	if b == nil {
		return dialog.Close, nil
	}
	if m.File == nil {
		s.tellFiles(t, b, m.Month, chat.Choice{})
		return dialog.Close, nil
	}
	key := "files.ready"
	if m.Category == parameters {
		key = "files.parameters_ready"
	}
	said := t.Say(key, words.A("category", strconv.Itoa(m.Category)), words.A("month", rates.Month(m.Month))).Attach(*m.File)
	said.Offer(t.Command("tariffs.files", m.Month.String()), t.Menu())
	t.Sent("file." + fileID(m.Category, m.Month))
	return dialog.Close, nil
}

// table lays a file out: a row is what something costs at each voltage.
func (s *scenario) table(b *tariff.Book, of fileErrand) (columns []string, rows [][]string, err error) {
	if of.Category == parameters {
		return s.parameters(b, of)
	}
	for _, key := range []string{"files.column.what", "files.column.unit", "files.column.date", "files.column.hour", "files.column.power"} {
		columns = append(columns, s.line(of, key))
	}
	for _, v := range tariff.Voltages() {
		columns = append(columns, rates.Voltage(of.Language, v))
	}
	for _, power := range tariff.Powers() {
		var more [][]string
		if of.Category == firstFiled {
			more, err = s.byZone(b, of, power)
		} else {
			more, err = s.byHour(b, of, power)
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, more...)
	}
	return columns, rows, nil
}

func (s *scenario) line(of fileErrand, key string) string { return s.words.Line(of.Language, key) }

// row writes what costs how much; day and hour are empty for what holds all month.
func (s *scenario) row(of fileErrand, what, unit, day, hour string, power tariff.Power, price func(i int) money.Kopecks) []string {
	out := []string{what, s.line(of, unit), day, hour, s.line(of, "power."+string(power))}
	for i := range tariff.Voltages() {
		out = append(out, decimal(price(i)))
	}
	return out
}

// The words of the units that prices are in.
const (
	perMWh = "files.unit.mwh"
	perMW  = "files.unit.mw"
)

// decimal writes a sum as Russian spreadsheets read numbers.
func decimal(k money.Kopecks) string { return strings.ReplaceAll(k.String(), ".", ",") }

// numeric writes a day as spreadsheets read it, 01.10.2026.
func numeric(d calendar.Date) string { return rates.Day(d).Format("02.01.2006") }

// byZone are the prices of category 2: both of its plans, zone by zone.
func (s *scenario) byZone(b *tariff.Book, of fileErrand, power tariff.Power) (rows [][]string, err error) {
	for _, p := range []tariff.Plan{tariff.DayNight, tariff.ThreeZones} {
		var at []map[billing.Zone]money.Kopecks
		for _, v := range tariff.Voltages() {
			zones, err := b.ByZone(of.Month, power, v, p, s.days)
			if err != nil {
				return nil, err
			}
			at = append(at, zones)
		}
		for _, z := range p.Zones() {
			what := rates.Plan(of.Language, p) + ": " + rates.Zone(of.Language, z)
			rows = append(rows, s.row(of, what, perMWh, "", "", power, func(i int) money.Kopecks { return at[i][z] }))
		}
	}
	return rows, nil
}

// byHour are the prices of categories 3 to 6: what is paid for the month, then
// every hour of it.
func (s *scenario) byHour(b *tariff.Book, of fileErrand, power tariff.Power) (rows [][]string, err error) {
	var at []tariff.Hourly
	for _, v := range tariff.Voltages() {
		h, err := b.Hourly(of.Month, of.Category, power, v, s.days)
		if err != nil {
			return nil, err
		}
		at = append(at, h)
	}
	for _, m := range []struct {
		what, unit string
		price      func(i int) money.Kopecks
	}{
		{"files.capacity", perMW, func(i int) money.Kopecks { return at[i].Capacity }},
		{"files.upkeep", perMW, func(i int) money.Kopecks { return at[i].Upkeep }},
		{"files.over", perMWh, func(i int) money.Kopecks { return at[i].Over }},
		{"files.under", perMWh, func(i int) money.Kopecks { return at[i].Under }},
	} {
		if m.price(0) != 0 { // not every category has it
			rows = append(rows, s.row(of, s.line(of, m.what), m.unit, "", "", power, m.price))
		}
	}
	first := charge.First(of.Month)
	for hour := range at[0].Hours {
		rows = append(rows, s.row(of, s.line(of, "files.energy"), perMWh, numeric(first.Add(hour/24)), strconv.Itoa(hour%24), power,
			func(i int) money.Kopecks { return at[i].Hours[hour] }))
	}
	return rows, nil
}

// parameters are the hours of the working days by which the month's capacity is
// measured.
func (s *scenario) parameters(b *tariff.Book, of fileErrand) (columns []string, rows [][]string, err error) {
	columns = []string{s.line(of, "files.column.date"), s.line(of, "files.column.peak")}
	for d, next := charge.First(of.Month), charge.First(of.Month.Add(1)); d.Before(next); d = d.Add(1) {
		working, err := s.days.Working(d)
		if err != nil {
			return nil, nil, err
		}
		if working {
			rows = append(rows, []string{numeric(d), strconv.Itoa(b.PeakHour(d))})
		}
	}
	return columns, rows, nil
}
