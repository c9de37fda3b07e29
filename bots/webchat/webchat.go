package webchat

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// Name is the channel's name.
const Name = "web"

// Caps is what the widget shows. Our own documents are handed out to the holder
// of the conversation alone, so that they may be personal.
var Caps = chat.Caps{
	Text: mostText, Buttons: dialog.MostButtons, Row: 3, Label: 24, Files: true, Personal: true,
}

// UploadPath is the address of uploads: the only one that takes large bodies.
const UploadPath = "/chat/files"

// Engine takes turns and reads their log.
type Engine interface {
	Take(ctx context.Context, ev dialog.Event) (turn.Ack, error)
	Log(ctx context.Context, c chat.Conversation, after turn.Position, limit int) (turn.Page, error)
	Before(ctx context.Context, c chat.Conversation, before turn.Position, limit int) (turn.Page, error)
	Line(ctx context.Context, c chat.Conversation, p turn.Position) (turn.Line, bool, error)
}

// Live is what the live store tells without a turn.
type Live interface {
	turn.Hints
	// Newest returns the last positions in the live store, zero where it has none.
	Newest(ctx context.Context, cs []chat.Conversation) ([]turn.Position, error)
	// PutTicket keeps a value for a time, unless there is one of that name;
	// TakeTicket gives it out once.
	PutTicket(ctx context.Context, name, value string, d time.Duration) (fresh bool, err error)
	TakeTicket(ctx context.Context, name string) (value string, ok bool, err error)
}

// Files is where uploads go and documents come from.
type Files interface {
	// Upload stores what r holds and returns its ID and what it is. The error is
	// Invalid with a key (file_kind, file_size, file_empty) for one that is not
	// taken.
	Upload(ctx context.Context, c chat.Conversation, name string, r io.Reader) (chat.File, error)
	// Find says what a file is that a message is to name, if it belongs to the
	// conversation; uploaded: its customer has sent it here. NotFound otherwise.
	// What was never asked for is not kept.
	Find(ctx context.Context, c chat.Conversation, id string) (f chat.File, uploaded bool, err error)
	// Open returns a file of the conversation, to be closed; NotFound as above.
	Open(ctx context.Context, c chat.Conversation, id string) (chat.File, io.ReadCloser, error)
}

// Meter counts. Methods must not block.
type Meter interface {
	// Sockets is how many are open.
	Sockets(n int)
	// Frame is a customer's frame by its kind, and what became of it: "taken",
	// "unavailable", or the error of its nack.
	Frame(kind, result string)
	// Closed is a connection that the server ended, by the error of its bye.
	Closed(why string)
}

// Config is what the chat stands on.
type Config struct {
	// Origins may use the chat, exactly as browsers write them. Local lets in
	// every port of localhost, too: for the demo.
	Origins []string
	Local   bool
	// Secret signs the host page's word for its customers; zero: none is taken.
	Secret privacy.Secret
	// Upload is the largest file, in bytes.
	Upload int64
	// Messages is how many a visitor may send in a minute.
	Messages int
	// MaxSockets is how many may be open; beyond them new ones are refused.
	MaxSockets int
	// Address returns whose request it is: the address before our own proxies.
	Address func(c *fiber.Ctx) netip.Addr

	// Tickets opens the address that a choice keeps sealed; "" if it cannot. nil:
	// such choices are left out.
	Tickets func(c chat.Conversation, sealed []byte) string

	Visitors customer.Visitors
	Live     Live
	Files    Files
	Engine   Engine
	Log      *slog.Logger
	Now      func() time.Time
	Meter    Meter
}

// Chat is the web channel on this replica.
type Chat struct {
	Config
	origins  map[string]bool
	hub      *hub
	known    visitorCache
	limits   *limits
	identity *identity
}

// New returns the channel; Run it before anybody connects.
func New(c Config) *Chat {
	w := &Chat{Config: c, origins: map[string]bool{}, limits: newLimits()}
	for _, o := range c.Origins {
		w.origins[o] = true
	}
	w.hub = newHub(w)
	w.identity = newIdentity(c.Secret, c.Live)
	return w
}

// Mount adds the routes.
func (w *Chat) Mount(r fiber.Router) {
	r.Use("/chat", w.guard)
	r.Post("/chat/session", w.session)
	r.Get("/chat/socket", w.connect)
	r.Post("/chat/poll", w.poll)
	r.Post("/chat/send", w.send)
	r.Post(UploadPath, w.upload)
	r.Get(UploadPath+"/:id", w.download)
}

// Run hears hints and makes rounds until ctx ends.
func (w *Chat) Run(ctx context.Context) error { return w.hub.run(ctx) }

// Close tells everybody to come back to another replica, and waits until they
// are gone or ctx ends. New connections are refused from now on.
func (w *Chat) Close(ctx context.Context) { w.hub.close(ctx) }

// Status is what /readyz says of the channel.
type Status struct {
	Sockets    int `json:"sockets"`
	MaxSockets int `json:"max_sockets"`
}

// Status returns the state of the channel on this replica.
func (w *Chat) Status() Status { return Status{w.hub.sockets(), w.MaxSockets} }
