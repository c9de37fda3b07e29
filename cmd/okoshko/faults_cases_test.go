package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/mail/mailtest"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/console"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// enlist adds somebody to the staff who works at one replica and repeats what
// nobody has answered.
func (tr *trial) enlist(at *process, login string, role staff.Role, teams ...string) *operator {
	tr.t.Helper()
	const password = "a password of his own"
	hash, err := console.HashPassword(password)
	if err != nil {
		tr.t.Fatal(err)
	}
	card := staff.Card{Name: login, Roles: []staff.Role{role}, Teams: teams}
	if _, err := tr.db.AddStaff(tr.t.Context(), audit.Entry{}, login, hash, false, card); err != nil {
		tr.t.Fatal(err)
	}
	o := &operator{clerk: &clerk{login: login, password: password, do: func(r *http.Request) (*http.Response, error) {
		r.RequestURI, r.URL.Scheme, r.URL.Host = "", "http", "127.0.0.1:"+strconv.Itoa(at.port)
		return http.DefaultClient.Do(r)
	}}}
	if err := o.come(); err != nil {
		tr.t.Fatal(err)
	}
	return o
}

// caseRace is a case at which pairs of colleagues press at once.
type caseRace struct {
	*trial
	n        appeal.Number
	revision any // that everybody's page shows
	won      []string
	kept     map[string]string // letters, by the numbers of their drafts
}

// press lets two do the same to the case as both see it, each at his replica, and
// kills the second replica meanwhile if it is to be killed. One of them has done it;
// the other is told that it has moved, and shown what has happened.
func (c *caseRace) press(event life.Event, kill bool, pair [2]*operator, more [2]map[string]any) (winner int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), startLimit)
	defer cancel()
	var status [2]int
	var said [2]map[string]any
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, o := range pair {
		body := map[string]any{"id": fmt.Sprintf("race-%d-%s-%s", c.n.Serial, event, o.login), "revision": c.revision, "event": event}
		for name, value := range more[i] {
			body[name] = value
		}
		all.Go(func() {
			<-start
			status[i], said[i] = o.insist(ctx, http.MethodPost, caseAt(c.n, "/do"), body)
		})
	}
	close(start)
	if kill {
		c.wait(c.moment(0, 40*time.Millisecond))
		c.killServer(c.replicas[1])
	}
	all.Wait()
	if status[0] != http.StatusOK {
		winner = 1
	}
	won, lost := said[winner], said[1-winner]
	now, _ := lost["case"].(map[string]any)
	switch {
	case status[winner] == http.StatusOK && event == life.Prepare && lost["error"] == "case_mine": // he came first, but it is not his
	case status[winner] != http.StatusOK || status[1-winner] != http.StatusConflict || lost["error"] != "case_moved" || now == nil:
		c.t.Fatalf("%s %s: %d %v; %d %v", c.n, event, status[0], said[0]["error"], status[1], said[1]["error"])
	case fmt.Sprint(now["revision"]) != fmt.Sprint(won["revision"]) || !strings.Contains(fmt.Sprint(now["history"]), string(event)):
		c.t.Errorf("%s %s: the loser is shown revision %v of %v: %v", c.n, event, now["revision"], won["revision"], now["history"])
	}
	c.revision = won["revision"]
	c.won = append(c.won, pair[winner].login)
	return winner
}

// writes keeps a letter of each who may, which is his own; who may not brings the
// other's forward. The one who has the task alone may write in the queue: only is his
// place, -1 where both may.
func (c *caseRace) writes(pair [2]*operator, only int) (replies [2]map[string]any) {
	c.t.Helper()
	for i, o := range pair {
		text := "Мы сделали перерасчёт. Писал " + o.login
		status, saved := o.insist(c.t.Context(), http.MethodPost, caseAt(c.n, "/replies"), map[string]any{"text": text})
		id, _ := saved["id"].(string)
		switch may := only < 0 || only == i; {
		case may && (status != http.StatusOK || id == ""):
			c.t.Fatalf("%s cannot keep a letter: %d %v", o.login, status, saved["error"])
		case !may && status != http.StatusForbidden:
			c.t.Errorf("%s keeps a letter in a colleague's task: %d %v", o.login, status, saved["error"])
		case may:
			c.kept[id] = text
			replies[i] = map[string]any{"reply": id}
		}
	}
	for i := range replies {
		if replies[i] == nil {
			replies[i] = replies[only]
		}
	}
	return replies
}

