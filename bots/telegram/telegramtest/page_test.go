package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/telegram/telegramtest"
)

// phone is a browser's side of the page's API.
type phone struct {
	t   *testing.T
	app *fiber.App
	key string
}

// view is the state as the page reads it.
type view struct {
	Error                    string
	Epoch, Version, Revision int64
	ID                       int64
	Started, Blocked, Outage bool
	Typing                   int64
	Keyboard                 *struct{ Rows [][]struct{ Text string } }
	Commands                 []telegramtest.Command
	Messages                 []struct {
		ID                              int
		Own, Edited, Deleted, Delivered bool
		Text                            string
		Entities                        []telegramtest.Entity
		File                            *struct{ Kind, ID, Name string }
		Contact                         *struct{ Phone, First string }
		Inline                          [][]struct{ Text, Data string }
	}
	Answers []struct {
		Query, Text string
		Alert       bool
	}
	Query  string
	Faults int
	Copies bool
	Calls  []struct {
		Method, Text string
		Code         int
	}
}

func mount(srv *telegramtest.Server) *fiber.App {
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	srv.Mount(app.Group("/demo/telegram"))
	return app
}

func pick(t *testing.T, b bot, key byte) phone {
	p := phone{t, mount(b.srv), strings.Repeat(string(key), 32)}
	if _, code := p.post("hello", profile()); code != 200 {
		t.Fatalf("hello: %d", code)
	}
	return p
}

func profile() object {
	return object{"first": "Мария", "surname": "Соколова", "phone": "79120000000", "language": "ru"}
}

func (p phone) do(req *http.Request) (view, int) {
	p.t.Helper()
	req.Header.Set("X-Customer", p.key)
	resp, err := p.app.Test(req, -1)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	var v view
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		p.t.Fatal(err)
	}
	return v, resp.StatusCode
}

func (p phone) post(action string, body any) (view, int) {
	p.t.Helper()
	data, ok := body.([]byte)
	if !ok {
		data, _ = json.Marshal(body)
	}
	return p.do(httptest.NewRequest(http.MethodPost, "/demo/telegram/api/"+action, bytes.NewReader(data)))
}

// must is post that has to succeed.
func (p phone) must(action string, body any) view {
	p.t.Helper()
	v, code := p.post(action, body)
	if code != 200 {
		p.t.Fatalf("%s: %d %s", action, code, v.Error)
	}
	return v
}

func (p phone) changes(after view) view {
	p.t.Helper()
	v, code := p.do(httptest.NewRequest(http.MethodGet, fmt.Sprintf("/demo/telegram/api/changes?epoch=%d&version=%d&revision=%d",
		after.Epoch, after.Version, after.Revision), nil))
	if code != 200 {
		p.t.Fatalf("changes: %d %s", code, v.Error)
	}
	return v
}

func (p phone) all() view { return p.changes(view{}) }

