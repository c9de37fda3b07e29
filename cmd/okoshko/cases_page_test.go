package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okoshko/bots/web/browsertest"
	"okoshko/core/appeal"
	"okoshko/core/staff"
)

// choose picks an option of a list by its words.
func choose(selector, words string) chromedp.Action {
	pick := fmt.Sprintf(`(e => { const o = [...e.options].find(o => o.text.includes(%q)); e.value = o.value; e.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector(%q))`, words, selector)
	return chromedp.Tasks{chromedp.WaitVisible(selector), chromedp.Evaluate(pick, nil)}
}

// tap presses something once it is there and may be pressed.
func tap(selector, words string) chromedp.Action {
	return browsertest.Click("(e => e && !e.disabled && e)(" + with(selector, words) + ")")
}

// desk opens the console of somebody in a tab of his own.
func (s *server) desk(t *testing.T, k *clerk, name string) *office {
	t.Helper()
	o := &office{t, newTab(t, 1280, 800)}
	host := "http://" + name + "-" + apart(s.url(t))[len("http://office-"):]
	o.do("sign in", chromedp.Navigate(host+"/console/"), o.signIn(k.login, k.password), chromedp.WaitVisible(".bar .staff"), chromedp.Evaluate(`location.hash = "#cases"`, nil), see(".cases", "Очереди"))
	return o
}

// A complaint on the pages: the router sees what is missing, asks, enters what
// the customer says, routes it with the reason that he sees; the specialist
// prepares the answer, and the router sends it.
func TestCasePages(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	igor := s.hire(t, "page-router", "Игорь", nil, staff.ComplaintRouter)
	petr := s.hire(t, "page-petr", "Пётр", []string{"raschet-01"}, staff.DirectionSpecialist)
	n := s.file(t, appeal.Complaint, "Ж-1", map[appeal.Name]string{appeal.Body: "В октябре начислили вдвое больше обычного, хотя показания я передал вовремя."})
	s.file(t, appeal.Complaint, "Ж-5", map[appeal.Name]string{appeal.Body: "Лампы мигают каждый вечер.", "passport": "6500123456", "address": "Старогорск, улица Садовая, дом 5"})

	o := s.desk(t, igor, "router")
	o.do("the list", see(".case-row", n.String()), see(".case-row .term", "осталось"))
	o.at("20-queue")
	o.do("open it", tap(".case-row a .number", n.String()), see(".case-head", n.String()), see(".case-head .term", "Ответ клиенту: остал"), see(".check.bad", "Не хватает"))
	o.at("21-case")
	o.do("why that day", chromedp.Click(".clocks summary", chromedp.ByQuery), see(".why", "начиная со дня после"))
	o.do("take it", tap(".actions button", "Взять"), see(".facts", "Игорь"))
	o.do("ask", tap(".actions button", "Спросить клиента"), chromedp.WaitVisible(".case-form textarea"),
		chromedp.SendKeys(".case-form textarea", "Назовите, пожалуйста, номер лицевого счёта."))
	o.at("22-ask")
	o.do("a draft outlives a reload", chromedp.Reload(), see(".actions .draft", "✎"), tap(".actions button", "Спросить клиента"),
		chromedp.Poll(`document.querySelector(".case-form textarea")?.value.includes("лицевого")`, nil), tap(".case-form .act", "Спросить клиента"), see(".state", "Ждём ответа"))
	o.do("what he said by phone", tap(".actions button", "Внести ответ клиента"), chromedp.WaitVisible(".said-fields input"),
		fill(".said-fields label:first-of-type input", "12"), tap(".case-form .act", "Внести"), see(".flaw", "10 цифр"))
	o.at("23-clarify")
	o.do("right", fill(".said-fields label:first-of-type input", "0145201372"), tap(".case-form .act", "Внести"), see(".state", "Зарегистрировано"))
	o.do("where nobody works", tap(".actions button", "Направить"), choose(".case-form select", "Обслуживание"), see(".vacant", "некому работать"))
	o.at("24-vacant")
	o.do("route", see(".because", "Территория"), chromedp.Click(".waive input", chromedp.ByQuery),
		chromedp.SendKeys(".case-form textarea", "Период назван в тексте"), choose(".case-form select", "Расчёты, Центральная"))
	o.at("24-route")
	o.do("routed", tap(".case-form .act", "Направить"), see(".state", "Передано специалистам"))

	p := s.desk(t, petr, "petr")
	p.do("his queue", see(".case-row", n.String()), tap(".case-row a .number", n.String()), tap(".actions button", "Принять в работу"), see(".state", "В работе"))
	p.do("prepare", tap(".actions button", "Подготовить ответ"), chromedp.WaitVisible("#letter"), chromedp.Poll(`document.querySelector("#letter").value.includes("{body}")`, nil),
		chromedp.Evaluate(`(e => { e.value = e.value.replace("{body}", "Мы проверили начисления за октябрь и сделали перерасчёт."); e.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector("#letter"))`, nil))
	p.at("25-letter")
	p.do("look at it", tap(".letter-field button", "Как увидит клиент"), see(".letter", "перерасчёт"))
	p.at("26-preview")
	p.do("hand it over", tap(".case-form .act", "Подготовить ответ"), see(".state", "Ответ готовится"))

	o.do("the answer is there, by itself", see(".state", "Ответ готовится"), see(".case-news", "Пётр"), see(".tasks", "Отправить ответ"))
	o.at("27-prepared")
	o.do("send it", tap(".actions button", "Отправить ответ"), chromedp.Poll(`document.querySelector("#letter")?.value.includes("перерасчёт")`, nil),
		tap(".case-form .act", "Отправить ответ"), see(".state", "Ответ отправлен"), see(".replies", n.String()+"/1"))
	o.at("28-answered")
	o.do("its history", tap(".case .tabs button", "История"), see(".history", "Подготовлен ответ"), see(".history", "Период назван в тексте"))
	o.at("29-history")
	o.do("a secret", tap(".case-views button", "Очереди"), tap(".case-row .what", "Качество"), see(".mask", "•"), tap("dd button", "Показать скрытое"),
		chromedp.WaitVisible(".reveal input"), chromedp.SendKeys(".reveal input", "запрос в сеть"), tap(".reveal .act", "Показать скрытое"), see(".answers", "6500"))
	o.at("30-secret")
}

