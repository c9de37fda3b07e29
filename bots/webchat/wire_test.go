package webchat

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

type countless struct{}

func (countless) Sockets(int)          {}
func (countless) Frame(string, string) {}
func (countless) Closed(string)        {}

// line returns a socket and the client's end of its connection.
func line(t *testing.T) (*socket, net.Conn) {
	t.Helper()
	server, client := net.Pipe()
	t.Cleanup(func() { _, _ = server.Close(), client.Close() })
	if err := client.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &socket{chat: &Chat{Config: Config{Meter: countless{}}}, conn: server}, client
}

// masked is a frame of a client.
func masked(op ws.OpCode, fin bool, payload string) []byte {
	return ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(op, fin, []byte(payload))))
}

// FuzzRead: whatever bytes come, reading them ends, with a message within the
// limits or without.
func FuzzRead(f *testing.F) {
	f.Add(masked(ws.OpText, true, "привет"))
	f.Add([]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		server, client := net.Pipe()
		defer client.Close()
		go func() { _, _ = io.Copy(io.Discard, client) }() // pongs
		s := &socket{chat: &Chat{Config: Config{Meter: countless{}}}, conn: server}
		defer s.drop()
		if message, err := s.read(bytes.NewReader(raw)); err == nil && len(message) > mostFrame {
			t.Errorf("a message of %d bytes", len(message))
		}
	})
}

func TestASlowReaderHearsBye(t *testing.T) {
	t.Parallel()
	s, client := line(t)
	frame := nack(strings.Repeat("x", 60<<10), invalid, 0)
	for range 40 { // 2.4 MB that nobody reads
		s.send(frame)
	}
	s.leave()
	var last []byte
	read := 0
	for {
		raw, err := wsutil.ReadServerText(client)
		if err != nil {
			break
		}
		read += len(raw)
		last = raw
	}
	if !bytes.Contains(last, []byte(`"bye","error":"slow"`)) || read > mostQueued {
		t.Errorf("after %d bytes: %.100s", read, last)
	}
}

func TestFramesAreWrittenInOrder(t *testing.T) {
	t.Parallel()
	s, client := line(t)
	const n = 200
	go func() {
		for i := range n {
			s.send(nack("message", invalid, i+1))
		}
		s.bye("restart", 5)
		s.leave()
	}()
	for i := range n {
		raw, err := wsutil.ReadServerText(client)
		if err != nil || !bytes.Equal(raw, nack("message", invalid, i+1)) {
			t.Fatalf("frame %d: %s, %v", i, raw, err)
		}
	}
	if raw, err := wsutil.ReadServerText(client); err != nil || !bytes.Contains(raw, []byte("restart")) {
		t.Errorf("%s, %v", raw, err)
	}
	f, err := ws.ReadFrame(client)
	if code, _ := ws.ParseCloseFrameData(f.Payload); err != nil || f.Header.OpCode != ws.OpClose || code != ws.StatusGoingAway {
		t.Errorf("the end: %+v, %v", f.Header, err)
	}
}
