package telegramtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/bots/web/browsertest"
)

// waiter answers like a small bot: enough to see every part of the page.
func (b bot) waiter(stop <-chan struct{}) {
	b.try("setMyCommands", object{"commands": []object{
		{"command": "start", "description": "Главное меню"},
		{"command": "help", "description": "Помощь"},
		{"command": "operator", "description": "Позвать оператора"},
	}})
	offset := int64(0)
	for {
		select {
		case <-stop:
			return
		default:
		}
		r, err := b.try("getUpdates", object{"offset": offset, "timeout": 20})
		if err != nil || !r.OK {
			continue
		}
		var list []struct {
			ID      int64 `json:"update_id"`
			Message *struct {
				Chat    struct{ ID int64 }
				Text    string
				Photo   []object
				Contact *struct {
					Phone string `json:"phone_number"`
				}
			}
			Edited *struct {
				Chat struct{ ID int64 }
				Text string
			} `json:"edited_message"`
			Press *struct {
				ID, Data string
				From     struct{ ID int64 }
				Message  struct {
					ID int `json:"message_id"`
				}
			} `json:"callback_query"`
		}
		if err := json.Unmarshal(r.Result, &list); err != nil {
			b.t.Error(err)
			return
		}
		for _, u := range list {
			offset = u.ID + 1
			switch {
			case u.Press != nil && u.Press.Data == "d:Баланс":
				b.try("answerCallbackQuery", object{"callback_query_id": u.Press.ID, "text": "Баланс: 0 ₽"})
			case u.Press != nil:
				b.try("answerCallbackQuery", object{"callback_query_id": u.Press.ID, "text": "Показания приняты", "show_alert": true})
				b.try("editMessageText", object{
					"chat_id": u.Press.From.ID, "message_id": u.Press.Message.ID,
					"parse_mode": "HTML", "text": "Показания <b>004951</b> переданы.",
				})
			case u.Edited != nil:
				b.try("sendMessage", object{"chat_id": u.Edited.Chat.ID, "text": "Вижу правку: " + u.Edited.Text})
			case u.Message.Photo != nil:
				b.try("sendMessage", object{"chat_id": u.Message.Chat.ID, "text": "Фото получено."})
			case u.Message.Contact != nil:
				b.try("sendMessage", object{"chat_id": u.Message.Chat.ID, "text": "Номер получен.", "reply_markup": object{"remove_keyboard": true}})
			case u.Message.Text == "/start":
				b.try("sendMessage", object{
					"chat_id": u.Message.Chat.ID, "parse_mode": "HTML",
					"text": "Здравствуйте! Я помогу с <b>электроэнергией</b>: приму показания, покажу баланс.\n\nПодробнее на <a href=\"https://example.org/help\">сайте</a> или /help. <i>&lt;img src=x onerror=alert(1)&gt;</i>",
					"reply_markup": object{"inline_keyboard": [][]object{
						{{"text": "Передать показания", "callback_data": "d:Передать"}},
						{{"text": "Баланс", "callback_data": "d:Баланс"}, {"text": "Оператор", "callback_data": "d:Оператор"}},
						{{"text": "Сайт", "url": "https://example.org/"}},
					}},
				})
			case strings.HasPrefix(u.Message.Text, "Номер"):
				b.try("sendMessage", object{
					"chat_id": u.Message.Chat.ID, "text": "Поделитесь номером, чтобы я вас узнал.",
					"reply_markup": object{"resize_keyboard": true, "one_time_keyboard": true, "keyboard": [][]object{
						{{"text": "Отправить номер", "request_contact": true}}, {{"text": "Не сейчас"}},
					}},
				})
			default:
				b.try("sendMessage", object{"chat_id": u.Message.Chat.ID, "text": "Вы написали: " + u.Message.Text})
			}
		}
	}
}

// text waits until the chat contains part.
func text(part string) chromedp.Action {
	return chromedp.Poll(fmt.Sprintf("document.body.innerText.includes(%q)", part), nil, chromedp.WithPollingTimeout(15*time.Second))
}

