package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words"
)

// Name is the channel's name: conversations are "tg:<chat id>".
const Name = "tg"

// Mode is the way in which updates come.
type Mode string

// The modes, by the names that the configuration uses.
const (
	Webhook Mode = "webhook"
	Polling Mode = "polling"
)

// Engine takes events. An error asks for the event again later.
type Engine interface {
	Take(ctx context.Context, ev dialog.Event) (turn.Ack, error)
}

// Files opens files that we send. The error is NotFound, Invalid or Denied for
// a file that can never be sent; any other is tried again. The file that comes
// with the content has its true name, type and size.
type Files interface {
	Open(ctx context.Context, id string) (chat.File, io.ReadCloser, error)
}

// Links makes an address under which a customer can open a personal file once.
// An error is tried again, as for Files.
type Links interface {
	OneTime(ctx context.Context, f chat.File, c chat.Conversation) (string, error)
}

// Lease gives a name to one replica at a time. It is asked for again before d
// has passed, which prolongs it; mine is false while it is another replica's.
type Lease interface {
	Lease(ctx context.Context, name string, d time.Duration) (mine bool, err error)
}

// Meter counts what passes. Methods must not block.
type Meter interface {
	// Update is one update received, by its kind ("text", "press", "other",
	// "unreadable"…) and what became of it: "taken", "ignored",
	// "quarantined" or "unavailable".
	Update(kind, result string)
	// Call is one call of the Bot API and how it ended: "ok", an HTTP status,
	// "timeout" or "connection".
	Call(method, result string, took time.Duration)
}

// Config is what the channel stands on. Token, APIURL, Quarantine, Log and Now
// are needed; without Files nothing can be sent but text, without Links no
// personal file, without a Poller this replica alone polls.
type Config struct {
	Token privacy.Secret
	// APIURL is the address of the Bot API without "/bot…".
	APIURL string
	// Proxy is the way to it, "http://…" or "socks5://…"; none if it is empty.
	Proxy privacy.URL
	Mode  Mode
	// WebhookURL is the full address of the route that Mount adds, as Telegram
	// sees it. Empty: nothing is registered, somebody else has done it.
	WebhookURL string
	// WebhookSecret is sent along by Telegram: 1 to 256 of A-Z, a-z, 0-9, _
	// and -. Empty: derived from the token, the same on every replica.
	WebhookSecret privacy.Secret
	// Commands are shown in the messenger's menu; nil leaves the menu alone.
	Commands func(words.Lang) []dialog.SlashCommand
	Files    Files
	Links    Links
	// Tickets opens the address that a choice keeps sealed; "" if it cannot. nil:
	// such choices are left out.
	Tickets    func(c chat.Conversation, sealed []byte) string
	Poller     Lease
	Quarantine turn.Quarantine
	Log        *slog.Logger
	// Now is the program's clock, for the time of events. Time-outs and
	// back-offs run on real time.
	Now   func() time.Time
	Meter Meter // nil counts nothing
}

// Bot is the channel; it implements turn.Channel. Make it with New, add its
// route with Mount, run its background work with Run.
type Bot struct {
	cfg    Config
	id     string // of the bot, the public part of the token
	secret privacy.Secret
	digest [sha256.Size]byte // of the secret
	pace   pace
	hot    *hotClient
	cold   *coldClient

	troubles  troubles       // per chat: when to try again
	keyboards chatSet        // chats that show a reply keyboard of ours
	halfway   halfway        // messages of which a part has been sent
	heldTill  atomic.Int64   // real time in ns until which the whole bot is held
	answers   chan struct{}  // a slot for each answer to a press under way
	work      sync.WaitGroup // those answers
	state     state
}

// pace is how long things take; tests hasten it.
type pace struct {
	lease, renew        time.Duration // of polling
	poll                int           // s that a poll may last, Telegram's limit is 50
	call, pollCall      time.Duration // time-outs
	firstTry, lastTry   time.Duration // back-off of one chat and of the setup
	conflict, look      time.Duration // after a 409; between two looks at the webhook
	idle                time.Duration // after an empty poll that was answered at once
	chatAction, upAgain time.Duration
}

var usual = pace{
	lease: 15 * time.Second, renew: 4 * time.Second,
	poll: 50, call: 9 * time.Second, pollCall: 65 * time.Second,
	firstTry: 500 * time.Millisecond, lastTry: time.Minute,
	conflict: 5 * time.Second, look: time.Minute, idle: 50 * time.Millisecond,
	chatAction: time.Second, upAgain: 5 * time.Second,
}

