package main

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/appeal"
	"okoshko/core/staff"
)

// phone is a customer with his phone, who goes from message to message.
type phone struct {
	*telegramtest.Customer
	t    *testing.T
	seen int // the ID of the last message that he has read
}

func (s *server) phone(t *testing.T, id int64, name string) *phone {
	return &phone{s.emulator.Customer(id, telegramtest.Profile{First: name, Language: "ru"}), t, 0}
}

// hears waits for a message with a text that he has not read yet.
func (p *phone) hears(part string) telegramtest.Message {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 60*time.Second)
	defer cancel()
	m, err := p.Await(ctx, func(m telegramtest.Message) bool { return m.FromBot && m.ID > p.seen && strings.Contains(m.Text, part) })
	if err != nil {
		p.t.Fatal(err)
	}
	p.seen = m.ID
	return m
}

// tells says or presses something, and reads the answer.
func (p *phone) tells(what, part string) telegramtest.Message {
	p.t.Helper()
	if label, ok := strings.CutPrefix(what, "["); ok {
		if _, err := p.Press(strings.TrimSuffix(label, "]")); err != nil {
			p.t.Fatal(err)
		}
	} else {
		p.Say(what)
	}
	return p.hears(part)
}

// talks goes through questions and answers: what he does, what he hears then.
func (p *phone) talks(steps ...string) {
	p.t.Helper()
	for i := 0; i+1 < len(steps); i += 2 {
		p.tells(steps[i], steps[i+1])
	}
}

// numberIn finds the number of a case in a message.
func numberIn(t *testing.T, text string) appeal.Number {
	t.Helper()
	n, found := appeal.FindNumber(text)
	if !found {
		t.Fatalf("no number in %q", text)
	}
	return n
}

// replies keeps an answer and returns its number.
func (k *clerk) replies(t *testing.T, n appeal.Number, text string) string {
	t.Helper()
	said, err := k.must(http.MethodPost, caseAt(n, "/replies"), map[string]string{"text": text})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := said["id"].(string)
	return id
}

// A complaint is filed in Telegram, registered and mailed, found incomplete,
// clarified, routed past the table for a reason to specialists of another territory,
// answered, delivered, rated, published without personal data, and found by the next
// who asks.
func TestTheWayOfAComplaint(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	igor, lidia := o.clerk("igor"), o.clerk("lidia")
	petr := o.hire(t, "petr", "Пётр", []string{"raschet-03"}, staff.DirectionSpecialist)
	for _, k := range []*clerk{igor, lidia} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
	}
	maria := o.phone(t, 5001, "Мария")
	maria.talks(
		"жалоба", "",
		"Мне за октябрь насчитали 5 тысяч, хотя живу одна", "О чём речь?",
		"[Жалоба: «Неверные начисления, перерасчёт»]", "Назовите номер лицевого счёта",
		"0145201372", "За какой месяц",
		"[октябрь 2026]", "С чем именно",
		"С расходом 800 кВт·ч", "Какие показания",
		"14712", "Какого числа",
		"вчера", "Как удобнее",
		"[В этом чате]", "Куда отправить ответ",
		"[В этот чат]", "Как вас зовут",
		"Иванова Мария Петровна", "Проверьте обращение",
	)
	n := numberIn(t, maria.tells("[Отправить]", "Жалоба зарегистрирована: ЖБ-").Text)
	if l := o.letter("zhaloby@sesk.example", n.String()); strings.Contains(l.Text, "Иванова") || strings.Contains(l.Text, "0145201372") {
		t.Errorf("the router's letter tells of the customer:\n%s", l.Text)
	}

	igor.does(t, n, "take", nil)
	igor.does(t, n, "ask", map[string]any{"note": "Кто ещё пользуется электричеством в квартире?", "way": "chat"})
	maria.hears("Кто ещё пользуется электричеством")
	maria.talks("Никто, сын уехал в сентябре", "Отправить по обращению", "[Отправить]", "Ответ передан")

	// The table names the directions of her own territory; the router departs from
	// it only for a reason.
	if status, said := igor.deed(t, n, "route", map[string]any{"queue": "raschet-03"}); status != http.StatusBadRequest {
		t.Fatalf("past the table without a reason: %d %v", status, said)
	}
	igor.does(t, n, "route", map[string]any{"queue": "raschet-03", "note": "В Центральной сегодня никого нет"})
	petr.does(t, n, "accept", nil)
	petr.does(t, n, "prepare", map[string]any{"reply": petr.replies(t, n, "Здравствуйте! Показание за октябрь записали с ошибкой. Сделали перерасчёт.")})
	igor.does(t, n, "answer", nil)
	answer := maria.hears("Ответ на обращение " + n.String())
	if !strings.Contains(answer.Text, "Сделали перерасчёт") {
		t.Errorf("the answer: %q", answer.Text)
	}
	maria.talks("[Оценить ответ]", "Как вам ответ", "[5]", "Спасибо за оценку", "[Без комментария]", "принята")

	path := "/publications/" + url.PathEscape(n.String())
	publish := func(k *clerk, step string, more map[string]any) {
		t.Helper()
		now, err := k.must("GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		body := map[string]any{"id": "publish-" + step, "revision": now["revision"], "step": step}
		for name, value := range more {
			body[name] = value
		}
		if _, err := k.must("POST", path, body); err != nil {
			t.Fatal(err)
		}
	}
	const question = "Показание записали с ошибкой, пересчитают ли?"
	publish(igor, "propose", map[string]any{
		"section": "bills", "audience": "both", "lang": "ru", "question": question, "answer": "Да. Напишите нам верное показание, и мы сделаем перерасчёт.",
	})
	publish(lidia, "approve", nil)
	pavel := o.phone(t, 5002, "Павел")
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		pavel.Say("показание записали с ошибкой пересчитают ли")
		m := pavel.hears("")
		return slices.Contains(m.Labels(), question) || strings.Contains(m.Text, question), nil
	}); err != nil {
		t.Fatalf("nobody finds the published answer: %v", err)
	}
}

