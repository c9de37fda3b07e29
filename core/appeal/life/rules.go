package life

import (
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/staff"
)

// Rule says that an event may happen in some states, who may cause it, what must
// be true, and where it leads.
type Rule struct {
	Event Event
	From  []State
	// To is the state afterwards; Stay: the same, BackTo: that from which the
	// customer was asked.
	To State
	By []staff.Role
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

// Short for lists, so that the table reads as one.
type (
	in   = []State
	by   = []staff.Role
	must = []Guard
)

var rules = []Rule{
	{Register, in{Draft}, Registered, by{Customer, staff.Operator}, nil, nil},
	{Take, open(), Stay, by{keeper}, nil, must{Untaken}},
	{Hand, append(open(), Answered), Stay, by{keeper}, nil, must{HasPerson, NotAbout}},
	{Name, append(open(), Answered), Stay, by{keeper}, nil, must{HasPerson}},
	{Clear, append(open(), Answered), Stay, by{staff.Supervisor}, nil, must{HasPerson, IsAbout, HasNote}},
	{Release, append(open(), Answered), Stay, by{System}, nil, must{HasPerson, HisOwn}},
	{Assign, in{Routed}, InWork, by{staff.Supervisor}, nil, must{HasPerson, NotAbout}},
	{Assign, in{InWork, Scheduling, Scheduled}, Stay, by{staff.Supervisor}, nil, must{HasPerson, NotAbout}},
	{Reclassify, in{Registered}, Stay, by{keeper}, nil, nil},
	{Locate, open(), Stay, by{keeper}, nil, must{HasTerritory, HasNote}},
	{Ask, in{Registered, InWork, Prepared}, NeedInfo, by{keeper, worker}, nil, must{Mine, HasNote}},
	{Ask, in{NeedInfo}, Stay, by{keeper, worker}, nil, must{Mine, HasNote}},
	{Clarify, in{NeedInfo}, BackTo, by{Customer, staff.Operator, keeper}, nil, nil},
	{Clarify, in{Registered}, Stay, by{keeper}, nil, nil}, // what stands in his letter goes where the checklist looks for it
	{Write, append(open(), Answered), Stay, by{Customer, staff.Operator}, nil, nil},
	{Drop, append(open(), ended...), Stay, by{System}, nil, nil},
	{Route, in{Registered, Routed, InWork, NeedInfo}, Routed, by{keeper}, nil, must{HasQueue, NotOwn, Moves, Complete}},
	{Accept, in{Routed}, InWork, by{worker}, nil, must{HisQueue}},
	{Accept, in{InWork, Scheduling, Scheduled}, Stay, by{worker}, nil, must{HisQueue, Free}},
	{Return, in{Routed, InWork}, Registered, by{worker}, nil, must{Mine, HasNote}},
	{Prepare, in{InWork, Scheduled}, Prepared, by{worker}, nil, must{Mine, HasReply, Visited}},
	{Rework, in{Prepared}, InWork, by{keeper}, nil, must{HasNote}},
	{Notify, open(), Stay, by{keeper}, nil, must{DayPromised}},
	{Extend, open(), Stay, by{keeper}, nil, must{HasNote, NotExtended, InTime}},
	{Contact, in{Registered, Routed, InWork}, Stay, by{keeper, worker}, applications, must{Mine, HasWay, HasNote}},
	{Propose, in{InWork, Scheduling, Scheduled}, Scheduling, by{worker}, applications, must{Mine, HasTimes, ByDay, InPromise}},
	{Confirm, in{Scheduling}, Scheduled, by{Customer, staff.Operator}, applications, must{TimeProposed}},
	{Decline, in{Scheduling, Scheduled}, InWork, by{Customer, staff.Operator}, applications, nil},
	{Lapse, in{Scheduling}, InWork, by{System}, applications, must{NoneLeft}},
	{Agree, in{InWork, Scheduling, Scheduled}, Scheduled, by{worker}, applications, must{Mine, HasTime, ByDay, SaysWhy, InPromise}},
	{Act, append(open(), Answered), Stay, by{keeper, worker}, complaints, must{Mine, HasNote}},
	{Finish, append(open(), Answered, Closed), Stay, by{keeper, worker}, complaints, must{Mine, OpenAction, HasNote}},
	{Answer, open(), Answered, by{keeper}, nil, must{HasReply, Visited}},
	{Typical, in{Registered, NeedInfo, Prepared}, Answered, by{keeper}, letters, must{HasReply, HasLinks}},
	{OffTopic, in{Registered, NeedInfo, Prepared}, Answered, by{keeper}, nil, must{HasReply, HasAddressee}},
	{Duplicate, open(), Closed, by{keeper}, nil, must{HasOther, NothingOpen}},
	{Withdraw, open(), Closed, by{Customer, staff.Operator}, nil, nil},
	{Rate, ended, Stay, by{Customer}, nil, must{HasAnswer, OneToFive}},
	{Reopen, ended, Registered, by{Customer, staff.Operator, keeper}, nil, must{Reopens, Undone, InWindow}},
	{Close, in{Answered}, Closed, by{keeper, System}, nil, must{NothingOpen, Ripe}},
	// Who has it opened again may never have got his answer.
	{Resend, append(unprepared(), ended...), Stay, by{keeper}, nil, must{Given, HasReply}},
	{Resend, in{Prepared}, Answered, by{keeper}, nil, must{TakenBack, HasReply}},
	{Posted, append(open(), ended...), Stay, by{keeper}, nil, must{Given, HasReply}},
	{Undelivered, in{NeedInfo}, BackTo, by{System}, nil, must{Latest}},
	{Undelivered, in{Scheduling}, InWork, by{System}, applications, must{Latest}},
	{Undelivered, ended, Prepared, by{System}, nil, must{HasAnswer, Latest}},
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

// admits returns the role by which somebody may cause the event in a case, and
// whether he does as its keeper. The error is ErrTaken if he might, were it not a
// colleague who keeps the case, else ErrRole.
func (r *Rule) admits(c *Case, by Actor) (role staff.Role, keeps bool, err error) {
	err = ErrRole
	for _, role := range r.By {
		if role == worker {
			if own, works := by.Queues[c.Queue]; works {
				return own, false, nil
			}
			role = staff.DirectionSpecialist // whom a guard tells that it is in another queue
		}
		if role != keeper {
			if by.has(role) {
				return role, false, nil
			}
			continue
		}
		if own := KeeperOf(c.Kind); by.has(own) {
			if c.Keeper == 0 || c.Keeper == by.Staff {
				return own, true, nil
			}
			err = ErrTaken
		}
		if by.has(staff.Supervisor) {
			return staff.Supervisor, true, nil
		}
	}
	return "", false, err
}

// Possible returns the events that somebody may cause in a case now, as far as
// that does not depend on what he says, nor on the day: the buttons of a console.
func Possible(c *Case, by Actor) []Event {
	if c.about(by) {
		return nil
	}
	var list []Event
	for i := range rules {
		r := &rules[i]
		role, keeps, err := r.admits(c, by)
		t := &turn{c: c, by: by, role: role, keeps: keeps}
		if err == nil && r.fits(c) && !slices.ContainsFunc(r.Guards, func(g Guard) bool { return slices.Contains(standing, g) && !guards[g].holds(t) }) {
			list = append(list, r.Event)
		}
	}
	return list
}

// about reports whether the case is about the one who wants to act on it: he may
// not (spec §1.6, A8).
func (c *Case) about(by Actor) bool { return by.Staff != 0 && slices.Contains(c.About, by.Staff) }
