package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/payment/demobank"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/payment"
	"okoshko/core/staff"
)

// A service is ordered in Telegram, paid at the demo's bank, routed, taken on,
// agreed upon and answered.
func TestTheWayOfAPaidService(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	o.url(t) // the bank's notifications arrive there
	marina := o.clerk("marina")
	semyon := o.hire(t, "semyon", "Семён", []string{"uslugi-01"}, staff.DirectionSpecialist)
	if err := marina.come(); err != nil {
		t.Fatal(err)
	}
	maria := o.phone(t, 5001, "Мария")
	m := maria.orders(
		[2]string{"Замена вводного автомата", "[Замена вводного автомата]"}, [2]string{"Без пояснений", "[Без пояснений]"},
		[2]string{"В этом чате", "[В этом чате]"}, [2]string{"В этот чат", "[В этот чат]"}, [2]string{"Пропустить", "[Пропустить]"},
		[2]string{"Центральный, Старогорск", "[Центральный, Старогорск]"},
		[2]string{"удобно?", "в субботу до обеда"}, [2]string{"адрес", "Старогорск, ул. Лыжная, д. 14, кв. 20"}, [2]string{"телефон", "+70000000001"},
	)
	m = maria.tells("[Отправить]", "Заявка зарегистрирована: ЗВ-")
	n := numberIn(t, m.Text)
	pay := slices.IndexFunc(m.Labels(), func(l string) bool { return strings.HasPrefix(l, "Оплатить 1") })
	if pay < 0 {
		t.Fatalf("it is not offered to be paid: %q", m.Labels())
	}
	maria.tells("["+m.Labels()[pay]+"]", "на странице банка")
	order := o.boxes.bank.Orders()[0]
	if order.Case != n.String() || order.Account != "" || order.Sum != 195000 {
		t.Errorf("the bank's order: %+v", order)
	}
	if err := o.boxes.bank.Act(order.Number, demobank.Paid); err != nil {
		t.Fatal(err)
	}
	maria.hears("принята, спасибо")
	maria.talks(n.String(), "Оплачено")
	made, err := o.stores.db.PaymentsOfCase(t.Context(), n)
	if p, paid := payment.Received(made); err != nil || !paid || string(p.Number) != order.Number {
		t.Errorf("payments: %+v, %v", made, err)
	}

	seen, err := marina.must("GET", caseAt(n, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	fee, _ := seen["fee"].(map[string]any)
	if list, _ := fee["payments"].([]any); fee["price"] == nil || len(list) != 1 || list[0].(map[string]any)["state"] != "paid" || list[0].(map[string]any)["owed"] != false {
		t.Errorf("the console says of the payment: %v", seen["fee"])
	}
	marina.does(t, n, "take", nil)
	marina.does(t, n, "route", map[string]any{"queue": "uslugi-01"})
	semyon.does(t, n, "accept", nil)
	at := o.clock.Now().Add(72 * time.Hour).Truncate(time.Hour)
	semyon.does(t, n, "propose", map[string]any{"times": []time.Time{at, at.Add(24 * time.Hour)}})
	m = maria.hears("Выберите время")
	maria.tells("["+m.Labels()[0]+"]", "Договорились")
	semyon.does(t, n, "prepare", map[string]any{"reply": semyon.replies(t, n, "Здравствуйте! Вводной автомат заменили, всё работает.")})
	marina.does(t, n, "answer", nil)
	if answer := maria.hears("Ответ на обращение " + n.String()); !strings.Contains(answer.Text, "заменили") {
		t.Errorf("the answer: %q", answer.Text)
	}
}

// orders answers whatever the form of an order asks, by what stands in a question or
// on its buttons, and stops where the order is looked at for the last time.
func (p *phone) orders(known ...[2]string) telegramtest.Message {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 60*time.Second)
	defer cancel()
	p.Say("/order")
	for range 2 * len(known) {
		m, err := p.Await(ctx, func(m telegramtest.Message) bool { return m.FromBot && m.ID > p.seen && m.Text != "..." })
		if err != nil {
			p.t.Fatal(err)
		}
		p.seen = m.ID
		if strings.Contains(m.Text, "Проверьте обращение") {
			return m
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
	return telegramtest.Message{}
}
