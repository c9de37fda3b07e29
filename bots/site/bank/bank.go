// Package bank is the page of the demo's bank, on which no money moves: where a
// customer pays, is refused or lets the time run out, and where a clerk gives the
// money back or sends a notification once more.
package bank

import (
	"embed"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/billing/money"
	"okoshko/core/fault"
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

	pages = template.Must(template.New("bank").Parse(pageFile))
	lists = template.Must(template.Must(pages.Clone()).Parse(`{{template "list" .}}`))
	sheet = template.Must(template.Must(pages.Clone()).Parse(`{{template "sheet" .}}`))
)

// Payment is an order as the bank knows it.
type Payment struct {
	// Token names it in the address of its page.
	Token   string
	Number  string // as it is printed
	Account string // masked; "" if it is for a case
	Case    string // the number of the case
	Sum     money.Kopecks
	State   string // open, paid, refused, expired, refunded
	At      time.Time
	Until   time.Time
	Return  string // where it leads back to; "": nowhere
	// Told is how often notifications were sent, Heard whether the last was taken.
	Told  int
	Heard bool
}

// The acts on a payment.
const (
	Pay    = "pay"
	Refuse = "refuse"
	Expire = "expire"
	Refund = "refund"
	Again  = "again"
)

// acts are those that each state offers.
var acts = map[string][]string{
	"open": {Pay, Refuse, Expire}, "refused": {Pay, Again}, "paid": {Refund, Again}, "expired": {Again}, "refunded": {Again},
}

// Counter is the bank behind the page.
type Counter interface {
	// Payments returns the newest first.
	Payments() []Payment
	// Payment returns the one of a page's token; false if there is none.
	Payment(token string) (Payment, bool)
	// Act does one of the acts. The error is Conflict if its state does not allow
	// it any more, NotFound.
	Act(token, act string) error
}

// Bank is the pages.
type Bank struct {
	counter Counter
	payee   map[words.Lang]string
	zone    *time.Location
	path    string
}

// New returns the pages; payee is who is paid, times are shown in zone.
func New(c Counter, payee map[words.Lang]string, zone *time.Location) *Bank {
	return &Bank{counter: c, payee: payee, zone: zone}
}

// may is what the pages do beyond being read: forms come back to them.
const may = "form-action 'self'"

// Mount adds the pages at path, with what they load below.
func (b *Bank) Mount(r fiber.Router, path string) {
	b.path = path
	r.Get(path, b.list)
	r.Get(path+"/page.css", page.Asset(style, "text/css; charset=utf-8"))
	r.Get(path+"/:token", b.show)
	r.Post(path+"/:token/:act", b.act)
}

func (b *Bank) list(c *fiber.Ctx) error {
	v := b.view(c)
	for _, p := range b.counter.Payments() {
		v.Items = append(v.Items, shown{p, v})
	}
	return page.Send(c, lists, v, may)
}

func (b *Bank) show(c *fiber.Ctx) error {
	p, found := b.counter.Payment(c.Params("token"))
	v := b.view(c)
	if found {
		v.Item = &shown{p, v}
	} else {
		c.Status(fiber.StatusNotFound)
	}
	return page.Send(c, sheet, v, may)
}

// act does what a button says; a state that has moved on shows itself.
func (b *Bank) act(c *fiber.Ctx) error {
	err := b.counter.Act(c.Params("token"), c.Params("act"))
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	to := b.path + "/" + url.PathEscape(c.Params("token"))
	if lang := c.Query(page.LanguageKey); lang != "" {
		to += "?" + url.Values{page.LanguageKey: {lang}}.Encode()
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

func (b *Bank) view(c *fiber.Ctx) *view {
	v := &view{Lang: page.Language(c), Path: b.path, bank: b}
	if lang := c.Query(page.LanguageKey); lang != "" {
		v.Query = "?" + url.Values{page.LanguageKey: {lang}}.Encode()
	}
	return v
}

// view is what the templates see.
type view struct {
	Lang  words.Lang
	Path  string
	Query string // the language, if it was chosen
	Item  *shown
	Items []shown
	bank  *Bank
}

// Say returns a line of the page's words.
func (v *view) Say(key string) string { return Words.Line(v.Lang, key) }

// Payee is who is paid.
func (v *view) Payee() string { return v.bank.payee[v.Lang] }

// shown is a payment as the templates see it.
type shown struct {
	Payment
	view *view
}

// Amount is the sum, with its unit.
func (s shown) Amount() string { return words.Show(s.view.Lang, words.Roubles(s.Sum.String())) }

// Status says the state.
func (s shown) Status() string { return Words.Line(s.view.Lang, "state."+s.State) }

// When is since when it is in its state, Deadline until when it can be paid.
func (s shown) When() string {
	return words.Show(s.view.Lang, words.Moment(s.At.In(s.view.bank.zone)))
}

// Deadline is until when it can be paid.
func (s shown) Deadline() string {
	return Words.Line(s.view.Lang, "until", words.A("until", words.Clock(s.Until.In(s.view.bank.zone))))
}

// Notified says what became of the notifications.
func (s shown) Notified() string {
	key := "unheard"
	switch {
	case s.Told == 0:
		key = "untold"
	case s.Heard:
		key = "heard"
	}
	return Words.Line(s.view.Lang, key, words.A("n", s.Told))
}

// button is an act that can be done.
type button struct{ Act, Label string }

// Buttons are the acts that the state offers.
func (s shown) Buttons() (list []button) {
	for _, act := range acts[s.State] {
		list = append(list, button{act, Words.Line(s.view.Lang, "act."+act, words.A("sum", words.Roubles(s.Sum.String())))})
	}
	return list
}

// Back is where the page leads back to; "" for what is no address of the web.
func (s shown) Back() string {
	if strings.HasPrefix(s.Return, "https://") || strings.HasPrefix(s.Return, "http://") {
		return s.Return
	}
	return ""
}
