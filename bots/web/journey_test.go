package web_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
)

// start opens a page with the widget before a server of its own.
func start(t *testing.T, attributes string) (*server, *tab) {
	t.Helper()
	files, err := bundled()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, files)
	return s, newTab(t, s, attributes)
}

// entries counts what customers said in all conversations.
func (s *server) entries(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.visitors {
		for _, e := range c.log {
			if e["kind"] == "in" && e["text"] == text {
				n++
			}
		}
	}
	return n
}

func TestConversation(t *testing.T) {
	t.Parallel()
	s, p := start(t, `data-greeting="Добрый день! Чем помочь?" data-privacy="/privacy"`)
	p.axe("closed")
	if n := value[int](p, "performance.getEntriesByType('resource').filter(e => e.name.includes('/widget/') || e.name.includes('/chat/')).length"); n != 0 {
		t.Errorf("%d requests before the chat is opened", n)
	}
	p.do("open", p.open(), p.see("Добрый день! Чем помочь?"))
	p.axe("open")
	if n := value[int](p, "localStorage.length + sessionStorage.length + document.cookie.length"); n != 0 {
		t.Errorf("the browser keeps %d things before the first message", n)
	}
	p.do("menu", p.press(".intro .choice", "Меню"), p.see("Выберите действие"))
	if n := value[int](p, "localStorage.length"); n == 0 {
		t.Error("nothing is kept after the first message: a reload would lose the conversation")
	}
	p.do("a command", p.press(".choice", "Передать показания"), p.see("Введите показание счётчика"))
	if mode := value[string](p, find("textarea", "")+".inputMode"); mode != "numeric" {
		t.Errorf("inputmode is %q for a number", mode)
	}
	p.do("a number", p.say("4521"), p.see("Проверьте, пожалуйста"))
	p.axe("conversation")
	p.do("an answer", p.press(".choice", "Отправить"), p.see("ПП-26-000-001-3"), p.see("<img src=x"))
	if n := value[int](p, root+".querySelectorAll('img, a[href^=javascript]').length"); n != 0 {
		t.Error("data became markup, or an address that runs")
	}
	if off := value[bool](p, "!"+find(".choice", "Отправить")+" && !"+find(".choice", "Изменить")); !off {
		t.Error("the answers can be pressed again")
	}
	p.do("commands stay", p.press(".row:first-child ~ .row .choice", "Передать показания"), p.count(".own", 5))
	p.do("copy", p.press(".copy", "Скопировать ПП-26-000-001-3"), p.until(find(".toast", "")+".innerText"))
	rel := value[string](p, root+".querySelector('.bubble a').rel")
	if rel != "noopener noreferrer" {
		t.Errorf("rel is %q", rel)
	}

	before := value[string](p, root+".querySelector('.list').innerText")
	p.do("reload", chromedp.Reload(), p.until(root), p.open(), p.see("ПП-26-000-001-3"), p.count(".own", 5))
	if after := value[string](p, root+".querySelector('.list').innerText"); after != before {
		t.Errorf("before the reload:\n%s\nafter:\n%s", before, after)
	}
	p.axe("resumed")
	if n := s.entries("4521"); n != 1 {
		t.Errorf("4521 stands %d times in the log", n)
	}
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	_, p := start(t, "")
	focused := root + ".activeElement"
	p.do("reach the launcher", chromedp.KeyEvent("\t"), p.until(focused+"?.className === 'launcher'"),
		browsertest.Enter, p.until(focused+"?.tagName === 'TEXTAREA'"),
		chromedp.KeyEvent("Меню"), browsertest.Enter, p.see("Выберите действие"), p.until(find("textarea", "")+".value === ''"),
		chromedp.Evaluate(find(".choice", "Передать показания")+".focus()", nil), browsertest.Enter, p.see("Введите показание"),
		p.until(focused+"?.tagName === 'TEXTAREA'"),
		chromedp.KeyEvent("\u001b"), p.until("!"+find(".panel", "")), p.until(focused+"?.className === 'launcher'"))
	if expanded := value[string](p, find(".launcher", "")+".getAttribute('aria-expanded')"); expanded != "false" {
		t.Errorf("aria-expanded is %q on a closed chat", expanded)
	}
}

func TestSecondTab(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("open", p.open())
	other := p.second()
	other.do("open before anything was said", other.open())
	p.do("say", p.say("Здравствуйте"), p.see("Вы написали: Здравствуйте"))
	other.do("the other follows", other.see("Вы написали: Здравствуйте"))
	other.do("and answers", other.say("Я здесь"), other.see("Вы написали: Я здесь"))
	p.do("seen in the first", p.see("Вы написали: Я здесь"), p.count(".own", 2))
	other.do("in step", other.count(".own", 2))

	other.do("closed", other.press(".icon", "Закрыть чат"))
	p.do("closed too", p.press(".icon", "Закрыть чат"))
	s.set(func(s *server) {
		for _, c := range s.visitors {
			if len(c.log) > 0 {
				s.add(c, out(text("Ваша заявка исполнена")))
				s.add(c, object{"kind": "out", "by": "Анна", "message": text("Оцените, пожалуйста, работу")})
			}
		}
	})
	for _, each := range []*tab{p, other} {
		each.do("the badge", each.until(find(".badge", "2")))
	}
	p.do("reading here", p.open())
	other.do("reads there", other.until("!"+find(".badge:not(:empty)", "")))
}

