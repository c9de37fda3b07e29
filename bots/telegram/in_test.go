package telegram_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// both runs a test by webhook and by polling.
func both(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	for _, mode := range []telegram.Mode{telegram.Webhook, telegram.Polling} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			test(t, open(t, mode, nil).ready())
		})
	}
}

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestText(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c := w.customer(1001)
		before := time.Now().Add(-2 * time.Second)
		m := c.Say("передать показания")
		ev := w.one()
		want := dialog.Event{
			ID: fmt.Sprintf("tg:7000000001:%d:%s", m.Update, strconv.FormatInt(m.Date.Unix(), 36)), Conversation: "tg:1001", Kind: dialog.Text,
			At: m.Date.UTC(), Now: ev.Now, Text: "передать показания", Language: "ru", Foreign: strconv.Itoa(m.ID),
		}
		if diff := cmp.Diff(want, ev); diff != "" {
			t.Error(diff)
		}
		if ev.Now.Before(before) || ev.At.Before(before) {
			t.Errorf("times %v and %v", ev.At, ev.Now)
		}
	})
}

func TestStartPayloadAndCommandsAreTexts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		w.srv.Customer(1, maria).Start("token-17")
		if ev := w.one(); ev.Kind != dialog.Text || ev.Text != "/start token-17" {
			t.Errorf("event %+v", ev)
		}
	})
}

func TestPressIsAnsweredWithTheToast(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c := w.customer(1)
		w.engine.set(func(e *engine) { e.toast = "Уже отвечено" + strings.Repeat("!", 300) })
		m := say("Отправить?")
		m.Choices = []chat.Choice{{Token: "a:1.2:yes", Label: "Да"}}
		report := w.sent(c, m, "")
		p, err := c.Press("Да")
		if err != nil {
			t.Fatal(err)
		}
		a, err := p.Await(soon(t))
		if err != nil || !strings.HasPrefix(a.Text, "Уже отвечено!") {
			t.Errorf("answer %+v, %v", a, err)
		}
		ev := w.one()
		if ev.Kind != dialog.Press || ev.Text != "a:1.2:yes" || ev.Label != "Да" || ev.Foreign != report.Foreign || !ev.At.Equal(ev.Now) {
			t.Errorf("event %+v", ev)
		}
		call, err := w.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "answerCallbackQuery" })
		if err != nil || call.InAnswer != (w.cfg.Mode == telegram.Webhook) {
			t.Errorf("answered by %+v, %v", call, err)
		}
	})
}

func TestKindsOfMessages(t *testing.T) {
	t.Parallel()
	small, large := 40, 400
	tests := []struct {
		name string
		do   func(t *testing.T, c *telegramtest.Customer)
		fits func(ev dialog.Event) bool
	}{
		{"photo, largest size", func(t *testing.T, c *telegramtest.Customer) {
			if _, err := c.SendPhoto(picture(t, large, small), "счётчик"); err != nil {
				t.Fatal(err)
			}
		}, func(ev dialog.Event) bool {
			return ev.Kind == dialog.Upload && ev.Text == "счётчик" && len(ev.Files) == 1 && ev.Files[0].Image &&
				ev.Files[0].Type == "image/jpeg" && ev.Files[0].Size > 700
		}},
		{
			"document", func(_ *testing.T, c *telegramtest.Customer) { c.SendDocument("../акт.pdf", []byte("%PDF"), "") },
			func(ev dialog.Event) bool {
				return ev.Kind == dialog.Upload && ev.Files[0].Name == "акт.pdf" && ev.Files[0].Type == "application/pdf" && ev.Files[0].Size == 4
			},
		},
		{
			"own contact", func(_ *testing.T, c *telegramtest.Customer) { c.ShareContact() },
			func(ev dialog.Event) bool {
				return ev.Kind == dialog.Contact && *ev.Phone == dialog.SharedContact{Phone: "+79120000000", Own: true}
			},
		},
		{"somebody's contact", func(_ *testing.T, c *telegramtest.Customer) {
			c.SendContact(telegramtest.Contact{Phone: "+7 913 000-00-00", First: "Пётр", UserID: 5})
		}, func(ev dialog.Event) bool {
			return ev.Kind == dialog.Contact && *ev.Phone == dialog.SharedContact{Phone: "+79130000000"}
		}},
		{"own contact, forwarded", func(_ *testing.T, c *telegramtest.Customer) {
			c.ForwardContact(telegramtest.Contact{Phone: "79120000000", First: "Мария", UserID: c.ID()})
		}, func(ev dialog.Event) bool { return ev.Kind == dialog.Contact && !ev.Phone.Own }},
		{
			"location", func(_ *testing.T, c *telegramtest.Customer) { c.SendLocation(57.15, 65.53) },
			func(ev dialog.Event) bool {
				return ev.Kind == dialog.Location && *ev.Place == dialog.Place{Latitude: 57.15, Longitude: 65.53}
			},
		},
		{
			"voice", func(_ *testing.T, c *telegramtest.Customer) { c.SendVoice(3) },
			func(ev dialog.Event) bool { return ev.Kind == dialog.Unsupported },
		},
		{
			"video", func(_ *testing.T, c *telegramtest.Customer) { c.SendVideo(3) },
			func(ev dialog.Event) bool { return ev.Kind == dialog.Unsupported },
		},
		{
			"sticker", func(_ *testing.T, c *telegramtest.Customer) { c.SendSticker() },
			func(ev dialog.Event) bool { return ev.Kind == dialog.Unsupported },
		},
	}
	w := open(t, telegram.Webhook, nil).ready()
	for i, tt := range tests {
		c := w.customer(int64(100 + i))
		tt.do(t, c)
		if ev := w.one(); !tt.fits(ev) {
			t.Errorf("%s: event %+v, files %+v, phone %+v", tt.name, ev, ev.Files, ev.Phone)
		}
	}
}

