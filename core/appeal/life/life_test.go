package life_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

var (
	zone    = time.FixedZone("UTC+5", 5*60*60)
	machine = &life.Machine{Forms: demo.Book(), Routes: demo.Routes(), Terms: demo.Terms(), Counter: term.Counter{Days: calendar.Published(), Zone: zone}}

	customer   = life.Actor{Roles: []staff.Role{life.Customer}}
	schedule   = life.Actor{Roles: []staff.Role{life.System}}
	reception  = life.Actor{Staff: 1, Roles: []staff.Role{staff.ReceptionSpecialist}}
	appRouter  = life.Actor{Staff: 2, Roles: []staff.Role{staff.ApplicationRouter}}
	compRouter = life.Actor{Staff: 3, Roles: []staff.Role{staff.ComplaintRouter}}
	specialist = life.Actor{Staff: 4, Roles: []staff.Role{staff.DirectionSpecialist}, Queues: map[string]staff.Role{"raschet-01": staff.DirectionSpecialist, "uslugi-01": staff.DirectionSpecialist}}
	stranger   = life.Actor{Staff: 5, Roles: []staff.Role{staff.DirectionSpecialist}, Queues: map[string]staff.Role{"biz": staff.DirectionSpecialist}}
	supervisor = life.Actor{Staff: 6, Roles: []staff.Role{staff.Supervisor}}
	editor     = life.Actor{Staff: 7, Roles: []staff.Role{staff.ContentEditor, staff.ReceptionSpecialist}}
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func note(s string) privacy.Text { return privacy.NewText(s) }

// story is a case and what has come of it so far.
type story struct {
	*testing.T
	life.Case
	last []life.Consequence
}

func begin(t *testing.T, k appeal.Kind, category string) *story {
	t.Helper()
	s := &story{T: t, Case: life.Case{
		Number: appeal.Number{Kind: k, Year: 2026, Serial: 123}, Kind: k, Category: category, Audience: knowledge.Individuals,
		Territory: "01", Channel: "tg", State: life.Draft,
		Answers: appeal.Answers{}.With("text", "?").With("contact", "chat").With("answer_way", "chat"),
	}}
	s.does(customer, "2026-11-20 12:00", life.Do{Event: life.Register})
	return s
}

func (s *story) does(by life.Actor, when string, do life.Do) {
	s.Helper()
	next, out, err := machine.Apply(s.Case, do, by, at(when))
	if err != nil {
		s.Fatalf("%s by %v: %v", do.Event, by.Roles, err)
	}
	s.Case, s.last = next, out
}

func (s *story) refuses(by life.Actor, when string, do life.Do, want error) {
	s.Helper()
	if _, _, err := machine.Apply(s.Case, do, by, at(when)); !errors.Is(err, want) {
		s.Errorf("%s by %v: %v, want %v", do.Event, by.Roles, err, want)
	}
}

// said lists the consequences in short.
func (s *story) said() string {
	var list []string
	for _, c := range s.last {
		switch c := c.(type) {
		case life.Tell:
			list = append(list, "tell "+string(c.Event))
		case life.Mail:
			list = append(list, "mail "+string(c.Role)+c.Queue)
		case life.Task:
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s%s%s", c.What, c.Queue, c.Role, strings.TrimPrefix(fmt.Sprint(c.Staff), "0"))))
		case life.SetClock:
			list = append(list, fmt.Sprintf("%s until %s", c.Clock, c.Last))
		case life.StopClock:
			list = append(list, fmt.Sprintf("stop %s%s", c.Clock, strings.TrimPrefix(strings.TrimPrefix(fmt.Sprint(c.Paused), "false"), "true")))
		case life.Later:
			list = append(list, fmt.Sprintf("later %s %s", c.Event, c.At.In(zone).Format(time.DateOnly)))
		}
	}
	return strings.Join(list, ", ")
}

func (s *story) expect(state life.State, said string) {
	s.Helper()
	if s.State != state {
		s.Fatalf("it is %s, want %s", s.State, state)
	}
	if diff := cmp.Diff(said, s.said()); diff != "" {
		s.Errorf("(-want +got):\n%s", diff)
	}
}

// A question goes to a direction and back to the one who keeps it; he sends the
// answer (R-5.2.6-d, -e).
func TestQuestion(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-1")
	s.expect(life.Registered, "tell register, answer until 2026-11-23, notice until 2026-11-23, check vp_specialist")
	s.refuses(reception, "2026-11-20 12:30", life.Do{Event: life.Route, Queue: "raschet-01"}, life.Complete.Err())
	s.refuses(reception, "2026-11-20 12:30", life.Do{Event: life.Route, Queue: "biz", Override: true, Note: note("юрлицо")}, life.Complete.Err())
	s.refuses(reception, "2026-11-20 12:30", life.Do{Event: life.Route, Queue: "raschet-01", Waive: true}, life.Complete.Err())
	s.does(reception, "2026-11-20 12:40", life.Do{Event: life.Ask, Note: note("За какой месяц?")})
	s.expect(life.NeedInfo, "tell ask")
	s.does(customer, "2026-11-20 13:00", life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With("account", "0145201372").With("period", "2026-10")})
	s.expect(life.Registered, "read 1")
	s.does(reception, "2026-11-20 14:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	s.expect(life.Routed, "direction until 2026-11-23, work raschet-01, mail raschet-01")
	s.refuses(stranger, "2026-11-20 15:00", life.Do{Event: life.Accept}, life.HisQueue.Err())
	s.does(specialist, "2026-11-20 15:00", life.Do{Event: life.Accept})
	s.refuses(specialist, "2026-11-20 15:10", life.Do{Event: life.Answer, Reply: "r1"}, life.ErrRole)
	s.refuses(specialist, "2026-11-20 15:10", life.Do{Event: life.Prepare}, life.HasReply.Err())
	s.does(specialist, "2026-11-20 16:00", life.Do{Event: life.Prepare, Reply: "r1"})
	s.expect(life.Prepared, "stop direction, send 1")
	s.does(reception, "2026-11-20 16:30", life.Do{Event: life.Rework, Note: note("Поясните формулу")})
	s.expect(life.InWork, "redo 4, direction until 2026-11-23")
	s.does(specialist, "2026-11-20 17:00", life.Do{Event: life.Prepare, Reply: "r2"})
	s.does(reception, "2026-11-20 18:00", life.Do{Event: life.Answer})
	s.expect(life.Answered, "stop answer, stop notice, later close 2026-12-05, tell answer")
	if s.Reply != "r2" || s.Resolution != life.ByAnswer || s.Keeper != 1 {
		t.Errorf("answered by %q as %s, kept by %d", s.Reply, s.Resolution, s.Keeper)
	}
	s.does(customer, "2026-11-21 10:00", life.Do{Event: life.Rate, Rating: 5})
	s.refuses(customer, "2026-11-21 10:00", life.Do{Event: life.Rate, Rating: 6}, life.OneToFive.Err())
	s.refuses(schedule, "2026-12-04 23:59", life.Do{Event: life.Close}, life.Ripe.Err())
	s.does(schedule, "2026-12-05 00:00", life.Do{Event: life.Close})
	s.expect(life.Closed, "")
	if len(s.History) != 11 || s.History[3].From != life.Registered || s.History[3].To != life.Routed || s.History[3].Staff != 1 {
		t.Errorf("the history has %d lines: %+v", len(s.History), s.History[3])
	}
}

// A question is extended once, with a reason and a notice, and not when it is
// late (R-5.2.11-c); a term that is told lies within the promise (R-5.2.6-f).
func TestExtend(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.refuses(reception, "2026-11-21 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 11, Day: 24}}, life.DayPromised.Err())
	s.refuses(reception, "2026-11-21 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 11, Day: 20}}, life.DayPromised.Err())
	s.does(reception, "2026-11-21 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 11, Day: 23}})
	s.expect(life.Registered, "stop notice, tell notify")
	s.refuses(reception, "2026-11-23 10:00", life.Do{Event: life.Extend}, life.HasNote.Err())
	s.refuses(reception, "2026-11-24 00:00", life.Do{Event: life.Extend, Note: note("Ждём сети")}, life.InTime.Err())
	s.does(reception, "2026-11-23 23:59", life.Do{Event: life.Extend, Note: note("Ждём сети")})
	s.expect(life.Registered, "answer until 2026-12-03, tell extend")
	s.refuses(reception, "2026-11-24 10:00", life.Do{Event: life.Extend, Note: note("Ещё раз")}, life.NotExtended.Err())
	s.does(reception, "2026-11-24 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 12, Day: 3}})

	c := begin(t, appeal.Complaint, "Ж-9")
	c.refuses(compRouter, "2026-11-23 10:00", life.Do{Event: life.Extend, Note: note("Ждём сети")}, term.ErrNoExtension)
	for _, x := range []struct {
		of   *story
		at   string
		want bool
	}{{s, "2026-11-24 10:00", false}, {c, "2026-11-23 10:00", false}, {begin(t, appeal.Question, "В-0"), "2026-11-23 10:00", true}, {begin(t, appeal.Question, "В-0"), "2026-11-24 00:00", false}} {
		if got := machine.Extends(&x.of.Case, at(x.at)); got != x.want {
			t.Errorf("%s at %s extends: %t", x.of.Number, x.at, got)
		}
	}
}

// Who was told a day is owed the answer by that day, and no later one can be told
// (R-5.2.6-f).
func TestNotify(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-9")
	if last := s.Clocks[term.Answer].Last.String(); last != "2026-12-10" {
		t.Fatalf("due %s", last)
	}
	s.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 11, Day: 30}})
	s.expect(life.Registered, "answer until 2026-11-30, tell notify")
	r := s.Clocks[term.Answer]
	if r.Late(at("2026-11-30 23:59")) || !r.Late(at("2026-12-01 00:00")) || r.Why[len(r.Why)-1].Step != term.Named {
		t.Errorf("%+v", r)
	}
	s.refuses(compRouter, "2026-11-24 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 12, Day: 1}}, life.DayPromised.Err())
	s.does(compRouter, "2026-11-24 10:00", life.Do{Event: life.Notify, Day: calendar.Date{Year: 2026, Month: 11, Day: 30}})
	s.expect(life.Registered, "tell notify")
}

// An application: mailed at once, a first contact, a time, done, answered.
func TestApplication(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.expect(life.Registered, "tell register, answer until 2026-12-04, contact until 2026-11-24, mail application_router, check application_router")
	s.refuses(reception, "2026-11-21 10:00", life.Do{Event: life.Take}, life.ErrRole)
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним по телефону")})
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	first, second := at("2026-11-26 10:00"), at("2026-11-26 14:00")
	s.refuses(specialist, "2026-11-23 12:00", life.Do{Event: life.Propose, Times: []time.Time{at("2026-11-23 10:00")}}, life.HasTimes.Err())
	s.does(specialist, "2026-11-23 12:00", life.Do{Event: life.Propose, Times: []time.Time{first, second}})
	s.expect(life.Scheduling, "stop contact, stop direction, tell propose, later lapse 2026-11-26")
	s.refuses(customer, "2026-11-23 13:00", life.Do{Event: life.Confirm, Time: at("2026-11-27 10:00")}, life.TimeProposed.Err())
	s.does(customer, "2026-11-23 13:00", life.Do{Event: life.Decline})
	s.expect(life.InWork, "renew 4, direction until 2026-11-24")
	s.does(specialist, "2026-11-23 14:00", life.Do{Event: life.Propose, Times: []time.Time{second}})
	s.refuses(customer, "2026-11-26 15:00", life.Do{Event: life.Confirm, Time: second}, life.TimeProposed.Err())
	s.does(customer, "2026-11-23 15:00", life.Do{Event: life.Confirm, Time: second})
	s.expect(life.Scheduled, "tell confirm, visit 4")
	s.does(specialist, "2026-11-26 15:00", life.Do{Event: life.Prepare, Reply: "act"})
	s.does(appRouter, "2026-11-26 16:00", life.Do{Event: life.Answer})
	s.expect(life.Answered, "stop answer, later close 2026-12-11, tell answer")
}

// What is withdrawn over an open action keeps it until its result is written down
// (R-5.2.8-e).
func TestWithdrawnOverAnAction(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-1")
	s.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Act, Note: note("Запросили запись разговора")})
	s.does(customer, "2026-11-23 11:00", life.Do{Event: life.Withdraw})
	s.expect(life.Closed, "stop answer, tell withdraw, stop 3")
	s.does(compRouter, "2026-11-24 12:00", life.Do{Event: life.Finish, Action: 1, Note: note("Запись прослушана")})
	s.expect(life.Closed, "")
	if open := s.OpenActions(); len(open) > 0 {
		t.Errorf("still open: %+v", open)
	}
}

// The term of the ordered service takes the place of the table's.
func TestOwnTerm(t *testing.T) {
	t.Parallel()
	c := life.Case{
		Number: appeal.Number{Kind: appeal.Application, Year: 2026, Serial: 1}, Kind: appeal.Application, Category: "З-8", State: life.Draft,
	}
	got, _, err := machine.Apply(c, life.Do{Event: life.Register, Term: calendar.Term{N: 5, Unit: calendar.WorkingDays}}, customer, at("2026-11-20 12:00"))
	if err != nil || got.Clocks[term.Answer].Last.String() != "2026-11-27" {
		t.Errorf("until %s (%v)", got.Clocks[term.Answer].Last, err)
	}
}

// A complaint does not close over an open action, and nobody handles one about
// himself (R-5.2.8-e; spec §1.6, A8).
func TestComplaint(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-3")
	s.expect(life.Registered, "tell register, answer until 2026-12-10, mail complaint_router, check complaint_router")
	s.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Name, Person: specialist.Staff})
	s.does(compRouter, "2026-11-23 10:05", life.Do{Event: life.Route, Queue: "raschet-01", Waive: true, Note: note("всё ясно")})
	s.refuses(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept}, life.ErrAbout)
	s.refuses(supervisor, "2026-11-23 11:00", life.Do{Event: life.Assign, Person: specialist.Staff}, life.NotAbout.Err())
	if got := life.Possible(&s.Case, specialist); len(got) != 0 {
		t.Errorf("he whom it is about may %v", got)
	}
	s.does(compRouter, "2026-11-23 12:00", life.Do{Event: life.Act, Note: note("Запросили запись разговора")})
	s.does(compRouter, "2026-11-24 12:00", life.Do{Event: life.Answer, Reply: "r"})
	s.refuses(compRouter, "2026-12-09 12:00", life.Do{Event: life.Close}, life.NothingOpen.Err())
	s.refuses(schedule, "2026-12-09 12:00", life.Do{Event: life.Close}, life.NothingOpen.Err())
	s.refuses(compRouter, "2026-12-09 12:00", life.Do{Event: life.Finish, Action: 2, Note: note("ничего")}, life.OpenAction.Err())
	s.does(compRouter, "2026-12-09 12:00", life.Do{Event: life.Finish, Action: 1, Note: note("Разобрали с сотрудником")})
	s.expect(life.Answered, "conclude 3")
	s.does(compRouter, "2026-12-09 12:30", life.Do{Event: life.Close})
	// Who is named while he has it has it no more.
	s = begin(t, appeal.Complaint, "Ж-1")
	s.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Take})
	s.does(supervisor, "2026-11-23 11:00", life.Do{Event: life.Name, Person: compRouter.Staff})
	s.expect(life.Registered, "replace supervisor")
	s.refuses(compRouter, "2026-11-23 12:00", life.Do{Event: life.Take}, life.ErrAbout)
	if s.Keeper != 0 {
		t.Error("he still keeps it")
	}
}

