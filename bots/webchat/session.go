package webchat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

const (
	// tokenSize is that of a visitor's token, in bytes of chance.
	tokenSize = 32
	// ticketLife is how long a ticket waits for its socket.
	ticketLife = 30 * time.Second
	// heartbeat is how often a client lets itself be heard, in seconds; proxies
	// close what is silent for a minute.
	heartbeat = 25
)

// visitor is somebody at the chat, as this connection knows him.
type visitor struct {
	customer.Visitor
	// Language is that of the page.
	Language string
	// Address is where this connection comes from, as limits count it.
	Address string `json:"-"`
}

func hash(token string) customer.VisitorToken { return sha256.Sum256([]byte(token)) }

// session opens a session: for the holder of a token the old one, else a new
// visitor's.
func (w *Chat) session(c *fiber.Ctx) error {
	var ask struct{ Visitor, Language, Identity string }
	if err := json.Unmarshal(c.Body(), &ask); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid", 0)
	}
	ctx := c.UserContext()
	v, known, err := w.find(ctx, ask.Visitor)
	if err != nil {
		return w.unavailable(c, "find visitor", err)
	}
	who, what, r := string(v.Conversation), "request", requestRate
	if !known {
		who, what, r = neighbourhood(w.Address(c)).String(), "stranger", strangerRate
	}
	if after, ok := w.limits.take(what, who, r); !ok {
		return refuse(c, fiber.StatusTooManyRequests, "limit", after)
	}
	token := ""
	var said word
	if ask.Identity != "" {
		said, err = w.identity.word(ctx, ask.Identity)
		switch {
		case fault.Is(err, fault.Unavailable):
			return w.unavailable(c, "check identity", err)
		case err != nil:
			return refuse(c, fiber.StatusUnauthorized, "identity", 0)
		}
		if known, err = w.name(ctx, &v, known, said.subject); err != nil {
			return w.unavailable(c, "name visitor", err)
		}
	}
	if !known {
		if token, err = w.welcome(ctx, &v); err != nil {
			return w.unavailable(c, "add visitor", err)
		}
	}
	if ask.Identity != "" {
		if err := w.Visitors.Vouch(ctx, v.Conversation, said.accounts, w.Now()); err != nil {
			return w.unavailable(c, "keep the page's word", err)
		}
	}
	ticket, err := w.ticket(ctx, visitor{Visitor: v, Language: language(ask.Language)})
	if err != nil {
		return w.unavailable(c, "put ticket", err)
	}
	return c.JSON(opened{
		Visitor: token, Ticket: ticket,
		Caps: capsSaid{Upload: w.Upload, Text: mostText}, Heartbeat: heartbeat,
	})
}

// opened is the answer to session.
type opened struct {
	Visitor   string   `json:"visitor,omitempty"`
	Ticket    string   `json:"ticket"`
	Caps      capsSaid `json:"caps"`
	Heartbeat int      `json:"heartbeat"`
}

type capsSaid struct {
	Upload int64 `json:"upload"`
	Text   int   `json:"text"`
}

// welcome makes a visitor and returns his token.
func (w *Chat) welcome(ctx context.Context, v *customer.Visitor) (string, error) {
	secret := make([]byte, tokenSize)
	rand.Read(secret) //nolint:errcheck // it never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	v.Conversation, v.Token = chat.Conversation(Name+":"+rand.Text()), hash(token)
	err := w.Visitors.AddVisitor(ctx, *v, w.Now())
	if err == nil {
		w.known.put(v.Token, *v)
	}
	return token, err
}

// name ties a guest to the customer that the page vouches for. Who is known as
// another customer is at a shared computer: he begins anew.
func (w *Chat) name(ctx context.Context, v *customer.Visitor, known bool, subject string) (still bool, err error) {
	if known && v.Subject != subject {
		err = w.Visitors.NameVisitor(ctx, v.Conversation, subject)
		w.known.drop(v.Conversation)
		if known = !fault.Is(err, fault.Conflict); !known {
			*v, err = customer.Visitor{}, nil
		}
	}
	v.Subject = subject
	return known, err
}

