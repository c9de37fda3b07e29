package consoletest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okoshko/bots/web/browsertest"
	"okoshko/bots/web/consoletest"
)

const web1 = "web:1"

// waiting puts somebody into the queue who has said something.
func waiting(s *consoletest.Server, conversation, customer, text string) *consoletest.Handoff {
	var h *consoletest.Handoff
	s.Do(func(s *consoletest.Server) {
		h = s.Call(consoletest.Handoff{Conversation: conversation, Channel: "web", Customer: customer, Since: time.Now()})
		s.Customer(h, text)
		s.Add(conversation, object{"kind": "event", "did": "called"})
	})
	return h
}

// taken is a desk with one dialog of Anna's open in it.
func taken(t *testing.T) (*consoletest.Server, *tab, *consoletest.Handoff) {
	t.Helper()
	s := serve(t)
	h := waiting(s, web1, "Гость", "Почему такой большой счёт?")
	p := desk(t, s, anna)
	p.do("take", p.press(".take", "Взять диалог: Гость"), p.see(".log", "Диалог ведёт Анна"), p.focused("#composer"))
	return s, p, h
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := serve(t)
	p := open(t, s)
	p.axe("signing in")
	p.do("nothing typed", p.press(".act", "Войти"), p.see(".trouble", "Введите логин и пароль"))
	wrong := anna
	wrong.Password = "не тот"
	p.do("wrong", p.signIn(wrong), p.see(".trouble", "не подошли"), p.focused("#password"))
	p.axe("a wrong password")
	for tries := 2; tries <= 3; tries++ {
		p.do("again", p.signIn(wrong))
		p.eventually("counted", func(s *consoletest.Server) bool { return s.Tries == tries })
		p.do("heard", p.see(".trouble", "не подошли"), p.until("!document.querySelector('.act').disabled"))
	}
	p.do("too often", p.signIn(wrong), p.see(".trouble", "через 5 мин"))
	p.do("right", p.signIn(anna), p.see(".list", "Никто не ждёт"), p.see(".staff", "Анна"))
	p.do("the session outlives a reload", chromedp.Reload(), p.see(".staff", "Анна"))
	p.do("out", p.press("button", "Выйти"), p.until(find("#username", "")))
	p.do("and stays out", chromedp.Reload(), p.until(find("#username", "")))
}

// English comes when somebody wants it, and stays over a reload.
func TestEnglish(t *testing.T) {
	t.Parallel()
	p := desk(t, serve(t), anna)
	choose := `(e => { e.value = "en"; e.dispatchEvent(new Event("change", {bubbles: true})) })([...document.querySelectorAll("dialog select")].at(-1))`
	p.do("chosen", p.press("button", "Клавиши и настройки"), p.see("dialog", "Русский"), chromedp.Evaluate(choose, nil), p.see(".list", "Nobody is waiting"))
	p.do("kept", chromedp.Reload(), p.see(".list", "Nobody is waiting"))
}

func TestTake(t *testing.T) {
	t.Parallel()
	s := serve(t)
	p := desk(t, s, anna)
	p.do("nobody", p.see(".list", "Никто не ждёт"), p.see(".nobody", "Всё разобрано"))
	h := waiting(s, web1, "Гость", "Почему такой большой счёт?")
	p.do("somebody appears by himself", p.see(".waiting .row", "Почему такой большой счёт?"), p.until("document.title.startsWith('(1)')"),
		p.see("[role=status]", "Ждёт ответа: Гость"))
	p.do("read before taking", p.press(".open", ""), p.see(".log", "Почему такой большой счёт?"), p.see(".standing", "возьмите диалог"))
	p.axe("a waiting dialog")
	p.do("take", p.press(".act", "Взять диалог"), p.see(".mine .row", "Гость"), p.see(".log", "Диалог ведёт Анна"), p.focused("#composer"))
	p.do("answer", p.say("Здравствуйте! Сейчас посмотрю."), p.see(".mine .bubble", "Сейчас посмотрю"), p.see(".mark", "доставлено"))
	s.Do(func(s *consoletest.Server) { s.Types(h) })
	p.do("the customer types", p.see(".typing", "Клиент печатает"))
	s.Do(func(s *consoletest.Server) { s.Customer(h, "Жду") })
	p.do("the customer answers", p.see(".customer", "Жду"), p.see("[role=status]", "Гость: Жду"))
	p.eventually("one reply", func(s *consoletest.Server) bool {
		return slices.Equal(s.Texts(web1, "out"), []string{"Здравствуйте! Сейчас посмотрю."}) && s.Typed > 0
	})
	p.axe("a dialog")
}

