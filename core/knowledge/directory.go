package knowledge

import (
	"okoshko/core/calendar"
)

// Territory is a part of the supplier's region. Texts are by language.
type Territory struct {
	Code   string
	Names  map[string]string
	Places map[string]string // the town or district, as people call it
}

// PayInChat is the code of the PayWay that the chat itself is: for individuals, where
// the channel carries money (R-5.1.3-e).
const PayInChat = "chat"

// PayWay is a way to pay (R-5.1.2-s).
type PayWay struct {
	Code string
	// Fee is the commission in hundredths of a per cent of the sum; 0: none.
	Fee int
	// Days is in how many working days the money is credited at the latest.
	Days  int
	Names map[string]string
}

// PayPoint is a place where people pay.
type PayPoint struct {
	Code, Territory string
	Way             string // a PayWay's code
	Addresses       map[string]string
	Notes           map[string]string // empty where there is nothing to tell
	Phone           string            // empty for a machine
	Week            calendar.Week
}

// Link is an organisation that customers may need instead of us, or beside us
// (R-5.1.2-w).
type Link struct {
	Kind  string // grid, gas, social…
	Names map[string]string
	// About is what it answers for.
	About   map[string]string
	Phone   string
	Address string // in the web, https://…
}

// NewsKind is what news are about (R-5.1.2-r).
type NewsKind string

// The kinds of news.
const (
	TariffNews  NewsKind = "tariff"
	ServiceNews NewsKind = "service"
	OutageNews  NewsKind = "outage"
	InfoNews    NewsKind = "info"
	OtherNews   NewsKind = "other"
)

// News is something that happened, or will. Its text is plain.
type News struct {
	Slug      Slug
	Kind      NewsKind
	Territory string // empty: everywhere
	// From is the first day on which it is shown, To the first on which it is no
	// longer; zero: for ever.
	From, To calendar.Date
	Titles   map[string]string
	Texts    map[string]string
}

// Directory is what the company tells beside articles. It is immutable, and so
// is what its methods return.
type Directory struct {
	territories []Territory
	ways        []PayWay
	points      []PayPoint
	links       []Link
	news        []News
}

// Territories returns all of them by their codes.
func (d *Directory) Territories() []Territory { return d.territories }

// Territory returns a territory by its code.
func (d *Directory) Territory(code string) (Territory, bool) {
	return find(d.territories, func(t Territory) bool { return t.Code == code })
}

// PayWays returns the ways to pay in the order in which they are offered.
func (d *Directory) PayWays() []PayWay { return d.ways }

// PayWay returns a way to pay by its code.
func (d *Directory) PayWay(code string) (PayWay, bool) {
	return find(d.ways, func(w PayWay) bool { return w.Code == code })
}

// PayPoints returns the points of a territory, or all if there is none in it or
// it is not known.
func (d *Directory) PayPoints(territory string) []PayPoint {
	var own []PayPoint
	for _, p := range d.points {
		if p.Territory == territory {
			own = append(own, p)
		}
	}
	if len(own) == 0 {
		return d.points
	}
	return own
}

// Links returns the organisations in the order in which they are listed.
func (d *Directory) Links() []Link { return d.links }

// Link returns an organisation by its kind.
func (d *Directory) Link(kind string) (Link, bool) {
	return find(d.links, func(l Link) bool { return l.Kind == kind })
}

// News returns what is shown on a day to somebody in a territory (anywhere, if
// it is not known), the newest first.
func (d *Directory) News(day calendar.Date, territory string) []News {
	var list []News
	for _, n := range d.news {
		if !day.Before(n.From) && (n.To.IsZero() || day.Before(n.To)) &&
			(n.Territory == "" || territory == "" || n.Territory == territory) {
			list = append(list, n)
		}
	}
	return list
}

func find[T any](list []T, is func(T) bool) (v T, found bool) {
	for _, v := range list {
		if is(v) {
			return v, true
		}
	}
	return v, false
}
