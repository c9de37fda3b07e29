package webtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/gobwas/ws"

	"okoshko/core/chat"
)

// Message is a frame of the client.
type Message map[string]any

// ID is the client's own of a message.
func (m Message) ID() string {
	id, _ := m["id"].(string)
	return id
}

// Say is a frame with the customer's words.
func Say(id, text string) Message { return Message{"t": "say", "id": id, "text": text} }

// Frame is a frame of the server, of any kind. T is also "control pong", for
// the wire's own.
type Frame struct {
	T string `json:"t"`
	Entry
	Toast   string  `json:"toast"`
	Error   string  `json:"error"`
	Retry   int     `json:"retry_after"`
	More    bool    `json:"more"`
	Who     string  `json:"who"`
	To      string  `json:"to"`
	Entries []Entry `json:"entries"`
}

// Entry is a line of the log.
type Entry struct {
	Position string        `json:"position"`
	Kind     string        `json:"kind"`
	At       time.Time     `json:"at"`
	Message  *chat.Message `json:"message"`
	By       string        `json:"by"`
	ID       string        `json:"id"`
	Text     string        `json:"text"`
	Files    []chat.File   `json:"files"`
	Did      string        `json:"did"`
}

// Words are what the entry says.
func (e Entry) Words() string {
	if e.Message != nil {
		return e.Message.Plain()
	}
	return e.Text
}

// Line is one socket.
type Line struct {
	net.Conn
	in io.Reader
}

// Closed is the end of a socket: the code of the close frame.
type Closed ws.StatusCode

// Error implements error.
func (c Closed) Error() string { return fmt.Sprintf("closed with %d", c) }

// Say sends a text message.
func (l *Line) Say(raw string) error { return l.Put(ws.MaskFrame(ws.NewTextFrame([]byte(raw)))) }

// Send sends frames of the protocol.
func (l *Line) Send(frames ...Message) error {
	for _, f := range frames {
		raw, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if err := l.Put(ws.MaskFrameInPlace(ws.NewTextFrame(raw))); err != nil {
			return err
		}
	}
	return nil
}

// Put sends frames of the wire as they are.
func (l *Line) Put(frames ...ws.Frame) error {
	for _, f := range frames {
		raw, err := ws.CompileFrame(f)
		if err != nil {
			return err
		}
		if _, err := l.Write(raw); err != nil {
			return err
		}
	}
	return nil
}

// Next reads a frame; pings are answered on the way. The error is Closed when
// the server has closed.
func (l *Line) Next() (f Frame, err error) {
	raw, op, err := l.Raw()
	switch {
	case err != nil:
		return f, err
	case op == ws.OpPong:
		return Frame{T: "control pong", Entry: Entry{Text: string(raw)}}, nil
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("frame %s: %w", raw, err)
	}
	return f, nil
}

// Raw is Next without understanding it: a text, or an answer to a ping.
func (l *Line) Raw() (payload []byte, op ws.OpCode, err error) {
	for {
		got, err := ws.ReadFrame(l.in)
		if err != nil {
			return nil, 0, err
		}
		switch op := got.Header.OpCode; op {
		case ws.OpPing:
			if err := l.Put(ws.MaskFrame(ws.NewPongFrame(got.Payload))); err != nil {
				return nil, 0, err
			}
		case ws.OpClose:
			code, _ := ws.ParseCloseFrameData(got.Payload)
			return nil, 0, Closed(code)
		case ws.OpText, ws.OpPong:
			return got.Payload, op, nil
		default:
			return nil, 0, fmt.Errorf("a frame of kind %d", op)
		}
	}
}

// Until reads up to a frame of a kind and returns it, with those before it.
func (l *Line) Until(kind string) (found Frame, before []Frame, err error) {
	for {
		f, err := l.Next()
		if err != nil {
			return f, before, fmt.Errorf("before a %s: %w", kind, err)
		}
		if f.T == kind {
			return f, before, nil
		}
		before = append(before, f)
	}
}

// Hello begins the delivery after a position and returns the backlog.
func (l *Line) Hello(after string) (live Frame, backlog []Frame, err error) {
	if err := l.Send(Message{"t": "hello", "after": after}); err != nil {
		return live, nil, err
	}
	return l.Until("live")
}