func TestAlbumAndEdit(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c := w.customer(1)
		if _, err := c.Album("два счётчика", picture(t, 50, 50), picture(t, 60, 60)); err != nil {
			t.Fatal(err)
		}
		w.drained()
		got := w.engine.taken()
		if len(got) != 2 || got[0].Album == "" || got[0].Album != got[1].Album || got[0].Text != "два счётчика" || got[1].Text != "" {
			t.Errorf("album %+v", got)
		}
		m := c.Say("4521")
		w.drained()
		w.engine.forget()
		if _, err := c.Edit(m, "4522"); err != nil {
			t.Fatal(err)
		}
		if ev := w.one(); ev.Kind != dialog.Edited || ev.Text != "4522" || ev.Foreign != strconv.Itoa(m.ID) {
			t.Errorf("edit %+v", ev)
		}
	})
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c := w.customer(1)
		w.srv.Deliver(telegramtest.Delivery{Copies: 2, Concurrent: true})
		for i := range 10 {
			c.Say(strconv.Itoa(i))
		}
		w.drained()
		var got []string
		for _, ev := range w.engine.taken() {
			got = append(got, ev.Text)
		}
		if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUnavailableComesAgain(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c, other := w.customer(1), w.customer(2)
		tries := 0
		w.engine.set(func(e *engine) {
			e.fail = func(ev dialog.Event) error {
				if tries++; ev.Conversation == "tg:1" && tries < 5 {
					return fault.New(fault.Unavailable, "redis is away")
				}
				return nil
			}
		})
		c.Say("раз")
		c.Say("два")
		other.Say("три")
		w.drained()
		var first []string
		for _, ev := range w.engine.taken() {
			if ev.Conversation == "tg:1" {
				first = append(first, ev.Text)
			}
		}
		if diff := cmp.Diff([]string{"раз", "два"}, first); diff != "" || len(w.engine.taken()) != 3 {
			t.Error(diff)
		}
		if n := len(w.aside.all()); n != 0 {
			t.Errorf("%d casualties", n)
		}
	})
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil)
	for i, body := range []string{
		`"message":{"message_id":1,"from":{"id":1},"chat":{"id":-100,"type":"supergroup"},"date":1,"text":"a"}`,
		`"message":{"message_id":1,"from":{"id":1},"chat":{"id":-5,"type":"group"},"date":1,"new_chat_members":[{"id":2}]}`,
		`"channel_post":{"message_id":1,"chat":{"id":-100,"type":"channel"},"date":1,"text":"a"}`,
		`"message":{"message_id":1,"from":{"id":1},"chat":{"id":1,"type":"private"},"date":1,"pinned_message":{"message_id":1}}`,
		`"message":{"message_id":1,"chat":{"id":1,"type":"private"},"date":1,"text":"a"}`,
		`"message":null`, `"poll_answer":{"poll_id":"5"}`, `"something_new":{"a":[1,2,{"b":null}]}`,
		`"my_chat_member":{"chat":{"id":1,"type":"private"},"new_chat_member":{"status":"kicked"}}`,
	} {
		if resp := w.post(w.bot.Secret(), fmt.Sprintf(`{"update_id":%d,%s}`, i+1, body)); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", body, resp.StatusCode)
		}
	}
	if got := w.engine.taken(); len(got) != 0 {
		t.Errorf("taken: %+v", got)
	}
	if got := w.aside.all(); len(got) != 0 {
		t.Errorf("put aside: %+v", got)
	}
}

func TestDatesThatCannotBeTrue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 18, 59, 30, 0, time.UTC)
	w := open(t, telegram.Webhook, func(c *telegram.Config) { c.Now = func() time.Time { return now } })
	for i, tt := range []struct{ sent, want time.Time }{
		{now.Add(-time.Minute), now.Add(-time.Minute)},
		{now.Add(-23 * time.Hour), now.Add(-23 * time.Hour)},
		{now.Add(-25 * time.Hour), now},
		{now.Add(4 * time.Minute), now.Add(4 * time.Minute)},
		{now.Add(6 * time.Minute), now},
		{time.Unix(0, 0), now},
	} {
		w.engine.forget()
		w.post(w.bot.Secret(), fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":{"id":1},`+
			`"chat":{"id":1,"type":"private"},"date":%d,"text":"a"}}`, i+1, tt.sent.Unix()))
		if got := w.engine.taken(); len(got) != 1 || !got[0].At.Equal(tt.want) || !got[0].Now.Equal(now) {
			t.Errorf("sent at %v: %+v", tt.sent, got)
		}
	}
}
