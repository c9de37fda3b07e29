package telegramtest

import (
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// connSet knows the open connections, so that they can all be cut at once.
type connSet struct {
	mu     sync.Mutex
	open   map[*trackedConn]struct{}
	closed bool
}

type trackedConn struct {
	net.Conn
	set *connSet
}

func (s *connSet) add(c net.Conn) net.Conn {
	t := &trackedConn{c, s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.Close()
		return t
	}
	if s.open == nil {
		s.open = map[*trackedConn]struct{}{}
	}
	s.open[t] = struct{}{}
	return t
}

// closeAll cuts every connection, and every later one too.
func (s *connSet) closeAll() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cut()
}

// cut breaks the connections that are open now.
func (s *connSet) cut() {
	s.mu.Lock()
	list := make([]*trackedConn, 0, len(s.open))
	for c := range s.open {
		list = append(list, c)
	}
	s.mu.Unlock()
	for _, c := range list {
		c.abort()
	}
}

// Close closes the connection and forgets it.
func (c *trackedConn) Close() error {
	c.set.mu.Lock()
	delete(c.set.open, c)
	c.set.mu.Unlock()
	return c.Conn.Close()
}

// abort closes with a reset instead of a farewell.
func (c *trackedConn) abort() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

type trackingListener struct {
	net.Listener
	set *connSet
}

// Accept returns the next connection, tracked.
func (l trackingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.set.add(c), nil
}

// kill ends a request without an answer: the connection is reset.
func kill(ctx *fasthttp.RequestCtx) {
	conn := ctx.Conn()
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(net.Conn) {
		if t, ok := conn.(*trackedConn); ok {
			t.abort()
		}
	})
}
