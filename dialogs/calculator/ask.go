package calculator

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// The most that is taken: whoever has more of it writes no less.
const (
	mostRooms     = 20
	mostResidents = 50
	mostServices  = 1000
)

func wayWording(t *dialog.Turn) string {
	if t.Answers.Has(string(account)) {
		return "way_linked"
	}
	return "way"
}

func accountArgs(t *dialog.Turn) []words.Arg {
	return []words.Arg{words.A("title", account.Of(t.Answers).Title)}
}

func wayOptions(t *dialog.Turn) []dialog.Option {
	ids := []string{byReadings, byKWh, byNorm, byService, byNight}
	if t.Answers.Has(string(account)) {
		ids = append(ids, guest)
	}
	return dialog.Options("way", ids...)
}

func (s *scenario) takeWay(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case "":
		return dialog.Unclear, nil
	case guest:
		account.Clear(t)
		recall(t)
		return dialog.To(way), nil
	}
	way.Set(t, t.Picked)
	return dialog.Next, nil
}

func counts(by ...string) func(*dialog.Turn) bool {
	return func(t *dialog.Turn) bool { return slices.Contains(by, way.Of(t.Answers)) }
}

// asksGroup: a service costs the same for everybody, and an account tells.
func asksGroup(t *dialog.Turn) bool {
	return way.Of(t.Answers) != byService && !t.Answers.Has(string(account))
}

func asksPlan(t *dialog.Turn) bool {
	return asksGroup(t) && counts(byReadings, byKWh)(t)
}

// asksStove: in towns the group tells.
func asksStove(t *dialog.Turn) bool {
	return asksDwelling(t) && group.Of(t.Answers) == tariff.Rural
}

func asksDwelling(t *dialog.Turn) bool { return asksGroup(t) && way.Of(t.Answers) == byNorm }

func groupOptions(*dialog.Turn) []dialog.Option { return dialog.Options("group", "g1", "g2", "g3") }

func takeGroup(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	g := groupOf(strings.ToUpper(t.Picked))
	if g == "" {
		return dialog.Unclear, nil
	}
	group.Set(t, g)
	t.Keep(keptGroup, string(g))
	return dialog.Next, nil
}

func planOptions(*dialog.Turn) []dialog.Option { return dialog.Options("plan", "p1", "p2", "p3") }

func takePlan(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	id := strings.TrimPrefix(t.Picked, "p")
	p := planOf(id)
	if p == 0 {
		return dialog.Unclear, nil
	}
	plan.Set(t, p)
	t.Keep(keptPlan, id)
	return dialog.Next, nil
}

func stoveOptions(*dialog.Turn) []dialog.Option { return dialog.Options("stove", "gas", "electric") }

func takeStove(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch s := tariff.Stove(t.Picked); s {
	case tariff.GasStove, tariff.ElectricStove:
		stove.Set(t, s)
		return dialog.Next, nil
	}
	return dialog.Unclear, nil
}

// numbered are options that are numbers; the last of them may stand for more.
func numbered(key string, n int, more string) []dialog.Option {
	out := make([]dialog.Option, 0, n)
	for i := 1; i <= n; i++ {
		o := dialog.Option{ID: "n" + strconv.Itoa(i), Label: strconv.Itoa(i)}
		if i == n && more != "" {
			o = dialog.Option{ID: o.ID, Key: key + "." + more}
		}
		out = append(out, o)
	}
	return out
}

func roomOptions(*dialog.Turn) []dialog.Option     { return numbered("rooms", 3, "more") }
func residentOptions(*dialog.Turn) []dialog.Option { return numbered("residents", 5, "more") }
func countOptions(*dialog.Turn) []dialog.Option    { return numbered("count", 3, "") }

// takeCount takes how many there are of something, by button or as a number.
func takeCount(slot dialog.Slot[int], most int) func(context.Context, *dialog.Turn) (dialog.Move, error) {
	return func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
		n, err := strconv.Atoi(strings.TrimPrefix(t.Picked, "n"))
		if t.Picked == "" {
			n, err = strconv.Atoi(strings.TrimSpace(t.Text))
		}
		switch {
		case err != nil:
			return dialog.Unclear, nil
		case n < 1 || n > most:
			return dialog.Refuse("number.range", words.A("most", most)), nil
		}
		slot.Set(t, n)
		return dialog.Next, nil
	}
}

