package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
)

// Each look at a conversation and each change leaves a line.
func TestConsoleAudit(t *testing.T) {
	t.Parallel()
	var database string
	s, _, c := counter(t, func(c *Config) { database = c.Postgres.URL.Reveal() })
	anna := arrive(t, s, 0)
	anna.log(t, c)
	for _, verb := range []string{"take", "return"} {
		if err := anna.change(c, verb); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := pgtest.Conn(t, database).Query(t.Context(),
		`SELECT did || ' ' || conversation FROM audit JOIN staff ON staff.id = audit.staff WHERE login = 'anna' ORDER BY audit.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var did []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		did = append(did, one)
	}
	if got := strings.Join(did, ", "); rows.Err() != nil || got != "sign_in , look tg:1001, take tg:1001, returned tg:1001" {
		t.Errorf("the audit has %q, %v", got, rows.Err())
	}
}

// Who asks in writing at night has left the queue by the morning, and whoever opens
// the dialog sees under which number.
func TestConsoleFiled(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	if err := g.Set(t.Context(), time.Date(2027, time.February, 2, 21, 30, 0, 0, pgtest.Zone), ""); err != nil {
		t.Fatal(err)
	}
	c := g.customer
	c.Say("оператор")
	hear(t, c, "Сейчас специалисты не работают")
	c.Say("какого цвета у вас фирменные машины и можно ли с ними сфотографироваться")
	hear(t, c, "Записал")
	for _, step := range [][2]string{
		{"Спросить письменно", "Страница 1 из 2"},
		{"Ещё", "Страница 2 из 2"},
		{"Другой вопрос", "Как удобнее с вами связаться"},
		{"В этом чате", "Куда отправить ответ"},
		{"В этот чат", "Как вас зовут"},
		{"Пропустить", "Проверьте обращение"},
		{"Отправить", "Из очереди к специалисту мы вас убрали"},
	} {
		if err := g.press(step[0], false); err != nil {
			t.Fatal(err)
		}
		hear(t, c, step[1])
	}
	anna := arrive(t, g.s, 0)
	if _, err := anna.handoff(g.conversation()); err == nil {
		t.Error("he waits still")
	}
	var filed map[string]any
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		for _, e := range anna.log(t, g.conversation()) {
			if e["did"] == "filed" {
				filed = e
			}
		}
		return filed != nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if filed["kind"] != "event" || filed["text"] != "ОБ-2027-000001" {
		t.Errorf("the log tells of %v", filed)
	}
}
