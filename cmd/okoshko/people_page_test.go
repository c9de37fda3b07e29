package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
	"okoshko/core/staff"
)

// office is a tab with the console's pages about people.
type office struct {
	t   *testing.T
	ctx context.Context
}

func (o *office) do(what string, actions ...chromedp.Action) {
	o.t.Helper()
	browsertest.Do(o.t, o.ctx, what, browsertest.Body, actions...)
}

// at checks the page as it stands now for accessibility, and takes pictures for
// a person to look at when the test is run with -artifacts.
func (o *office) at(moment string) {
	o.t.Helper()
	browsertest.Axe(o.t, o.ctx, ":root", moment)
	for _, size := range [][2]int64{{1280, 800}, {360, 740}} {
		var wider bool
		o.do("look", chromedp.EmulateViewport(size[0], size[1]),
			chromedp.Evaluate("[document.scrollingElement, ...document.querySelectorAll('.page, .sheet')].some(e => e.scrollWidth > e.clientWidth)", &wider))
		if wider {
			o.t.Errorf("%s at %d: wider than the screen", moment, size[0])
		}
		if keeping {
			var png []byte
			o.do("picture", cdppage.BringToFront(), browsertest.Settled(), chromedp.CaptureScreenshot(&png))
			o.keep(fmt.Sprintf("%s-%d.png", moment, size[0]), png)
		}
	}
	o.do("back", chromedp.EmulateViewport(1280, 800))
}

// keeping: the test is run with -artifacts.
var keeping = strings.Contains(strings.Join(os.Args, " "), "test.artifacts=true")

