package knowledge_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

const whole = `question: Как передать показания?
ask: куда слать цифры
ask: как сдать: способы
audience: both
owner: uchet
source: Правила 354, п. 31
changed: 2026-11-27
territories: 03, 06
from: 2026-12-01
until: 2026-12-15
actions: readings, questions.show:readings-zones
related: readings-deadline, penalty
forms: Ж-2, З-10

Прямо **здесь**: {phone}.

- раз
- [сайт]({site})
`

func TestParse(t *testing.T) {
	t.Parallel()
	want := knowledge.Article{
		Slug: "readings-how", Lang: "ru", Audience: knowledge.Everybody, Owner: "uchet", Basis: "Правила 354, п. 31",
		SourceChanged: calendar.Date{Year: 2026, Month: 11, Day: 27},
		From:          calendar.Date{Year: 2026, Month: 12, Day: 1}, Until: calendar.Date{Year: 2026, Month: 12, Day: 15},
		Territories: []string{"03", "06"}, Question: "Как передать показания?",
		Asks:    []string{"куда слать цифры", "как сдать: способы"},
		Actions: []string{"readings", "questions.show:readings-zones"},
		Forms:   []string{"Ж-2", "З-10"},
		Related: []knowledge.Slug{"readings-deadline", "penalty"},
		Body:    "Прямо **здесь**: {phone}.\n- раз\n- [сайт]({site})",
	}
	for name, text := range map[string]string{
		"as it is":     whole,
		"from Windows": "\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n"),
	} {
		a, err := knowledge.Parse("readings-how", "ru", text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff([]string{"phone", "site"}, a.Figures()); diff != "" {
			t.Errorf("figures (-want +got):\n%s", diff)
		}
	}
}

// Every mistake is named with its line, all at once.
func TestParseNamesMistakes(t *testing.T) {
	t.Parallel()
	change := func(old, instead string) string { return strings.Replace(whole, old, instead, 1) }
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "1: there is no question"},
		{"unknown key", change("owner:", "auther:"), `5: "auther: uchet" does not begin`},
		{"no key", change("owner: uchet", "uchet"), `5: "uchet" does not begin`},
		{"missing", change("owner: uchet\n", ""), "1: there is no owner"},
		{"twice", change("owner: uchet", "owner: uchet\nowner: raschet"), "6: owner stands on line 5 already"},
		{"empty value", change("owner: uchet", "owner:"), "5: owner has no value"},
		{"long title", change("показания?", strings.Repeat("я", 60)), "1: question: 73 characters are too many"},
		{"same ask", change("как сдать: способы", "куда слать цифры"), "3: ask: "},
		{"audience", change("both", "all"), `4: audience: "all" is neither`},
		{"date", change("2026-11-27", "27.11.2026"), "7: changed: "},
		{"turned dates", change("until: 2026-12-15", "until: 2026-11-15"), "10: until comes before from"},
		{"territory", change("03, 06", "3"), "8: territories: "},
		{"action", change("readings, q", "Readings, q"), "11: actions: "},
		{"form", change("Ж-2", "ж2"), "13: forms: "},
		{"itself", change("penalty", "readings-how"), "12: related: an article is not related to itself"},
		{"no answer", whole[:strings.Index(whole, "Прямо")], "there is no answer"},
		{"brace", change("{phone}", "{Phone}"), "15: a brace is not that of a {figure}"},
		{"open brace", change("{phone}", "{phone"), "15: a brace is not that of a {figure}"},
		{"hidden", change("раз", "ра\u202eз"), "17: the answer holds a character"},
		{"hidden in a key", change("uchet", "uchet\x00"), "5: owner holds a character"},
		{"bytes", change("раз", "\xff"), "1: the file is not UTF-8"},
		{"long answer", change("раз", strings.Repeat("я ", 700)), "14: the answer: "},
		{"huge", whole + strings.Repeat("я", 40_000), "1: the file is longer"},
	} {
		_, err := knowledge.Parse("readings-how", "ru", c.text)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := knowledge.Parse("readings-how", "en", whole); err == nil || !strings.Contains(err.Error(), "4: a translation has no audience") {
		t.Errorf("a translation with the source's keys: %v", err)
	}
	for _, slug := range []knowledge.Slug{"", "Как", "a--b", "-a", "../a", knowledge.Slug(strings.Repeat("a", 41))} {
		if _, err := knowledge.Parse(slug, "ru", whole); err == nil {
			t.Errorf("%q was taken for a name", slug)
		}
	}
	_, err := knowledge.Parse("readings-how", "ru", change("both", "all\nowner: Учёт"))
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d mistakes are named, want 3: %v", n, err)
	}
}

