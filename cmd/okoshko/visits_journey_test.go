package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okoshko/adapters/postgres/pgtest"
)

// passes moves the demo's clock, as whoever tries the demo does.
func (s *server) passes(t *testing.T, until string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", until, pgtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"now": %q}`, at.Format(time.RFC3339))
	resp, err := http.Post(s.url(t)+"/demo/clock", "application/json", bytes.NewReader([]byte(body))) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the clock refuses %s: %s", until, resp.Status)
	}
}

// The life of a visit, by its people (R-5.1.2-t, R-5.2.2-b): booked in Telegram,
// moved in the widget, reminded of as the demo's clock moves, answered, and
// received by the clerk at the console, after which the customer sees it as past.
func TestTheLifeOfAVisit(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t, func(c *Config) { c.HTTP.PublicURL = "https://chat.example" })
	in := &codeStage{Stage: g, s: g.s}
	g.s.itIs(t, "2026-11-24 10:00") // a Tuesday
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)")
	if heard := acts(t, in, "Записаться в офис", "[Консультация по начислениям]", "[Лесоозёрск]", "[чт 26 ноя]", "[10:00]", "[Отправить]"); !strings.Contains(heard, "Вы записаны: чт 26 ноя, 10:00") {
		t.Fatalf("booked: %s", heard)
	}
	for _, refused := range []struct{ office, day, want string }{
		{"[Верхние Поляны]", "3 декабря", "офис закрыт: ремонт"},
		{"[Тихий Плёс]", "26 ноября", "офис закрыт: санитарный день"},
	} {
		if heard := acts(t, in, "Записаться в офис", "[Консультация по начислениям]", refused.office, refused.day); !strings.Contains(heard, refused.want) {
			t.Errorf("%s on %s: %s", refused.office, refused.day, heard)
		}
		acts(t, in, "отмена")
	}

	acts(t, in, "Мои записи", "Продолжить на сайте")
	maria := enter(t, g.s, follow(t, g, "Открыть сайт"), "okoshko-chat")
	maria.do("go on there", maria.hears("Чтобы показывать здесь ******1372"), maria.clicks(".choice", "Согласен"), maria.hears("разговор из Telegram перенесён"))
	if told, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(told[0].Text, "продолжен на сайте") {
		t.Fatalf("Telegram hears %v, %v", told, err)
	}
	maria.do("see the visit", maria.writes("мои записи"), maria.clicks(".choice", "Перенести"),
		maria.clicks(".choice", "пт 27 ноя"), maria.clicks(".choice", "12:00"), maria.clicks(".choice", "Отправить"),
		maria.hears("Запись перенесена: пт 27 ноя, 12:00"))
	maria.at("20-moved")

	g.s.passes(t, "2026-11-26 12:01")
	if told, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(told[0].Text, "Напоминаем о визите: пт 27 ноя, 12:00") {
		t.Fatalf("the day before: %v, %v", told, err)
	}
	if heard := acts(t, in, "[Буду]"); !strings.Contains(heard, "Ждём вас: пт 27 ноя, 12:00") {
		t.Errorf("answered: %s", heard)
	}
	g.s.passes(t, "2026-11-27 11:55")
	if told, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(told[0].Text, "Сегодня ждём вас: пт 27 ноя, 12:00") {
		t.Fatalf("two hours before: %v, %v", told, err)
	}

	list, err := g.s.stores.db.Bookings(t.Context(), g.conversation(), g.Now())
	if err != nil || len(list) != 1 {
		t.Fatalf("booked: %+v, %v", list, err)
	}
	code := list[0].Code
	nina := enter(t, g.s, apart(g.s.url(t))+"/console/", ":root")
	nina.do("sign in", chromedp.WaitVisible("#username"), chromedp.SendKeys("#username", "nina"), chromedp.SendKeys("#password", g.s.demoStaff["nina"]),
		nina.clicks("button", "Войти"), nina.sees("h2", "День офиса «Лесоозёрск»"), nina.sees(".plan .visit", "Соколова М. И."), nina.sees(".plan .visit", "обещал прийти"))
	nina.do("hear the code", chromedp.SendKeys(".find input", code+kb.Enter), nina.sees("dialog", code))
	nina.at("21-arrives")
	nina.do("receive her", nina.clicks("dialog button", "Уже здесь"), nina.sees(".hall .visit", "Соколова М. И."),
		nina.clicks(".hall button", "Вызвать"), nina.clicks("dialog button", "Вызвать к окну"), nina.sees(".hall .visit", "у окна"))
	if heard := acts(t, in, "мои записи"); !strings.Contains(heard, "пт 27 ноя, 12:00") {
		t.Errorf("while she is at the window: %s", heard)
	}
	nina.do("and let her go", nina.clicks(".hall button", "Приём окончен"), nina.sees(".heading", "приняты: 1"))
	nina.at("22-served")
	if heard := acts(t, in, "мои записи"); !strings.Contains(heard, "Прошедшие визиты") || !strings.Contains(heard, "Приём состоялся") {
		t.Errorf("afterwards: %s", heard)
	}
}