// keep writes down what a person may want to look at.
func (o *office) keep(name string, content []byte) {
	o.t.Helper()
	if !keeping {
		return
	}
	if err := os.WriteFile(filepath.Join(o.t.ArtifactDir(), name), content, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) read(selector string) (text string) {
	o.t.Helper()
	o.do("read "+selector, chromedp.Text(selector, &text, chromedp.ByQuery))
	return strings.TrimSpace(text)
}

// fill replaces what stands in a field, as its reader would.
func fill(field, text string) chromedp.Action {
	empty := fmt.Sprintf(`(e => { e.value = ""; e.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector(%q))`, field)
	return chromedp.Tasks{chromedp.Evaluate(empty, nil), chromedp.SendKeys(field, text)}
}

// apart gives a server a host of its own: cookies know no ports, and tests share
// a browser.
func apart(url string) string {
	port := url[strings.LastIndex(url, ":")+1:]
	return "http://office-" + port + ".localhost:" + port
}

func (o *office) signIn(login, password string) chromedp.Action {
	return chromedp.Tasks{
		chromedp.WaitVisible("#username"), chromedp.SendKeys("#username", login), chromedp.SendKeys("#password", password), press("button", "Войти"),
	}
}

// enrol scans the square, which is to say that it types the key.
func (o *office) enrol() (recovery string) {
	o.t.Helper()
	o.do("see the square", see(".steps", "Отсканируйте"), chromedp.WaitVisible(".qr"))
	code := codeAt(o.t, o.read(".key"), 0)
	o.do("confirm", chromedp.SendKeys("#second-code", code), press("button", "Подтвердить"), see(".once", "Коды восстановления"))
	return o.read(".codes li:first-child code")
}

// An administrator, on the page and the server with nothing between: he sets up
// the second factor that his role needs before anything else, adds a colleague,
// closes an account and reads the audit.
func TestPeoplePages(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	s.console.Demo = false
	chief := s.employ(t, "chief", staff.Admin)
	o := &office{t, newTab(t, 1280, 800)}
	o.do("sign in", chromedp.Navigate(apart(s.url(t))+"/console/"), o.signIn(chief.login, chief.password), see("h1", "Подключите второй фактор"))
	o.do("wait for the square", chromedp.WaitVisible(".qr"))
	o.at("01-second-factor")
	o.enrol()
	o.at("02-recovery-codes")
	o.do("go on", press("button", "Коды сохранены"), see(".people", "Анна"))
	o.at("03-people")
	o.do("add a colleague", press("button", "Добавить сотрудника"), chromedp.WaitVisible("#person-login"),
		chromedp.SendKeys("#person-login", "Анна"), chromedp.SendKeys("#person-name", "Вера"),
		chromedp.Evaluate(`document.querySelector("fieldset input").click()`, nil), press("dialog .act", "Добавить"), see("dialog .trouble", "латинские"))
	o.at("04-card")
	o.do("mend the login", fill("#person-login", "vera"), press("dialog .act", "Добавить"), see("dialog", "Временный пароль"))
	o.at("05-given")
	o.do("close Anna's account", press("button", "Пароль передан"), see(".people", "Вера"),
		chromedp.Click(`[aria-label="Изменить: Анна"]`, chromedp.ByQuery), see("dialog h3", "Доступ"), press("dialog .ways button", "Отключить"), see("dialog", "сразу потеряет"))
	o.at("06-ways")
	o.do("confirm it", press("dialog .ways .act", "Отключить"), see(".off", "Анна"))
	if a, _, err := s.stores.db.FindStaff(t.Context(), "anna"); err != nil || !a.Disabled {
		t.Errorf("Anna's account is open: %v", err)
	}
	o.do("read the audit", press(".sections button", "Журнал"), see(".book", "добавлен сотрудник: vera"), see(".book", "сотрудник отключён: anna"), see(".book", "есть → нет"))
	o.at("07-audit")
	o.do("look for Vera", press(".book .text", "vera"), chromedp.Poll(`!document.querySelector(".book").textContent.includes("anna")`, nil), see(".line .text", "Сбросить"))
	o.do("look at his own", chromedp.Click(".bar .staff", chromedp.ByQuery), see(".part", "это окно"))
	o.at("08-account")
}

// A newcomer sets a password of his own, sets up a second factor because he
// wants to, and signs in without his phone, by a recovery code.
func TestNewcomersPages(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	chief := s.employ(t, "chief", staff.Admin)
	if err := chief.come(); err != nil {
		t.Fatal(err)
	}
	made, err := chief.must("POST", "/people", map[string]any{"login": "vera", "name": "Вера", "roles": []string{"operator"}})
	if err != nil {
		t.Fatal(err)
	}
	given, _ := made["password"].(string)
	o := &office{t, newTab(t, 1280, 800)}
	signOut := chromedp.Tasks{chromedp.Click(`[aria-label="Выйти"]`, chromedp.ByQuery), chromedp.WaitVisible("#username")}

	o.do("come", chromedp.Navigate(apart(s.url(t))+"/console/"), o.signIn("vera", given), see("h1", "Задайте свой пароль"), chromedp.WaitVisible("#password-new"))
	o.at("09-own-password")
	o.do("set a password", chromedp.SendKeys("#password-new", "слова моей песни"), press("button", "Сохранить пароль"), see(".list", "Ждут"))
	o.do("set up a second factor", chromedp.Click(".bar .staff", chromedp.ByQuery), see(".part button", "Подключить"), press(".part button", "Подключить"))
	recovery := o.enrol()
	o.do("keep the codes", press("button", "Коды сохранены"), see(".part", "осталось: 10"), signOut)
	o.do("come without the phone", o.signIn("vera", "слова моей песни"), chromedp.WaitVisible("#code"),
		chromedp.SendKeys("#code", "123456"), press("button", "Войти"), see(".trouble", "не подошёл"))
	o.at("10-code")
	o.do("enter a recovery code", fill("#code", recovery), press("button", "Войти"), see(".list", "Ждут"))
	o.do("count them", chromedp.Click(".bar .staff", chromedp.ByQuery), see(".part", "осталось: 9"))
}
