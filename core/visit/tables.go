package visit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/table"
)

// Schema lists the tables of which a Directory is made.
func Schema() []table.Layout {
	return []table.Layout{offices, exceptions, services, windows, shuttings, ruleTable}
}

var (
	offices = layout("offices", "code territory audience windows ramp name_ru name_en address_ru address_en note_ru note_en "+
		"phone hours sanitary zone latitude longitude")
	exceptions = layout("office_exceptions", "office first_day last_day hours reason_ru reason_en")
	services   = layout("visit_services", "place code audience minutes name_ru name_en bring_ru bring_en")
	windows    = layout("office_windows", "office number services first_day last_day")
	shuttings  = layout("office_shuttings", "office number first_day last_day hours reason_ru reason_en")
	ruleTable  = layout("visit_rules", "name value")
)

func layout(name, columns string) table.Layout {
	return table.Layout{Name: name, Columns: strings.Fields(columns)}
}

// Directory is all offices and what they do. It is immutable.
type Directory struct {
	offices  []Office  // by their codes
	services []Service // in the order in which they are offered
	rules    []Rule
}

// New makes a directory of its tables. The error is of kind fault.Invalid and
// names the row that does not fit.
func New(list []table.Table) (*Directory, error) {
	r := reader{Directory: &Directory{rules: slices.Clone(standard)}, places: map[string]int{}}
	err := errors.Join(
		table.Each(list, offices, r.office),
		table.Each(list, services, r.service),
		table.Each(list, ruleTable, r.rule),
	)
	// Exceptions name offices; windows name services, too.
	if err == nil {
		err = errors.Join(table.Each(list, exceptions, r.exception), table.Each(list, windows, r.window))
	}
	if err == nil {
		err = table.Each(list, shuttings, r.shutting)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(r.offices, func(a, b Office) int { return cmp.Compare(a.Code, b.Code) })
	for i := range r.offices {
		slices.SortFunc(r.offices[i].Exceptions, func(a, b Exception) int { return a.First.Compare(b.First) })
	}
	slices.SortStableFunc(r.services, func(a, b Service) int { return cmp.Compare(r.places[a.Code], r.places[b.Code]) })
	return r.Directory, nil
}

// Offices returns those that serve a reader of the audience (all if it is not
// known), those of his territory first. They are the directory's own.
func (d *Directory) Offices(audience knowledge.Audience, territory string) []*Office {
	var own, others []*Office
	for i := range d.offices {
		switch o := &d.offices[i]; {
		case !o.Audience.Meets(audience):
		case territory != "" && o.Territory == territory:
			own = append(own, o)
		default:
			others = append(others, o)
		}
	}
	return append(own, others...)
}

// Office returns an office by its code.
func (d *Directory) Office(code string) (o *Office, found bool) {
	i := slices.IndexFunc(d.offices, func(o Office) bool { return o.Code == code })
	if i < 0 {
		return nil, false
	}
	return &d.offices[i], true
}

// Services returns what somebody of the audience (anybody if it is not known)
// can book.
func (d *Directory) Services(audience knowledge.Audience) []Service {
	var list []Service
	for _, s := range d.services {
		if s.Audience.Meets(audience) {
			list = append(list, s)
		}
	}
	return list
}

// Service returns a service by its code.
func (d *Directory) Service(code string) (s Service, found bool) {
	i := slices.IndexFunc(d.services, func(s Service) bool { return s.Code == code })
	if i < 0 {
		return Service{}, false
	}
	return d.services[i], true
}

type reader struct {
	*Directory
	places map[string]int
}

var audiences = []knowledge.Audience{knowledge.Individuals, knowledge.Companies, knowledge.Everybody}

const mostWindows = 200

func (d *reader) office(r *table.Row) {
	o := Office{
		Code: r.Needed("code"), Territory: r.Text("territory"), Audience: table.OneOf(r, "audience", audiences...),
		Windows: table.Number(r, "windows", 1, mostWindows), Ramp: table.Value(r, "ramp", strconv.ParseBool),
		Names: r.Texts("name"), Addresses: r.Texts("address"), Notes: r.Texts("note"), Phone: r.Text("phone"),
		Week:     table.Value(r, "hours", calendar.ParseWeek),
		Latitude: degrees(r, "latitude", 90), Longitude: degrees(r, "longitude", 180),
	}
	if s := r.Text("sanitary"); s != "" {
		o.Sanitary = table.Value(r, "sanitary", calendar.ParseDays)
	}
	if s := r.Text("zone"); s != "" {
		o.Zone = table.Value(r, "zone", time.LoadLocation)
	}
	if _, twice := d.Office(o.Code); twice {
		r.Fail(fmt.Errorf("office %s stands twice", o.Code))
	}
	if o.Names["ru"] == "" || o.Addresses["ru"] == "" {
		r.Fail(errors.New("an office has a name and an address"))
	}
	d.offices = append(d.offices, o)
}

// degrees reads an angle that is at most so large either way.
func degrees(r *table.Row, column string, most float64) float64 {
	v := table.Value(r, column, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
	if !(v >= -most && v <= most) { // what is no number is refused, too
		r.Fail(fmt.Errorf("%s: %v is no such angle", column, v))
	}
	return v
}

func (d *reader) exception(r *table.Row) {
	e := Exception{
		First: table.Value(r, "first_day", calendar.ParseDate), Last: table.Value(r, "last_day", calendar.ParseDate),
		Spans: table.Value(r, "hours", calendar.ParseSpans), Reasons: r.Texts("reason"),
	}
	o, known := d.Office(r.Text("office"))
	if !known {
		r.Fail(fmt.Errorf("there is no office %q", r.Text("office")))
		return
	}
	changed, err := o.With(e)
	if err != nil {
		r.Fail(err)
		return
	}
	*o = *changed
}

// window reads what a window serves that does not serve everything, or always.
func (d *reader) window(r *table.Row) {
	o, known := d.Office(r.Text("office"))
	if !known {
		r.Fail(fmt.Errorf("there is no office %q", r.Text("office")))
		return
	}
	w := Window{
		Number: table.Number(r, "number", 1, o.Windows), Services: strings.Fields(r.Text("services")),
		First: r.Date("first_day"), Last: r.Date("last_day"),
	}
	if err := d.checkWindow(w); err != nil {
		r.Fail(err)
	}
	if slices.ContainsFunc(o.Special, func(other Window) bool { return other.Number == w.Number }) {
		r.Fail(fmt.Errorf("window %d stands twice", w.Number))
	}
	o.Special = append(o.Special, w)
	slices.SortFunc(o.Special, func(a, b Window) int { return cmp.Compare(a.Number, b.Number) })
}

// shutting reads when a window receives nobody.
func (d *reader) shutting(r *table.Row) {
	o, known := d.Office(r.Text("office"))
	if !known {
		r.Fail(fmt.Errorf("there is no office %q", r.Text("office")))
		return
	}
	changed, err := o.WithShut(Shutting{
		Window: table.Number(r, "number", 1, o.Windows),
		First:  table.Value(r, "first_day", calendar.ParseDate), Last: table.Value(r, "last_day", calendar.ParseDate),
		Spans: table.Value(r, "hours", calendar.ParseSpans), Reasons: r.Texts("reason"),
	})
	if err != nil {
		r.Fail(err)
		return
	}
	*o = *changed
}

const (
	shortestVisit = 5
	longestVisit  = 4 * 60
)

func (d *reader) service(r *table.Row) {
	s := Service{
		Code: r.Needed("code"), Audience: table.OneOf(r, "audience", audiences...),
		Length: time.Duration(table.Number(r, "minutes", shortestVisit, longestVisit)) * time.Minute,
		Names:  r.Texts("name"), Bring: r.Texts("bring"),
	}
	if _, twice := d.places[s.Code]; twice || s.Names["ru"] == "" {
		r.Fail(errors.New("a service has a code of its own, and a name"))
	}
	d.places[s.Code] = table.Number(r, "place", 0, 1000)
	d.services = append(d.services, s)
}