//go:embed text.*.yaml
var texts embed.FS

var text = words.Must(texts)

var (
	// Telegram's own tokens are digits, a colon and a tail; emulators take more.
	tokenShape  = regexp.MustCompile(`^[A-Za-z0-9:_-]{1,220}$`)
	secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// New checks the configuration and returns the channel; it does no I/O. The
// error is Invalid and never quotes a secret.
func New(cfg Config) (*Bot, error) {
	if err := cfg.check(); err != nil {
		return nil, fault.Wrap(fault.Invalid, err)
	}
	if cfg.Meter == nil {
		cfg.Meter = noMeter{}
	}
	cfg.APIURL = strings.TrimRight(cfg.APIURL, "/")
	b := &Bot{cfg: cfg, pace: usual, secret: cfg.WebhookSecret, answers: make(chan struct{}, 256)}
	b.id = botID(cfg.Token)
	if b.secret.IsZero() {
		b.secret = deriveSecret(cfg.Token)
	}
	b.digest = sha256.Sum256([]byte(b.secret.Reveal()))
	var err error
	if b.hot, err = newHotClient(cfg); err != nil {
		return nil, fault.Wrap(fault.Invalid, err)
	}
	if b.cold, err = newColdClient(cfg); err != nil {
		return nil, fault.Wrap(fault.Invalid, err)
	}
	return b, nil
}

func (c *Config) check() error {
	api, err := url.Parse(c.APIURL)
	switch {
	case !tokenShape.MatchString(c.Token.Reveal()):
		return errors.New("the token does not look like a bot's")
	case err != nil || api.Host == "" || api.User != nil || api.RawQuery != "" || api.Scheme != "http" && api.Scheme != "https":
		return errors.New("the address of the Bot API must be http(s)://host without a user or parameters")
	case c.Mode != Webhook && c.Mode != Polling:
		return fmt.Errorf("the mode must be %s or %s", Webhook, Polling)
	case !c.WebhookSecret.IsZero() && !secretShape.MatchString(c.WebhookSecret.Reveal()):
		return errors.New("the webhook's secret must be 1 to 256 letters, digits, _ and -")
	case c.Quarantine == nil || c.Log == nil || c.Now == nil:
		return errors.New("a quarantine, a log and a clock are needed")
	}
	return nil
}

// botID names the bot in the IDs of its events: the public part of its token,
// or, for a token without one, a fingerprint.
func botID(token privacy.Secret) string {
	if id, _, ok := strings.Cut(token.Reveal(), ":"); ok && id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(token.Reveal()))
	return hex.EncodeToString(sum[:4])
}

// deriveSecret makes the webhook's secret of the token, so that replicas agree
// on it and nothing more has to be configured. A token itself is no legal
// secret, and would be given away by it.
func deriveSecret(token privacy.Secret) privacy.Secret {
	mac := hmac.New(sha256.New, []byte(token.Reveal()))
	mac.Write([]byte("okoshko telegram webhook"))
	return privacy.NewSecret(hex.EncodeToString(mac.Sum(nil)))
}

// Limits of messages (core.telegram.org/bots/api#sendmessage, #sendphoto,
// #getfile, #sending-files); the numbers of buttons are the server's.
const (
	maxText     = 4096 // UTF-16 units after the markup has been read
	maxCaption  = 1024
	maxButtons  = 100
	maxToast    = 200
	maxDownload = 20 << 20
	maxPhoto    = 10 << 20
	maxUpload   = 50 << 20
)

// Caps says what a Telegram chat can show. Two short buttons stand side by
// side on a narrow phone without being cut.
func (b *Bot) Caps() chat.Caps { return caps }

var caps = chat.Caps{
	Text: maxText, Caption: maxCaption, Buttons: maxButtons, Row: 2, Label: 16,
	Edit: true, Contact: true, Files: true, Download: maxDownload,
}

// conversation returns the name of the conversation in a chat.
func conversation(chatID int64) chat.Conversation {
	return chat.Conversation(Name + ":" + number(chatID))
}

type noMeter struct{}

func (noMeter) Update(_, _ string)                {}
func (noMeter) Call(_, _ string, _ time.Duration) {}
