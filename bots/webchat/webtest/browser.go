package webtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"

	"github.com/gobwas/ws"
)

// Subprotocol is the version of the protocol that is spoken here.
const Subprotocol = "okoshko.v1"

// Browser is that of one visitor, on one page.
type Browser struct {
	// Base is the server: http://host:port.
	Base string
	// Origin is the page's; "" is the server's own.
	Origin string
	// Language is the page's.
	Language string
	// Visitor is the token, "" until the server has given one.
	Visitor string
	// Header goes with every request besides, as a proxy's would.
	Header http.Header
	// HTTP and NetDial carry requests and sockets; nil: the default ones.
	HTTP    *http.Client
	NetDial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Session is the answer to a browser that comes.
type Session struct {
	Visitor, Ticket string
	Heartbeat       int
	Caps            struct{ Upload, Text int64 }
}

// Refusal is an answer of the server that is an error: its status, code and
// when to come again, in seconds.
type Refusal struct {
	Status int    `json:"-"`
	Code   string `json:"error"`
	Retry  int    `json:"retry_after"`
}

// Error implements error.
func (r *Refusal) Error() string {
	return fmt.Sprintf("refused: %d %s, again after %d s", r.Status, r.Code, r.Retry)
}

// Status is the HTTP status that an answer had: 200 if there was no error, 0
// if there was no answer.
func Status(err error) int {
	var r *Refusal
	var handshake ws.StatusError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &r):
		return r.Status
	case errors.As(err, &handshake):
		return int(handshake)
	}
	return 0
}

func (b *Browser) headers() http.Header {
	h := http.Header{}
	for name, values := range b.Header {
		h[name] = values
	}
	h.Set("Origin", b.Origin)
	if b.Origin == "" {
		h.Set("Origin", b.Base)
	}
	return h
}

// do sends a request with the visitor's token. The error is a Refusal for an
// answer that is one.
func (b *Browser) do(r *http.Request) (content []byte, header http.Header, err error) {
	if b.Visitor != "" {
		r.Header.Set("Authorization", "Bearer "+b.Visitor)
	}
	client := b.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	if content, err = io.ReadAll(response.Body); err != nil {
		return nil, nil, err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		refusal := &Refusal{Status: response.StatusCode}
		_ = json.Unmarshal(content, refusal) // a proxy's words are none of ours
		return content, response.Header, refusal
	}
	return content, response.Header, nil
}

// Post sends JSON and reads it.
func (b *Browser) Post(ctx context.Context, path string, body, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.Base+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header = b.headers()
	r.Header.Set("Content-Type", "application/json")
	content, _, err := b.do(r)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, answer)
}

// Get fetches an address, without Origin: as browsers ask their own site.
func (b *Browser) Get(ctx context.Context, path string) (content []byte, header http.Header, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.Base+path, nil)
	if err != nil {
		return nil, nil, err
	}
	return b.do(r)
}

// Upload stores a file and returns its ID.
func (b *Browser) Upload(ctx context.Context, name string, content []byte) (id string, err error) {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	part, err := parts.CreateFormFile("file", name)
	if err != nil {
		return "", err
	}
	if _, err := part.Write(content); err != nil {
		return "", err
	}
	if err := parts.Close(); err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.Base+"/chat/files", &form)
	if err != nil {
		return "", err
	}
	r.Header = b.headers()
	r.Header.Set("Content-Type", parts.FormDataContentType())
	said, _, err := b.do(r)
	if err != nil {
		return "", err
	}
	var answer struct{ ID string }
	err = json.Unmarshal(said, &answer)
	return answer.ID, err
}

// Session opens a session; the browser keeps a token that it is given.
func (b *Browser) Session(ctx context.Context) (Session, error) { return b.Identify(ctx, "") }

// Identify opens a session with the host page's word for its customer. Whoever
// he is now, the browser has his token.
func (b *Browser) Identify(ctx context.Context, identity string) (s Session, err error) {
	err = b.Post(ctx, "/chat/session", map[string]string{"visitor": b.Visitor, "language": b.Language, "identity": identity}, &s)
	if err == nil && s.Visitor != "" {
		b.Visitor = s.Visitor
	}
	return s, err
}

// Socket opens a socket with a ticket.
func (b *Browser) Socket(ctx context.Context, ticket string) (*Line, error) {
	dialer := ws.Dialer{
		Protocols: []string{Subprotocol}, Header: ws.HandshakeHeaderHTTP(b.headers()), NetDial: b.NetDial,
		ReadBufferSize: 512, WriteBufferSize: 512,
	}
	conn, early, shake, err := dialer.Dial(ctx, strings.Replace(b.Base, "http", "ws", 1)+"/chat/socket?ticket="+ticket)
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	if shake.Protocol != Subprotocol {
		_ = conn.Close()
		return nil, fmt.Errorf("subprotocol %q", shake.Protocol)
	}
	l := &Line{Conn: conn, in: conn}
	if early != nil {
		l.in = io.MultiReader(early, conn)
	}
	return l, nil
}

// Dial opens a session and its socket.
func (b *Browser) Dial(ctx context.Context) (*Line, error) {
	s, err := b.Session(ctx)
	if err != nil {
		return nil, err
	}
	return b.Socket(ctx, s.Ticket)
}

// Frames are what requests without a socket bring and get.
type Frames struct {
	Frames []Frame `json:"frames"`
}

// Poll asks for what follows a position, for so many seconds.
func (b *Browser) Poll(ctx context.Context, after string, wait float64) ([]Frame, error) {
	var answer Frames
	err := b.Post(ctx, "/chat/poll", map[string]any{"after": after, "wait": wait}, &answer)
	return answer.Frames, err
}

// Send brings frames without a socket.
func (b *Browser) Send(ctx context.Context, frames ...Message) ([]Frame, error) {
	var answer Frames
	err := b.Post(ctx, "/chat/send", map[string]any{"frames": frames}, &answer)
	return answer.Frames, err
}
