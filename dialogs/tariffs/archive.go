package tariffs

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// archive lists the prices of a year (R-5.1.2-f): of the day that was looked at.
func (s *scenario) archive(_ context.Context, t *dialog.Turn) error {
	b := s.book(t)
	if b == nil {
		return nil
	}
	v := readView(t.Argument())
	if v.group == "" || v.group == tariff.Legal {
		v.group = tariff.City
	}
	of := v.day
	if of.IsZero() {
		of = s.today(t)
	}
	s.tellYear(t, b, v, of.Year)
	return nil
}

// mostYears is how many years can be chosen: with the other choices they are no
// more than the widget has buttons for.
const mostYears = 8

// tellYear shows all prices of a group and a plan that held in a year, and leads
// to the other years.
func (s *scenario) tellYear(t *dialog.Turn, b *tariff.Book, v view, named int) {
	first, next := calendar.Date{Year: named, Month: time.January, Day: 1}, calendar.Date{Year: named + 1, Month: time.January, Day: 1}
	said := t.Say("archive.lead", words.A("group", rates.Group(t.Language(), v.group)),
		words.A("plan", rates.Plan(t.Language(), v.plan)), words.A("year", strconv.Itoa(named))).InPlace()
	versions := b.Versions(v.group)
	shown := 0
	for i := range versions {
		of := &versions[i]
		if !of.From.Before(next) || !of.To.IsZero() && !first.Before(of.To) {
			continue
		}
		shown++
		key, args := "archive.since", []words.Arg{words.A("from", rates.Day(of.From))}
		if !of.To.IsZero() {
			key, args = "archive.span", append(args, words.A("until", rates.Day(of.Last())))
		}
		said.Append(actBlocks(t, key, &of.Act, append(args, words.A("prices", prices(t, of, v.plan)))...)...)
	}
	if shown == 0 {
		said.Append(t.Blocks("archive.none")...)
	}
	for _, y := range s.years(versions, s.today(t).Year) {
		if y != named {
			of := v
			of.day = calendar.Date{Year: y, Month: time.January, Day: 1}
			said.Offer(labelled(t.Command("tariffs.archive", of.String()), strconv.Itoa(y)))
		}
	}
	now := v
	now.day = calendar.Date{}
	said.Offer(labelled(t.Command("tariffs.show", now.String()), t.Line("show.today")), t.Command("tariffs.date", now.String()), t.Resume(), t.Menu())
}

// prices writes those of a plan, range by range: «6,19 / 10,40 / 11,88 ₽» for
// each zone.
func prices(t *dialog.Turn, v *tariff.Version, p tariff.Plan) string {
	var zones []string
	for _, z := range p.Zones() {
		var row []string
		for i := range v.Ranges {
			row = append(row, words.Show(t.Language(), rates.Price(v.Quote(i+1, z).Price)))
		}
		text := strings.Join(row, " / ")
		if z != billing.ZoneSingle {
			text = t.Line("archive.zone", words.A("zone", rates.Zone(t.Language(), z)), words.A("prices", text))
		}
		zones = append(zones, text)
	}
	return strings.Join(zones, "; ")
}

// years are those of an archive, the newest first.
func (s *scenario) years(versions []tariff.Version, last int) (list []int) {
	if len(versions) == 0 {
		return nil
	}
	for _, v := range versions {
		last = max(last, v.From.Year)
	}
	for y := last; y >= versions[0].From.Year && len(list) < mostYears; y-- {
		list = append(list, y)
	}
	return list
}

// acts shows the register of acts with what they set (R-5.1.2-g).
func (s *scenario) acts(_ context.Context, t *dialog.Turn) error {
	b := s.book(t)
	if b == nil {
		return nil
	}
	said := t.Say("acts.lead").InPlace()
	for _, a := range b.Acts() {
		key, period := "acts.item", b.Period(a.Number)
		args := []words.Arg{words.A("from", rates.Day(period.From))}
		switch {
		case period.From.IsZero():
			args = nil
		case period.To.IsZero():
			key = "acts.since"
		default:
			key, args = "acts.span", append(args, words.A("until", rates.Day(period.Last())))
		}
		said.Append(actBlocks(t, key, &a, args...)...)
	}
	said.Offer(t.Scenario("tariffs"), t.Resume(), t.Menu())
	return nil
}