// click presses the element whose text is given, as a finger would.
func click(selector, label string) chromedp.Action {
	find := fmt.Sprintf("[...document.querySelectorAll(%q)].findLast(e => e.innerText.trim() === %q || e.title === %q)", selector, label, label)
	return chromedp.Tasks{
		chromedp.Poll("Boolean("+find+")", nil, chromedp.WithPollingTimeout(15*time.Second)),
		chromedp.Evaluate(find+".click()", nil),
	}
}

func say(words string) chromedp.Action {
	return chromedp.Tasks{chromedp.SendKeys("#input", words, chromedp.ByID), chromedp.SendKeys("#input", "\r", chromedp.ByID)}
}

// perform runs an emulator with its bot and its page at addr until end.
func perform(t *testing.T, addr string) (b bot, host string, end func()) {
	t.Helper()
	b = open(t, telegramtest.Config{Name: "Окошко", Second: 20 * time.Millisecond})
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	app := mount(b.srv)
	app.Server().Logger = quiet{}
	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { b.waiter(stop) })
	running.Go(func() { _ = app.Listener(ln) })
	end = sync.OnceFunc(func() {
		close(stop)
		_ = b.srv.Close()
		_ = app.ShutdownWithTimeout(2 * time.Second)
		running.Wait()
	})
	t.Cleanup(end)
	return b, ln.Addr().String(), end
}

