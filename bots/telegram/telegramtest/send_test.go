package telegramtest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

func TestTokenAndMethodAreChecked(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	for path, want := range map[string]string{
		"/bot" + b.srv.Token() + "/nothing":                         `{"ok":false,"error_code":404,"description":"Not Found"}`,
		"/bot123:short/getMe":                                       `{"ok":false,"error_code":404,"description":"Not Found"}`,
		"/bot123:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/getMe":         `{"ok":false,"error_code":401,"description":"Unauthorized"}`,
		"/file/bot123:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x/file_0": `{"ok":false,"error_code":401,"description":"Unauthorized"}`,
		"/file/bot" + b.srv.Token() + "/documents/file_0":           `{"ok":false,"error_code":404,"description":"Not Found"}`,
		"/":                                   `{"ok":false,"error_code":404,"description":"Not Found"}`,
		"/bot" + b.srv.Token() + "/GETME?x=1": `{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"Okoshko","username":"okoshko_test_bot","can_join_groups":false,"can_read_all_group_messages":false,"supports_inline_queries":false}}`,
	} {
		resp, err := http.Get(b.srv.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if string(body) != want {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestCallsComeInEveryEncoding(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	keyboard := `{"inline_keyboard":[[{"text":"Да","callback_data":"y"}]]}`
	form := url.Values{"chat_id": {"1001"}, "text": {"привет & <тест>"}, "reply_markup": {keyboard}}
	multi, kind := multipartBody(t, form, "", nil)
	for name, do := range map[string]func() (*http.Response, error){
		"query": func() (*http.Response, error) { return http.Get(b.url("sendMessage") + "?" + form.Encode()) },
		"form":  func() (*http.Response, error) { return http.PostForm(b.url("sendMessage"), form) },
		"json, numbers as they are": func() (*http.Response, error) {
			return http.Post(b.url("sendMessage"), "application/json; charset=utf-8",
				strings.NewReader(`{"chat_id":1001 , "text":"привет \u0026 <тест>","reply_markup":`+keyboard+`}`))
		},
		"json, all strings": func() (*http.Response, error) {
			return http.Post(b.url("sendMessage"), "application/json",
				strings.NewReader(fmt.Sprintf(`{"chat_id":"1001","text":"привет & <тест>","reply_markup":%q}`, keyboard)))
		},
		"multipart": func() (*http.Response, error) { return http.Post(b.url("sendMessage"), kind, multi) },
	} {
		c.SkipUnread()
		resp, err := do()
		if err != nil {
			t.Fatal(err)
		}
		if r, err := read(resp); err != nil || !r.OK {
			t.Errorf("%s: %s %v", name, r.Description, err)
		}
		m, _ := c.Next()
		if m.Text != "привет & <тест>" || len(m.Inline) != 1 || m.Inline[0][0].Data != "y" {
			t.Errorf("%s: got %+v", name, m)
		}
	}
	resp, err := http.Post(b.url("sendMessage"), "application/json", strings.NewReader(`{"chat_id":1001,`))
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := read(resp); r.Code != 400 {
		t.Errorf("broken JSON gave %d", r.Code)
	}
}

func TestSendMessageRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.talking(1001, maria)
	b.srv.Customer(1002, maria) // has not written
	long := strings.Repeat("я", 4096)
	for _, x := range []struct {
		params object
		want   string
	}{
		{object{"text": "x"}, "chat_id is empty"},
		{object{"chat_id": 77, "text": "x"}, "chat not found"},
		{object{"chat_id": "@nobody", "text": "x"}, "chat not found"},
		{object{"chat_id": 1002, "text": "x"}, "chat not found"},
		{object{"chat_id": 1001}, "message text is empty"},
		{object{"chat_id": 1001, "text": " \n "}, "text must be non-empty"},
		{object{"chat_id": 1001, "text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"},
		{object{"chat_id": 1001, "text": long + "я"}, "message is too long"},
		{object{"chat_id": 1001, "text": strings.Repeat("😀", 2049)}, "message is too long"},
		{object{"chat_id": 1001, "text": "x", "parse_mode": "Nonsense"}, "unsupported parse_mode"},
		{object{"chat_id": 1001, "text": "<b>x", "parse_mode": "HTML"}, `can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{object{"chat_id": 1001, "text": "x", "reply_to_message_id": 99}, "message to be replied not found"},
		{object{"chat_id": 1001, "text": "x", "reply_markup": object{}}, "object expected as reply markup"},
		{object{"chat_id": 1001, "text": "x", "reply_markup": []int{1}}, "can't parse reply keyboard markup JSON object"},
	} {
		b.refused("sendMessage", x.params, 400, "Bad Request: "+x.want)
	}
	b.must("sendMessage", object{"chat_id": 1001, "text": long})
	b.must("sendMessage", object{"chat_id": 1001, "text": "<b>" + long + "</b>", "parse_mode": "HTML"})
	b.must("sendMessage", object{"chat_id": 1001, "text": "x", "reply_parameters": object{"message_id": 99, "allow_sending_without_reply": true}})
}

func TestButtonsAreChecked(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.talking(1001, maria)
	button := func(data string) object { return object{"text": "x", "callback_data": data} }
	rows := func(n, m int) [][]object {
		out := make([][]object, n)
		for i := range out {
			for range m {
				out[i] = append(out[i], button("y"))
			}
		}
		return out
	}
	for _, x := range []struct {
		rows any
		want string // "" for success
	}{
		{[][]object{{button("")}}, "BUTTON_DATA_INVALID"},
		{[][]object{{button(strings.Repeat("a", 64))}}, ""},
		{[][]object{{button(strings.Repeat("a", 65))}}, "BUTTON_DATA_INVALID"},
		{[][]object{{button(strings.Repeat("я", 33))}}, "BUTTON_DATA_INVALID"},
		{[][]object{{{"text": "x"}}}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{[][]object{{{"callback_data": "x"}}}, `can't parse inline keyboard button: Field "text" must be of type String`},
		{[][]object{{{"text": "x", "url": "ftp://example.org"}}}, "inline keyboard button URL 'ftp://example.org' is invalid: Wrong HTTP URL"},
		{[][]object{{{"text": "x", "url": "https://example.org"}}}, ""},
		{rows(1, 8), ""},
		{rows(1, 9), "REPLY_MARKUP_TOO_LONG"},
		{rows(20, 5), ""},
		{append(rows(20, 5), rows(1, 1)...), "REPLY_MARKUP_TOO_LONG"},
	} {
		params := object{"chat_id": 1001, "text": "?", "reply_markup": object{"inline_keyboard": x.rows}}
		if x.want == "" {
			b.must("sendMessage", params)
		} else {
			b.refused("sendMessage", params, 400, "Bad Request: "+x.want)
		}
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	id := b.must("sendMessage", object{"chat_id": 1001, "text": "<b>раз</b>", "parse_mode": "HTML", "reply_markup": buttons("Да")})["message_id"]
	edit := func(more object) object {
		o := object{"chat_id": 1001, "message_id": id}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	notModified := "Bad Request: message is not modified: specified new message content and reply markup are exactly the same " +
		"as a current content and reply markup of the message"
	b.refused("editMessageText", edit(object{"text": "<b>раз</b>", "parse_mode": "HTML", "reply_markup": buttons("Да")}), 400, notModified)
	b.refused("editMessageReplyMarkup", edit(object{"reply_markup": buttons("Да")}), 400, notModified)
	b.refused("editMessageText", edit(object{"text": ""}), 400, "Bad Request: message text is empty")
	b.refused("editMessageText", object{"chat_id": 1001, "text": "x"}, 400, "Bad Request: message identifier is not specified")
	b.refused("editMessageText", edit(object{"message_id": 99, "text": "x"}), 400, "Bad Request: message to edit not found")
	b.refused("editMessageText", edit(object{"message_id": c.Record()[0].ID, "text": "x"}), 400, "Bad Request: message can't be edited")
	b.refused("editMessageText", edit(object{"text": "x", "reply_markup": object{"remove_keyboard": true}}), 400, "Bad Request: inline keyboard expected")

	// The same words without the bold are another text; no markup takes the
	// buttons away.
	got := b.must("editMessageText", edit(object{"text": "раз"}))
	if got["edit_date"] == nil || got["reply_markup"] != nil || got["message_id"] != id {
		t.Errorf("got %v", got)
	}
	m := c.Last()
	if len(m.History) != 2 || m.History[0].Labels[0] != "Да" || len(m.Inline) != 0 || m.EditDate.IsZero() {
		t.Errorf("got %+v", m)
	}
	for _, keyboard := range []object{
		{"keyboard": [][]object{{{"text": "Телефон", "request_contact": true}}}},
		{"force_reply": true},
		{"remove_keyboard": true},
	} {
		id = b.must("sendMessage", object{"chat_id": 1001, "text": "x", "reply_markup": keyboard})["message_id"]
		b.refused("editMessageText", edit(object{"text": "y"}), 400, "Bad Request: message can't be edited")
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := open(t, telegramtest.Config{Now: func() time.Time { return now }})
	c := b.talking(1001, maria)
	id := b.must("sendMessage", object{"chat_id": 1001, "text": "x"})["message_id"]
	b.refused("deleteMessage", object{"chat_id": 1001, "message_id": 99}, 400, "Bad Request: message to delete not found")
	b.must("deleteMessage", object{"chat_id": 1001, "message_id": id})
	if n, all := len(c.Messages()), len(c.Record()); n != 1 || all != 2 {
		t.Errorf("%d messages visible of %d", n, all)
	}
	b.refused("editMessageText", object{"chat_id": 1001, "message_id": id, "text": "y"}, 400, "Bad Request: message to edit not found")
	id = b.must("sendMessage", object{"chat_id": 1001, "text": "x"})["message_id"]
	now = now.Add(49 * time.Hour)
	b.refused("deleteMessage", object{"chat_id": 1001, "message_id": id}, 400, "Bad Request: message can't be deleted for everyone")
}

func TestBlockedBot(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	c.Block()
	u := b.updates(nil)[0]["my_chat_member"].(object)
	if u["new_chat_member"].(object)["status"] != "kicked" || u["old_chat_member"].(object)["status"] != "member" {
		t.Errorf("got %v", u)
	}
	b.refused("sendMessage", object{"chat_id": 1001, "text": "x"}, 403, "Forbidden: bot was blocked by the user")
	b.refused("sendChatAction", object{"chat_id": 1001, "action": "typing"}, 403, "Forbidden: bot was blocked by the user")
	c.Unblock()
	b.must("sendMessage", object{"chat_id": 1001, "text": "x"})
	c.Leave()
	b.refused("sendMessage", object{"chat_id": 1001, "text": "x"}, 403, "Forbidden: user is deactivated")
}

func TestChatActionShowsUntilTheMessage(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: time.Second})
	c := b.talking(1001, maria)
	b.refused("sendChatAction", object{"chat_id": 1001, "action": "dancing"}, 400, "Bad Request: wrong parameter action in request")
	b.must("sendChatAction", object{"chat_id": 1001, "action": "typing"})
	if !c.Typing() {
		t.Error("not typing")
	}
	b.must("sendMessage", object{"chat_id": 1001, "text": "x"})
	if c.Typing() {
		t.Error("still typing after the message")
	}
}

func TestCommandMenus(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	ru, en := b.talking(1001, maria), b.talking(1002, telegramtest.Profile{Language: "en"})
	set := func(more object) {
		t.Helper()
		b.must("setMyCommands", more)
	}
	list := func(text string) []object { return []object{{"command": "menu", "description": text}} }
	first := func(c *telegramtest.Customer) string {
		if l := c.Commands(); len(l) > 0 {
			return l[0].Description
		}
		return ""
	}
	set(object{"commands": list("default")})
	set(object{"commands": list("по-русски"), "language_code": "ru"})
	if first(ru) != "по-русски" || first(en) != "default" {
		t.Errorf("got %q, %q", first(ru), first(en))
	}
	set(object{"commands": list("private"), "scope": object{"type": "all_private_chats"}})
	if first(ru) != "private" {
		t.Errorf("a narrower scope must win over the language: got %q", first(ru))
	}
	set(object{"commands": list("yours"), "scope": object{"type": "chat", "chat_id": 1002}})
	if first(en) != "yours" || first(ru) != "private" {
		t.Errorf("got %q, %q", first(en), first(ru))
	}
	b.must("deleteMyCommands", object{"scope": object{"type": "all_private_chats"}})
	if first(ru) != "по-русски" {
		t.Errorf("got %q after the deletion", first(ru))
	}
	r := b.call("getMyCommands", object{"language_code": "ru"})
	if string(r.Result) != `[{"command":"menu","description":"по-русски"}]` {
		t.Errorf("got %s", r.Result)
	}
	b.refused("setMyCommands", object{"commands": []object{{"command": "Меню", "description": "x"}}}, 400, "Bad Request: BOT_COMMAND_INVALID")
	b.refused("setMyCommands", object{"commands": []object{{"command": "menu", "description": ""}}}, 400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
	b.refused("setMyCommands", object{"commands": make([]object, 101)}, 400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
	b.refused("setMyCommands", object{"commands": list("x"), "language_code": "russian"}, 400, "Bad Request: LANGUAGE_CODE_INVALID")
	b.refused("setMyCommands", object{"commands": list("x"), "scope": object{"type": "moon"}}, 400, "Bad Request: can't parse BotCommandScope: unsupported type specified")
}

func TestEventTimeIsTheClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 3, 25, 20, 59, 59, 999, time.UTC)
	b := open(t, telegramtest.Config{Now: func() time.Time { return at }})
	c := b.srv.Customer(1001, maria)
	c.Say("4951")
	if got := b.updates(nil)[0]["message"].(object)["date"]; got != float64(at.Unix()) {
		t.Errorf("date %v, want %d in seconds", got, at.Unix())
	}
	if got := b.must("sendMessage", object{"chat_id": 1001, "text": "x"})["date"]; got != float64(at.Unix()) {
		t.Errorf("date of the answer %v", got)
	}
}
