package telegramtest

import (
	"cmp"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Effect is what a fault does to a call.
type Effect int

// The effects. In the names, After means that the call is carried out first:
// the customer sees the message, the bot never learns it.
const (
	// Refuse answers with Code and carries nothing out.
	Refuse Effect = iota
	// Hang gives no answer; the connection is reset after Delay, or when the
	// server closes.
	Hang
	// HangAfter carries the call out, then hangs.
	HangAfter
	// Reset breaks the connection at once.
	Reset
	// ResetAfter carries the call out, then breaks the connection.
	ResetAfter
	// Cut carries the call out and breaks the connection in the middle of the
	// answer.
	Cut
	// Slow carries the call out and answers properly after Delay.
	Slow
)

// Fault orders a misfortune for calls of the bot.
type Fault struct {
	// Method and Chat choose the calls; empty and 0 mean any. Chat is that of
	// chat_id, or of the press that is answered.
	Method string
	Chat   int64
	// After lets that many matching calls pass first.
	After int
	// Times is how many calls are hit; 0 means one, a negative number all
	// until the fault is removed.
	Times int
	// Effect is what happens to them.
	Effect Effect
	// Code and Description are the answer of Refuse: 429, 403, 400, 5xx…
	// Without a Description the usual one is given; a 5xx is an HTML page as
	// from a proxy.
	Code        int
	Description string
	// RetryAfter, in seconds, goes with 429. With Hold the matching calls of
	// the same chat keep being refused until it has passed, and each such
	// call is counted in Stats.Impatient.
	RetryAfter int
	Hold       bool
	// Delay is for Hang and Slow. Hang without it lasts a minute.
	Delay time.Duration
}

func (f *Fault) carriesOut() bool {
	return f.Effect == HangAfter || f.Effect == ResetAfter || f.Effect == Cut || f.Effect == Slow
}

// faults holds the orders that are still standing.
type faults struct {
	armed     atomic.Bool
	mu        sync.Mutex
	list      []*order
	held      map[heldKey]time.Time
	impatient atomic.Int64
}

type order struct {
	Fault
	seen, hit int
}

type heldKey struct {
	method string
	chat   int64
}

// Fault orders f and returns a function that takes the order back. Orders are
// looked at in the order in which they were given; the first that fits wins.
func (s *Server) Fault(f Fault) (remove func()) {
	if f.Times == 0 {
		f.Times = 1
	}
	o := &order{Fault: f}
	s.faults.mu.Lock()
	s.faults.list = append(s.faults.list, o)
	s.faults.armed.Store(true)
	s.faults.mu.Unlock()
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		s.faults.list = slices.DeleteFunc(s.faults.list, func(x *order) bool { return x == o })
	}
}

// ClearFaults takes all orders back and forgets the waits of Hold.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list, s.faults.held = nil, nil
	s.faults.armed.Store(false)
}

// standing is how many calls of a chat the orders will still hit; an order
// without an end counts as one.
func (f *faults) standing(chat int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, o := range f.list {
		if o.Chat == 0 || o.Chat == chat {
			n += max(o.Times-o.hit, 0)
			if o.Times < 0 {
				n++
			}
		}
	}
	return n
}

// match returns the fault that hits this call, nil for none.
func (f *faults) match(method string, chat int64) *Fault {
	if !f.armed.Load() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if until, ok := f.held[heldKey{method, chat}]; ok {
		if left := time.Until(until); left > 0 {
			f.impatient.Add(1)
			return &Fault{Code: 429, RetryAfter: int(left/time.Second) + 1}
		}
		delete(f.held, heldKey{method, chat})
	}
	for _, o := range f.list {
		if o.Method != "" && o.Method != method || o.Chat != 0 && o.Chat != chat {
			continue
		}
		o.seen++
		if o.seen <= o.After || o.Times > 0 && o.hit >= o.Times {
			continue
		}
		o.hit++
		if o.Hold && o.RetryAfter > 0 {
			if f.held == nil {
				f.held = map[heldKey]time.Time{}
			}
			f.held[heldKey{method, chat}] = time.Now().Add(time.Duration(o.RetryAfter) * time.Second)
		}
		hit := o.Fault
		return &hit
	}
	return nil
}

