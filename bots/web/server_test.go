package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"okoshko/bots/web"
)

type object = map[string]any

// server speaks bots/webchat/protocol.md, strictly: what a client may not do
// is kept as a fault, and fails the test. Everything it knows it may also be
// told to forget, delay, drop or repeat.
type server struct {
	*httptest.Server

	mu            sync.Mutex
	visitors      map[string]*conversation
	tickets       map[string]string // → visitor
	files         map[string]upload
	conns         map[*conn]bool
	sockets       int // sockets that were opened
	polls         int
	faults        []string
	made          int
	heartbeat     int
	origin        string // the only page that may use the chat
	blocked       bool   // sockets are refused
	muted         int    // so many acks are lost
	twice         bool   // every frame is sent twice
	refuse        func(frame) object
	slow          time.Duration // an upload takes so long
	failedUploads int           // so many uploads are refused
}

type upload struct {
	Name, Type string
	Data       []byte
}

type conversation struct {
	revision int
	log      []object
	ids      map[string]string // a client's ID → position
	changed  chan struct{}
	typed    time.Time
	speaks   []string // the languages that the page asked for
}

type frame struct {
	T, ID, Text, Token, On, Of, Before, To, Language, Phone string
	After                                                   *string
	Files                                                   []string
	Latitude, Longitude                                     *float64
}

// serve runs the server with the widget's bundle.
func serve(t *testing.T, bundled fs.FS) *server {
	t.Helper()
	s := &server{
		visitors: map[string]*conversation{}, tickets: map[string]string{}, files: map[string]upload{},
		conns: map[*conn]bool{}, heartbeat: 25,
	}
	assets, err := web.New(bundled)
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	assets.Mount(app)
	mux := http.NewServeMux()
	mux.HandleFunc("/", adaptor.FiberApp(app))
	mux.HandleFunc("POST /chat/session", s.session)
	mux.HandleFunc("GET /chat/socket", s.socket)
	mux.HandleFunc("POST /chat/poll", s.poll)
	mux.HandleFunc("POST /chat/send", s.send)
	mux.HandleFunc("POST /chat/files", s.upload)
	mux.HandleFunc("GET /chat/files/{id}", s.download)
	s.Server = httptest.NewServer(s.guard(mux))
	t.Cleanup(func() {
		s.drop()
		s.Close()
		for _, fault := range s.faults {
			t.Errorf("the widget broke the protocol: %s", fault)
		}
	})
	return s
}

// guard lets the one origin in, and answers its preflights.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/chat/") {
			next.ServeHTTP(w, r)
			return
		}
		s.mu.Lock()
		origin := s.origin
		s.mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		w.Header().Set("Access-Control-Max-Age", "600")
		switch {
		case r.Method == http.MethodOptions:
		case r.Header.Get("Origin") != origin:
			fail(w, http.StatusForbidden, "origin")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func fail(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object{"error": code})
}

func (s *server) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

func (s *server) token(kind string) string {
	s.made++
	return kind + strconv.Itoa(s.made)
}

func (s *server) session(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Visitor, Language, Identity string }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decode(r.Body, &asked)
	if asked.Identity == "worn-out" {
		fail(w, http.StatusUnauthorized, "identity")
		return
	}
	if asked.Language != "ru" && asked.Language != "en" {
		s.fault("language %q", asked.Language)
	}
	answer := object{"caps": object{"upload": 1 << 20, "text": 4000}, "heartbeat": s.heartbeat}
	c := s.visitors[asked.Visitor]
	if c == nil {
		asked.Visitor = s.token("visitor")
		answer["visitor"] = asked.Visitor
		c = &conversation{ids: map[string]string{}, changed: make(chan struct{})}
		s.visitors[asked.Visitor] = c
	}
	ticket := s.token("ticket")
	s.tickets[ticket] = asked.Visitor
	answer["ticket"] = ticket
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *server) decode(r io.Reader, into any) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		s.fault("not JSON as agreed: %v", err)
	}
}

