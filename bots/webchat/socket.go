package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"okoshko/dialogs/dialog/turn"
)

// socket is one connection. One goroutine reads it; another writes while there
// is something to write, another reads the log while there is news. An idle
// socket is a small stack and this.
type socket struct {
	chat    *Chat
	conn    net.Conn
	visitor visitor
	address netip.Addr
	number  int64
	heard   atomic.Int64 // seconds, when the client last said anything

	mu      sync.Mutex
	queue   [][]byte // frames to write
	size    int      // their bytes
	writing bool
	ending  bool // nothing more is queued; the connection goes with the queue
	left    bool // nobody reads any more

	greeted bool          // has said hello
	new     bool          // had never spoken then
	live    bool          // has been told that the backlog is over
	at      turn.Position // the last line that was read
	seen    turn.Position // the last line that was sent
	reading bool          // the log is being read
	again   bool          // and has to be read once more

	frames, garbage bucket // the reader's alone
}

const (
	// silence is when a client is asked whether it is there, gone when it is
	// given up, in seconds.
	silence, gone = heartbeat, 2*heartbeat + 15
	// writeLimit is how long one write may take.
	writeLimit = 10 * time.Second
	// mostQueued is how much a slow reader may leave unread, in bytes.
	mostQueued = 1 << 20
)

// serve reads the connection until it ends.
func (s *socket) serve(early []byte) {
	defer s.chat.hub.vacate(s.address)
	defer s.leave()
	s.heard.Store(time.Now().Unix())
	if !s.chat.hub.enter(s) {
		s.bye("limit", 30)
		return
	}
	defer s.chat.hub.exit(s)
	if s.chat.hub.stopped() { // it came while everybody was told
		s.bye("restart", comeBack)
	}
	in := reader(early, s.conn)
	for {
		payload, err := s.read(in)
		if err != nil {
			s.fail(err)
			return
		}
		// In a goroutine of its own: this one's stack stays small.
		done := make(chan struct{})
		go s.handle(payload, done)
		<-done
	}
}

// violation is a breach of RFC 6455: the code of the close frame.
type violation ws.StatusCode

func (v violation) Error() string { return "the client breaks the protocol" }

var errEnd = errors.New("the client has closed")

// fail answers what ended the reading, as far as there is somebody to hear it.
func (s *socket) fail(err error) {
	var v violation
	switch {
	case errors.As(err, &v):
		s.end(ws.StatusCode(v))
	case errors.Is(err, errEnd):
		s.end(ws.StatusNormalClosure)
	default:
		s.drop()
	}
}

