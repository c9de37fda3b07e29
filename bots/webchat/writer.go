package webchat

import (
	"encoding/json"
	"net"
	"time"

	"github.com/gobwas/ws"
)

// send queues a frame of the protocol.
func (s *socket) send(frame json.RawMessage) { s.write(textFrame(frame)) }

// write queues a frame of the wire.
func (s *socket) write(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueue(frame)
}

// enqueue adds to the queue; who has left too much of it unread is dropped. The
// caller holds mu.
func (s *socket) enqueue(frame []byte) {
	if s.ending {
		return
	}
	if s.size+len(frame) > mostQueued {
		s.queue, s.size = nil, 0
		s.farewell("slow", retrySlow)
		return
	}
	s.queue, s.size = append(s.queue, frame), s.size+len(frame)
	s.wake()
}

// retrySlow is when a slow reader may come again, in seconds.
const retrySlow = 10

// wake starts the writer. The caller holds mu.
func (s *socket) wake() {
	if !s.writing {
		s.writing = true
		go s.drain()
	}
}

// drain writes the queue until it is empty.
func (s *socket) drain() {
	for {
		s.mu.Lock()
		frames := net.Buffers(s.queue)
		s.queue, s.size = nil, 0
		if len(frames) == 0 {
			s.writing = false
			if s.ending {
				s.finish()
			}
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		_ = s.conn.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := frames.WriteTo(s.conn); err != nil {
			s.drop()
		}
	}
}

// bye ends the connection after what is queued; the client comes again within
// so many seconds.
func (s *socket) bye(why string, after int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.farewell(why, after)
}

// farewell does bye. The caller holds mu.
func (s *socket) farewell(why string, after int) {
	if s.ending {
		return
	}
	s.chat.Meter.Closed(why)
	s.ending = true
	s.queue = append(s.queue, textFrame(bye(why, after)), ws.CompiledCloseGoingAway)
	s.wake()
}

// end closes by the rules of RFC 6455.
func (s *socket) end(code ws.StatusCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return
	}
	s.ending = true
	s.queue = append(s.queue, ws.MustCompileFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(code, ""))))
	s.wake()
}

// finish ends the connection when everything is written: at once if nobody
// reads any more, else the client has a moment to close it himself. The caller
// holds mu.
func (s *socket) finish() {
	if s.left {
		_ = s.conn.Close()
		return
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
}

// leave ends the connection for the reader; last words that are still being
// written take it along.
func (s *socket) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.ending = true, true
	if !s.writing {
		_ = s.conn.Close()
	}
}

// drop ends the connection at once.
func (s *socket) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending, s.queue, s.size = true, nil, 0
	_ = s.conn.Close()
}
