package life

import (
	"fmt"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// Machine is what the life of cases depends on.
type Machine struct {
	Forms   *appeal.Book
	Routes  *route.Book
	Terms   *term.Book
	Counter term.Counter
}

// Apply lets an event happen to a case: it returns the case afterwards, with a
// line more in its history, and what must follow. The case given stays as it
// is. A moment before the last line of the history counts as that line's. Errors are those of this package, of term (ErrNoExtension), of appeal
// (ErrNoCategory) and calendar.ErrUnpublished.
func (m *Machine) Apply(c Case, do Do, by Actor, at time.Time) (Case, []Consequence, error) {
	if n := len(c.History); n > 0 && at.Before(c.History[n-1].At) {
		at = c.History[n-1].At // clocks of channels differ; what came second happened second
	}
	r, ok := ruleOf(do.Event, &c)
	switch {
	case !exists(do.Event):
		return Case{}, nil, ErrEvent
	case do.Event != Register && c.about(by):
		return Case{}, nil, ErrAbout
	case !ok:
		return Case{}, nil, ErrState
	}
	role, keeps, err := r.admits(&c, by)
	if err != nil {
		return Case{}, nil, err
	}
	t := &turn{m: m, c: c.clone(), do: do, by: by, role: role, keeps: keeps, at: at, was: c.State}
	for _, name := range r.Guards {
		if g := guards[name]; !g.holds(t) {
			return Case{}, nil, g.refusal
		}
	}
	if role == KeeperOf(c.Kind) {
		t.c.Keeper = by.Staff // who does the keeper's work has taken it
	}
	switch r.To {
	case Stay:
	case BackTo:
		t.c.State = c.Back
	default:
		t.c.State = r.To
	}
	if t.c.State != NeedInfo {
		t.c.Back = ""
	}
	if act := acts[do.Event]; act != nil {
		if err := act(t); err != nil {
			return Case{}, nil, fmt.Errorf("%s: %w", do.Event, err)
		}
	}
	t.pass(&c)
	entry := Entry{At: at, Staff: by.Staff, Role: role, From: c.State, To: t.c.State, Do: do}
	t.c.History = append(t.c.History, entry)
	return *t.c, t.out, nil
}

// turn is one event on its way into a case.
type turn struct {
	m     *Machine
	c     *Case
	do    Do
	by    Actor
	role  staff.Role
	keeps bool // he acts as who keeps the case
	at    time.Time
	was   State
	out   []Consequence
}

func (t *turn) follow(c ...Consequence) { t.out = append(t.out, c...) }

// kept is the work that a keeper has to do; what is shared a specialist of the
// direction may have as well.
var (
	keepers = []Work{ToCheck, ToKeep, ToSend, ToReroute, ToHurry, ToReview, ToConclude, ToReach}
	shared  = []Work{ToRead, ToStop, ToMind, ToCatchUp}
	kept    = slices.Concat(keepers, shared)
)

// pass lets the keeper's open work follow who has the case now.
func (t *turn) pass(before *Case) {
	p := Pass{Works: kept, From: before.Keeper, To: t.c.Keeper, Was: DeskOf(before.Kind, before.About), Is: DeskOf(t.c.Kind, t.c.About)}
	if before.State == Draft || p.From == p.To && (p.From != 0 || p.Was == p.Is) {
		return
	}
	switch {
	case p.From != 0 && p.From == t.c.Assignee:
		p.Works = keepers
	case p.From == 0 && p.Was == staff.Supervisor: // who minds what is late by his office
		p.Works = slices.DeleteFunc(slices.Clone(kept), func(w Work) bool { return w == ToMind })
	}
	t.out = append([]Consequence{p}, t.out...)
}

// toKeeper is a task for who keeps the case, or for all who may.
func (t *turn) toKeeper(w Work) {
	if t.c.Keeper != 0 {
		t.follow(Task{What: w, Staff: t.c.Keeper})
		return
	}
	t.follow(Task{What: w, Role: DeskOf(t.c.Kind, t.c.About)})
}

// toDirection is a task for who works on the case, or for his queue.
func (t *turn) toDirection(w Work) {
	switch {
	case t.c.Assignee != 0:
		t.follow(Task{What: w, Staff: t.c.Assignee})
	case t.c.Queue != "":
		t.follow(Task{What: w, Queue: t.c.Queue})
	}
}

func (t *turn) subject() term.Subject {
	return term.Subject{Kind: t.c.Kind, Category: t.c.Category, Audience: t.c.Audience, Channel: t.c.Channel}
}

// policy returns the rule of a clock that held when the case was registered,
// or reopened.
func (t *turn) policy(clock term.Clock, day calendar.Date) (term.Policy, bool) {
	return t.m.Terms.Policy(clock, t.subject(), day)
}

// start starts a clock now, if the case has it.
func (t *turn) start(clock term.Clock, own calendar.Term) error {
	p, ok := t.policy(clock, t.m.day(t.at))
	if !ok {
		return nil
	}
	d, err := t.m.Counter.Due(p, t.at, own)
	if err != nil {
		return err
	}
	t.set(d)
	return nil
}

func (t *turn) set(d term.Deadline) {
	t.c.Clocks[d.Clock] = Running{Deadline: d}
	t.follow(SetClock{d})
}

// met stops a clock: what it waited for is done.
func (t *turn) met(clocks ...term.Clock) {
	for _, clock := range clocks {
		if r, ok := t.c.Clocks[clock]; ok && r.Met.IsZero() {
			r.Met, r.Paused = t.at, time.Time{}
			t.c.Clocks[clock] = r
			t.follow(StopClock{Clock: clock})
		}
	}
}

// unmeet lets clocks run again that were met at a moment, until when they ran.
func (t *turn) unmeet(at time.Time, clocks ...term.Clock) {
	for _, clock := range clocks {
		if r, ran := t.c.Clocks[clock]; ran && !r.Met.IsZero() && r.Met.Equal(at) {
			t.set(r.Deadline)
		}
	}
}

// pause lets the direction's clock stand still.
func (t *turn) pause() {
	if r, ok := t.c.Clocks[term.Direction]; ok && r.Runs() {
		r.Paused = t.at
		t.c.Clocks[term.Direction] = r
		t.follow(StopClock{Clock: term.Direction, Paused: true})
	}
}

// resume lets it go on.
func (t *turn) resume() error {
	r, ok := t.c.Clocks[term.Direction]
	if !ok || r.Paused.IsZero() {
		return nil
	}
	p, ok := t.policy(term.Direction, t.m.day(r.From))
	if !ok {
		return fault.New(fault.Internal, "the rule of a running clock is gone")
	}
	d, err := t.m.Counter.Resume(p, r.Deadline, r.Paused, t.at)
	if err != nil {
		return err
	}
	t.set(d)
	return nil
}
