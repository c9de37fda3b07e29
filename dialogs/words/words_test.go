package words_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

func folder(ru, en string) fstest.MapFS {
	return fstest.MapFS{
		"text.ru.yaml": {Data: []byte(ru)},
		"text.en.yaml": {Data: []byte(en)},
	}
}

const ruText = `
hello: "Здравствуйте, {name}!"
menu: Меню
ask:
  account: |
    **Назовите** номер *лицевого* счёта.

    - он на [квитанции](https://example.org/bill)
    - или [здесь]({site}), {name}
  escaped: '\{n\} 2 \* 2 \[x\] \\ **[весь](tel:+78001000000)**'
  greeting.flat: Привет
left:
  one: Остался {n} день
  few: Осталось {n} дня
  many: Осталось {n} дней
  other: Осталось {n} дня
sent: "{what}: {value}"
yes: [да, "Ага!", конечно]
`

const enText = `
hello: "Hello, {name}!"
menu: Menu
ask:
  account: |
    **Name** your account.
    - it is on the [bill](https://example.org/bill)
    - or [here]({site}), {name}
  escaped: '\{n\} 2 * 2'
  greeting.flat: Hi
left:
  one: "{n} day left"
  other: "{n} days left"
sent: "{what}: {value}"
yes: ["yes", sure]
`

