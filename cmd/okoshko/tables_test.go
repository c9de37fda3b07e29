package main

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// saveTables makes an edit of the tables of cases, after a look at what it comes to.
func (k *clerk) saveTables(t *testing.T, edit map[string]any) {
	t.Helper()
	now, err := k.must(http.MethodGet, "/tables", nil)
	if err != nil {
		t.Fatal(err)
	}
	edit = maps.Clone(edit)
	edit["revision"] = now["revision"]
	for _, path := range []string{"/tables/preview", "/tables"} {
		if said, err := k.must(http.MethodPost, path, edit); err != nil {
			t.Fatalf("%s: %v %v", path, said, err)
		}
	}
}

// comesIn waits until what an edit has changed is what customers are asked, and
// more is so.
func (s *server) comesIn(t *testing.T, edit func(), more func() bool) {
	t.Helper()
	edit()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	want, err := s.stores.db.ContentVersion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := eventually(ctx, func() (bool, error) { return s.librarian.content.Load().Version >= want && more(), nil }); err != nil {
		t.Fatal(err)
	}
}

// says says or presses something, and hears what is wanted, a message each.
func (g *telegramStage) says(t *testing.T, what string, want ...string) {
	t.Helper()
	if err := g.Do(t.Context(), what); err != nil {
		t.Fatal(err)
	}
	heard, err := g.Hear(t.Context(), len(want))
	for i := range want {
		if err != nil || len(heard) != len(want) || !strings.Contains(heard[i].Text, want[i]) {
			t.Fatalf("%s: %+v %v, want %q", what, heard, err, want)
		}
	}
}

// An administrator adds a category on one replica: a customer in Telegram, on the
// same and without a start, is offered it, and goes on with its form after it was
// retired under him. A term of tomorrow counts for who is registered tomorrow, on
// the other replica too; the case of today keeps its own.
func TestTablesComeIn(t *testing.T) {
	t.Parallel()
	key := privacy.NewSecret("k1:" + strings.Repeat("A", 43) + "=")
	g := newTelegramStage(t, func(c *Config) { c.Data.Key = key })
	a := g.s
	b := startServer(t, func(c *Config) {
		c.Data.Key, c.Postgres.URL, c.Redis.URL = key, a.config.Postgres.URL, a.config.Redis.URL
	})
	zone, err := a.config.Company.Location()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DateOf(a.clock.Now(), zone)
	admin := a.employ(t, "admin-2", staff.Admin)
	if err := admin.come(); err != nil {
		t.Fatal(err)
	}
	save := func(edit map[string]any) { t.Helper(); admin.saveTables(t, edit) }
	says := func(what, want string) { t.Helper(); g.says(t, what, want) }
	offered := func(s *server) bool {
		c, err := s.stores.db.CaseBooks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		category, err := c.Forms.Category("В-10", today)
		return err == nil && category.Offered
	}

	category := map[string]any{
		"code": "В-10", "new": true, "from": today.String(), "offered": true, "kind": "question", "audience": "both", "function": "F1", "place": 95,
		"name": map[string]string{"ru": "Перерасчёт за отъезд", "en": "Recalculation for absence"}, "plain": map[string]string{"ru": "Меня не было дома", "en": "I was away"},
		"fields": []map[string]string{{"field": "period", "need": "may"}},
	}
	a.comesIn(t, func() { save(map[string]any{"category": category}) }, func() bool { return offered(b) })
	says("/appeal", "Вопрос")
	says("[Вопрос]", "Напишите своими словами")
	says("Можно ли снять в вашем офисе рекламный ролик про лампочки", "Выберите её из списка")
	says("[Ещё]", "Перерасчёт за отъезд")
	says("[Перерасчёт за отъезд]", "месяц")
	retired := maps.Clone(category)
	retired["new"], retired["offered"] = false, false
	delete(retired, "fields")
	save(map[string]any{"category": retired})
	if offered(b) {
		t.Error("the other replica still offers it")
	}
	says("[Пропустить]", "Как удобнее с вами связаться")
	says("[В этом чате]", "Куда отправить ответ")
	says("[В этот чат]", "Как вас зовут")
	says("[Пропустить]", "Какой наш офис к вам ближе")
	says("[Лесоозёрск]", "Перерасчёт за отъезд")
	says("[Отправить]", "Обращение зарегистрировано")

	save(map[string]any{"term": map[string]any{
		"clock": "answer", "kind": "question", "audience": "both", "from": today.Add(1).String(), "company": "1 working_days", "law": map[string]string{},
	}})
	page, err := a.stores.db.CustomerCases(t.Context(), g.conversation(), "", 5)
	if err != nil || len(page.Lines) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	old := page.Lines[0].Number
	for _, s := range []*server{a, b} {
		if err := s.clock.Advance(24 * time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	f := registry.Filing{
		Kind: appeal.Question, Category: "В-0", Audience: knowledge.Individuals, Lang: "ru",
		Answers: appeal.Answers{}.With(appeal.Body, "Почему?").With(appeal.Contact, "chat").With(appeal.AnswerWay, "chat"),
	}
	done, err := b.stores.db.RegisterCase(t.Context(), registry.Effect{ID: "web:late/1/1", Conversation: "web:late", At: b.clock.Now()}, f)
	if err != nil {
		t.Fatal(err)
	}
	for n, company := range map[appeal.Number]string{old: "3 calendar_days", done.Number: "1 working_days"} {
		r, err := b.stores.db.FindCase(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		if why := r.Clocks[term.Answer].Why; len(why) == 0 || why[0].Term.String() != company {
			t.Errorf("%s is promised %+v, want %s", n, why, company)
		}
	}
}
