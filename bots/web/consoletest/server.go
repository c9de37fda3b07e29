// Package consoletest is a strict server of bots/console/api.md for tests of
// the staff console's page: whatever the page does that the API forbids is kept
// as a fault and fails the test. It can also lose answers, refuse deliveries,
// end sessions and keep its hints to itself. It knows the desk alone: the pages of
// cases, people and offices are tested on the program itself (cmd/okoshko), whose
// refusals are the ones that matter there.
package consoletest

import (
	"crypto/sha1" //nolint:gosec // RFC 6455 asks for it
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"okoshko/bots/web"
)

// Object is a JSON object.
type Object = map[string]any

// Cookie is the name of the session's cookie.
const Cookie = "__Host-okoshko-staff"

// Staff is an operator, who may sign in.
type Staff struct {
	ID                    int
	Login, Name, Password string
}

// Handoff is a conversation that a person is asked into.
type Handoff struct {
	ID                                     int
	Conversation, Channel, Customer, Topic string
	Since                                  time.Time
	Holder                                 *Staff
	Closed                                 bool
	Unread                                 int
}

// Server is the API with all that it knows. Do changes it.
type Server struct {
	*httptest.Server

	mu       sync.Mutex
	staff    []Staff
	sessions map[string]*session
	handoffs []*Handoff
	logs     map[string]*log
	files    map[string]file
	sockets  map[net.Conn]bool
	made     int

	// Faults are what the page did against the API.
	Faults []string
	// Said counts the messages of staff that were taken, by their client IDs.
	Said map[string]int
	// LoseAnswers is how many acknowledgements of say and note never arrive
	// though the message is taken.
	LoseAnswers int
	// Blocked: no message reaches its customer.
	Blocked bool
	// Away: every request is cut off without an answer.
	Away bool
	// Silent: no hints, and no sockets.
	Silent bool
	// HoldUploads, unless nil, keeps uploads under way until it is closed.
	HoldUploads chan struct{}
	// Closed: the desk does not take dialogs now.
	Closed bool
	// Tries counts failed sign-ins; Typed requests of typing.
	Tries, Typed int
}

type session struct {
	who  Staff
	csrf string
}

type log struct {
	revision int
	entries  []Object
	ids      map[string]string
}

type file struct {
	name, kind string
	data       []byte
}

// New serves the page of assets and the API to the staff.
func New(assets *web.Console, staff ...Staff) *Server {
	s := &Server{
		staff: staff, sessions: map[string]*session{}, logs: map[string]*log{}, files: map[string]file{},
		sockets: map[net.Conn]bool{}, Said: map[string]int{},
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	assets.Mount(app)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console/", adaptor.FiberApp(app))
	mux.HandleFunc("POST /console/api/sign-in", s.signIn)
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, *session){
		"POST sign-out":                 s.signOut,
		"GET me":                        s.me,
		"GET queue":                     s.queue,
		"POST handoffs/{id}/{act}":      s.act,
		"GET conversations/{c}/log":     s.log,
		"POST conversations/{c}/say":    s.say,
		"POST conversations/{c}/note":   s.note,
		"POST conversations/{c}/retry":  s.retry,
		"POST conversations/{c}/typing": s.typing,
		"POST files":                    s.upload,
		"GET files/{id}":                s.download,
		"GET live":                      s.live,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /console/api/"+path, s.guard(handle))
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		away := s.Away
		s.mu.Unlock()
		if away {
			panic(http.ErrAbortHandler) // which cuts the connection
		}
		mux.ServeHTTP(w, r)
	}))
	// Cookies know no ports: a host of its own keeps servers apart.
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	s.URL = "http://desk-" + port + ".localhost:" + port
	return s
}

// Do changes or reads what the server knows, then gives hints.
func (s *Server) Do(change func(s *Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
	s.hint(Object{"t": "queue"})
}

// Expire ends every session.
func (s *Server) Expire() { s.Do(func(s *Server) { clear(s.sessions) }) }

// Drop cuts every socket.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sockets {
		_ = c.Close()
	}
}

func (s *Server) fault(format string, args ...any) {
	s.Faults = append(s.Faults, fmt.Sprintf(format, args...))
}

func (s *Server) token(kind string) string {
	s.made++
	return kind + strconv.Itoa(s.made)
}

// guard lets in who has a session and, to change anything, its token.
func (s *Server) guard(next func(http.ResponseWriter, *http.Request, *session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cookie, _ := r.Cookie(Cookie)
		s.mu.Lock()
		var who *session
		if cookie != nil {
			who = s.sessions[cookie.Value]
		}
		s.mu.Unlock()
		switch {
		case who == nil:
			fail(w, http.StatusUnauthorized, Object{"error": "session"})
		case r.Method == http.MethodPost && (r.Header.Get("X-CSRF-Token") != who.csrf || !s.ours(r)):
			fail(w, http.StatusForbidden, Object{"error": "csrf"})
		default:
			next(w, r, who)
		}
	}
}

