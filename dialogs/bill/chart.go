package bill

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// drawnMonths is how many months a chart shows: a year, and the month to compare
// the latest with.
const drawnMonths = 13

// drawn is the choice that sends the chart, on channels that may show it.
func (s *scenario) drawn(t *dialog.Turn) chat.Choice {
	if !carries(t, chart) {
		return chat.Choice{}
	}
	return t.Command("bill.chart", "")
}

// draw makes the chart of an account; nil if there is nothing to draw.
func (s *scenario) draw(ctx context.Context, e dialog.Effect, a *account, lang words.Lang) (*chat.File, error) {
	usage := a.Usage(drawnMonths)
	if len(usage) == 0 {
		return nil, nil
	}
	file, err := s.Papers.Chart(ctx, e, s.plan(usage, lang), s.words.Line(lang, "chart.file"))
	file.Holds = privacy.ClassesOf(privacy.Reading)
	return &file, err
}

// plan lays a chart out in the words of a language.
func (s *scenario) plan(usage []bill.Usage, lang words.Lang) bill.Chart {
	c := bill.Chart{Title: s.words.Line(lang, "chart.title")}
	var zones []billing.Zone
	for _, u := range usage {
		for _, v := range u.Volumes {
			if !slices.Contains(zones, v.Zone) {
				zones = append(zones, v.Zone)
			}
		}
	}
	slices.Sort(zones)
	for _, z := range zones {
		c.Zones = append(c.Zones, rates.Zone(lang, z))
	}
	for _, u := range usage {
		b := bill.Bar{
			Label: s.words.Line(lang, "chart.month."+strconv.Itoa(int(u.Period.Month)), words.A("year", strconv.Itoa(u.Period.Year))),
			Value: words.Show(lang, int64(u.KWh())),
		}
		if estimated(u) {
			b.Note = s.words.Line(lang, "chart.method."+string(u.Method))
		}
		if len(u.Volumes) > 0 {
			b.KWh = make([]billing.KWh, len(zones))
		}
		for _, v := range u.Volumes {
			b.KWh[slices.Index(zones, v.Zone)] += v.KWh
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// estimated reports whether the meter did not tell what was used.
func estimated(u bill.Usage) bool { return u.Method != "" && u.Method != charge.ByReadings }

// chart sends the picture, with what stands out in it for those who do not see it.
func (s *scenario) chart(t *dialog.Turn, a *account, file *chat.File) {
	usage := a.Usage(drawnMonths)
	said := t.Say("chart.lead", words.A("title", a.link.Title()))
	if len(usage) > 1 {
		by := func(x, y bill.Usage) int { return cmp.Compare(x.KWh(), y.KWh()) }
		most, fewest := slices.MaxFunc(usage, by), slices.MinFunc(usage, by)
		var sum billing.KWh
		for i := range usage {
			sum += usage[i].KWh()
		}
		n := billing.KWh(len(usage))
		said.Append(t.Blocks("chart.most", words.A("kwh", rates.Used(most.KWh())), words.A("month", rates.Month(most.Period)))...)
		said.Append(t.Blocks("chart.fewest", words.A("kwh", rates.Used(fewest.KWh())), words.A("month", rates.Month(fewest.Period)))...)
		said.Append(t.Blocks("chart.mean", words.A("kwh", rates.Used((sum+n/2)/n)))...)
	}
	if slices.ContainsFunc(usage, estimated) {
		said.Append(t.Blocks("chart.striped")...)
	}
	said.Attach(*file)
	s.offer(t, said, a, t.Scenario("bill"), t.Command("bill.months", ""))
	s.remember(t)
}
