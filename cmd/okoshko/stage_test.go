package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialogstest"
)

// telegramStage plays transcripts on a whole server, through Telegram as the
// emulator has it.
type telegramStage struct {
	s        *server
	customer *telegramtest.Customer
	database string
	presses  []*telegramtest.Press
	staff    *crew
}

func newTelegramStage(t *testing.T, adjust ...func(*Config)) *telegramStage {
	t.Helper()
	var database string
	s := startServer(t, append(adjust, func(c *Config) { database = c.Postgres.URL.Reveal() })...)
	s.emulator.Deliver(telegramtest.Delivery{Copies: 1}) // whatever is said is delivered twice
	g := &telegramStage{
		s: s, database: database, staff: newCrew(s),
		customer: s.emulator.Customer(1001, telegramtest.Profile{First: "Мария", Language: "ru"}),
	}
	t.Cleanup(func() { g.testify(t) })
	return g
}

// testify tells of a conversation that went wrong what came in, what was said and
// what was sent, each with its time.
func (g *telegramStage) testify(t *testing.T) {
	if !t.Failed() {
		return
	}
	log, err := g.s.stores.live.From(context.WithoutCancel(t.Context()), g.conversation(), turn.Position{}, 1000)
	if err != nil {
		t.Log(err)
	}
	for _, e := range log.Entries {
		t.Logf("%s %s %s %.200s", e.At.Format(clockTime), e.Position, e.Kind, e.Body)
	}
	for _, c := range g.s.emulator.Calls() {
		t.Logf("%s %s: effect %t, lost %t, %q %.60q", c.At.Format(clockTime), c.Method, c.Effect, c.Lost, c.Description, c.Params["text"])
	}
	for _, a := range g.s.emulator.Attempts() {
		t.Logf("%s update %d: %d", a.At.Format(clockTime), a.Update, a.Status)
	}
}

func (g *telegramStage) conversation() chat.Conversation {
	return chat.Conversation("tg:" + strconv.FormatInt(g.customer.ID(), 10))
}

// Now implements transcript.Stage.
func (g *telegramStage) Now() time.Time { return g.s.clock.Now() }

// Set implements transcript.Stage: the clock stops at every timer on the way
// until it has rung.
func (g *telegramStage) Set(ctx context.Context, at time.Time, language string) error {
	if language != "" {
		p := g.customer.Profile()
		p.Language = language
		g.customer.SetProfile(p)
	}
	return g.s.advance(ctx, g.conversation(), at)
}

// advance moves the clock of a server on which one conversation is held.
func (s *server) advance(ctx context.Context, c chat.Conversation, at time.Time) error {
	for range 100 {
		name, due, err := s.nextTimer(ctx, c)
		if err != nil {
			return err
		}
		if name == "" || due.At.After(at) {
			s.clock.ahead.Store(int64(time.Until(at)))
			return nil
		}
		s.clock.ahead.Store(int64(time.Until(due.At)))
		if err := eventually(ctx, func() (bool, error) {
			after, again, err := s.nextTimer(ctx, c)
			return after != name || again != due, err
		}); err != nil {
			return fmt.Errorf("timer %s did not ring: %w", name, err)
		}
	}
	return errors.New("timers ring without end")
}

func (s *server) nextTimer(ctx context.Context, c chat.Conversation) (string, dialog.Timeout, error) {
	snap, err := s.stores.live.Load(ctx, c)
	if err != nil || !snap.Found {
		return "", dialog.Timeout{}, err
	}
	st, err := dialog.Decode(snap.State)
	if err != nil {
		return "", dialog.Timeout{}, err
	}
	name, due, _ := st.NextTimer()
	return name, due, nil
}

// Order implements transcript.Stage: a command that is down is one that the
// database refuses for the time being.
func (g *telegramStage) Order(ctx context.Context, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	if verb == "operator" {
		return g.staff.order(ctx, g.conversation(), rest)
	}
	sql, ok := orders[verb]
	if !ok {
		return fmt.Errorf("no order %q", verb)
	}
	return pgtest.Exec(ctx, g.database, sql)
}

// orders make the database refuse effects, as if it were shutting down
// (SQLSTATE 57P01), and take them again.
var orders = map[string]string{
	"down": `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
CREATE TRIGGER away BEFORE INSERT ON effects EXECUTE FUNCTION refuse()`,
	"up": `DROP TRIGGER away ON effects; DROP FUNCTION refuse()`,
}

// Do implements transcript.Stage.
func (g *telegramStage) Do(ctx context.Context, what string) error {
	switch {
	case what == "(again)":
		return nil // everything is delivered twice here
	case strings.HasPrefix(what, "["):
		label, rest, _ := strings.Cut(what[1:], "]")
		return g.press(label, strings.TrimSpace(rest) == "old")
	case strings.HasPrefix(what, "("):
		name, rest, _ := strings.Cut(what[1:], ")")
		return g.special(strings.Fields(name), strings.TrimSpace(rest))
	}
	g.customer.Say(what)
	return nil
}

