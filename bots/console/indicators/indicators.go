// Package indicators is the part of the console in which a supervisor looks at how
// well the company answers (R-5.1.2-m): by kind, category, queue or territory, for
// a month, a quarter or a year, on the page and for spreadsheets.
package indicators

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal/indicator"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/staff"
	"okoshko/core/table"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/indicators"
)

// By is what cases are grouped by.
type By string

// The groupings.
const (
	Kind      By = "kind"
	Category  By = "category"
	Queue     By = "queue"
	Territory By = "territory"
)

// Groupings lists them.
func Groupings() []By { return []By{Kind, Category, Queue, Territory} }

// Row is the indicators of a group with its names, by language.
type Row struct {
	indicator.Row
	Names map[string]string
}

// Config is what the part stands on.
type Config struct {
	// Count counts the cases that were answered in a period; all is the row of all
	// together. Groups come in the order in which they are to be shown.
	Count func(ctx context.Context, p indicator.Period, by By) (all indicator.Row, groups []Row, err error)
	Zone  *time.Location
	Now   func() time.Time
	Log   *slog.Logger
}

// Part is the part.
type Part struct{ Config }

// New returns the part.
func New(c Config) *Part { return &Part{c} }

// Doors lists its addresses, for the console.
func (p *Part) Doors() []console.Door {
	return []console.Door{
		console.NewDoor("GET", "/indicators", staff.WatchCases, p.show),
		console.NewDoor("GET", "/indicators.csv", staff.WatchCases, p.sheet),
	}
}

// row is a row as the page reads it: shares in thousandths, times in minutes, the
// mean of ratings in hundredths; what is nothing's is null.
type row struct {
	Group    string            `json:"group"`
	Names    map[string]string `json:"names"`
	Answered int               `json:"answered"`
	Due      int               `json:"due"` // answered in term, or not answered when it ended
	InTime   int               `json:"in_time"`
	Share    *int              `json:"share"`
	Extended int               `json:"extended"`
	Median   int               `json:"median"`
	Tenth    int               `json:"tenth"`
	Rated    int               `json:"rated"`
	Rating   *int              `json:"rating"`
}

func shown(r indicator.Row, names map[string]string) row {
	out := row{
		Group: r.Group, Names: names, Answered: r.Answered, Due: r.InTime.Whole, InTime: r.InTime.Part, Extended: r.Extended,
		Median: int(r.Median / time.Minute), Tenth: int(r.Tenth / time.Minute), Rated: r.Rated,
	}
	if n, ok := r.InTime.PerMille(); ok {
		out.Share = &n
	}
	if n, ok := r.Rating(); ok {
		out.Rating = &n
	}
	return out
}

// period is one to choose, with its names.
type period struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
}

// show answers what the page shows.
func (p *Part) show(c *fiber.Ctx) error {
	chosen, by, err := p.read(c)
	if err != nil {
		return console.Fail(c, p.Log, err, nil)
	}
	all, groups, err := p.Count(c.UserContext(), chosen, by)
	if err != nil {
		return console.Fail(c, p.Log, err, nil)
	}
	rows := []row{}
	for _, g := range groups {
		rows = append(rows, shown(g.Row, g.Names))
	}
	periods := []period{}
	for _, one := range indicator.Periods(p.today()) {
		periods = append(periods, period{one.String(), words.InEach(func(l words.Lang) string { return said.Period(l, one) })})
	}
	return c.JSON(fiber.Map{"period": chosen.String(), "by": by, "all": shown(all, nil), "rows": rows, "periods": periods})
}

// sheet answers the same for spreadsheets.
func (p *Part) sheet(c *fiber.Ctx) error {
	chosen, by, err := p.read(c)
	if err != nil {
		return console.Fail(c, p.Log, err, nil)
	}
	all, groups, err := p.Count(c.UserContext(), chosen, by)
	if err != nil {
		return console.Fail(c, p.Log, err, nil)
	}
	lang := words.ParseLang(c.Query("lang"))
	cells := [][]string{said.Cells(lang, said.All(lang), all)}
	for _, g := range groups {
		cells = append(cells, said.Cells(lang, g.Names[string(lang)], g.Row))
	}
	var b bytes.Buffer
	if err := table.WriteCSV(&b, said.Heads(lang, said.By(lang, string(by))), cells); err != nil {
		return console.Fail(c, p.Log, fault.Wrap(fault.Internal, err), nil)
	}
	c.Attachment("indicators-" + chosen.String() + "-" + string(by) + ".csv")
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	return c.Send(b.Bytes())
}

// read reads what is wanted: the month that is running by kind, unless it is said.
func (p *Part) read(c *fiber.Ctx) (chosen indicator.Period, by By, err error) {
	today := p.today()
	chosen, by = indicator.Period{Year: today.Year, Month: today.Month}, By(c.Query("by", string(Kind)))
	if s := c.Query("period"); s != "" {
		if chosen, err = indicator.ParsePeriod(s); err != nil {
			return chosen, by, err
		}
	}
	if !slices.Contains(Groupings(), by) {
		return chosen, by, indicator.ErrPeriod
	}
	return chosen, by, nil
}

func (p *Part) today() calendar.Date { return calendar.DateOf(p.Now(), p.Zone) }
