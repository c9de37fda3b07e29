package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// Rules of delivery, in Telegram's seconds (tdlib/telegram-bot-api,
// WebhookActor.cpp).
const (
	maxRetryAfter  = 3600
	minBackoffCap  = 60
	maxBackoffCap  = 120
	goneLimit      = 23 * 60 * 60
	defaultConns   = 40
	maxConns       = 100
	maxSecret      = 256
	maxAnswerBytes = 1 << 20
)

// webhook delivers the lanes of the queue to one address.
type webhook struct {
	server  *Server
	url     string
	secret  string
	client  *fasthttp.HostClient
	slots   chan struct{} // one per allowed connection
	quit    chan struct{}
	running sync.WaitGroup
	conns   connSet

	mu        sync.Mutex
	lastError string
	errorAt   time.Time
	goneSince time.Time
}

func newWebhook(s *Server, target *url.URL, secret string, conns int) *webhook {
	h := &webhook{
		server: s, url: target.String(), secret: secret,
		slots: make(chan struct{}, conns), quit: make(chan struct{}),
	}
	host := target.Host
	if target.Port() == "" {
		host += map[string]string{"http": ":80", "https": ":443"}[target.Scheme]
	}
	h.client = &fasthttp.HostClient{
		Addr: host, IsTLS: target.Scheme == "https", MaxConns: conns * 2,
		ReadTimeout: s.cfg.WebhookTimeout, WriteTimeout: s.cfg.WebhookTimeout,
		MaxResponseBodySize: maxAnswerBytes, MaxIdemponentCallAttempts: 1,
		NoDefaultUserAgentHeader: true,
		Dial: func(addr string) (net.Conn, error) {
			c, err := net.DialTimeout("tcp", addr, s.cfg.WebhookTimeout)
			if err != nil {
				return nil, err
			}
			return h.conns.add(c), nil
		},
	}
	return h
}

// stop ends all deliveries and returns when none is in flight.
func (h *webhook) stop() {
	close(h.quit)
	h.conns.closeAll()
	h.running.Wait()
}

// run delivers one lane until it is empty: one request in flight, the next
// only after a 2xx.
func (h *webhook) run(l *lane) {
	defer h.running.Done()
	fails := 0
	for {
		u, dropped := h.server.queue.head(l, h)
		settle(false, dropped...)
		h.server.stats.dropped.Add(int64(len(dropped)))
		if u == nil {
			return
		}
		if !h.server.waitOutage(h.quit) || !h.pause(h.server.jitter()) {
			return
		}
		wait, ok := h.deliver(u, fails)
		if ok {
			fails = 0
			continue
		}
		fails++
		if !h.pause(wait) {
			return
		}
	}
}

// deliver posts an update and its ordered copies, and settles it after a 2xx.
// Otherwise it returns how long to wait.
func (h *webhook) deliver(u *update, fails int) (time.Duration, bool) {
	copies := h.server.copies()
	if copies.Concurrent {
		for range copies.Copies {
			h.running.Add(1)
			go func() {
				defer h.running.Done()
				h.post(u)
			}()
		}
	}
	status, retryAfter, err := h.post(u)
	if err == nil && status/100 == 2 {
		if h.server.queue.confirm(u) {
			settle(true, u)
		}
		if !copies.Concurrent && copies.Copies > 0 {
			h.running.Add(1)
			go h.repeat(u, copies)
		}
		return 0, true
	}
	h.server.stats.retries.Add(1)
	h.gone(status)
	if retryAfter >= 0 {
		return h.server.seconds(min(retryAfter, maxRetryAfter)), false
	}
	return h.server.seconds(backoff(fails)), false
}

// backoff: the first retry at once, then 2, 4, 8… s, capped at a random
// 60 to 120 s.
func backoff(fails int) int {
	if fails == 0 {
		return 0
	}
	limit := minBackoffCap + rand.IntN(maxBackoffCap-minBackoffCap+1)
	return min(limit, 1<<min(fails, 10))
}

// repeat posts a confirmed update again, later, as the order says.
func (h *webhook) repeat(u *update, d Delivery) {
	defer h.running.Done()
	for range d.Copies {
		if !h.pause(d.Later) {
			return
		}
		h.post(u)
	}
}

// post makes one request; retryAfter is -1 when the answer has none.
func (h *webhook) post(u *update) (status, retryAfter int, err error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-h.quit:
		return 0, -1, errStopped
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(h.url)
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	req.SetBodyRaw(u.body)
	start := time.Now()
	err = h.client.Do(req, resp)
	status, retryAfter = resp.StatusCode(), -1
	if err != nil {
		status = 0
	}
	attempt := Attempt{Update: u.id, At: start, Took: time.Since(start), Status: status, Err: err}
	h.server.journal.delivery(attempt)
	if tell := h.server.cfg.OnAttempt; tell != nil {
		tell(attempt)
	}
	h.server.stats.attempts.Add(1)
	if err != nil || status/100 != 2 {
		h.note(status, err)
		if n, e := strconv.Atoi(string(resp.Header.Peek("Retry-After"))); e == nil && n >= 0 {
			retryAfter = n
		}
		return status, retryAfter, err
	}
	h.answer(string(resp.Header.ContentType()), resp.Body())
	return status, retryAfter, nil
}

