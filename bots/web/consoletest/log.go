package consoletest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// page is as many entries as an answer holds.
const page = 50

func (s *Server) logOf(conversation string) *log {
	if s.logs[conversation] == nil {
		s.logs[conversation] = &log{revision: 9, ids: map[string]string{}}
	}
	return s.logs[conversation]
}

// add appends an entry and gives a hint; it returns the position.
func (s *Server) add(conversation string, entry Object) string {
	l := s.logOf(conversation)
	l.revision++ // from 10 on: positions compare by number, not by letters
	entry["position"] = strconv.Itoa(l.revision) + "-0"
	entry["t"] = "entry"
	if entry["at"] == nil {
		entry["at"] = time.Now().UTC()
	}
	l.entries = append(l.entries, entry)
	s.hint(Object{"t": "conversation", "c": conversation, "position": entry["position"]})
	return fmt.Sprint(entry["position"])
}

// Call puts a customer in the queue.
func (s *Server) Call(h Handoff) *Handoff {
	if h.ID == 0 {
		h.ID = len(s.handoffs) + 1
	}
	s.handoffs = append(s.handoffs, &h)
	return &h
}

// Add appends an entry of any kind.
func (s *Server) Add(conversation string, entry Object) { s.add(conversation, entry) }

// Customer lets the customer of a hand-off say something.
func (s *Server) Customer(h *Handoff, text string) {
	h.Topic = text
	h.Unread++
	s.add(h.Conversation, Object{"kind": "in", "id": s.token("customer"), "did": "text", "text": text})
}

// Types shows that the customer writes.
func (s *Server) Types(h *Handoff) { s.hint(Object{"t": "typing", "c": h.Conversation}) }

// Keep stores a file and returns it as a message names it.
func (s *Server) Keep(name, kind string, data []byte) Object {
	id := s.token("file")
	s.files[id] = file{name, kind, data}
	return Object{"i": id, "n": name, "t": kind, "z": len(data)}
}

// Texts are the texts of a conversation's entries of a kind.
func (s *Server) Texts(conversation, kind string) []string {
	var texts []string
	for _, e := range s.logOf(conversation).entries {
		if e["kind"] != kind {
			continue
		}
		text, _ := e["text"].(string)
		if m, ok := e["message"].(Object); ok {
			text = plain(m)
		}
		texts = append(texts, text)
	}
	return texts
}

// Text is a message of one paragraph; labels are the choices under it.
func Text(text string, labels ...string) Object {
	m := Object{"b": []Object{{"s": []Object{{"t": text}}}}}
	var choices []Object
	for i, label := range labels {
		choices = append(choices, Object{"t": "a:" + strconv.Itoa(i), "l": label})
	}
	if choices != nil {
		m["c"] = choices
	}
	return m
}

func plain(m Object) string {
	var b strings.Builder
	blocks, _ := m["b"].([]Object)
	for _, block := range blocks {
		spans, _ := block["s"].([]Object)
		for _, span := range spans {
			b.WriteString(fmt.Sprint(span["t"]))
		}
	}
	return b.String()
}

func (s *Server) log(w http.ResponseWriter, r *http.Request, _ *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := s.logOf(r.PathValue("c")).entries
	after, before := r.URL.Query().Get("after"), r.URL.Query().Get("before")
	if after != "" && before != "" {
		s.fault("both after and before")
	}
	from, to := 0, len(entries)
	for i, e := range entries {
		if after != "" && order(fmt.Sprint(e["position"])) <= order(after) {
			from = i + 1
		}
		if before != "" && order(fmt.Sprint(e["position"])) < order(before) {
			to = i + 1
		}
	}
	more := to-from > page
	if more && after != "" {
		to = from + page
	} else if more {
		from = to - page
	}
	list := append([]Object{}, entries[from:to]...)
	position := ""
	if len(entries) > 0 {
		position = fmt.Sprint(entries[len(entries)-1]["position"])
	}
	answer(w, Object{"entries": list, "more": more, "position": position})
}

func order(position string) int {
	revision, _, _ := strings.Cut(position, "-")
	n, _ := strconv.Atoi(revision)
	return n
}

