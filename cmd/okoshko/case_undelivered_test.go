package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/chat"
	"okoshko/core/staff"
)

// A customer who has stopped the bot gets neither a question nor an answer there, and
// nobody is told that he has: both come back to who keeps the case, who sends the answer
// by an address that the customer says by phone (R-5.2.7-c, R-5.2.10-a).
func TestACustomerWhoHasStoppedTheBot(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	olga := o.hire(t, "stopped-1", "Ольга", nil, staff.ReceptionSpecialist, staff.ApplicationRouter)
	maria := o.phone(t, 5011, "Мария")
	maria.tells("меню", "Выберите")
	const hers chat.Conversation = "tg:5011"
	state := func(n appeal.Number) registry.Record {
		r, err := o.stores.db.FindCase(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}

	// While she reads what we say, an answer is sent when Telegram has it.
	n := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	olga.does(t, n, "take", nil)
	_, saved, err := olga.keeps(n, "", "Расход вырос.")
	if err != nil {
		t.Fatal(err)
	}
	id, _ := saved["id"].(string)
	olga.does(t, n, "answer", map[string]any{"reply": id})
	o.delivered(id, "chat", registry.Sent)
	maria.hears("Расход вырос.")

	stopped := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	order := o.fileFrom(hers, "З-8", appeal.Application, "chat", "chat")
	maria.Block()
	olga.does(t, order, "take", nil)
	olga.does(t, order, "ask", map[string]any{"note": "Какой подъезд?"})
	o.within("the question comes back", func() bool { return state(order).State == life.Registered })
	if r := state(order); !r.Clocks[term.Contact].Runs() {
		t.Errorf("the first contact counts as made: %+v", r.Clocks[term.Contact])
	}
	_, page, err := olga.ask(http.MethodGet, caseAt(order), nil)
	said := fmt.Sprint(page["history"], page["tasks"])
	if err != nil || !strings.Contains(said, "event:undelivered") || !strings.Contains(said, "клиент остановил бота") || !strings.Contains(said, "work:reach") {
		t.Errorf("%v %s", err, said)
	}

	olga.does(t, stopped, "take", nil)
	if _, saved, err = olga.keeps(stopped, "", "Тариф изменился."); err != nil {
		t.Fatal(err)
	}
	id, _ = saved["id"].(string)
	olga.does(t, stopped, "answer", map[string]any{"reply": id})
	o.delivered(id, "chat", registry.Failed)
	o.within("the answer comes back", func() bool { return state(stopped).State == life.Prepared })
	if r := state(stopped); !r.Answered.IsZero() || !r.Clocks[term.Answer].Runs() {
		t.Errorf("it counts as answered: %+v", r.Case)
	}
	_, page, err = olga.ask(http.MethodGet, caseAt(stopped), nil)
	said = fmt.Sprint(page["replies"], page["possible"])
	if err != nil || !strings.Contains(said, "resend") || !strings.Contains(said, "why:blocked") || !strings.Contains(said, "field:post_address") {
		t.Errorf("%v %s", err, said)
	}
	olga.does(t, stopped, "resend", map[string]any{"reply": id, "way": "email", "answers": map[string]any{"email": []string{"demo02@post.example"}}})
	o.letter("demo02@post.example", stopped.String())
	if r := state(stopped); r.State != life.Answered || r.Resolution != life.ByAnswer {
		t.Errorf("%+v", r.Case)
	}
	for _, m := range maria.Messages() {
		if m.FromBot && strings.Contains(m.Text, "Тариф изменился.") {
			t.Error("she has it after all")
		}
	}
}

// An answer does not wait for a morning after its term; one that has time does (spec
// §4.4).
func TestAnAnswerIsNotLateForTheSakeOfQuiet(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	maria := o.phone(t, 5012, "Мария")
	maria.tells("меню", "Выберите")
	const hers chat.Conversation = "tg:5012"
	o.itIs(t, "2027-03-02 12:00") // a Tuesday
	ends := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	r, err := o.stores.db.FindCase(t.Context(), ends)
	if err != nil {
		t.Fatal(err)
	}
	o.passes(t, r.Clocks[term.Answer].Last.String()+" 23:00")
	fresh := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	early := o.answers("olga", fresh, "У этого ответа есть время.")
	last := o.answers("olga", ends, "Этот ответ ждать не может.")
	o.delivered(last, "chat", registry.Sent)
	maria.hears("Этот ответ ждать не может.")
	if list, err := o.stores.db.Deliveries(t.Context(), early); err != nil || len(list) != 1 || list[0].Status != registry.Queued {
		t.Errorf("an answer with a day to go: %+v, %v", list, err)
	}
}
