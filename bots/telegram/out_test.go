package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// quiet is a world in which the bot does not run: it only sends.
func quiet(t *testing.T, change func(*telegram.Config)) *world {
	t.Helper()
	return open(t, telegram.Polling, change)
}

func TestMessageAsTheCustomerSeesIt(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	m := chat.Message{
		Blocks: []chat.Block{
			{Spans: []chat.Span{{Text: "Счёт <за> \"октябрь\" & "}, {Text: "1 842,53 ₽", Bold: true}}},
			{Kind: chat.Item, Spans: []chat.Span{{Text: "\\ 😀 "}, {Text: "условия", Link: "https://example.org/?a=1&b=\"2\""}}},
			{Kind: chat.Item, Spans: []chat.Span{{Text: "оба", Bold: true, Link: "https://example.org"}, {Text: "без", Link: "javascript:1"}}},
		},
		Choices: []chat.Choice{
			{Token: "a:1.1:yes", Label: "Да"},
			{Token: "a:1.1:no", Label: "Нет \"<&"},
			{Label: "Оплатить", Link: "https://example.org/pay?x=1&y=2"},
			{Token: "c:menu", Label: "Меню", Wide: true},
		},
	}
	w.sent(c, m, "")
	got := c.Last()
	want := "Счёт <за> \"октябрь\" & 1 842,53 ₽\n• \\ 😀 условия\n• оба" + "без"
	if got.Text != want {
		t.Errorf("text %q, want %q", got.Text, want)
	}
	var kinds []string
	for _, e := range got.Entities {
		kinds = append(kinds, fmt.Sprint(e.Type, e.Offset, "+", e.Length, e.URL))
	}
	if diff := cmp.Diff([]string{
		"bold22+10", "text_link40+7https://example.org/?a=1&b=\"2\"", "text_link50+3https://example.org", "bold50+3",
	}, kinds); diff != "" {
		t.Error(diff)
	}
	var rows [][]string
	for _, row := range got.Inline {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Text+"|"+b.Data+b.URL)
		}
		rows = append(rows, labels)
	}
	if diff := cmp.Diff([][]string{
		{"Да|a:1.1:yes", "Нет \"<&|a:1.1:no"}, {"Оплатить|https://example.org/pay?x=1&y=2"}, {"Меню|c:menu"},
	}, rows); diff != "" {
		t.Error(diff)
	}
}

func TestLongTextsFit(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	long := say(strings.Repeat("<слово> & 😀 ", 1500))
	parts := chat.Fit(long, w.bot.Caps())
	for _, part := range parts {
		w.sent(c, part, "")
	}
	if len(parts) < 4 || len(c.Messages()) != 1+len(parts) {
		t.Errorf("%d parts, %d messages", len(parts), len(c.Messages()))
	}
}

func TestEditing(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	m := say("Раз")
	m.Choices = []chat.Choice{{Token: "x", Label: "Да"}}
	first := w.sent(c, m, "")
	if again := w.sent(c, m, first.Foreign); again.Foreign != first.Foreign {
		t.Errorf("not modified: %+v", again)
	}
	if edited := w.sent(c, say("Два"), first.Foreign); edited.Foreign != first.Foreign || c.Last().Text != "Два" || len(c.Last().Inline) != 0 {
		t.Errorf("edited: %+v, %+v", edited, c.Last())
	}
	for _, missing := range []string{"999", "1"} { // gone; the customer's own
		anew := w.sent(c, say("Заново "+missing), missing)
		if anew.Foreign == missing || c.Last().Text != "Заново "+missing {
			t.Errorf("anew: %+v", anew)
		}
	}
	w.files["f.txt"] = []byte("abc")
	file := w.sent(c, chat.Message{Files: []chat.File{{ID: "f.txt"}}}, "")
	if anew := w.sent(c, say("Вместо файла"), file.Foreign); anew.Foreign == file.Foreign {
		t.Errorf("a file was edited: %+v", anew)
	}
}

func TestAPlaceIsAskedFor(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil).ready()
	c := w.customer(1)
	ask := say("Where are you?")
	ask.Expect = chat.Location
	ask.Choices = []chat.Choice{{Token: "b", Label: "Back"}}
	w.sent(c, ask, "")
	k := c.Keyboard()
	if k == nil || len(k.Rows) != 2 || !k.Rows[0][0].Location || k.Rows[0][0].Text != "Share my location" || k.Rows[1][0].Text != "Back" {
		t.Fatalf("keyboard %+v\n%s", k, c)
	}
}

