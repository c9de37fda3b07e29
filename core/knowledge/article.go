package knowledge

import (
	"slices"
	"time"

	"okoshko/core/calendar"
)

// Slug names an article in every language and for ever: small Latin letters,
// digits and single dashes, at most MaxSlug characters.
type Slug string

// Limits of what an article may hold, in characters. A title fits a button, an
// answer one message of every channel.
const (
	MaxSlug  = 40
	MaxTitle = 60
	MaxAsk   = 120
	MaxBody  = 1200
	maxAsks  = 15
	maxLinks = 8 // actions, forms, and related articles
)

// Audience is whom something is for (R-5.1.2-b).
type Audience string

// The audiences. A reader whose audience is not known has none.
const (
	Individuals Audience = "fl"   // individuals
	Companies   Audience = "ul"   // legal entities
	Everybody   Audience = "both" // of an article: either
)

// Meets reports whether what is for a may be shown to a reader of audience r;
// a reader whose audience is not known is shown everything.
func (a Audience) Meets(r Audience) bool {
	return a == r || a == Everybody || r == Everybody || r == ""
}

// Category is a shelf of articles.
type Category struct {
	ID string
	// Titles by language: at most MaxTitle characters.
	Titles map[string]string
}

// Title returns the title in a language, in Russian if there is none.
func (c Category) Title(lang string) string {
	if title, ok := c.Titles[lang]; ok {
		return title
	}
	return c.Titles[Source]
}

// Source is the language in which articles are written first.
const Source = "ru"

// Article is a question with its answer in one language.
type Article struct {
	Slug     Slug
	Lang     string
	Category string // a Category's ID
	// Place orders the articles of a category.
	Place    int
	Audience Audience
	// Territories are the codes of those for which it holds; none: all.
	Territories []string
	// From and Until are the first and the last day on which it holds; zero:
	// since ever, for ever.
	From, Until calendar.Date

	// Owner is the team that answers for it, Basis the statute or rule that it
	// rests on. SourceChanged is the day on which what it tells of changed last
	// and Published when this text went out: at most a working day may lie
	// between them (R-5.2.11-a). Published is zero for what is read from a file.
	Owner         string
	Basis         string
	SourceChanged calendar.Date
	Published     time.Time
	// Version goes up with every change in a store; 0 for a file's.
	Version int

	// Asked: it is the answer to a customer's question, which was published; it stands
	// in the feed (Library.Feed) and not among the articles of its category.
	Asked bool

	// Question is the title, as it stands on buttons and in lists; Asks are
	// other ways to ask it, for the search alone.
	Question string
	Asks     []string
	// Body is the answer, in the markup of package words.
	Body string
	// Actions are what the reader may want to do next: names of scenarios and
	// commands. Forms are the categories of cases that he may then want to file, by
	// their codes (spec §5.6), the likeliest first. Related are other articles; see
	// Replaces for one of another audience.
	Actions []string
	Forms   []string
	Related []Slug
}

// Figures returns the names of the figures that the answer needs, each once,
// in alphabetical order.
func (a *Article) Figures() []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(a.Body, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Replaces reports whether the article answers for its own readers what the other
// answers for those of another audience: it names it as related, though nobody reads
// both (R-5.1.2-b).
func (a *Article) Replaces(other *Article) bool {
	return slices.Contains(a.Related, other.Slug) && !a.Audience.Meets(other.Audience)
}

// Reader is who asks, and when.
type Reader struct {
	Day calendar.Date
	// Audience and Territory are empty while they are not known: then nothing
	// is kept back for their sake.
	Audience  Audience
	Territory string
	Lang      string
	// NoMoney: he reads in a chat that carries nothing of money, so that nobody pays
	// there.
	NoMoney bool
}

// Anybody is the reader, whatever he asks for: nothing is kept back for the sake
// of an audience.
func (r Reader) Anybody() Reader {
	r.Audience = ""
	return r
}

// For reports whether the article holds for a reader.
func (a *Article) For(r Reader) bool {
	return a.Audience.Meets(r.Audience) &&
		(len(a.Territories) == 0 || r.Territory == "" || slices.Contains(a.Territories, r.Territory)) &&
		(a.From.IsZero() || !r.Day.Before(a.From)) &&
		(a.Until.IsZero() || !a.Until.Before(r.Day))
}

// Overdue reports whether the article's source changed and no text of it went
// out within a working day (R-5.2.11-a), by the working days of p and in zone.
// What was never published is overdue on the day after that working day.
func (a *Article) Overdue(p *calendar.Production, today calendar.Date, zone *time.Location) (bool, error) {
	due, err := p.Due(a.SourceChanged, calendar.Term{N: 1, Unit: calendar.WorkingDays})
	if err != nil {
		return false, err
	}
	day := today
	if !a.Published.IsZero() {
		day = calendar.DateOf(a.Published, zone)
	}
	return due.Date.Before(day), nil
}
