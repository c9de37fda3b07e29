package webchat

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 6455 asks for it; nothing is secret here
	"encoding/base64"
	"io"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Subprotocol is the version of the protocol.
const Subprotocol = "okoshko.v1"

// connect makes a socket of a request. The connection leaves the HTTP server
// whole (KeepHijackedConns): what that keeps for a request would cost an idle
// socket more than everything else.
func (w *Chat) connect(c *fiber.Ctx) error {
	key, ok := handshake(c)
	if !ok {
		return refuse(c, fiber.StatusBadRequest, "websocket", 0)
	}
	if w.hub.stopped() {
		return refuse(c, fiber.StatusServiceUnavailable, "restart", comeBack)
	}
	v, ok, err := w.redeem(c.UserContext(), c.Query("ticket"))
	if err != nil {
		return w.unavailable(c, "take ticket", err)
	}
	if !ok {
		if after, ok := w.limits.take("stranger", neighbourhood(w.Address(c)).String(), strangerRate); !ok {
			return refuse(c, fiber.StatusTooManyRequests, "limit", after)
		}
		return refuse(c, fiber.StatusUnauthorized, "ticket", 0)
	}
	address := neighbourhood(w.Address(c))
	if ok, full := w.hub.room(address); !ok {
		if full {
			w.Log.Warn("socket refused", "open", w.hub.sockets(), "limit", w.MaxSockets)
			return refuse(c, fiber.StatusServiceUnavailable, "limit", 30)
		}
		return refuse(c, fiber.StatusTooManyRequests, "limit", 30)
	}
	v.Address = address.String()
	c.Status(fiber.StatusSwitchingProtocols)
	c.Set(fiber.HeaderUpgrade, "websocket")
	c.Set(fiber.HeaderConnection, "Upgrade")
	c.Set("Sec-WebSocket-Accept", accept(key))
	c.Set("Sec-WebSocket-Protocol", Subprotocol)
	c.Context().Hijack(func(wrapped net.Conn) {
		conn, early := detach(wrapped)
		s := &socket{chat: w, conn: conn, visitor: v, address: address}
		go s.serve(early)
	})
	return nil
}

// handshake returns the key of an opening handshake (RFC 6455, 4.2.1).
func handshake(c *fiber.Ctx) (key string, ok bool) {
	key = c.Get("Sec-WebSocket-Key")
	raw, err := base64.StdEncoding.DecodeString(key)
	return key, err == nil && len(raw) == 16 &&
		strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") &&
		lists(c.Get(fiber.HeaderConnection), "upgrade") &&
		c.Get("Sec-WebSocket-Version") == "13" &&
		lists(c.Get("Sec-WebSocket-Protocol"), Subprotocol)
}

// lists reports whether a header's list holds a word.
func lists(list, word string) bool {
	for item := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(item), word) {
			return true
		}
	}
	return false
}

// accept proves that the handshake was understood (RFC 6455, 4.2.2).
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// detach takes the connection out of the server, with what it has read already.
func detach(wrapped net.Conn) (conn net.Conn, early []byte) {
	inner, ok := wrapped.(interface{ UnsafeConn() net.Conn })
	if !ok {
		return wrapped, nil
	}
	conn = inner.UnsafeConn()
	// With a deadline that has passed only what is buffered comes.
	if conn.SetReadDeadline(time.Unix(1, 0)) == nil {
		buffer := make([]byte, 4<<10)
		n, _ := wrapped.Read(buffer)
		early = bytes.Clone(buffer[:n])
	}
	_ = conn.SetDeadline(time.Time{})
	return conn, early
}

// reader gives out what was read before, then the connection.
func reader(early []byte, conn net.Conn) io.Reader {
	if len(early) == 0 {
		return conn
	}
	return io.MultiReader(bytes.NewReader(early), conn)
}
