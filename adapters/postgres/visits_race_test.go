package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/visit"
)

// TestManyAtOnce lets many customers hold, book, move, cancel and let go at
// random, on two replicas, while staff close a day: nothing fails, and what
// stands in the end keeps every rule.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-23 09:00")
	clerk := l.clerk(t)
	replicas := []*postgres.DB{l.DB, pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now = l.now })}
	closed := calendar.Date{Year: 2026, Month: 11, Day: 26}
	const people, acts = 10, 40
	together(people, func(i int) {
		c := chat.Conversation(fmt.Sprintf("tg:%d", i))
		p := &passer{linker: l, Rand: rand.New(rand.NewPCG(uint64(i), 7)), db: replicas[i%2], who: c}
		for n := range acts {
			if i == 0 && n == acts/2 {
				if _, err := l.edit(t, clerk, "06", visit.Closure{Exception: visit.Exception{First: closed, Last: closed}}); err != nil {
					t.Error(err)
				}
			}
			p.act(t)
		}
	})
	for what, sql := range map[string]string{
		"a window receives two at once": `SELECT count(*) FROM visits a JOIN visits b ON a.id < b.id AND a.office = b.office
			AND a.window_number = b.window_number AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
			WHERE 'cancelled' NOT IN (a.status, b.status)`,
		"too many visits of a phone": `SELECT count(*) FROM (SELECT FROM visits WHERE status IN ('booked', 'moved')
			GROUP BY phone_digest HAVING count(*) > 2) s`,
		"too many visits of a conversation": `SELECT count(*) FROM (SELECT FROM visits WHERE status IN ('booked', 'moved')
			GROUP BY conversation HAVING count(*) > 2) s`,
		"a code is given twice":  `SELECT count(*) FROM visits a JOIN visits b USING (office, day, code) WHERE a.id < b.id AND code <> ''`,
		"visits on a closed day": `SELECT count(*) FROM visits WHERE office = '06' AND day = '2026-11-26' AND status <> 'cancelled'`,
	} {
		if n := count(t, l.conn, sql); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	l.keepsShare(t)
}

// passer does one thing after another.
type passer struct {
	*linker
	*rand.Rand
	db  *postgres.DB
	who chat.Conversation
}

func (p *passer) act(t *testing.T) {
	c := visit.Choice{Office: []string{"06", "05"}[p.IntN(2)], Service: []string{"charges", "account", "meter"}[p.IntN(3)]}
	days, _, err := p.db.VisitDays(t.Context(), visit.Query{Conversation: p.who, Office: c.Office, Service: c.Service, Now: p.now()})
	if err != nil {
		t.Error(err)
		return
	}
	var free []visit.Slot
	for _, d := range days {
		free = append(free, d.Slots...)
	}
	if len(free) > 0 {
		c.Start = free[p.IntN(min(6, len(free)))].Start // all want the same
	}
	mine, err := p.db.Bookings(t.Context(), p.who, p.now())
	if err != nil {
		t.Error(err)
		return
	}
	e := p.effect(p.who)
	switch what := p.IntN(10); {
	case what < 2:
		_, err = p.db.HoldSlot(t.Context(), e, c)
	case what < 6:
		o := order(t, c.Office, c.Service, "2026-11-26 10:00", p.IntN(12))
		o.Choice = c
		_, err = p.db.Book(t.Context(), e, o)
	case what < 8 && len(mine) > 0:
		c.Moving = mine[p.IntN(len(mine))].ID
		_, err = p.db.MoveBooking(t.Context(), e, c)
	case what < 9 && len(mine) > 0:
		_, err = p.db.CancelBooking(t.Context(), e, mine[0].ID)
	default:
		_, err = p.db.ReleaseSlot(t.Context(), e)
	}
	if err != nil {
		t.Errorf("%s: %v", p.who, err)
	}
}

// keepsShare checks that everything that is booked lies within the hours and that
// enough of each day is left for those who walk in.
func (l *linker) keepsShare(t *testing.T) {
	t.Helper()
	directory, err := l.Offices(t.Context())
	must(t, err)
	rows, err := l.conn.Query(t.Context(), `SELECT office, service, starts_at, ends_at FROM visits WHERE status IN ('booked', 'moved')`)
	must(t, err)
	defer rows.Close()
	booked := map[string]time.Duration{}
	for rows.Next() {
		var office, service string
		var start, end time.Time
		must(t, rows.Scan(&office, &service, &start, &end))
		p, _ := directory.Plan(office, service, calendar.Published(), pgtest.Zone)
		if !p.Fits(start, end) {
			t.Errorf("office %s: a visit from %s to %s lies outside of its hours", office, start, end)
		}
		booked[office+calendar.DateOf(start, pgtest.Zone).String()] += end.Sub(start)
	}
	must(t, rows.Err())
	if len(booked) == 0 {
		t.Error("nothing is booked")
	}
	for day, took := range booked {
		open := map[string]time.Duration{"06": 4 * time.Hour, "05": 6 * time.Hour}[day[:2]]
		if most := open*60/100 + 30*time.Minute; took > most {
			t.Errorf("%s: %s are booked, %s may be", day, took, most)
		}
	}
}
