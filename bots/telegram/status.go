package telegram

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Status is what the channel says of itself, for /readyz. It holds no address
// and nothing personal.
type Status struct {
	Mode Mode `json:"mode"`
	// Username is the bot's own, once Telegram has told it.
	Username string `json:"username,omitempty"`
	// Reachable: Telegram answered the last call. False until it first has.
	Reachable bool `json:"reachable"`
	// Ready: Telegram knows about the webhook, or that there is none.
	Ready bool `json:"ready"`
	// LastError is the last failure that was not about one message, as in
	// Meter.Call, and when it was.
	LastError   string     `json:"last_error,omitempty"`
	LastErrorAt *time.Time `json:"last_error_at,omitempty"`
	// Pending is how many updates Telegram holds, when it was last asked.
	Pending int `json:"pending"`
	// WebhookErrorAt is when Telegram last failed to deliver an update.
	WebhookErrorAt *time.Time `json:"webhook_error_at,omitempty"`
	// Polling: this replica is the one that polls.
	Polling bool `json:"polling,omitempty"`
	// HeldSeconds is how long the whole bot may not speak (a 429).
	HeldSeconds float64 `json:"held_seconds,omitempty"`
}

// state is what the status is made of.
type state struct {
	reached atomic.Bool
	polling atomic.Bool
	ready   atomic.Bool
	down    atomic.Bool // logged as unreachable

	mu           sync.Mutex
	username     string
	pending      int
	webhookError time.Time
	lastError    string
	lastErrorAt  time.Time
}

// heard notes how a call ended. What a single message was refused for says
// nothing about Telegram, except that it is there.
func (s *state) heard(failed *apiError) {
	if failed == nil {
		if !s.reached.Load() {
			s.reached.Store(true)
		}
		return
	}
	if failed.why == whyStopped {
		return
	}
	s.reached.Store(failed.there())
	if failed.Code == 400 || failed.Code == 403 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastError, s.lastErrorAt = failed.label(), time.Now()
}

// there reports whether Telegram itself has answered, and knows the bot.
func (e *apiError) there() bool {
	return e.Code >= 400 && e.Code < 500 && e.Code != 401 && e.Code != 404
}

// tell logs when Telegram goes and comes back, once each.
func (s *state) tell(log *slog.Logger) {
	switch up := s.reached.Load(); {
	case up && s.down.CompareAndSwap(true, false):
		log.Info("telegram is back")
	case !up && s.down.CompareAndSwap(false, true):
		s.mu.Lock()
		why := s.lastError
		s.mu.Unlock()
		log.Warn("telegram cannot be reached", "why", why)
	}
}

// Status returns a Status.
func (b *Bot) Status() any {
	s := &b.state
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Status{
		Mode: b.cfg.Mode, Username: s.username, Reachable: s.reached.Load(), Ready: s.ready.Load(),
		LastError: s.lastError, Pending: s.pending, Polling: s.polling.Load(),
		HeldSeconds: max(b.held().Seconds(), 0),
	}
	if !s.lastErrorAt.IsZero() {
		at := s.lastErrorAt.UTC()
		out.LastErrorAt = &at
	}
	if !s.webhookError.IsZero() {
		at := s.webhookError.UTC()
		out.WebhookErrorAt = &at
	}
	return out
}
