package life_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/desk"
	"okoshko/core/staff"
)

// One keeps a case; the supervisor may step in.
func TestTaken(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Take})
	s.refuses(editor, "2026-11-20 13:00", life.Do{Event: life.Take}, life.ErrTaken)
	s.refuses(editor, "2026-11-20 13:00", life.Do{Event: life.OffTopic, Reply: "r", Addressee: "gas"}, life.ErrTaken)
	s.refuses(reception, "2026-11-20 13:00", life.Do{Event: life.OffTopic, Reply: "r"}, life.HasAddressee.Err())
	s.refuses(reception, "2026-11-20 13:00", life.Do{Event: life.Typical, Reply: "r"}, life.HasLinks.Err())
	s.does(supervisor, "2026-11-20 14:00", life.Do{Event: life.Typical, Reply: "r", Links: []string{"bill-read"}})
	if s.Keeper != reception.Staff || s.Resolution != life.ByTypical {
		t.Errorf("kept by %d, %s", s.Keeper, s.Resolution)
	}
}

// The work of an absent keeper goes to a colleague (R-5.2.6-a), never to one whom
// it is about.
func TestHand(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Take})
	s.refuses(editor, "2026-11-20 14:00", life.Do{Event: life.Hand, Person: editor.Staff}, life.ErrTaken)
	s.does(supervisor, "2026-11-20 14:00", life.Do{Event: life.Hand, Person: editor.Staff})
	s.expect(life.Registered, "keep 7")
	s.refuses(reception, "2026-11-20 15:00", life.Do{Event: life.Answer, Reply: "r"}, life.ErrTaken)
	s.does(editor, "2026-11-20 15:00", life.Do{Event: life.Answer, Reply: "r"})

	c := begin(t, appeal.Complaint, "Ж-3")
	c.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Name, Person: 8})
	c.refuses(supervisor, "2026-11-20 14:00", life.Do{Event: life.Hand, Person: 8}, life.NotAbout.Err())
}

// A complaint that names who would get it goes to the supervisor first: not he, nor his
// mailbox. The supervisor says who is meant (spec §1.6, A8).
func TestNamed(t *testing.T) {
	t.Parallel()
	for kind, category := range map[appeal.Kind]string{appeal.Complaint: "Ж-3", appeal.Review: "О-2"} {
		s := &story{T: t, Case: life.Case{Number: appeal.Number{Kind: kind, Year: 2026, Serial: 1}, Kind: kind, Category: category, State: life.Draft}}
		keeper := map[appeal.Kind]life.Actor{appeal.Complaint: compRouter, appeal.Review: reception}[kind]
		s.does(customer, "2026-11-20 12:00", life.Do{Event: life.Register, Named: []int64{keeper.Staff}})
		if said := s.said(); !strings.HasSuffix(said, ", mail supervisor, check supervisor") {
			t.Errorf("%s", said)
		}
		if s.SeenBy(keeper) || !s.SeenBy(supervisor) {
			t.Error("who is named sees it, or the supervisor does not")
		}
		s.refuses(keeper, "2026-11-20 12:10", life.Do{Event: life.Take}, life.ErrAbout)
		s.does(customer, "2026-11-20 12:20", life.Do{Event: life.Write})
		s.expect(life.Registered, "read supervisor")
		s.refuses(supervisor, "2026-11-20 13:00", life.Do{Event: life.Clear, Person: 8, Note: note("это однофамилец")}, life.IsAbout.Err())
		s.does(supervisor, "2026-11-20 13:00", life.Do{Event: life.Clear, Person: keeper.Staff, Note: note("это однофамилец")})
		if said := s.said(); !strings.HasSuffix(said, "check "+string(life.KeeperOf(kind))) {
			t.Errorf("%s", said)
		}
		s.does(keeper, "2026-11-20 14:00", life.Do{Event: life.Take})
		// What turns out to be about him he loses, whatever its kind.
		s.does(supervisor, "2026-11-20 15:00", life.Do{Event: life.Name, Person: keeper.Staff})
		s.expect(life.Registered, "replace supervisor")
	}
}

