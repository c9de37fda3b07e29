package console

import (
	"context"
	"crypto/sha1" //nolint:gosec // RFC 6455 asks for it; nothing is secret here
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"
	"github.com/gofiber/fiber/v2"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

const (
	// beat is how often a page is asked whether it is there, which also shows
	// that its owner is at the desk and that his session holds.
	beat = 15 * time.Second
	// mostQueued is how many hints a slow page may leave unread; one that is
	// slower comes again and reads everything.
	mostQueued   = 64
	writeLimit   = 10 * time.Second
	refreshEvery = 15 * time.Second
)

// hub tells pages what has news. It knows the conversations at the desk: hints
// of others concern nobody here.
type hub struct {
	console *Console
	mu      sync.Mutex
	pages   map[*page]bool
	atDesk  map[chat.Conversation]bool
	wake    chan struct{}
	stopped bool
}

// page is one open console.
type page struct {
	who    visit
	conn   net.Conn
	frames chan []byte
	drop   sync.Once
}

func (p *page) end() { p.drop.Do(func() { close(p.frames) }) }

func newHub(s *Console) *hub {
	return &hub{console: s, pages: map[*page]bool{}, wake: make(chan struct{}, 1)}
}

// run hears hints until ctx ends, then says goodbye.
func (h *hub) run(ctx context.Context) error {
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := h.console.Live.Subscribe(ctx, h.tell, h.tellAll); err != nil && ctx.Err() == nil {
			h.console.Log.Error("hints not heard", "error", err)
		}
	})
	parts.Go(func() {
		tick := time.NewTicker(refreshEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			h.refresh(ctx)
			select {
			case <-ctx.Done():
			case <-tick.C:
			case <-h.wake:
			}
		}
	})
	parts.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for p := range h.pages {
		delete(h.pages, p)
		p.send(frameOf("bye", nil))
		p.end()
	}
	return nil
}

