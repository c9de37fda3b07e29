// Package publication is the part of the console in which answers are published
// (R-5.2.10-b to -e): a short question and answer are proposed, looked at for what
// tells of a person, approved by a second pair of eyes, and withdrawn.
package publication

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/press"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words/cases"
)

// Config is what the part stands on.
type Config struct {
	Desk     *press.Desk
	Register press.Register
	// Name returns the name of one of the staff, "" for nobody.
	Name func(ctx context.Context, id int64) (string, error)
	// Sections are the categories of articles, nil before the first content.
	Sections func() []knowledge.Category
	// Publish tells the pages of colleagues that something has changed.
	Publish func(ctx context.Context, h turn.Hint) error
	Address func(c *fiber.Ctx) string
	Now     func() time.Time
	Log     *slog.Logger
}

// Part is the part.
type Part struct{ Config }

// New returns the part.
func New(c Config) *Part { return &Part{c} }

// Doors lists its addresses, for the console.
func (p *Part) Doors() []console.Door {
	return []console.Door{
		console.NewDoor("GET", "/publications", staff.Publish, p.list),
		console.NewDoor("GET", "/publications/:n", staff.Publish, p.show),
		console.NewDoor("POST", "/publications/:n/look", staff.Publish, p.look),
		console.NewDoor("POST", "/publications/:n", staff.Publish, p.take),
	}
}

// most is how many publications a list shows, the latest.
const most = 200

// Limits of what a page sends, in characters; the texts have their own.
const (
	mostReason    = 1000
	mostDismissed = 100
)

// person is one of the staff, as pages show him.
type person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// sheet is a publication as pages show it.
type sheet struct {
	Number    appeal.Number      `json:"number"`
	Kind      appeal.Kind        `json:"kind"`
	Section   string             `json:"section"`
	Audience  knowledge.Audience `json:"audience"`
	Lang      string             `json:"lang"`
	Question  string             `json:"question"`
	Answer    string             `json:"answer"`
	Stage     life.Stage         `json:"stage"`
	By        *person            `json:"by"`
	Decided   *person            `json:"decided"`
	At        time.Time          `json:"at"`
	Published *time.Time         `json:"published"`
	Reason    string             `json:"reason"`
}

func (p *Part) sheet(ctx context.Context, x registry.Publication) (s sheet, err error) {
	s = sheet{
		Number: x.Number, Kind: x.Kind, Section: x.Section, Audience: x.Audience, Lang: x.Lang, Question: x.Question, Answer: x.Answer,
		Stage: x.Stage, At: x.At, Reason: x.Reason,
	}
	if !x.Published.IsZero() {
		s.Published = &x.Published
	}
	if s.By, err = p.person(ctx, x.By); err != nil {
		return s, err
	}
	s.Decided, err = p.person(ctx, x.Decided)
	return s, err
}

func (p *Part) person(ctx context.Context, id int64) (*person, error) {
	if id == 0 {
		return nil, nil
	}
	name, err := p.Name(ctx, id)
	return &person{id, name}, err
}

// section is a place for an answer.
type section struct {
	Code string            `json:"code"`
	Name map[string]string `json:"name"`
}

func (p *Part) sections() []section {
	list := []section{}
	for _, c := range p.Sections() {
		list = append(list, section{c.ID, c.Titles})
	}
	return list
}

// list shows the publications of a stage, the latest first.
func (p *Part) list(c *fiber.Ctx) error {
	stage := life.Stage(c.Query("stage", string(life.Proposed)))
	if !slices.Contains([]life.Stage{life.Proposed, life.Published, life.Refused, life.Retracted}, stage) {
		return p.fail(c, console.ErrInvalid, nil)
	}
	found, err := p.Register.Publications(c.UserContext(), stage, most)
	if err != nil {
		return p.fail(c, err, nil)
	}
	by, sheets := p.actor(c), []sheet{}
	for _, x := range found {
		if !x.SeenBy(by) {
			continue
		}
		s, err := p.sheet(c.UserContext(), x)
		if err != nil {
			return p.fail(c, err, nil)
		}
		sheets = append(sheets, s)
	}
	return c.JSON(fiber.Map{"publications": sheets, "sections": p.sections()})
}

// show shows what was written about a case, and what the caller may do next.
func (p *Part) show(c *fiber.Ctx) error {
	n, err := number(c)
	if err != nil {
		return p.fail(c, err, nil)
	}
	body, err := p.page(c, n)
	if err != nil {
		return p.fail(c, err, nil)
	}
	return c.JSON(body)
}

// actor is the caller as package life knows him: he sees the publications of the cases
// that he sees, those in the queue of his role among them.
func (p *Part) actor(c *fiber.Ctx) life.Actor { return console.Actor(c, p.Register, p.Log) }

// find returns a case of which the caller may read what is published: what is found
// in a draft tells of the customer, so that it is for nobody else. One that he may
// not is told from none by nothing.
func (p *Part) find(c *fiber.Ctx, n appeal.Number) (registry.Record, error) {
	r, err := p.Register.FindCase(c.UserContext(), n)
	if err == nil && !r.PublicationSeenBy(p.actor(c)) {
		return registry.Record{}, registry.ErrNoCase
	}
	return r, err
}