// What somebody has who may not have it any more is his colleagues' to take, and the
// supervisor sees to it (R-5.2.6-a). Nobody but the schedule can say so.
func TestRelease(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	gone := life.Do{Event: life.Release, Person: reception.Staff}
	s.refuses(schedule, "2026-11-20 13:00", gone, life.HisOwn.Err())
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	s.does(specialist, "2026-11-20 13:00", life.Do{Event: life.Accept})
	s.refuses(supervisor, "2026-11-20 13:00", gone, life.ErrRole)
	s.does(schedule, "2026-11-20 14:00", gone)
	s.expect(life.InWork, "replace vp_specialist, replace supervisor")
	s.does(schedule, "2026-11-20 14:00", life.Do{Event: life.Release, Person: specialist.Staff})
	s.expect(life.InWork, "replace raschet-01, replace supervisor")
	s.does(editor, "2026-11-20 15:00", life.Do{Event: life.Take})
	s.does(specialist, "2026-11-20 15:00", life.Do{Event: life.Accept})
}

// That the customer was reached is said with the way and with what came of it
// (R-5.2.7-e).
func TestContact(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.refuses(appRouter, "2026-11-20 13:00", life.Do{Event: life.Contact, Note: note("Приедем в среду")}, life.HasWay.Err())
	s.refuses(appRouter, "2026-11-20 13:00", life.Do{Event: life.Contact, Way: "phone"}, life.HasNote.Err())
	s.does(appRouter, "2026-11-20 13:00", life.Do{Event: life.Contact, Way: "phone", Note: note("Приедем в среду")})
	s.expect(life.Registered, "stop contact")
}

// The supervisor who takes a case keeps it from then on, and nobody takes what
// somebody keeps: a history tells no steps that were none.
func TestTakeOnce(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-9")
	if !slices.Contains(life.Possible(&s.Case, supervisor), life.Take) {
		t.Error("the supervisor is not offered what nobody keeps")
	}
	s.does(supervisor, "2026-11-20 13:00", life.Do{Event: life.Take})
	if s.Keeper != supervisor.Staff {
		t.Errorf("after the supervisor took it %d keeps it", s.Keeper)
	}
	for _, who := range []life.Actor{supervisor, compRouter} {
		if slices.Contains(life.Possible(&s.Case, who), life.Take) {
			t.Errorf("%d is offered what is kept", who.Staff)
		}
	}
	s.refuses(supervisor, "2026-11-20 13:10", life.Do{Event: life.Take}, life.Untaken.Err())
	s.refuses(compRouter, "2026-11-20 13:10", life.Do{Event: life.Answer, Reply: "r"}, life.ErrTaken)
	s.does(supervisor, "2026-11-20 14:00", life.Do{Event: life.Hand, Person: compRouter.Staff})
	s.refuses(supervisor, "2026-11-20 14:10", life.Do{Event: life.Take}, life.Untaken.Err())
	s.does(compRouter, "2026-11-20 15:00", life.Do{Event: life.Answer, Reply: "r"})
}

// What was closed as a repetition can be taken back: by the keeper, and by the
// customer for two weeks. The promise is the old one.
func TestRepetition(t *testing.T) {
	t.Parallel()
	closed := func() *story {
		s := begin(t, appeal.Application, "З-10")
		s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "raschet-01", Waive: true, Note: note("всё ясно")})
		s.does(appRouter, "2026-11-23 11:00", life.Do{Event: life.Duplicate, Other: appeal.Number{Kind: appeal.Application, Year: 2026, Serial: 9}})
		s.expect(life.Closed, "stop answer, stop direction, stop contact, tell duplicate")
		return s
	}
	s := closed()
	s.refuses(customer, "2026-12-08 00:00", life.Do{Event: life.Reopen}, life.InWindow.Err())
	if got := life.Possible(&s.Case, appRouter); !slices.Equal(got, []life.Event{life.Reopen}) {
		t.Errorf("the keeper may %v", got)
	}
	s.does(customer, "2026-12-07 23:59", life.Do{Event: life.Reopen, Answers: appeal.Answers{}.With("text", "Это другой счётчик")})
	promise := s.Clocks[term.Answer].Last.String()
	s.expect(life.Registered, "tell reopen, answer until "+promise+", contact until 2026-11-24, review 2")
	if s.Reopened != 0 || !s.Case.Closed.IsZero() || !s.Other.IsZero() || s.Queue != "" || s.Resolution != "" || len(s.Clocks) != 2 {
		t.Errorf("%+v", s.Case)
	}
	if first := begin(t, appeal.Application, "З-10"); first.Clocks[term.Answer].Last.String() != promise {
		t.Errorf("promised until %s, at first until %s", promise, first.Clocks[term.Answer].Last)
	}
	s = closed()
	s.does(supervisor, "2027-01-20 10:00", life.Do{Event: life.Reopen, Note: note("Разные счётчики")})
	s.does(appRouter, "2027-01-20 11:00", life.Do{Event: life.Answer, Reply: "r"})
	// What was answered is not the keeper's to open again.
	s.refuses(appRouter, "2027-01-20 12:00", life.Do{Event: life.Reopen}, life.Undone.Err())
	if slices.Contains(life.Possible(&s.Case, appRouter), life.Reopen) {
		t.Error("the keeper is offered to open an answered case again")
	}
}

