package telegramtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/bots/telegram/telegramtest"
)

func TestPressCarriesTheMessageAndGetsItsToast(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "Верно?", "reply_markup": buttons("Да", "Нет")})
	p, err := c.Press("Да")
	if err != nil {
		t.Fatal(err)
	}
	q := b.updates(nil)[0]["callback_query"].(object)
	m := q["message"].(object)
	if q["data"] != "d:Да" || m["text"] != "Верно?" || m["reply_markup"] == nil || q["from"].(object)["language_code"] != "ru" || q["chat_instance"] == "" {
		t.Errorf("got %v", q)
	}
	b.refused("answerCallbackQuery", object{"callback_query_id": p.Query, "text": strings.Repeat("я", 201)}, 400, "Bad Request: MESSAGE_TOO_LONG")
	b.must("answerCallbackQuery", object{"callback_query_id": p.Query, "text": "Принято", "show_alert": true})
	a, err := p.Await(soon(t))
	if err != nil || a.Text != "Принято" || !a.Alert || a.After <= 0 {
		t.Errorf("got %+v, %v", a, err)
	}
	old := "Bad Request: query is too old and response timeout expired or query ID is invalid"
	b.refused("answerCallbackQuery", object{"callback_query_id": p.Query}, 400, old)
	b.refused("answerCallbackQuery", object{"callback_query_id": "1"}, 400, old)
	if _, err := c.Press("Никакой"); !errors.Is(err, telegramtest.ErrNoButton) {
		t.Errorf("got %v", err)
	}
}

func TestLateAnswerIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{AnswerWithin: time.Nanosecond})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	p, err := c.Press("Да")
	if err != nil {
		t.Fatal(err)
	}
	b.refused("answerCallbackQuery", object{"callback_query_id": p.Query}, 400,
		"Bad Request: query is too old and response timeout expired or query ID is invalid")
}

func TestPressAgainIsANewUpdateOfTheSamePress(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	p, err := c.Press("Да")
	if err != nil {
		t.Fatal(err)
	}
	again := p.Again()
	u := b.updates(nil)
	first, second := u[0]["callback_query"].(object), u[1]["callback_query"].(object)
	if again.Update == p.Update || again.Query == p.Query || first["data"] != second["data"] || first["id"] == second["id"] {
		t.Errorf("got %v and %v", first, second)
	}
}

func TestStalePressAndDeletedMessage(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	id := b.must("sendMessage", object{"chat_id": 1001, "text": "раз", "reply_markup": buttons("Да")})["message_id"]
	seen := c.Last()
	b.must("editMessageText", object{"chat_id": 1001, "message_id": id, "text": "два"})
	if _, err := c.PressOn(seen, "Да"); err != nil {
		t.Fatal(err)
	}
	b.must("deleteMessage", object{"chat_id": 1001, "message_id": id})
	if _, err := c.PressOn(seen, "Да"); err != nil {
		t.Fatal(err)
	}
	u := b.updates(nil)
	if m := u[0]["callback_query"].(object)["message"].(object); m["text"] != "два" {
		t.Errorf("the update must show the message as it is now: %v", m)
	}
	if m := u[1]["callback_query"].(object)["message"].(object); m["date"] != 0.0 || m["text"] != nil {
		t.Errorf("a deleted message must be inaccessible: %v", m)
	}
}

func TestReplyKeyboardAndContacts(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "Поделитесь номером", "reply_markup": object{
		"keyboard":          [][]any{{object{"text": "Отправить номер", "request_contact": true}}, {"Не сейчас"}},
		"one_time_keyboard": true, "resize_keyboard": true,
	}})
	want := &telegramtest.Keyboard{
		Rows:    [][]telegramtest.Key{{{Text: "Отправить номер", Contact: true}}, {{Text: "Не сейчас"}}},
		OneTime: true, Resize: true,
	}
	if diff := cmp.Diff(want, c.Keyboard()); diff != "" {
		t.Fatal(diff)
	}
	if _, err := c.Press("Отправить номер"); err != nil {
		t.Fatal(err)
	}
	if c.Keyboard() != nil {
		t.Error("a one-time keyboard must go after use")
	}
	c.SendContact(telegramtest.Contact{Phone: "+79990000000", First: "Сосед"})
	c.ForwardContact(telegramtest.Contact{Phone: "79120000000", First: "Мария", UserID: 1001})
	u := b.updates(nil)
	own, foreign, forwarded := u[0]["message"].(object), u[1]["message"].(object), u[2]["message"].(object)
	if own["contact"].(object)["user_id"] != 1001.0 || own["contact"].(object)["phone_number"] != "79120000000" || own["forward_origin"] != nil {
		t.Errorf("own: %v", own)
	}
	if foreign["contact"].(object)["user_id"] != nil {
		t.Errorf("foreign: %v", foreign)
	}
	if forwarded["forward_origin"] == nil || forwarded["forward_date"] == nil {
		t.Errorf("forwarded: %v", forwarded)
	}
}

