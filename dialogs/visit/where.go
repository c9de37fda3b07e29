package visit

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okoshko/core/calendar"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// in chooses the text of the customer's language, else the Russian one.
func in(t *dialog.Turn, texts map[string]string) string {
	return cmp.Or(texts[string(t.Language())], texts[string(words.RU)])
}

func (s *scenario) serviceOptions(t *dialog.Turn) []dialog.Option {
	var list []dialog.Option
	for _, one := range s.Offices.Offices().Services(audience.Of(t.Answers)) {
		list = append(list, dialog.Option{ID: one.Code, Label: in(t, one.Names)})
	}
	return list
}

func (s *scenario) takeService(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	one, known := s.Offices.Offices().Service(t.Picked)
	if !known {
		return dialog.Unclear, nil
	}
	service.Set(t, one.Code)
	if o, named := s.Offices.Offices().Office(office.Of(t.Answers)); named {
		if len(o.Serving(one)) > 0 {
			return dialog.Next, s.lookAround(ctx, t)
		}
		office.Clear(t)
	}
	return dialog.Next, nil
}

// lookAround reads the days of the office that was chosen, and takes the day that
// was named at once if it can be booked.
func (s *scenario) lookAround(ctx context.Context, t *dialog.Turn) error {
	list, err := s.lookUp(ctx, t)
	if err != nil {
		return err
	}
	if d, ok := offered(list, wanted.Of(t.Answers)); ok {
		takeFree(t, d)
	}
	return nil
}

// offered finds a day on which something is free.
func offered(list []visit.Day, date calendar.Date) (visit.Day, bool) {
	i := slices.IndexFunc(list, func(d visit.Day) bool { return d.Date == date && len(d.Slots) > 0 })
	if i < 0 {
		return visit.Day{}, false
	}
	return list[i], true
}

// takeFree chooses a day with what is free on it.
func takeFree(t *dialog.Turn, d visit.Day) {
	day.Set(t, d.Date)
	starts := make([]time.Time, len(d.Slots))
	for i := range d.Slots {
		starts[i] = d.Slots[i].Start
	}
	slots.Set(t, starts)
}

// served are the offices that serve what was chosen: the nearest first if it is
// known where the customer is, else those of his territory.
func (s *scenario) served(t *dialog.Turn) []*visit.Office {
	directory := s.Offices.Offices()
	list := directory.Offices(audience.Of(t.Answers), territory.Of(t.Answers))
	if one, known := directory.Service(service.Of(t.Answers)); known {
		list = slices.DeleteFunc(list, func(o *visit.Office) bool { return len(o.Serving(one)) == 0 })
	}
	if order := near.Of(t.Answers); order != nil {
		slices.SortStableFunc(list, func(a, b *visit.Office) int {
			return cmp.Compare(slices.Index(order, a.Code), slices.Index(order, b.Code))
		})
	}
	return list
}

// nearestOffers is how many offices are offered to somebody whose place is known.
const nearestOffers = 3

func officeWording(t *dialog.Turn) string {
	if near.Of(t.Answers) != nil {
		return "office_near"
	}
	return "office"
}

// The choices that are not offices.
const (
	nearest = "nearest"
	all     = "all"
)

func (s *scenario) officeOptions(t *dialog.Turn) []dialog.Option {
	list, known := s.served(t), near.Of(t.Answers) != nil
	if known {
		list = list[:min(len(list), nearestOffers)]
	}
	var out []dialog.Option
	for _, o := range list {
		out = append(out, dialog.Option{ID: o.Code, Label: title(t, o)})
	}
	around := nearest
	if known {
		around = all
	}
	return append(out, dialog.Option{ID: around, Key: "office." + around, Apart: true})
}

// title is an office with its town, unless it is called after it: «Центральный»,
// Старогорск.
func title(t *dialog.Turn, o *visit.Office) string {
	office, town := in(t, o.Names), townOf(t, o)
	if bare := strings.Trim(office, "«»"); strings.Contains(in(t, o.Addresses), bare) {
		return bare
	}
	return t.Line("office.title", words.A("name", office), words.A("town", town))
}

// addressOf is an office's address, without the town that it is called after.
func addressOf(lang words.Lang, o *visit.Office) string {
	of := func(texts map[string]string) string { return cmp.Or(texts[string(lang)], texts[string(words.RU)]) }
	town := strings.Trim(of(o.Names), "«»")
	return strings.TrimSuffix(strings.TrimPrefix(of(o.Addresses), town+", "), ", "+town)
}

// townOf is the town of an office's address: it stands first in Russian, and last
// in English.
func townOf(t *dialog.Turn, o *visit.Office) string {
	address := in(t, o.Addresses)
	if t.Language() == words.EN {
		return strings.TrimSpace(address[strings.LastIndexByte(address, ',')+1:])
	}
	town, _, _ := strings.Cut(address, ",")
	return town
}