// read returns the next text message; control frames are answered on the way.
func (s *socket) read(in io.Reader) ([]byte, error) {
	var message []byte
	state := ws.StateServerSide
	for {
		h, err := ws.ReadHeader(in)
		if err != nil {
			return nil, err
		}
		if err := ws.CheckHeader(h, state); err != nil || h.Rsv != 0 {
			return nil, violation(ws.StatusProtocolError)
		}
		if !h.OpCode.IsControl() && h.Length+int64(len(message)) > mostFrame {
			return nil, violation(ws.StatusMessageTooBig)
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(in, payload); err != nil {
			return nil, err
		}
		ws.Cipher(payload, h.Mask, 0)
		s.heard.Store(time.Now().Unix())
		switch h.OpCode {
		case ws.OpPing:
			s.write(frameOf(ws.OpPong, payload))
			continue
		case ws.OpPong:
			continue
		case ws.OpClose:
			return nil, errEnd
		case ws.OpBinary:
			return nil, violation(ws.StatusUnsupportedData)
		}
		message = append(message, payload...)
		if h.Fin {
			if !utf8.Valid(message) {
				return nil, violation(ws.StatusInvalidFramePayloadData)
			}
			return message, nil
		}
		state = state.Set(ws.StateFragmented)
	}
}

// handle carries a message out and answers it.
func (s *socket) handle(payload []byte, done chan struct{}) {
	defer close(done)
	defer func() {
		if p := recover(); p != nil { // a goroutine's panic would end everybody
			s.chat.Log.Error("socket panicked", "panic", p)
			s.drop()
		}
	}()
	if after, ok := s.frames.take(frameRate, time.Now()); !ok {
		s.bye("limit", int(after.Seconds())+1)
		return
	}
	f, wrong := decode(payload)
	ctx := context.Background()
	switch {
	case wrong != "" && f.ID != "" && f.message():
		s.send(nack(f.ID, wrong, 0))
	case wrong != "":
		if _, ok := s.garbage.take(garbageRate, time.Now()); !ok {
			s.bye("limit", 60)
		}
	case f.message():
		s.send(s.chat.take(ctx, &s.visitor, &f))
	default:
		s.request(ctx, &f)
	}
}

func (s *socket) request(ctx context.Context, f *frame) {
	switch f.T {
	case "hello":
		s.hello(f.position)
	case "page":
		answer, err := s.chat.older(ctx, s.visitor.Conversation, f.position)
		if err != nil {
			s.bye(unavailable, retryUnavailable)
			return
		}
		s.send(answer)
	case "ping":
		s.send(pong)
	default:
		s.chat.note(ctx, &s.visitor, f)
	}
}

// hello begins the delivery; a second one changes nothing.
func (s *socket) hello(after turn.Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.greeted {
		s.greeted, s.new, s.at, s.seen = true, !s.visitor.Spoke, after, after
		s.readOn()
	}
}

// hear implements listener.
func (s *socket) hear(h turn.Hint) {
	if h.Kind == turn.NewEntry {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.greeted && s.at.Before(h.Position) {
			s.readOn()
		}
		return
	}
	if frame := hinted(h); frame != nil {
		s.send(frame)
	}
}

// readOn reads the log, or once more if it is being read. The caller holds mu.
func (s *socket) readOn() {
	if s.again = s.reading; s.reading || s.ending {
		return
	}
	s.reading = true
	go s.follow()
}

// follow sends what stands after the last line, until there is no more.
func (s *socket) follow() {
	for {
		s.mu.Lock()
		at, empty := s.at, s.new && !s.live && s.at == (turn.Position{})
		s.mu.Unlock()
		n, err := s.chat.news(s.visitor.Conversation, at, empty, math.MaxInt) // what has arrived is not sent again
		if err != nil {                                                       // whatever ails the store, a new connection begins cleanly
			s.chat.Log.Debug("log not read", "error", err)
			s.bye(unavailable, retryUnavailable)
		}
		s.mu.Lock()
		if err == nil {
			s.push(n)
		}
		if !s.again || s.ending {
			s.reading = false
			s.mu.Unlock()
			return
		}
		s.again = false
		s.mu.Unlock()
	}
}

// push queues what was read. The caller holds mu.
func (s *socket) push(n news) {
	for _, frame := range n.frames {
		s.enqueue(textFrame(frame))
	}
	if s.at = n.at; len(n.frames) > 0 {
		s.seen = n.seen
	}
	if !s.live || n.reset {
		s.live = true
		s.enqueue(textFrame(live(s.seen, n.older)))
	}
}

// alive looks after the client; false for one that was given up.
func (s *socket) alive(now time.Time) bool {
	switch quiet := now.Unix() - s.heard.Load(); {
	case quiet > gone:
		s.drop()
		return false
	case quiet >= silence:
		s.write(frameOf(ws.OpPing, nil))
	}
	return true
}

func textFrame(raw json.RawMessage) []byte { return frameOf(ws.OpText, raw) }

// frameOf is a whole frame of the server, as it goes over the wire.
func frameOf(op ws.OpCode, payload []byte) []byte {
	return ws.MustCompileFrame(ws.NewFrame(op, true, payload))
}
