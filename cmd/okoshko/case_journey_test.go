package main

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/adapters/paper/papertest"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
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
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	m, err := p.Await(ctx, func(m telegramtest.Message) bool { return m.FromBot && m.ID > p.seen && strings.Contains(m.Text, part) })
	if err != nil {
		p.t.Fatalf("never heard %q, but at last %q: %v", part, p.Last().Text, err)
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

// fillsIn answers whatever the form of a command asks, by what stands in a question or
// on its buttons, and stops where it is looked at for the last time.
func (p *phone) fillsIn(command string, known ...[2]string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	p.Say(command)
	for range 2 * len(known) { // a question may be asked again
		m, err := p.Await(ctx, func(m telegramtest.Message) bool { return m.FromBot && m.ID > p.seen && m.Text != "..." })
		if err != nil {
			p.t.Fatal(err)
		}
		p.seen = m.ID
		if strings.Contains(m.Text, "Проверьте обращение") {
			return
		}
		i := slices.IndexFunc(known, func(k [2]string) bool {
			return strings.Contains(strings.ToLower(m.Text), k[0]) || slices.Contains(m.Labels(), k[0])
		})
		if i < 0 {
			p.t.Fatalf("an unknown question: %q %q", m.Text, m.Labels())
		}
		if label, ok := strings.CutPrefix(known[i][1], "["); !ok {
			p.Say(known[i][1])
		} else if _, err := p.Press(strings.TrimSuffix(label, "]")); err != nil {
			p.t.Fatal(err)
		}
	}
	p.t.Fatal("the form does not end")
}

// The ways of cases, by their people: customers in Telegram and in the widget, the
// demo's staff each in a browser of his own, one server, one clock.
func TestTheWaysOfCasesInABrowser(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	s.itIs(t, "2026-11-24 10:00") // a Tuesday
	for _, way := range []struct {
		name string
		goes func(*bureau)
	}{
		{"a complaint", (*bureau).complaint}, {"a paid service", (*bureau).service}, {"a late question", (*bureau).lateQuestion},
	} {
		t.Run(way.name, func(t *testing.T) { way.goes(&bureau{server: s, t: t}) })
	}
}

// A complaint is registered and mailed, found incomplete, clarified, routed past the
// table for a reason, answered by a specialist of another territory, delivered, rated,
// published by two pairs of eyes without what tells of a person, and found by the next
// who asks, in both channels (R-5.2.8-a…e, R-5.2.10-a…e).
func (o *bureau) complaint() {
	t := o.t
	maria := o.phone(t, 5001, "Мария")
	n := maria.complains("[В этот чат]")
	if l := o.letter("zhaloby@sesk.example", n.String()); strings.Contains(l.Text, "Иванова") || strings.Contains(l.Text, "0145201372") {
		t.Errorf("the router's letter tells of the customer:\n%s", l.Text)
	}

	igor := o.colleague(t, "igor")
	igor.do("take it", igor.opens(n), igor.sees(".check.good", "Все нужные данные есть"), igor.presses("Взять"), igor.sees(".facts", "Игорь"))
	igor.do("it is about a charge", igor.presses("Ещё"), igor.presses("Изменить категорию"), igor.picks("Категория", "Ж-1"), igor.submits("Изменить категорию"),
		igor.sees(".check.bad", "Не хватает: Период, С чем не согласны"), igor.sees(".tasks", "Проверить и направить"))
	igor.at("40-incomplete")
	igor.do("ask", igor.presses("Спросить клиента"), igor.sees(".case-form .lack", "Период"), igor.fills("Что спросить", "За какой месяц начисление и что в нём неверно?"),
		igor.submits("Спросить клиента"), igor.sees(".state", "Ждём ответа"))
	maria.hears("За какой месяц начисление")
	maria.talks("За октябрь: записали 15 712 вместо 14 712", "Отправить по жалобе", "[Отправить]", "Ответ передан")
	igor.do("be answered", igor.sees(".case-news", "Клиент ответил"), igor.sees(".part", "записали 15 712"), igor.presses("Внести ответ клиента"),
		igor.fills("Период", "10.2026"), igor.fills("С чем не согласны", "Записали 15 712 вместо 14 712"), igor.submits("Внести ответ клиента"),
		igor.sees(".check.good", "Все нужные данные есть"), igor.sees(".answers dd", "октябрь 2026"))

	sergey := o.colleague(t, "sergey")
	igor.do("route it past the table", igor.presses("Направить"), igor.sees(".because", "Территория: Центральная"), igor.picks("Очередь", "Учёт, Заречная"),
		igor.sees(".case-form .act:disabled", "Направить"), igor.fills("Почему так", "Сергей проверял этот счётчик"))
	igor.at("41-route")
	igor.do("routed", igor.submits("Направить"), igor.sees(".state", "Передано специалистам"), igor.presses("История"), igor.sees(".history", "Сергей проверял этот счётчик"), igor.presses("Обращение"))
	sergey.do("take it on", sergey.opens(n), sergey.presses("Принять в работу"), sergey.sees(".state", "В работе"), sergey.presses("Подготовить ответ"),
		sergey.answers("Показание за октябрь записали с ошибкой. Мы сделали перерасчёт."), sergey.presses("Как увидит клиент"), sergey.sees(".letter", "сделали перерасчёт"))
	sergey.do("hand it over", sergey.submits("Подготовить ответ"), sergey.sees(".state", "Ответ готовится"), sergey.sees(".tasks", "Отправить ответ"))
	igor.do("send it", igor.sees(".tasks", "Отправить ответ"), igor.presses("Отправить ответ"), igor.submits("Отправить ответ"), igor.sees(".state", "Ответ отправлен"))

	answer := maria.hears("Ответ на жалобу " + n.String())
	if !strings.Contains(answer.Text, "сделали перерасчёт") {
		t.Errorf("the answer: %q", answer.Text)
	}
	maria.talks("[Оценить ответ]", "Как вам ответ", "[5]", "Спасибо за оценку", "[Без комментария]", "принята")
	igor.do("see that it came", igor.sees(".sendings", "В этот чат: доставлено"), igor.sees(".case-head", "Оценка: 5 из 5"))
	igor.at("42-answered")
	if text, _ := papertest.Text(t, igor.downloads("Письмо в PDF")); !strings.Contains(text, "Мысделалиперерасчёт") || !strings.Contains(text, "ИвановаМарияПетровна") {
		t.Errorf("the letter: %s", text)
	}
	o.publication(igor, n)
}

// publication is how the answer comes before everybody.
func (o *bureau) publication(igor *traveller, n appeal.Number) {
	t := o.t
	const question, gist = "Показание записали с ошибкой, пересчитают ли?", "Напишите нам верное показание, и мы сделаем перерасчёт."
	igor.do("write it with a name", igor.presses("Публикация короткого ответа"), igor.fills("Короткий вопрос", "Почему Марии Ивановой начислили 5 тысяч?"),
		igor.fills("Короткий ответ", "По счёту 0145201372 записали не то. Спросите Сергея Ивановича."),
		igor.sees(".findings", "«Марии Ивановой»"), igor.sees(".findings", "«0145201372»"), igor.sees(".findings", "Сергея Ивановича»"), igor.sees(".act:disabled", "Предложить"))
	igor.at("43-censor")
	igor.do("a reload costs nothing", chromedp.Reload(), igor.sees(".findings", "«Марии Ивановой»"))
	igor.do("write it for everybody", igor.fills("Короткий вопрос", question), igor.fills("Короткий ответ", gist), igor.sees(".good", "Личных данных не найдено"),
		igor.picks("Раздел", "Счёт и начисления"), igor.picks("Для кого", "Для всех"), igor.presses("Предложить"), igor.sees(".tag", "Предложено"), igor.sees(".publication", "Автор сам одобрить не может"))
	lidia := o.colleague(t, "lidia")
	lidia.do("approve it", lidia.presses("Публикации"), lidia.presses(question), lidia.sees(".good", "Личных данных не найдено"), lidia.presses("Опубликовать"), lidia.sees(".tag", "Опубликовано"))
	lidia.at("44-published")

	pavel := o.phone(t, 5002, "Павел")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		pavel.Say("показание записали с ошибкой пересчитают ли")
		return strings.Contains(pavel.hears("").Text, gist), nil // its own question is answered at once
	}); err != nil {
		t.Fatalf("nobody finds the published answer: %v", err)
	}
	guest := enter(t, o.server, o.url(t)+"/?lang=ru", "okoshko-chat")
	guest.do("look through what is asked", guest.clicks(".launcher", ""), guest.writes("частые вопросы"), guest.clicks(".choice", "Для дома"),
		guest.clicks(".choice", "Ответы на вопросы клиентов"), guest.clicks(".choice", question), guest.hears(gist))
	guest.at("45-feed")
}