// TestFaultsOfCasesBriefly lets two routers, two specialists, and the router and his
// head, each at a replica of his own, press the same at one moment on complaints that came in by Telegram, while
// one of the replicas is killed and started again. Each step happens once. A letter
// goes once, and again only if the replica that sent it was killed before it could
// note that the mail server had taken it.
func TestFaultsOfCasesBriefly(t *testing.T) {
	t.Parallel()
	later(t)
	seed := rand.Uint64N(1e9) + 1
	mail, err := mailtest.Start(1000, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	s := usual
	s.people, s.replicas, s.sending = 0, 2, 0
	s.env = []string{"OKOSHKO_SMTP_URL=" + mail.URL()}
	tr := newTrial(t, seed, s)
	const queue = "uchet-01"
	routers := [2]*operator{tr.enlist(tr.replicas[0], "router-a", staff.ComplaintRouter), tr.enlist(tr.replicas[1], "router-b", staff.ComplaintRouter)}
	heads := [2]*operator{tr.enlist(tr.replicas[0], "head-a", staff.Supervisor), tr.enlist(tr.replicas[1], "head-b", staff.Supervisor)}
	hands := [2]*operator{
		tr.enlist(tr.replicas[0], "specialist-a", staff.DirectionSpecialist, queue),
		tr.enlist(tr.replicas[1], "specialist-b", staff.DirectionSpecialist, queue),
	}
	const rounds = 5
	waking := !calendar.Quiet(time.Now(), pgtest.Zone)
	var filed []appeal.Number
	var customers []*phone
	for round := range rounds {
		p := &phone{tr.tg.Customer(int64(7100+round), telegramtest.Profile{First: "Мария", Language: "ru"}), t, 0}
		customers = append(customers, p)
		n := p.complains("[На электронную почту]", "На какой адрес", "demo01@post.example")
		filed = append(filed, n)
		c := &caseRace{trial: tr, n: n, revision: 1, kept: map[string]string{}}
		route := map[string]any{"queue": queue, "waive": true, "note": "Счётчик проверяли здесь"}
		keeper := c.press(life.Route, round%4 == 0, routers, [2]map[string]any{route, route})
		answering := heads
		answering[keeper] = routers[keeper] // a case has one keeper; the head may answer in his stead
		accepted := c.press(life.Accept, round%4 == 1, hands, [2]map[string]any{})
		c.press(life.Prepare, round%4 == 2, hands, c.writes(hands, accepted))
		c.press(life.Answer, round%4 != 3, answering, c.writes(answering, -1))
		c.checkHistory(c.won)
	}
	ctx, cancel := context.WithTimeout(t.Context(), restLimit)
	defer cancel()
	for i, n := range filed {
		for _, to := range []string{"zhaloby@sesk.example", "demo01@post.example"} {
			if err := eventually(ctx, func() (bool, error) { return len(lettersOf(mail, to, n)) > 0, nil }); err != nil {
				t.Errorf("%s: no letter to %s: %v", n, to, err)
			}
		}
		heard := func() (times int) {
			for _, m := range customers[i].Messages() {
				if m.FromBot && strings.Contains(m.Text, "Ответ на жалобу "+n.String()) {
					times++
				}
			}
			return times
		}
		if waking {
			if err := eventually(ctx, func() (bool, error) { return heard() > 0, nil }); err != nil {
				t.Errorf("%s: the customer hears nothing of the answer: %v", n, err)
			}
		}
		if heard() > 1 {
			t.Errorf("%s: the customer is told %d times", n, heard())
		}
	}
	tr.rest()
	tr.checkLogs()
	again := 0
	for _, n := range filed {
		for _, to := range []string{"zhaloby@sesk.example", "demo01@post.example"} {
			again += tr.checkOnce(lettersOf(mail, to, n))
		}
	}
	t.Logf("seed %d: %d kills, %d letters twice", seed, tr.kills, again)
}

// lettersOf are those to somebody about a case, the oldest first.
func lettersOf(mail *mailtest.Server, to string, n appeal.Number) (list []mailtest.Letter) {
	for _, l := range mail.Letters() {
		if l.To == to && strings.Contains(l.Subject, n.String()) {
			list = append([]mailtest.Letter{l}, list...)
		}
	}
	return list
}

// checkOnce finds letters that went twice without need, and returns how many did
// with it: the same one, of which the first was in flight when a replica was killed.
func (tr *trial) checkOnce(list []mailtest.Letter) (again int) {
	for i := 1; i < len(list); i++ {
		first, excused := list[i-1], false
		for _, in := range tr.incidents {
			excused = excused || !first.At.After(in.to) && in.from.Sub(first.At) < time.Second
		}
		if !excused || list[i].ID != first.ID {
			tr.t.Errorf("seed %d: twice %q (%s) at %v and %v", tr.seed, first.Subject, first.ID, first.At, list[i].At)
		}
		again++
	}
	return again
}

// checkHistory checks that each step happened once, by those who were told so, and
// that whatever anybody wrote is there.
func (c *caseRace) checkHistory(won []string) {
	c.t.Helper()
	r, err := c.db.FindCase(c.t.Context(), c.n)
	if err != nil {
		c.t.Fatal(err)
	}
	var steps, logins []string
	for _, e := range r.History {
		steps = append(steps, string(e.Do.Event))
		if e.Staff == 0 {
			continue
		}
		a, _, err := c.db.StaffByID(c.t.Context(), e.Staff)
		if err != nil {
			c.t.Fatal(err)
		}
		logins = append(logins, a.Login)
	}
	if got := strings.Join(steps, " "); got != "register route accept prepare answer" || r.State != life.Answered || r.Revision != len(steps) {
		c.t.Errorf("%s, revision %d, %s: %s", c.n, r.Revision, r.State, got)
	}
	if strings.Join(logins, " ") != strings.Join(won, " ") {
		c.t.Errorf("%s: done by %v, told to have done it %v", c.n, logins, won)
	}
	for id, text := range c.kept {
		if r, err := c.db.FindReply(c.t.Context(), id); err != nil || r.Text.Reveal() != text {
			c.t.Errorf("%s: %q is lost, there is %q, %v", id, text, r.Text.Reveal(), err)
		}
	}
}
