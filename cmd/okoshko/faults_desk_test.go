package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog/turn"
)

// operator is one of the crowd of staff: he takes whoever waits longest, as all
// his colleagues do in the same moment, answers some times and gives the dialog
// back.
type operator struct {
	*clerk
	rng   *rand.Rand
	takes map[string]chat.Conversation // hand-offs that he was given
	said  map[string]utterance         // by text
}

// utterance is what an operator said.
type utterance struct {
	c        chat.Conversation
	accepted bool
}

// newOperator signs in at a replica; every request goes to one by chance.
func (tr *trial) newOperator(t testing.TB, n int) *operator {
	t.Helper()
	// The replica that was first started last has made the passwords anew.
	passwords, err := readPasswords(filepath.Join(tr.replicas[len(tr.replicas)-1].dir, "demo-staff.json"))
	if err != nil {
		t.Fatal(err)
	}
	login := demoStaff[n].login
	o := &operator{
		rng:   rand.New(rand.NewPCG(tr.seed, uint64(n)+5e6)),
		takes: map[string]chat.Conversation{}, said: map[string]utterance{},
	}
	o.clerk = &clerk{login: login, password: passwords[login], do: func(r *http.Request) (*http.Response, error) {
		r.RequestURI, r.URL.Scheme = "", "http"
		r.URL.Host = "127.0.0.1:" + strconv.Itoa(tr.replicas[o.rng.IntN(len(tr.replicas))].port)
		return http.DefaultClient.Do(r)
	}}
	if err := o.come(); err != nil {
		t.Fatal(err)
	}
	return o
}

// insist repeats a request until it is answered, and returns the answer.
func (o *operator) insist(ctx context.Context, method, path string, body any) (status int, answer map[string]any) {
	for ctx.Err() == nil {
		status, answer, err := o.ask(method, path, body)
		if err == nil && status < http.StatusInternalServerError {
			return status, answer
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return 0, nil
}

// work serves until ctx ends; whom he has taken he serves to the end.
func (o *operator) work(ctx context.Context) {
	end := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		_, queue := o.insist(ctx, http.MethodGet, "/queue", nil)
		waiting, _ := queue["waiting"].([]any)
		if len(waiting) == 0 {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		first, _ := waiting[0].(map[string]any)
		number, _ := first["id"].(float64)
		id, c := strconv.FormatInt(int64(number), 10), chat.Conversation(fmt.Sprint(first["conversation"]))
		status, _ := o.insist(end, http.MethodPost, "/handoffs/"+id+"/take", nil)
		if status == http.StatusOK {
			o.takes[id] = c
			o.serve(end, id, c)
		}
	}
}

func (o *operator) serve(ctx context.Context, id string, c chat.Conversation) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for range 3 {
		o.sent++
		text := fmt.Sprintf("Ответ %s %d", o.login, o.sent)
		body := map[string]any{"id": fmt.Sprintf("message-%d", o.sent), "text": text, "choices": []string{}, "files": []string{}}
		status, _ := o.insist(ctx, http.MethodPost, "/conversations/"+string(c)+"/say", body)
		if again := o.rng.IntN(2) == 0; again && status == http.StatusOK {
			o.insist(ctx, http.MethodPost, "/conversations/"+string(c)+"/say", body)
		}
		o.said[text] = utterance{c, status == http.StatusOK}
		time.Sleep(time.Duration(o.rng.Int64N(int64(100 * time.Millisecond))))
	}
	o.insist(ctx, http.MethodPost, "/handoffs/"+id+"/return", nil)
}

// auditDesk: each call was given to one of the staff, what he said and what was
// accepted of it stands in that customer's log once, and in no other.
func (tr *trial) auditDesk(l *ledger, staff []*operator) {
	tr.t.Helper()
	holders, taken := map[string]string{}, map[chat.Conversation]int{}
	for _, o := range staff {
		for id, c := range o.takes {
			if other, twice := holders[id]; twice {
				l.note(&l.doubled, "%s: call %s was given to %s and %s", c, id, other, o.login)
			}
			holders[id] = o.login
			taken[c]++
		}
	}
	stands := map[string]map[chat.Conversation]int{}
	for _, v := range tr.visitors {
		entries, err := tr.db.Entries(tr.t.Context(), v.conversation, turn.Position{}, 1<<30)
		if err != nil {
			tr.t.Fatal(err)
		}
		book := &volume{c: v.conversation}
		tr.read(&ledger{}, book)
		for _, s := range book.said {
			text := s.Message.Plain()
			if stands[text] == nil {
				stands[text] = map[chat.Conversation]int{}
			}
			stands[text][v.conversation]++
		}
		events := 0
		for _, e := range entries {
			if e.Kind == turn.Event && strings.Contains(string(e.Body), `"`+string(desk.Taken)+`"`) {
				events++
			}
		}
		if events != taken[v.conversation] {
			l.note(&l.contradicted, "%s: taken %d times, its log tells of %d", v.conversation, taken[v.conversation], events)
		}
	}
	for _, o := range staff {
		for text, u := range o.said {
			switch n := stands[text][u.c]; {
			case n > 1 || len(stands[text]) > 1:
				l.note(&l.doubled, "%s: %q stands %d times, in %d logs", u.c, text, n, len(stands[text]))
			case n == 0 && u.accepted:
				l.note(&l.lost, "%s: %q was accepted and is not in the log", u.c, text)
			}
		}
	}
	l.takes += len(holders)
}

// operators is how many of the demo's people answer customers: the first ones.
const operators = 2

// playDesk is play with people at the desk.
func (tr *trial) playDesk(strike func(ctx context.Context)) {
	tr.t.Helper()
	for n := range operators {
		tr.staff = append(tr.staff, tr.newOperator(tr.t, n))
	}
	ctx, stop := context.WithCancel(tr.t.Context())
	var atWork sync.WaitGroup
	for _, o := range tr.staff {
		atWork.Go(func() { o.work(ctx) })
	}
	tr.play(strike)
	stop()
	atWork.Wait()
	for _, v := range tr.visitors {
		rest, cancel := context.WithTimeout(tr.t.Context(), restLimit)
		tr.restWeb(rest, v)
		cancel()
	}
}
