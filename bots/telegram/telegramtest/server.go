package telegramtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// DefaultToken is the bot's token unless Config names another one.
const DefaultToken = "7000000001:AAEokoshko-test-bot-0123456789abcde"

// Config says what the emulator should be like; the zero value is a bot on
// real time that behaves as Telegram does.
type Config struct {
	// Token of the one bot; it must look like a real one.
	Token string
	// Username and Name of the bot.
	Username, Name string
	// Now is the clock of events: the date of messages, and the 48 hours in
	// which a bot may delete. Everything else runs on real time.
	Now func() time.Time
	// Second is how long a second of Telegram's own waiting lasts: retries of
	// a webhook, expiry of updates, long polls, the five seconds of a chat
	// action. Tests set a millisecond.
	Second time.Duration
	// WebhookTimeout bounds one request to the webhook, 60 s by default
	// (tdlib/telegram-bot-api#211). It is not scaled by Second.
	WebhookTimeout time.Duration
	// AnswerWithin is how long after a press its query may be answered, 15 s
	// by default: undocumented, the least that bots have met. Not scaled.
	AnswerWithin time.Duration
	// Keep is how many messages of a chat, and how many calls and deliveries
	// of the journal, are remembered at least, 0 for all of them.
	Keep int
	// Silent starts without the journal of calls and deliveries.
	Silent bool
	// OnAttempt is told of every delivery of an update to the webhook, whether
	// or not there is a journal. It must not block; it may be nil.
	OnAttempt func(Attempt)
}

// Server is Telegram as one bot sees it. All methods may be called from many
// goroutines.
type Server struct {
	cfg     Config
	me      []byte // the bot as a User
	queue   *queue
	faults  faults
	journal journal
	stats   counters
	conns   connSet
	http    *fasthttp.Server
	ln      net.Listener
	done    chan struct{} // the listener's loop has ended
	closing chan struct{}
	once    sync.Once
	outage  atomic.Pointer[chan struct{}]
	order   atomic.Pointer[Delivery]

	hookMu sync.Mutex // one change of webhook at a time

	pollMu     sync.Mutex
	poll       *poller
	pollOffset int64
	polledAt   time.Time

	mu       sync.RWMutex
	chats    map[int64]*chat
	ordered  []*chat
	files    map[string]*File
	paths    map[string]*link
	commands map[commandKey][]Command

	queries queries

	// firstMessage is the message_id before the first one of every chat.
	firstMessage int
	// revision counts changes of what all chats share: menus, faults, outage.
	revision atomic.Int64
	shared   pulse
}

// messageEpoch is where message_ids start to count, in tenths of a second: a
// later emulator never gives an ID anew, and the numbers fit the 31 bits of
// the real ones until 2032.
var messageEpoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

var tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]{20,}$`)

// New returns a server that does not listen yet.
func New(cfg Config) *Server {
	cfg.Token = cmp.Or(cfg.Token, DefaultToken)
	cfg.Username = cmp.Or(cfg.Username, "okoshko_test_bot")
	cfg.Name = cmp.Or(cfg.Name, "Okoshko")
	cfg.Second = cmp.Or(cfg.Second, time.Second)
	cfg.WebhookTimeout = cmp.Or(cfg.WebhookTimeout, 60*time.Second)
	cfg.AnswerWithin = cmp.Or(cfg.AnswerWithin, 15*time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{
		cfg: cfg, queue: newQueue(), closing: make(chan struct{}),
		chats: map[int64]*chat{}, files: map[string]*File{}, paths: map[string]*link{},
		commands:     map[commandKey][]Command{},
		firstMessage: int(time.Since(messageEpoch) / (100 * time.Millisecond)),
	}
	s.queries.open = map[string]*Press{}
	s.journal.off.Store(cfg.Silent)
	s.journal.keep = cfg.Keep
	id, _, _ := strings.Cut(cfg.Token, ":")
	s.me = append(append([]byte(`{"id":`), id...), `,"is_bot":true`...)
	s.me = field(s.me, "first_name", cfg.Name)
	s.me = append(field(s.me, "username", cfg.Username), '}')
	s.http = &fasthttp.Server{
		Handler: s.handle, ErrorHandler: s.unreadable, Name: "nginx/1.18.0",
		MaxRequestBodySize: maxRequest, ReadBufferSize: 32 << 10, NoDefaultDate: true,
		Logger: quiet{},
	}
	return s
}

// quiet drops what fasthttp has to say about connections that faults break.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// Listen starts to serve on addr, e.g. "127.0.0.1:0". It fails when the
// address is taken or the token could not be one of Telegram's.
func (s *Server) Listen(addr string) error {
	if !tokenShape.MatchString(s.cfg.Token) {
		return errors.New("listen: the token does not look like a bot's")
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.ln, s.done = ln, make(chan struct{})
	go func() {
		defer close(s.done)
		_ = s.http.Serve(trackingListener{ln, &s.conns}) // ends with the listener
	}()
	return nil
}

// URL is the base address for OKOSHKO_TELEGRAM_API_URL, without /bot….
func (s *Server) URL() string { return "http://" + s.ln.Addr().String() }

// Token is the bot's token.
func (s *Server) Token() string { return s.cfg.Token }

// Username is the bot's name for links, without @.
func (s *Server) Username() string { return s.cfg.Username }

// Close ends every wait, delivery and connection and returns when nothing of
// the server runs any more.
func (s *Server) Close() error {
	s.once.Do(func() {
		close(s.closing)
		s.hookMu.Lock()
		hook, _ := s.queue.switchTo(nil, false)
		s.hookMu.Unlock()
		if hook != nil {
			hook.stop()
		}
		if s.ln != nil {
			_ = s.ln.Close()
			s.conns.closeAll()
			<-s.done
		}
	})
	return nil
}

// Pending is how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return s.queue.pending
}

// AwaitDrained waits until the bot has confirmed every update.
func (s *Server) AwaitDrained(ctx context.Context) error {
	for {
		s.queue.mu.Lock()
		pending, drained := s.queue.pending, s.queue.drained
		s.queue.mu.Unlock()
		if pending == 0 {
			return nil
		}
		select {
		case <-drained:
		case <-ctx.Done():
			return fmt.Errorf("%d updates are not confirmed: %w", pending, ctx.Err())
		}
	}
}

// announce tells the pages about a change that is not of one chat.
func (s *Server) announce() {
	s.revision.Add(1)
	s.shared.send()
}

// seconds turns Telegram's seconds into real time.
func (s *Server) seconds(n int) time.Duration { return time.Duration(n) * s.cfg.Second }

// now is the event time, in the whole seconds that Telegram keeps.
func (s *Server) now() time.Time { return s.cfg.Now().Truncate(time.Second) }

func (s *Server) handle(ctx *fasthttp.RequestCtx) {
	if s.outage.Load() != nil {
		kill(ctx)
		return
	}
	path := string(ctx.Path())
	if rest, ok := strings.CutPrefix(path, "/file/bot"); ok {
		s.download(ctx, rest)
		return
	}
	rest, ok := strings.CutPrefix(path, "/bot")
	token, method, slash := strings.Cut(rest, "/")
	switch {
	case !ok || !slash || !tokenShape.MatchString(token):
		s.refuse(ctx, errNotFound)
	case token != s.cfg.Token:
		s.refuse(ctx, errUnauthorized)
	default:
		s.serve(ctx, method)
	}
}

// serve carries out one call, or the fault that stands in its way.
func (s *Server) serve(ctx *fasthttp.RequestCtx, name string) {
	start := time.Now()
	method, known := findMethod(name)
	if !known {
		s.refuse(ctx, errNotFound)
		s.journal.call(Call{Method: name, At: start, Code: 404, Description: errNotFound.text})
		return
	}
	a, r := readArgs(ctx)
	if r != nil {
		s.refuse(ctx, r)
		s.journal.call(Call{Method: method.name, At: start, Code: r.code, Description: r.text})
		return
	}
	s.stats.calls.Add(1)
	call := s.journal.begin(method.name, a, start)
	chat := s.chatOf(a)
	f := s.faults.match(method.name, chat)
	if f != nil && !f.carriesOut() {
		call.Code, call.Description = s.inflict(ctx, f)
		s.journal.end(call, chat)
		return
	}
	body := append(ctx.Response.SwapBody(nil)[:0], `{"ok":true,"result":`...)
	body, r = method.do(s, a, body)
	call.Code = 200
	if r != nil {
		call.Code, call.Description = r.code, r.text
		ctx.SetStatusCode(r.code)
		body = r.append(body[:0])
	} else {
		call.Effect = true
		body = append(body, '}')
	}
	ctx.SetContentType("application/json")
	ctx.Response.SwapBody(body)
	if f != nil {
		call.Lost = s.disturb(ctx, f)
	}
	s.journal.end(call, chat)
}

// callFromAnswer carries out a call that came in the body of a webhook's
// answer.
func (s *Server) callFromAnswer(a *args) {
	start := time.Now()
	method, known := findMethod(a.get("method"))
	if !known {
		return
	}
	s.stats.calls.Add(1)
	call := s.journal.begin(method.name, a, start)
	call.InAnswer, call.Code = true, 200
	chat := s.chatOf(a)
	if f := s.faults.match(method.name, chat); f != nil && !f.carriesOut() {
		call.Code, call.Description = f.Code, "fault"
	} else if _, r := method.do(s, a, nil); r != nil {
		call.Code, call.Description = r.code, r.text
	} else {
		call.Effect = true
	}
	s.journal.end(call, chat)
}

func (s *Server) refuse(ctx *fasthttp.RequestCtx, r *refusal) {
	ctx.SetStatusCode(r.code)
	ctx.SetContentType("application/json")
	if r.retryAfter > 0 {
		ctx.Response.Header.Set("Retry-After", strconv.Itoa(r.retryAfter))
	}
	ctx.SetBody(r.append(nil))
}

// unreadable answers a request that fasthttp could not read.
func (s *Server) unreadable(ctx *fasthttp.RequestCtx, err error) {
	r := badRequest("can't read the request")
	if errors.Is(err, fasthttp.ErrBodyTooLarge) {
		r = errTooLarge
	}
	s.refuse(ctx, r)
	ctx.SetConnectionClose()
}
