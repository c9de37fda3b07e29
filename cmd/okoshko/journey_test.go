package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/web/browsertest"
)

// traveller is somebody at a browser: a customer before the widget, or a member
// of staff before the console. Everything that he comes past is checked for
// accessibility, and photographed when the test runs with -artifacts.
type traveller struct {
	t      *testing.T
	tab    context.Context
	within string // what is his: axe's selector
}

// element is an expression for the last visible element of a selector, in the
// page or in the widget, that shows the words or is named by them.
const element = `[...document.querySelectorAll(%[1]q), ...(document.querySelector("okoshko-chat")?.shadowRoot.querySelectorAll(%[1]q) ?? [])]
	.findLast(e => e.checkVisibility() && (!%[2]q || e.innerText.includes(%[2]q) || e.ariaLabel?.includes(%[2]q) || e.placeholder?.includes(%[2]q)))`

func (v *traveller) do(what string, actions ...chromedp.Action) {
	v.t.Helper()
	browsertest.Do(v.t, v.tab, what, pageAndWidget, actions...)
}

// pageAndWidget is what the page and the widget show.
const pageAndWidget = browsertest.Body + ` + "\n---\n" + (document.querySelector("okoshko-chat")?.shadowRoot.querySelector(".panel")?.innerText ?? "")`

func (v *traveller) sees(selector, words string) chromedp.Action {
	return anew(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := chromedp.Poll("!!"+fmt.Sprintf(element, selector, words), nil, chromedp.WithPollingTimeout(patience)).Do(ctx); err != nil {
			return fmt.Errorf("no %s shows %q: %w", selector, words, err)
		}
		return nil
	}))
}

// lacks waits until nothing visible of a selector shows the words.
func (v *traveller) lacks(selector, words string) chromedp.Action {
	return anew(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := chromedp.Poll("!"+fmt.Sprintf(element, selector, words), nil, chromedp.WithPollingTimeout(patience)).Do(ctx); err != nil {
			return fmt.Errorf("%s still shows %q: %w", selector, words, err)
		}
		return nil
	}))
}

func (v *traveller) clicks(selector, words string) chromedp.Action {
	return browsertest.Click(fmt.Sprintf(element, selector, words))
}

// writes types into a field, and presses Enter, whose letter is a part of it.
func (v *traveller) writes(words string) chromedp.Action {
	return chromedp.Tasks{
		v.clicks("textarea", ""), chromedp.Evaluate(fmt.Sprintf(element, "textarea", "")+".focus()", nil), chromedp.KeyEvent(words),
		browsertest.Enter,
	}
}

// hears waits for words in the log, once.
func (v *traveller) hears(words string) chromedp.Action {
	return anew(chromedp.Poll(fmt.Sprintf(`(document.querySelector("okoshko-chat")?.shadowRoot ?? document).querySelector(".log")?.innerText.split(%q).length === 2`, words),
		nil, chromedp.WithPollingTimeout(patience)))
}

// anew is an action that begins anew when the page under it is left for
// another one.
func anew(action chromedp.Action) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			err := action.Do(ctx)
			if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "Cannot find context") && !strings.Contains(err.Error(), "target navigated") {
				return err
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
}

// at is the moment of the journey: checked, and photographed at a desk, on a
// tablet and on a phone.
func (v *traveller) at(moment string) {
	v.t.Helper()
	browsertest.Axe(v.t, v.tab, v.within, moment)
	if !keeping {
		return
	}
	for _, width := range []int64{360, 768, 1440} {
		height := map[int64]int64{360: 740, 768: 1024, 1440: 900}[width]
		for _, scheme := range []string{"dark", "light"} {
			var picture []byte
			v.do(moment, cdppage.BringToFront(), chromedp.EmulateViewport(width, height), browsertest.Colours(scheme),
				chromedp.Evaluate(`new Promise(done => setTimeout(done, 150))`, nil, browsertest.Awaited), browsertest.Settled(),
				chromedp.ActionFunc(func(ctx context.Context) (err error) {
					picture, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatWebp).WithQuality(70).Do(ctx)
					return err
				}))
			name := fmt.Sprintf("%s-%d-%s.webp", moment, width, scheme)
			if err := os.WriteFile(filepath.Join(v.t.ArtifactDir(), name), picture, 0o600); err != nil {
				v.t.Fatal(err)
			}
		}
	}
}

// relay is the address that a server keeps through its restarts. Browsers hold
// connections for later: those to a server that has ended end with it.
type relay struct {
	net.Listener
	mu   sync.Mutex
	to   string
	open []net.Conn
}

func newRelay(t *testing.T) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go r.carry(in)
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return r
}

func (r *relay) carry(in net.Conn) {
	r.mu.Lock()
	to := r.to
	r.open = append(r.open, in)
	r.mu.Unlock()
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
	_, _ = io.Copy(in, out)
}

// lead sends everybody to a server, those who are connected too.
func (r *relay) lead(to string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = to
	for _, conn := range r.open {
		_ = conn.Close()
	}
	r.open = nil
}