func TestContactIsAskedForAndTheKeyboardGoes(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil).ready()
	c := w.customer(1)
	ask := say("Поделитесь номером")
	ask.Expect = chat.Contact
	ask.Choices = []chat.Choice{{Token: "b", Label: "Назад"}, {Label: "Правила", Link: "https://example.org/r"}}
	w.sent(c, ask, "")
	k := c.Keyboard()
	if k == nil || len(k.Rows) != 2 || !k.Rows[0][0].Contact || k.Rows[0][0].Text != "Отправить мой номер" || k.Rows[1][0].Text != "Назад" || !k.OneTime {
		t.Fatalf("keyboard %+v\n%s", k, c)
	}
	if last := c.Last(); last.Text != "Поделитесь номером\nПравила" || len(last.Entities) != 1 {
		t.Errorf("text %q, %+v", last.Text, last.Entities)
	}
	if _, err := c.Press("Отправить мой номер"); err != nil {
		t.Fatal(err)
	}
	if ev := w.one(); ev.Phone == nil || !ev.Phone.Own {
		t.Errorf("event %+v", ev)
	}
	w.sent(c, say("Спасибо"), "")
	if last := c.Last(); last.Keyboard == nil || !last.Keyboard.Remove {
		t.Errorf("keyboard of the answer %+v", last.Keyboard)
	}
	w.sent(c, ask, "")
	menu := say("Меню")
	menu.Choices = []chat.Choice{{Token: "m", Label: "Да"}}
	sent := w.sent(c, menu, "")
	if c.Keyboard() != nil || len(c.Last().Inline) != 1 || strconv.Itoa(c.Last().ID) != sent.Foreign {
		t.Errorf("keyboard %+v\n%s", c.Keyboard(), c)
	}
	w.sent(c, say("Конец"), "")
	if c.Last().Keyboard != nil {
		t.Error("a keyboard was removed twice")
	}
}

func TestFilesOut(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	w.files["a.jpg"], w.files["b.pdf"], w.files["long.jpg"] = picture(t, 100, 80), []byte("%PDF-1"), picture(t, 4000, 20)
	m := say("Ваш <счёт>")
	m.Files = []chat.File{{ID: "a.jpg", Name: "фото.jpg", Image: true}, {ID: "long.jpg", Image: true}, {ID: "gone"}, {ID: "b.pdf", Name: "счёт.pdf"}}
	m.Choices = []chat.Choice{{Token: "ok", Label: "Да"}}
	report := w.sent(c, m, "")
	var got []string
	for _, m := range c.Messages()[1:] {
		got = append(got, fmt.Sprint(m.File.Kind, " ", m.File.Name, " ", m.File.Size(), " ", m.Text, " ", m.Labels()))
	}
	if diff := cmp.Diff([]string{
		fmt.Sprint("photo  ", len(w.files["a.jpg"]), " Ваш <счёт> []"),
		fmt.Sprint("document long.jpg ", len(w.files["long.jpg"]), "  []"),
		"document счёт.pdf 6  [Да]",
	}, got); diff != "" {
		t.Error(diff)
	}
	if report.Foreign != strconv.Itoa(c.Last().ID) {
		t.Errorf("report %+v", report)
	}
	m = say(strings.Repeat("а", 1025))
	m.Files = []chat.File{{ID: "b.pdf"}}
	w.sent(c, m, "")
	all := c.Messages()
	if last := all[len(all)-1]; last.File == nil || last.Text != "" || all[len(all)-2].Text != m.Plain() {
		t.Errorf("a long caption: %s", c)
	}
	if r := w.send(c, chat.Message{Files: []chat.File{{ID: "gone"}}}, ""); r.Fate != turn.Refused {
		t.Errorf("a file that is gone: %+v", r)
	}
}

func TestFilesGoOnWhereTheyStopped(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	w.files["a"], w.files["b"] = []byte("a"), []byte("b")
	m := chat.Message{Files: []chat.File{{ID: "a"}, {ID: "b"}}}
	w.srv.Fault(telegramtest.Fault{Method: "sendDocument", After: 1, Code: 502})
	if r := w.send(c, m, ""); r.Fate != turn.Later {
		t.Fatalf("report %+v", r)
	}
	w.sent(c, m, "")
	if all := c.Messages(); len(all) != 3 || all[1].File.Name != "a" || all[2].File.Name != "b" {
		t.Errorf("chat:\n%s", c)
	}
}

type links struct{ fail error }

func (l links) OneTime(_ context.Context, f chat.File, c chat.Conversation) (string, error) {
	return "https://example.org/once/" + f.ID + "/" + c.Peer(), l.fail
}

