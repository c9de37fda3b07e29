package life_test

import (
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
)

// An answer that has not reached the customer was not given: its clocks run on, the
// schedule closes nothing, and who keeps the case sends it another way (R-5.2.10-a).
func TestAnAnswerThatReachesNobody(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Typical, Reply: "r", Links: []string{"bill-read"}})
	s.refuses(reception, "2026-11-20 13:01", life.Do{Event: life.Undelivered, Reply: "r", Line: 2}, life.ErrRole)
	s.refuses(schedule, "2026-11-20 13:01", life.Do{Event: life.Undelivered, Reply: "another", Line: 2}, life.Latest.Err())
	s.does(schedule, "2026-11-20 13:01", life.Do{Event: life.Undelivered, Reply: "r", Line: 2, Why: "blocked"})
	s.expect(life.Prepared, "reach 1, answer until 2026-11-23, notice until 2026-11-23")
	if !s.Answered.IsZero() || s.Resolution != "" || s.Lost != life.ByTypical {
		t.Errorf("%+v", s.Case)
	}
	s.refuses(schedule, "2026-12-05 00:00", life.Do{Event: life.Close}, life.ErrState)
	s.refuses(schedule, "2026-11-20 13:02", life.Do{Event: life.Undelivered, Reply: "r", Line: 2}, life.ErrState)
	s.refuses(reception, "2026-11-20 13:02", life.Do{Event: life.Answer}, life.HasReply.Err()) // it is not given as if for the first time
	if may := life.Possible(&s.Case, reception); !slices.Contains(may, life.Resend) {
		t.Errorf("the keeper may %v", may)
	}
	s.does(reception, "2026-11-24 10:00", life.Do{
		Event: life.Resend, Reply: "r", Way: appeal.ByEmail, Answers: appeal.Answers{}.With(appeal.Email, "ivanova@post.example"),
	})
	s.expect(life.Answered, "stop answer, stop notice, later close 2026-12-09")
	if s.Resolution != life.ByTypical || s.Lost != "" || s.Reply != "r" || !s.Answered.Equal(at("2026-11-24 10:00")) || s.Answers.One(appeal.Email) == "" {
		t.Errorf("%+v", s.Case)
	}
	s.refuses(schedule, "2026-12-05 00:00", life.Do{Event: life.Close}, life.Ripe.Err()) // his two weeks begin when he has it
	s.does(schedule, "2026-12-09 00:00", life.Do{Event: life.Close})
	// Who closes a case by hand is told all the same.
	s.does(schedule, "2026-12-09 01:00", life.Do{Event: life.Undelivered, Reply: "r", Line: 4})
	if s.State != life.Prepared || !s.Case.Closed.IsZero() {
		t.Errorf("%+v", s.Case)
	}
	// What is written anew takes its place.
	s.does(reception, "2026-12-09 10:00", life.Do{Event: life.Answer, Reply: "r2"})
	if s.Lost != "" {
		t.Errorf("%+v", s.Case)
	}
	s.refuses(schedule, "2026-12-09 11:00", life.Do{Event: life.Undelivered, Reply: "r", Line: 4}, life.Latest.Err())
}

// A case whose answer is ready, and nothing more, cannot be sent once more.
func TestOnlyWhatWasGivenIsSentAgain(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Question, "В-0")
	s.does(reception, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01", Override: true, Waive: true, Note: note("всё ясно")})
	s.does(specialist, "2026-11-20 13:10", life.Do{Event: life.Accept})
	s.does(specialist, "2026-11-20 13:20", life.Do{Event: life.Prepare, Reply: "r"})
	if may := life.Possible(&s.Case, reception); slices.Contains(may, life.Resend) {
		t.Errorf("the keeper may %v", may)
	}
	s.refuses(reception, "2026-11-20 13:30", life.Do{Event: life.Resend, Reply: "r"}, life.TakenBack.Err())
}

// A question that has not reached the customer was not asked: nobody waits for his
// word, and the first contact is still owed (R-5.2.7-c).
func TestAQuestionThatReachesNobody(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	contact := s.Clocks[term.Contact].At
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Ask, Note: note("Какой адрес?")})
	s.expect(life.NeedInfo, "stop contact, tell ask")
	s.refuses(schedule, "2026-11-23 10:01", life.Do{Event: life.Undelivered, Line: 1}, life.Latest.Err())
	s.does(schedule, "2026-11-23 10:01", life.Do{Event: life.Undelivered, Line: 2, Why: "blocked"})
	s.expect(life.Registered, "reach 2, contact until 2026-11-24")
	if r := s.Clocks[term.Contact]; !r.Runs() || !r.At.Equal(contact) {
		t.Errorf("the first contact: %+v", r)
	}
	s.refuses(schedule, "2026-11-23 10:02", life.Do{Event: life.Undelivered, Line: 2}, life.ErrState)

	// He is asked once more before it is known that the first time was in vain.
	s.does(appRouter, "2026-11-23 11:00", life.Do{Event: life.Ask, Note: note("Какой адрес?")})
	s.does(appRouter, "2026-11-23 11:05", life.Do{Event: life.Ask, Note: note("Какой адрес?"), Way: appeal.ByEmail})
	s.refuses(schedule, "2026-11-23 11:06", life.Do{Event: life.Undelivered, Line: 4}, life.Latest.Err())

	// The direction's clock runs on, too.
	s = begin(t, appeal.Application, "З-8")
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")})
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	s.does(specialist, "2026-11-23 12:00", life.Do{Event: life.Ask, Note: note("Какой подъезд?")})
	s.does(schedule, "2026-11-23 12:01", life.Do{Event: life.Undelivered, Line: 4})
	if s.State != life.InWork || !s.Clocks[term.Direction].Runs() || !s.Clocks[term.Contact].Runs() {
		t.Errorf("%s: %+v", s.State, s.Clocks)
	}
	// Times that nobody has seen are none that he may choose.
	s.does(specialist, "2026-11-23 13:00", life.Do{Event: life.Propose, Times: []time.Time{at("2026-11-26 10:00")}})
	s.does(schedule, "2026-11-23 13:01", life.Do{Event: life.Undelivered, Line: 6})
	if s.State != life.InWork || len(s.Proposed) > 0 || !s.Clocks[term.Direction].Runs() || !s.Clocks[term.Contact].Runs() {
		t.Errorf("%s: %+v", s.State, s.Clocks)
	}
}
