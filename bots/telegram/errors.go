package telegram

import (
	"cmp"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// apiError is a call that failed. Printed it shows a code or a constant: the
// description may quote a customer's words or a link of his.
type apiError struct {
	// Code is Telegram's error code or the HTTP status, 0 if there was no
	// answer.
	Code int
	// Description in Telegram's words; only ever compared.
	Description string
	RetryAfter  time.Duration
	why         string // if there was no answer
}

// What stands in the place of a code.
const (
	whyTimeout    = "timeout"
	whyConnection = "connection"
	whyStopped    = "stopped"
)

// Error implements error.
func (e *apiError) Error() string { return "telegram: " + e.label() }

// label names the failure in metrics; "ok" for none.
func (e *apiError) label() string {
	switch {
	case e == nil:
		return "ok"
	case e.Code == 0:
		return e.why
	}
	return strconv.Itoa(e.Code)
}

// says reports whether the description holds the words, in any case.
func (e *apiError) says(words string) bool {
	return strings.Contains(strings.ToLower(e.Description), words)
}

var constantShape = regexp.MustCompile(`^(?:Bad Request: )?([A-Z][A-Z_]{3,40})$`)

// reason returns Telegram's constant for a refusal, such as
// BUTTON_DATA_INVALID, "" if the description is prose.
func (e *apiError) reason() string {
	if found := constantShape.FindStringSubmatch(e.Description); found != nil {
		return found[1]
	}
	return ""
}

// Telegram's words for refusals that we tell apart, in lower case
// (tdlib/telegram-bot-api, Client.cpp; letters have changed over the years).
const (
	notModified  = "message is not modified"
	noEntities   = "can't parse entities"
	noChat       = "chat not found"
	notStarted   = "bot can't initiate conversation"
	deactivated  = "deactivated"
	blocked      = "blocked"
	fileTooBig   = "file is too big"
	buttonURL    = "button url"
	buttonURLOld = "button_url_invalid"
)

// report says what becomes of a parcel whose call failed.
func (b *Bot) report(chatID int64, e *apiError) turn.Report {
	switch {
	case e.Code == 429:
		return turn.Report{Fate: turn.Later, Why: "too many requests", After: cmp.Or(e.RetryAfter, b.troubles.next(chatID, b.pace))}
	case e.Code == 403 && e.says(blocked):
		return turn.Report{Fate: turn.Refused, Why: "blocked"}
	case e.Code == 403 && e.says(deactivated):
		return turn.Report{Fate: turn.Refused, Why: "deactivated"}
	case e.Code == 403:
		return turn.Report{Fate: turn.Refused, Why: "forbidden"}
	case e.Code == 400 && (e.says(noChat) || e.says(notStarted)):
		return turn.Report{Fate: turn.Refused, Why: "chat not found"}
	case e.Code == 400, e.Code == 413:
		b.cfg.Log.Error("telegram refused a message", "error", e, "reason", e.reason())
		return turn.Report{Fate: turn.Refused, Why: "malformed"}
	case e.Code == 0:
		return turn.Report{Fate: turn.Later, Why: e.why, After: b.troubles.next(chatID, b.pace)}
	}
	// 5xx; 401 and 404, which speak of the token and not of the message.
	return turn.Report{Fate: turn.Later, Why: "status " + e.label(), After: b.troubles.next(chatID, b.pace)}
}

// kind says what a caller can do about the error.
func (e *apiError) kind() fault.Kind {
	switch {
	case e.Code == 400 && e.says(fileTooBig):
		return fault.Invalid
	case e.Code == 400:
		return fault.NotFound
	case e.Code == 403:
		return fault.Denied
	}
	return fault.Unavailable
}

// troubles counts the failures in a row of each chat, for its back-off. A chat
// that is well costs nothing.
type troubles struct {
	some  atomic.Int64
	mu    sync.Mutex
	count map[int64]int
}

// next counts one more failure and returns how long to wait: doubling from
// pace.firstTry to pace.lastTry, less up to a quarter by chance.
func (t *troubles) next(chatID int64, p pace) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count = map[int64]int{}
	}
	n := t.count[chatID]
	t.count[chatID] = n + 1
	t.some.Store(int64(len(t.count)))
	return backoff(n, p)
}

// over forgets the chat's failures.
func (t *troubles) over(chatID int64) {
	if t.some.Load() == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.count, chatID)
	t.some.Store(int64(len(t.count)))
}

func backoff(failures int, p pace) time.Duration {
	d := p.lastTry
	if failures < 30 {
		d = min(d, p.firstTry<<failures)
	}
	return d - rand.N(d/4+1) //nolint:gosec // it spreads load, nothing is guessed
}

// chatSet is a set of chats, forgetful above mostChats: what is in it improves
// something and is never needed.
type chatSet struct {
	mu  sync.Mutex
	ids map[int64]struct{}
}

const mostChats = 10_000

func (s *chatSet) add(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil || len(s.ids) >= mostChats {
		s.ids = map[int64]struct{}{}
	}
	s.ids[id] = struct{}{}
}

func (s *chatSet) has(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.ids[id]
	return ok
}

func (s *chatSet) remove(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ids, id)
}

// chatOf returns the chat that a conversation runs in.
func chatOf(c chat.Conversation) (int64, bool) {
	id, err := strconv.ParseInt(c.Peer(), 10, 64)
	return id, err == nil && c.Channel() == Name && id != 0
}
