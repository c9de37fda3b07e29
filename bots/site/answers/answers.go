// Package answers shows the answers of the library to everybody, each on a page of
// its own: where letters and colleagues' messages point to (R-5.2.6-c), and what
// search engines find. Texts and figures are those of the chat, for a reader of whom
// nothing is known; an answer that was withdrawn or does not hold any more is gone.
package answers

import (
	"embed"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/etag"

	"okoshko/bots/site/page"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Words is what the pages say.
var Words = words.Must(texts)

var (
	//go:embed page.html
	pageFile string
	//go:embed page.css
	style []byte

	pages = template.Must(template.New("answers").Parse(pageFile))
)

// Path is where all answers are listed; the name of one follows it.
const Path = "/answers"

const (
	stylePath = "/site/answers.css"
	may       = "form-action 'none'"
	// The parameters that choose the answers to customers, a topic, and an office whose payment points are shown.
	feedKey      = "of"
	customers    = "customers"
	topicKey     = "topic"
	territoryKey = "near"
)

// Content is what answers are made of, as of one moment.
type Content interface {
	Library() *knowledge.Library
	Offices() *visit.Directory
	// Body is the text of an article of the library, with the figures of a moment.
	Body(a *knowledge.Article, at time.Time, r knowledge.Reader) []chat.Block
	// Local reports whether the text depends on the reader's territory.
	Local(a *knowledge.Article) bool
}

// Config is what the pages stand on.
type Config struct {
	// Content returns the newest, nil before the first.
	Content func() Content
	// Links are the ways into the chat to what an answer leads to.
	Links func(a *knowledge.Article, lang words.Lang) []dialog.Link
	// Public is the address of this site, Chat that of another page on which the chat
	// stands, empty if it is this site's own.
	Public, Chat string
	Brand        map[words.Lang]string
	Now          func() time.Time // the company's time, in its zone
}

// Address returns where everybody can read an answer, in the language of the reader
// to whom it is given.
func Address(public string, slug knowledge.Slug, lang words.Lang) string {
	return page.Absolute(public, Path+"/"+string(slug), lang)
}

// Mount adds the pages. Caches may keep them, and have to ask before each use
// whether they still hold.
func Mount(r fiber.Router, c Config) {
	r.Get(stylePath, page.Asset(style, "text/css; charset=utf-8"))
	asked := etag.New()
	r.Get(Path, asked, func(ctx *fiber.Ctx) error { return c.list(ctx) })
	r.Get(Path+"/:slug", asked, func(ctx *fiber.Ctx) error { return c.answer(ctx) })
}

// list shows the questions of all topics, or of one; or, of either, the answers to
// customers' questions, the newest first (R-5.1.2-p).
func (c *Config) list(ctx *fiber.Ctx) error {
	v := c.view(ctx, all)
	if v.content == nil {
		return c.later(ctx, v)
	}
	library := v.content.Library()
	chosen, found := library.Category(ctx.Query(topicKey))
	switch {
	case ctx.Query(feedKey) == customers && len(library.Feed("", v.reader)) > 0:
		v.State, v.path = feed, feedPath("")
		if found && len(library.Feed(chosen.ID, v.reader)) > 0 {
			v.topic, v.path = &chosen, feedPath(chosen.ID)
		}
	case found && len(library.In(chosen.ID, v.reader))+len(library.Feed(chosen.ID, v.reader)) > 0:
		v.State, v.topic, v.path = topic, &chosen, topicPath(chosen)
	}
	return page.Share(ctx, pages, v, may)
}

// answer shows one.
func (c *Config) answer(ctx *fiber.Ctx) error {
	v := c.view(ctx, one)
	if v.content == nil {
		return c.later(ctx, v)
	}
	a, found := v.content.Library().Article(knowledge.Slug(ctx.Params("slug")), v.reader)
	if !found {
		v.State = gone
		return page.Send(ctx.Status(fiber.StatusNotFound), pages, v, may)
	}
	v.article, v.path = a, Path+"/"+string(a.Slug)
	if v.content.Local(a) {
		v.near(ctx.Query(territoryKey))
	}
	return page.Share(ctx, pages, v, may)
}

// later asks to come again: nothing was read yet.
func (c *Config) later(ctx *fiber.Ctx, v *view) error {
	v.State = away
	ctx.Set(fiber.HeaderRetryAfter, "60")
	return page.Send(ctx.Status(fiber.StatusServiceUnavailable), pages, v, may)
}

func (c *Config) view(ctx *fiber.Ctx, s state) *view {
	v := &view{Config: c, State: s, Lang: page.Language(ctx), path: Path, content: c.Content(), now: c.Now()}
	v.reader = knowledge.Reader{Day: calendar.DateOf(v.now, v.now.Location()), Lang: string(v.Lang)}
	return v
}
