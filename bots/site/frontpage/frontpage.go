// Package frontpage is the front page of the demo's supplier: a believable site for
// the chat to stand on. Everything on it is fictional (spec §5), and a real
// supplier has a page of his own with the same script tag.
package frontpage

import (
	"embed"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/words"
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
	//go:embed page.js
	script []byte

	pages = template.Must(template.New("frontpage").Parse(pageFile))
)

// may is what the page does beyond being read: the widget lives on it, whose
// styles are objects, not markup.
const may = "script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'"

// Facts are the data that the page tells, as of one moment.
type Facts struct {
	Prices    *tariff.Book
	Days      *calendar.Production
	Directory *knowledge.Directory
	Offices   *visit.Directory
	Figures   Figures
}

// Figures fill placeholders from data, as they do in answers.
type Figures interface {
	Args(names []string, at time.Time, r knowledge.Reader) (args []words.Arg, missing []string)
}

// Mount adds GET / and what the page loads. now is the company's time, in its
// zone: the page speaks of this month, and of what facts say today. While
// there are none (nil) it is away.
func Mount(r fiber.Router, now func() time.Time, facts func() *Facts) {
	r.Get("/", func(c *fiber.Ctx) error {
		f := facts()
		if f == nil {
			return fiber.ErrServiceUnavailable
		}
		return page.Send(c, pages, newFront(page.Language(c), now(), f), may)
	})
	r.Get("/site/front.css", page.Asset(style, "text/css; charset=utf-8"))
	r.Get("/site/front.js", page.Asset(script, "text/javascript; charset=utf-8"))
}