// A service is ordered in Telegram and paid at the bank's page, a time is proposed and
// chosen, and it is done (R-5.1.3-f, R-5.2.7-a…e).
func (o *bureau) service() {
	t := o.t
	maria := o.phone(t, 5003, "Мария")
	maria.fillsIn("/order",
		[2]string{"Замена вводного автомата", "[Замена вводного автомата]"}, [2]string{"Без пояснений", "[Без пояснений]"},
		[2]string{"В этом чате", "[В этом чате]"}, [2]string{"В этот чат", "[В этот чат]"}, [2]string{"Пропустить", "[Пропустить]"},
		[2]string{"Центральный, Старогорск", "[Центральный, Старогорск]"},
		[2]string{"удобно?", "в субботу до обеда"}, [2]string{"адрес", "Старогорск, ул. Лыжная, д. 14, кв. 20"}, [2]string{"телефон", "+70000000001"},
	)
	m := maria.tells("[Отправить]", "Заявка зарегистрирована: ЗВ-")
	n := numberIn(t, m.Text)
	pay := slices.IndexFunc(m.Labels(), func(l string) bool { return strings.HasPrefix(l, "Оплатить 1") })
	if pay < 0 {
		t.Fatalf("it is not offered to be paid: %q", m.Labels())
	}
	marina, semyon := o.colleague(t, "marina"), o.colleague(t, "semyon")
	marina.do("see what is owed", marina.opens(n), marina.sees(".part", "Не оплачено: 1"))
	maria.tells("["+m.Labels()[pay]+"]", "на странице банка")
	bank := enter(t, o.server, o.url(t)+"/demo/pay", ":root")
	bank.do("pay", bank.clicks(".item", "1"), bank.clicks("button.pay", ""))
	maria.hears("принята, спасибо")
	marina.do("take the paid one", chromedp.Reload(), marina.sees(".part", "Оплачено 1"), marina.presses("Взять"), marina.sees(".facts", "Марина"))
	marina.do("route it by the table", marina.presses("Направить"), marina.sees(".because", "Семён"), marina.submits("Направить"), marina.sees(".state", "Передано специалистам"))

	at := o.clock.Now().In(pgtest.Zone).Add(72 * time.Hour).Truncate(time.Hour)
	semyon.do("propose times", semyon.opens(n), semyon.presses("Принять в работу"), semyon.sees(".state", "В работе"), semyon.presses("Предложить время"), semyon.dates("Время 1", at.Add(24*time.Hour)),
		semyon.presses("Ещё время"), semyon.dates("Время 2", at))
	semyon.at("46-times")
	semyon.do("proposed", semyon.submits("Предложить время"), semyon.sees(".state", "Согласуем время"))
	m = maria.hears("Выберите время")
	if !strings.Contains(m.Labels()[0], " "+at.Format("2")+" ") {
		t.Errorf("the first to choose is not the first to come: %q", m.Labels())
	}
	maria.tells("["+m.Labels()[0]+"]", "Договорились")
	semyon.do("done", semyon.sees(".state", "Время согласовано"), semyon.sees(".part", "Согласованное время"), semyon.presses("Подготовить ответ"),
		semyon.sees(".case-form", "это время ещё не наступило"), semyon.fills("Почему отвечаете раньше", "Успели раньше, Мария была дома"),
		semyon.answers("Вводной автомат заменили, всё работает."), semyon.submits("Подготовить ответ"), semyon.sees(".state", "Ответ готовится"))
	marina.do("send it", marina.sees(".tasks", "Отправить ответ"), marina.presses("Отправить ответ"), marina.submits("Отправить ответ"), marina.sees(".state", "Ответ отправлен"))
	if answer := maria.hears("Ответ на заявку " + n.String()); !strings.Contains(answer.Text, "заменили") {
		t.Errorf("the answer: %q", answer.Text)
	}

	// Another one is withdrawn after it was paid.
	n, _ = o.orders()
	if _, err := o.stores.db.DoCase(t.Context(), o.click(writer), registry.Act{Number: n, Do: life.Do{Event: life.Withdraw}, By: registry.Customer}); err != nil {
		t.Fatal(err)
	}
	marina.do("find it", chromedp.Reload(), marina.clicks(`[data-tab="refund"]`, "Вернуть деньги"), marina.opens(n), marina.sees(".tasks", "Вернуть деньги"),
		marina.clicks(".part button", "Вернуть деньги"), marina.sees(".sure", "Вернуть клиенту 1"))
	marina.at("46-refund")
	marina.do("give it back", marina.clicks(".sure .act", "Вернуть деньги"), marina.sees(".part", "Возвращено 1"),
		marina.clicks(".case .tabs button", "История"), marina.sees(".history", "Возврат денег"), marina.sees(".history", "возвращены"))
}

