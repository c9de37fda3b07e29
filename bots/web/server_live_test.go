package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

type conn struct {
	mu    sync.Mutex
	close func()
	write func([]byte) error
	c     *conversation
	live  bool
}

func (c *conn) say(frames ...object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range frames {
		data, _ := json.Marshal(f)
		_ = c.write(data)
	}
}

func (s *server) socket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	owner, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	c, blocked := s.visitors[owner], s.blocked
	if !ok {
		s.fault("ticket %q is not good", ticket)
	}
	s.mu.Unlock()
	if !ok || blocked {
		fail(w, http.StatusForbidden, "ticket")
		return
	}
	upgrader := ws.HTTPUpgrader{Protocol: func(name string) bool { return name == "okoshko.v1" }}
	line, _, handshake, err := upgrader.Upgrade(r, w)
	if err != nil {
		return
	}
	defer func() { _ = line.Close() }()
	k := &conn{c: c, close: func() { _ = line.Close() }, write: func(data []byte) error { return wsutil.WriteServerText(line, data) }}
	s.mu.Lock()
	if handshake.Protocol != "okoshko.v1" {
		s.fault("the subprotocol is %q", handshake.Protocol)
	}
	s.conns[k] = true
	s.sockets++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.conns, k)
		s.mu.Unlock()
	}()
	for {
		data, err := wsutil.ReadClientText(line)
		if err != nil {
			return
		}
		s.mu.Lock()
		var f frame
		s.decode(strings.NewReader(string(data)), &f)
		if (f.T == "hello") == k.live {
			s.fault("hello is the first frame, once: %s", data)
		}
		k.live = true
		answers := s.take(c, f)
		s.mu.Unlock()
		k.say(answers...)
	}
}

func (s *server) poll(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		After string
		Wait  int
	}
	s.mu.Lock()
	s.polls++
	c := s.visitor(w, r)
	s.decode(r.Body, &asked)
	s.mu.Unlock()
	if c == nil {
		return
	}
	end := time.After(time.Duration(asked.Wait) * time.Second)
	for {
		s.mu.Lock()
		frames, changed := c.since(asked.After, asked.Wait == 0), c.changed
		s.mu.Unlock()
		if len(frames) > 0 {
			_ = json.NewEncoder(w).Encode(object{"frames": frames})
			return
		}
		select {
		case <-changed:
		case <-end:
			_ = json.NewEncoder(w).Encode(object{"frames": []object{}})
			return
		case <-r.Context().Done():
			return
		}
	}
}
