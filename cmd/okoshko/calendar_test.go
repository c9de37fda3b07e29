package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// next is a year whose act, made up here, moves two days off; its totals follow.
const next = "year 2028 ПП РФ 1 от 01.10.2027\nmove 01.01=10.01 02.01=11.01\ntotal 247 1972"

// A year of the production calendar is looked at, then put in, and every replica
// counts by it within seconds, without a start anew. What does not add up puts
// nothing in.
func TestAYearComesIn(t *testing.T) {
	t.Parallel()
	var shared Config
	a := startServer(t, func(c *Config) { shared = *c })
	b := startServer(t, func(c *Config) { c.Postgres.URL, c.Redis.URL = shared.Postgres.URL, shared.Redis.URL })
	chief := a.employ(t, "chief", staff.Supervisor)
	if err := chief.come(); err != nil {
		t.Fatal(err)
	}
	day := calendar.Date{Year: 2028, Month: time.January, Day: 10}
	known := func() bool {
		_, err := b.stores.days.Working(day)
		return err == nil
	}
	for name, text := range map[string]string{
		"nothing": "", "no year": "день сурка", "another total": strings.Replace(next, "1972", "1980", 1), "endless": strings.Repeat(next+"\n", 20_000),
	} {
		if status, said, err := chief.ask(http.MethodPost, "/calendar", map[string]string{"text": text}); err != nil || status < 400 || status >= 500 {
			t.Errorf("%s: %d %v, %v", name, status, said, err)
		}
	}
	said, err := chief.must(http.MethodPost, "/calendar/preview", map[string]string{"text": next})
	if err != nil {
		t.Fatal(err)
	}
	years, _ := said["years"].([]any)
	if len(years) != 1 || known() {
		t.Fatalf("a look at it: %v; known: %v", said, known())
	}
	if _, err := chief.must(http.MethodPost, "/calendar", map[string]string{"text": next}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) { return known(), nil }); err != nil {
		t.Fatalf("the other replica does not hear of it: %v", err)
	}
	for d, want := range map[calendar.Date]bool{day: false, day.Add(2): true} {
		if works, err := b.stores.days.Working(d); err != nil || works != want {
			t.Errorf("%s: working %v, %v", d, works, err)
		}
	}
	lines, err := a.stores.db.ListAudit(t.Context(), audit.Filter{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	noted := 0
	for _, l := range lines {
		if strings.Contains(string(l.Act), "calendar") {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("the audit has %d lines of it", noted)
	}
}