func TestLostRace(t *testing.T) {
	t.Parallel()
	s := serve(t)
	h := waiting(s, web1, "Гость", "Нет света")
	p := desk(t, s, anna)
	p.do("waiting", p.see(".waiting", "Нет света"), p.until("document.querySelector('.link').dataset.link === 'live'"))
	s.Do(func(s *consoletest.Server) { s.Silent = true }) // so the page cannot know yet
	s.Do(func(*consoletest.Server) { h.Holder = &boris })
	p.do("Boris was first", p.press(".take", ""), p.see(".banner", "Борис уже ведёт этот диалог"),
		p.see(".others .row", "Борис"), p.see(".log", "Нет света"), p.see(".standing", "Диалог ведёт Борис"))
	p.do("a note is possible, a reply is not", p.until("document.querySelectorAll('.modes button').length === 1"),
		p.say("Это знакомый адрес"), p.see(".log .note", "Это знакомый адрес"))
	if said := s.Texts(web1, "out"); len(said) > 0 {
		t.Errorf("the customer was told %q", said)
	}
}

func TestExactlyOnce(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	s.Do(func(s *consoletest.Server) { s.Away = true })
	p.do("the network goes", offline(true), p.see(".banner", "Нет сети"),
		p.say("Первое"), p.see(".mark", "уйдёт, когда появится связь"), p.say("Второе"), p.see(".log", "Второе"))
	p.axe("offline")
	s.Do(func(s *consoletest.Server) { s.Away, s.LoseAnswers = false, 2 })
	p.do("it comes back", offline(false), p.see(".colleague .bubble, .mine .bubble", "Второе"),
		p.until("document.querySelectorAll('.log .mine .bubble').length === 2 && !document.querySelector('[data-unsent]')"), p.until("!document.querySelector('.banner')"))
	p.eventually("each once, in order", func(s *consoletest.Server) bool {
		return slices.Equal(s.Texts(web1, "out"), []string{"Первое", "Второе"}) && s.LoseAnswers == 0
	})
}

func TestUnsentOutlivesReload(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	s.Do(func(s *consoletest.Server) { s.LoseAnswers = 1 })
	p.do("an answer is lost, the page reloaded", p.say("Одно"), p.see(".log", "Одно"), p.fill("#composer", "недописанное"), chromedp.Reload(),
		p.see(".log .mine .bubble", "Одно"), p.until("!document.querySelector('[data-unsent]')"),
		p.until("document.querySelector('#composer').value === 'недописанное'"))
	p.eventually("once", func(s *consoletest.Server) bool { return slices.Equal(s.Texts(web1, "out"), []string{"Одно"}) })
}

func TestFailedDelivery(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	s.Do(func(s *consoletest.Server) { s.Blocked = true })
	p.do("blocked", p.say("Вы здесь?"), p.see(".trouble", "Не доставлено: клиент заблокировал бота"))
	p.axe("a failed delivery")
	s.Do(func(s *consoletest.Server) { s.Blocked = false })
	p.do("again", p.press(".trouble button", "Повторить"), p.see(".trouble", "отправлено ещё раз"), p.see(".mark", "доставлено"),
		p.until("!"+find(".trouble button", "")))
	p.eventually("sent again", func(s *consoletest.Server) bool { return len(s.Texts(web1, "out")) == 2 })
}

func TestLateReceipt(t *testing.T) {
	t.Parallel()
	s := serve(t)
	h := waiting(s, web1, "Гость", "Здравствуйте")
	receipt := object{"state": "pending"}
	s.Do(func(s *consoletest.Server) {
		h.Holder = &anna
		s.Add(web1, object{"kind": "out", "by": "Анна", "message": consoletest.Text("Уже смотрю"), "delivery": receipt})
	})
	p := desk(t, s, anna)
	p.do("on its way", p.press(".open", ""), p.see(".mark", "доставляется"))
	s.Do(func(s *consoletest.Server) {
		receipt["state"] = "sent"
		s.Types(h)
		s.Add(web1, object{"kind": "event", "did": "called"})
	})
	p.do("arrived", p.see(".mark", "доставлено"))
}

func TestNote(t *testing.T) {
	t.Parallel()
	_, p, _ := taken(t)
	p.do("a reply half written", p.fill("#composer", "Ваш долг"), p.press(".modes button", "Заметка"), p.see(".warning", "Клиент её не увидит"),
		p.until("document.querySelector('#composer').value === ''"), p.until(find(".act", "Сохранить заметку")))
	p.axe("a note")
	p.do("the note", p.say("Обещал перезвонить до 18:00"), p.see(".log .note", "Видят только сотрудники"), p.see(".card .noted", "Обещал перезвонить"),
		p.until("document.querySelector('#composer').value === 'Ваш долг'"), p.until(find(".act", "Отправить")))
	p.eventually("a note and no reply", func(s *consoletest.Server) bool {
		return slices.Equal(s.Texts(web1, "note"), []string{"Обещал перезвонить до 18:00"}) && len(s.Texts(web1, "out")) == 0 && len(s.Said) == 0
	})
}