// A question is extended once, and the customer hears why; nobody answers, and it
// reaches the supervisor (R-5.2.11-a…d).
func (o *bureau) lateQuestion() {
	t := o.t
	anna := o.phone(t, 5004, "Анна")
	anna.fillsIn("/appeal",
		[2]string{"Вопрос", "[Вопрос]"}, [2]string{"Ещё", "Другой вопрос"}, [2]string{"Другая тема", "[Другая тема]"},
		[2]string{"В этом чате", "[В этом чате]"}, [2]string{"В этот чат", "[В этот чат]"}, [2]string{"Пропустить", "[Пропустить]"},
		[2]string{"своими словами", "Можно ли поставить счётчик в подъезде?"},
	)
	n := numberIn(t, anna.tells("[Отправить]", "зарегистрирован").Text)
	olga := o.colleague(t, "olga")
	olga.do("extend it", olga.presses("Обращения"), olga.opens(n), olga.presses("Взять"), olga.sees(".facts", "Ольга"), olga.presses("Ещё"), olga.presses("Продлить срок"), olga.sees(".case-form", "Продлить можно один раз"),
		olga.fills("Почему нужно больше времени", "Ждём ответ сетевой компании"), olga.submits("Продлить срок"), olga.sees(".clocks", "продлено"))
	if m := anna.hears("Ждём ответ сетевой компании"); !regexp.MustCompile(`до \d{1,2} декабря`).MatchString(m.Text) {
		t.Errorf("the new day is not said: %q", m.Text)
	}
	olga.do("nor is it offered once more", olga.presses("Ещё"), olga.sees(".actions button", "Изменить категорию"), olga.lacks(".actions button", "Продлить срок"))
	olga.at("47-extended")

	// Nobody answers. The term runs out, and then another working day.
	clock := enter(t, o.server, o.url(t)+"/demo/clock?lang=ru", ":root")
	clock.do("move the clock", clock.dates("Перевести на", o.clock.Now().In(pgtest.Zone).Add(27*24*time.Hour)), clock.presses("Перевести"), clock.sees(".now", "21 декабря 2026"))
	if l := o.letter("kontrol@sesk.example", n.String()); !strings.Contains(l.Subject, "срок вышел") && !strings.Contains(l.Subject, "просрочено") {
		t.Errorf("the supervisor's letter: %+v", l)
	}
	lidia := o.colleague(t, "lidia")
	lidia.do("look at what is late", lidia.presses("Обращения"), lidia.presses("Контроль"), lidia.sees(".figures [data-tone=late]", "просрочено"))
	lidia.at("48-monitor")
	lidia.do("find it", lidia.clicks(".figures button", "просрочено"), lidia.opens(n), lidia.sees(".case-head .term", "Ответ клиенту: просрочено"), lidia.sees(".tasks .tag.late", "Срок прошёл"))
}
