package main

import (
	"maps"
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// An administrator changes a form, from tomorrow, while a customer is in the middle
// of it, and midnight passes: the question that stands before him is not asked any
// more, a new one is, what he has answered stays, and the case that is registered
// holds what the form of its day wants.
func TestAFormChangesUnderItsCustomer(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	zone, err := g.s.config.Company.Location()
	if err != nil {
		t.Fatal(err)
	}
	// Where it is almost midnight, it is that of the day after.
	today := calendar.DateOf(g.s.clock.Now().Add(15*time.Minute), zone)
	tomorrow := today.Add(1)
	if err := g.s.clock.Advance(tomorrow.At(0, zone).Add(-10 * time.Minute).Sub(g.s.clock.Now())); err != nil {
		t.Fatal(err)
	}
	admin := g.s.employ(t, "admin-2", staff.Admin)
	if err := admin.come(); err != nil {
		t.Fatal(err)
	}
	fields := func(names ...string) (list []map[string]string) {
		for _, name := range names {
			list = append(list, map[string]string{"field": name, "need": "always"})
		}
		return list
	}
	save := func(what string, edit map[string]any) {
		t.Helper()
		g.s.comesIn(t, func() { admin.saveTables(t, map[string]any{what: edit}) }, func() bool { return true })
	}
	save("category", map[string]any{
		"code": "В-10", "new": true, "from": today.String(), "offered": true, "kind": "question", "audience": "both", "function": "F1", "place": 95,
		"name": map[string]string{"ru": "Перерасчёт за отъезд", "en": "Recalculation for absence"}, "plain": map[string]string{"ru": "Меня не было дома", "en": "I was away"},
		"fields": fields("disputed", "residents", "period"),
	})
	const text = "Можно ли снять в вашем офисе рекламный ролик про лампочки"
	g.says(t, "/appeal", "Вопрос")
	g.says(t, "[Вопрос]", "Напишите своими словами")
	g.says(t, text, "Выберите её из списка")
	g.says(t, "[Ещё]", "Перерасчёт за отъезд")
	g.says(t, "[Перерасчёт за отъезд]", "С чем именно вы не согласны?")
	g.says(t, "Уезжали на месяц", "Сколько человек")
	g.says(t, "3", "За какой месяц")

	save("form", map[string]any{"category": "В-10", "from": tomorrow.String(), "fields": fields("disputed", "place", "read_on")})
	if err := g.s.clock.Advance(20 * time.Minute); err != nil {
		t.Fatal(err)
	}
	g.says(t, "октябрь", "Ваши ответы сохранились", "Где это было?")
	g.says(t, "Офис на Садовой", "Какого числа")
	g.says(t, "вчера", "Как удобнее с вами связаться")
	g.says(t, "[В этом чате]", "Куда отправить ответ")
	g.says(t, "[В этот чат]", "Как вас зовут")
	g.says(t, "[Пропустить]", "Какой наш офис к вам ближе")
	g.says(t, "[Лесоозёрск]", "С чем не согласны: Уезжали на месяц")
	g.says(t, "[Отправить]", "Обращение зарегистрировано")

	page, err := g.s.stores.db.CustomerCases(t.Context(), g.conversation(), "", 5)
	if err != nil || len(page.Lines) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	r, err := g.s.stores.db.FindCase(t.Context(), page.Lines[0].Number)
	if err != nil {
		t.Fatal(err)
	}
	books, err := g.s.stores.db.CaseBooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	category, err := books.Forms.Category(r.Category, tomorrow)
	if err != nil || calendar.DateOf(r.Registered, zone) != tomorrow {
		t.Fatalf("registered at %s, %v", r.Registered, err)
	}
	if flaws := category.Flaws(r.Answers, tomorrow); len(flaws) > 0 {
		t.Errorf("the form of that day wants more: %+v", flaws)
	}
	want := map[appeal.Name]string{
		appeal.Body: text, "disputed": "Уезжали на месяц", "place": "Офис на Садовой", "read_on": today.String(), appeal.Contact: appeal.InChat,
		appeal.AnswerWay: appeal.InChat,
	}
	for name, value := range want {
		if got := r.Answers.One(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if got := slices.Sorted(maps.Keys(r.Answers)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("the case answers %v, want what its form asks: %v", got, slices.Sorted(maps.Keys(want)))
	}
}