func meterPhoto(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(40 + 160*y/h), uint8(120 + 80*x/w), 170, 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func TestPageAssets(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	app := mount(b.srv)
	get := func(path string) (*http.Response, string) {
		resp, err := app.Test(httptest.NewRequest(http.MethodGet, path, nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp, string(body)
	}
	for _, address := range []string{"/demo/telegram", "/demo/telegram/"} {
		resp, body := get(address)
		csp := resp.Header.Get("Content-Security-Policy")
		if resp.StatusCode != 200 || !strings.Contains(body, `<base href="/demo/telegram/">`) || strings.Contains(csp, "unsafe") ||
			!strings.Contains(csp, "script-src 'self'; style-src 'self'") {
			t.Errorf("%s: %d, CSP %q", address, resp.StatusCode, csp)
		}
		if regexp.MustCompile(`(?i)<style|\son\w+=|style=|<script>`).MatchString(body) {
			t.Errorf("%s has something inline, which its CSP forbids", address)
		}
		assets := regexp.MustCompile(`(?:src|href)="(page/[^"]+)"`).FindAllStringSubmatch(body, -1)
		if len(assets) < 2 {
			t.Errorf("%s loads %d files", address, len(assets))
		}
		for _, m := range assets {
			if resp, _ := get("/demo/telegram/" + m[1]); resp.StatusCode != 200 || resp.Header.Get("Content-Type") == "" {
				t.Errorf("%s: %d %s", m[1], resp.StatusCode, resp.Header.Get("Content-Type"))
			}
		}
	}
	for _, address := range []string{"page/index.html", "page/..%2fpage.go", "page/nothing.js", "file/unknown"} {
		if resp, _ := get("/demo/telegram/" + address); resp.StatusCode != 404 {
			t.Errorf("%s: %d", address, resp.StatusCode)
		}
	}
	// Nothing comes from elsewhere, and data never becomes markup.
	for _, name := range []string{"page", "api", "bubble", "composer", "dom", "log", "sheets", "store", "text", "tools", "words"} {
		_, body := get("/demo/telegram/page/" + name + ".js")
		if bad := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|from 'http|\beval\(`).FindString(body); bad != "" {
			t.Errorf("%s.js has %s", name, bad)
		}
	}
}

func TestPageKeepsCustomersApart(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	one, two := pick(t, b, 'a'), pick(t, b, 'b')
	one.must("say", object{"text": "Моя тайна"})
	first, second := one.all(), two.all()
	if len(first.Messages) != 1 || len(second.Messages) != 0 || first.ID == second.ID {
		t.Errorf("got %+v and %+v", first, second)
	}
	for _, id := range []int64{first.ID, second.ID} {
		if id < 1_000_000_000 || id >= 8_000_000_000 {
			t.Errorf("%d is no ID of today's Telegram", id)
		}
	}
	for _, key := range []string{"", fmt.Sprint(first.ID), strings.Repeat("A", 32)} {
		stranger := phone{t, one.app, key}
		if _, code := stranger.post("say", object{"text": "x"}); code != 403 {
			t.Errorf("key %q: %d", key, code)
		}
		if _, code := stranger.post("hello", profile()); code != 403 {
			t.Errorf("hello with key %q: %d", key, code)
		}
	}
	if _, code := (phone{t, one.app, strings.Repeat("c", 32)}).post("say", object{"text": "x"}); code != 404 {
		t.Errorf("a customer who has not said hello: %d", code)
	}
}

func TestPageActs(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	p := pick(t, b, 'a')
	p.must("say", object{"text": " /start "})
	v := p.all()
	id := v.ID
	b.must("sendMessage", object{"chat_id": id, "text": "<b>Да</b> & нет?", "parse_mode": "HTML", "reply_markup": buttons("Да", "Нет")})
	v = p.changes(v)
	sent := v.Messages[0]
	if sent.Own || sent.Text != "Да & нет?" || sent.Entities[0].Type != "bold" || len(sent.Inline[0]) != 2 {
		t.Fatalf("got %+v", sent)
	}
	press := p.must("press", object{"message": sent.ID, "data": "d:Да"})
	b.must("answerCallbackQuery", object{"callback_query_id": press.Query, "text": "Готово", "show_alert": true})
	v = p.changes(v)
	if len(v.Answers) != 1 || v.Answers[0].Query != press.Query || v.Answers[0].Text != "Готово" || !v.Answers[0].Alert {
		t.Errorf("answers %+v", v.Answers)
	}
	p.must("contact", object{"own": true})
	p.must("contact", object{"first": "Пётр", "phone": "79990000000"})
	p.must("location", object{"lat": 57.15, "lon": 65.5})
	p.must("photo?caption="+url.QueryEscape("Счётчик"), meterPhoto(200, 100))
	p.must("document?name="+url.QueryEscape("акт.pdf"), []byte("%PDF-1.7"))
	p.must("sticker", nil)
	p.must("voice", nil)
	p.must("edit", object{"message": p.all().Messages[0].ID, "text": "Привет"})
	if v = p.changes(v); len(v.Messages) != 8 || !v.Messages[0].Edited || v.Messages[0].Text != "Привет" {
		t.Errorf("got %+v", v.Messages)
	}
	var kinds []string
	for _, m := range v.Messages {
		if m.File != nil {
			kinds = append(kinds, m.File.Kind+" "+m.File.Name)
			resp, err := p.app.Test(httptest.NewRequest(http.MethodGet, "/demo/telegram/file/"+m.File.ID, nil), -1)
			if err != nil || resp.StatusCode != 200 || resp.Header.Get("X-Content-Type-Options") != "nosniff" ||
				(m.File.Kind == "photo") != (resp.Header.Get("Content-Disposition") == "") {
				t.Errorf("%s: %v %v", m.File.Kind, resp, err)
			}
			_ = resp.Body.Close()
		}
	}
	if !slices.Equal(kinds, []string{"photo ", "document акт.pdf", "sticker ", "voice "}) {
		t.Errorf("files %q", kinds)
	}
	updates := b.updates(nil)
	var owners []any
	for _, u := range updates {
		if m, ok := u["message"].(object); ok && m["contact"] != nil {
			owners = append(owners, m["contact"].(object)["user_id"])
		}
	}
	if len(owners) != 2 || owners[0] != float64(id) || owners[1] != nil {
		t.Errorf("the cards are of %v, want %d and nobody", owners, id)
	}
	last := int64(updates[len(updates)-1]["update_id"].(float64))
	b.updates(object{"offset": last + 1})
	if v = p.changes(v); !v.Messages[0].Delivered {
		t.Errorf("no ticks: %+v", v.Messages[0])
	}
	p.must("block", object{"on": true})
	b.refused("sendMessage", object{"chat_id": id, "text": "x"}, 403, "Forbidden: bot was blocked by the user")
	p.must("block", object{"on": false})
	b.must("setMyCommands", object{"commands": []object{{"command": "help", "description": "Помощь"}}})
	if v = p.changes(v); len(v.Commands) != 1 || v.Commands[0].Description != "Помощь" {
		t.Errorf("commands %+v", v.Commands)
	}
}

func TestPageRefusals(t *testing.T) {
	t.Parallel()
	p := pick(t, open(t, telegramtest.Config{}), 'a')
	for action, body := range map[string]any{
		"say":      object{"text": "  "},
		"edit":     object{"message": 1, "text": "x"},
		"press":    object{"message": 5, "data": strings.Repeat("x", 65)},
		"photo":    []byte("this is no image"),
		"document": []byte{},
		"contact":  object{"first": "", "phone": "1"},
		"location": object{"lat": 100},
		"fault":    object{"kind": "earthquake"},
		"block":    []byte("{"),
		"hello":    object{"first": "x", "phone": "12", "language": "ru"},
	} {
		if v, code := p.post(action, body); code != 400 || v.Error == "" {
			t.Errorf("%s: %d %q", action, code, v.Error)
		}
	}
	if _, code := p.post("dance", nil); code != 404 {
		t.Errorf("got %d", code)
	}
	if v := p.all(); len(v.Messages) != 0 {
		t.Errorf("got %+v", v.Messages)
	}
}

func TestPageFaultsAndJournal(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	p, other := pick(t, b, 'a'), pick(t, b, 'b')
	p.must("say", object{"text": "x"})
	other.must("say", object{"text": "x"})
	send := object{"chat_id": p.all().ID, "text": "Ответ"}
	if v := p.must("fault", object{"kind": "down", "on": true}); v.Faults != 3 {
		t.Errorf("%d faults", v.Faults)
	}
	b.must("sendMessage", object{"chat_id": other.all().ID, "text": "x"})
	if r, err := b.try("sendMessage", send); err == nil {
		t.Errorf("got %+v, want a page that is no JSON", r)
	}
	p.must("fault", object{"kind": "none"})
	b.must("sendMessage", send)
	v, _ := p.do(httptest.NewRequest(http.MethodGet, "/demo/telegram/api/tools", nil))
	if len(v.Calls) != 2 || v.Calls[0].Code != 200 || v.Calls[0].Text != "Ответ" || v.Calls[1].Code != 502 || v.Faults != 0 {
		t.Errorf("got %+v", v)
	}
	p.must("fault", object{"kind": "copies", "on": true})
	if u := b.updates(nil); len(u) != 6 {
		t.Errorf("%d updates, want each three times", len(u))
	}
	before := p.all()
	p.must("fault", object{"kind": "outage", "on": true})
	if v := p.changes(before); !v.Outage {
		t.Error("the page does not hear of the outage")
	}
	if v := p.must("fault", object{"kind": "none"}); v.Copies || v.Outage {
		t.Errorf("got %+v", v)
	}
}

func TestPageAfterARestart(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	p := pick(t, b, 'a')
	p.must("say", object{"text": "Первое"})
	before := p.all()
	first := b.updates(nil)[0]["update_id"].(float64)
	b = open(t, telegramtest.Config{Second: time.Second}) // the press below must not expire
	p = phone{t, mount(b.srv), p.key}
	if _, code := p.post("say", object{"text": "x"}); code != 404 {
		t.Errorf("got %d, want to be asked for a hello", code)
	}
	hello := profile()
	last := before.Messages[0].ID + 50_000_000 // more than the clock has moved on
	hello["started"], hello["last"] = true, last
	p.must("hello", hello)
	v := p.all()
	if v.ID != before.ID || !v.Started {
		t.Errorf("got %+v, want customer %d", v, before.ID)
	}
	sent := b.must("sendMessage", object{"chat_id": v.ID, "text": "Снова здесь"})
	if id := int(sent["message_id"].(float64)); id <= last {
		t.Errorf("message %d came after %d", id, last)
	}
	p.must("press", object{"message": before.Messages[0].ID, "data": "old"})
	u := b.updates(nil)
	if u[0]["update_id"].(float64) <= first {
		t.Errorf("update %v came after %v", u[0]["update_id"], first)
	}
	if m := u[0]["callback_query"].(object)["message"].(object); m["date"].(float64) != 0 {
		t.Errorf("a message of another life is %v, want it inaccessible", m)
	}
}

func TestPageWaitsForNews(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	p := pick(t, b, 'a')
	now := p.all()
	news := make(chan view)
	go func() { news <- p.changes(now) }()
	p.must("say", object{"text": "Новость"})
	if v := <-news; len(v.Messages) != 1 || v.Messages[0].Text != "Новость" {
		t.Errorf("got %+v", v)
	}
	now = p.all()
	go func() { news <- p.changes(now) }()
	_ = b.srv.Close() // ends the wait
	if v := <-news; len(v.Messages) != 0 {
		t.Errorf("got %+v", v)
	}
}