// visitor is whose token the request carries; nil has been answered.
func (s *server) visitor(w http.ResponseWriter, r *http.Request) *conversation {
	c := s.visitors[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if c == nil {
		fail(w, http.StatusUnauthorized, "visitor")
	}
	return c
}

func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	c, slow := s.visitor(w, r), s.slow
	broken := s.failedUploads > 0
	if broken {
		s.failedUploads--
	}
	s.mu.Unlock()
	if c == nil {
		return
	}
	part, header, err := r.FormFile("file")
	if err != nil || broken {
		fail(w, http.StatusServiceUnavailable, "upload")
		return
	}
	data, _ := io.ReadAll(part)
	select {
	case <-time.After(slow):
	case <-r.Context().Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.token("file")
	s.files[id] = upload{header.Filename, header.Header.Get("Content-Type"), data}
	_ = json.NewEncoder(w).Encode(object{"id": id})
}

func (s *server) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.files[r.PathValue("id")]
	if s.visitor(w, r) == nil {
		return
	}
	if !ok {
		fail(w, http.StatusNotFound, "unknown_file")
		return
	}
	w.Header().Set("Content-Type", file.Type)
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(file.Data)
}

func (s *server) send(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Frames []frame }
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.visitor(w, r)
	if c == nil {
		return
	}
	s.decode(r.Body, &asked)
	frames := []object{}
	for _, f := range asked.Frames {
		frames = append(frames, s.take(c, f)...)
	}
	_ = json.NewEncoder(w).Encode(object{"frames": frames})
}

// pageSize is how many entries a page of the log has.
const pageSize = 20

// since is what stands after a position, as a socket would bring it.
func (c *conversation) since(after string, live bool) []object {
	var frames []object
	from := slices.IndexFunc(c.log, func(e object) bool { return e["position"] == after }) + 1
	if after != "" && from == 0 {
		frames = append(frames, object{"t": "reset"})
		live = true
	}
	more := false
	if from == 0 {
		from = max(0, len(c.log)-pageSize)
		more = from > 0
	}
	frames = append(frames, c.log[from:]...)
	if live {
		last := ""
		if len(c.log) > 0 {
			last = c.log[len(c.log)-1]["position"].(string)
		}
		frames = append(frames, object{"t": "live", "position": last, "more": more})
	}
	return frames
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// take takes a frame of the client and returns the answers to him alone.
func (s *server) take(c *conversation, f frame) []object {
	switch f.T {
	case "hello":
		if f.After == nil {
			s.fault("hello without a position")
			return nil
		}
		return c.since(*f.After, true)
	case "ping":
		return []object{{"t": "pong"}}
	case "typing":
		if time.Since(c.typed) < 2900*time.Millisecond {
			s.fault("typing oftener than once in 3 s")
		}
		c.typed = time.Now()
		return nil
	case "read":
		return nil
	case "page":
		to := slices.IndexFunc(c.log, func(e object) bool { return e["position"] == f.Before })
		if to < 0 {
			s.fault("a page before %q, which is nowhere", f.Before)
			return nil
		}
		from := max(0, to-pageSize)
		return []object{{"t": "page", "entries": c.log[from:to], "more": from > 0}}
	}
	if !idForm.MatchString(f.ID) {
		s.fault("ID %q", f.ID)
	}
	if s.refuse != nil {
		if answer := s.refuse(f); answer != nil {
			answer["id"] = f.ID
			return []object{answer}
		}
	}
	position, again := c.ids[f.ID]
	if !again {
		position = s.act(c, f)
		c.ids[f.ID] = position
	}
	if s.muted > 0 {
		s.muted--
		return nil
	}
	ack := object{"t": "ack", "id": f.ID}
	if position != "" {
		ack["position"] = position
	}
	if f.T == "press" && strings.HasSuffix(f.Token, ":toast") {
		ack["toast"] = "Уже отвечено"
	}
	return []object{ack}
}

// drop cuts every socket, as a crash does.
func (s *server) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.conns {
		k.close()
	}
}

// set changes the server while it runs.
func (s *server) set(change func(s *server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}
