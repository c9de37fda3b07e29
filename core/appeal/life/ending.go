package life

import (
	"fmt"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
)

var resolutions = map[Event]Resolution{
	Answer: ByAnswer, Typical: ByTypical, OffTopic: AsOffTopic, Duplicate: AsDuplicate, Withdraw: AsWithdrawn,
}

func (t *turn) answer() error {
	if t.do.Reply != "" {
		t.c.Reply = t.do.Reply
	}
	t.give(resolutions[t.do.Event])
	t.tell()
	return nil
}

// give ends the case with an answer.
func (t *turn) give(r Resolution) {
	t.c.Answered, t.c.Resolution, t.c.Lost = t.at, r, ""
	t.over()
	t.follow(Later{Close, t.m.reopenUntil(t.at)})
}

// end closes a case without an answer.
func (t *turn) end() {
	t.c.Closed, t.c.Resolution, t.c.Lost = t.at, resolutions[t.do.Event], ""
	t.over()
	t.tell()
}

// over stops all clocks.
func (t *turn) over() {
	t.met(term.Answer, term.Direction, term.Contact, term.Notice)
}

func (t *turn) duplicate() error {
	t.c.Other = t.do.Other
	t.end()
	return nil
}

func (t *turn) withdraw() error {
	t.end()
	t.toKeeper(ToStop)
	t.toDirection(ToStop)
	return nil
}

func (t *turn) rate() error {
	t.c.Rating = t.do.Rating
	return nil
}

// reopen begins the case anew: the promise is made again, but what was extended once
// is not extended again (R-5.2.11-c). One that was closed as a repetition was never
// answered: the promise stands as it was.
func (t *turn) reopen() error {
	wrongly := t.was == Closed && t.c.Resolution == AsDuplicate
	t.c.Answered, t.c.Resolution, t.c.Other = time.Time{}, "", appeal.Number{}
	t.c.Reply, t.c.Queue, t.c.Assignee = "", "", 0
	t.c.Proposed, t.c.Agreed = nil, time.Time{}
	t.merge()
	t.tell()
	if wrongly {
		t.goOn(t.c.Closed)
	} else {
		t.c.Reopened++
		clear(t.c.Clocks)
		for _, clock := range []term.Clock{term.Answer, term.Notice} {
			if err := t.start(clock, calendar.Term{}); err != nil {
				return fmt.Errorf("promise again: %w", err)
			}
		}
	}
	t.c.Closed = time.Time{}
	t.toKeeper(ToReview)
	return nil
}

// goOn lets the clocks run again that stopped when the case was closed. The
// direction's starts when it is routed.
func (t *turn) goOn(stopped time.Time) {
	t.unmeet(stopped, term.Answer, term.Contact, term.Notice)
	delete(t.c.Clocks, term.Direction)
}

func (t *turn) close() error {
	t.c.Closed = t.at
	return nil
}
