package casework

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words/cases"
)

// clientID is how the page names what it does, once.
var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// mostNote is how long a reason, a question, a result may be, in characters.
const mostNote = 4000

// Refusals beside those of life and the register.
var (
	errNoteLong error = &fault.Error{Kind: fault.Invalid, Key: "case_note_long"}
	errPerson         = life.HasPerson.Err()
	// A letter that closes as off-topic lacks what it must say (R-5.2.6-b).
	errNotOurs error = &fault.Error{Kind: fault.Invalid, Key: "case_not_ours"}
	// Nobody can work on the case where it is to go, and nothing says that who routes
	// it knows so.
	errUnmanned error = &fault.Error{Kind: fault.Conflict, Key: "case_unmanned"}
)

// deed is what the page asks to be done.
type deed struct {
	ID        string                   `json:"id"`
	Revision  int                      `json:"revision"`
	Event     life.Event               `json:"event"`
	Note      string                   `json:"note"`
	Way       string                   `json:"way"`
	Category  string                   `json:"category"`
	Territory string                   `json:"territory"`
	Answers   map[appeal.Name][]string `json:"answers"`
	Queue     string                   `json:"queue"`
	Waive     bool                     `json:"waive"`
	Unmanned  bool                     `json:"unmanned"` // he knows that nobody works in the queue
	Person    int64                    `json:"person"`
	Reply     string                   `json:"reply"`
	Links     []string                 `json:"links"`
	Addressee string                   `json:"addressee"`
	Other     string                   `json:"other"`
	Day       string                   `json:"day"`
	Times     []time.Time              `json:"times"`
	Time      time.Time                `json:"time"`
	Action    int                      `json:"action"`
	Again     bool                     `json:"again"` // he knows that the answer has gone that way already
}

// do lets an event happen to a case. Sent again under its ID, it happens once. A
// page that has not seen the newest is told what has happened since, and shown
// the case as it is now.
func (w *Casework) do(c *fiber.Ctx) error {
	var in deed
	if err := c.BodyParser(&in); err != nil || !clientID.MatchString(in.ID) || in.Revision <= 0 {
		return w.fail(c, console.ErrInvalid)
	}
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	act, err := w.act(c, &r, &in)
	if err != nil {
		return w.fail(c, err)
	}
	ctx, me := c.UserContext(), console.Caller(c)
	effect := registry.Effect{ID: fmt.Sprintf("op:%d:%s:%s", me.ID, r.Number, in.ID), At: w.Now()}
	_, err = w.Register.DoCase(ctx, effect, act)
	if moved := new(registry.MovedError); errors.As(err, &moved) {
		return w.moved(c, r.Number)
	}
	if err != nil {
		return w.fail(c, err)
	}
	w.tell(c)
	return w.again(c, r.Number)
}

// moved shows a case that is not any more what the page thought.
func (w *Casework) moved(c *fiber.Ctx, n appeal.Number) error {
	r, err := w.Register.FindCase(c.UserContext(), n)
	if err != nil {
		return w.fail(c, err)
	}
	body := fiber.Map{"said": cases.RefusedInEach(registry.ErrMoved)}
	if r.SeenBy(w.actor(c)) {
		p, err := w.page(c, &r)
		if err != nil {
			return w.fail(c, err)
		}
		body["case"] = p
	}
	return console.Fail(c, w.Log, registry.ErrMoved, body)
}

// again shows a case after something was done to it. Who has given it out of his
// hands, or named himself, may not see it any more: {"gone": true}.
func (w *Casework) again(c *fiber.Ctx, n appeal.Number) error {
	r, err := w.Register.FindCase(c.UserContext(), n)
	if err != nil {
		return w.fail(c, err)
	}
	if !r.SeenBy(w.actor(c)) {
		return c.JSON(fiber.Map{"gone": true})
	}
	return w.answer(c, &r)
}

// tell tells colleagues' pages. Who does not hear it reads again by himself.
func (w *Casework) tell(c *fiber.Ctx) {
	if err := w.Publish(c.UserContext(), turn.Hint{Kind: turn.AtCase}); err != nil {
		w.Log.Debug("pages not told of a case", "error", err)
	}
}

