package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// page is a case as its page sees it.
type page struct {
	row
	Revision     int               `json:"revision"`
	Audience     string            `json:"audience"`
	Channel      string            `json:"channel"`
	Clocks       []clock           `json:"clocks"`
	Extended     bool              `json:"extended"`
	Reopened     int               `json:"reopened"`
	Rating       int               `json:"rating"`
	Answers      []answer          `json:"answers"`
	Actions      []action          `json:"actions"`
	Proposed     []time.Time       `json:"proposed"`
	Agreed       *time.Time        `json:"agreed"`
	Reply        string            `json:"reply"`
	Replies      []reply           `json:"replies"`
	Other        string            `json:"other"`
	About        []person          `json:"about"`
	History      []step            `json:"history"`
	Tasks        []task            `json:"tasks"`
	Possible     []life.Event      `json:"possible"`
	Contact      way               `json:"contact"`
	AnswerWay    way               `json:"answer_way"`
	Files        []file            `json:"files"`
	Templates    []template        `json:"templates"`
	Route        *proposal         `json:"route,omitempty"`
	Conversation chat.Conversation `json:"conversation,omitempty"`
	Fee          *fee              `json:"fee,omitempty"`
}

// clock is a term of the case.
type clock struct {
	Clock  term.Clock `json:"clock"`
	From   time.Time  `json:"from"`
	At     time.Time  `json:"at"`
	Last   string     `json:"last"`
	Legal  string     `json:"legal"`
	Paused *time.Time `json:"paused"`
	Met    *time.Time `json:"met"`
	Why    []text     `json:"why"`
}

// action is something that the company does about a complaint.
type action struct {
	ID       int        `json:"id"`
	What     string     `json:"what"`
	By       person     `json:"by"`
	Opened   time.Time  `json:"opened"`
	Finished *time.Time `json:"finished"`
	Result   string     `json:"result"`
}

// task is work that the case gives to somebody.
type task struct {
	ID     int64      `json:"id"`
	Work   life.Work  `json:"work"`
	Person *person    `json:"person"`
	Queue  string     `json:"queue"`
	Role   staff.Role `json:"role"`
	Since  time.Time  `json:"since"`
	// Clock is the one whose term runs out, or has; "" for other work.
	Clock term.Clock `json:"clock,omitempty"`
	// Own: the reader may say that it is done.
	Own bool `json:"own"`
}

// way is a channel that the customer has named, and where it leads.
type way struct {
	Code string `json:"code"`
	Name text   `json:"name"`
	To   string `json:"to"`
}

// show answers with a case. The look is written down before anything is shown;
// a page that asks again for what it shows is looking already.
func (w *Casework) show(c *fiber.Ctx) error {
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	if c.Query("again") == "" {
		by := w.by(c)
		by.Act, by.Subject = audit.CaseLook, r.Number.String()
		if err := w.Staff.Audit(c.UserContext(), by); err != nil {
			return w.fail(c, err)
		}
	}
	return w.answer(c, &r)
}

// answer shows a case to the caller.
func (w *Casework) answer(c *fiber.Ctx, r *registry.Record) error {
	p, err := w.page(c, r)
	if err != nil {
		return w.fail(c, err)
	}
	return c.JSON(p)
}

func (w *Casework) page(c *fiber.Ctx, r *registry.Record) (*page, error) {
	ctx, me := c.UserContext(), console.Caller(c)
	a := w.actor(c)
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	people, err := w.people(ctx)
	if err != nil {
		return nil, err
	}
	category, err := books.Forms.Category(r.Category, w.day(r.Registered))
	if err != nil {
		return nil, err
	}
	promise := r.Clocks[term.Answer]
	p := &page{
		row: w.row(lineOf(r), people), Revision: r.Revision, Audience: string(r.Audience), Channel: r.Channel,
		Extended: promise.Extended(), Reopened: r.Reopened, Rating: r.Rating, Reply: r.Reply, Other: r.Other.String(),
		Clocks: []clock{}, Actions: []action{}, About: []person{}, Possible: w.possible(&r.Case, a, books.Machine),
		Proposed: append([]time.Time{}, r.Proposed...), Agreed: moment(r.Agreed),
	}
	for _, k := range term.Clocks() {
		if running, ok := r.Clocks[k]; ok {
			p.Clocks = append(p.Clocks, clockOf(&running))
		}
	}
	for _, x := range r.Actions {
		p.Actions = append(p.Actions, action{x.ID, x.What.Reveal(), *someone(x.By, people), x.Opened, moment(x.Finished), x.Result.Reveal()})
	}
	for _, id := range r.About {
		p.About = append(p.About, *someone(id, people))
	}
	if err := w.fill(ctx, p, r, &books, category, people, w.returns(c, &r.Case)); err != nil {
		return nil, err
	}
	if err := w.tasks(ctx, p, r.Number, a, people); err != nil {
		return nil, err
	}
	if me.May(staff.SeeDesk) {
		p.Conversation = r.Conversation
	}
	return p, nil
}

