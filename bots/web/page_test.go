package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
)

func here(latitude, longitude float64) chromedp.Action {
	return emulation.SetGeolocationOverride().WithLatitude(latitude).WithLongitude(longitude).WithAccuracy(10)
}

func TestAPI(t *testing.T) {
	t.Parallel()
	s, p := start(t, `data-language="ru" data-accent="#ffd400" data-position="left" data-offset="40 60" data-label="Спросить" data-marker`)
	box := value[map[string]float64](p, `(() => { const r = `+find(".launcher", "")+`.getBoundingClientRect(); return {left: r.left, bottom: innerHeight - r.bottom}; })()`)
	if box["left"] != 40 || box["bottom"] != 60 {
		t.Errorf("the launcher stands at %v", box)
	}
	p.do("open, say", chromedp.Evaluate(`okoshko("open"); okoshko("send", "С кнопки страницы"); got = []; listener = e => got.push(e.detail.kind); okoshko("on", "message", listener)`, nil),
		p.see("Вы написали: С кнопки страницы"), p.until("got.join() === 'in,out'"), p.until("heard.includes('early open')"))
	p.axe("an accent of the page's own")
	p.do("not any more", chromedp.Evaluate(`okoshko("off", "message", listener)`, nil), p.say("Ещё"), p.see("Вы написали: Ещё"))
	if n := value[int](p, "got.length"); n != 2 {
		t.Errorf("a listener that was taken off heard %d messages", n)
	}
	p.do("English", chromedp.Evaluate(`okoshko("language", "en")`, nil), p.see("Вы написали: Ещё"),
		p.until(find(".send", "Send")), p.until(root+".host.lang === 'en'"))
	p.do("by the attribute", chromedp.Evaluate(`document.querySelector("okoshko-chat").lang = "ru"`, nil), p.until(find(".send", "Отправить")),
		chromedp.Evaluate(`document.querySelector("okoshko-chat").lang = "en"`, nil), p.until(find(".send", "Send")),
		p.until("!Object.keys(localStorage).some(key => key.includes('.m.'))"))
	s.set(func(s *server) {
		spoke := 0
		for _, c := range s.visitors {
			if len(c.log) == 0 {
				continue
			}
			spoke++
			if strings.Join(c.speaks, " ") != "en ru en" {
				t.Errorf("the bot was asked to speak %q", c.speaks)
			}
		}
		if spoke != 1 {
			t.Errorf("%d visitors have said something", spoke)
		}
	})
	p.do("close", chromedp.Evaluate(`okoshko("toggle")`, nil), p.until("!"+find(".panel", "")), p.until("heard.includes('close')"))
	s.set(func(s *server) {
		for _, c := range s.visitors {
			if len(c.log) > 0 {
				s.add(c, out(text("Новость")))
			}
		}
	})
	p.do("unread", p.until("heard.includes('unread')"), p.until("document.title === '(1) Энергосбыт'"),
		p.until(find(".launcher", "Спросить. New messages: 1")))
	p.do("a worn-out identity is dropped", chromedp.Evaluate(`okoshko("identify", "worn-out")`, nil), p.open2(), p.say("Всё ещё я"), p.see("Вы написали: Всё ещё я"))
}

// open2 opens a chat that speaks English.
func (p *tab) open2() chromedp.Action {
	return chromedp.Tasks{p.press(".launcher", ""), p.until(find(".state", "Online"))}
}

// wide says that something sticks out of the window, of the page or of the chat.
const wide = `document.documentElement.scrollWidth > innerWidth || ` +
	`[...` + root + `.querySelectorAll(".panel, .log, .composer")].some(e => e.scrollWidth > e.clientWidth + 1) || ` +
	`(r => r.left < 0 || r.right > innerWidth + .5 || r.top < -.5 || r.bottom > innerHeight + .5)(` + root + `.querySelector(".panel").getBoundingClientRect())`

func TestLayout(t *testing.T) {
	t.Parallel()
	_, p := start(t, `data-greeting="Здравствуйте! Самоедлиннейшееслововмирекотороеникудане-переносится-но-всё-равно-должно-поместиться."`)
	p.do("open", p.open(), p.say("Меню"), p.see("Выберите действие"), p.say(strings.Repeat("длинноеслово", 20)), p.say("4521"), p.see("Проверьте"))
	for _, size := range [][3]float64{{320, 568, 1}, {360, 740, 1}, {768, 1024, 1}, {1440, 900, 1}, {720, 450, 2}, {320, 256, 4}} {
		p.do("resize", chromedp.EmulateViewport(int64(size[0]), int64(size[1]), chromedp.EmulateScale(size[2])))
		p.do(fmt.Sprintf("everything fits at %v × %v", size[0], size[1]), p.until("innerWidth === "+fmt.Sprint(size[0])+" && !("+wide+")"))
	}
	p.do("a phone", chromedp.EmulateViewport(320, 568, chromedp.EmulateTouch), p.until("matchMedia('(pointer: coarse)').matches"))
	small := value[[]string](p, `[...`+root+`.querySelectorAll(".panel button, .panel textarea")].filter(e => e.offsetParent && !e.disabled &&
		(e.getBoundingClientRect().height < 43.5 || e.getBoundingClientRect().width < 43.5)).map(e => e.className + " " + e.innerText)`)
	if len(small) > 0 {
		t.Errorf("too small for a finger: %q", small)
	}
	p.axe("a phone")
}