func TestPersonalFileBecomesALink(t *testing.T) {
	t.Parallel()
	m := say("Счёт готов")
	m.Files = []chat.File{{ID: "f1", Name: "Счёт за октябрь.pdf", Personal: true}}
	m.Choices = []chat.Choice{{Token: "c:menu", Label: "Меню"}}
	w := quiet(t, func(c *telegram.Config) { c.Links = links{} })
	c := w.customer(1)
	w.sent(c, m, "")
	last := c.Last()
	if b, ok := last.Button("Открыть: Счёт за октябрь.pdf"); !ok || b.URL != "https://example.org/once/f1/1" || last.File != nil {
		t.Errorf("chat:\n%s", c)
	}
	if !strings.HasPrefix(last.Text, "Счёт готов\nДокумент откроется") || len(last.Inline) != 2 {
		t.Errorf("text %q", last.Text)
	}
	english := say("Your bill")
	english.Files = m.Files
	w.sent(c, english, "")
	if _, ok := c.Last().Button("Open: Счёт за октябрь.pdf"); !ok {
		t.Errorf("chat:\n%s", c)
	}
	for fail, fate := range map[error]turn.Fate{fault.New(fault.Unavailable, "x"): turn.Later, fault.New(fault.NotFound, "x"): turn.Refused} {
		w := quiet(t, func(c *telegram.Config) { c.Links = links{fail} })
		if r := w.send(w.customer(1), m, ""); r.Fate != fate {
			t.Errorf("%v: %+v", fail, r)
		}
	}
	if r := quiet(t, nil).send(c, m, ""); r.Fate != turn.Refused {
		t.Errorf("without links: %+v", r)
	}
}

