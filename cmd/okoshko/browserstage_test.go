package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/web"
	"okoshko/bots/web/browsertest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/transcript"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// newTab opens a tab of the browser that the package's tests share.
func newTab(t *testing.T, width, height int64) context.Context {
	t.Helper()
	if _, err := web.Embedded(); errors.Is(err, web.ErrNotBuilt) && os.Getenv("CI") != "true" {
		t.Skip("the pages are not built: make web")
	}
	return browsertest.Open(t, width, height)
}

// browserStage plays transcripts in the widget, as a customer on the front page
// has it: what he writes is typed, what he presses is clicked, what he hears is
// what stands there to be read.
type browserStage struct {
	t        *testing.T
	s        *server
	database string
	staff    *crew
	tab      context.Context
	opened   bool
	heard    int // messages that were heard already
}

func newBrowserStage(t *testing.T) *browserStage {
	t.Helper()
	tab := newTab(t, 1280, 900)
	var database string
	s := startServer(t, func(c *Config) {
		database = c.Postgres.URL.Reveal()
		c.WebChat.MessagesPerMinute = 60000
	})
	return &browserStage{t: t, s: s, database: database, staff: newCrew(s), tab: tab}
}

// inWidget is the widget's shadow root in JavaScript.
const inWidget = `document.querySelector("okoshko-chat")?.shadowRoot`

// ask evaluates JavaScript in the tab; what is not true, or not there yet, it
// asks again for a while.
func (g *browserStage) ask(ctx context.Context, script string, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		var raw []byte
		if err := chromedp.Run(g.tab, chromedp.Evaluate(script, &raw)); err != nil {
			return false, err
		}
		switch string(raw) {
		case "", "null", "undefined", "false":
			return false, nil
		}
		return true, json.Unmarshal(raw, answer)
	}); err != nil {
		return fmt.Errorf("%s: %w", script, err)
	}
	return nil
}

// click clicks on the last element of the selector that shows the words.
func (g *browserStage) click(ctx context.Context, selector, words string) error {
	var at struct{ X, Y float64 }
	if err := g.ask(ctx, fmt.Sprintf(`(() => {
		const node = [...%s?.querySelectorAll(%q) ?? []].findLast(e => e.offsetParent && !e.disabled && (!%q || e.innerText.trim() === %q));
		node?.scrollIntoView({block: "center"});
		const box = node?.getBoundingClientRect();
		return box && {X: box.x + box.width / 2, Y: box.y + box.height / 2};
	})()`, inWidget, selector, words, words), &at); err != nil {
		return err
	}
	return chromedp.Run(g.tab, chromedp.MouseClickXY(at.X, at.Y))
}

// conversation is that of the tab's visitor; there is none before his first
// message.
func (g *browserStage) conversation(ctx context.Context) (chat.Conversation, error) {
	site, err := url.Parse(g.s.url(g.t))
	if err != nil {
		return "", err
	}
	var token string
	if err := chromedp.Run(g.tab, chromedp.Evaluate(fmt.Sprintf(`localStorage.getItem(%q) ?? ""`, "okoshko:"+site.Host), &token)); err != nil || token == "" {
		return "", err
	}
	v, err := g.s.stores.db.FindVisitor(ctx, sha256.Sum256([]byte(token)))
	return v.Conversation, err
}

// Now implements transcript.Stage.
func (g *browserStage) Now() time.Time { return g.s.clock.Now() }

// Set implements transcript.Stage. The first time opens the site and the chat.
func (g *browserStage) Set(ctx context.Context, at time.Time, language string) error {
	if g.opened {
		c, err := g.conversation(ctx)
		if err != nil {
			return err
		}
		return g.s.advance(ctx, c, at)
	}
	g.opened = true
	g.s.clock.ahead.Store(int64(time.Until(at)))
	if err := chromedp.Run(g.tab, chromedp.Navigate(g.s.url(g.t)+"/?lang="+language)); err != nil {
		return err
	}
	return g.click(ctx, ".launcher", "")
}

// Order implements transcript.Stage.
func (g *browserStage) Order(ctx context.Context, what string) error {
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

// Do implements transcript.Stage.
func (g *browserStage) Do(ctx context.Context, what string) error {
	switch {
	case strings.HasPrefix(what, "(photo)"):
		return g.photo(ctx, strings.TrimSpace(strings.TrimPrefix(what, "(photo)")))
	case strings.HasPrefix(what, "("):
		return fmt.Errorf("%w: %s", errNoWeb, what)
	case strings.HasPrefix(what, "["):
		return g.click(ctx, ".choice", strings.TrimSuffix(what[1:], "]"))
	}
	return g.write(ctx, what)
}

// write types into the field and presses Enter, whose letter is a part of it.
func (g *browserStage) write(ctx context.Context, words string) error {
	if err := g.click(ctx, "textarea", ""); err != nil {
		return err
	}
	enter := input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithCode("Enter").WithText("\r").WithWindowsVirtualKeyCode(13)
	return chromedp.Run(g.tab, chromedp.KeyEvent(words), enter, input.DispatchKeyEvent(input.KeyUp).WithKey("Enter").WithCode("Enter"))
}

// photo chooses a file as the system's dialog would, and sends it once it is
// uploaded.
func (g *browserStage) photo(ctx context.Context, caption string) error {
	name := filepath.Join(g.t.TempDir(), "photo.jpg")
	if err := os.WriteFile(name, photo(), 0o600); err != nil {
		return err
	}
	choose := chromedp.ActionFunc(func(ctx context.Context) error {
		picker, _, err := cdpruntime.Evaluate(inWidget + `.querySelector("input[type=file]")`).Do(ctx)
		if err != nil {
			return err
		}
		return dom.SetFileInputFiles([]string{name}).WithObjectID(picker.ObjectID).Do(ctx)
	})
	if err := chromedp.Run(g.tab, choose); err != nil {
		return err
	}
	var done bool
	if err := g.ask(ctx, `!!`+inWidget+`?.querySelector(".tray .done")`, &done); err != nil {
		return err
	}
	return g.write(ctx, caption)
}

// shown is what the widget shows of ours: the text of every message, and what
// can be pressed under it.
const shown = `(() => {
	const root = ` + inWidget + `;
	return root && {
		Owed: Object.keys(localStorage).filter(key => key.includes(".m.")).length,
		Said: [...root.querySelectorAll(".ours")].map(row => ({
			Text: [...row.querySelectorAll(".bubble > p, .bubble > ul > li")]
				.map(block => (block.localName === "li" ? "• " : "") + block.textContent.replace(/\u00a0/g, " ").replace(/\u2060/g, "")).join("\n"),
			Buttons: [...row.querySelectorAll(".choice")].map(choice => choice.innerText),
		})),
	};
})()`

// Hear implements transcript.Stage: nothing is left to be sent, and what was
// said is shown.
func (g *browserStage) Hear(ctx context.Context, want int) ([]transcript.Heard, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var now struct {
		Owed int
		Said []transcript.Heard
	}
	err := eventually(ctx, func() (bool, error) {
		err := g.ask(ctx, shown, &now)
		return now.Owed == 0 && len(now.Said)-g.heard >= want, err
	})
	heard := now.Said[min(g.heard, len(now.Said)):]
	if err != nil {
		return heard, fmt.Errorf("heard %d of %d: %w", len(heard), want, err)
	}
	g.heard = len(now.Said)
	for i := range heard {
		heard[i].Buttons = anywhere(heard[i].Buttons)
	}
	return heard, nil
}