// In forced colours backgrounds are all one: what is told apart by them alone
// needs a border that stays.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	_, p := start(t, "")
	p.do("open", p.open(), p.say("Меню"), p.see("Выберите действие"),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}),
		p.until("matchMedia('(forced-colors: active)').matches"))
	bare := value[[]string](p, `[...`+root+`.querySelectorAll(".panel, .bubble, .choice, .send, textarea")].filter(e => e.offsetParent).filter(e => {
		const style = getComputedStyle(e);
		return style.borderTopWidth === "0px" || /^rgba.*, 0\)$/.test(style.borderTopColor) || style.borderTopColor === style.backgroundColor;
	}).map(e => e.className)`)
	if len(bare) > 0 {
		t.Errorf("nothing tells %q from what lies under it", bare)
	}
	p.axe("forced colours")
}

// TestOpensFast prints how long the chat takes to open on a slow phone; what
// it takes here depends on the machine, so only the absurd fails.
func TestOpensFast(t *testing.T) {
	_, p := start(t, "")
	const kbit = 1000 / 8
	// A tab that is not in front draws once in a second.
	p.do("a slow phone", page.BringToFront(), emulation.SetCPUThrottlingRate(4),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{
				{Latency: 100, DownloadThroughput: 400 * kbit, UploadThroughput: 400 * kbit},
			}).Do(ctx)
			return err
		}),
		network.SetCacheDisabled(true), chromedp.Reload(), p.until(find(".launcher", "")))
	var opened float64 // ms
	p.do("press", chromedp.Evaluate(`(async () => {
		const from = performance.now(), root = document.querySelector("okoshko-chat").shadowRoot;
		root.querySelector(".launcher").click();
		while (!root.querySelector(".panel textarea")?.offsetParent) await new Promise(requestAnimationFrame);
		return performance.now() - from;
	})()`, &opened, browsertest.Awaited))
	ready := time.Now()
	p.do("ready", p.until(find(".state", "На связи")))
	t.Logf("opened after %.0f ms, connected %d ms later (4× slower processor, 400 kbit/s, 100 ms latency)", opened, time.Since(ready).Milliseconds())
	if opened > 10_000 {
		t.Errorf("opening took %.0f ms", opened)
	}
}

// TestScreenshots takes pictures for a person to look at, when the test is run
// with -artifacts.
func TestScreenshots(t *testing.T) {
	if !strings.Contains(strings.Join(os.Args, " "), "test.artifacts=true") {
		t.Skip("pictures are taken with -artifacts")
	}
	s, p := start(t, `data-privacy="/privacy"`)
	shot := func(name string) {
		t.Helper()
		for _, size := range [][2]int64{{768, 1024}, {360, 740}, {1440, 900}} {
			for _, scheme := range []string{"dark", "light"} {
				var png []byte
				p.do("picture", page.BringToFront(), chromedp.EmulateViewport(size[0], size[1]), browsertest.Colours(scheme),
					chromedp.Evaluate("new Promise(r => setTimeout(r, 200))", nil, browsertest.Awaited), chromedp.CaptureScreenshot(&png))
				file := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d-%s.png", name, size[0], scheme))
				if err := os.WriteFile(file, png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	shot("closed")
	p.do("open", p.open())
	shot("open")
	p.do("talk", p.press(".intro .choice", "Меню"), p.see("Выберите действие"))
	shot("menu")
	p.do("talk", p.press(".choice", "Передать показания"), p.see("Введите показание"), p.say("4521"), p.see("Проверьте"))
	shot("summary")
	p.do("answer", p.press(".choice", "Отправить"), p.see("ПП-26"))
	s.set(func(s *server) {
		for _, c := range s.visitors {
			if len(c.log) > 0 {
				s.add(c, object{"kind": "out", "by": "Анна Сергеевна", "message": text("Здравствуйте! Вижу вашу заявку. Мастер приедет завтра с 9 до 12.")})
			}
		}
	})
	p.do("thanks", p.see("Мастер приедет"), p.say("Спасибо большое! Буду дома."), p.see("Вы написали: Спасибо"))
	shot("receipt")
	p.do("photo", p.say("Фото"), p.until(find(".act", "Выбрать файл")), p.choose(picture(t)), p.until(root+".querySelector('.tray .done')"))
	shot("tray")
	p.do("sent", p.say("Счётчик в подъезде"), p.see("Фото получено"), p.until(find(".bubble canvas", "")))
	shot("files")
	p.do("a date", p.say("Дата"), p.until(find(".ask input", "")))
	shot("date")
	s.set(func(s *server) {
		s.refuse = func(f frame) object {
			if f.Text == "Дата" {
				return nil
			}
			return object{"t": "nack", "error": "too_many"}
		}
	})
	p.do("refused", p.say("Почему так долго нет света?"), p.see("Не отправлено"))
	shot("refused")
	p.do("offline", p.offline(true), p.until(find(".banner", "")+".innerText"), p.say("Это уйдёт позже"))
	shot("offline")
}
