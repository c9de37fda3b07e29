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
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Letter is one that has been taken.
type Letter struct {
	ID, From, To, Subject, Text string
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

// read takes a letter of one plain text apart. It is strict: what a mailbox
// would show as signs without sense is refused.
func read(r io.Reader) (Letter, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return Letter{}, err
	}
	var decoder mime.WordDecoder
	subject, err := decoder.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Letter{}, err
	}
	if media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || media != "text/plain" || !strings.EqualFold(params["charset"], "utf-8") {
		return Letter{}, errors.New("no plain text in UTF-8")
	}
	body := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(m.Body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return Letter{}, err
	}
	return Letter{
		ID: strings.Trim(m.Header.Get("Message-ID"), "<>"), Subject: subject,
		Text: strings.ReplaceAll(strings.TrimRight(string(text), "\r\n"), "\r\n", "\n"),
	}, nil
}