// services are those of the price list that cost something.
func (s *scenario) services(t *dialog.Turn) []tariff.Service {
	b := s.prices.Prices()
	if b == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.Services(tariff.Household, s.today(t))), func(s tariff.Service) bool { return s.Price == 0 })
}

// serviceID writes a code, which may be of any letters, as an option's ID.
func serviceID(code string) string { return "s" + hex.EncodeToString([]byte(code)) }

func (s *scenario) serviceOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, x := range s.services(t) {
		out = append(out, dialog.Option{ID: serviceID(x.Code), Label: fitting(titleIn(t, x.Titles))})
	}
	return out
}

func titleIn(t *dialog.Turn, titles map[string]string) string {
	if title := titles[string(t.Language())]; title != "" {
		return title
	}
	return titles[string(words.RU)]
}

// longestLabel is the most characters that a telephone shows of a button.
const longestLabel = 60

func fitting(label string) string {
	letters := []rune(label)
	if len(letters) <= longestLabel {
		return label
	}
	return strings.TrimSpace(string(letters[:longestLabel-1])) + "…"
}

func (s *scenario) takeService(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	for _, x := range s.services(t) {
		if serviceID(x.Code) == t.Picked {
			service.Set(t, x.Code)
			return dialog.Next, nil
		}
	}
	return dialog.Unclear, nil
}

// valueQuestions ask for the volumes of one zone after another; an answer may
// give more than one.
func valueQuestions() []dialog.Question {
	var out []dialog.Question
	all := func(slots [len(used)]dialog.Slot[billing.KWh]) (names []string) {
		for _, s := range slots {
			names = append(names, string(s))
		}
		return names
	}
	needs := func(i int, ways ...string) func(*dialog.Turn) bool {
		return func(t *dialog.Turn) bool { return counts(ways...)(t) && i < len(zones(t)) }
	}
	depends := []string{"way", "plan"}
	for i := range used {
		args := func(t *dialog.Turn) []words.Arg { return zoneArgs(t, i) }
		out = append(out,
			dialog.Question{
				Slot: string(before[i]), Key: "before", Expect: chat.Number, After: depends, Args: args, Fills: []string{string(after[i])}, Wording: func(t *dialog.Turn) string { return alone(t, "before") },
				Needed: func(t *dialog.Turn) bool { _, known := last(t, i); return needs(i, byReadings)(t) && !known },
				Take:   func(_ context.Context, t *dialog.Turn) (dialog.Move, error) { return takeBefore(t, i) },
			},
			dialog.Question{
				Slot: string(after[i]), Key: "after", Expect: chat.Number, After: depends, Args: args, Wording: func(t *dialog.Turn) string { return afterWording(t, i) },
				Needed: needs(i, byReadings),
				Take:   func(_ context.Context, t *dialog.Turn) (dialog.Move, error) { return takeAfter(t, i) },
			},
			dialog.Question{
				Slot: string(used[i]), Key: "kwh", Expect: chat.Number, After: depends, Args: args, Fills: all(used), Wording: func(t *dialog.Turn) string { return alone(t, "kwh") },
				Needed: needs(i, byKWh, byNight),
				Take:   func(_ context.Context, t *dialog.Turn) (dialog.Move, error) { return takeUsed(t, i) },
			})
	}
	return out
}

// zoneArgs name the zone that is asked for, and what its register showed last.
func zoneArgs(t *dialog.Turn, i int) []words.Arg {
	list := zones(t)
	if i >= len(list) {
		return nil
	}
	value, _ := last(t, i)
	return []words.Arg{
		words.A("zone", rates.Zone(t.Language(), list[i])), words.A("before", words.Of(privacy.Reading, int64(value))),
	}
}

