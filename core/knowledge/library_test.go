package knowledge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

func library(t *testing.T) *knowledge.Library {
	t.Helper()
	e, err := knowledge.ReadFolder(folder(nil))
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Articles {
		if e.Articles[i].Slug == "three" {
			e.Articles[i].Audience = knowledge.Companies
		}
	}
	return knowledge.NewLibrary(e)
}

var friday = calendar.Date{Year: 2026, Month: 11, Day: 27}

func TestLibraryShowsWhatHolds(t *testing.T) {
	t.Parallel()
	l := library(t)
	for _, c := range []struct {
		name   string
		reader knowledge.Reader
		want   []string
	}{
		{"nobody knows whose", knowledge.Reader{Day: friday, Lang: "ru"}, []string{"a: Один", "a: Два", "b: Три"}},
		{"an individual", knowledge.Reader{Day: friday, Lang: "ru", Audience: "fl"}, []string{"a: Один", "a: Два"}},
		{"a company", knowledge.Reader{Day: friday, Lang: "ru", Audience: "ul", Territory: "03"}, []string{"b: Три"}},
		{"a company elsewhere", knowledge.Reader{Day: friday, Lang: "ru", Audience: "ul", Territory: "01"}, nil},
		{"the last day", knowledge.Reader{Day: friday.Add(3), Lang: "ru", Audience: "fl"}, []string{"a: Один", "a: Два"}},
		{"the day after", knowledge.Reader{Day: friday.Add(4), Lang: "ru", Audience: "fl"}, []string{"a: Один"}},
		{"in English", knowledge.Reader{Day: friday, Lang: "en", Audience: "fl"}, []string{"a: One", "a: Два"}},
	} {
		var got []string
		for _, category := range l.Categories(c.reader) {
			for _, a := range l.In(category.ID, c.reader) {
				got = append(got, category.ID+": "+a.Question)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestLibraryFinds(t *testing.T) {
	t.Parallel()
	l := library(t)
	r := knowledge.Reader{Day: friday, Audience: knowledge.Individuals, Lang: "en"}
	one, found := l.Article("one", r)
	if !found || one.Question != "One" || one.Owner != "a" || one.Category != "a" {
		t.Errorf("%+v, found %v", one, found)
	}
	if _, found := l.Article("three", r); found {
		t.Error("an individual is shown what is for companies")
	}
	if _, found := l.Article("none", r); found {
		t.Error("what is not there was found")
	}
	if related := l.Related(one, r); len(related) != 1 || related[0].Slug != "two" {
		t.Errorf("related: %v", related)
	}
	if c, found := l.Category("b"); !found || c.Title("en") != "B" || c.Title("fr") != "Б" {
		t.Errorf("category b: %+v, found %v", c, found)
	}
	n := 0
	for range l.All() {
		n++
	}
	if n != 4 || l.Len() != 3 {
		t.Errorf("%d texts of %d articles", n, l.Len())
	}
}

// What an editor's store may hold: a category that is gone, a translation
// without its source, a related article that is not there.
func TestLibraryMakesTheBestOfIt(t *testing.T) {
	t.Parallel()
	l := knowledge.NewLibrary(knowledge.Edition{Articles: []knowledge.Article{
		{Slug: "lost", Lang: "ru", Category: "gone", Audience: "both", Related: []knowledge.Slug{"nowhere"}},
		{Slug: "orphan", Lang: "en", Audience: "both"},
	}})
	r := knowledge.Reader{Day: friday, Lang: "ru"}
	a, found := l.Article("lost", r)
	if !found || len(l.Related(a, r)) != 0 || len(l.Categories(r)) != 0 || l.Len() != 1 {
		t.Errorf("found %v, %d articles", found, l.Len())
	}
}

// R-5.2.11-a: a text goes out within a working day of its source's change.
func TestOverdue(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("UTC+5", 5*60*60)
	published := func(d calendar.Date) time.Time { return d.At(23*60, zone) }
	for _, c := range []struct {
		name      string
		published time.Time
		today     calendar.Date
		want      bool
	}{
		{"on the working day after", published(friday.Add(3)), friday.Add(30), false},
		{"a day later", published(friday.Add(4)), friday.Add(30), true},
		{"not yet, and there is time", time.Time{}, friday.Add(3), false},
		{"not yet, too late", time.Time{}, friday.Add(4), true},
	} {
		a := knowledge.Article{SourceChanged: friday, Published: c.published}
		if got, err := a.Overdue(calendar.Published(), c.today, zone); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}