func TestFates(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	tests := []struct {
		name  string
		fault telegramtest.Fault
		fate  turn.Fate
		why   string
		after time.Duration
	}{
		{"429", telegramtest.Fault{Code: 429, RetryAfter: 17}, turn.Later, "too many requests", 17 * time.Second},
		{"blocked", telegramtest.Fault{Code: 403}, turn.Refused, "blocked", 0},
		{"deactivated", telegramtest.Fault{Code: 403, Description: "Forbidden: user is deactivated"}, turn.Refused, "deactivated", 0},
		{"chat not found", telegramtest.Fault{Code: 400}, turn.Refused, "chat not found", 0},
		{"malformed", telegramtest.Fault{Code: 400, Description: "Bad Request: BUTTON_DATA_INVALID"}, turn.Refused, "malformed", 0},
		{"502 in HTML", telegramtest.Fault{Code: 502}, turn.Later, "status 502", 0},
		{"500 in JSON", telegramtest.Fault{Code: 500, Description: "Internal Server Error"}, turn.Later, "status 500", 0},
		{"token revoked", telegramtest.Fault{Code: 401, Description: "Unauthorized"}, turn.Later, "status 401", 0},
		{"reset", telegramtest.Fault{Effect: telegramtest.Reset}, turn.Later, "connection", 0},
		{"reset after effect", telegramtest.Fault{Effect: telegramtest.ResetAfter}, turn.Later, "connection", 0},
		{"cut", telegramtest.Fault{Effect: telegramtest.Cut}, turn.Later, "", 0},
		{"silence", telegramtest.Fault{Effect: telegramtest.Hang, Delay: 200 * time.Millisecond}, turn.Later, "timeout", 0},
		{"silence after effect", telegramtest.Fault{Effect: telegramtest.HangAfter, Delay: 200 * time.Millisecond}, turn.Later, "timeout", 0},
	}
	for _, tt := range tests {
		w.srv.ClearFaults()
		calls := w.srv.Stats().Calls
		tt.fault.Method = "sendMessage"
		w.srv.Fault(tt.fault)
		if tt.fault.Delay > 0 {
			w.bot.CallWithin(tt.fault.Delay / 4)
		}
		r := w.send(c, say(tt.name), "")
		w.bot.CallWithin(5 * time.Second)
		if r.Fate != tt.fate || tt.why != "" && r.Why != tt.why || tt.after > 0 && r.After != tt.after || r.Fate == turn.Later && r.After <= 0 {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if made := w.srv.Stats().Calls - calls; made != 1 {
			t.Errorf("%s: %d calls", tt.name, made)
		}
		w.sent(c, say("цел"), "")
	}
	blocked := w.customer(2)
	blocked.Block()
	if r := w.send(blocked, say("x"), ""); r.Fate != turn.Refused || r.Why != "blocked" {
		t.Errorf("blocked: %+v", r)
	}
	if r := w.send(w.srv.Customer(3, maria), say("x"), ""); r.Fate != turn.Refused || r.Why != "chat not found" {
		t.Errorf("never started: %+v", r)
	}
	if r := w.bot.Send(t.Context(), turn.Parcel{Conversation: "web:1", Message: say("x")}); r.Fate != turn.Refused {
		t.Errorf("another channel's: %+v", r)
	}
}

func TestMarkupThatIsRefused(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	w.srv.Fault(telegramtest.Fault{Method: "sendMessage", Code: 400, Description: "Bad Request: can't parse entities: Unsupported start tag"})
	m := chat.Message{Blocks: []chat.Block{{Spans: []chat.Span{{Text: "<b>", Bold: true}, {Text: "там", Link: "https://example.org"}}}}}
	w.sent(c, m, "")
	if got := c.Last(); got.Text != "<b>там (https://example.org)" || len(got.Entities) != 0 {
		t.Errorf("as plain text: %+v", got)
	}
	m = say("Ссылка")
	m.Choices = []chat.Choice{{Label: "Открыть", Link: "http://nowhere/x"}, {Token: "m", Label: "Меню"}}
	w.sent(c, m, "")
	if got := c.Last(); got.Text != "Ссылка\nОткрыть" || len(got.Inline) != 1 {
		t.Errorf("a link that is no button: %+v", got)
	}
}

func TestBackOffDoublesPerChatAndEnds(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c, other := w.customer(1), w.customer(2)
	remove := w.srv.Fault(telegramtest.Fault{Chat: 1, Times: -1, Code: 500})
	var last time.Duration
	for range 8 {
		last = w.send(c, say("x"), "").After
	}
	if last < 14*time.Millisecond || last > 20*time.Millisecond { // the test's longest
		t.Errorf("after eight failures: %v", last)
	}
	w.sent(other, say("y"), "")
	remove()
	w.sent(c, say("x"), "")
	w.srv.Fault(telegramtest.Fault{Chat: 1, Code: 500})
	if r := w.send(c, say("x"), ""); r.After > time.Millisecond {
		t.Errorf("after a success: %v", r.After)
	}
}

func TestTooManyRequestsForTheWholeBot(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil).ready()
	c := w.customer(1)
	m := say("?")
	m.Choices = []chat.Choice{{Token: "y", Label: "Да"}}
	w.sent(c, m, "")
	w.srv.Fault(telegramtest.Fault{Method: "answerCallbackQuery", Code: 429, RetryAfter: 30})
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	w.until("the bot is held", func() bool { return w.status().HeldSeconds > 0 })
	calls := w.srv.Stats().Messages
	if r := w.send(c, say("x"), ""); r.Fate != turn.Later || r.After < 20*time.Second || w.srv.Stats().Messages != calls {
		t.Errorf("report %+v", r)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil).ready()
	c := w.customer(1)
	data := bytes.Repeat([]byte("0123456789"), 100_000)
	c.SendDocument("акт.pdf", data, "")
	id := w.one().Files[0].ID
	fetch := func(id string) ([]byte, error) {
		r, err := w.bot.Fetch(soon(t), id)
		if err != nil {
			return nil, err
		}
		defer func() { _ = r.Close() }()
		return io.ReadAll(r)
	}
	if got, err := fetch(id); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if _, err := fetch("unknown"); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
	for _, f := range []telegramtest.Fault{
		{Method: "getFile", Code: 502},
		{Method: "getFile", Effect: telegramtest.Reset},
		{Method: "getFile", Code: 429},
		{Method: "file", Code: 404},
		{Method: "file", Code: 502},
		{Method: "file", Effect: telegramtest.Reset, Times: -1},
		{Method: "file", Effect: telegramtest.Cut},
	} {
		w.srv.ClearFaults()
		w.srv.Fault(f)
		if _, err := fetch(id); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	w.srv.ClearFaults()
	w.srv.Fault(telegramtest.Fault{Method: "getFile", Code: 403, Description: "Forbidden"})
	if _, err := fetch(id); !fault.Is(err, fault.Denied) {
		t.Errorf("denied: %v", err)
	}
	w.engine.forget()
	c.SendDocument("фильм.mp4", make([]byte, 20<<20+1), "")
	ev := w.one()
	if _, err := fetch(ev.Files[0].ID); !fault.Is(err, fault.Invalid) || ev.Files[0].Size != 20<<20+1 {
		t.Errorf("too large: %v", err)
	}
}

func TestUploadingShowsWhenItTakesLong(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	w.files["a"] = []byte("a")
	w.srv.Fault(telegramtest.Fault{Method: "sendDocument", Effect: telegramtest.Slow, Delay: 60 * time.Millisecond})
	w.sent(c, chat.Message{Files: []chat.File{{ID: "a"}}}, "")
	if _, err := w.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "sendChatAction" && c.Code == 200 }); err != nil {
		t.Error(err)
	}
}