func (w *Chat) ticket(ctx context.Context, v visitor) (string, error) {
	value, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	ticket := rand.Text()
	_, err = w.Live.PutTicket(ctx, "socket "+ticket, string(value), ticketLife)
	return ticket, err
}

// redeem returns whose ticket it is; ok is false for one that is not good.
func (w *Chat) redeem(ctx context.Context, ticket string) (v visitor, ok bool, err error) {
	if ticket == "" || len(ticket) > 64 {
		return v, false, nil
	}
	value, ok, err := w.Live.TakeTicket(ctx, "socket "+ticket)
	if err != nil || !ok {
		return v, false, err
	}
	return v, true, json.Unmarshal([]byte(value), &v)
}

// holder returns who sends a request with a token, or has answered it.
func (w *Chat) holder(c *fiber.Ctx) (v visitor, answered bool, err error) {
	token, _ := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	found, known, err := w.find(c.UserContext(), token)
	if err != nil {
		return v, true, w.unavailable(c, "find visitor", err)
	}
	who, what, r := string(found.Conversation), "request", requestRate
	if !known {
		who, what, r = neighbourhood(w.Address(c)).String(), "stranger", strangerRate
	}
	if after, ok := w.limits.take(what, who, r); !ok {
		return v, true, refuse(c, fiber.StatusTooManyRequests, "limit", after)
	}
	if !known {
		return v, true, refuse(c, fiber.StatusUnauthorized, "visitor", 0)
	}
	return visitor{
		found, language(c.Get(fiber.HeaderAcceptLanguage)), neighbourhood(w.Address(c)).String(),
	}, false, nil
}

// find returns the holder of a token. While the store is away, those who were
// here lately are still known.
func (w *Chat) find(ctx context.Context, token string) (v customer.Visitor, known bool, err error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return v, false, nil
	}
	key := hash(token)
	v, fresh, known := w.known.get(key)
	if fresh {
		return v, true, nil
	}
	found, err := w.Visitors.FindVisitor(ctx, key)
	switch {
	case fault.Is(err, fault.NotFound):
		return customer.Visitor{}, false, nil
	case err != nil && known:
		return v, true, nil
	case err != nil:
		return customer.Visitor{}, false, err
	}
	w.known.put(key, found)
	return found, true, nil
}

// visitorCache remembers who was here lately, so that a storm of reconnections
// does not reach the database. The zero value is ready.
type visitorCache struct {
	mu    sync.Mutex
	byKey map[customer.VisitorToken]cachedVisitor
}

type cachedVisitor struct {
	customer.Visitor
	at time.Time
}

const (
	// cacheFor is how long a visitor is believed without asking; a visitor who
	// was erased is gone after it.
	cacheFor = time.Minute
	// cacheMost bounds the memory: about 200 bytes each.
	cacheMost = 50_000
)

func (k *visitorCache) get(key customer.VisitorToken) (v customer.Visitor, fresh, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, known := k.byKey[key]
	return found.Visitor, known && time.Since(found.at) < cacheFor, known
}

func (k *visitorCache) put(key customer.VisitorToken, v customer.Visitor) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey == nil || len(k.byKey) >= cacheMost {
		k.byKey = map[customer.VisitorToken]cachedVisitor{}
	}
	k.byKey[key] = cachedVisitor{v, time.Now()}
}

func (k *visitorCache) drop(c chat.Conversation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key, v := range k.byKey {
		if v.Conversation == c {
			delete(k.byKey, key)
		}
	}
}

// language reads the first language of a list of tags.
func language(tags string) string {
	tag, _, _ := strings.Cut(tags, ",")
	tag, _, _ = strings.Cut(tag, ";")
	if len(tag) > 16 {
		return ""
	}
	return strings.Clone(strings.TrimSpace(tag))
}

// written is a position as the protocol has it: "" is none.
func written(p turn.Position) string {
	if p == (turn.Position{}) {
		return ""
	}
	return p.String()
}
