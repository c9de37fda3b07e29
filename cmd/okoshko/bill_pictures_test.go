package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/web/browsertest"
	"okoshko/core/chat"
)

// billed are the demo's accounts that have a bill, in the order of spec §5.1; the
// tenth is two. hourly has documents and prices in its place.
var billed = []string{
	"0145201372", "0203118468", "0344172085", "0477002158", "0561209347", "0633084512", "0755190626", "0822067138",
	"0104552013", "0207319443", "0207319526", "0309188274", "0412003659", "ЭС-0123/26", "ЭС-0789/26",
}

const hourly = "ЭС-0456/25"

// gallery is a chat in a browser, of which pictures are laid out on sheets.
type gallery struct {
	*traveller
	database     string
	conversation chat.Conversation
	// said is what changes on the page with what the bot says; sends writes words.
	said  string
	sends func(words string) chromedp.Action
	clock func() time.Time
}

// TestBillPictures takes pictures of every bill of the demo, and of the documents
// and prices of the organisation that has no bill, on both channels.
func TestBillPictures(t *testing.T) {
	t.Parallel()
	if !keeping {
		t.Skip("make pictures takes them")
	}
	var database string
	s := startServer(t, func(c *Config) {
		database = c.Postgres.URL.Reveal()
		c.WebChat.MessagesPerMinute = 60000
	})
	site := s.url(t)
	s.clock.ahead.Store(int64(time.Until(time.Date(2026, 11, 24, 10, 0, 0, 0, pgtest.Zone))))

	web := &gallery{traveller: enter(t, s, site+"/?lang=ru", "okoshko-chat"), database: database, clock: s.clock.Now}
	web.said, web.sends = `(own => own.length + own.at(-1)?.textContent)([...`+inWidget+`.querySelectorAll(".ours")])`, web.writes
	web.do("open", web.clicks(".launcher", ""), web.sees(".state", "На связи"), web.writes("меню"), web.sees(".choice", "Счёт и оплата"))
	stage := &browserStage{t: t, s: s, tab: web.tab}
	var err error
	if web.conversation, err = stage.conversation(t.Context()); err != nil {
		t.Fatal(err)
	}

	phone := &gallery{traveller: enter(t, s, site+"/demo/telegram", ":root"), database: database, clock: s.clock.Now}
	phone.said = `(own => own.length + own.at(-1)?.textContent)([...document.querySelectorAll(".message:not(.own)")])`
	phone.sends = func(words string) chromedp.Action {
		return chromedp.SendKeys("#input", words+"\r", chromedp.ByID)
	}
	phone.do("start", chromedp.Click("#start", chromedp.ByID), phone.sees(".inline button", "Счёт и оплата"))
	phone.conversation = chat.Conversation(fmt.Sprintf("tg:%d", s.emulator.Customers()[0].ID()))

	for name, g := range map[string]*gallery{"widget": web, "telegram": phone} {
		var bills []picture
		g.do("hold it", chromedp.EmulateViewport(360, 740))
		for _, account := range billed {
			g.link(account)
			g.asks("счёт и оплата")
			bills = append(bills, picture{account, g.takes()})
		}
		g.sheet("bills-"+name+"-360", 5, 280, bills)
		g.link(hourly)
		var small, large []picture
		for _, words := range []string{"счёт и оплата", "[Документы]", "[Почасовые цены и расход]", "цены для организаций", "[Цены 2–6 категорий]", "[4-я категория]"} {
			g.asks(words)
			small = append(small, picture{words, g.takes()})
			g.do("at a desk", chromedp.EmulateViewport(1440, 900))
			large = append(large, picture{words, g.takes()})
			g.do("on a phone", chromedp.EmulateViewport(360, 740))
		}
		g.sheet("hourly-"+name+"-360", 3, 300, small)
		g.sheet("hourly-"+name+"-1440", 2, 720, large)
	}
}

// link makes an account the only one of the conversation.
func (g *gallery) link(account string) {
	g.t.Helper()
	c := pgtest.Conn(g.t, g.database)
	if _, err := c.Exec(g.t.Context(), `DELETE FROM links WHERE conversation = $1`, string(g.conversation)); err != nil {
		g.t.Fatal(err)
	}
	if _, err := c.Exec(g.t.Context(), `INSERT INTO links (conversation, account, active, since, used_at, confirmed_at)
		SELECT $1, id, true, $3, $3, $3 FROM accounts WHERE number = $2`,
		string(g.conversation), account, g.clock()); err != nil {
		g.t.Fatalf("link %s: %v", account, err)
	}
}

// asks writes words or presses the button of that name, and waits for the answer.
func (g *gallery) asks(words string) {
	g.t.Helper()
	var before string
	g.do("look", chromedp.Evaluate(g.said, &before))
	act := g.sends(words)
	if label, is := strings.CutPrefix(words, "["); is {
		act = g.clicks("button", strings.TrimSuffix(label, "]"))
	}
	g.do(words, act, chromedp.Poll(fmt.Sprintf("%s !== %q", g.said, before), nil, chromedp.WithPollingTimeout(patience)))
}

// picture is what a window shows, as a PNG.
type picture struct {
	title string
	png   []byte
}

func (g *gallery) takes() (png []byte) {
	g.t.Helper()
	g.do("take a picture", cdppage.BringToFront(), chromedp.Evaluate(`new Promise(done => setTimeout(done, 400))`, nil, browsertest.Awaited),
		browsertest.Settled(), chromedp.CaptureScreenshot(&png))
	return png
}

// sheet lays pictures out in columns, each so wide, and writes them as one.
func (g *gallery) sheet(name string, columns, wide int64, list []picture) {
	g.t.Helper()
	var page strings.Builder
	fmt.Fprintf(&page, `<!doctype html><meta charset="utf-8"><style>body{margin:12px;display:grid;grid-template-columns:repeat(%d,%dpx);gap:12px;`+
		`font:13px system-ui;background:#fff}figure{margin:0}img{width:100%%;border:1px solid #ccc;box-sizing:border-box}</style>`, columns, wide)
	for _, p := range list {
		fmt.Fprintf(&page, `<figure><figcaption>%s</figcaption><img src="data:image/png;base64,%s"></figure>`,
			html.EscapeString(p.title), base64.StdEncoding.EncodeToString(p.png))
	}
	file := filepath.Join(g.t.TempDir(), name+".html")
	if err := os.WriteFile(file, []byte(page.String()), 0o600); err != nil {
		g.t.Fatal(err)
	}
	table := &traveller{t: g.t, tab: newTab(g.t, columns*(wide+12)+12, 600)}
	var sheet []byte
	table.do("lay out "+name, chromedp.Navigate("file://"+file), chromedp.Poll(`[...document.images].every(i => i.complete)`, nil),
		chromedp.ActionFunc(func(ctx context.Context) (err error) {
			sheet, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatWebp).WithQuality(60).WithCaptureBeyondViewport(true).
				WithClip(fullPage(ctx)).Do(ctx)
			return err
		}))
	if err := os.WriteFile(filepath.Join(g.t.ArtifactDir(), name+".webp"), sheet, 0o600); err != nil {
		g.t.Fatal(err)
	}
}

// fullPage is all of a page, however far it has to be scrolled.
func fullPage(ctx context.Context) *cdppage.Viewport {
	_, _, _, _, _, content, err := cdppage.GetLayoutMetrics().Do(ctx)
	if err != nil {
		return nil
	}
	return &cdppage.Viewport{Width: content.Width, Height: content.Height, Scale: 1}
}