func sample(t testing.TB) *words.Catalogue {
	t.Helper()
	c, err := words.Load(folder(ruText, enText))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSayParsesMarkupAndKeepsArgumentsPlain(t *testing.T) {
	t.Parallel()
	got := sample(t).Say(words.RU, "ask.account", words.A("name", "**[x](https://evil.example)** {site}"), words.A("site", "http://localhost:8080/a"))
	want := []chat.Block{
		{Spans: []chat.Span{{Text: "Назовите", Bold: true}, {Text: " номер *лицевого* счёта."}}},
		{Kind: chat.Item, Spans: []chat.Span{{Text: "он на "}, {Text: "квитанции", Link: "https://example.org/bill"}}},
		{Kind: chat.Item, Spans: []chat.Span{
			{Text: "или "},
			{Text: "здесь", Link: "http://localhost:8080/a"},
			{Text: ", **[x](https://evil.example)** {site}"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSayUnescapes(t *testing.T) {
	t.Parallel()
	got := sample(t).Say(words.RU, "ask.escaped")
	want := []chat.Block{{Spans: []chat.Span{{Text: `{n} 2 * 2 [x] \ `}, {Text: "весь", Bold: true, Link: "tel:+78001000000"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLinkOfArgumentLeadsNowhereUnsafe(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"javascript:alert(1)", "", "https://", "https://a b", `https://a"b`, "//a"} {
		said := 0
		for _, b := range sample(t).Say(words.RU, "ask.account", words.A("name", "x"), words.A("site", address)) {
			for _, s := range b.Spans {
				said++
				if s.Link == address && address != "" || s.Text == "здесь" && s.Link != "" {
					t.Errorf("%q became a link: %+v", address, s)
				}
			}
		}
		if said == 0 {
			t.Errorf("nothing is said with %q", address)
		}
	}
}

func TestSayGivesBlocksOfOnesOwn(t *testing.T) {
	t.Parallel()
	c := sample(t)
	first := c.Say(words.RU, "menu")
	first[0].Spans[0].Text = "spoilt"
	_ = append(first[0].Spans, chat.Span{Text: "spoilt"})
	if diff := cmp.Diff([]chat.Block{chat.Para("Меню")}, c.Say(words.RU, "menu")); diff != "" {
		t.Error(diff)
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	c := sample(t)
	for _, row := range []struct {
		n      any
		ru, en string
	}{
		{0, "Осталось 0 дней", "0 days left"},
		{1, "Остался 1 день", "1 day left"},
		{2, "Осталось 2 дня", "2 days left"},
		{4, "Осталось 4 дня", "4 days left"},
		{5, "Осталось 5 дней", "5 days left"},
		{11, "Осталось 11 дней", "11 days left"},
		{12, "Осталось 12 дней", "12 days left"},
		{21, "Остался 21 день", "21 days left"},
		{101, "Остался 101 день", "101 days left"},
		{111, "Осталось 111 дней", "111 days left"},
		{int64(1_000_001), "Остался 1\u202f000\u202f001 день", "1,000,001 days left"},
		{uint8(22), "Осталось 22 дня", "22 days left"},
		{-1, "Остался \u22121 день", "\u22121 day left"},
		{words.Decimal("1.5"), "Осталось 1,5 дня", "1.5 days left"},
		{words.Decimal("1"), "Остался 1 день", "1 day left"},
		{0.5, "Осталось 0,5 дня", "0.5 days left"},
	} {
		if got := c.Line(words.RU, "left", words.A("n", row.n)); got != row.ru {
			t.Errorf("Russian, %v: got %q, want %q", row.n, got, row.ru)
		}
		if got := c.Line(words.EN, "left", words.A("n", row.n)); got != row.en {
			t.Errorf("English, %v: got %q, want %q", row.n, got, row.en)
		}
	}
}

type zone string

func (z zone) Spoken(lang string) string { return lang + ":" + string(z) }

type date struct{}

func (date) Date() (int, time.Month, int) { return 2026, time.May, 9 }
func (date) String() string               { return "2026-05-09" }

type kilowatts int

func TestValues(t *testing.T) {
	t.Parallel()
	c := sample(t)
	at := time.Date(2026, time.November, 24, 9, 5, 0, 0, time.UTC)
	for _, row := range []struct {
		value  any
		ru, en string
	}{
		{"12210", "12210", "12210"},
		{999, "999", "999"},
		{12210, "12\u202f210", "12,210"},
		{kilowatts(4812), "4\u202f812", "4,812"},
		{uint64(1 << 63), "9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808", "9,223,372,036,854,775,808"},
		{words.Decimal("-1234.50"), "\u22121\u202f234,50", "\u22121,234.50"},
		{words.Decimal("much"), "much", "much"},
		{words.Decimal("1."), "1.", "1."},
		{1234.5, "1\u202f234,5", "1,234.5"},
		{at, "24 ноября 2026", "24 November 2026"},
		{date{}, "9 мая 2026", "9 May 2026"},
		{words.Day(at), "вторник, 24 ноября", "Tuesday, 24 November"},
		{words.DayMonth(at), "24 ноября", "24 November"},
		{words.Month(at), "ноябрь 2026", "November 2026"},
		{words.Clock(at), "09:05", "09:05"},
		{words.Moment(at), "24 ноября 2026, 09:05", "24 November 2026, 09:05"},
		{zone("day"), "ru:day", "en:day"},
		{90 * time.Minute, "1h30m0s", "1h30m0s"},
		{"two\nlines", "two lines", "two lines"},
		{nil, "", ""},
	} {
		for lang, want := range map[words.Lang]string{words.RU: row.ru, words.EN: row.en} {
			got := c.Line(lang, "sent", words.A("what", "x"), words.A("value", row.value))
			if got != "x: "+want {
				t.Errorf("%s, %T: got %q, want %q", lang, row.value, got, "x: "+want)
			}
		}
	}
}

func TestMissesShowAndAreTold(t *testing.T) {
	t.Parallel()
	c := sample(t)
	if got := c.Line(words.RU, "nowhere"); got != "‹nowhere›" {
		t.Errorf("without a hook: got %q", got)
	}
	var told []words.Miss
	c.OnMiss(func(m words.Miss) { told = append(told, m) })
	if got := c.Line(words.EN, "hello"); got != "Hello, !" {
		t.Errorf("missing argument: got %q", got)
	}
	if diff := cmp.Diff([]chat.Block{chat.Para("‹yes›")}, c.Say(words.RU, "yes")); diff != "" {
		t.Error(diff)
	}
	if c.Matches("gone", "да") || c.Phrases(words.RU, "menu") != nil {
		t.Error("what is not there matched or had phrases")
	}
	if got := c.Say(words.RU, "sent", words.A("what", "")); len(got) != 1 || got[0].Spans[0].Text != ": " {
		t.Errorf("missing argument: got %+v", got)
	}
	want := []words.Miss{
		{Lang: words.EN, Key: "hello", Arg: "name"},
		{Lang: words.RU, Key: "yes"},
		{Key: "gone"},
		{Lang: words.RU, Key: "menu"},
		{Lang: words.RU, Key: "sent", Arg: "value"},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

func TestKeysArgsAndMatches(t *testing.T) {
	t.Parallel()
	c := sample(t)
	want := []string{"ask.account", "ask.escaped", "ask.greeting.flat", "hello", "left", "menu", "sent", "yes"}
	if diff := cmp.Diff(want, c.Keys()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"n"}, c.Args("left")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"name", "site"}, c.Args("ask.account")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"да", "Ага!", "конечно"}, c.Phrases(words.RU, "yes")); diff != "" {
		t.Error(diff)
	}
	for _, row := range []struct {
		key, input string
		want       bool
	}{
		{"menu", " «МЕНЮ» 👍", true},
		{"menu", "menu", true}, // the other language's label is still on the screen
		{"yes", "Да.", true},
		{"yes", "ага", true},
		{"yes", "YES", true},
		{"yes", "да нет", false},
		{"yes", "", false},
		{"hello", "Здравствуйте", false},
	} {
		if got := c.Matches(row.key, row.input); got != row.want {
			t.Errorf("%s matches %q: got %v", row.key, row.input, got)
		}
	}
	if !c.Has("menu") || c.Has("ask") {
		t.Error("Has does not know texts from their folders")
	}
}

func TestParseLang(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]words.Lang{
		"": words.RU, "ru": words.RU, "ru-RU": words.RU, "RU": words.RU, "ru_RU": words.RU, "uk": words.RU, "tt": words.RU,
		"en": words.EN, "en-GB": words.EN, "de": words.EN, "zh-Hans-CN": words.EN, "!!": words.RU, "und": words.RU,
	} {
		if got := words.ParseLang(tag); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := sample(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			c.OnMiss(func(words.Miss) {})
			for range 100 {
				if got := c.Line(words.EN, "left", words.A("n", i+2)); got != fmt.Sprintf("%d days left", i+2) {
					t.Errorf("got %q", got)
				}
				c.Say(words.RU, "ask.account", words.A("name", "x"))
				c.Matches("yes", "ДА!")
				c.Line(words.RU, "none")
			}
		})
	}
	group.Wait()
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, ru, en, want string }{
		{"missing key", "a: А\nb: Б", "a: A", `text.ru.yaml:2: The key "b" is missing in text.en.yaml.`},
		{"extra key", "a: А", "a: A\nb: B", `text.en.yaml:2: The key "b" is missing in text.ru.yaml.`},
		{"placeholders", "a: '{x} и {y}'", "a: '{x}'", `text.en.yaml:1: The key "a" has the placeholders {x} where Russian has {x}, {y}.`},
		{"plural forms", "a:\n  one: А\n  other: Б", "a:\n  one: A\n  few: B\n  other: C", "text.ru.yaml:1: The plural \"a\" lacks the form few, many.\ntext.en.yaml:1: The plural \"a\" has the form few, which the language has not."},
		{"plural placeholders", "a: '{x}'", "a:\n  one: '{x}'\n  other: '{n}'", `text.en.yaml:1: The plural "a" has different placeholders in its forms: {n} and {x}.`},
		{"mixed plural", "a:\n  one: А\n  two_more: Б", "a: A", `text.ru.yaml:1: The key "a" mixes plural forms with other keys.`},
		{"twice plural", "a: А", "a:\n  one: A\n  other: B\n  one: C", `text.en.yaml:4: The plural "a" has the form one twice.`},
		{"kinds", "a: [А]", "a: A", `text.en.yaml:1: The key "a" is a list of phrases in one language and a text in the other.`},
		{"empty text", "a: ''\nb:", "a: A\nb: B", "text.ru.yaml:1: The text \"a\" is faulty: the text is empty.\ntext.ru.yaml:2: The value of \"b\" is not text; quote it."},
		{"number", "a: 5", "a: A", `text.ru.yaml:1: The value of "a" is not text; quote it.`},
		{"markup, exact line", "z: Я\na: |\n  Раз\n\n  **Два\n  }", "z: Z\na: A", "text.ru.yaml:5: The text \"a\" is faulty: bold text that ** begins is not closed by another **.\ntext.ru.yaml:6: The text \"a\" is faulty: } closes nothing; write \\} for a brace."},
		{"repeated", "a:\n  b: А\na.b: Б", "a.b: A", `text.ru.yaml:3: The key "a.b" stands on line 2 already.`},
		{"key name", "Ключ: А", "a: A", `text.ru.yaml:1: The key "Ключ" is not made of small Latin letters, digits, underscores and dots.`},
		{"phrases", "a: ['да', 'Да!', '👍', 5]\nb: []", "a: ['yes']\nb: [x]", "text.ru.yaml:1: The list \"a\" has the phrase \"👍\", which holds no word.\ntext.ru.yaml:1: The list \"a\" has the phrases \"да\" and \"Да!\", which are the same to us.\ntext.ru.yaml:1: The list \"a\" holds something that is not text; quote it.\ntext.ru.yaml:2: The list \"b\" is empty."},
		{"not a mapping", "- a", "a: A", `text.ru.yaml:1: The file is not a mapping of keys to texts.`},
		{"empty file", "", "a: A", `text.ru.yaml: The file is empty or holds several documents.`},
		{"not YAML", "a: [А", "a: A", "text.ru.yaml:1: The file is not YAML: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := words.Load(folder(row.ru, row.en))
			if err == nil {
				t.Fatal("loaded")
			}
			// What follows from the refusal of a text (its key is missing then)
			// may be said as well.
			for _, line := range strings.Split(row.want, "\n") {
				if !strings.Contains(err.Error(), line) {
					t.Errorf("got\n%s\nwithout\n%s", err, line)
				}
			}
		})
	}
}

func TestLoadNeedsBothFiles(t *testing.T) {
	t.Parallel()
	files := folder("a: А", "a: A")
	delete(files, "text.en.yaml")
	if _, err := words.Load(files); err == nil || !strings.Contains(err.Error(), "text.en.yaml") {
		t.Errorf("got %v", err)
	}
	defer func() {
		if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), "text.en.yaml") {
			t.Errorf("Must panicked with %v", err)
		}
	}()
	words.Must(files)
}

func BenchmarkSay(b *testing.B) {
	c := sample(b)
	for b.Loop() {
		c.Say(words.RU, "ask.account", words.A("name", "Анна"), words.A("site", "https://example.org"))
	}
}

func BenchmarkLinePlural(b *testing.B) {
	c := sample(b)
	for b.Loop() {
		c.Line(words.RU, "left", words.A("n", 12))
	}
}

func BenchmarkLinePlain(b *testing.B) {
	c := sample(b)
	for b.Loop() {
		c.Line(words.RU, "menu")
	}
}
