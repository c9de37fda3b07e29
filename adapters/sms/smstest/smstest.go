// Package smstest is a provider of text messages that keeps what it is given
// and refuses what it is told to: for tests, and for the demo, where its
// messages are read on a page instead of on a phone.
package smstest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Message is one that has been taken.
type Message struct {
	ID   string    `json:"id"`
	To   string    `json:"to"`
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"-"`
}

// Token is what callers have to show.
const Token = "demo-token"

// Server is the provider. Its methods may be called from any goroutine.
type Server struct {
	http   *http.Server
	listen net.Listener
	keep   int
	now    func() time.Time

	mu       sync.Mutex
	messages []Message
	answers  []int
	pause    time.Duration
}

// Start listens on a free port of this machine. It keeps the newest messages,
// keep of them, and dates them by now.
func Start(keep int, now func() time.Time) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start provider of text messages: %w", err)
	}
	s := &Server{listen: listener, keep: keep, now: now}
	s.http = &http.Server{Handler: http.HandlerFunc(s.take), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

// URL is where it is, for sms.Config.
func (s *Server) URL() string { return "http://" + s.listen.Addr().String() + "/messages" }

// Close ends it.
func (s *Server) Close() error { return s.http.Close() }

// Messages returns what has been taken, the newest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.messages)
	slices.Reverse(out)
	return out
}

// Answer answers the next calls with these codes and takes nothing.
func (s *Server) Answer(codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, codes...)
}

// Pause makes every call take that long from now on.
func (s *Server) Pause(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = d
}

func (s *Server) take(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	pause := s.pause
	s.mu.Unlock()
	time.Sleep(pause)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) > 0 {
		w.WriteHeader(s.answers[0])
		s.answers = s.answers[1:]
		return
	}
	var m Message
	switch {
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case r.Header.Get("Authorization") != "Bearer "+Token:
		w.WriteHeader(http.StatusUnauthorized)
		return
	case json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&m) != nil || m.ID == "" || m.Text == "" || len(m.To) < 2 || m.To[0] != '+':
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !slices.ContainsFunc(s.messages, func(had Message) bool { return had.ID == m.ID }) {
		m.At = s.now()
		s.messages = append(s.messages, m)
	}
	if len(s.messages) > s.keep {
		s.messages = s.messages[1:]
	}
	w.WriteHeader(http.StatusAccepted)
}