// refresh reads which conversations are at the desk, if anybody looks.
func (h *hub) refresh(ctx context.Context) {
	h.mu.Lock()
	watched := len(h.pages) > 0
	h.mu.Unlock()
	if !watched {
		return
	}
	list, err := h.console.Desk.Handoffs(ctx, mostListed)
	if err != nil {
		return // the next round
	}
	atDesk := make(map[chat.Conversation]bool, len(list))
	for _, one := range list {
		atDesk[one.Conversation] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.atDesk = atDesk
}

// tell hands a hint to every page, if it is about the desk or an office.
func (h *hub) tell(hint turn.Hint) {
	if hint.Kind == turn.AtDesk {
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	desk := hint.Kind == turn.AtDesk || hint.Kind == turn.AtOffice || hint.Kind == turn.AtCase
	if len(h.pages) == 0 || !desk && !h.atDesk[hint.Conversation] {
		return
	}
	for _, frame := range framesFor(hint) {
		for p := range h.pages {
			if !p.send(frame) {
				delete(h.pages, p)
				p.end()
			}
		}
	}
}

// tellAll lets every page read what hints may have been lost about.
func (h *hub) tellAll() {
	h.mu.Lock()
	desk := slices.Collect(maps.Keys(h.atDesk))
	h.mu.Unlock()
	h.tell(turn.Hint{Kind: turn.AtCase})
	for _, c := range desk {
		h.tell(turn.Hint{Kind: turn.AtDesk, Conversation: c})
	}
}

// frame is a hint on the wire.
type frame struct {
	t    string
	data []byte
}

// send queues a frame, if its page may be told such; false: the page is too
// slow. The hub's lock is held.
func (p *page) send(f frame) bool {
	if needs, known := hints[f.t]; !known || !p.who.allows(needs) {
		return true
	}
	select {
	case p.frames <- f.data:
		return true
	default:
		return false
	}
}

// framesFor says what a hint means to a page. A change of the hand-off stands in
// the log, too: of one that has ended it is the last that pages hear.
func framesFor(h turn.Hint) []frame {
	switch {
	case h.Kind == turn.AtDesk:
		return []frame{frameOf("queue", nil), frameOf("conversation", map[string]any{"c": h.Conversation})}
	case h.Kind == turn.AtCase:
		return []frame{frameOf("cases", nil)}
	case h.Kind == turn.NewEntry || h.Kind == turn.NewReceipt:
		return []frame{frameOf("conversation", map[string]any{"c": h.Conversation, "position": h.Position.String()})}
	case h.Kind == turn.Typing && h.By == turn.Customer:
		return []frame{frameOf("typing", map[string]any{"c": h.Conversation})}
	case h.Kind == turn.AtOffice:
		return []frame{frameOf("office", map[string]any{"office": h.By})}
	default:
		return nil
	}
}

// frameOf makes a frame of the wire.
func frameOf(t string, more map[string]any) frame {
	body := map[string]any{"t": t}
	for k, v := range more {
		body[k] = v
	}
	text, err := json.Marshal(body)
	if err != nil {
		return frame{}
	}
	return frame{t, ws.MustCompileFrame(ws.NewTextFrame(text))}
}

// live makes a socket of a request. The guard has checked the session and where
// the page comes from.
func (s *Console) live(c *fiber.Ctx) error {
	key, ok := handshake(c)
	if !ok {
		return refuse(c, fiber.StatusBadRequest, "websocket")
	}
	v := caller(c)
	if err := s.present(c.UserContext(), v); err != nil {
		return s.fail(c, err)
	}
	c.Status(fiber.StatusSwitchingProtocols)
	c.Set(fiber.HeaderUpgrade, "websocket")
	c.Set(fiber.HeaderConnection, "Upgrade")
	c.Set("Sec-WebSocket-Accept", accept(key))
	c.Context().Hijack(func(conn net.Conn) { s.hub.serve(conn, v) })
	return nil
}

// handshake returns the key of an opening handshake (RFC 6455, 4.2.1).
func handshake(c *fiber.Ctx) (key string, ok bool) {
	key = c.Get("Sec-WebSocket-Key")
	raw, err := base64.StdEncoding.DecodeString(key)
	return key, err == nil && len(raw) == 16 && strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") &&
		c.Get("Sec-WebSocket-Version") == "13"
}

// accept proves that the handshake was understood (RFC 6455, 4.2.2).
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// serve keeps a page until it, its session or the replica ends.
func (h *hub) serve(conn net.Conn, v visit) {
	defer conn.Close()
	p := &page{who: v, conn: conn, frames: make(chan []byte, mostQueued)}
	h.mu.Lock()
	if h.stopped {
		h.mu.Unlock()
		return
	}
	h.pages[p] = true
	p.send(frameOf("queue", nil)) // whatever happened before, it reads everything
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.pages, p)
	}()
	gone := make(chan struct{})
	go func() { // what the page says has no meaning, but that it is there
		defer close(gone)
		_ = conn.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, conn)
	}()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		var frame []byte
		select {
		case <-gone:
			return
		case f, more := <-p.frames:
			if !more {
				return
			}
			frame = f
		case <-tick.C:
			if !h.console.holds(v) {
				frame = frameOf("bye", nil).data
			} else {
				frame = ws.CompiledPing
			}
		}
		_ = conn.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := conn.Write(frame); err != nil {
			return
		}
	}
}

// holds notes that the owner of a page is there, and reports whether he still
// may be. While a store is away he may.
func (s *Console) holds(v visit) bool {
	ctx, cancel := context.WithTimeout(context.Background(), beat/3)
	defer cancel()
	session, ok, err := s.Live.Session(ctx, v.secret, 0)
	if err != nil {
		return fault.Is(err, fault.Unavailable)
	}
	account, found, err := s.Staff.StaffByID(ctx, v.ID)
	if err != nil {
		return fault.Is(err, fault.Unavailable)
	}
	if !ok || !found || account.Disabled || account.Version != session.Version || !time.Now().Before(session.Until) {
		return false
	}
	if err := s.present(ctx, v); err != nil {
		s.Log.Debug("presence not noted", "error", err)
	}
	return true
}