// A repetition is one of a case that a colleague of the same desk still answers.
func TestRepeats(t *testing.T) {
	t.Parallel()
	one, same := begin(t, appeal.Complaint, "Ж-9"), begin(t, appeal.Complaint, "Ж-3")
	same.Number.Serial = 7
	question, answered, mine := begin(t, appeal.Question, "В-0"), *same, *same
	answered.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Answer, Reply: "r"})
	mine.does(supervisor, "2026-11-20 13:00", life.Do{Event: life.Name, Person: compRouter.Staff})
	for what, c := range map[string]struct {
		other *life.Case
		want  error
	}{
		"the same kind, open": {&same.Case, nil}, "itself": {&one.Case, life.HasOther.Err()},
		"a question": {&question.Case, life.ErrOtherKind}, "one that is answered": {&answered.Case, life.ErrOtherEnded},
		"one about the actor himself": {&mine.Case, life.HasOther.Err()},
	} {
		if got := one.Repeats(c.other, compRouter); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

// Each attempt to ask the customer is kept (R-5.2.7-c), and he is led back to
// where the case was.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-10")
	s.does(appRouter, "2026-11-20 13:00", life.Do{Event: life.Ask, Way: "chat", Note: note("Номер счёта?")})
	s.expect(life.NeedInfo, "stop contact, tell ask")
	s.does(appRouter, "2026-11-23 13:00", life.Do{Event: life.Ask, Way: "phone", Note: note("Номер счёта?")})
	s.expect(life.NeedInfo, "tell ask")
	s.does(appRouter, "2026-11-23 13:30", life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With("account", "0145201372")})
	s.expect(life.Registered, "check 2")
	if s.History[1].Do.Way != "chat" || s.History[2].Do.Way != "phone" || !s.Moved().Equal(at("2026-11-23 13:30")) {
		t.Errorf("%+v", s.History)
	}
}

// A case that is of another category is still to be checked, and what the customer
// has written freely is entered where the checklist looks for it (R-5.2.8-b).
func TestCheckedAnew(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-10")
	s.does(appRouter, "2026-11-20 13:00", life.Do{Event: life.Take})
	s.does(appRouter, "2026-11-20 13:10", life.Do{Event: life.Reclassify, Category: "З-6"})
	s.expect(life.Registered, "check 2, answer until 2026-11-25")
	s.does(customer, "2026-11-20 14:00", life.Do{Event: life.Write, Note: note("Счёт 0145201372")})
	s.expect(life.Registered, "read 2")
	s.refuses(customer, "2026-11-20 14:05", life.Do{Event: life.Clarify}, life.ErrRole)
	s.does(appRouter, "2026-11-20 14:10", life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With("account", "0145201372")})
	s.expect(life.Registered, "check 2")
	if s.Answers.One("account") != "0145201372" {
		t.Errorf("%v", s.Answers)
	}
}