func (s *Server) ours(r *http.Request) bool {
	return r.Header.Get("Origin") == s.URL || r.Header.Get("Sec-Fetch-Site") == "same-origin"
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, body Object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) decode(r *http.Request, into any) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		s.fault("%s: not as agreed: %v", r.URL.Path, err)
	}
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Login, Password string }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decode(r, &asked)
	i := slices.IndexFunc(s.staff, func(who Staff) bool { return who.Login == asked.Login && who.Password == asked.Password })
	switch {
	case !s.ours(r):
		fail(w, http.StatusForbidden, Object{"error": "csrf"})
	case i < 0 && s.Tries >= 3:
		fail(w, http.StatusTooManyRequests, Object{"error": "too_many", "retry_after": 300})
	case i < 0:
		s.Tries++
		fail(w, http.StatusUnauthorized, Object{"error": "wrong"})
	default:
		secret := s.token("secret")
		who := &session{s.staff[i], s.token("csrf")}
		s.sessions[secret] = who
		http.SetCookie(w, &http.Cookie{Name: Cookie, Value: secret, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
		answer(w, who.me())
	}
}

func (c *session) me() Object {
	who := Object{
		"id": c.who.ID, "login": c.who.Login, "name": c.who.Name, "roles": []string{"operator"},
		"may": []string{"desk.see", "desk.answer"}, "owes": []string{}, "second": false,
	}
	return Object{"staff": who, "csrf": c.csrf, "now": time.Now().UTC(), "zone": "Asia/Yekaterinburg"}
}

func (s *Server) signOut(_ http.ResponseWriter, r *http.Request, _ *session) {
	cookie, _ := r.Cookie(Cookie)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, cookie.Value)
}

func (s *Server) me(w http.ResponseWriter, _ *http.Request, c *session) { answer(w, c.me()) }

func (s *Server) queue(w http.ResponseWriter, _ *http.Request, c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := map[string][]Object{"waiting": {}, "mine": {}, "others": {}}
	for _, h := range s.handoffs {
		list := "others"
		switch {
		case h.Closed:
			continue
		case h.Holder == nil:
			list = "waiting"
		case h.Holder.ID == c.who.ID:
			list = "mine"
		}
		q[list] = append(q[list], s.handoff(h))
	}
	body := Object{"waiting": q["waiting"], "mine": q["mine"], "others": q["others"], "open": !s.Closed}
	if s.Closed {
		body["opens_at"] = time.Now().Add(10 * time.Hour).UTC()
	}
	answer(w, body)
}

func (s *Server) handoff(h *Handoff) Object {
	state := "waiting"
	o := Object{
		"id": h.ID, "conversation": h.Conversation, "channel": h.Channel, "customer": h.Customer, "topic": h.Topic,
		"since": h.Since.UTC(), "unread": h.Unread, "position": "", "held_by": nil,
	}
	if h.Holder != nil {
		state, o["held_by"] = "held", Object{"id": h.Holder.ID, "name": h.Holder.Name}
	}
	if h.Closed {
		state = "closed"
	}
	if entries := s.logOf(h.Conversation).entries; len(entries) > 0 {
		o["position"] = entries[len(entries)-1]["position"]
	}
	o["state"] = state
	return o
}

func (s *Server) act(w http.ResponseWriter, r *http.Request, c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := strconv.Atoi(r.PathValue("id"))
	i := slices.IndexFunc(s.handoffs, func(h *Handoff) bool { return h.ID == id })
	if i < 0 {
		s.fault("hand-off %d is unknown", id)
		fail(w, http.StatusNotFound, Object{"error": "unknown"})
		return
	}
	h := s.handoffs[i]
	act := r.PathValue("act")
	switch {
	case h.Closed:
		fail(w, http.StatusConflict, Object{"error": "closed"})
	case act == "take" && h.Holder != nil && h.Holder.ID != c.who.ID:
		fail(w, http.StatusConflict, Object{"error": "taken", "by": Object{"id": h.Holder.ID, "name": h.Holder.Name}})
	case act == "take":
		h.Holder, h.Unread = &c.who, 0
		s.add(h.Conversation, Object{"kind": "event", "did": "taken", "by": c.who.Name})
		answer(w, s.handoff(h))
	case h.Holder == nil || h.Holder.ID != c.who.ID:
		fail(w, http.StatusConflict, Object{"error": "not_holder"})
	case act == "return" || act == "close":
		h.Closed = true
		s.add(h.Conversation, Object{"kind": "event", "did": act + map[string]string{"return": "ed", "close": "d"}[act], "by": c.who.Name})
	default:
		s.fault("nobody can %s", act)
	}
	s.hint(Object{"t": "queue"})
}

var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// live upgrades to a WebSocket and only ever speaks.
func (s *Server) live(w http.ResponseWriter, r *http.Request, _ *session) {
	s.mu.Lock()
	silent := s.Silent
	s.mu.Unlock()
	hijacker, ok := w.(http.Hijacker)
	if !ok || silent || r.Header.Get("Sec-WebSocket-Key") == "" || r.Header.Get("Origin") != s.URL {
		fail(w, http.StatusBadRequest, Object{"error": "socket"})
		return
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	s.mu.Lock()
	s.sockets[conn] = true
	s.mu.Unlock()
	// Whatever the page says, be it its goodbye, ends the socket.
	_, _ = buffered.ReadByte()
	s.mu.Lock()
	delete(s.sockets, conn)
	s.mu.Unlock()
}

func (s *Server) hint(frame Object) {
	if s.Silent {
		return
	}
	data, _ := json.Marshal(frame)
	header := []byte{0x81, byte(len(data))}
	if len(data) > 125 {
		header = []byte{0x81, 126, byte(len(data) >> 8), byte(len(data))}
	}
	for c := range s.sockets {
		_, _ = c.Write(append(header, data...))
	}
}