func TestNetworkLoss(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("open", p.open(), p.say("Раз"), p.see("Вы написали: Раз"))
	p.do("lose the network", p.offline(true), p.until(find(".banner", "")+".innerText"),
		p.say("Два"), p.say("Три"), p.count(".own", 3))
	if s.entries("Два") != 0 {
		t.Fatal("the network is not cut")
	}
	p.do("it is back", p.offline(false), p.see("Вы написали: Два"), p.see("Вы написали: Три"),
		p.until("!"+find(".banner", "")+".innerText"), p.count(".own", 3))
	for _, said := range []string{"Раз", "Два", "Три"} {
		if n := s.entries(said); n != 1 {
			t.Errorf("%q stands %d times in the log", said, n)
		}
	}

	// An ack is lost with its socket: the message is sent again, and taken once.
	s.set(func(s *server) { s.muted, s.twice = 1, true })
	p.do("say into a falling line", p.say("Четыре"), p.see("Вы написали: Четыре"))
	s.drop()
	p.do("reconnected", p.say("Пять"), p.see("Вы написали: Пять"), p.count(".own", 5), p.count(".ours", 5))
	if n := s.entries("Четыре"); n != 1 {
		t.Errorf("a message whose ack was lost stands %d times in the log", n)
	}
}

func TestRestartAndReset(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("open", p.open(), p.say("Раз"), p.see("Вы написали: Раз"))
	s.set(func(s *server) {
		for k := range s.conns {
			k.say(object{"t": "bye", "error": "restart", "retry_after": 1})
		}
	})
	p.do("after a restart", p.say("Два"), p.see("Вы написали: Два"), p.count(".own", 2))

	// The server has lost its store and gives every position anew.
	s.set(func(s *server) {
		for _, c := range s.visitors {
			c.revision += 1 << 20
			if len(c.log) == 0 {
				continue
			}
			for k := range s.conns {
				k.live = false
			}
			c.log = nil
			s.add(c, object{"kind": "in", "id": "restored-1", "did": "text", "text": "Раз"}, out(text("Вы написали: Раз")))
		}
	})
	s.drop()
	p.do("after a loss", p.count(".own", 1), p.say("Три"), p.see("Вы написали: Три"), p.count(".own", 2))
}

func TestBlockedSockets(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	s.set(func(s *server) { s.blocked = true })
	p.do("open", p.open(), p.say("Через забор"), p.see("Вы написали: Через забор"),
		p.press(".icon", "Закрыть чат"))
	s.set(func(s *server) {
		for _, c := range s.visitors {
			if len(c.log) > 0 {
				s.add(c, out(text("И ответ без сокета")))
			}
		}
	})
	p.do("news come", p.until(find(".badge", "1")), p.open(), p.see("И ответ без сокета"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sockets != 0 || s.polls < 2 {
		t.Errorf("%d sockets, %d polls", s.sockets, s.polls)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	s.set(func(s *server) {
		waits := 1
		s.refuse = func(f frame) object {
			switch {
			case f.Text == "Подожди" && waits > 0:
				waits--
				return object{"t": "nack", "error": "too_many", "retry_after": 0.2}
			case f.Text == "Нельзя":
				return object{"t": "nack", "error": "invalid"}
			}
			return nil
		}
	})
	p.do("taken at the second try", p.open(), p.say("Подожди"), p.see("Вы написали: Подожди"), p.count(".own", 1))
	p.do("never taken", p.say("Нельзя"), p.see("Не отправлено. Не удалось принять"))
	p.axe("refused")
	s.set(func(s *server) { s.refuse = nil })
	p.do("until repeated", p.press(".trouble button", "Повторить"), p.see("Вы написали: Нельзя"), p.count(".own", 2), p.count(".trouble", 0))
}

// An answer that is longer than the screen is read from its beginning, also if it
// comes in parts; a shorter one leaves the end in sight, and so does the customer's
// own next word.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("open", p.open(), p.say("Начало"), p.see("Вы написали: Начало"))
	answer := func(paragraphs ...string) {
		s.set(func(s *server) {
			for _, c := range s.visitors {
				s.add(c, out(text(paragraphs...)))
			}
		})
	}
	answer("Первая часть")
	answer(slices.Repeat([]string{"Длинный абзац ответа, в котором много слов."}, 40)...)
	answer("Последняя часть")
	p.do("read it", p.see("Последняя часть"), p.until(find(".down", "")))
	above := root + ".querySelectorAll('.row')[2].getBoundingClientRect().top - " + root + ".querySelector('.log').getBoundingClientRect().top"
	if at := value[float64](p, above); at < -1 || at > 150 { // the word before it may be in sight
		t.Errorf("the first part stands %.0f pixels below the upper edge", at)
	}
	p.do("go on", p.say("Понятно"), p.see("Вы написали: Понятно"), p.until("!"+find(".down", "")))
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("open", p.open(), p.say("Начало"), p.see("Вы написали: Начало"))
	s.set(func(s *server) {
		for _, c := range s.visitors {
			for i := range 60 {
				e := out(text("Сообщение " + strings.Repeat("длинное ", 12) + time.Duration(i).String()))
				e["at"] = time.Now().Add(time.Duration(i-60) * time.Hour).UTC().Format(time.RFC3339)
				s.add(c, e)
			}
		}
	})
	p.do("reload", chromedp.Reload(), p.until(root), p.open(), p.count(".row", 20))
	top := root + ".querySelector('.log')"
	p.do("scroll up", chromedp.Evaluate(top+".scrollTo(0, 60)", nil), p.until(root+".querySelectorAll('.row').length >= 40"))
	if at := value[float64](p, top+".scrollTop"); at < 500 {
		t.Errorf("what was on the screen has moved away: scrollTop is %.0f", at)
	}
	p.do("to the beginning", p.press(".earlier", ""), p.until(root+".querySelectorAll('.row').length >= 60"),
		p.press(".earlier", ""), p.see("Начало"), p.until("!"+find(".earlier", "")))
	p.do("and back to the end", p.press(".down", ""), p.until("!"+find(".down", "")))
}