// visit opens a tab whose clock is the server's: what browsers say of days and
// waits is then of the story's time.
func enter(t *testing.T, s *server, address, within string) *traveller {
	t.Helper()
	v := &traveller{t, newTab(t, 1440, 900), within}
	ahead := strconv.FormatInt(time.Duration(s.clock.ahead.Load()).Milliseconds(), 10)
	v.do("open "+address, emulation.SetTimezoneOverride("Asia/Yekaterinburg"), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := cdppage.AddScriptToEvaluateOnNewDocument(`Date = class extends Date {
			constructor(...of) { of.length ? super(...of) : super(Date.now()); }
			static now() { return super.now() + ` + ahead + `; }
		}`).Do(ctx)
		return err
	}), chromedp.Navigate(address))
	return v
}

// The whole of it, by people: a customer submits a reading in the widget,
// reloads in the middle, goes on in a second tab, loses the network and comes
// back, calls an operator; the operator answers from the console, with a
// restart of the server in between.
func TestJourney(t *testing.T) {
	t.Parallel()
	var kept Config
	s, stop := launchServer(t, func(c *Config) { kept = *c })
	door := newRelay(t)
	site := "http://" + door.Addr().String()
	door.lead(strings.TrimPrefix(s.url(t), "http://"))
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, pgtest.Zone) // a Tuesday
	s.clock.ahead.Store(int64(time.Until(at)))

	maria := enter(t, s, site+"/?lang=ru", ":root")
	maria.do("see the page", maria.sees(".launcher", "Задать вопрос"))
	maria.at("01-front")
	maria.within = "okoshko-chat"
	maria.do("open", maria.clicks(".launcher", ""), maria.sees(".state", "На связи"))
	maria.at("02-opened")
	maria.do("begin", maria.writes("передать показания 0145201372"), maria.hears("последние 4 цифры"))
	maria.at("03-form")
	maria.do("reload in the middle", chromedp.Reload(), maria.clicks(".launcher", ""), maria.hears("последние 4 цифры"))
	maria.at("04-reloaded")

	second := enter(t, s, site+"/?lang=ru", "okoshko-chat")
	second.do("go on in a second tab", second.clicks(".launcher", ""), second.hears("последние 4 цифры"),
		second.writes("5093"), second.hears("Введите показание счётчика"))
	maria.do("the first tab follows", maria.hears("Введите показание счётчика"), maria.writes("14920"), maria.hears("Проверьте и отправьте"))
	maria.at("05-summary")

	offline := func(off bool) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			if _, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}).Do(ctx); err != nil {
				return err
			}
			return network.OverrideNetworkState(off, 0, -1, -1).Do(ctx)
		})
	}
	maria.do("lose the network", offline(true), maria.sees(".banner", "Нет связи"), maria.clicks(".choice", "Отправить"), maria.sees(".own .mark", ""))
	maria.at("06-offline")
	maria.do("come back", offline(false), maria.hears("Показания приняты"))
	second.do("the second tab follows", second.hears("Показания приняты"))
	maria.at("07-receipt")
	maria.do("call", maria.writes("оператор"), maria.sees(".choice", "Выйти из очереди"),
		maria.writes("В октябре платила вовремя, а в счёте стоит пеня. Откуда она?"), maria.hears("Специалист прочитает"))
	maria.at("08-waiting")

	stop() // and starts again
	s = startServer(t, func(c *Config) { *c = kept })
	s.clock.ahead.Store(int64(time.Until(at.Add(4 * time.Minute))))
	door.lead(strings.TrimPrefix(s.url(t), "http://"))

	anna := enter(t, s, site+"/console/", ":root")
	anna.do("see the door", anna.sees("button", "Войти"))
	anna.at("09-sign-in")
	anna.do("sign in", chromedp.SendKeys("#username", "anna"), chromedp.SendKeys("#password", s.demoStaff["anna"]),
		anna.clicks("button", "Войти"), anna.sees(".waiting", "пеня"))
	anna.at("10-list")
	anna.do("take", anna.clicks(".take", ""), anna.sees(".log", "Диалог ведёт Анна"))
	maria.do("hear of it", maria.hears("подключился специалист: Анна"))
	anna.do("answer", anna.clicks("#composer", ""), chromedp.SendKeys("#composer", "Здравствуйте! Платёж пришёл 16-го, на день позже срока. Пеня 4,18 ₽, её можно просто оплатить вместе с этим счётом."),
		anna.clicks(".act", "Отправить"), anna.sees(".mine .mark", "доставлено"))
	maria.do("be answered", maria.hears("Платёж пришёл 16-го"), maria.writes("Поняла, спасибо!"))
	anna.do("be thanked", anna.hears("Поняла, спасибо!"))
	maria.at("11-answered")
	anna.at("12-dialog")
	anna.do("close", anna.clicks(".head button", "Закрыть"), anna.sees("dialog", "последним"))
	anna.at("13-closing")
	anna.do("closed", anna.clicks("dialog button", "Закрыть без ответа"))
	maria.do("go on with the bot", maria.hears("Специалист завершил разговор"))

	s.clock.ahead.Store(int64(time.Until(at.Add(11*time.Hour + 30*time.Minute)))) // when nobody is there
	maria.do("call at night", maria.writes("оператор"), maria.hears("08:00"))
	maria.at("14-night")
	anna.do("see it", chromedp.Reload(), anna.sees(".waiting li", ""))
	anna.at("15-night-list")

	var facts int
	if err := pgtest.Conn(t, kept.Postgres.URL.Reveal()).QueryRow(t.Context(),
		"SELECT count(*) FROM readings WHERE conversation IS NOT NULL AND value = 14920").Scan(&facts); err != nil || facts != 1 {
		t.Errorf("the reading stands %d times, %v", facts, err)
	}
}
