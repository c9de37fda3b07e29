package main

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

// TestFaultsBriefly does for some seconds what TestFaults (tag faults) does for
// a quarter of an hour: every update delivered three times, presses sent again,
// races, Telegram in trouble, two replicas killed in turn and Redis once. No
// time is judged.
func TestFaultsBriefly(t *testing.T) {
	t.Parallel()
	later(t)
	seed := rand.Uint64N(1e9) + 1
	s := usual
	s.people, s.replicas, s.habits.race, s.sending = 12, 2, 0.3, 0
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	tr.tg.Deliver(telegramtest.Delivery{Copies: 2, Concurrent: true, Jitter: 5 * time.Millisecond})
	tr.play(func(context.Context) {
		for i := range 10 {
			tr.wait(tr.moment(0, time.Second))
			tr.trouble()
			tr.killServer(tr.replicas[i%2])
		}
		tr.killRedis(s.redis, 1)
		tr.tg.ClearFaults()
	})
	l := tr.audit()
	tr.checkLogs()
	if l.facts == 0 {
		t.Error("nothing happened")
	}
	if l.broken() {
		t.Errorf("seed %d: %d lost, %d doubled, %d contradicted, %d out of order, %d duplicates of at most %d: %q",
			seed, l.lost, l.doubled, l.contradicted, l.disordered, l.duplicates, l.inFlight, l.notes)
	}
}

// TestFaultsOfTheSiteBriefly does for some seconds what the scenarios of the
// site's chat do: every message sent three times, two pages each, some by polls,
// lines that break in the middle of a frame and come back to another replica,
// replicas killed in turn and Redis once.
func TestFaultsOfTheSiteBriefly(t *testing.T) {
	t.Parallel()
	later(t)
	seed := rand.Uint64N(1e9) + 1
	s := usual
	s.people, s.visitors, s.replicas = 0, 12, 2
	s.web = webHabits{copies: 3, tabs: 2, polls: 0.25, hop: 0.2, burst: 0.5, frail: true}
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for i := range 6 {
			tr.wait(tr.moment(0, 1500*time.Millisecond))
			tr.killServer(tr.replicas[i%2])
		}
		tr.killRedis(s.redis, 1)
	})
	l := tr.audit()
	tr.checkLogs()
	if l.facts == 0 {
		t.Error("nothing happened")
	}
	if l.broken() {
		t.Errorf("seed %d: %d lost, %d doubled, %d contradicted, %d out of order: %q",
			seed, l.lost, l.doubled, l.contradicted, l.disordered, l.notes)
	}
	t.Logf("%d messages, %d facts, %d lines, %d resets, slowest answer after an incident %v", l.updates, l.facts, l.lines, l.resets, l.owed)
}

// usual is a crowd whose members do something five times a second or so.
var usual = setting{
	people: 32, second: 100 * time.Millisecond, patience: 30 * time.Second, sending: 40 * time.Millisecond,
	habits: habits{think: 300 * time.Millisecond, insist: 0.2},
}

// killServer ends the replica the hard way and starts it again.
func (tr *trial) killServer(p *process) {
	tr.during(p.kill, p.start)
	tr.kills++
}

// killRedis kills Redis n times under load.
func (tr *trial) killRedis(r *mortalRedis, n int) {
	for range n {
		tr.wait(tr.moment(500*time.Millisecond, 3*time.Second))
		tr.during(r.kill, func() {
			r.start()
			tr.ready()
		})
		tr.kills++
	}
	tr.wait(3 * time.Second)
}

// trouble orders one misfortune of Telegram's, for a chat or for all.
func (tr *trial) trouble() {
	var who int64
	if tr.rng.IntN(4) > 0 {
		who = tr.people[tr.rng.IntN(len(tr.people))].ID()
	}
	f := telegramtest.Fault{Chat: who, Method: "sendMessage", Times: 1 + tr.rng.IntN(3)}
	if tr.rng.IntN(3) == 0 {
		f.Method = "editMessageText"
	}
	switch tr.rng.IntN(7) {
	case 0:
		f.Code, f.RetryAfter, f.Hold = 429, 1+tr.rng.IntN(3), true
		if who == 0 {
			f.Hold = false
		}
	case 1:
		f.Code = []int{500, 502, 504}[tr.rng.IntN(3)]
	case 2:
		f.Effect, f.Delay = telegramtest.HangAfter, tr.moment(time.Second, 3*time.Second)
	case 3:
		f.Effect = telegramtest.ResetAfter
	case 4:
		f.Effect = telegramtest.Cut
	case 5:
		f.Effect = telegramtest.Reset
	case 6:
		f.Effect, f.Delay = telegramtest.Slow, tr.moment(time.Second, 5*time.Second)
	}
	tr.tg.Fault(f)
}
