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
	for lang, text := range map[string]string{"Ответ готов": "Документы откроются по кнопкам. Каждая", "The answer": "The buttons open the documents. Each"} {
		two := say(lang)
		two.Files = []chat.File{{ID: "f2", Name: "letter.pdf", Personal: true}, {ID: "f3", Name: "act.pdf", Personal: true}}
		w.sent(c, two, "")
		if last := c.Last(); !strings.Contains(last.Text, text) || len(last.Inline) != 2 {
			t.Errorf("two documents: %q", last.Text)
		}
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