// press presses the newest button of that name, or one before it.
func (g *telegramStage) press(label string, old bool) error {
	record := g.customer.Messages()
	for i := len(record) - 1; i >= 0; i-- {
		if slices.Contains(keys(record[i]), label) && !old { // a key of a keyboard says its label
			g.customer.Say(label)
			return nil
		}
		if _, ok := record[i].Button(label); !ok {
			continue
		}
		if old {
			old = false
			continue
		}
		p, err := g.customer.PressOn(record[i], label)
		if err != nil {
			return err
		}
		g.presses = append(g.presses, p)
		return nil
	}
	return fmt.Errorf("no button [%s]; the chat is:\n%s", label, g.customer)
}

func (g *telegramStage) special(words []string, rest string) error {
	switch words[0] {
	case "photo":
		_, err := g.customer.SendPhoto(photo(), rest)
		return err
	case "album":
		_, err := g.customer.SendToAlbum(words[1], photo(), rest)
		return err
	case "document":
		size := 1
		if len(words) > 1 && !strings.HasSuffix(words[1], "MB") { // a program, whatever it is called
			g.customer.SendDocument(words[1], append([]byte("MZ"), make([]byte, 64)...), rest)
			return nil
		}
		if len(words) > 1 {
			n, err := strconv.Atoi(strings.TrimSuffix(words[1], "MB"))
			if err != nil {
				return err
			}
			size = n << 20
		}
		g.customer.SendDocument("doc.pdf", append([]byte("%PDF-1.7\n"), make([]byte, size)...), rest)
	case "contact":
		if words[1] == "own" {
			p := g.customer.Profile()
			p.Phone = words[2]
			g.customer.SetProfile(p)
			g.customer.ShareContact()
			return nil
		}
		g.customer.SendContact(telegramtest.Contact{Phone: words[2], First: "Пётр"})
	case "location":
		at, err := transcript.PlaceOf(words)
		if err != nil {
			return err
		}
		g.customer.SendLocation(at.Latitude, at.Longitude)
	case "sticker":
		g.customer.SendSticker()
	case "voice":
		g.customer.SendVoice(3)
	case "video":
		g.customer.SendVideo(3)
	case "edit":
		before, after, _ := strings.Cut(rest, " => ")
		for _, m := range g.customer.Messages() {
			if !m.FromBot && m.Text == before {
				_, err := g.customer.Edit(m, after)
				return err
			}
		}
		return fmt.Errorf("no message %q to edit", before)
	default:
		return fmt.Errorf("no act (%s)", words[0])
	}
	return nil
}

// Hear implements transcript.Stage.
func (g *telegramStage) Hear(ctx context.Context, want int) ([]transcript.Heard, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var heard []transcript.Heard
	for _, p := range g.presses {
		answer, err := p.Await(ctx)
		if err != nil {
			return nil, err
		}
		if answer.Text != "" {
			heard = append(heard, transcript.Heard{Text: answer.Text, Toast: true})
		}
	}
	g.presses = nil
	if err := g.s.emulator.AwaitDrained(ctx); err != nil {
		return nil, err
	}
	for len(heard) < want {
		m, err := g.customer.AwaitNext(ctx)
		if err != nil {
			return heard, err
		}
		heard = append(heard, spoken(m)...)
	}
	for m, ok := g.customer.Next(); ok; m, ok = g.customer.Next() {
		heard = append(heard, spoken(m)...)
	}
	return heard, nil
}

// spoken is what a message says; one that only takes a keyboard away, and is
// deleted at once, says nothing.
func spoken(m telegramtest.Message) []transcript.Heard {
	if m.Keyboard != nil && m.Keyboard.Remove && m.Text == "..." {
		return nil
	}
	// A long text has air between its paragraphs.
	h := transcript.Heard{Text: steady(strings.ReplaceAll(m.Text, "\n\n", "\n")), Buttons: anywhere(append(m.Labels(), keys(m)...))}
	if m.File != nil {
		h.Files = transcript.FileNames([]chat.File{{Name: m.File.Name, Image: m.File.Kind == "photo"}})
	}
	return []transcript.Heard{h}
}

// drawn is a code that an office's visitor is given by chance.
var drawn = regexp.MustCompile(`((?i:код для входа:|your code:|, код|, code) )\d{4}\b`)

// steady puts the code of dialogstest.Code in the place of one that was drawn.
func steady(text string) string { return drawn.ReplaceAllString(text, "${1}"+dialogstest.Code) }

// anywhere leaves out of the menu the ways to go on in another channel, which
// differ from channel to channel: their own tests press them.
func anywhere(labels []string) []string {
	if !slices.Contains(labels, "Language / Язык") {
		return labels
	}
	return slices.DeleteFunc(labels, func(label string) bool {
		switch label {
		case "Продолжить на сайте", "Продолжить в Telegram", "Continue on the site", "Continue in Telegram":
			return true
		}
		return false
	})
}

// keys are those of a message's keyboard that say their labels.
func keys(m telegramtest.Message) []string {
	if m.Keyboard == nil {
		return nil
	}
	var labels []string
	for _, row := range m.Keyboard.Rows {
		for _, key := range row {
			if !key.Contact && !key.Location {
				labels = append(labels, key.Text)
			}
		}
	}
	return labels
}

// eventually asks until it is so.
func eventually(ctx context.Context, ask func() (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := ask(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// photo is a small picture.
func photo() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}
