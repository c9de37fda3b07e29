package knowledge

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/table"
)

// Schema lists the tables of which a Directory is made, in an order in which
// they can be filled.
func Schema() []table.Layout {
	return []table.Layout{territories, payWays, payPoints, usefulLinks, news}
}

var (
	territories = layout("territories", "code name_ru name_en place_ru place_en")
	payWays     = layout("pay_ways", "place code fee days name_ru name_en")
	payPoints   = layout("pay_points", "code territory way address_ru address_en note_ru note_en phone hours")
	usefulLinks = layout("useful_links", "place kind name_ru name_en about_ru about_en phone link")
	news        = layout("news", "slug kind territory valid_from valid_to title_ru title_en text_ru text_en")
)

func layout(name, columns string) table.Layout {
	return table.Layout{Name: name, Columns: strings.Fields(columns)}
}

// NewDirectory makes a directory of its tables. The error is of kind
// fault.Invalid and names the row that does not fit.
func NewDirectory(list []table.Table) (*Directory, error) {
	r := tableReader{Directory: &Directory{}, places: map[string]int{}}
	for _, t := range []struct {
		layout table.Layout
		read   func(*table.Row)
	}{
		// Rows name those of the tables before them.
		{territories, r.territory}, {payWays, r.payWay}, {payPoints, r.payPoint}, {usefulLinks, r.link}, {news, r.oneNews},
	} {
		if err := table.Each(list, t.layout, t.read); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(r.territories, func(a, b Territory) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(r.points, func(a, b PayPoint) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortStableFunc(r.ways, func(a, b PayWay) int { return cmp.Compare(r.places[a.Code], r.places[b.Code]) })
	slices.SortStableFunc(r.links, func(a, b Link) int { return cmp.Compare(r.places[a.Kind], r.places[b.Kind]) })
	slices.SortFunc(r.news, func(a, b News) int { return cmp.Or(b.From.Compare(a.From), cmp.Compare(a.Slug, b.Slug)) })
	return r.Directory, nil
}

type tableReader struct {
	*Directory
	places map[string]int // of ways and kinds, whose names differ
}

func (d *tableReader) territory(r *table.Row) {
	t := Territory{Code: r.Text("code"), Names: r.Texts("name"), Places: r.Texts("place")}
	if _, twice := d.Territory(t.Code); twice || !codeForm.MatchString(t.Code) || t.Names[Source] == "" {
		r.Fail(errors.New("a territory has two digits of its own, and a name"))
	}
	d.territories = append(d.territories, t)
}

// inTerritory reads a column that names a territory, or is empty.
func (d *tableReader) inTerritory(r *table.Row) string {
	code := r.Text("territory")
	if _, known := d.Territory(code); !known && code != "" {
		r.Fail(fmt.Errorf("there is no territory %q", code))
	}
	return code
}

const (
	mostFee  = 50 // per cent
	mostDays = 30
)

// fee reads per cent as hundredths of it: "1.5" is 150.
func fee(s string) (int, error) {
	v, err := strconv.ParseFloat(s, 64)
	hundredths := math.Round(v * 100)
	if err != nil || !(v >= 0 && v <= mostFee) || math.Abs(hundredths-v*100) > 1e-6 {
		return 0, fmt.Errorf("%q is no per cent between 0 and %d with two decimals at most", s, mostFee)
	}
	return int(hundredths), nil
}

func (d *tableReader) payWay(r *table.Row) {
	w := PayWay{
		Code: r.Needed("code"), Fee: table.Value(r, "fee", fee), Days: table.Number(r, "days", 0, mostDays), Names: r.Texts("name"),
	}
	if _, twice := d.PayWay(w.Code); twice || w.Names[Source] == "" {
		r.Fail(errors.New("a way to pay has a code of its own, and a name"))
	}
	d.places[w.Code] = table.Number(r, "place", 0, 1000)
	d.ways = append(d.ways, w)
}

func (d *tableReader) payPoint(r *table.Row) {
	p := PayPoint{
		Code: r.Needed("code"), Territory: d.inTerritory(r), Way: r.Text("way"), Addresses: r.Texts("address"),
		Notes: r.Texts("note"), Phone: r.Text("phone"), Week: table.Value(r, "hours", calendar.ParseWeek),
	}
	if _, known := d.PayWay(p.Way); !known {
		r.Fail(fmt.Errorf("there is no way to pay %q", p.Way))
	}
	_, twice := find(d.points, func(o PayPoint) bool { return o.Code == p.Code })
	if twice || p.Addresses[Source] == "" || p.Territory == "" {
		r.Fail(errors.New("a point has a code of its own, a territory and an address"))
	}
	d.points = append(d.points, p)
}

func (d *tableReader) link(r *table.Row) {
	l := Link{
		Kind: r.Text("kind"), Names: r.Texts("name"), About: r.Texts("about"), Phone: r.Text("phone"),
		Address: table.Value(r, "link", webAddress),
	}
	if _, twice := d.Link(l.Kind); twice || !wordForm.MatchString(l.Kind) || l.Names[Source] == "" {
		r.Fail(errors.New("a link has a kind of its own, and a name"))
	}
	d.places[l.Kind] = table.Number(r, "place", 0, 1000)
	d.links = append(d.links, l)
}

// webAddress takes what a customer's device may open.
func webAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", fmt.Errorf("%q is no address https://…", s)
	}
	return s, nil
}

func (d *tableReader) oneNews(r *table.Row) {
	n := News{
		Slug:      Slug(r.Text("slug")),
		Kind:      table.OneOf(r, "kind", TariffNews, ServiceNews, OutageNews, InfoNews, OtherNews),
		Territory: d.inTerritory(r), From: table.Value(r, "valid_from", calendar.ParseDate), To: r.Date("valid_to"),
		Titles: r.Texts("title"), Texts: r.Texts("text"),
	}
	_, twice := find(d.news, func(o News) bool { return o.Slug == n.Slug })
	if twice || !slugForm.MatchString(string(n.Slug)) || n.Titles[Source] == "" || n.Texts[Source] == "" {
		r.Fail(errors.New("news have a slug of their own, a title and a text"))
	}
	if !n.To.IsZero() && !n.From.Before(n.To) {
		r.Fail(errors.New("they end before they begin"))
	}
	d.news = append(d.news, n)
}