func (s *scenario) takeOffice(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case nearest:
		return dialog.To(place), nil
	case all:
		near.Clear(t)
		return dialog.To(office), nil
	}
	o := s.named(t, cmp.Or(t.Picked, t.Text))
	if o == nil {
		return dialog.Unclear, nil
	}
	office.Set(t, o.Code)
	return dialog.Next, s.lookAround(ctx, t)
}

// named finds an office by its code, or by its name or town in a text; of several
// in one town none is meant.
func (s *scenario) named(t *dialog.Turn, text string) *visit.Office {
	list := s.served(t)
	if i := slices.IndexFunc(list, func(o *visit.Office) bool { return o.Code == text }); i >= 0 {
		return list[i]
	}
	tokens := strings.Fields(words.Normalise(text))
	for _, of := range []func(o *visit.Office) string{
		func(o *visit.Office) string { return in(t, o.Names) },
		func(o *visit.Office) string { return townOf(t, o) },
	} {
		var found []*visit.Office
		for _, o := range list {
			if speaksOf(tokens, bare(of(o))) {
				found = append(found, o)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// bare are the words of a name without its quotes.
func bare(name string) []string { return strings.Fields(words.Normalise(strings.Trim(name, "«»"))) }

// speaksOf reports whether a text has every word of a name in some form: the same
// but for an ending of two letters.
func speaksOf(tokens, name []string) bool {
	return len(name) > 0 && !slices.ContainsFunc(name, func(word string) bool {
		stem := word
		if n := utf8.RuneCountInString(word); n > 4 {
			stem = string([]rune(word)[:n-2])
		}
		return !slices.ContainsFunc(tokens, func(token string) bool {
			return strings.HasPrefix(token, stem) && utf8.RuneCountInString(token) <= utf8.RuneCountInString(word)+2
		})
	})
}

func placeOptions(*dialog.Turn) []dialog.Option { return dialog.Options("place", all) }

func (s *scenario) takePlace(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == all {
		return dialog.To(office), nil
	}
	if t.Event.Kind != dialog.Location {
		return dialog.Unclear, nil
	}
	list := s.served(t)
	slices.SortStableFunc(list, func(a, b *visit.Office) int {
		return cmp.Compare(distance(*t.Event.Place, a), distance(*t.Event.Place, b))
	})
	codes := make([]string, len(list))
	for i, o := range list {
		codes[i] = o.Code
	}
	near.Set(t, codes)
	return dialog.To(office), nil
}

// earthRadius is the mean one, in kilometres.
const earthRadius = 6371

// distance is that from a place to an office along a great circle, in kilometres
// (the haversine formula).
func distance(p dialog.Place, o *visit.Office) float64 {
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	lat1, lat2 := rad(p.Latitude), rad(o.Latitude)
	dLat, dLong := lat2-lat1, rad(o.Longitude-p.Longitude)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1)*math.Cos(lat2)*math.Pow(math.Sin(dLong/2), 2)
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// takeSaid takes the office and the day that the text which opened the form
// names: «запишите меня в Каменноборск на вторник».
func (s *scenario) takeSaid(t *dialog.Turn) {
	if t.Event.Kind != dialog.Text {
		return
	}
	if o := s.named(t, t.Text); o != nil {
		office.Set(t, o.Code)
	}
	if d, ok := words.FindDay(t.Text, calendar.DateOf(t.Event.Now, s.zone)); ok {
		wanted.Set(t, d)
	}
}

// card tells of an office: where it is, when it is open, and whether it is now.
func (s *scenario) card(t *dialog.Turn, o *visit.Office) []words.Arg {
	hours := o.Hours(s.Days, s.zone)
	now := t.Line("office.closed_now")
	if at, open := hours.Closing(t.Event.Now); open {
		now = t.Line("office.open_now", words.A("until", words.Clock(at.In(hours.Zone))))
	} else if at, ok := hours.NextOpening(t.Event.Now); ok {
		now = t.Line("office.opens", words.A("day", times.Brief(t.Language(), calendar.DateOf(at, hours.Zone))), words.A("at", words.Clock(at.In(hours.Zone))))
	}
	return []words.Arg{
		words.A("office", in(t, o.Names)), words.A("address", addressOf(t.Language(), o)), words.A("note", in(t, o.Notes)),
		words.A("hours", times.Week(t.Language(), o.Week)), words.A("now", now), words.A("phone", o.Phone),
	}
}

// mapOf is the address of an office on a map.
func mapOf(o *visit.Office) string {
	degrees := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	return "https://yandex.ru/maps/?z=17&l=map&pt=" + degrees(o.Longitude) + "," + degrees(o.Latitude)
}
