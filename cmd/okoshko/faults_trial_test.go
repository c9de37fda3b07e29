package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

// trial is one scenario being carried out: real replicas on real stores, a
// Telegram that records, a crowd that submits readings, and what was done to
// them.
type trial struct {
	t        *testing.T
	seed     uint64
	rng      *rand.Rand // the schedule of misfortunes; of the scenario's own goroutine
	tg       *telegramtest.Server
	db       *postgres.DB // for looking into, like live
	live     *redis.Store
	replicas []*process
	people   []*resident
	visitors []*visitor
	pages    sync.WaitGroup // of the visitors
	staff    []*operator

	kills     int
	incidents []incident
}

// incident is something that broke. What was being sent between from and to may
// be sent again: whoever sent it was gone, or could not note that he had. By
// ready everything was there again.
type incident struct {
	from, to, ready time.Time
}

// setting says what a trial stands on.
type setting struct {
	replicas int // 0 means one
	people   int // in Telegram
	visitors int // of the site's chat
	web      webHabits
	redis    *mortalRedis // nil: one that is not harmed is started
	postgres string       // "": a database of the tests' own server
	// second is how long Telegram's second lasts: its waits between attempts at
	// a delivery shrink with it, nothing else does.
	second time.Duration
	// sending is how long Telegram takes for a message, after it has shown it.
	sending time.Duration
	// patience is how long a resident waits for an answer before he begins anew.
	patience time.Duration
	habits   habits
	env      []string // what else the replicas are told
}

// newTrial starts everything; the crowd does not act yet.
func newTrial(t *testing.T, seed uint64, s setting) *trial {
	t.Helper()
	tr := &trial{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 0))}
	if s.redis == nil {
		s.redis = startRedis(t, "always", 0)
	}
	if s.postgres == "" {
		s.postgres = pgtest.URL(t)
	}
	tr.tg = telegramtest.New(telegramtest.Config{Second: s.second, WebhookTimeout: 10 * time.Second})
	if err := tr.tg.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.tg.Close() })
	env := []string{
		"OKOSHKO_POSTGRES_URL=" + s.postgres, "OKOSHKO_REDIS_URL=" + s.redis.url(),
		"OKOSHKO_TELEGRAM_TOKEN=" + tr.tg.Token(), "OKOSHKO_TELEGRAM_API_URL=" + tr.tg.URL(),
		"OKOSHKO_TELEGRAM_MODE=webhook",
		"OKOSHKO_HTTP_TRUSTED_PROXIES=127.0.0.0/8", "OKOSHKO_WEBCHAT_MESSAGES_PER_MINUTE=60000",
	}
	env = append(env, s.env...)
	for range max(s.replicas, 1) {
		p := newProcess(t, env...)
		p.log.all = true
		tr.replicas = append(tr.replicas, p)
	}
	for _, method := range []string{"sendMessage", "editMessageText"} {
		if s.sending > 0 {
			tr.tg.Fault(telegramtest.Fault{Method: method, Times: -1, Effect: telegramtest.Slow, Delay: s.sending})
		}
	}
	hook := tr.replicas[0].webhook()
	if len(tr.replicas) > 1 {
		hook = balance(t, tr.replicas)
	}
	for _, p := range tr.replicas {
		p.env = append(p.env, "OKOSHKO_TELEGRAM_WEBHOOK_URL="+hook)
		p.start()
	}
	tr.db, tr.live = openBooks(t.Context(), t, s.postgres, s.redis.config())
	homes := tr.replicas[0].settle(s.people + s.visitors)
	for i, p := range crowd(t, tr.tg, homes[:s.people], 1000) {
		tr.people = append(tr.people, newResident(p, seed, i, s))
	}
	pages, leave := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(func() {
		leave()
		tr.pages.Wait()
	})
	for i, home := range homes[s.people:] {
		tr.visitors = append(tr.visitors, tr.newVisitor(pages, home, i, s))
	}
	return tr
}

// play runs the crowd while misfortune strikes, then lets everything come to
// rest.
func (tr *trial) play(strike func(ctx context.Context)) {
	tr.t.Helper()
	ctx, stop := context.WithCancel(tr.t.Context())
	defer stop()
	var crowd sync.WaitGroup
	for _, r := range tr.people {
		crowd.Go(func() { r.live(ctx) })
	}
	for _, v := range tr.visitors {
		crowd.Go(func() { v.live(ctx) })
	}
	strike(ctx)
	stop()
	crowd.Wait()
	tr.rest()
}

// wait lets the crowd act for a time.
func (tr *trial) wait(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	<-timer.C
}

// moment is a random time between two.
func (tr *trial) moment(from, to time.Duration) time.Duration {
	return from + time.Duration(tr.rng.Int64N(int64(to-from)))
}