func TestEditedMessageIsAnEditedMessage(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	m := c.Say("4951")
	if _, err := c.Edit(m, "4952"); err != nil {
		t.Fatal(err)
	}
	u := b.updates(nil)
	e := u[1]["edited_message"].(object)
	if e["text"] != "4952" || e["edit_date"] == nil || int(e["message_id"].(float64)) != m.ID || u[0]["message"].(object)["text"] != "4951" {
		t.Errorf("got %v", u)
	}
	b.must("sendMessage", object{"chat_id": 1001, "text": "x"})
	if _, err := c.Edit(c.Last(), "y"); err == nil {
		t.Error("a customer cannot edit what the bot said")
	}
}

func TestCommandsAreEntities(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.srv.Customer(1001, maria)
	c.Start("link_42")
	c.Say("😀 смотри /menu и a/b /я")
	u := b.updates(nil)
	start := u[0]["message"].(object)
	want := []any{object{"type": "bot_command", "offset": 0.0, "length": 6.0}}
	if diff := cmp.Diff(want, start["entities"]); diff != "" || start["text"] != "/start link_42" {
		t.Error(start["text"], diff)
	}
	want = []any{object{"type": "bot_command", "offset": 10.0, "length": 5.0}}
	if diff := cmp.Diff(want, u[1]["message"].(object)["entities"]); diff != "" {
		t.Error(diff)
	}
}

func TestAwaitWakesAndFails(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	ctx, woken := soon(t), make(chan telegramtest.Message, 1)
	go func() {
		m, _ := c.AwaitText(ctx, "приняты")
		woken <- m
	}()
	b.must("sendMessage", object{"chat_id": 1001, "text": "Показания приняты"})
	m := <-woken
	if m.ID == 0 || m.ID != c.Last().ID {
		t.Fatalf("got %+v", m)
	}
	if next, err := c.AwaitNext(soon(t)); err != nil || next.ID != m.ID {
		t.Errorf("got %+v, %v", next, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.AwaitNext(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "< Показания приняты") {
		t.Errorf("got %v, want the deadline and the transcript", err)
	}
}

func TestTranscript(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "Выберите действие\nСейчас", "reply_markup": buttons("Меню", "Ещё")})
	p, err := c.Press("Меню")
	if err != nil {
		t.Fatal(err)
	}
	b.must("answerCallbackQuery", object{"callback_query_id": p.Query, "text": "уже отвечено"})
	c.SendDocument("акт.pdf", []byte("x"), "вот")
	c.ShareContact()
	id := b.must("sendMessage", object{"chat_id": 1001, "text": "а"})["message_id"]
	b.must("editMessageText", object{"chat_id": 1001, "message_id": id, "text": "б"})
	want := `> /start
< Выберите действие
  Сейчас
   [Меню] [Ещё]
< (toast) уже отвечено
> (document акт.pdf) вот
> (contact Мария)
< б (edited)
`
	if diff := cmp.Diff(want, c.String()); diff != "" {
		t.Error(diff)
	}
}

func TestKeepBoundsMemory(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Keep: 10, Silent: true})
	c := b.talking(1001, maria)
	first := c.Last().ID
	var id any
	for range 100 {
		id = b.must("sendMessage", object{"chat_id": 1001, "text": "x"})["message_id"]
	}
	if n := len(c.Record()); n > 20 || n < 10 {
		t.Errorf("%d messages are kept", n)
	}
	if len(b.srv.Calls()) != 0 {
		t.Error("a silent server has a journal")
	}
	b.must("editMessageText", object{"chat_id": 1001, "message_id": id, "text": "y"})
	b.refused("editMessageText", object{"chat_id": 1001, "message_id": first, "text": "y"}, 400, "Bad Request: message to edit not found")
	if s := b.srv.Stats(); s.Messages != 100 {
		t.Errorf("stats %+v", s)
	}
}
