// Package inbox shows what the demo has sent to phones and mailboxes, which
// belong to nobody: a page instead of a phone.
package inbox

import (
	"embed"
	"html/template"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/chat"
	"okoshko/core/notice"
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
	//go:embed page.js
	script []byte

	pages = template.Must(template.New("inbox").Parse(pageFile))
)

// Item is something that has arrived. One with files has an ID of its own.
type Item struct {
	ID, To, Subject, Text string
	Files                 []notice.Enclosure
	At                    time.Time
}

// Kind says which of the two pages.
type Kind string

// The pages.
const (
	Phone   Kind = "sms"
	Mailbox Kind = "mail"
)

// Mount adds the page at path, with what it loads below. list returns the newest
// first; times are shown in zone.
func Mount(r fiber.Router, path string, kind Kind, zone *time.Location, list func() []Item) {
	r.Get(path, func(c *fiber.Ctx) error { return show(c, path, kind, zone, list()) })
	r.Get(path+"/file", func(c *fiber.Ctx) error { return sendFile(c, list()) })
	r.Get(path+"/page.css", page.Asset(style, "text/css; charset=utf-8"))
	r.Get(path+"/page.js", page.Asset(script, "text/javascript; charset=utf-8"))
}

// may is what the page does beyond being read: it looks for news.
const may = "script-src 'self'; connect-src 'self'; form-action 'none'"

func show(c *fiber.Ctx, path string, kind Kind, zone *time.Location, items []Item) error {
	p := &box{Lang: page.Language(c), Path: path, Kind: kind, zone: zone}
	for _, i := range items {
		p.Items = append(p.Items, shown{Item: i, box: p})
	}
	return page.Send(c, pages, p, may)
}

// sendFile gives out a file of a letter, always to be saved: whoever wrote the
// letter may have enclosed a page.
func sendFile(c *fiber.Ctx, items []Item) error {
	id, n := c.Query("of"), c.QueryInt("n", -1)
	for _, i := range items {
		if id != "" && i.ID == id && n >= 0 && n < len(i.Files) {
			f := i.Files[n]
			c.Attachment(f.Name)
			c.Set(fiber.HeaderContentType, f.Media)
			c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
			c.Set(fiber.HeaderContentSecurityPolicy, "sandbox")
			c.Set(fiber.HeaderCacheControl, "no-store")
			return c.Send(f.Data)
		}
	}
	return fiber.ErrNotFound
}

// box is what the template sees.
type box struct {
	Lang  words.Lang
	Path  string
	Kind  Kind
	Items []shown
	zone  *time.Location
}

// Title, Empty and Note are the page's words.
func (p *box) Title() string {
	if p.Kind == Phone {
		return Words.Line(p.Lang, "sms.title")
	}
	return Words.Line(p.Lang, "mail.title")
}

func (p *box) Empty() string {
	if p.Kind == Phone {
		return Words.Line(p.Lang, "sms.empty")
	}
	return Words.Line(p.Lang, "mail.empty")
}

func (p *box) Note() string { return Words.Line(p.Lang, "note") }

// shown is an item as the template sees it.
type shown struct {
	Item
	box *box
}

// When is the time of arrival.
func (s shown) When() string {
	return Words.Line(s.box.Lang, "when", words.A("at", words.Moment(s.At.In(s.box.zone))))
}

// Part is a run of an item's text: plain, a code, or an address.
type Part struct {
	Text       string
	Code, Link bool
}

// secret is a code of six digits that stands for itself: no number of a case and no
// end of an account's.
var secret = regexp.MustCompile(`(?:^|[\s(«"])([0-9]{6})(?:$|[\s.,;:!?)»"])`)

// Paragraphs returns the text, its codes and addresses apart, for they are what it
// was sent for.
func (s shown) Paragraphs() [][]Part {
	var out [][]Part
	for paragraph := range strings.SplitSeq(s.Text, "\n") {
		if paragraph == "" {
			continue
		}
		var parts []Part
		for _, span := range chat.Linked(paragraph).Spans {
			if span.Link != "" {
				parts = append(parts, Part{Text: span.Text, Link: true})
				continue
			}
			at := 0
			for _, m := range secret.FindAllStringSubmatchIndex(span.Text, -1) {
				parts = append(parts, Part{Text: span.Text[at:m[2]]}, Part{Text: span.Text[m[2]:m[3]], Code: true})
				at = m[3]
			}
			parts = append(parts, Part{Text: span.Text[at:]})
		}
		out = append(out, parts)
	}
	return out
}
