// Package mailtest is a mail server that keeps what it is given and refuses what
// it is told to: for tests, and for the demo, where its letters are read on a
// page instead of in a mailbox.
package mailtest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"okoshko/core/notice"
)

// Letter is one that has been taken.
type Letter struct {
	ID, From, To, Subject, Text string
	ReplyTo                     string // the mailbox alone; "": as From
	Files                       []notice.Enclosure
	At                          time.Time
}

// Server is the mail server. Its methods may be called from any goroutine.
type Server struct {
	smtp   *smtp.Server
	listen net.Listener
	keep   int
	now    func() time.Time

	mu      sync.Mutex
	letters []Letter
	refuse  []int         // codes for the next receivers
	pause   time.Duration // before every answer to a text
}

// Start listens on a free port of this machine. It keeps the newest letters,
// keep of them, and dates them by now.
func Start(keep int, now func() time.Time) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start mail server: %w", err)
	}
	s := &Server{listen: listener, keep: keep, now: now}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.Domain, s.smtp.ErrorLog, s.smtp.MaxMessageBytes = "localhost", silent{}, 32<<20
	s.smtp.EnableSMTPUTF8 = true
	go func() { _ = s.smtp.Serve(listener) }()
	return s, nil
}

// URL is where it is, for mail.Config.
func (s *Server) URL() string { return "smtp://" + s.listen.Addr().String() }

// Close ends it. The server closes only what it has begun to listen on.
func (s *Server) Close() error { return errors.Join(s.smtp.Close(), ignoreClosed(s.listen.Close())) }

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Letters returns what has been taken, the newest first.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Letter, 0, len(s.letters))
	for i := len(s.letters) - 1; i >= 0; i-- {
		out = append(out, s.letters[i])
	}
	return out
}

// Refuse answers the next receivers with these codes, such as 550 or 451.
func (s *Server) Refuse(codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = append(s.refuse, codes...)
}

// Pause makes every text take that long from now on.
func (s *Server) Pause(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = d
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// session is one exchange.
type session struct {
	server   *Server
	from, to string
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if len(s.server.refuse) > 0 {
		code := s.server.refuse[0]
		s.server.refuse = s.server.refuse[1:]
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "refused: " + to}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	letter, err := read(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "the letter cannot be read: " + err.Error()}
	}
	letter.From, letter.To, letter.At = s.from, s.to, s.server.now()
	s.server.mu.Lock()
	pause := s.server.pause
	s.server.mu.Unlock()
	time.Sleep(pause)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, letter)
	if len(s.server.letters) > s.server.keep {
		s.server.letters = s.server.letters[1:]
	}
	return nil
}

// read takes a letter apart: a plain text, and what is enclosed. It is strict:
// what a mailbox would show as signs without sense is refused.
func read(r io.Reader) (Letter, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return Letter{}, err
	}
	var decoder mime.WordDecoder
	letter := Letter{ID: strings.Trim(m.Header.Get("Message-ID"), "<>")}
	if to := m.Header.Get("Reply-To"); to != "" {
		address, err := mail.ParseAddress(to)
		if err != nil {
			return Letter{}, err
		}
		letter.ReplyTo = address.Address
	}
	if letter.Subject, err = decoder.DecodeHeader(m.Header.Get("Subject")); err != nil {
		return Letter{}, err
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return Letter{}, err
	}
	if media != "multipart/mixed" {
		letter.Text, err = readText(textproto.MIMEHeader(m.Header), m.Body)
		return letter, err
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return letter, nil
		case err != nil:
			return Letter{}, err
		case n == 0:
			letter.Text, err = readText(part.Header, part)
		default:
			var enclosed notice.Enclosure
			enclosed, err = readEnclosure(part.Header, part)
			letter.Files = append(letter.Files, enclosed)
		}
		if err != nil {
			return Letter{}, err
		}
	}
}

// readText reads a part that must be plain text.
func readText(h textproto.MIMEHeader, r io.Reader) (string, error) {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != "text/plain" || !strings.EqualFold(params["charset"], "utf-8") {
		return "", errors.New("no plain text in UTF-8")
	}
	text, err := io.ReadAll(decoded(h, r))
	return strings.ReplaceAll(strings.TrimRight(string(text), "\r\n"), "\r\n", "\n"), err
}

// readEnclosure reads a part that must be a file with a name.
func readEnclosure(h textproto.MIMEHeader, r io.Reader) (e notice.Enclosure, err error) {
	how, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil || how != "attachment" || params["filename"] == "" {
		return e, errors.New("a part that is no file with a name")
	}
	var decoder mime.WordDecoder
	if e.Name, err = decoder.DecodeHeader(params["filename"]); err != nil {
		return e, err
	}
	if e.Media, _, err = mime.ParseMediaType(h.Get("Content-Type")); err != nil {
		return e, err
	}
	e.Data, err = io.ReadAll(decoded(h, r))
	return e, err
}

// decoded undoes what a part was encoded by for its way (RFC 2045, 6).
func decoded(h textproto.MIMEHeader, r io.Reader) io.Reader {
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}