func TestFilesAndChoices(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	held := make(chan struct{})
	s.Do(func(s *consoletest.Server) {
		s.Add(web1, object{"kind": "in", "did": "upload", "files": []object{s.Keep("счётчик.png", "image/png", picture())}})
		s.HoldUploads = held
	})
	p.do("a look on demand", p.press(".file .text", "Показать: счётчик.png"), p.until(find(".log canvas", "")), p.press(".file .text", "Скрыть: счётчик.png"),
		p.until("!document.querySelector('.log canvas')"))
	dir := t.TempDir()
	for name, data := range map[string][]byte{"акт сверки.pdf": []byte("%PDF-1.7"), "вирус.exe": []byte("MZ")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.do("attach", choose(filepath.Join(dir, "акт сверки.pdf"), filepath.Join(dir, "вирус.exe")), p.see(".tray", "загружено"))
	close(held)
	p.do("attached", p.see(".tray .failed", "такие файлы не принимаем"), p.see(".tray .ready", "акт сверки.pdf"), p.see(".hint", "повторите или уберите"))
	p.axe("attachments")
	p.do("without the bad one", p.press(".tray button", "Убрать вирус.exe"), p.press("button", "Кнопки с короткими ответами"),
		p.fill("#choice-0", "Всё верно"), browsertest.Enter, p.focused("#choice-1"), chromedp.KeyEvent("Есть ошибка"))
	p.axe("quick answers")
	p.do("send", p.say("Вот акт, проверьте, пожалуйста"), p.see(".log .mine .file", "акт сверки.pdf"), p.see(".log .offered", "Есть ошибка"),
		p.until("!document.querySelector('.tray') && !document.querySelector('.choices')"))
}

func choose(files ...string) chromedp.Action {
	return chromedp.SetUploadFiles("input[type=file]", files, chromedp.ByQuery)
}

func TestReturnAndClose(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	p.do("the last word is the customer's", p.press(".head button", "Закрыть"), p.see("dialog", "Клиент написал последним"))
	p.axe("a question before closing")
	p.do("reply first", p.press("dialog button", "Сначала ответить"), p.until("!document.querySelector('dialog')"), p.focused("#composer"),
		p.say("Пересчитали, всё верно."), p.see(".mark", "доставлено"))
	p.do("close without a question", p.press(".head button", "Закрыть"), p.see(".standing", "Диалог завершён"), p.see(".log", "Диалог закрыт: Анна"), p.see(".list", "Никто не ждёт"))
	waiting(s, "web:2", "Гость 2", "Где моя квитанция?")
	p.do("next", p.press(".act", "Следующий диалог"), p.press(".act", "Взять диалог"), p.see(".head", "У вас с"),
		p.press(".head button", "Вернуть боту"), p.see(".log", "Диалог возвращён боту: Анна"))
}

func TestTakenAway(t *testing.T) {
	t.Parallel()
	s, p, h := taken(t)
	s.Do(func(s *consoletest.Server) { s.Silent = true })
	s.Do(func(*consoletest.Server) { h.Holder = &boris })
	p.do("a reply is refused and kept", p.say("Поздно"), p.see(".trouble", "диалог уже ведёт Борис"), p.see(".log", "Поздно"))
	p.do("taken back", p.press(".trouble button", "Вернуть в поле"), p.until("!document.querySelector('.trouble')"))
	if len(s.Texts(web1, "out")) > 0 {
		t.Error("it was said all the same")
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	p.do("typing", p.fill("#composer", "Длинный обстоятельный отв"))
	s.Expire()
	p.do("ended", p.see("dialog", "Нужно войти ещё раз"), p.until("document.querySelector('#username').value === 'anna'"))
	p.axe("a session that ended")
	p.do("back", p.fill("#password", anna.Password), browsertest.Enter, p.until("!document.querySelector('dialog')"),
		p.until("document.querySelector('#composer').value === 'Длинный обстоятельный отв'"), p.say("ет"), p.see(".mark", "доставлено"))
	s.Expire()
	p.do("somebody else finds nothing of hers", p.see("dialog", "Нужно войти ещё раз"), p.fill("#composer", "секрет"), p.signIn(boris),
		p.see(".staff", "Борис"), p.until("![...document.querySelectorAll('textarea')].some(e => e.value)"))
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	s, p, _ := taken(t)
	other := open(t, s)
	other.do("the same desk", other.press(".mine .open", ""), other.see(".log", "Диалог ведёт Анна"))
	p.do("say", p.say("Из первой"), p.see(".mark", "доставлено"))
	other.do("seen in both", other.see(".log .mine", "Из первой"), other.say("Из второй"))
	p.do("both ways", p.see(".log .mine", "Из второй"))
	s.Expire()
	p.do("ended", p.see("dialog", "войти"), p.fill("#password", anna.Password), browsertest.Enter, p.until("!document.querySelector('dialog')"))
	other.do("the other's token is old, its session new", other.fill("#password", anna.Password), browsertest.Enter, other.until("!document.querySelector('dialog')"))
	p.do("the first tab goes on", p.say("Третье"), p.see(".log .mine", "Третье"), p.until("!document.querySelector('[data-unsent]')"))
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := serve(t)
	waiting(s, web1, "Первый", "Не работает счётчик")
	waiting(s, "web:2", "Второй", "Где квитанция?")
	p := open(t, s)
	// ё, о, е and the rest are where the Russian layout has them
	key := func(code, letter string) chromedp.Action {
		return chromedp.Evaluate(fmt.Sprintf("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {code: %q, key: %q, bubbles: true, cancelable: true}))", code, letter), nil)
	}
	p.do("sign in by keys alone", p.focused("#username"), chromedp.KeyEvent("anna"), chromedp.KeyEvent(kb.Tab), p.focused("#password"),
		chromedp.KeyEvent(anna.Password), browsertest.Enter, p.see(".list", "Не работает счётчик"))
	p.do("take the oldest", key("KeyT", "е"), p.see(".log", "Диалог ведёт Анна"), p.focused("#composer"), chromedp.KeyEvent("Ответ с клавиатуры"),
		browsertest.Enter, p.see(".log .mine", "Ответ с клавиатуры"))
	p.do("leave the field, move", chromedp.KeyEvent(kb.Escape), p.focused("#log"), key("KeyK", "л"), p.see(".head", "Второй"), p.focused(".open[aria-current]"),
		key("KeyJ", "о"), p.see(".head", "Первый"))
	p.do("note", key("KeyN", "т"), p.focused("#composer"), p.see(".warning", "не увидит"), chromedp.KeyEvent(kb.Escape), p.focused("#log"),
		key("KeyR", "к"), p.until(find(".composer .act", "Отправить")), chromedp.KeyEvent(kb.Escape), p.focused("#log"))
	p.do("help", key("Digit7", "?"), p.see("dialog", "следующий диалог"))
	p.axe("help")
	p.do("help goes", chromedp.KeyEvent(kb.Escape), p.until("!document.querySelector('dialog')"))
	p.do("letters are letters in a field", key("KeyR", "к"), p.focused("#composer"))
	p.do("typed", chromedp.KeyEvent("tnjk?"))
	if got := value[string](p, "document.querySelector('#composer').value"); got != "tnjk?" {
		t.Errorf("the field holds %q", got)
	}
	p.do("close", p.fill("#composer", "Готово"), browsertest.Enter, p.see(".log .mine", "Готово"), p.until("!document.querySelector('[data-unsent]')"),
		chromedp.KeyEvent(kb.Escape), p.focused("#log"), key("KeyX", "ч"), p.see(".standing", "Диалог завершён"))
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := serve(t)
	h := waiting(s, web1, "Гость", "Сообщение 0")
	s.Do(func(s *consoletest.Server) {
		for i := range 130 {
			s.Customer(h, fmt.Sprintf("Сообщение %d", i+1))
		}
	})
	p := desk(t, s, anna)
	p.do("the last page, at its end", p.press(".open", ""), p.see(".customer", "Сообщение 130"), p.until("(e => e.scrollTop + e.clientHeight > e.scrollHeight - 60)(document.querySelector('#log'))"))
	for range 2 {
		p.do("up", chromedp.Evaluate("document.querySelector('#log').scrollTop = 0", nil), p.until("document.querySelector('#log').scrollTop > 300 || !document.querySelector('.earlier')"))
	}
	p.do("to the first", p.until("document.querySelectorAll('.customer').length === 131"), p.until("!document.querySelector('.earlier')"))
	s.Do(func(s *consoletest.Server) { s.Customer(h, "Новое") })
	p.do("news below do not move the page", p.until(find(".to-end", "")), p.press(".to-end", ""), p.until("(e => e.scrollTop + e.clientHeight > e.scrollHeight - 60)(document.querySelector('#log'))"))
}

func TestWithoutHints(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.Do(func(s *consoletest.Server) { s.Silent = true })
	p := desk(t, s, anna)
	p.do("slow", p.see(".link", "раз в 15 секунд"))
	waiting(s, web1, "Гость", "Есть кто живой?")
	p.do("read again in time", p.see(".waiting", "Есть кто живой?"))
}

func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for y := range 200 {
		for x := range 320 {
			img.Set(x, y, color.RGBA{uint8(x * 255 / 320), 90, uint8(y), 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}