// fill adds what was said and done.
func (w *Casework) fill(ctx context.Context, p *page, r *registry.Record, books *registry.Books, category *appeal.Category, people map[int64]string, returns bool) error {
	p.Files = files(r)
	p.Answers = w.answers(r, category, p.Files)
	places, err := w.places(ctx)
	if err != nil {
		return err
	}
	if p.History, err = w.history(ctx, r, books, people, places); err != nil {
		return err
	}
	p.Contact = wayOf(category, r.Answers, appeal.Contact)
	p.AnswerWay = wayOf(category, r.Answers, appeal.AnswerWay)
	p.Templates = w.templates(r)
	if p.Replies, err = w.replies(ctx, r, people); err != nil {
		return err
	}
	if err = w.charge(ctx, p, r, people, returns); err != nil {
		return err
	}
	if slices.Contains(p.Possible, life.Route) {
		route, err := w.proposal(ctx, r, books, category)
		if err != nil {
			return err
		}
		p.Route = route
	}
	return nil
}

// possible are the events that the page offers: those of package life, without
// what only a registration is, what only the customer can say, and what there is
// nothing to do by: to take on what he works on, to finish what nobody has begun, to prolong
// what cannot be.
func (w *Casework) possible(c *life.Case, a life.Actor, m *life.Machine) []life.Event {
	list := []life.Event{}
	for _, e := range life.Possible(c, a) {
		done := e == life.Accept && c.Assignee == a.Staff || e == life.Finish && len(c.OpenActions()) == 0 ||
			e == life.Extend && !m.Extends(c, w.Now())
		if e != life.Register && e != life.Rate && !done {
			list = append(list, e)
		}
	}
	return list
}

func (w *Casework) tasks(ctx context.Context, p *page, n appeal.Number, a life.Actor, people map[int64]string) error {
	list, err := w.Register.TasksOfCase(ctx, n)
	if err != nil {
		return err
	}
	p.Tasks = []task{}
	for _, t := range list {
		own := t.Staff != 0 && t.Staff == a.Staff || a.WorksIn(t.Queue) || t.Role != "" && slices.Contains(a.Roles, t.Role)
		one := task{ID: t.ID, Work: t.What, Person: someone(t.Staff, people), Queue: t.Queue, Role: t.Role, Since: t.At, Own: own}
		if t.Alert != nil {
			one.Clock = t.Alert.Clock
		}
		p.Tasks = append(p.Tasks, one)
		if own && !slices.Contains(p.Work, t.What) {
			p.Work = append(p.Work, t.What)
		}
	}
	return nil
}

// people names the staff.
func (w *Casework) people(ctx context.Context) (map[int64]string, error) {
	list, err := w.Staff.ListStaff(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(list))
	for i := range list {
		names[list[i].ID] = list[i].Name
	}
	return names, nil
}

// lineOf is a case as a list would have it.
func lineOf(r *registry.Record) *registry.Line {
	return &registry.Line{
		Number: r.Number, Revision: r.Revision, Kind: r.Kind, Category: r.Category, Audience: r.Audience, Territory: r.Territory,
		Channel: r.Channel, State: r.State, Queue: r.Queue, Keeper: r.Keeper, Assignee: r.Assignee, Registered: r.Registered,
		Due: r.Clocks[term.Answer].At, Extended: r.Extended, Reopened: r.Reopened, Moved: r.Moved(), Answered: r.Answered, Closed: r.Closed,
		Resolution: r.Resolution, Rating: r.Rating, Publication: r.Publication.Stage,
	}
}

func clockOf(r *life.Running) clock {
	k := clock{
		Clock: r.Clock, From: r.From, At: r.At, Last: r.Last.String(), Paused: moment(r.Paused), Met: moment(r.Met),
		Why: lines(func(lang words.Lang) []chat.Block { return cases.Why(lang, r.Deadline) }),
	}
	if !r.Legal.IsZero() {
		k.Legal = r.Legal.String()
	}
	return k
}

// moment is an instant that may not have come; nil for none.
func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// lines makes a text of each line that is said, in every language.
func lines(say func(words.Lang) []chat.Block) []text {
	said := []text{}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		for i, b := range say(lang) {
			if i == len(said) {
				said = append(said, text{})
			}
			if i < len(said) {
				said[i][string(lang)] = strings.TrimPrefix(chat.Message{Blocks: []chat.Block{b}}.Plain(), "• ")
			}
		}
	}
	return said
}

// wayOf says which channel the customer has chosen in a field.
func wayOf(category *appeal.Category, answers appeal.Answers, f appeal.Name) way {
	code := answers.One(f)
	v := way{Code: code, Name: text{}}
	if item, ok := category.Item(f); ok {
		if option, ok := item.Option(code); ok {
			v.Name = option.Names
		}
	}
	switch code {
	case appeal.ByPhone:
		v.To = answers.One(appeal.Phone)
	case appeal.ByEmail:
		v.To = answers.One(appeal.Email)
	case appeal.ByPost:
		v.To = cmp.Or(answers.One("post_address"), answers.One("address"))
	}
	return v
}