// The customer may reopen a case for two weeks; then it is promised anew. What was
// extended once is not extended again (R-5.2.11-c).
func TestReopen(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.refuses(customer, "2026-11-21 10:00", life.Do{Event: life.Reopen}, life.ErrState)
	s.does(reception, "2026-11-23 10:00", life.Do{Event: life.Extend, Note: note("Ждём сети")})
	s.does(reception, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	s.does(reception, "2026-11-24 10:00", life.Do{Event: life.Answer, Reply: "r"})
	s.refuses(customer, "2026-12-09 00:00", life.Do{Event: life.Reopen}, life.InWindow.Err())
	s.does(customer, "2026-12-08 23:59", life.Do{Event: life.Reopen, Answers: appeal.Answers{}.With("text", "Не согласен")})
	s.expect(life.Registered, "tell reopen, answer until 2026-12-11, notice until 2026-12-09, review 1")
	if s.Reopened != 1 || !s.Case.Answered.IsZero() || s.Answers.One("text") != "Не согласен" {
		t.Errorf("%+v", s.Case)
	}
	s.refuses(reception, "2026-12-09 10:00", life.Do{Event: life.Extend, Note: note("Ждём сети")}, life.NotExtended.Err())
	if slices.Contains(life.Possible(&s.Case, reception), life.Extend) {
		t.Error("a second extension is offered")
	}
	if len(s.Clocks) != 2 {
		t.Errorf("clocks of before are still there: %v", s.Clocks)
	}
	// What the customer wanted no more he does not reopen, but writes anew.
	s.does(customer, "2026-12-10 10:00", life.Do{Event: life.Withdraw})
	s.expect(life.Closed, "stop answer, stop notice, tell withdraw, stop 1")
	s.refuses(customer, "2026-12-10 11:00", life.Do{Event: life.Reopen}, life.Reopens.Err())
}

// The direction's day stands still while the customer is asked, the promise does
// not (spec §1.6, A4); a day that does not fit is said at once (A5).
func TestClocks(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0") // until Monday, 23.11
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	s.does(specialist, "2026-11-20 14:00", life.Do{Event: life.Accept})
	s.does(specialist, "2026-11-20 15:00", life.Do{Event: life.Ask, Note: note("Какой счётчик?")})
	s.expect(life.NeedInfo, "stop direction, tell ask")
	s.does(customer, "2026-11-24 15:00", life.Do{Event: life.Clarify})
	s.expect(life.InWork, "read 4, direction until 2026-11-25")
	if s.Clocks[term.Answer].Last.String() != "2026-11-23" {
		t.Errorf("the promise moved to %s", s.Clocks[term.Answer].Last)
	}
	s.does(specialist, "2026-11-24 16:00", life.Do{Event: life.Return, Note: note("Не наш вопрос")})
	s.expect(life.Registered, "stop direction, reroute 1")
	s.does(reception, "2026-11-24 17:00", life.Do{Event: life.Route, Queue: "uslugi-01", Override: true, Note: note("Просят услугу")})
	s.expect(life.Routed, "direction until 2026-11-25, work uslugi-01, mail uslugi-01, hurry 1")
	s.refuses(reception, "2026-11-24 18:00", life.Do{Event: life.Route, Queue: "biz", Override: true}, life.HasQueue.Err())
}

// Under another category the promise never becomes later.
func TestReclassify(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Reclassify, Category: "Ж-1"})
	s.expect(life.Registered, "mail complaint_router, check complaint_router, stop notice")
	if s.Kind != appeal.Complaint || s.Clocks[term.Answer].Last.String() != "2026-11-23" || s.Number.Kind != appeal.Question {
		t.Errorf("%s, promised until %s as %s", s.Kind, s.Clocks[term.Answer].Last, s.Number)
	}
	// What was extended stays so.
	s = begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-23 13:00", life.Do{Event: life.Extend, Note: note("Ждём сети")})
	s.does(reception, "2026-11-23 14:00", life.Do{Event: life.Reclassify, Category: "О-3"})
	if s.Clocks[term.Answer].Last.String() != "2026-12-03" {
		t.Errorf("the extended promise became %s", s.Clocks[term.Answer].Last)
	}
	s = begin(t, appeal.Complaint, "Ж-9")
	s.does(compRouter, "2026-11-23 13:00", life.Do{Event: life.Reclassify, Category: "З-6"})
	s.expect(life.Registered, "mail application_router, check application_router, answer until 2026-11-25, contact until 2026-11-24")
	s.refuses(appRouter, "2026-11-23 14:00", life.Do{Event: life.Reclassify, Category: "Я-1"}, appeal.ErrNoCategory)
}

