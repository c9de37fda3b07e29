//go:build faults

package main

import (
	"context"
	"testing"
	"time"
)

// The scenarios of the site's chat.

// onSite is a crowd of the site's chat, on two replicas.
func onSite(w webHabits) setting {
	s := usual
	s.people, s.visitors, s.replicas, s.web = 0, 32, 2, w
	return s
}

// siteDeliveries sends every message three times, half of all presses again
// from another page.
func siteDeliveries(t *testing.T, seed uint64) *trial {
	s := onSite(webHabits{copies: 3, tabs: 2, polls: 0.25, burst: 1})
	s.habits.insist = 0.5
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) { tr.wait(lasting(40 * time.Second)) })
	return tr
}

// siteKilled kills one of two replicas, in which half of the sockets are open.
func siteKilled(t *testing.T, seed uint64) *trial {
	tr := newTrial(t, seed, onSite(webHabits{copies: 2, tabs: 2, polls: 0.2, burst: 0.5}))
	tr.play(func(context.Context) {
		for i := range scaled(*faultKills / 2) {
			tr.wait(tr.moment(50*time.Millisecond, 2*time.Second))
			tr.killServer(tr.replicas[i%2])
		}
		tr.wait(3 * time.Second)
	})
	return tr
}

// siteHops lets visitors change between replicas before every other act, over
// lines that break in the middle of a frame, while replicas are restarted.
func siteHops(t *testing.T, seed uint64) *trial {
	tr := newTrial(t, seed, onSite(webHabits{copies: 2, tabs: 2, polls: 0.2, hop: 0.5, burst: 0.5, frail: true}))
	tr.play(func(context.Context) {
		for i := range scaled(20) {
			tr.wait(tr.moment(50*time.Millisecond, 3*time.Second))
			tr.during(func() { tr.replicas[i%2].stop() }, tr.replicas[i%2].start)
		}
		tr.wait(3 * time.Second)
	})
	return tr
}

func siteRedisKilled(t *testing.T, seed uint64) *trial {
	s := onSite(webHabits{copies: 2, tabs: 2, polls: 0.2})
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) { tr.killRedis(s.redis, scaled(15)) })
	return tr
}

// sitePostgresAway takes PostgreSQL away for half a minute; pages are reloaded
// meanwhile.
func sitePostgresAway(t *testing.T, seed uint64) *trial {
	s := onSite(webHabits{copies: 2, tabs: 2, polls: 0.2, hop: 0.1})
	s.patience = 2 * awayFor()
	server := startPostgres(t)
	s.postgres = server.url()
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		tr.wait(tr.moment(4*time.Second, 6*time.Second))
		from := time.Now()
		tr.during(func() {
			server.stop()
			tr.wait(awayFor())
		}, server.start)
		tr.kills++
		answers, told := tr.answeredBetween(from, from.Add(awayFor()))
		t.Logf("while PostgreSQL was away visitors were answered %d times, %d were told that sending takes longer", answers, told)
		if answers <= told || told == 0 {
			t.Error("dialogs did not go on without PostgreSQL")
		}
		tr.wait(10 * time.Second)
	})
	return tr
}

// siteDesk has visitors call for a person; all the staff reach for whoever has
// waited longest, while replicas are killed and restarted.
func siteDesk(t *testing.T, seed uint64) *trial {
	tr := newTrial(t, seed, onSite(webHabits{copies: 2, tabs: 1, call: 0.5}))
	tr.playDesk(func(context.Context) {
		for i := range scaled(20) {
			tr.wait(tr.moment(500*time.Millisecond, 3*time.Second))
			if p := tr.replicas[i%2]; i%4 < 2 {
				tr.killServer(p)
			} else {
				tr.during(func() { p.stop() }, p.start)
			}
		}
		tr.wait(3 * time.Second)
	})
	served := 0
	for _, v := range tr.visitors {
		served += v.served
	}
	t.Logf("%d calls for a person went from the call to the bot's return", served)
	if served == 0 {
		t.Error("nobody was served")
	}
	return tr
}
