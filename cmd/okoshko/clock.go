package main

import (
	"errors"
	"sync/atomic"
	"time"
)

// clock is the program's one clock. It starts at the real time; the demo can
// move it forward. Deadlines, timers and schedules obey it; leases, time-outs
// and rate limits run on real time.
type clock struct{ ahead atomic.Int64 } // nanoseconds

// Now returns the program's time.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

var errBackwards = errors.New("the clock only goes forward")

// Advance moves the clock forward.
func (c *clock) Advance(d time.Duration) error {
	if d < 0 {
		return errBackwards
	}
	c.ahead.Add(int64(d))
	return nil
}

// Set moves the clock forward to an instant.
func (c *clock) Set(at time.Time) error { return c.Advance(at.Sub(c.Now())) }
