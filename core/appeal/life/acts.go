package life

import (
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// acts are what events do beyond the change of state.
var acts = map[Event]func(*turn) error{
	Register: (*turn).register, Take: (*turn).take, Hand: (*turn).handOver, Name: (*turn).name, Clear: (*turn).clearName, Release: (*turn).release, Reclassify: (*turn).reclassify, Locate: (*turn).locate,
	Ask: (*turn).ask, Clarify: (*turn).clarify, Write: (*turn).write, Drop: (*turn).announce,
	Route: (*turn).route, Accept: (*turn).accept, Return: (*turn).giveBack, Assign: (*turn).assign,
	Prepare: (*turn).prepare, Rework: (*turn).rework, Notify: (*turn).notify, Extend: (*turn).extend,
	Contact: func(t *turn) error { t.met(term.Contact); return nil }, Propose: (*turn).propose, Confirm: (*turn).confirm, Decline: (*turn).decline, Lapse: (*turn).decline,
	Agree: (*turn).agree, Act: (*turn).act, Finish: (*turn).finish,
	Answer: (*turn).answer, Typical: (*turn).answer, OffTopic: (*turn).answer,
	Duplicate: (*turn).duplicate, Withdraw: (*turn).withdraw, Rate: (*turn).rate, Reopen: (*turn).reopen, Close: (*turn).close,
	Posted: (*turn).announce, Resend: (*turn).resend, Undelivered: (*turn).undelivered,
}

func (t *turn) tell() { t.follow(Tell{t.do.Event}) }

// announce tells the customer, and changes nothing else.
func (t *turn) announce() error {
	t.tell()
	return nil
}

func (t *turn) register() error {
	category, err := t.m.Forms.Category(t.c.Category, t.m.day(t.at))
	switch {
	case err != nil:
		return err
	case category.Kind != t.c.Kind || t.c.Number.Kind != t.c.Kind:
		return ErrKind
	}
	t.c.Registered = t.at
	t.learn()
	t.concern(t.do.Named...)
	t.tell()
	return t.begin(t.do.Term)
}

// begin starts what runs from the registration, and tells the keeper.
func (t *turn) begin(own calendar.Term) error {
	if err := t.start(term.Answer, own); err != nil {
		return err
	}
	for _, clock := range []term.Clock{term.Contact, term.Notice} {
		if err := t.start(clock, calendar.Term{}); err != nil {
			return err
		}
	}
	t.hand()
	return nil
}

// hand gives the case to its keeper: a letter at once where the seed wants it
// (R-5.2.7-a, R-5.2.8-a), a task always.
func (t *turn) hand() {
	if role := DeskOf(t.c.Kind, t.c.About); role != staff.ReceptionSpecialist {
		t.follow(Mail{What: ToCheck, Role: role})
	}
	t.toKeeper(ToCheck)
}

// take makes the case the actor's, be he the supervisor: who steps in for a keeper
// once becomes none, who takes it does.
func (t *turn) take() error {
	t.c.Keeper = t.by.Staff
	return nil
}

// handOver puts the case into the hands of a colleague, of an absent keeper's
// too, if the supervisor does it.
func (t *turn) handOver() error {
	t.c.Keeper = t.do.Person
	t.toKeeper(ToKeep)
	return nil
}

// name keeps a member of staff away from a case that is about him (spec §1.6,
// A8).
func (t *turn) name() error {
	t.concern(t.do.Person)
	return nil
}

// concern takes a case from those whom it is about.
func (t *turn) concern(people ...int64) {
	for _, who := range people {
		if !slices.Contains(t.c.About, who) {
			t.c.About = append(t.c.About, who)
		}
		if t.c.Keeper == who {
			t.c.Keeper = 0
			t.follow(Task{What: ToReplace, Role: staff.Supervisor})
		}
		if t.c.Assignee == who {
			t.c.Assignee = 0
			t.follow(Task{What: ToReplace, Role: staff.Supervisor})
		}
	}
}

// clearName says that a case is not about somebody: once it is about nobody, it goes to
// whom it would have gone at first.
func (t *turn) clearName() error {
	t.c.About = slices.DeleteFunc(t.c.About, func(who int64) bool { return who == t.do.Person })
	if t.c.Keeper == 0 && len(t.c.About) == 0 && t.c.State != Answered {
		t.hand()
	}
	return nil
}

// release takes a case from who may not have it any more: colleagues may take it, and
// the supervisor sees to it that one does.
func (t *turn) release() error {
	if t.c.Keeper == t.do.Person {
		t.c.Keeper = 0
		t.toKeeper(ToReplace)
	}
	if t.c.Assignee == t.do.Person {
		t.c.Assignee = 0
		t.toDirection(ToReplace)
	}
	t.follow(Task{What: ToReplace, Role: staff.Supervisor})
	return nil
}

// reclassify puts a case under another category. What the customer was promised
// never becomes later by it.
func (t *turn) reclassify() error {
	category, err := t.m.Forms.Category(t.do.Category, t.m.day(t.c.Registered))
	if err != nil {
		return err
	}
	t.merge()
	other := category.Kind != t.c.Kind
	t.c.Category, t.c.Kind = category.Code, category.Kind
	t.concern(t.do.Named...)
	if other {
		t.c.Keeper = 0
		t.hand()
	} else {
		t.toKeeper(ToCheck) // what this category needs is another matter
	}
	for _, clock := range []term.Clock{term.Answer, term.Contact, term.Notice} {
		before, ran := t.c.Clocks[clock]
		since := t.c.Registered
		if ran {
			since = before.From // later, if it was reopened
		}
		p, runs := t.policy(clock, t.m.day(since))
		switch {
		case !runs && clock != term.Answer:
			t.met(clock)
		case !runs || ran && !before.Met.IsZero() || before.Extended():
		default:
			d, err := t.m.Counter.Due(p, since, calendar.Term{})
			if err != nil {
				return err
			}
			if !ran || d.At.Before(before.At) {
				t.set(d)
			}
		}
	}
	return nil
}

// locate says by hand where the case belongs, for a reason: its account and its
// address tell nothing, or the wrong thing (spec §5.7). Where it lies already it
// stays; the keeper routes it anew by the table.
func (t *turn) locate() error {
	t.c.Territory = t.do.Territory
	if t.c.Queue != "" {
		t.toKeeper(ToReroute)
	}
	return nil
}

// merge takes what the customer has said into the answers.
func (t *turn) merge() {
	if t.c.Answers == nil {
		t.c.Answers = appeal.Answers{}
	}
	for name, values := range t.do.Answers {
		t.c.Answers[name] = slices.Clone(values)
	}
	t.learn()
}

// learn finds who writes, if nobody has known, by the account that he names: a question
// is asked without saying so where no form and no term depends on it.
func (t *turn) learn() {
	if t.c.Audience == "" {
		t.c.Audience = t.c.Answers.Audience()
	}
}

func (t *turn) ask() error {
	if t.was != NeedInfo { // else he is asked once more
		t.c.Back = t.was
	}
	t.pause()
	t.met(term.Contact)
	t.asks()
	return nil
}

// asks tells the customer what he is waited for.
func (t *turn) asks() {
	t.c.Asked = Asked{len(t.c.History) + 1, t.at}
	t.tell()
}

func (t *turn) clarify() error {
	t.merge()
	switch {
	case t.c.State == InWork && (t.c.Assignee != 0 || t.c.Queue != ""):
		t.toDirection(ToRead)
	case t.by.Staff == 0 || t.by.Staff != t.c.Keeper:
		t.toKeeper(ToRead)
	case t.c.State == Registered: // who has entered it has read it, and goes on
		t.toKeeper(ToCheck)
	}
	return t.resume()
}

func (t *turn) write() error {
	t.merge()
	t.toKeeper(ToRead)
	if t.c.Assignee != 0 {
		t.toDirection(ToRead)
	}
	return nil
}

func (t *turn) route() error {
	t.c.Queue, t.c.Assignee = t.do.Queue, 0
	if err := t.start(term.Direction, calendar.Term{}); err != nil {
		return err
	}
	t.toDirection(ToWork)
	t.follow(Mail{What: ToWork, Queue: t.do.Queue})
	// It is counted inside of what the customer was promised (spec §1.6, A5).
	if promised := t.c.Clocks[term.Answer]; promised.At.Before(t.c.Clocks[term.Direction].At) {
		t.toKeeper(ToHurry)
	}
	return nil
}

func (t *turn) accept() error {
	t.c.Assignee = t.by.Staff
	return nil
}

func (t *turn) giveBack() error {
	t.c.Queue, t.c.Assignee = "", 0
	t.met(term.Direction)
	t.toKeeper(ToReroute)
	return nil
}

func (t *turn) assign() error {
	t.c.Assignee = t.do.Person
	t.toDirection(ToWork)
	return nil
}

func (t *turn) prepare() error {
	if t.do.Reply != "" {
		t.c.Reply = t.do.Reply
	}
	t.c.Lost = ""
	t.met(term.Direction, term.Contact)
	t.toKeeper(ToSend)
	return nil
}

func (t *turn) rework() error {
	t.toDirection(ToRedo)
	return t.start(term.Direction, calendar.Term{})
}

// notify tells the customer by what day he has his answer (R-5.2.6-f): from then on it
// is owed by that day.
func (t *turn) notify() error {
	promised := t.c.Clocks[term.Answer].Deadline
	if d := t.m.Counter.Name(promised, t.do.Day); d.At.Before(promised.At) {
		t.set(d)
	}
	t.met(term.Notice)
	t.tell()
	return nil
}

// longer returns the promise as an extension makes it.
func (t *turn) longer() (term.Deadline, error) {
	since := t.c.Clocks[term.Answer].From // the registration, or when it was reopened
	p, ok := t.policy(term.Answer, t.m.day(since))
	if !ok {
		return term.Deadline{}, term.ErrNoExtension
	}
	return t.m.Counter.Extend(p, t.c.Clocks[term.Answer].Deadline, since)
}

// Extends reports whether the promise of a case can be made longer at a moment
// (R-5.2.11-c).
func (m *Machine) Extends(c *Case, at time.Time) bool {
	t := &turn{m: m, c: c, at: at}
	_, err := t.longer()
	return err == nil && guards[NotExtended].holds(t) && guards[InTime].holds(t)
}

// extend prolongs the promise, once in the life of a case, and tells the customer why
// (R-5.2.11-c).
func (t *turn) extend() error {
	d, err := t.longer()
	if err != nil {
		return err
	}
	t.c.Extended = true
	t.set(d)
	t.met(term.Notice)
	t.tell()
	return nil
}

func (t *turn) propose() error {
	t.c.Proposed, t.c.Agreed = slices.Clone(t.do.Times), time.Time{}
	t.met(term.Contact, term.Direction)
	t.asks()
	t.follow(Later{Lapse, slices.MaxFunc(t.do.Times, time.Time.Compare)})
	return nil
}

func (t *turn) confirm() error {
	t.c.Agreed = t.do.Time
	t.tell()
	t.toDirection(ToVisit)
	return nil
}

// decline leaves the direction to find other times: they do not suit the customer, or
// went by without a word of him. Its day begins anew.
func (t *turn) decline() error {
	t.c.Proposed, t.c.Agreed = nil, time.Time{}
	if t.do.Event == Lapse {
		t.tell()
	}
	t.toDirection(ToRenew)
	return t.start(term.Direction, calendar.Term{})
}

func (t *turn) agree() error {
	t.c.Agreed = t.do.Time
	t.met(term.Contact, term.Direction)
	t.tell()
	return nil
}

func (t *turn) act() error {
	t.c.Actions = append(t.c.Actions, Action{ID: len(t.c.Actions) + 1, What: t.do.Note, By: t.by.Staff, Opened: t.at})
	return nil
}

func (t *turn) finish() error {
	for i := range t.c.Actions {
		if a := &t.c.Actions[i]; a.ID == t.do.Action {
			a.Finished, a.Result = t.at, t.do.Note
		}
	}
	if t.c.State == Answered && len(t.c.OpenActions()) == 0 {
		t.toKeeper(ToConclude)
	}
	return nil
}
