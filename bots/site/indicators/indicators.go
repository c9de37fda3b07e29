// Package indicators is the public page on how well the company answers
// (R-5.1.2-m): what share of cases is answered in term, how long it takes, what
// customers think of the answers, how fresh the pages are; by month, quarter or
// year, on the page and for spreadsheets.
package indicators

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"fmt"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/core/calendar"
	"okoshko/core/table"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/indicators"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Words is what the page says.
var Words = words.Must(texts)

var (
	//go:embed page.html
	pageFile string
	//go:embed page.css
	style []byte

	pages = template.Must(template.New("indicators").Parse(pageFile))
)

// Figures are the indicators of a period.
type Figures struct {
	// All counts every case, Kinds those of each kind by its code.
	All   indicator.Row
	Kinds []indicator.Row
	// Called are the kinds in their order, with their names.
	Called []appeal.Called
	// Fresh is the share of pages that followed in term what they tell of.
	Fresh indicator.Share
	// At is when they were counted.
	At time.Time
}

// Source counts the indicators of a period.
type Source func(ctx context.Context, p indicator.Period) (Figures, error)

// Path is where the page is; the same with CSV at its end is for spreadsheets.
const (
	Path = "/indicators"
	CSV  = ".csv"
)

// Mount adds the page. now is the company's time, in its zone.
func Mount(r fiber.Router, now func() time.Time, source Source) {
	r.Get(Path, func(c *fiber.Ctx) error {
		v, err := read(c, now(), source)
		if err != nil {
			return err
		}
		return page.Send(c, pages, v, "form-action 'none'")
	})
	r.Get(Path+CSV, func(c *fiber.Ctx) error {
		v, err := read(c, now(), source)
		if err != nil {
			return err
		}
		return v.send(c)
	})
	r.Get(Path+"/page.css", page.Asset(style, "text/css; charset=utf-8"))
}

// periodKey is the parameter that chooses the period.
const periodKey = "period"

// read reads the request and counts. A period that is none is the month that is
// running: whoever follows an old address sees the page.
func read(c *fiber.Ctx, now time.Time, source Source) (*view, error) {
	today := calendar.DateOf(now, now.Location())
	p, err := indicator.ParsePeriod(c.Query(periodKey))
	if err != nil || p.First().Compare(today) > 0 {
		p = indicator.Period{Year: today.Year, Month: today.Month}
	}
	f, err := source(c.UserContext(), p)
	if err != nil {
		return nil, err
	}
	return &view{Lang: page.Language(c), now: now, period: p, figures: f}, nil
}

// view is what the template sees.
type view struct {
	Lang    words.Lang
	now     time.Time
	period  indicator.Period
	figures Figures
}

// Say is a line of the catalogue.
func (v *view) Say(key string) string { return Words.Line(v.Lang, key) }

// Title names the page and its period.
func (v *view) Title() string {
	return Words.Line(v.Lang, "title_of", words.A("period", said.Period(v.Lang, v.period)))
}

// Other is the address of the page in the other language.
func (v *view) Other() string {
	other := words.EN
	if v.Lang == words.EN {
		other = words.RU
	}
	return v.address("", v.period, other)
}

func (v *view) address(end string, p indicator.Period, l words.Lang) string {
	return page.In(Path+end+"?"+periodKey+"="+p.String(), l)
}

// choice is a period to choose.
type choice struct {
	Name, Address string
	Chosen        bool
}

// Kind is the head of the column of names.
func (v *view) Kind() string { return said.By(v.Lang, "kind") }

// Periods are those to choose from: months, quarters, years, a row each.
func (v *view) Periods() [][]choice {
	rows := make([][]choice, 3)
	for _, p := range indicator.Periods(calendar.DateOf(v.now, v.now.Location())) {
		n := 2
		switch {
		case p.Month > 0:
			n = 0
		case p.Quarter > 0:
			n = 1
		}
		rows[n] = append(rows[n], choice{said.Period(v.Lang, p), v.address("", p, v.Lang), p == v.period})
	}
	return rows
}

// Sheet is the address of the spreadsheet.
func (v *view) Sheet() string { return v.address(CSV, v.period, v.Lang) }

// Any reports whether there is anything to be counted.
func (v *view) Any() bool { return v.figures.All.InTime.Whole+v.figures.All.Answered > 0 }

// nothing stands where there is nothing to be counted.
const nothing = "–"

// row is a line of the table.
type row struct {
	Name, Answered, Share, Median, Tenth, Rating string
	// Width is the share as the length of a bar: "98.3%".
	Width string
}

// All is the line of all cases together.
func (v *view) All() row { return v.row("", v.figures.All) }

// Kinds are the lines of the kinds, in their order.
func (v *view) Kinds() (list []row) {
	for _, kind := range v.figures.Called {
		for _, r := range v.figures.Kinds {
			if r.Group == string(kind.Kind) {
				list = append(list, v.row(kind.Names[string(v.Lang)], r))
			}
		}
	}
	return list
}

func (v *view) row(name string, r indicator.Row) row {
	line := row{
		Name: name, Answered: words.Show(v.Lang, r.Answered), Share: cmp.Or(said.Share(v.Lang, r.InTime), nothing),
		Median: nothing, Tenth: nothing, Rating: said.Rating(v.Lang, r), Width: width(r.InTime),
	}
	if r.Answered > 0 {
		line.Median, line.Tenth = said.Took(v.Lang, r.Median), said.Took(v.Lang, r.Tenth)
	}
	return line
}

// width is a share as the length of a bar.
func width(s indicator.Share) string {
	n, _ := s.PerMille()
	return fmt.Sprintf("%d.%d%%", n/10, n%10)
}

// Fresh says how fresh the pages are, "" if nothing was to be renewed.
func (v *view) Fresh() string { return said.Share(v.Lang, v.figures.Fresh) }

// Counted says when it was counted.
func (v *view) Counted() string {
	return Words.Line(v.Lang, "counted", words.A("at", words.Moment(v.figures.At.In(v.now.Location()))))
}

// send writes the spreadsheet.
func (v *view) send(c *fiber.Ctx) error {
	cells := [][]string{said.Cells(v.Lang, said.All(v.Lang), v.figures.All)}
	for _, kind := range v.figures.Called {
		for _, r := range v.figures.Kinds {
			if r.Group == string(kind.Kind) {
				cells = append(cells, said.Cells(v.Lang, kind.Names[string(v.Lang)], r))
			}
		}
	}
	var b bytes.Buffer
	if err := table.WriteCSV(&b, said.Heads(v.Lang, v.Kind()), cells); err != nil {
		return err
	}
	c.Attachment("indicators-" + v.period.String() + CSV)
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(b.Bytes())
}
