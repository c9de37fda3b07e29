package edit

import (
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/table"
)

// Why an edit is refused. All are of kind fault.Invalid but the last two, which
// are of kind fault.Conflict. One about a category is a life.UnfitError.
var (
	ErrTitle     = refusal("tables_title")     // no title, one too long, or signs that no title has
	ErrLanguage  = refusal("tables_language")  // a text is not in the letters of its language
	ErrText      = refusal("tables_text")      // the same of an explanation
	ErrCode      = refusal("tables_code")      // no code as categories, queues or fields have it
	ErrTaken     = refusal("tables_taken")     // another has the code
	ErrUnknown   = refusal("tables_unknown")   // what is named is not there
	ErrDay       = refusal("tables_day")       // it would hold too early, or in another age
	ErrKind      = refusal("tables_kind")      // there is no such kind, or the category is of another
	ErrPlace     = refusal("tables_place")     // no place in the order
	ErrField     = refusal("tables_field")     // the form asks for what is no field, or twice
	ErrNeed      = refusal("tables_need")      // a field's condition cannot be met where it stands
	ErrTerm      = refusal("tables_term")      // no term
	ErrLaw       = refusal("tables_law")       // a legal term without its law, or a law without a term
	ErrExtension = refusal("tables_extension") // it cannot be counted so, or not for this clock
	ErrMark      = refusal("tables_mark")      // no mark, one that stands twice, or nobody hears of it
	ErrDeputy    = refusal("tables_deputy")    // the deputy is no other queue
	ErrEmail     = refusal("tables_email")     // no address
	ErrSame      = refusal("tables_same")      // nothing would change
	ErrFit       = refusal("tables_fit")       // the tables would not fit together; what it wraps says how
	ErrHolds     = conflict("tables_holds")    // it holds already: another version takes its place
	ErrStale     = conflict("tables_stale")    // somebody has changed the tables meanwhile
)

func refusal(key string) *fault.Error  { return &fault.Error{Kind: fault.Invalid, Key: key} }
func conflict(key string) *fault.Error { return &fault.Error{Kind: fault.Conflict, Key: key} }

// Refusals lists them.
func Refusals() []*fault.Error {
	return []*fault.Error{
		ErrTitle, ErrLanguage, ErrText, ErrCode, ErrTaken, ErrUnknown, ErrDay, ErrKind, ErrPlace, ErrField, ErrNeed, ErrTerm, ErrLaw,
		ErrExtension, ErrMark, ErrDeputy, ErrEmail, ErrSame, ErrFit, ErrHolds, ErrStale,
	}
}

// Edit is one change of the tables.
type Edit interface {
	// write puts it into the sheet. Errors are those above.
	write(s *sheet) error
	// subject names what is edited, for the audit: "category/В-1".
	subject() string
}

// Schema lists the tables that can be edited, and those they stand on: what is
// named before what names it.
func Schema() []table.Layout { return slices.Concat(appeal.Schema(), term.Schema(), route.Schema()) }

// State is what an edit is tried on.
type State struct {
	// Tables are those of Schema.
	Tables []table.Table
	// Today is the company's day.
	Today   calendar.Date
	Counter term.Counter
}

// Row is a row that an edit writes, by the columns of its table: After takes the
// place of Before. Either may be nil.
type Row struct {
	Layout        table.Layout
	Before, After []string
}

// Change is what an edit does.
type Change struct {
	Rows    []Row
	Subject string
	// Before and After are the cells that change, by table and column, for people.
	Before, After map[string]string
	Impact
}

// Try returns what an edit would do. Errors are those of this package,
// life.UnfitError, and calendar.ErrUnpublished for a day of which the calendar is
// not known.
func Try(now State, e Edit) (Change, error) {
	before, err := read(now.Tables, now.Counter)
	if err != nil {
		return Change{}, err
	}
	s := &sheet{today: now.Today, books: before, tables: clone(now.Tables)}
	if err := e.write(s); err != nil {
		return Change{}, err
	}
	rows := s.diff(now.Tables)
	if len(rows) == 0 {
		return Change{}, ErrSame
	}
	after, err := read(s.tables, now.Counter)
	if err != nil {
		return Change{}, &fault.Error{Kind: fault.Invalid, Key: ErrFit.Key, Err: err}
	}
	for _, day := range days(s.tables, now.Today) {
		if err := after.machine.Check(after.routes, day); err != nil {
			return Change{}, err
		}
	}
	c := Change{Rows: rows, Subject: e.subject()}
	c.Before, c.After = cells(rows, now.Tables)
	c.Impact, err = impact(now, s, before, after)
	return c, err
}

// books are the tables, read.
type books struct {
	forms   *appeal.Book
	terms   *term.Book
	routes  *route.Book
	machine *life.Machine
}

func read(list []table.Table, c term.Counter) (b books, err error) {
	if b.forms, err = appeal.New(list); err != nil {
		return b, err
	}
	if b.terms, err = term.New(list); err != nil {
		return b, err
	}
	if b.routes, err = route.New(list); err != nil {
		return b, err
	}
	b.machine = &life.Machine{Forms: b.forms, Routes: b.routes, Terms: b.terms, Counter: c}
	return b, nil
}

// days are those on which the tables must fit together: today, and every later one
// on which something begins to hold.
func days(list []table.Table, today calendar.Date) []calendar.Date {
	out := []calendar.Date{today}
	for _, t := range list {
		i := slices.Index(t.Columns, "valid_from")
		if i < 0 {
			continue
		}
		for _, row := range t.Rows {
			if d, err := calendar.ParseDate(row[i]); err == nil && today.Before(d) && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, calendar.Date.Compare)
	return out
}