// during notes an incident: what breaks something, and what mends it.
func (tr *trial) during(breaks, mends func()) {
	in := incident{from: time.Now()}
	breaks()
	in.to = time.Now()
	mends()
	in.ready = time.Now()
	tr.incidents = append(tr.incidents, in)
}

// ready waits until every replica can take turns.
func (tr *trial) ready() {
	for _, p := range tr.replicas {
		p.await()
	}
}

// restLimit is how long everything may take to come to rest: Telegram's
// longest pause between two attempts is part of it.
const restLimit = 4 * time.Minute

// rest waits until Telegram has got rid of every update, and no conversation
// owes anything: every reply delivered, every command done, all of it archived.
func (tr *trial) rest() {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(tr.t.Context(), restLimit)
	defer cancel()
	if err := tr.tg.AwaitDrained(ctx); err != nil {
		tr.t.Errorf("Telegram: %v", err)
	}
	for _, r := range tr.people {
		if err := eventually(ctx, func() (bool, error) { return tr.owesNothing(ctx, r.conversation()) }); err != nil {
			tr.t.Errorf("%s does not come to rest: %v", r.conversation(), err)
		}
	}
	for _, v := range tr.visitors {
		tr.restWeb(ctx, v)
	}
}

func (tr *trial) owesNothing(ctx context.Context, c chat.Conversation) (bool, error) {
	at, err := tr.live.Load(ctx, c)
	if err != nil || !at.Found || at.Cursor.Before(at.Tail) {
		return false, ctx.Err()
	}
	st, err := dialog.Decode(at.State)
	if err != nil {
		return false, err
	}
	row, found, err := tr.db.Find(ctx, c)
	if err != nil {
		return false, ctx.Err()
	}
	return found && len(st.Pending()) == 0 && row.Revision == at.Revision && row.Cursor == at.Cursor, nil
}

// balance spreads Telegram's requests over replicas, as a proxy in front of
// them does: one that does not answer is left alone for a second.
func balance(t *testing.T, replicas []*process) (webhook string) {
	t.Helper()
	type backend struct {
		proxy *httputil.ReverseProxy
		sick  atomic.Int64 // until, in nanoseconds
	}
	var backends []*backend
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout, transport.MaxIdleConnsPerHost = 4*time.Second, 128
	for _, p := range replicas {
		target, err := url.Parse(p.webhook())
		if err != nil {
			t.Fatal(err)
		}
		b := &backend{}
		b.proxy = &httputil.ReverseProxy{
			Transport: transport,
			Rewrite:   func(r *httputil.ProxyRequest) { r.Out.URL = target },
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
				b.sick.Store(time.Now().Add(time.Second).UnixNano())
				w.WriteHeader(http.StatusBadGateway)
			},
		}
		backends = append(backends, b)
	}
	var turn atomic.Int64
	front := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b := backends[turn.Add(1)%int64(len(backends))]
			for range backends {
				if b.sick.Load() < time.Now().UnixNano() {
					break
				}
				b = backends[turn.Add(1)%int64(len(backends))]
			}
			b.proxy.ServeHTTP(w, r)
		}),
	}
	l := listen(t)
	go func() { _ = front.Serve(l) }()
	t.Cleanup(func() { _ = front.Close() })
	return "http://" + l.Addr().String() + "/telegram/webhook"
}

// riverSays finds what the library of jobs says when it has lost PostgreSQL: it
// names its own parts.
var riverSays = regexp.MustCompile(`msg="?[a-z]+(\.[A-Z]\w+)?: Error `)

// checkLogs: no replica has written the token or an account's number, and none
// has made a mistake.
func (tr *trial) checkLogs() {
	_, secret, _ := strings.Cut(tr.tg.Token(), ":")
	for _, p := range tr.replicas {
		log := p.log.String()
		if strings.Contains(log, secret) {
			tr.t.Error("the log holds the bot's token")
		}
		for _, r := range tr.people {
			if strings.Contains(log, r.home.account) {
				tr.t.Error("the log holds an account's number")
				break
			}
		}
		for _, v := range tr.visitors {
			if strings.Contains(log, v.home.account) || strings.Contains(log, v.tabs[0].Visitor) {
				tr.t.Error("the log holds an account's number or a visitor's token")
				break
			}
		}
		for line := range strings.Lines(log) {
			ours := strings.Contains(line, "level=ERROR") && !riverSays.MatchString(line)
			if ours || strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
				tr.t.Errorf("a replica says: %s", line)
				break
			}
		}
	}
	if dir := os.Getenv("OKOSHKO_FAULTS_LOGS"); dir != "" {
		for i, p := range tr.replicas {
			_ = os.WriteFile(fmt.Sprintf("%s/%s-%d-%d.log", dir, strings.ReplaceAll(tr.t.Name(), "/", "-"), tr.seed, i), []byte(p.log.String()), 0o600)
		}
	}
}