// category1 is the price category whose prices are numbers; those of the others
// are files (R-5.1.2-h): see files.go.
const category1 = 1

// business shows the prices of organisations for a month, the newest without an
// argument.
func (s *scenario) business(_ context.Context, t *dialog.Turn) error {
	b := s.book(t)
	if b == nil {
		return nil
	}
	month, err := billing.ParsePeriod(t.Argument())
	if err != nil { // typed in words, or made up
		month = billing.Period{}
	}
	s.tellMonth(t, b, month)
	return nil
}

// published are the months that are over and whose prices are known, the newest
// first.
func (s *scenario) published(t *dialog.Turn, b *tariff.Book) []billing.Period {
	today := s.today(t)
	now := billing.Period{Year: today.Year, Month: today.Month}
	return slices.DeleteFunc(b.UnregulatedMonths(category1), func(p billing.Period) bool { return !p.Before(now) })
}

func (s *scenario) tellMonth(t *dialog.Turn, b *tariff.Book, month billing.Period) {
	months := s.published(t, b)
	if len(months) == 0 {
		t.Say("business.none").Offer(t.Scenario("operator"), t.Resume(), t.Menu())
		return
	}
	key := "business.lead"
	if month.IsZero() {
		month = months[0]
	}
	at := slices.Index(months, month)
	if at < 0 {
		key, at, month = "business.early", 0, months[0]
	}
	said := t.Say(key, words.A("month", rates.Month(month))).InPlace()
	for _, power := range tariff.Powers() {
		if u, err := b.Unregulated(month, category1, power); err == nil {
			said.Append(t.Blocks("business.power", words.A("power", t.Line("power."+string(power))), words.A("prices", byVoltage(t, &u)))...)
		}
	}
	said.Append(t.Blocks("business.vat")...)
	if slices.Contains(s.filedMonths(t, b), month) {
		said.Offer(t.Command("tariffs.files", month.String()))
	} else {
		said.Append(t.Blocks("business.unfiled")...)
	}
	neighbours := func(i int) {
		if i >= 0 && i < len(months) {
			said.Offer(labelled(t.Command("tariffs.business", months[i].String()), t.Line("month", words.A("month", rates.Month(months[i])))))
		}
	}
	neighbours(at + 1)
	neighbours(at - 1)
	said.Offer(t.Command("tariffs.months", strconv.Itoa(month.Year)), t.Command("tariffs.groups", ""), t.Resume(), t.Menu())
}

// months shows the prices of a year of months.
func (s *scenario) months(_ context.Context, t *dialog.Turn) error {
	b := s.book(t)
	if b == nil {
		return nil
	}
	all := s.published(t, b)
	if len(all) == 0 {
		s.tellMonth(t, b, billing.Period{})
		return nil
	}
	named, err := strconv.Atoi(t.Argument())
	if err != nil || named > all[0].Year || named < all[len(all)-1].Year {
		named = all[0].Year
	}
	said := t.Say("months.lead", words.A("year", strconv.Itoa(named))).InPlace()
	var years []int
	for _, p := range all {
		if len(years) == 0 || years[len(years)-1] != p.Year {
			years = append(years, p.Year)
		}
		if u, err := b.Unregulated(p, category1, tariff.Under670kW); err == nil && p.Year == named {
			said.Append(t.Blocks("months.line", words.A("month", rates.Month(p)), words.A("prices", byVoltage(t, &u)))...)
		}
	}
	for _, y := range years[:min(len(years), mostYears)] {
		if y != named {
			said.Offer(labelled(t.Command("tariffs.months", strconv.Itoa(y)), strconv.Itoa(y)))
		}
	}
	said.Offer(t.Command("tariffs.business", ""), t.Resume(), t.Menu())
	return nil
}

// byVoltage writes the prices of the levels of voltage in a row.
func byVoltage(t *dialog.Turn, u *tariff.Unregulated) string {
	var list []string
	for _, v := range tariff.Voltages() {
		if p, ok := u.Prices[v]; ok {
			list = append(list, t.Line("voltage", words.A("voltage", rates.Voltage(t.Language(), v)), words.A("price", rates.Price(p))))
		}
	}
	return strings.Join(list, ", ")
}