// A question is extended once, and the customer hears why; an overdue one reaches the
// supervisor.
func TestTheWayOfALateQuestion(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	olga, lidia := o.clerk("olga"), o.clerk("lidia")
	for _, k := range []*clerk{olga, lidia} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
	}
	maria := o.phone(t, 5001, "Мария")
	maria.talks(
		"/appeal", "Напишите своими словами",
		"[Вопрос]", "",
	)
	ask := func(steps ...string) { maria.talks(steps...) }
	ask("Можно ли поставить счётчик в подъезде?", "")
	for range 8 { // whatever the form asks for besides
		m := maria.Last()
		switch {
		case strings.Contains(m.Text, "Проверьте обращение"):
		case slices.Contains(m.Labels(), "Другое или не знаю"):
			ask("[Другое или не знаю]", "")
			continue
		case slices.Contains(m.Labels(), "В этом чате"):
			ask("[В этом чате]", "")
			continue
		case slices.Contains(m.Labels(), "В этот чат"):
			ask("[В этот чат]", "")
			continue
		case slices.Contains(m.Labels(), "Пропустить"):
			ask("[Пропустить]", "")
			continue
		case slices.Contains(m.Labels(), "Другая тема"):
			ask("[Другая тема]", "")
			continue
		default:
			t.Fatalf("an unknown question: %q %q", m.Text, m.Labels())
		}
		break
	}
	n := numberIn(t, maria.tells("[Отправить]", "зарегистрирован").Text)
	olga.does(t, n, "take", nil)
	olga.does(t, n, "extend", map[string]any{"note": "Ждём ответ сетевой компании"})
	if m := maria.hears("Ждём ответ сетевой компании"); !regexp.MustCompile(`до \d{1,2} декабря`).MatchString(m.Text) {
		t.Errorf("the new day is not said: %q", m.Text)
	}
	if status, said := olga.deed(t, n, "extend", map[string]any{"note": "И ещё раз"}); status != http.StatusConflict || said["error"] != "case_extended" {
		t.Errorf("extended twice: %d %v", status, said)
	}

	// Nobody answers. The term runs out, and then another working day.
	o.boxes.mail.Letters()
	if err := o.clock.Advance(20 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if l := o.letter("kontrol@sesk.example", n.String()); !strings.Contains(l.Subject, "срок вышел") && !strings.Contains(l.Subject, "просрочено") {
		t.Errorf("the supervisor's letter: %+v", l)
	}
	if err := lidia.leave(); err != nil { // her session is over by then
		t.Log(err)
	}
	if err := lidia.come(); err != nil {
		t.Fatal(err)
	}
	said, err := lidia.must("GET", "/cases?hat=watch&tab=overdue", nil)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := said["cases"].([]any)
	if !slices.ContainsFunc(list, func(one any) bool { row, _ := one.(map[string]any); return row["number"] == n.String() }) {
		t.Errorf("it is not among the overdue: %v", said)
	}
}