// Two at one case: the slower keeps what he has typed, and sees what the other
// has done.
func TestTwoOnTheCasePages(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	olga := s.hire(t, "page-olga", "Ольга", nil, staff.ReceptionSpecialist)
	lidia := s.hire(t, "page-lidia", "Лидия", nil, staff.Supervisor)
	n := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Можно ли заменить счётчик самому?"})
	o := s.desk(t, olga, "olga")
	o.do("she writes", tap(".case-row a .number", n.String()), tap(".actions button", "Отправить ответ"), chromedp.WaitVisible("#letter"), fill("#letter", "Здравствуйте! Заменить счётчик может только наш мастер."))
	lidia.does(t, n, "extend", map[string]any{"note": "Ждём данные сетевой компании"})
	o.do("she hears of it", see(".case-news", "Лидия"), see(".clocks", "продлено"))
	o.at("31-meanwhile")
	o.do("she sends it", tap(".case-form .act", "Отправить ответ"), see(".state", "Ответ отправлен"), see(".letter", "только наш мастер"))

	m := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Где взять справку?"})
	o.do("another", tap(".case-views button", "Очереди"), tap(".case-row a .number", m.String()), see(".case-head", m.String()),
		tap(".actions button", "Ответить как на частый"), chromedp.WaitVisible(".links input"), chromedp.SendKeys(".links input", "как получить справку о начислениях"), chromedp.WaitVisible(".links .found button"))
	o.at("32-typical")
	again := chromedp.Tasks{chromedp.SendKeys(".links input", "как получить справку о начислениях"), chromedp.WaitVisible(".links .found button"), chromedp.Click(".links .found button", chromedp.ByQuery)}
	o.do("a link, lost while she writes", chromedp.Click(".links .found button", chromedp.ByQuery), see(".links li", "Убрать"), fill("#letter", "Справку можно заказать здесь."),
		tap(".case-form .act", "Ответить как"), see(".case-form", "выберите вопрос ещё раз"))
	o.do("chosen again", again, chromedp.Poll(`document.querySelector("#letter").value.includes("/answers/")`, nil),
		tap(".case-form .act", "Ответить как"), see(".state", "Ответ отправлен"), see(".letter", "/answers/"))

	k := s.file(t, appeal.Question, "В-6", map[appeal.Name]string{appeal.Body: "Когда починят фонари на улице?"})
	o.do("off topic", tap(".case-views button", "Очереди"), tap(".case-row a .number", k.String()), see(".case-head", k.String()),
		tap(".actions button", "Ещё"), tap(".actions button", "Не наша тема"),
		chromedp.Poll(`document.querySelector("#letter")?.value.includes("{body}")`, nil), choose(".case-form select", "сет"), chromedp.Poll(`document.querySelector("#letter").value.includes("обратитесь")`, nil))
	o.at("33-off-topic")
	o.do("sent", tap(".case-form .act", "Не наша тема"), see(".state", "Ответ отправлен"))

	l := s.desk(t, lidia, "lidia")
	l.do("sections that do not fit", chromedp.Focus(".more > button"), chromedp.KeyEvent(kb.ArrowDown), see("#more-sections:not([hidden])", "Справочники"),
		chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible("#more-sections"), chromedp.KeyEvent(kb.ArrowDown), tap("#more-sections button", "Справочники"),
		see(".more > button[aria-current]", "Справочники"), press(".sections button", "Обращения"))
	l.do("the monitor", tap(".case-views button", "Контроль"), see(".figures", "открыто"))
	l.at("34-monitor")
	const cut = `[...document.querySelectorAll(".monitor :is(th[scope=row], td, button, h2)")].filter(e => e.getBoundingClientRect().right > innerWidth || e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)`
	var lost []string
	l.do("the monitor on a phone", chromedp.EmulateViewport(360, 740), browsertest.Settled(), chromedp.Evaluate(cut, &lost), chromedp.EmulateViewport(1280, 800))
	if len(lost) > 0 {
		t.Errorf("the monitor cuts %q at 360", lost)
	}
	l.do("the test of routes", tap(".case-views button", "Проверка маршрута"), see(".because", "Почему сюда"))
	l.at("35-route-test")
	l.do("nothing is overdue", tap(".case-views button", "Очереди"), tap(".tabs button", "Просрочены"), see(".queues .empty", "Просроченных нет"))
	l.at("36-empty")
}