// act is the deed as the register takes it.
func (w *Casework) act(c *fiber.Ctx, r *registry.Record, in *deed) (registry.Act, error) {
	a := registry.Act{Number: r.Number, Revision: in.Revision, By: w.actor(c), Audit: w.by(c)}
	if !slices.ContainsFunc(life.Rules(), func(r life.Rule) bool { return r.Event == in.Event }) {
		return a, console.ErrInvalid
	}
	// What a page offers nobody cannot be done by a request either: to register, to
	// rate in a customer's stead.
	if in.Event == life.Register || in.Event == life.Rate {
		return a, life.ErrRole
	}
	note, err := readNote(in.Note)
	if err != nil {
		return a, err
	}
	a.Do = life.Do{
		Event: in.Event, Note: note, Way: in.Way, Category: in.Category, Territory: in.Territory, Queue: in.Queue, Waive: in.Waive, Person: in.Person,
		Reply: in.Reply, Links: in.Links, Addressee: in.Addressee, Time: in.Time, Action: in.Action, Again: in.Again,
	}
	// In whatever order they were typed, the customer chooses among them by the calendar.
	a.Do.Times = slices.SortedFunc(slices.Values(in.Times), time.Time.Compare)
	if in.Day != "" {
		if a.Do.Day, err = calendar.ParseDate(in.Day); err != nil {
			return a, life.DayPromised.Err()
		}
	}
	if in.Other != "" {
		if a.Do.Other, err = appeal.ParseNumber(in.Other, w.today().Year); err != nil {
			return a, err
		}
	}
	if len(in.Answers) > 0 {
		if a.Do.Answers, err = w.read(c, r, in.Answers); err != nil {
			return a, err
		}
	}
	return a, w.check(c, r, &a.Do, in.Unmanned)
}

// readNote reads what is typed as a reason or a question.
func readNote(typed string) (privacy.Text, error) {
	note, err := (&appeal.Field{Type: appeal.Prose}).Read(typed, calendar.Date{})
	switch {
	case typed == "" || errors.Is(err, appeal.ErrEmpty):
		return privacy.Text{}, nil
	case err != nil:
		return privacy.Text{}, err
	case len([]rune(note)) > mostNote:
		return privacy.Text{}, errNoteLong
	}
	return privacy.NewText(note), nil
}

// read reads answers that staff type for the customer, as the form would.
func (w *Casework) read(c *fiber.Ctx, r *registry.Record, typed map[appeal.Name][]string) (appeal.Answers, error) {
	books, err := w.Register.CaseBooks(c.UserContext())
	if err != nil {
		return nil, err
	}
	answers, flaws := appeal.Answers{}, map[string]string{}
	for name, values := range typed {
		f, ok := books.Forms.Field(name)
		if !ok || f.Secret { // secret answers come through the secure page alone
			return nil, console.ErrInvalid
		}
		var list []string
		for _, value := range values {
			said, err := f.Read(value, w.day(r.Registered))
			if err != nil {
				var known *fault.Error
				if !errors.As(err, &known) {
					return nil, err
				}
				flaws[string(name)] = known.Key
				continue
			}
			list = append(list, said)
		}
		answers = answers.With(name, list...)
	}
	if len(flaws) > 0 {
		return nil, &registry.FlawsError{Fields: flaws}
	}
	return answers, nil
}

// check refuses what the register knows nothing of: people who may not have the
// case, territories and queues that are none, a route that departs from the table without being
// called so, or leads where nobody works without his knowing it.
func (w *Casework) check(c *fiber.Ctx, r *registry.Record, do *life.Do, unmanned bool) error {
	ctx := c.UserContext()
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return err
	}
	if do.Person != 0 {
		list, err := w.Staff.ListStaff(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a staffAccount) bool { return a.ID == do.Person })
		if i < 0 || !fits(do.Event, &list[i], r, books.Routes) {
			return errPerson
		}
	}
	if do.Event == life.Locate {
		list, err := w.Staff.Territories(ctx)
		if err == nil && !slices.ContainsFunc(list, func(t staff.Territory) bool { return t.Code == do.Territory }) {
			err = life.HasTerritory.Err()
		}
		return err
	}
	switch do.Event {
	case life.Typical:
		return w.pointed(ctx, r, do)
	case life.OffTopic:
		return w.disclaimed(ctx, r, do)
	case life.Route:
	default:
		return nil
	}
	if _, ok := books.Routes.Queue(do.Queue); !ok {
		return life.HasQueue.Err()
	}
	category, err := books.Forms.Category(r.Category, w.day(r.Registered))
	if err != nil {
		return err
	}
	proposed, err := w.proposal(ctx, r, &books, category)
	if err != nil {
		return err
	}
	if do.Unmanned = slices.Contains(proposed.Vacant, do.Queue); do.Unmanned && !unmanned {
		return errUnmanned
	}
	do.Override = do.Queue != proposed.Queue
	return nil
}

// finish marks a task of the caller's as done.
func (w *Casework) finish(c *fiber.Ctx) error {
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return w.fail(c, registry.ErrTask)
	}
	if err := w.Register.FinishTask(c.UserContext(), w.actor(c), id, w.Now()); err != nil {
		return w.fail(c, err)
	}
	w.tell(c)
	return w.again(c, r.Number)
}
