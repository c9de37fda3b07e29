package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
)

// labelled presses what is called so to those who cannot see it.
func labelled(name string) chromedp.Action {
	return chromedp.Click(fmt.Sprintf("[aria-label=%q]", name), chromedp.ByQuery)
}

// An administrator, on the page and the server with nothing between: he retires a
// category, adds one, changes a form and a term, is overtaken by a colleague
// without losing what he typed, and takes what is planned back. A supervisor sees
// all that and can change nothing.
func TestTablesPage(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	admin, chief := s.employ(t, "admin-2", staff.Admin), s.employ(t, "chief", staff.Supervisor)
	zone, err := s.config.Company.Location()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DateOf(s.clock.Now(), zone)
	o := &office{t, newTab(t, 1280, 800)}
	o.do("sign in", chromedp.Navigate(apart(s.url(t))+"/console/#tables"), o.signIn(admin.login, admin.password), see(".part", "Начисления и расчёты"))
	o.at("30-tables")

	o.do("retire a category", labelled("Изменить: В-5 Льготы и субсидии"), chromedp.WaitVisible("dialog form"), chromedp.Click(`dialog .setting input`, chromedp.ByQuery),
		press("dialog button", "Показать"), see("dialog .impact", "Клиенты больше не смогут её выбрать"), see("dialog .impact", "Открытых обращений"))
	o.at("31-retire")
	o.do("save it", press("dialog button", "Сохранить"), see(".saved", "уже действует"), see(".part li.off", "Льготы и субсидии"))

	o.do("add one with a Latin letter", press("button", "Новая категория"), chromedp.WaitVisible("dialog form"), put("input", 0, "B-10"),
		put(".both input", 0, "Перерасчёт за отъезд"), put(".both input", 1, "Recalculation for absence"), put(".both textarea", 0, "Меня не было дома"), put(".both textarea", 1, "I was away"),
		put("fieldset select", 0, "period"), press("dialog button", "Показать"), see("dialog .trouble", "русская заглавная буква"))
	o.do("mend it", put("input", 0, "В-10"), press("dialog button", "Показать"), see("dialog .impact", "Расчёты, Центральная"), see("dialog .impact", "3 кал. дн."))
	o.at("32-add")
	o.do("save it", press("dialog button", "Сохранить"), see(".part li", "В-10 Перерасчёт за отъезд"), see(".part li", "Спросим: Период"))

	o.do("change a term, for what ends after the law", labelled("Изменить: Ответ клиенту: Жалоба"), chromedp.WaitVisible("dialog form"), put(".length input", 0, "15"), put(".length input", 1, "10"),
		chromedp.WaitVisible("dialog .both input"), put(".both input", 0, "Закон, ст. 1"), put(".both input", 1, "Law, art. 1"),
		press("dialog button", "Показать"), see("dialog .impact", "Закон даёт меньше"), see("dialog .impact", "Ж-1"))
	o.at("33-term")
	// A colleague saves first.
	_, revision, err := s.stores.db.CaseTables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.stores.db.SaveTables(t.Context(), audit.Entry{}, revision, &edit.Route{Function: "F2", Territory: "04", From: today.Add(2), Queue: "uchet-01"}); err != nil {
		t.Fatal(err)
	}
	o.do("be overtaken", press("dialog button", "Сохранить"), see("dialog .trouble", "изменил кто-то другой"),
		chromedp.Poll(`document.querySelector("dialog .length input").value === "15"`, nil),
		press("dialog button", "Показать"), see("dialog .impact", "Закон даёт меньше"), press("dialog button", "Сохранить"), see(".saved", "начнёт действовать"), see(".planned", "наш срок: 15 кал. дн."))

	o.do("change a form", labelled("Форма: В-1 Начисления и расчёты"), chromedp.WaitVisible("dialog form"))
	o.at("34-form")
	o.do("ask for the sum", put("fieldset .line select", 0, "paid_sum"), press("dialog button", "Показать"), see("dialog .impact", "Будем спрашивать: Сумма платежа"),
		press("dialog button", "Сохранить"), see(".planned", "Сумма платежа"))
	o.do("take it back", chromedp.Evaluate(`[...document.querySelectorAll(".planned")].find(e => e.textContent.includes("Сумма платежа")).querySelector("button").click()`, nil), see("dialog h2", "Отозвать"),
		press("dialog button", "Показать"), see("dialog .impact", "Больше не спросим: Сумма платежа"), press("dialog button", "Сохранить"),
		chromedp.Poll(`![...document.querySelectorAll(".planned")].some(e => e.textContent.includes("Сумма платежа"))`, nil))

	o.do("open all", chromedp.Evaluate(`document.querySelectorAll("main details").forEach(d => d.open = true)`, nil), see(".planned", "Учёт, Центральная"))
	o.at("35-all")
	o.do("leave a function without anybody", labelled("Изменить: Персональные данные и безопасность, Все территории"), chromedp.WaitVisible("dialog form"), put(".line select", 0, ""),
		press("dialog button", "Показать"), see("dialog .trouble", "За эту функцию никто не отвечает"), press("dialog button", "Отмена"))
	o.do("look at warnings", labelled("Изменить: Ответ клиенту"), chromedp.WaitVisible("dialog .mark"))
	o.at("36-warnings")
	o.do("warn twice", put(".mark input", 0, "80%"), press("dialog button", "Показать"), see("dialog .trouble", "каждое один раз"), press("dialog button", "Отмена"))
	o.do("look at a queue", labelled("Изменить: Льготы"), chromedp.WaitVisible("dialog form"), put(".line select", 0, ""), press("dialog button", "Показать"), see("dialog .impact", "Заместителя нет"))
	o.at("37-queue")
	if lines := o.read("main"); strings.Contains(lines, "undefined") || strings.Contains(lines, "null") {
		t.Errorf("the page says: %s", lines)
	}
	o.do("leave", press("dialog button", "Отмена"), chromedp.Click(`[aria-label="Выйти"]`, chromedp.ByQuery), o.signIn(chief.login, chief.password),
		see(".sections button", "Справочники"), press(".sections button", "Справочники"), see(".part", "В-10 Перерасчёт за отъезд"))
	var buttons int
	o.do("count what she can press", chromedp.Evaluate(`document.querySelectorAll("main button").length`, &buttons))
	if buttons != 0 {
		t.Errorf("a supervisor can press %d buttons", buttons)
	}

	books, err := s.stores.db.CaseBooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := books.Terms.Policy(term.Answer, term.Subject{Kind: appeal.Complaint, Audience: knowledge.Individuals}, today.Add(1))
	if p.Company.N != 15 || p.Legal.N != 10 {
		t.Errorf("%+v", p)
	}
}