// folder is a small edition.
func folder(change func(fstest.MapFS)) fstest.MapFS {
	article := func(title, more string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("question: " + title + "\nask: " + title + " спрашивают\naudience: fl\nowner: a\nchanged: 2026-11-27\n" +
			more + "\nОтвет на вопрос.")}
	}
	f := fstest.MapFS{
		"contents.txt": {Data: []byte("# comment\ncategory a\nru А\nen A\none\ntwo\n\ncategory b\nru Б\nen B\nthree\n")},
		"ru/one.md":    article("Один", "related: two, three\n"),
		"ru/two.md":    article("Два", "until: 2026-11-30\n"),
		"ru/three.md":  article("Три", "territories: 03\n"),
		"en/one.md":    {Data: []byte("question: One\nask: one asked\n\nAn answer.")},
	}
	if change != nil {
		change(f)
	}
	return f
}

func TestReadFolder(t *testing.T) {
	t.Parallel()
	e, err := knowledge.ReadFolder(folder(nil))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range e.Articles {
		got = append(got, a.Category+" "+string(a.Slug)+" "+a.Lang+" "+a.Owner)
	}
	if diff := cmp.Diff([]string{"a one ru a", "a one en a", "a two ru a", "b three ru a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	set := func(name, text string) func(fstest.MapFS) {
		return func(f fstest.MapFS) { f[name] = &fstest.MapFile{Data: []byte(text)} }
	}
	for _, c := range []struct {
		want   string
		change func(fstest.MapFS)
	}{
		{"contents.txt: open contents.txt", func(f fstest.MapFS) { delete(f, "contents.txt") }},
		{"contents.txt: there is no article two", func(f fstest.MapFS) { delete(f, "ru/two.md") }},
		{"en/two.md: it translates nothing", func(f fstest.MapFS) { f["en/two.md"] = f["en/one.md"]; delete(f, "ru/two.md") }},
		{"ru/four.md: the table of contents does not know it", func(f fstest.MapFS) { f["ru/four.md"] = f["ru/two.md"] }},
		{"ru/two.md: its question is that of three", func(f fstest.MapFS) { f["ru/three.md"] = f["ru/two.md"] }},
		{"ru/one.md:1: ", set("ru/one.md", "auther: x")},
		{"contents.txt:1: no category before it", set("contents.txt", "one")},
		{`contents.txt: the category a has no title in "en"`, set("contents.txt", "category a\nru А\none\ntwo\nthree")},
		{"contents.txt:4: ", set("contents.txt", "category a\nru А\nen A\nen AA\none\ntwo\nthree")},
		{"contents.txt:5: ", set("contents.txt", "category a\nru А\nen A\none\none\ntwo\nthree")},
		{"contents.txt:4: ", set("contents.txt", "category a\nru А\nen A\ncategory a\none\ntwo\nthree")},
		{"ru/one.md: there is no related article three", set("contents.txt", "category a\nru А\nen A\none\ntwo")},
	} {
		_, err := knowledge.ReadFolder(folder(c.change))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// FuzzParse: whatever the text, no panic; what is taken keeps every limit and
// is read the same again.
func FuzzParse(f *testing.F) {
	f.Add("readings-how", "ru", whole)
	f.Add("a", "en", "question: A\nask: b\n\nc {d}")
	f.Add("a", "ru", "\n\n{")
	f.Fuzz(func(t *testing.T, slug, lang, text string) {
		a, err := knowledge.Parse(knowledge.Slug(slug), lang, text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v is not of kind invalid", err)
			}
			return
		}
		if a.Question == "" || a.Body == "" || len(a.Asks) == 0 || len([]rune(a.Body)) > knowledge.MaxBody ||
			len([]rune(a.Question)) > knowledge.MaxTitle || strings.Count(a.Body, "{") != strings.Count(a.Body, "}") {
			t.Fatalf("%+v was taken", a)
		}
		again, err := knowledge.Parse(a.Slug, a.Lang, text)
		if err != nil || !cmp.Equal(a, again) {
			t.Fatalf("read again it differs: %v", err)
		}
	})
}
