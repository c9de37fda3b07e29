package telegram_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/valyala/fasthttp"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

func TestWords(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Check(t, catalogue, ".")
}

// unstarted returns a bot that nobody can reach, for what needs no Telegram.
func unstarted(t testing.TB) *telegram.Bot {
	t.Helper()
	b, err := telegram.New(telegram.Config{
		Token: privacy.NewSecret(telegramtest.DefaultToken), APIURL: "http://127.0.0.1:1", Mode: telegram.Polling,
		Quarantine: &quarantine{}, Log: quietLog(), Now: atNoon,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// seeds are updates as Telegram sends them, names and numbers changed.
func seeds(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/updates/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[filepath.Base(name)], err = os.ReadFile(name); err != nil { //nolint:gosec // our own testdata
			t.Fatal(err)
		}
	}
	return out
}

func TestCapturedUpdates(t *testing.T) {
	t.Parallel()
	b := unstarted(t)
	for name, raw := range seeds(t) {
		id, err := b.Decode(raw)
		ignored := strings.HasPrefix(name, "ignored-")
		if err != nil || (id == "") != ignored {
			t.Errorf("%s: event %q, %v", name, id, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, raw := range seeds(f) {
		f.Add(raw)
	}
	f.Add([]byte(`{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"from":{"id":1},"photo":[{},{"width":-1e18}]}}`))
	b := unstarted(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept := string(raw)
		id, err := b.Decode(raw)
		if err != nil && id != "" {
			t.Error("an event and an error")
		}
		if string(raw) != kept {
			t.Error("the update was changed")
		}
	})
}

// FuzzText: whatever is said, Telegram's parser takes it, and the customer
// reads what was said.
func FuzzText(f *testing.F) {
	srv := telegramtest.New(telegramtest.Config{Silent: true, Keep: 10})
	if err := srv.Listen("127.0.0.1:0"); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = srv.Close() })
	b, err := telegram.New(telegram.Config{
		Token: privacy.NewSecret(srv.Token()), APIURL: srv.URL(), Mode: telegram.Polling,
		Quarantine: &quarantine{}, Log: quietLog(), Now: atNoon,
	})
	if err != nil {
		f.Fatal(err)
	}
	c := srv.Customer(1, maria)
	c.Start("")
	f.Add("<b>&amp;</b>", "x\" onclick='", "https://example.org/?a=\"&b=<c>")
	f.Add("a\\nb\x00\x1f\u2028", "\xff\xfe", "tg://user?id=1")
	f.Add("&#60;&lt;&quot;&unknown;", "</a></b>", "javascript:alert(1)")
	f.Add("  ", "😀", "https://\n")
	f.Fuzz(func(t *testing.T, plain, loud, link string) {
		if chat.Units(plain)+chat.Units(loud) > 2000 {
			return
		}
		m := chat.Message{Blocks: []chat.Block{
			{Spans: []chat.Span{{Text: plain}, {Text: loud, Bold: true}}},
			{Kind: chat.Item, Spans: []chat.Span{{Text: "x" + loud, Link: link}, {Text: plain, Bold: true, Link: link}, {Text: "."}}},
		}}
		body := telegram.AppendMessage(nil, 1, 0, &m, telegram.Style{})
		if !json.Valid(body) {
			t.Fatalf("no JSON: %q", body)
		}
		if r := b.Send(t.Context(), turn.Parcel{Conversation: "tg:1", Message: m}); r.Fate != turn.Sent {
			t.Fatalf("refused: %+v", r)
		}
		plain, loud = valid(plain), valid(loud) // on both sides of a span's border
		if got, want := c.Last().Text, shown(plain+loud+"\n• x"+loud+plain+"."); got != want {
			t.Errorf("shown as %q, want %q", got, want)
		}
	})
}

// valid turns each wrong byte into U+FFFD.
func valid(s string) string { return string([]rune(s)) }

// shown is what a text becomes on its way: control characters are blanks, the
// ends are trimmed.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return ' '
		}
		return r
	}, s)
	return strings.TrimFunc(s, unicode.IsSpace)
}

func BenchmarkDecode(b *testing.B) {
	bot := unstarted(b)
	for name, raw := range seeds(b) {
		b.Run(strings.TrimSuffix(name, ".json"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bot.Decode(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func menu() chat.Message {
	m := chat.Message{Blocks: []chat.Block{
		{Spans: []chat.Span{{Text: "Здравствуйте! Это окошко "}, {Text: "«Старогорэнергосбыта»", Bold: true}, {Text: "."}}}, chat.Para("Выберите действие"),
	}, Prompt: true}
	for _, label := range []string{"Передать показания", "Счёт и оплата", "Частые вопросы", "Записаться в офис", "Обращения и заявки", "Ещё"} {
		m.Choices = append(m.Choices, chat.Choice{Token: "c:something", Label: label})
	}
	return m
}

func BenchmarkEncode(b *testing.B) {
	m := menu()
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		out = telegram.AppendMessage(out[:0], 123456789, 0, &m, telegram.Style{})
	}
}

// BenchmarkSend goes over a real connection to a server that costs nearly
// nothing, so that what is counted is ours.
func BenchmarkSend(b *testing.B) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	answer := []byte(`{"ok":true,"result":{"message_id":57,"chat":{"id":1,"type":"private"},"date":1795521600,"text":"x"}}`)
	srv := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("application/json")
		ctx.SetBody(answer)
	}}
	go func() { _ = srv.Serve(ln) }()
	b.Cleanup(func() { _ = srv.Shutdown() })
	bot, err := telegram.New(telegram.Config{
		Token: privacy.NewSecret(telegramtest.DefaultToken), APIURL: "http://" + ln.Addr().String(), Mode: telegram.Polling,
		Quarantine: &quarantine{}, Log: quietLog(), Now: atNoon,
	})
	if err != nil {
		b.Fatal(err)
	}
	p := turn.Parcel{Conversation: "tg:1", Message: menu()}
	b.ReportAllocs()
	for b.Loop() {
		if r := bot.Send(b.Context(), p); r.Fate != turn.Sent {
			b.Fatal(r)
		}
	}
	bot.Idle()
}