// last is what a linked meter showed last.
func last(t *dialog.Turn, i int) (billing.KWh, bool) {
	list := zones(t)
	if i >= len(list) {
		return 0, false
	}
	v, ok := account.Of(t.Answers).Last[list[i]]
	return v, ok
}

func afterWording(t *dialog.Turn, i int) string {
	if _, ok := last(t, i); ok {
		return alone(t, "after_linked")
	}
	return alone(t, "after")
}

// alone is the key of the words for a meter of one zone, which needs no name.
func alone(t *dialog.Turn, key string) string {
	if len(zones(t)) == 1 {
		return key + "_one"
	}
	return key
}

// value is a number that was said, with the zone that it was said to be of.
type value struct {
	kwh  billing.KWh
	zone billing.Zone
}

// said reads the numbers of a text, as readings are read.
func said(text string) (list []value) {
	for _, v := range billing.Parse(text).Values {
		n, err := strconv.ParseInt(strings.Join(v.Groups, ""), 10, 64)
		if err == nil {
			list = append(list, value{billing.KWh(n), v.Zone})
		}
	}
	return list
}

// zoned reports whether the values name exactly the zones of a plan.
func zoned(values []value, p tariff.Plan) bool {
	for _, z := range p.Zones() {
		if !slices.ContainsFunc(values, func(v value) bool { return v.zone == z }) {
			return false
		}
	}
	return len(values) == len(p.Zones())
}

// valueOf is the value of a zone, or else the one at its place.
func valueOf(values []value, i int, z billing.Zone) billing.KWh {
	for _, v := range values {
		if v.zone == z {
			return v.kwh
		}
	}
	return values[i].kwh
}

// refused says what is wrong with numbers before they are taken; ok is false if
// something is.
func refused(t *dialog.Turn, values []value) (m dialog.Move, ok bool) {
	heard := billing.Parse(t.Text)
	switch {
	case heard.Negative:
		return dialog.Refuse("number.negative"), false
	case heard.TooLong:
		return dialog.Refuse("number.much"), false
	case len(values) == 0:
		return dialog.Unclear, false
	}
	for _, v := range values {
		if v.kwh > charge.MostKWh {
			return dialog.Refuse("number.much"), false
		}
	}
	return dialog.Next, true
}

// takeBefore takes the value before, and the one now if both are said.
func takeBefore(t *dialog.Turn, i int) (dialog.Move, error) {
	values := said(t.Text)
	if m, ok := refused(t, values); !ok {
		return m, nil
	}
	switch {
	case len(values) > 2:
		return dialog.Unclear, nil
	case len(values) == 2 && values[1].kwh < values[0].kwh:
		return dialog.Refuse("number.lower"), nil
	}
	before[i].Set(t, values[0].kwh)
	if len(values) == 2 {
		after[i].Set(t, values[1].kwh)
	}
	return dialog.Next, nil
}

func takeAfter(t *dialog.Turn, i int) (dialog.Move, error) {
	values := said(t.Text)
	if m, ok := refused(t, values); !ok {
		return m, nil
	}
	switch {
	case len(values) > 1:
		return dialog.Unclear, nil
	case values[0].kwh < beforeOf(t, i):
		return dialog.Refuse("number.lower"), nil
	}
	after[i].Set(t, values[0].kwh)
	return dialog.Next, nil
}

// beforeOf is what a register showed before.
func beforeOf(t *dialog.Turn, i int) billing.KWh {
	if v, ok := last(t, i); ok {
		return v
	}
	return before[i].Of(t.Answers)
}

// takeUsed takes the volume of a zone, or of all.
func takeUsed(t *dialog.Turn, i int) (dialog.Move, error) {
	values, list := said(t.Text), zones(t)
	if m, ok := refused(t, values); !ok {
		return m, nil
	}
	switch len(values) {
	case 1:
		used[i].Set(t, values[0].kwh)
	case len(list):
		for j, z := range list {
			used[j].Set(t, valueOf(values, j, z))
		}
	default:
		return dialog.Unclear, nil
	}
	return dialog.Next, nil
}