func (p *Part) page(c *fiber.Ctx, n appeal.Number) (fiber.Map, error) {
	ctx, me := c.UserContext(), p.actor(c)
	r, err := p.find(c, n)
	if err != nil {
		return nil, err
	}
	steps := []life.Step{}
	for _, s := range life.PublicationSteps() {
		if _, _, err := life.Publish(r.Case, s, me, p.Now()); err == nil {
			steps = append(steps, s)
		}
	}
	body := fiber.Map{
		"number": n, "revision": r.Revision, "lang": r.Lang, "audience": r.Audience, "steps": steps, "sections": p.sections(), "publication": nil,
	}
	x, found, err := p.Register.FindPublication(ctx, n)
	if err != nil || !found {
		return body, err
	}
	if body["publication"], err = p.sheet(ctx, x); err != nil {
		return nil, err
	}
	body["findings"], err = p.found(ctx, n, x.Excerpt, nil, x.By != me.Staff)
	return body, err
}

// found never answers null.
func (p *Part) found(ctx context.Context, n appeal.Number, x registry.Excerpt, dismissed []press.Dismissal, second bool) ([]press.Finding, error) {
	list, err := p.Desk.Look(ctx, n, x, dismissed, second)
	if list == nil {
		list = []press.Finding{}
	}
	return list, err
}

// wish is what a page sends.
type wish struct {
	ID        string             `json:"id"`
	Revision  int                `json:"revision"`
	Step      life.Step          `json:"step"`
	Section   string             `json:"section"`
	Audience  knowledge.Audience `json:"audience"`
	Lang      string             `json:"lang"`
	Question  string             `json:"question"`
	Answer    string             `json:"answer"`
	Reason    string             `json:"reason"`
	Dismissed []press.Dismissal  `json:"dismissed"`
}

func (w *wish) excerpt() registry.Excerpt {
	return registry.Excerpt{
		Section: w.Section, Audience: w.Audience, Lang: w.Lang,
		Question: strings.Join(strings.Fields(w.Question), " "), Answer: strings.TrimSpace(strings.ReplaceAll(w.Answer, "\r\n", "\n")),
	}
}

// reads takes a request apart, about a case that the caller may see; what is too
// much is refused.
func (p *Part) reads(c *fiber.Ctx) (n appeal.Number, w wish, err error) {
	if n, err = number(c); err != nil {
		return n, w, err
	}
	if _, err = p.find(c, n); err != nil {
		return n, w, err
	}
	if err := c.BodyParser(&w); err != nil {
		return n, w, console.ErrInvalid
	}
	long := len([]rune(w.Reason)) > mostReason || len(w.Dismissed) > mostDismissed
	for _, d := range w.Dismissed {
		long = long || len([]rune(d.Reason)) > mostReason
	}
	if long {
		return n, w, press.ErrLong
	}
	return n, w, nil
}

// look finds what in a draft tells of a person, while it is written.
func (p *Part) look(c *fiber.Ctx) error {
	n, w, err := p.reads(c)
	if err != nil {
		return p.fail(c, err, nil)
	}
	x := w.excerpt()
	if err := press.Check(x); err != nil && x.Question+x.Answer != "" && !errors.Is(err, registry.ErrExcerpt) {
		return p.fail(c, err, nil)
	}
	list, err := p.found(c.UserContext(), n, x, w.Dismissed, false)
	if err != nil {
		return p.fail(c, err, nil)
	}
	return c.JSON(fiber.Map{"findings": list})
}

// clientID is how the page names what it does, once.
var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// take takes a step. Sent again under its ID, it is taken once.
func (p *Part) take(c *fiber.Ctx) error {
	n, w, err := p.reads(c)
	if err != nil {
		return p.fail(c, err, nil)
	}
	if !clientID.MatchString(w.ID) || w.Revision <= 0 || !slices.Contains(life.PublicationSteps(), w.Step) {
		return p.fail(c, console.ErrInvalid, nil)
	}
	ctx, me := c.UserContext(), console.Caller(c)
	_, found, err := p.Desk.Take(ctx, registry.Effect{ID: fmt.Sprintf("op:%d:%s:%s", me.ID, n, w.ID), At: p.Now()}, registry.PublicationAct{
		Number: n, Revision: w.Revision, Step: w.Step, Excerpt: w.excerpt(), Reason: w.Reason, By: p.actor(c),
		Audit: audit.Entry{Staff: me.ID, Address: p.Address(c)},
	}, w.Dismissed)
	if err != nil {
		return p.fail(c, err, found)
	}
	if err := p.Publish(ctx, turn.Hint{Kind: turn.AtCase}); err != nil {
		p.Log.Debug("pages not told of a publication", "error", err)
	}
	return p.show(c)
}

// number reads the number in the address as it was meant.
func number(c *fiber.Ctx) (appeal.Number, error) {
	text, err := url.PathUnescape(c.Params("n"))
	if err != nil {
		return appeal.Number{}, registry.ErrNoCase
	}
	n, err := appeal.ParseNumber(text, 0)
	if err != nil {
		return n, registry.ErrNoCase
	}
	return n, nil
}

// fail answers an error, with the words of those that staff can do something about.
func (p *Part) fail(c *fiber.Ctx, err error, found []press.Finding) error {
	body := fiber.Map{}
	if found != nil {
		body["findings"] = found
	}
	if said := cases.RefusedInEach(err); said != nil {
		body["said"] = said
	}
	return console.Fail(c, p.Log, err, body)
}