func TestJourneyInTheBrowser(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(browsertest.New(t), 90*time.Second)
	t.Cleanup(cancel)
	b, host, end := perform(t, "127.0.0.1:0")
	address := "http://" + host + "/demo/telegram"

	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *cdpruntime.EventExceptionThrown:
			t.Errorf("the page threw: %v", e.ExceptionDetails)
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == "error" {
				t.Errorf("console: %s", e.Args[0].Value)
			}
		}
	})
	photo := filepath.Join(t.TempDir(), "meter.png")
	if err := os.WriteFile(photo, meterPhoto(640, 420), 0o600); err != nil {
		t.Fatal(err)
	}
	step := func(name string, actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(ctx, actions...); err != nil {
			var body string
			_ = chromedp.Run(ctx, chromedp.Evaluate("document.body.innerText", &body))
			t.Fatalf("%s: %v; the page says:\n%s", name, err, body)
		}
	}
	shot := shooter(t, ctx)

	step("open", chromedp.EmulateViewport(1280, 860), chromedp.Navigate(address), text("СТАРТ"))
	shot("fresh")
	step("start", chromedp.Click("#start", chromedp.ByID), text("Здравствуйте!"))
	step("toast", click(".inline button", "Баланс"), text("Баланс: 0 ₽"))
	shot("toast")
	step("alert and edit", click(".inline button", "Передать показания"), text("Показания приняты"))
	shot("alert")
	step("close the alert", click("dialog button", "Хорошо"), text("Показания 004951 переданы."), text("изменено"))
	step("menu", chromedp.Click("#menu", chromedp.ByID), text("Позвать оператора"))
	shot("commands")
	step("command", click("#commands button", "/start\nГлавное меню"), text("Передать показания"))
	step("say", say("Сколько я должен?"), text("Вы написали: Сколько я должен?"))
	step("photo", chromedp.SetUploadFiles("#pick-photo", []string{photo}, chromedp.ByID),
		chromedp.WaitVisible("dialog .preview", chromedp.ByQuery), click("dialog button", "Отправить"), text("Фото получено."))
	step("edit", click(".own:has(.text) .more", "Действия с сообщением"), click("dialog button", "Изменить"),
		chromedp.WaitVisible("#editing", chromedp.ByID),
		chromedp.SendKeys("#input", " Точно?\r", chromedp.ByID), text("Вижу правку: Сколько я должен? Точно?"))
	step("contact", say("Номер"), click("#keyboard button", "Отправить номер"), text("Поделиться номером?"))
	var left string
	step("Enter leaves nothing behind", chromedp.Value("#input", &left, chromedp.ByID))
	if left != "" {
		t.Errorf("%q stays in the field after Enter", left)
	}
	shot("contact")
	step("share", click("dialog button", "Поделиться"), text("Номер получен."))

	var before, after int
	count := "document.querySelectorAll('.message').length"
	step("reload", chromedp.Evaluate(count, &before), chromedp.Reload(), text("Номер получен."), text("Вижу правку"),
		chromedp.Evaluate(count, &after))
	if before != after || before < 11 {
		t.Errorf("%d messages before the reload, %d after", before, after)
	}
	var html bool
	step("markup in data stays text", chromedp.Evaluate("Boolean(document.querySelector('.text img'))", &html), text("<img src=x"))
	if html {
		t.Error("data became markup")
	}
	shot("chat")
	step("scroll", chromedp.Evaluate("document.querySelector('#log').scrollTo(0, 0)", nil))
	shot("top")
	step("tools", chromedp.Click("#tools-open", chromedp.ByID), text("Вызовы бота"), text("answerCallbackQuery"))
	shot("tools")
	step("outage", click("label.switch", "Telegram недоступен"), text("Сбой Telegram"), click(".tools .wide", "Снять все сбои"),
		chromedp.Poll("document.querySelector('#banner').hidden", nil))
	step("english", click(".tabs button", "English"), text("Calls of the bot"), click(".tabs button", "Русский"), text("Вызовы бота"),
		click(".tools .icon", ""), chromedp.Click("#attach", chromedp.ByID), text("Голосовое"))
	shot("attach")
	step("another person", chromedp.Evaluate("document.querySelector('dialog').close()", nil),
		chromedp.Click("#people", chromedp.ByID), text("Новый собеседник"))
	shot("people")
	step("become another", click("dialog button", "Новый собеседник"), text("СТАРТ"))
	step("deep link", chromedp.Navigate(address+"?start=meter-7"), text("СТАРТ"), chromedp.Click("#start", chromedp.ByID),
		text("Вы написали: /start meter-7"))
	if n := len(b.srv.Customers()); n != 2 {
		t.Errorf("%d customers, want 2", n)
	}

	end()
	b, _, end = perform(t, host)
	defer end()
	for deadline := time.Now().Add(time.Minute); len(b.srv.Customers()) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the page does not come back")
		}
	}
	step("another emulator", say("Я вернулся"), text("Вы написали: Я вернулся"), text("/start meter-7"),
		say("/start"), click(".inline button", "Баланс"), text("Баланс: 0 ₽"))
	if n := len(b.srv.Customers()); n != 1 {
		t.Errorf("%d customers came back, want 1", n)
	}
	for size, width := range map[string]int64{"wide": 1280, "tablet": 768, "phone": 360} {
		var over bool
		step("nothing sticks out: "+size, chromedp.EmulateViewport(width, 740),
			chromedp.Evaluate("document.documentElement.scrollWidth > innerWidth", &over))
		if over {
			t.Errorf("at %d px the page is wider than its window", width)
		}
	}
}

// shooter takes pictures of a moment at three widths, light and dark, when
// the test is run with -artifacts.
func shooter(t *testing.T, ctx context.Context) func(name string) {
	return func(name string) {
		if !strings.Contains(strings.Join(os.Args, " "), "test.artifacts=true") {
			return
		}
		for _, size := range [][2]int64{{768, 1024}, {360, 740}, {1280, 860}} {
			for _, scheme := range []string{"dark", "light"} {
				var png []byte
				err := chromedp.Run(ctx, chromedp.EmulateViewport(size[0], size[1]),
					emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
					chromedp.Sleep(250*time.Millisecond), chromedp.CaptureScreenshot(&png))
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d-%s.png", name, size[0], scheme))
				if err := os.WriteFile(file, png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