// holder is the hand-off of the conversation that the caller holds; nil has been answered.
func (s *Server) holder(w http.ResponseWriter, r *http.Request, c *session) *Handoff {
	body := Object{"error": "not_holder"}
	for _, h := range s.handoffs {
		if h.Conversation != r.PathValue("c") || h.Closed || h.Holder == nil {
			continue
		}
		if h.Holder.ID == c.who.ID {
			return h
		}
		body["by"] = h.Holder.Name
	}
	fail(w, http.StatusConflict, body)
	return nil
}

// took reports whether an ID has been taken, and answers for it: with its
// position, or with nothing if answers are to be lost.
func (s *Server) took(w http.ResponseWriter, conversation, id string) bool {
	position := s.logOf(conversation).ids[id]
	if position == "" {
		return false
	}
	if s.LoseAnswers > 0 {
		s.LoseAnswers--
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				_ = conn.Close()
			}
		}
		return true
	}
	answer(w, Object{"position": position})
	return true
}

func (s *Server) say(w http.ResponseWriter, r *http.Request, c *session) {
	var m struct {
		ID, Text       string
		Files, Choices []string
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decode(r, &m)
	conversation := r.PathValue("c")
	if !clientID.MatchString(m.ID) || (m.Text == "" && len(m.Files) == 0) || len(m.Choices) > 6 {
		s.fault("say: %+v", m)
	}
	if s.took(w, conversation, m.ID) {
		return
	}
	if s.holder(w, r, c) == nil {
		return
	}
	message := Text(m.Text, m.Choices...)
	var files []Object
	for _, id := range m.Files {
		f, ok := s.files[id]
		if !ok {
			s.fault("file %q is unknown", id)
		}
		files = append(files, Object{"i": id, "n": f.name, "t": f.kind, "z": len(f.data)})
	}
	if files != nil {
		message["f"] = files
	}
	s.Said[m.ID]++
	s.logOf(conversation).ids[m.ID] = s.add(conversation, Object{"kind": "out", "by": c.who.Name, "id": m.ID, "message": message, "delivery": s.delivery()})
	s.took(w, conversation, m.ID)
}

func (s *Server) delivery() Object {
	if s.Blocked {
		return Object{"state": "failed", "why": "blocked"}
	}
	return Object{"state": "sent"}
}

func (s *Server) note(w http.ResponseWriter, r *http.Request, c *session) {
	var m struct{ ID, Text string }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decode(r, &m)
	conversation := r.PathValue("c")
	if !clientID.MatchString(m.ID) || m.Text == "" {
		s.fault("note: %+v", m)
	}
	if s.took(w, conversation, m.ID) {
		return
	}
	s.logOf(conversation).ids[m.ID] = s.add(conversation, Object{"kind": "note", "by": c.who.Name, "id": m.ID, "text": m.Text})
	s.took(w, conversation, m.ID)
}

func (s *Server) retry(w http.ResponseWriter, r *http.Request, c *session) {
	var m struct{ Position string }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decode(r, &m)
	if s.holder(w, r, c) == nil {
		return
	}
	conversation := r.PathValue("c")
	for _, e := range s.logOf(conversation).entries {
		if e["position"] == m.Position && e["delivery"] != nil {
			position := s.add(conversation, Object{"kind": "out", "by": e["by"], "message": e["message"], "delivery": s.delivery()})
			answer(w, Object{"position": position})
			return
		}
	}
	s.fault("retry of %q, which failed never", m.Position)
	fail(w, http.StatusNotFound, Object{"error": "unknown"})
}

func (s *Server) typing(w http.ResponseWriter, r *http.Request, c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder(w, r, c) != nil {
		s.Typed++
	}
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request, _ *session) {
	s.mu.Lock()
	hold := s.HoldUploads
	s.mu.Unlock()
	part, header, err := r.FormFile("file")
	if err == nil && r.FormValue("conversation") == "" {
		err = errors.New("for no conversation")
	}
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fault("upload: %v", err)
		return
	}
	data, _ := io.ReadAll(part)
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.HasPrefix(data, []byte("MZ")) {
		fail(w, http.StatusUnsupportedMediaType, Object{"error": "type"})
		return
	}
	kept := s.Keep(header.Filename, header.Header.Get("Content-Type"), data)
	answer(w, Object{"id": kept["i"], "name": kept["n"], "type": kept["t"], "size": kept["z"]})
}

func (s *Server) download(w http.ResponseWriter, r *http.Request, _ *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[r.PathValue("id")]
	if !ok {
		fail(w, http.StatusNotFound, Object{"error": "unknown_file"})
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(f.data)
}
