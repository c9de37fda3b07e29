package desk_test

import (
	"testing"
	"time"

	"okoshko/core/desk"
	"okoshko/core/fault"
)

// A customer is told a time only if it means something: up in steps of five
// minutes, as many rounds as it takes until it is his turn.
func TestWait(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at    desk.Standing
		wait  time.Duration
		known bool
	}{
		"nobody is there":           {desk.Standing{Place: 1, Typical: 7 * time.Minute}, 0, false},
		"nobody knows how long":     {desk.Standing{Place: 1, Present: 2}, 0, false},
		"he does not wait":          {desk.Standing{Present: 2, Typical: 7 * time.Minute}, 0, false},
		"next":                      {desk.Standing{Place: 1, Present: 1, Typical: 7 * time.Minute}, 10 * time.Minute, true},
		"next, just five minutes":   {desk.Standing{Place: 1, Present: 1, Typical: 5 * time.Minute}, 5 * time.Minute, true},
		"next, in no time":          {desk.Standing{Place: 1, Present: 1, Typical: time.Second}, 5 * time.Minute, true},
		"third of two":              {desk.Standing{Place: 3, Present: 2, Typical: 7 * time.Minute}, 15 * time.Minute, true},
		"as many as there are":      {desk.Standing{Place: 4, Present: 4, Typical: 7 * time.Minute}, 10 * time.Minute, true},
		"an hour":                   {desk.Standing{Place: 6, Present: 1, Typical: 10 * time.Minute}, time.Hour, true},
		"more than an hour":         {desk.Standing{Place: 7, Present: 1, Typical: 10 * time.Minute}, 65 * time.Minute, true},
		"a number would be a guess": {desk.Standing{Place: 500, Present: 1, Typical: time.Hour}, 65 * time.Minute, true},
	} {
		if wait, known := c.at.Wait(); wait != c.wait || known != c.known {
			t.Errorf("%s: %v, %t; want %v, %t", name, wait, known, c.wait, c.known)
		}
	}
}

// Refusals of the desk are conflicts, and say by their key which.
func TestRefusals(t *testing.T) {
	t.Parallel()
	taken := &desk.TakenError{By: desk.Member{ID: 3, Name: "Анна"}}
	for _, err := range []error{desk.ErrTaken, desk.ErrClosed, desk.ErrNotHolder, taken} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%v is %v", err, fault.Of(err))
		}
	}
}