// What falls back to a role's queue is worked on by who has the role: he is told by
// task and mail, takes it on, and answers, asks or returns as a direction does; to
// his own queue nobody routes what he keeps (spec §5.7).
func TestRoleQueues(t *testing.T) {
	t.Parallel()
	lidia := life.By(staff.Account{Member: desk.Member{ID: 6}, Roles: []staff.Role{staff.Supervisor}}, demo.Routes())
	olga := life.By(staff.Account{Member: desk.Member{ID: 1}, Roles: []staff.Role{staff.ReceptionSpecialist}}, demo.Routes())
	s := begin(t, appeal.Complaint, "Ж-9")
	s.refuses(compRouter, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "zhaloby"}, life.NotOwn.Err())
	s.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "kontrol", Waive: true, Note: note("всё ясно")})
	s.expect(life.Routed, "direction until 2026-11-23, work kontrol, mail kontrol")
	s.refuses(olga, "2026-11-20 13:30", life.Do{Event: life.Accept}, life.ErrRole)
	s.does(lidia, "2026-11-20 14:00", life.Do{Event: life.Accept})
	if s.Assignee != 6 || s.History[2].Role != staff.Supervisor || s.Keeper != compRouter.Staff {
		t.Errorf("%d works on it as %s for %d", s.Assignee, s.History[2].Role, s.Keeper)
	}
	s.does(lidia, "2026-11-20 15:00", life.Do{Event: life.Prepare, Reply: "r"})
	s.expect(life.Prepared, "stop direction, send 3")

	// One that nobody knows a territory of goes to the reception, whatever it is.
	s = begin(t, appeal.Complaint, "Ж-9")
	s.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "vp", Waive: true, Note: note("всё ясно")})
	s.refuses(olga, "2026-11-20 13:30", life.Do{Event: life.Prepare, Reply: "r"}, life.ErrState)
	s.does(olga, "2026-11-20 14:00", life.Do{Event: life.Accept})
	colleague := life.By(staff.Account{Member: desk.Member{ID: 9}, Roles: []staff.Role{staff.ReceptionSpecialist}}, demo.Routes())
	s.refuses(colleague, "2026-11-20 14:30", life.Do{Event: life.Prepare, Reply: "r"}, life.Mine.Err())
	s.does(olga, "2026-11-20 15:00", life.Do{Event: life.Ask, Note: note("Когда это было?")})
	s.does(customer, "2026-11-20 16:00", life.Do{Event: life.Clarify})
	s.does(olga, "2026-11-20 17:00", life.Do{Event: life.Return, Note: note("Нужен другой отдел")})
	s.expect(life.Registered, "stop direction, reroute 3")

	q := begin(t, appeal.Question, "В-0")
	q.refuses(olga, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "vp"}, life.NotOwn.Err())
}

// Who works at the console acts by his roles and in his teams.
func TestBy(t *testing.T) {
	t.Parallel()
	account := staff.Account{Member: desk.Member{ID: 4}, Roles: []staff.Role{staff.DirectionSpecialist}, Teams: []string{"raschet-01"}}
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	account.Disabled = true
	s.refuses(life.By(account, demo.Routes()), "2026-11-20 14:00", life.Do{Event: life.Accept}, life.ErrRole)
	account.Disabled = false
	s.does(life.By(account, demo.Routes()), "2026-11-20 14:00", life.Do{Event: life.Accept})
	if s.Assignee != 4 || s.History[2].Role != staff.DirectionSpecialist {
		t.Errorf("%d works on it as %s", s.Assignee, s.History[2].Role)
	}
}

// A specialist does his own work alone, whoever else is of his queue.
func TestMine(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01"})
	colleague := life.Actor{Staff: 9, Roles: specialist.Roles, Queues: specialist.Queues}
	s.refuses(specialist, "2026-11-20 13:30", life.Do{Event: life.Prepare, Reply: "r"}, life.ErrState)
	s.does(specialist, "2026-11-20 14:00", life.Do{Event: life.Accept})
	s.refuses(colleague, "2026-11-20 14:30", life.Do{Event: life.Accept}, life.Free.Err())
	s.refuses(colleague, "2026-11-20 14:30", life.Do{Event: life.Prepare, Reply: "r"}, life.Mine.Err())
	s.refuses(colleague, "2026-11-20 14:30", life.Do{Event: life.Return, Note: note("не моё")}, life.Mine.Err())
	s.does(supervisor, "2026-11-20 15:00", life.Do{Event: life.Assign, Person: colleague.Staff})
	s.does(colleague, "2026-11-20 15:30", life.Do{Event: life.Prepare, Reply: "r"})
	// Clocks of channels differ: what comes second happens second.
	s.does(reception, "2026-11-20 15:00", life.Do{Event: life.Answer})
	if !s.Case.Answered.Equal(at("2026-11-20 15:30")) || !s.Moved().Equal(s.Case.Answered) {
		t.Errorf("answered at %s, before it was prepared", s.Case.Answered)
	}
	// Staff need not wait to close what is done.
	s.does(reception, "2026-11-21 10:00", life.Do{Event: life.Close})
}
