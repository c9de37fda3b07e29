package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"okoshko/core/appeal"
)

// colleague is one of the demo's staff who has come to work: signed in, in a tab
// and under a host of his own, so that none takes another's session.
func (s *server) colleague(t *testing.T, login string) *traveller {
	t.Helper()
	v := enter(t, s, strings.Replace(apart(s.url(t)), "office-", login+"-", 1)+"/console/", ":root")
	var door bool // or he has come before
	v.do(login+" comes", v.sees("#username, .bar .staff", ""), chromedp.Evaluate(`!!document.querySelector("#username")`, &door))
	if door {
		v.do(login+" signs in", v.fills("Логин", login), v.fills("Пароль", s.demoStaff[login]), v.presses("Войти"), v.sees(".bar .staff", ""))
	}
	return v
}

// field is an expression for the last field that is labelled by the words.
const field = `[...document.querySelectorAll("input, textarea, select")].filter(e => e.checkVisibility())
	.findLast(e => [...e.labels].some(l => l.innerText.trim().startsWith(%[1]q)) || e.ariaLabel?.startsWith(%[1]q))`

// named is an expression for the last button or link that can be pressed and says
// nothing but the words, marks and counts beside them apart.
const named = `[...document.querySelectorAll("button, a")]
	.findLast(e => e.checkVisibility() && !e.disabled && e.innerText.replace(/✎.*|[\s\d]+$/g, "").trim() === %q)`

// presses waits until something of that name can be pressed, and presses it.
func (v *traveller) presses(name string) chromedp.Action {
	at := fmt.Sprintf(named, name)
	return v.once("nothing to press is called "+name, at, at+".click()")
}

// submits ends a form of a case by its button, once everything that it needs is there.
func (v *traveller) submits(name string) chromedp.Action {
	at := fmt.Sprintf(`[...document.querySelectorAll(".case-form .act:enabled")].find(e => e.innerText === %q)`, name)
	return v.once("no form may be ended by "+name, at, at+".click()")
}

// fills goes to a field and types over what it holds.
func (v *traveller) fills(label, text string) chromedp.Action {
	at := fmt.Sprintf(field, label)
	return chromedp.Tasks{v.once("no field is called "+label, at, fmt.Sprintf("(e => { e.focus(); e.select(); })(%s)", at)), input.InsertText(text)}
}

// answers types where the frame of an answer leaves place, which is selected when one
// comes there.
func (v *traveller) answers(text string) chromedp.Action {
	return chromedp.Tasks{v.once("no frame of an answer", `document.querySelector("#letter")?.value.includes("{body}")`, `document.querySelector("#letter").focus()`), input.InsertText(text)}
}

// dates sets a field of a day and a time, which browsers let nobody type in one go.
func (v *traveller) dates(label string, at time.Time) chromedp.Action {
	return v.sets(label, "input", `e => `+fmt.Sprintf("%q", at.Format("2006-01-02T15:04")))
}

// picks chooses an option by what it says.
func (v *traveller) picks(label, option string) chromedp.Action {
	return v.sets(label, "change", fmt.Sprintf("e => [...e.options].find(o => o.text.startsWith(%q)).value", option))
}

func (v *traveller) sets(label, event, value string) chromedp.Action {
	at := fmt.Sprintf(field, label)
	return v.once("no field is called "+label, at, fmt.Sprintf(`(e => { e.value = (%s)(e); e.dispatchEvent(new Event(%q, {bubbles: true})); })(%s)`, value, event, at))
}

// once does something as soon as an expression holds, and says what is missing if
// it never does.
func (v *traveller) once(missing, holds, script string) chromedp.Action {
	return anew(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := chromedp.Poll("!!"+holds, nil, chromedp.WithPollingTimeout(patience)).Do(ctx); err != nil {
			return fmt.Errorf("%s: %w", missing, err)
		}
		return chromedp.Evaluate(script, nil).Do(ctx)
	}))
}

// opens finds a case in the list that is shown, and opens it.
func (v *traveller) opens(n appeal.Number) chromedp.Action {
	return chromedp.Tasks{v.clicks(".case-row a", n.String()), v.sees(".case-head .number", n.String())}
}

// downloads presses a button, and returns what it makes the browser keep.
func (v *traveller) downloads(button string) []byte {
	v.t.Helper()
	dir := v.t.TempDir()
	here := chromedp.ActionFunc(func(ctx context.Context) error {
		b := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		return browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir).Do(b)
	})
	v.do("download", here, v.presses(button))
	ctx, cancel := context.WithTimeout(v.tab, patience)
	defer cancel()
	var content []byte
	if err := eventually(ctx, func() (bool, error) {
		list, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
		if err != nil || len(list) == 0 {
			return false, err
		}
		content, err = os.ReadFile(list[0])
		return len(content) > 0, err
	}); err != nil {
		v.t.Fatalf("%s: nothing is downloaded: %v", button, err)
	}
	return content
}

// complains files a complaint; where answers where to its answer is to be sent, and
// what is asked about that.
func (p *phone) complains(where ...string) appeal.Number {
	p.t.Helper()
	p.talks(slices.Concat([]string{
		"жалоба", "",
		"Показание за октябрь записали не то, насчитали 5 тысяч, хотя живу одна", "О чём речь?",
		"[Показания не учтены]", "Назовите номер лицевого счёта",
		"0145201372", "Какого числа",
		"[Вчера]", "Какие показания",
		"14712", "Пришлите фото",
		"[Пропустить]", "Как удобнее",
		"[В этом чате]", "Куда отправить ответ",
	}, where, []string{"Как вас зовут", "Иванова Мария Петровна", "Проверьте обращение"})...)
	return numberIn(p.t, p.tells("[Отправить]", "Жалоба зарегистрирована: ЖБ-").Text)
}