// inflict answers a call that is not carried out.
func (s *Server) inflict(ctx *fasthttp.RequestCtx, f *Fault) (code int, description string) {
	switch f.Effect {
	case Hang:
		s.hang(ctx, f.Delay)
		return 0, "no answer"
	case Reset:
		kill(ctx)
		return 0, "connection reset"
	}
	code = cmp.Or(f.Code, 500)
	if code >= 500 && f.Description == "" {
		text := strconv.Itoa(code) + " " + fasthttp.StatusMessage(code)
		ctx.SetStatusCode(code)
		ctx.SetContentType("text/html")
		ctx.SetBodyString("<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text +
			"</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n")
		return code, text
	}
	r := f.refusal(code)
	s.refuse(ctx, r)
	return code, r.text
}

func (f *Fault) refusal(code int) *refusal {
	r := &refusal{code: code, text: f.Description}
	switch code {
	case 429:
		r.retryAfter = max(f.RetryAfter, 1)
		r.text = cmp.Or(r.text, "Too Many Requests: retry after "+strconv.Itoa(r.retryAfter))
	case 403:
		r.text = cmp.Or(r.text, errBlocked.text)
	case 400:
		r.text = cmp.Or(r.text, errNoChat.text)
	default:
		r.text = cmp.Or(r.text, fasthttp.StatusMessage(code))
	}
	return r
}

// disturb spoils the answer to a call that has been carried out; it reports
// whether the bot got none.
func (s *Server) disturb(ctx *fasthttp.RequestCtx, f *Fault) (lost bool) {
	switch f.Effect {
	case HangAfter:
		s.hang(ctx, f.Delay)
	case ResetAfter:
		kill(ctx)
	case Cut:
		body := ctx.Response.Body()
		half := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
			strconv.Itoa(len(body)) + "\r\n\r\n" + string(body[:len(body)/2]))
		ctx.HijackSetNoResponse(true)
		ctx.Hijack(func(c net.Conn) { _, _ = c.Write(half) })
	case Slow:
		s.sleep(f.Delay)
		return false
	}
	return true
}

func (s *Server) hang(ctx *fasthttp.RequestCtx, d time.Duration) {
	s.sleep(cmp.Or(d, time.Minute))
	kill(ctx)
}

// sleep waits for d or the end of the server.
func (s *Server) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.closing:
	}
}

// Outage begins or ends a time in which Telegram is away altogether: open
// connections break, new ones are reset, no update is delivered. Updates that
// customers cause meanwhile are kept.
func (s *Server) Outage(on bool) {
	if !on {
		if ended := s.outage.Swap(nil); ended != nil {
			close(*ended)
			s.announce()
		}
		return
	}
	ended := make(chan struct{})
	if s.outage.CompareAndSwap(nil, &ended) {
		s.conns.cut()
		if hook := s.queue.webhook(); hook != nil {
			hook.conns.cut()
		}
		s.announce()
	}
}

// waitOutage waits until Telegram is back; it is false when quit came first.
func (s *Server) waitOutage(quit <-chan struct{}) bool {
	for {
		ended := s.outage.Load()
		if ended == nil {
			return true
		}
		select {
		case <-*ended:
		case <-quit:
			return false
		}
	}
}

// Delivery orders how updates reach the bot, beyond what Telegram promises.
type Delivery struct {
	// Copies is how many times more every update is delivered, under the same
	// update_id. By webhook: at the same moment if Concurrent, else one by
	// one after the confirmation, each after Later. By polling: in the same
	// batch.
	Copies     int
	Concurrent bool
	Later      time.Duration
	// Jitter puts a random wait up to this long before each delivery by
	// webhook, so that updates of different queues overtake one another.
	// Within a queue the order stays: Telegram keeps it.
	Jitter time.Duration
}

// Deliver orders d for all updates from now on; the zero value ends it.
func (s *Server) Deliver(d Delivery) { s.order.Store(&d) }

func (s *Server) copies() Delivery {
	if d := s.order.Load(); d != nil {
		return *d
	}
	return Delivery{}
}

func (s *Server) jitter() time.Duration {
	if d := s.order.Load(); d != nil && d.Jitter > 0 {
		return rand.N(d.Jitter)
	}
	return 0
}
