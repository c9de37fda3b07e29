package consoletest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
	"okoshko/bots/web/consoletest"
)

// scene is an ordinary morning at the desk.
func scene(s *consoletest.Server) {
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	out := func(by, text string, at time.Time, labels ...string) object {
		return object{"kind": "out", "by": by, "at": at.UTC(), "message": consoletest.Text(text, labels...), "delivery": object{"state": "sent"}}
	}
	in := func(text string, at time.Time) object {
		return object{"kind": "in", "id": fmt.Sprint("c", at.UnixNano()), "did": "text", "text": text, "at": at.UTC()}
	}
	s.Do(func(s *consoletest.Server) {
		for i, w := range []struct {
			channel, name, text string
			waits               time.Duration
		}{
			{"tg", "Мария И.", "Второй раз приходит счёт на чужую фамилию, я уже писала в октябре. Кто этим займётся?", 12 * time.Minute},
			{"web", "Гость", "Показания не принимаются, пишет «меньше предыдущего», а счётчик поменяли 14 ноября", 3 * time.Minute},
			{"web", "Гость", "оператор", 20 * time.Second},
		} {
			h := s.Call(consoletest.Handoff{ID: 40 + i, Conversation: fmt.Sprint(w.channel, ":", i), Channel: w.channel, Customer: w.name, Since: ago(w.waits), Topic: w.text, Unread: 1})
			s.Add(h.Conversation, in(w.text, ago(w.waits)))
			s.Add(h.Conversation, object{"kind": "event", "did": "called", "at": ago(w.waits).UTC()})
		}
		s.Call(consoletest.Handoff{ID: 31, Conversation: "tg:31", Channel: "tg", Customer: "Пётр С.", Since: ago(25 * time.Minute), Holder: &anna, Topic: "Спасибо, жду. А акт мне тоже пришлют?"})
		yesterday := ago(26 * time.Hour)
		for _, e := range []object{
			in("/start", yesterday),
			out("bot", "Здравствуйте! Я помощник энергосбыта. Выберите действие.", yesterday, "Передать показания", "Счёт и оплата", "Частые вопросы", "Ещё"),
			{"kind": "in", "did": "press", "text": "Передать показания", "at": yesterday.Add(30 * time.Second).UTC()},
			out("bot", "Показания приняты, номер квитанции ПП-26-000-018-4.", yesterday.Add(2*time.Minute)),
			in("Добрый день. В счёте за ноябрь 4 812 ₽, хотя обычно выходит около полутора тысяч. Показания передавал вовремя, вот снимок.", ago(31*time.Minute)),
			{"kind": "in", "did": "upload", "files": []object{s.Keep("счётчик на площадке.png", "image/png", picture())}, "at": ago(30 * time.Minute).UTC()},
			out("bot", "Не понял вопрос. Могу позвать сотрудника или показать, из чего складывается счёт.", ago(30*time.Minute), "Позвать сотрудника", "Из чего счёт"),
			{"kind": "event", "did": "called", "at": ago(29 * time.Minute).UTC()},
			{"kind": "event", "did": "taken", "by": "Борис", "at": ago(28 * time.Minute).UTC()},
			out("Борис", "Здравствуйте, Пётр! Вижу снимок, сверяю с начислением.", ago(27*time.Minute)),
			{"kind": "note", "by": "Борис", "text": "Начислено по нормативу: показания за октябрь пришли 26-го. Передаю Анне, у неё доступ к перерасчётам.", "at": ago(26 * time.Minute).UTC()},
			{"kind": "event", "did": "returned", "by": "Борис", "at": ago(26 * time.Minute).UTC()},
			{"kind": "event", "did": "taken", "by": "Анна", "at": ago(25 * time.Minute).UTC()},
			out("Анна", "Пётр, добрый день. Начисление в октябре прошло по нормативу, потому что показания пришли на день позже срока. Сделала перерасчёт: к оплате 1 534,20 ₽, новый счёт придёт до 28 ноября.", ago(21*time.Minute), "Подходит", "Нужен акт"),
			{"kind": "in", "did": "press", "text": "Подходит", "at": ago(18 * time.Minute).UTC()},
			{
				"kind": "out", "by": "Анна", "at": ago(17 * time.Minute).UTC(), "message": consoletest.Text("Если счёт не придёт, напишите сюда же, я проверю."),
				"delivery": object{"state": "failed", "why": "blocked"},
			},
			{"kind": "in", "did": "edited", "text": "Спасибо, жду. А акт мне тоже пришлют?", "at": ago(4 * time.Minute).UTC()},
		} {
			s.Add("tg:31", e)
		}
		s.Call(consoletest.Handoff{ID: 32, Conversation: "web:32", Channel: "web", Customer: "Гость", Since: ago(9 * time.Minute), Holder: &anna, Topic: "Адрес: улица Садовая", Unread: 2})
		s.Add("web:32", in("Адрес: улица Садовая", ago(2*time.Minute)))
		s.Call(consoletest.Handoff{ID: 28, Conversation: "web:28", Channel: "web", Customer: "Гость", Since: ago(14 * time.Minute), Holder: &boris, Topic: "Хочу записаться в офис на четверг"})
	})
}