// answer carries out the one call that the body of a 2xx may hold; nobody
// ever learns its result.
func (h *webhook) answer(contentType string, body []byte) {
	if len(body) == 0 {
		return
	}
	a := &args{}
	if bytes.HasPrefix(body, []byte("{")) {
		contentType = "application/json"
	}
	if a.read(contentType, bytes.Clone(body)) != nil || a.get("method") == "" {
		return
	}
	h.server.callFromAnswer(a)
}

// gone removes the webhook when it has answered 410 for 23 hours.
func (h *webhook) gone(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case status != fasthttp.StatusGone:
		h.goneSince = time.Time{}
	case h.goneSince.IsZero():
		h.goneSince = time.Now()
	case time.Since(h.goneSince) > h.server.seconds(goneLimit):
		go h.server.replaceWebhook(h, nil, false)
		h.goneSince = time.Now()
	}
}

func (h *webhook) note(status int, err error) {
	text := "Wrong response from the webhook: " + strconv.Itoa(status) + " " + fasthttp.StatusMessage(status)
	if err != nil {
		text = "Connection failed"
		if errors.Is(err, fasthttp.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
			text = "Read timeout expired"
		} else if strings.Contains(err.Error(), "refused") {
			text = "Connection refused"
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastError, h.errorAt = text, h.server.cfg.Now()
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// pause waits; it is false when the webhook has ended.
func (h *webhook) pause(d time.Duration) bool {
	if d <= 0 {
		select {
		case <-h.quit:
			return false
		default:
			return true
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-h.quit:
		return false
	}
}

// setWebhook, deleteWebhook, getWebhookInfo.

func setWebhook(s *Server, a *args, out []byte) ([]byte, *refusal) {
	address := a.get("url")
	if address == "" {
		return deleteWebhook(s, a, out)
	}
	target, r := checkWebhookURL(address)
	if r != nil {
		return nil, r
	}
	secret := a.get("secret_token")
	if r := checkSecret(secret); r != nil {
		return nil, r
	}
	allowed, r := allowedUpdates(a)
	if r != nil {
		return nil, r
	}
	conns := int(a.number("max_connections"))
	if conns == 0 {
		conns = defaultConns
	}
	conns = min(max(conns, 1), maxConns)
	s.queue.setAllowed(allowed)
	s.endPoll("Conflict: terminated by setWebhook request")
	s.replaceWebhook(nil, newWebhook(s, target, secret, conns), a.flag("drop_pending_updates"))
	return append(out, `true,"description":"Webhook was set"`...), nil
}

func deleteWebhook(s *Server, a *args, out []byte) ([]byte, *refusal) {
	if !s.replaceWebhook(nil, nil, a.flag("drop_pending_updates")) {
		return append(out, `true,"description":"Webhook is already deleted"`...), nil
	}
	return append(out, `true,"description":"Webhook was deleted"`...), nil
}

// replaceWebhook puts hook (nil: none) in the place of the present one, if
// that is only (nil: whatever it is). It reports whether there was one.
func (s *Server) replaceWebhook(only, hook *webhook, drop bool) bool {
	s.hookMu.Lock()
	defer s.hookMu.Unlock()
	if only != nil && s.queue.webhook() != only {
		return false
	}
	old, dropped := s.queue.switchTo(hook, drop)
	settle(false, dropped...)
	if old != nil {
		go old.stop() // this may be a call in the answer of its own webhook
	}
	return old != nil
}

func getWebhookInfo(s *Server, _ *args, out []byte) ([]byte, *refusal) {
	hook := s.queue.webhook()
	address := ""
	if hook != nil {
		address = hook.url
	}
	out = appendString(append(out, `{"url":`...), address)
	out = append(out, `,"has_custom_certificate":false`...)
	out = number(out, "pending_update_count", int64(s.Pending()))
	if hook != nil {
		out = number(out, "max_connections", int64(cap(hook.slots)))
		hook.mu.Lock()
		if hook.lastError != "" {
			out = number(out, "last_error_date", hook.errorAt.Unix())
			out = field(out, "last_error_message", hook.lastError)
		}
		hook.mu.Unlock()
	}
	out = raw(out, "allowed_updates", s.queue.allowedJSON())
	return append(out, '}'), nil
}

// checkWebhookURL wants HTTPS on one of four ports, as Telegram's own server
// does. Loopback addresses may be plain and on any port, as its local edition
// allows.
func checkWebhookURL(address string) (*url.URL, *refusal) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, badRequest("bad webhook: Failed to parse URL")
	}
	local := isLoopback(u.Hostname())
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !local && !strings.Contains(" 443 80 88 8443 ", " "+u.Port()+" ") && u.Port() != "":
		return nil, badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func checkSecret(secret string) *refusal {
	if len(secret) > maxSecret {
		return badRequest("secret token is too long")
	}
	for i := range len(secret) {
		if c := secret[i]; !isNameToken(c) && c != '_' || c == '.' {
			return badRequest("secret token contains unallowed characters")
		}
	}
	return nil
}

func allowedUpdates(a *args) ([]string, *refusal) {
	list := a.object("allowed_updates")
	if list == "" {
		return nil, nil
	}
	kinds := []string{}
	if err := json.Unmarshal([]byte(list), &kinds); err != nil {
		return nil, badRequest("can't parse allowed_updates: expected an Array of String")
	}
	return kinds, nil
}
