package life_test

import (
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
)

// Times that all went by lead the direction to propose others, whose day begins anew; an
// agreed time changes for a reason (R-5.2.7-e).
func TestTimesGoBy(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")})
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	first, second := at("2026-11-25 10:00"), at("2026-11-26 20:00")
	s.does(specialist, "2026-11-23 12:00", life.Do{Event: life.Propose, Times: []time.Time{second, first}})
	s.expect(life.Scheduling, "stop contact, stop direction, tell propose, later lapse 2026-11-26")
	s.refuses(schedule, "2026-11-26 19:59", life.Do{Event: life.Lapse}, life.NoneLeft.Err())
	s.refuses(specialist, "2026-11-26 20:00", life.Do{Event: life.Lapse}, life.ErrRole)
	s.does(schedule, "2026-11-26 20:00", life.Do{Event: life.Lapse})
	s.expect(life.InWork, "tell lapse, renew 4, direction until 2026-11-27")
	if len(s.Proposed) > 0 {
		t.Errorf("still proposed: %v", s.Proposed)
	}
	s.refuses(schedule, "2026-11-26 20:00", life.Do{Event: life.Lapse}, life.ErrState)
	s.does(specialist, "2026-11-27 10:00", life.Do{Event: life.Agree, Time: at("2026-11-30 10:00")})
	s.refuses(specialist, "2026-11-27 11:00", life.Do{Event: life.Agree, Time: at("2026-12-01 10:00")}, life.SaysWhy.Err())
	s.does(specialist, "2026-11-27 11:00", life.Do{Event: life.Agree, Time: at("2026-12-01 10:00"), Note: note("Заболел электромонтёр")})
	s.expect(life.Scheduled, "tell agree")
}

// What is to be done at an agreed time is not answered before it, unless it is said why:
// neither by who does it nor by who keeps the case (R-5.2.7-e, R-5.2.10-a).
func TestAnswerWaitsForTheVisit(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")})
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	s.does(specialist, "2026-11-23 12:00", life.Do{Event: life.Agree, Time: at("2026-11-26 10:00")})
	for _, by := range []struct {
		who   life.Actor
		event life.Event
	}{{specialist, life.Prepare}, {appRouter, life.Answer}} {
		s.refuses(by.who, "2026-11-26 09:59", life.Do{Event: by.event, Reply: "act"}, life.Visited.Err())
		s.refuses(by.who, "2026-11-26 09:59", life.Do{Event: by.event, Reply: "act", Note: note(" ")}, life.Visited.Err())
		early, moved, came := &story{T: t, Case: s.Case}, &story{T: t, Case: s.Case}, &story{T: t, Case: s.Case}
		early.does(by.who, "2026-11-23 13:00", life.Do{Event: by.event, Reply: "act", Note: note("Успели раньше, клиент был дома")})
		came.does(by.who, "2026-11-26 10:00", life.Do{Event: by.event, Reply: "act"})
		moved.does(specialist, "2026-11-26 09:00", life.Do{Event: life.Agree, Time: at("2026-11-27 10:00"), Note: note("Клиент попросил")})
		moved.refuses(by.who, "2026-11-26 10:00", life.Do{Event: by.event, Reply: "act"}, life.Visited.Err())
	}
	// Whoever sends an answer that is prepared has the reason before him.
	s.does(specialist, "2026-11-23 13:00", life.Do{Event: life.Prepare, Reply: "act", Note: note("Успели раньше, клиент был дома")})
	s.does(appRouter, "2026-11-23 14:00", life.Do{Event: life.Answer})
}

// A few different times are proposed, near enough to be meant.
func TestTimesAreFew(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")})
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	first := at("2026-11-26 10:00")
	many := make([]time.Time, life.MostTimes+1)
	for i := range many {
		many[i] = first.Add(time.Duration(i) * time.Hour)
	}
	for what, times := range map[string][]time.Time{
		"none": nil, "one twice": {first, first.In(zone)}, "too many": many, "one that is over": {first, at("2026-11-23 11:59")}, "a slip in the year": {at("2027-12-02 13:00")},
	} {
		s.Log(what)
		s.refuses(specialist, "2026-11-23 12:00", life.Do{Event: life.Propose, Times: times}, life.HasTimes.Err())
	}
	s.refuses(specialist, "2026-11-23 12:00", life.Do{Event: life.Agree, Time: at("2027-12-02 13:00")}, life.HasTime.Err())
	s.does(specialist, "2026-11-23 12:00", life.Do{Event: life.Propose, Times: many[:life.MostTimes]})
}

// Nobody comes at night; past the promised day a time stands for a reason that the
// customer reads, whatever day it is.
func TestTimesSuitTheCustomer(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Application, "З-8")
	s.does(appRouter, "2026-11-23 10:00", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")})
	s.refuses(appRouter, "2026-11-23 10:05", life.Do{Event: life.Route, Queue: "uslugi-01", Waive: true, Note: note("Адрес уточним")}, life.Moves.Err())
	s.does(specialist, "2026-11-23 11:00", life.Do{Event: life.Accept})
	late := s.Clocks[term.Answer].Last.Add(1).At(10*60, zone)
	for _, is := range []struct {
		at   time.Time
		note string
		err  error
	}{
		{at("2026-11-26 07:59"), "Раньше некогда", life.ByDay.Err()},
		{at("2026-11-26 21:00"), "Позже некогда", life.ByDay.Err()},
		{late, "", life.InPromise.Err()},
		{late, " x ", life.InPromise.Err()},
		{at("2026-11-26 08:00"), "", nil},
		{at("2026-11-26 20:59"), "", nil},
		{late, "Клиент в отъезде", nil},
	} {
		for _, do := range []life.Do{
			{Event: life.Propose, Times: []time.Time{is.at, at("2026-11-25 12:00")}, Note: note(is.note)}, {Event: life.Agree, Time: is.at, Note: note(is.note)},
		} {
			one := &story{T: t, Case: s.Case}
			if is.err != nil {
				one.refuses(specialist, "2026-11-23 12:00", do, is.err)
			} else {
				one.does(specialist, "2026-11-23 12:00", do)
			}
		}
	}
}
