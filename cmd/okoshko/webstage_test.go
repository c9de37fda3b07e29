package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/webchat/webtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
)

// url returns where the server is, once it listens.
func (s *server) url(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) { return s.at.Load() != nil, nil }); err != nil {
		t.Fatal(err)
	}
	return "http://" + *s.at.Load()
}

// webStage plays transcripts on a whole server, over the widget's protocol. The
// line breaks at chance.
type webStage struct {
	t        *testing.T
	s        *server
	database string
	client   *page
	staff    *crew
	chance   *rand.Rand
	told     int // entries that were heard already
	pressed  []string
}

func newWebStage(t *testing.T, seed uint64) *webStage {
	t.Helper()
	var database string
	s := startServer(t, func(c *Config) {
		database = c.Postgres.URL.Reveal()
		c.WebChat.MessagesPerMinute = 60000
	})
	g := &webStage{
		t: t, s: s, database: database, client: newPage(t, s.url(t)), staff: newCrew(s),
		chance: rand.New(rand.NewPCG(seed, 1)), //nolint:gosec // for tests
	}
	g.client.Copies = 2
	g.client.mustConnect()
	return g
}

func (g *webStage) conversation(ctx context.Context) (chat.Conversation, error) {
	v, err := g.s.stores.db.FindVisitor(ctx, sha256.Sum256([]byte(g.client.Visitor)))
	return v.Conversation, err
}

// Now implements transcript.Stage.
func (g *webStage) Now() time.Time { return g.s.clock.Now() }

// Set implements transcript.Stage.
func (g *webStage) Set(ctx context.Context, at time.Time, language string) error {
	if language != "" {
		g.client.Language = language
		g.client.Tell(webtest.Message{"t": "language", "language": language})
	}
	c, err := g.conversation(ctx)
	if err != nil {
		return err
	}
	return g.s.advance(ctx, c, at)
}

// Order implements transcript.Stage.
func (g *webStage) Order(ctx context.Context, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	if verb == "operator" {
		c, err := g.conversation(ctx)
		if err != nil {
			return err
		}
		return g.staff.order(ctx, c, rest)
	}
	sql, ok := orders[verb]
	if !ok {
		return fmt.Errorf("no order %q", verb)
	}
	return pgtest.Exec(ctx, g.database, sql)
}

// errNoWeb is something that a browser cannot do.
var errNoWeb = errors.New("nobody does that in a browser")

// Do implements transcript.Stage.
func (g *webStage) Do(ctx context.Context, what string) error {
	if g.chance.IntN(4) == 0 {
		g.client.Cut()
		defer func() {
			if err := g.client.Connect(ctx); err != nil {
				g.t.Error(err)
			}
		}()
	}
	switch {
	case what == "(again)":
		return nil // everything is sent twice here
	case strings.HasPrefix(what, "["):
		label, rest, _ := strings.Cut(what[1:], "]")
		return g.press(label, strings.TrimSpace(rest) == "old")
	case strings.HasPrefix(what, "("):
		name, rest, _ := strings.Cut(what[1:], ")")
		return g.special(ctx, strings.Fields(name), strings.TrimSpace(rest))
	}
	g.client.Say(what)
	return nil
}

func (g *webStage) press(label string, old bool) error {
	skip := 0
	if old {
		skip = 1
	}
	m, err := g.client.Press(label, skip)
	if err == nil {
		g.pressed = append(g.pressed, m.ID())
	}
	return err
}

func (g *webStage) special(ctx context.Context, words []string, rest string) error {
	switch words[0] {
	case "photo":
		return g.send(ctx, rest, "photo.jpg", photo())
	case "document":
		size := 1
		if len(words) > 1 {
			n, err := strconv.Atoi(strings.TrimSuffix(words[1], "MB"))
			if err != nil {
				return err
			}
			size = n << 20
		}
		return g.send(ctx, rest, "doc.pdf", append([]byte("%PDF-1.7\n"), make([]byte, size)...))
	case "contact":
		g.client.Tell(webtest.Message{"t": "phone", "phone": words[2]})
	case "location":
		at, err := transcript.PlaceOf(words)
		if err != nil {
			return err
		}
		g.client.Tell(webtest.Message{"t": "place", "latitude": at.Latitude, "longitude": at.Longitude})
	case "edit":
		before, after, _ := strings.Cut(rest, " => ")
		id := ""
		for _, e := range g.client.View().Entries {
			if e.Kind == "in" && e.Text == before && e.Did == dialog.Text.String() {
				id = e.ID
			}
		}
		if id == "" {
			return fmt.Errorf("no message %q to edit", before)
		}
		g.client.Tell(webtest.Message{"t": "edit", "of": id, "text": after})
	default:
		return fmt.Errorf("%w: (%s)", errNoWeb, words[0])
	}
	return nil
}

func (g *webStage) send(ctx context.Context, caption, name string, content []byte) error {
	id, err := g.client.Upload(ctx, name, content)
	if err == nil {
		g.client.Tell(webtest.Message{"t": "files", "files": []string{id}, "text": caption})
	}
	return err
}

// Hear implements transcript.Stage: everything owed is acknowledged, and what
// was said stands in the log.
func (g *webStage) Hear(ctx context.Context, want int) ([]transcript.Heard, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var heard []transcript.Heard
	err := g.client.Await(ctx, func(v *webtest.View) bool {
		heard = nil
		if v.Owed > 0 {
			return false
		}
		for _, id := range g.pressed {
			if toast := v.Toasts[id]; toast != "" {
				heard = append(heard, transcript.Heard{Text: toast, Toast: true})
			}
		}
		for _, e := range v.Entries[g.told:] {
			if e.Message != nil {
				heard = append(heard, transcript.Heard{
					Text: steady(e.Message.Plain()), Buttons: anywhere(labels(e.Message)), Files: transcript.FileNames(e.Message.Files),
				})
			}
		}
		if len(heard) < want {
			return false
		}
		g.told, g.pressed = len(v.Entries), nil
		return true
	})
	if err != nil {
		return heard, fmt.Errorf("heard %d of %d: %w", len(heard), want, err)
	}
	return heard, nil
}

func labels(m *chat.Message) []string {
	var out []string
	for _, ch := range m.Choices {
		out = append(out, ch.Label)
	}
	return out
}
