//go:build faults

package main

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

var scenarios = []scenario{
	{name: "deliveries", run: deliveries},
	{name: "races", run: races},
	{name: "server killed", run: serverKilled, owed: owedLimit, redelivered: redeliveredLimit},
	{name: "server restarted", run: serverRestarted, owed: redeliveredLimit, redelivered: redeliveredLimit},
	{name: "replica stopped", run: replicaStopped, owed: owedLimit, redelivered: redeliveredLimit},
	{name: "redis killed", run: redisKilled, owed: owedLimit, redelivered: redeliveredLimit},
	{name: "redis killed, slow disk", run: redisKilledOnSlowDisk},
	{name: "redis killed, everysec", run: redisKilledEverysec, fails: true},
	{name: "postgres away", run: postgresAway},
	{name: "postgres frozen", run: postgresFrozen},
	{name: "telegram in trouble", run: telegramInTrouble},
	{name: "everything at once", run: everything},
	{name: "site: deliveries", run: siteDeliveries},
	{name: "site: server killed", run: siteKilled},
	{name: "site: hops and cuts", run: siteHops},
	{name: "site: redis killed", run: siteRedisKilled},
	{name: "site: postgres away", run: sitePostgresAway},
	{name: "site: operators", run: siteDesk},
}

// scaled is a number of times, or a tenth of it in a quick run.
func scaled(n int) int {
	if *faultQuick {
		return max(n/10, 1)
	}
	return n
}

// lasting is a time, or a quarter of it in a quick run.
func lasting(d time.Duration) time.Duration {
	if *faultQuick {
		return d / 4
	}
	return d
}

// deliveries brings every update three times: at the same moment, then one
// after the other, the queues overtaking each other.
func deliveries(t *testing.T, seed uint64) *trial {
	s := usual
	s.replicas, s.habits.insist = 2, 0.5
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for _, d := range []telegramtest.Delivery{
			{Copies: 2, Concurrent: true},
			{Copies: 2, Later: 2 * time.Millisecond, Jitter: 20 * time.Millisecond},
			{Copies: 2, Later: 100 * time.Millisecond},
			{Copies: 2, Concurrent: true, Jitter: 5 * time.Millisecond},
		} {
			tr.tg.Deliver(d)
			tr.wait(lasting(15 * time.Second))
		}
	})
	return tr
}

// races sends and cancels, or corrects, in the same moment, at two replicas.
func races(t *testing.T, seed uint64) *trial {
	s := usual
	s.replicas = 2
	s.habits = habits{think: 60 * time.Millisecond, race: 1, insist: 0.3}
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		tr.wait(lasting(30 * time.Second))
		tr.tg.Deliver(telegramtest.Delivery{Copies: 2, Concurrent: true})
		tr.wait(lasting(30 * time.Second))
	})
	return tr
}

func serverKilled(t *testing.T, seed uint64) *trial {
	tr := newTrial(t, seed, usual)
	tr.play(func(context.Context) {
		for range scaled(*faultKills) {
			tr.wait(tr.moment(50*time.Millisecond, 2*time.Second))
			tr.killServer(tr.replicas[0])
		}
		tr.wait(3 * time.Second)
	})
	return tr
}

// serverRestarted stops one of two replicas the soft way, again and again.
func serverRestarted(t *testing.T, seed uint64) *trial {
	s := usual
	s.replicas = 2
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for i := range scaled(20) {
			tr.wait(tr.moment(50*time.Millisecond, 2*time.Second))
			p := tr.replicas[i%2]
			p.stop()
			tr.incidents = append(tr.incidents, incident{ready: time.Now()}) // nothing was in flight
			p.start()
		}
		tr.wait(3 * time.Second)
	})
	return tr
}

// replicaStopped stops one of two replicas in the middle of whatever it does,
// and lets it go on when its leases have long run out.
func replicaStopped(t *testing.T, seed uint64) *trial {
	s := usual
	s.replicas = 2
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for i := range scaled(10) {
			tr.wait(tr.moment(time.Second, 3*time.Second))
			p := tr.replicas[i%2]
			p.signal(syscall.SIGSTOP)
			stopped := time.Now() // from now on the other one is ready to do its work
			tr.wait(tr.moment(3*time.Second, 8*time.Second))
			tr.incidents = append(tr.incidents, incident{stopped, stopped, stopped})
			p.signal(syscall.SIGCONT)
			tr.kills++
		}
		tr.wait(5 * time.Second)
	})
	return tr
}

func redisKilled(t *testing.T, seed uint64) *trial {
	s := usual
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) { tr.killRedis(s.redis, scaled(20)) })
	return tr
}