// What a guard refuses with says what a person must do about it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, r := range life.Rules() {
		for _, g := range r.Guards {
			var e *fault.Error
			if !errors.As(g.Err(), &e) || e.Key != "case_"+string(g) || e.Kind == fault.Internal {
				t.Errorf("guard %s of %s refuses with %v", g, r.Event, g.Err())
			}
		}
	}
	if _, _, err := machine.Apply(life.Case{}, life.Do{Event: "explode"}, customer, at("2026-11-20 12:00")); !errors.Is(err, life.ErrEvent) {
		t.Errorf("an unknown event: %v", err)
	}
	wrong := life.Case{Number: appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 1}, Kind: appeal.Question, Category: "Ж-1", State: life.Draft}
	if _, _, err := machine.Apply(wrong, life.Do{Event: life.Register}, customer, at("2026-11-20 12:00")); !errors.Is(err, life.ErrKind) {
		t.Errorf("a complaint among questions: %v", err)
	}
}

// In a state an event has one rule, and every state can be reached and left.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, state := range life.States() {
		for _, kind := range appeal.Kinds() {
			seen := map[life.Event]bool{}
			for _, r := range life.Rules() {
				if slices.Contains(r.From, state) && (len(r.Kinds) == 0 || slices.Contains(r.Kinds, kind)) {
					if seen[r.Event] {
						t.Errorf("%s has two rules in %s", r.Event, state)
					}
					seen[r.Event] = true
				}
			}
			if len(seen) == 0 {
				t.Errorf("nothing can happen to a %s that is %s", kind, state)
			}
		}
		into := slices.ContainsFunc(life.Rules(), func(r life.Rule) bool { return r.To == state })
		if !into && state != life.Draft {
			t.Errorf("nothing leads to %s", state)
		}
	}
}

// What is given to Apply stays as it is.
func TestApplyIsPure(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-3")
	s.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Act, Note: note("проверка")})
	before, again := s.Case, begin(t, appeal.Complaint, "Ж-3")
	again.does(compRouter, "2026-11-23 10:00", life.Do{Event: life.Act, Note: note("проверка")})
	s.does(compRouter, "2026-11-23 11:00", life.Do{Event: life.Finish, Action: 1, Note: note("проверено")})
	s.does(compRouter, "2026-11-23 11:00", life.Do{Event: life.Name, Person: 9})
	s.does(customer, "2026-11-23 11:00", life.Do{Event: life.Write, Answers: appeal.Answers{}.With("text", "ещё")})
	if !reflect.DeepEqual(before, again.Case) {
		t.Errorf("the case before was changed:\n%s", cmp.Diff(again.Case, before))
	}
}
