package tariffs

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// book returns what is published; without any it says so.
func (s *scenario) book(t *dialog.Turn) *tariff.Book {
	b := s.prices.Prices()
	if b == nil {
		t.Say("empty", t.Contacts()...).Offer(t.Resume(), t.Scenario("operator"), t.Menu())
	}
	return b
}

// tell shows what was asked for.
func (s *scenario) tell(_ context.Context, t *dialog.Turn) error {
	b := s.book(t)
	if b == nil {
		return nil
	}
	v := view{group: group.Of(t.Answers), plan: plan.Of(t.Answers), day: day.Of(t.Answers)}
	t.Keep(keptGroup, groupID(v.group))
	switch named, byYear := year.In(t.Answers); {
	case v.group == tariff.Legal && v.day.IsZero():
		s.tellMonth(t, b, billing.Period{})
	case v.group == tariff.Legal:
		s.tellMonth(t, b, billing.Period{Year: v.day.Year, Month: v.day.Month})
	case byYear:
		s.tellYear(t, b, v, named)
	default:
		s.tellPrices(t, b, v)
	}
	return nil
}

// tellPrices shows the prices of a group and a plan on a day.
func (s *scenario) tellPrices(t *dialog.Turn, b *tariff.Book, v view) {
	today, on := s.today(t), v.day
	if on.IsZero() {
		on = today
	}
	heading := []words.Arg{
		words.A("group", rates.Group(t.Language(), v.group)), words.A("plan", rates.Plan(t.Language(), v.plan)), words.A("day", rates.Day(on)),
	}
	version, err := b.On(v.group, on)
	if errors.Is(err, tariff.ErrNoTariff) {
		said := t.Say("none.day", heading...)
		if all := b.Versions(v.group); len(all) > 0 {
			said.Append(t.Blocks("none.first", words.A("first", rates.Day(all[0].From)))...)
		}
		s.offer(t, said, v)
		return
	}
	key := "show.lead"
	if on != today {
		key = "show.on"
	}
	said := t.Say(key, heading...).InPlace()
	for i := range version.Ranges {
		said.Append(s.rangeLine(t, b, version, v, i, on)...)
	}
	said.Append(s.validity(t, b, version, today, on)...)
	if wide, is := s.heating(b, on); is && len(version.Ranges) > 1 && v.group != tariff.City { // where there is gas, nobody heats so
		said.Append(t.Blocks("show.heating", words.A("first", words.KWh(wide.limits.First)), words.A("second", words.KWh(wide.limits.Second)),
			words.A("from", words.DayMonth(rates.Day(wide.from))), words.A("until", words.DayMonth(rates.Day(wide.until))))...)
	}
	if counted(version, v.plan) {
		said.Append(t.Blocks("show.counted")...)
	}
	said.Append(actBlocks(t, "show.act", &version.Act)...)
	s.offer(t, said, v)
}

// rangeLine says the prices of a range: where it ends, and each zone's.
func (s *scenario) rangeLine(t *dialog.Turn, b *tariff.Book, version *tariff.Version, v view, i int, on calendar.Date) []chat.Block {
	var prices []string
	for _, z := range v.plan.Zones() {
		prices = append(prices, rates.At(t.Language(), z, version.Quote(i+1, z).Price))
	}
	args := []words.Arg{words.A("prices", strings.Join(prices, ", "))}
	limits, ranged := b.Limits("", false, on)
	if !ranged || len(version.Ranges) == 1 {
		return t.Blocks("range.only", args...)
	}
	args = append(args, words.A("first", words.KWh(limits.First)), words.A("second", words.KWh(limits.Second)))
	return t.Blocks("range."+strconv.Itoa(i+1), args...)
}

// validity says from when to when prices hold, and what is known of later ones.
func (s *scenario) validity(t *dialog.Turn, b *tariff.Book, version *tariff.Version, today, on calendar.Date) []chat.Block {
	from := words.A("from", rates.Day(version.From))
	if version.To.IsZero() {
		out := t.Blocks("show.since", from)
		if today.Before(on) {
			out = append(out, t.Blocks("show.unknown")...)
		}
		return out
	}
	until := words.A("until", rates.Day(version.Last()))
	switch {
	case version.Holds(today):
		return t.Blocks("show.until", from, until)
	case today.Before(version.From):
		return t.Blocks("show.future", from, until)
	default:
		return t.Blocks("show.past", from, until)
	}
}

// season is when ranges are wider for those who heat by electricity.
type season struct {
	limits      tariff.Limits
	from, until calendar.Date
}

// heating returns the wider ranges of the season that a day lies in, or of the
// next one (spec §2.3).
func (s *scenario) heating(b *tariff.Book, on calendar.Date) (season, bool) {
	from, until, ok := b.Season("", on)
	if !ok {
		return season{}, false
	}
	day := on
	if day.Before(from) {
		day = from
	}
	wide, ok := b.Limits("", true, day)
	usual, _ := b.Limits("", false, day)
	return season{wide, from, until}, ok && wide != usual
}

// counted reports whether some price is not printed, but follows from a
// multiplier.
func counted(v *tariff.Version, p tariff.Plan) bool {
	for i := range v.Ranges {
		for _, z := range p.Zones() {
			if q := v.Quote(i+1, z); !q.Printed && !q.Price.IsZero() {
				return true
			}
		}
	}
	return false
}

// actBlocks name an act. The words of its link stand apart, for an act may have
// none.
func actBlocks(t *dialog.Turn, key string, a *tariff.Act, more ...words.Arg) []chat.Block {
	return t.Blocks(key, append([]words.Arg{
		words.A("issuer", a.Issuer), words.A("number", a.Number), words.A("signed", rates.Day(a.Signed)),
		words.A("title", a.Title), words.A("link", a.Link),
	}, more...)...)
}

// offer shows the ways on: the other plans, another group or day, the archive.
func (s *scenario) offer(t *dialog.Turn, said dialog.Said, v view) {
	for _, p := range tariff.Plans() {
		if p != v.plan {
			other := v
			other.plan = p
			said.Offer(labelled(t.Command("tariffs.show", other.String()), t.Line("plan."+rates.PlanName(p))))
		}
	}
	if !v.day.IsZero() {
		now := v
		now.day = calendar.Date{}
		said.Offer(labelled(t.Command("tariffs.show", now.String()), t.Line("show.today")))
	}
	said.Offer(t.Command("tariffs.date", v.String()), t.Command("tariffs.groups", v.String()),
		t.Command("tariffs.archive", v.String()), t.Command("tariffs.acts", ""), t.Scenario("calculator"), t.Resume(), t.Menu())
}

// labelled gives a choice another label.
func labelled(c chat.Choice, label string) chat.Choice {
	c.Label = label
	return c
}
