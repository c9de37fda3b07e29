package life

import (
	"slices"

	"okoshko/core/appeal"
)

// Rule says that an event may happen in some states, who may cause it, what must
// be true, and where it leads.
type Rule struct {
	Event Event
	From  []State
	// To is the state afterwards; Stay: the same, BackTo: that from which the
	// customer was asked.
	To State
	By []Duty
	// Kinds are those to which it can happen; none: all.
	Kinds  []appeal.Kind
	Guards []Guard
}

// Where rules lead that name no state.
const (
	Stay   State = ""
	BackTo State = "back"
)

var ended = []State{Answered, Closed}

// Rules is the machine. In one state an event has one rule at most.
func Rules() []Rule { return rules }

var rules = []Rule{
	{Register, []State{Draft}, Registered, []Duty{Customer, Operator}, nil, nil},
	{Take, open(), Stay, []Duty{keeper}, nil, nil},
	{Name, append(open(), Answered), Stay, []Duty{keeper}, nil, []Guard{HasPerson}},
	{Assign, []State{Routed}, InWork, []Duty{Supervisor}, nil, []Guard{HasPerson, NotAbout}},
	{Assign, []State{InWork, Scheduling, Scheduled}, Stay, []Duty{Supervisor}, nil, []Guard{HasPerson, NotAbout}},
	{Reclassify, []State{Registered}, Stay, []Duty{keeper}, nil, nil},
	{Ask, []State{Registered, InWork}, NeedInfo, []Duty{keeper, Specialist}, nil, []Guard{Mine, HasNote}},
	{Clarify, []State{NeedInfo}, BackTo, []Duty{Customer, Operator, keeper}, nil, nil},
	{Write, append(open(), Answered), Stay, []Duty{Customer, Operator}, nil, nil},
	{Route, []State{Registered, Routed, InWork, NeedInfo}, Routed, []Duty{keeper}, nil, []Guard{HasQueue, Complete}},
	{Accept, []State{Routed}, InWork, []Duty{Specialist}, nil, []Guard{HisQueue}},
	{Accept, []State{InWork, Scheduling, Scheduled}, Stay, []Duty{Specialist}, nil, []Guard{HisQueue, Free}},
	{Return, []State{Routed, InWork}, Registered, []Duty{Specialist}, nil, []Guard{Mine, HasNote}},
	{Prepare, []State{InWork, Scheduled}, Prepared, []Duty{Specialist}, nil, []Guard{Mine, HasReply}},
	{Rework, []State{Prepared}, InWork, []Duty{keeper}, nil, []Guard{HasNote}},
	{Notify, open(), Stay, []Duty{keeper}, nil, []Guard{DayPromised}},
	{Extend, open(), Stay, []Duty{keeper}, nil, []Guard{HasNote, NotExtended, InTime}},
	{Contact, []State{Registered, Routed, InWork}, Stay, []Duty{keeper, Specialist}, applications, []Guard{Mine}},
	{Propose, []State{InWork, Scheduling, Scheduled}, Scheduling, []Duty{Specialist}, applications, []Guard{Mine, HasTimes}},
	{Confirm, []State{Scheduling}, Scheduled, []Duty{Customer, Operator}, applications, []Guard{TimeProposed}},
	{Decline, []State{Scheduling, Scheduled}, InWork, []Duty{Customer, Operator}, applications, nil},
	{Agree, []State{InWork, Scheduling, Scheduled}, Scheduled, []Duty{Specialist}, applications, []Guard{Mine, HasTime}},
	{Act, append(open(), Answered), Stay, []Duty{keeper, Specialist}, complaints, []Guard{Mine, HasNote}},
	{Finish, append(open(), Answered), Stay, []Duty{keeper, Specialist}, complaints, []Guard{Mine, OpenAction, HasNote}},
	{Answer, open(), Answered, []Duty{keeper}, nil, []Guard{HasReply}},
	{Typical, []State{Registered, NeedInfo, Prepared}, Answered, []Duty{keeper}, letters, []Guard{HasReply, HasLinks}},
	{OffTopic, []State{Registered, NeedInfo, Prepared}, Answered, []Duty{keeper}, nil, []Guard{HasReply, HasAddressee}},
	{Duplicate, open(), Closed, []Duty{keeper}, nil, []Guard{HasOther, NothingOpen}},
	{Withdraw, open(), Closed, []Duty{Customer, Operator}, nil, nil},
	{Rate, ended, Stay, []Duty{Customer}, nil, []Guard{HasAnswer, OneToFive}},
	{Reopen, ended, Registered, []Duty{Customer, Operator}, nil, []Guard{HasAnswer, InWindow}},
	{Close, []State{Answered}, Closed, []Duty{keeper, System}, nil, []Guard{NothingOpen, Ripe}},
}

var (
	applications = []appeal.Kind{appeal.Application}
	complaints   = []appeal.Kind{appeal.Complaint}
	letters      = []appeal.Kind{appeal.Question, appeal.Review}
)

// exists reports whether there is such an event.
func exists(e Event) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Event == e })
}

// ruleOf returns the rule of an event in a case as it is.
func ruleOf(e Event, c *Case) (*Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Event == e && r.fits(c) })
	if i < 0 {
		return nil, false
	}
	return &rules[i], true
}

// fits reports whether the event can happen to a case as it is.
func (r *Rule) fits(c *Case) bool {
	return slices.Contains(r.From, c.State) && (len(r.Kinds) == 0 || slices.Contains(r.Kinds, c.Kind))
}

// admits returns the duty by which somebody may cause the event in a case. The
// error is ErrTaken if he might, were it not a colleague who keeps the case, else
// ErrDuty.
func (r *Rule) admits(c *Case, by Actor) (Duty, error) {
	refused := ErrDuty
	for _, duty := range r.By {
		if duty != keeper {
			if by.has(duty) {
				return duty, nil
			}
			continue
		}
		if own := KeeperOf(c.Kind); by.has(own) {
			if c.Keeper == 0 || c.Keeper == by.Staff {
				return own, nil
			}
			refused = ErrTaken
		}
		if by.has(Supervisor) {
			return Supervisor, nil
		}
	}
	return "", refused
}

// Possible returns the events that somebody may cause in a case now, as far as
// that does not depend on what he says: the buttons of a console.
func Possible(c *Case, by Actor) []Event {
	if c.about(by) {
		return nil
	}
	var list []Event
	for i := range rules {
		r := &rules[i]
		if _, err := r.admits(c, by); err == nil && r.fits(c) {
			list = append(list, r.Event)
		}
	}
	return list
}

// about reports whether the case is about the one who wants to act on it: he may
// not (spec §1.6, A8).
func (c *Case) about(by Actor) bool { return by.Staff != 0 && slices.Contains(c.About, by.Staff) }