func redisKilledOnSlowDisk(t *testing.T, seed uint64) *trial {
	s := usual
	s.second, s.patience = time.Second, time.Minute // a turn takes seconds itself
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	s.redis.slow = 20 * time.Millisecond
	tr.play(func(context.Context) {
		tr.killRedis(s.redis, scaled(20))
		s.redis.slow = 200 * time.Millisecond
		tr.killRedis(s.redis, scaled(10))
	})
	return tr
}

// redisKilledEverysec is the test of the test: with everysec, Redis answers
// before the disk has it. While a flush is under way it even keeps what it has
// to write in its own memory, for up to two seconds, and a kill loses that.
func redisKilledEverysec(t *testing.T, seed uint64) *trial {
	s := usual
	s.people, s.patience = 48, 3*time.Second
	s.habits.think = 60 * time.Millisecond
	s.redis = startRedis(t, "everysec", 0)
	tr := newTrial(t, seed, s)
	s.redis.slow = 1500 * time.Millisecond
	tr.play(func(context.Context) { tr.killRedis(s.redis, 6) })
	return tr
}

// awayFor is how long PostgreSQL is away.
func awayFor() time.Duration {
	if *faultQuick {
		return 10 * time.Second
	}
	return 30 * time.Second
}

func patient() setting {
	s := usual
	s.patience = 2 * awayFor()
	s.second = 250 * time.Millisecond // a press lives for 150 of them
	return s
}

func postgresAway(t *testing.T, seed uint64) *trial {
	s := patient()
	server := startPostgres(t)
	s.postgres = server.url()
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for range 2 {
			tr.wait(tr.moment(2*time.Second, 4*time.Second))
			from := time.Now()
			server.stop()
			tr.kills++
			tr.wait(awayFor())
			tr.wentOn(from, time.Now())
			server.start()
		}
		tr.wait(10 * time.Second)
	})
	return tr
}

// wentOn checks that customers were answered while PostgreSQL was away, and
// that those whose form was being sent were told so.
func (tr *trial) wentOn(from, to time.Time) {
	answers, told := 0, 0
	for _, c := range tr.tg.Calls() {
		if c.Effect && c.At.After(from) && c.At.Before(to) && c.Params["text"] != "" {
			answers++
			if strings.Contains(c.Params["text"], "Отправляем") {
				told++
			}
		}
	}
	tr.t.Logf("while PostgreSQL was away customers were answered %d times, %d were told that sending takes longer", answers, told)
	if answers <= told || told == 0 {
		tr.t.Error("dialogs did not go on without PostgreSQL")
	}
}

func postgresFrozen(t *testing.T, seed uint64) *trial {
	s := patient()
	server := startPostgres(t)
	s.postgres = server.url()
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		tr.wait(tr.moment(2*time.Second, 4*time.Second))
		server.freeze(true)
		tr.kills++
		tr.wait(awayFor())
		server.freeze(false)
		tr.wait(10 * time.Second)
	})
	return tr
}

func telegramInTrouble(t *testing.T, seed uint64) *trial {
	s := usual
	s.sending = 0 // the first order that fits a call wins
	tr := newTrial(t, seed, s)
	tr.play(func(context.Context) {
		for i := range scaled(300) {
			tr.wait(tr.moment(0, 400*time.Millisecond))
			tr.trouble()
			if i%100 == 50 {
				tr.during(func() { tr.tg.Outage(true) }, func() {
					tr.wait(2 * time.Second)
					tr.tg.Outage(false)
				})
			}
		}
		tr.tg.ClearFaults()
	})
	return tr
}

// everything does it all together: three deliveries, races, Telegram in
// trouble, the server and Redis killed.
func everything(t *testing.T, seed uint64) *trial {
	s := usual
	s.replicas, s.habits.race, s.sending = 2, 0.3, 0
	s.redis = startRedis(t, "always", 0)
	tr := newTrial(t, seed, s)
	tr.tg.Deliver(telegramtest.Delivery{Copies: 2, Concurrent: true, Jitter: 5 * time.Millisecond})
	tr.play(func(context.Context) {
		for i := range scaled(60) {
			tr.wait(tr.moment(0, 1500*time.Millisecond))
			switch {
			case i%10 == 9:
				tr.killRedis(s.redis, 1)
			case i%3 == 2:
				tr.killServer(tr.replicas[tr.rng.IntN(2)])
			default:
				tr.trouble()
			}
		}
		tr.tg.ClearFaults()
		tr.wait(3 * time.Second)
	})
	return tr
}
