package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/knowledge"
)

// Whenever the demo is started, its cases are in every state that the console
// shows, some are late, some answers are published; a second start changes nothing.
func TestDemoCases(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"2026-11-28 01:30", "2026-12-31 23:50", "2027-01-11 08:00", "2027-12-20 10:00"} {
		t.Run(start, func(t *testing.T) {
			t.Parallel()
			now, err := time.ParseInLocation("2006-01-02 15:04", start, pgtest.Zone)
			if err != nil {
				t.Fatal(err)
			}
			db := pgtest.Open(t, func(c *postgres.Config) { c.Now = func() time.Time { return now } })
			load := func(at time.Time) {
				t.Helper()
				if err := addDemoCases(t.Context(), db, at, pgtest.Zone, "https://okoshko.example"); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.LoadDemo(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := db.AddArticles(t.Context(), knowledge.Published()); err != nil {
				t.Fatal(err)
			}
			if _, err := addDemoStaff(t.Context(), db, t.TempDir()); err != nil {
				t.Fatal(err)
			}
			load(now)
			before := registerOf(t, db)
			load(now.Add(50 * time.Hour))
			if diff := cmp.Diff(before, registerOf(t, db)); diff != "" {
				t.Errorf("the second start changed something:\n%s", diff)
			}
			if now.Year() == 2027 && now.Month() == time.December {
				if len(before) < 20 { // a term of theirs ends in a year that is not known
					t.Errorf("%d cases", len(before))
				}
				return
			}
			states := map[life.State]int{}
			late := 0
			for _, l := range before {
				states[l.State]++
				if l.Late(now) {
					late++
				}
			}
			for _, s := range life.States() {
				if s != life.Draft && states[s] == 0 {
					t.Errorf("no case is %s: %v", s, states)
				}
			}
			if len(before) < 25 || late < 1 || late > 6 {
				t.Errorf("%d cases, %d of them late", len(before), late)
			}
			published, err := db.Publications(t.Context(), life.Published, 100)
			if err != nil || len(published) < 2 {
				t.Errorf("%d published, %v", len(published), err)
			}
			months := indicator.Span{From: now.AddDate(0, -4, 0), To: now}
			answered, err := db.CountedCases(t.Context(), months, now)
			if err != nil {
				t.Fatal(err)
			}
			if rows := indicator.Count(slices.Values(answered), months, indicator.ByKind); len(rows) != 4 || rows[0].Rated == 0 {
				t.Errorf("%+v", rows)
			}
		})
	}
}

// registerOf returns all cases.
func registerOf(t *testing.T, db *postgres.DB) (all []registry.Line) {
	t.Helper()
	for _, s := range []registry.Scope{registry.Owed, registry.Answered, registry.Archived} {
		page, err := db.ListCases(t.Context(), registry.Filter{Scope: s, Limit: registry.MostPage})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Lines...)
	}
	return all
}