// TestPictures takes pictures for a person to look at, when the test is run
// with -artifacts.
func TestPictures(t *testing.T) {
	if !strings.Contains(strings.Join(os.Args, " "), "test.artifacts=true") {
		t.Skip("pictures are taken with -artifacts")
	}
	s := serve(t)
	p := desk(t, s, anna)
	shot := func(name string) {
		t.Helper()
		for _, size := range [][2]int64{{1440, 900}, {768, 1024}, {360, 740}} {
			for _, scheme := range []string{"light", "dark"} {
				var png []byte
				p.do("picture", chromedp.EmulateViewport(size[0], size[1]), browsertest.Colours(scheme),
					p.until(fmt.Sprintf("document.documentElement.dataset.scheme === %q", scheme)),
					chromedp.Evaluate("document.querySelector('#log')?.scrollTo(0, 1e6)", nil), chromedp.CaptureScreenshot(&png))
				file := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d-%s.png", name, size[0], scheme))
				if err := os.WriteFile(file, png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.do("back to the desk", chromedp.EmulateViewport(1440, 900))
	}
	scene(s)
	p.do("a morning", p.see(".waiting", "оператор"))
	shot("list")
	p.do("a dialog", p.press(".mine .open", ""), p.press(".mine li:first-child .open", ""), p.see(".log", "перерасчёт"), p.see(".head", "Пётр"),
		p.fill("#composer", "Да, акт сверки придёт вместе со счётом."))
	shot("dialog")
	p.do("a note", p.press(".modes button", "Заметка"), p.fill("#composer", "Акт отправить почтой, просил дважды"))
	shot("note")
	p.do("buttons, no network", p.press(".modes button", "Ответ клиенту"), p.press("button", "Кнопки с короткими ответами"), p.fill("#choice-0", "Спасибо"),
		browsertest.Enter, p.focused("#choice-1"), chromedp.KeyEvent("Нужен оригинал"), offline(true), p.see(".banner", "Нет сети"))
	shot("offline")
	p.do("back", offline(false), p.until("!document.querySelector('.banner')"), p.press(".head button", "Закрыть"), p.see("dialog", "последним"))
	shot("close")
	p.do("help", p.press("dialog button", "Сначала ответить"), chromedp.Evaluate("document.querySelector('[aria-label^=Клавиши]').click()", nil), p.see("dialog", "Клавиши"))
	shot("help")
	p.do("card", p.press("dialog button", "Понятно"), chromedp.EmulateViewport(768, 1024), p.press(".to-card", ""))
	shot("card")
	p.do("waiting", p.press(".to-card", ""), chromedp.EmulateViewport(1440, 900), p.press(".waiting li:first-child .open", ""), p.see(".standing", "возьмите"))
	shot("waiting")
}
