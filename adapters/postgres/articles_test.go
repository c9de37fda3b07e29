package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

func content(t *testing.T, d *postgres.DB) postgres.Content {
	t.Helper()
	c, err := d.Content(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sorted(e knowledge.Edition) []knowledge.Article {
	list := slices.Clone(e.Articles)
	slices.SortFunc(list, func(a, b knowledge.Article) int {
		return strings.Compare(string(a.Slug)+" "+a.Lang, string(b.Slug)+" "+b.Lang)
	})
	return list
}

// What came with the program comes back as it was, whole and once.
func TestArticlesComeBack(t *testing.T) {
	t.Parallel()
	now := newClock(noon)
	d := pgtest.Open(t, func(c *postgres.Config) { c.Now = now.Now })
	must(t, d.LoadDemo(t.Context()))
	published := knowledge.Published()
	must(t, d.AddArticles(t.Context(), published))
	first := content(t, d)
	if diff := cmp.Diff(published.Categories, first.Articles.Categories); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
	ignored := cmpopts.IgnoreFields(knowledge.Article{}, "Version", "Published")
	if diff := cmp.Diff(sorted(published), sorted(first.Articles), ignored, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
	if a := first.Articles.Articles[0]; a.Version != 1 || !a.Published.Equal(noon.Truncate(1000)) {
		t.Errorf("%s is version %d, published %s", a.Slug, a.Version, a.Published)
	}
	together(4, func(int) {
		if err := d.AddArticles(t.Context(), published); err != nil {
			t.Error(err)
		}
	})
	again := content(t, d)
	if diff := cmp.Diff(sorted(first.Articles), sorted(again.Articles)); diff != "" {
		t.Errorf("the same edition changed something (-want +got):\n%s", diff)
	}
	if again.Prices == nil || len(again.Directory.Territories()) == 0 || len(again.Offices.Offices("", "")) == 0 {
		t.Error("prices, directory or offices are missing")
	}
}

// A new edition adds versions of what it has changed, and nothing else; what an
// editor wrote stays; every change shows.
func TestNewEdition(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url)
	conn := pgtest.Conn(t, url)
	must(t, d.AddArticles(t.Context(), knowledge.Published()))
	before, err := d.ContentVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exec(t, conn, `INSERT INTO staff (login, name, password) VALUES ('e', 'Редактор', '')`)
	exec(t, conn, `INSERT INTO articles SELECT slug, lang, 2, now(), (SELECT id FROM staff), content || '{"body": "Слово редактора."}'
		FROM articles WHERE slug = 'pay-how' AND lang = 'ru'`)
	after, err := d.ContentVersion(t.Context())
	if err != nil || after <= before {
		t.Errorf("an editor's change: version %d after %d, %v", after, before, err)
	}
	next := knowledge.Published()
	next.Articles = slices.Clone(next.Articles)
	for i := range next.Articles {
		if a := &next.Articles[i]; a.Lang == "ru" && (a.Slug == "pay-how" || a.Slug == "pay-deadline") {
			a.Body = "Новое слово программы."
		}
	}
	must(t, d.AddArticles(t.Context(), next))
	said := map[string]string{}
	for _, a := range content(t, d).Articles.Articles {
		if a.Version > 1 {
			said[string(a.Slug)+" "+a.Lang] = a.Body
		}
	}
	want := map[string]string{"pay-how ru": "Слово редактора.", "pay-deadline ru": "Новое слово программы."}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("new versions (-want +got):\n%s", diff)
	}
	if n := count(t, conn, `SELECT count(*) FROM articles WHERE slug IN ('pay-how', 'pay-deadline') AND lang = 'ru'`); n != 4 {
		t.Errorf("%d versions of two articles: an old one was lost", n)
	}
}

// A version that is to hold from a later day waits for it, and what stood before
// goes on.
func TestVersionsThatBeginLater(t *testing.T) {
	t.Parallel()
	now := newClock(noon)
	d := pgtest.Open(t, func(c *postgres.Config) { c.Now = now.Now })
	must(t, d.AddArticles(t.Context(), knowledge.Published()))
	next := knowledge.Published()
	next.Articles = slices.Clone(next.Articles)
	tomorrow := calendar.DateOf(noon, pgtest.Zone).Add(1)
	for i := range next.Articles {
		if a := &next.Articles[i]; a.Slug == "pay-how" && a.Lang == "ru" {
			a.Body, a.From = "С завтрашнего дня иначе.", tomorrow
		}
	}
	must(t, d.AddArticles(t.Context(), next))
	version := func() int {
		for _, a := range content(t, d).Articles.Articles {
			if a.Slug == "pay-how" && a.Lang == "ru" {
				return a.Version
			}
		}
		return 0
	}
	if v := version(); v != 1 {
		t.Errorf("today version %d holds", v)
	}
	now.advance(tomorrow.At(0, pgtest.Zone).Sub(noon))
	if v := version(); v != 2 {
		t.Errorf("tomorrow version %d holds", v)
	}
}
