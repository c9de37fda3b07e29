package search_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"okoshko/core/search"
)

// shelf is a small index: each document is its ID, its title and its asks.
func shelf() *search.Index {
	var documents []search.Document
	for _, d := range [][]string{
		{"how", "Как передать показания?", "как отправить цифры со счётчика", "куда сдавать показания"},
		{"deadline", "До какого числа передавать показания?", "последний день приёма показаний"},
		{"outage", "Нет света", "отключили электричество, что делать", "пропал свет во всём доме"},
		{"bill", "Где посмотреть счёт?", "где взять квитанцию", "пришлите платёжку"},
		{"high", "Почему выросла сумма?", "почему так много начислили", "счёт в два раза больше"},
		{"account", "Где найти номер лицевого счёта?", "какой у меня лицевой счёт"},
		{"stove", "Тариф с электроплитой", "сколько стоит киловатт с газовой плитой"},
		{"reregister", "Сменился собственник", "купил квартиру, как переоформить договор"},
		{"english", "How to submit readings?", "send meter readings"},
	} {
		doc := search.Document{ID: d[0]}
		for i, text := range d[1:] {
			weight := float32(2)
			if i == 0 {
				weight = 2.5
			}
			doc.Fields = append(doc.Fields, search.Field{Text: text, Weight: weight})
		}
		documents = append(documents, doc)
	}
	return search.New(documents)
}

// What a person would find, each by another station of the package.
func TestSearch(t *testing.T) {
	t.Parallel()
	index := shelf()
	for _, c := range []struct{ what, query, want string }{
		{"as it is", "как передать показания", "how"},
		{"other forms", "Передавать показаний", "how"},
		{"capitals", "НЕТ СВЕТА!!!", "outage"},
		{"yo", "где посмотреть счет", "bill"},
		{"composed letters", "последнии\u0306 день прие\u0308ма показании\u0306", "deadline"},
		{"synonym", "электроэнергия отсутствует, обесточили", "outage"},
		{"synonym of two words", "жировка где", "bill"},
		{"words as one", "как сдать цифры с прибора учёта", "how"},
		{"abbreviation", "где найти номер л/с", "account"},
		{"typo", "как перадать показаня", "how"},
		{"swapped letters", "где посмотерть квитанцию", "bill"},
		{"by ear", "куда здавать паказания щетчика", "how"},
		{"run together", "нетсвета", "outage"},
		{"keyboard layout", "rfr gthtlfnm gjrfpfybz", "how"},
		{"keyboard layout with signs", "gjxtve cxtn ,jkmit", "high"},
		{"transliteration", "gde posmotret kvitanciyu", "bill"},
		{"transliteration by ear", "kak otpravit pokazania schetchika", "how"},
		{"digits for letters", "pokazaniya s4et4ika peredat kak", "how"},
		{"lookalikes", "нeт cвeтa", "outage"},
		{"soft hyphens", "по\u00adка\u00adза\u00adния как пере\u200bдать", "how"},
		{"kin of a stem", "переоформлял договор на квартиру", "reregister"},
		{"English", "how do I submit my readings", "english"},
		{"a point at the end", "Здравствуйте! Я живу на Садовой уже двадцать лет, всегда плачу вовремя, соседи подтвердят. " +
			"Вчера ходила к сестре, вернулась поздно. Скажите, где взять квитанцию?", "bill"},
		{"no punctuation at all", "добрый день я уже третий раз пишу вам и никто не отвечает муж на работе я дома с детьми " +
			"холодильник течет телефон садится потому что свет пропал во всем доме", "outage"},
		{"a plate of gas is a matter of ours", "тариф с газовой плитой", "stove"},
	} {
		hits := index.Search(c.query, 3)
		if len(hits) == 0 || hits[0].ID != c.want {
			t.Errorf("%s: %q finds %v, want %s", c.what, c.query, hits, c.want)
		}
	}
}

// A score says how sure it is, whatever the text.
func TestScores(t *testing.T) {
	t.Parallel()
	index := shelf()
	best := func(query string) search.Hit {
		hits := index.Search(query, 1)
		if len(hits) == 0 {
			return search.Hit{}
		}
		return hits[0]
	}
	for _, clear := range []string{"как передать показания", "нет света", "где взять квитанцию", "RFR GTHTLFNM GJRFPFYBZ"} {
		if h := best(clear); h.Score < 0.45 || h.Coverage < 0.9 || h.Score > 1 || h.Coverage > 1 {
			t.Errorf("%q: %+v", clear, h)
		}
	}
	for _, nothing := range []string{
		"", "   ", "?!", "12345", "ывпаролд", "asdf qwerty", "какая завтра погода", "ремонт холодильника", "передать показания за воду",
		"как передать показания газового счётчика", "нет интернета", "вызвать врача на дом", "номер счёта в сбербанке", "отключили отопление, что делать",
	} {
		if h := best(nothing); h.Score >= 0.16 {
			t.Errorf("%q: %+v", nothing, h)
		}
	}
	if h := best("нет воды и света"); h.ID != "outage" || h.Score < 0.17 {
		t.Errorf("water beside electricity: %+v", h)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	index := shelf()
	for _, limit := range []int{0, 1, 2, 100} {
		hits := index.Search("показания счётчика и квитанция", limit)
		if len(hits) > limit {
			t.Errorf("%d hits of %d", len(hits), limit)
		}
		for i := 1; i < len(hits); i++ {
			if hits[i].Score > hits[i-1].Score {
				t.Errorf("not sorted: %v", hits)
			}
		}
	}
	if hits := search.New(nil).Search("показания", 3); len(hits) != 0 {
		t.Errorf("an empty index finds %v", hits)
	}
}

// A search leaves nothing behind for the next, and many go on at once.
// A document that explains nothing of a text is not found in it, however many
// parts the text has: its likelihood, of nothing, would be no number.
func TestWhatScoresNothingIsNotFound(t *testing.T) {
	t.Parallel()
	index := search.New([]search.Document{
		{ID: "silent", Fields: []search.Field{{Text: "Поверка счётчика", Weight: 0}}},
		{ID: "aside", Fields: []search.Field{{Text: "Замена пломбы", Weight: 1}}},
	})
	if hits := index.Search("Поверка счётчика? Поверка!", 9); len(hits) != 0 {
		t.Errorf("%+v", hits)
	}
	if hits := index.Search("Поверка и пломба. Пломба!", 9); len(hits) != 1 || hits[0].ID != "aside" || hits[0].Likely != 1 {
		t.Errorf("%+v", hits)
	}
}

func TestSearchIsRepeatable(t *testing.T) {
	t.Parallel()
	index := shelf()
	queries := []string{"как передать показания", "нет света", strings.Repeat("где взять квитанцию. ", 40), "жировка", "ghbdtn", "показания"}
	want := make([]string, len(queries))
	for i, q := range queries {
		want[i] = fmt.Sprint(index.Search(q, 3))
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for n := range 200 {
				i := n % len(queries)
				if got := fmt.Sprint(index.Search(queries[i], 3)); got != want[i] {
					t.Errorf("%q: %s, then %s", queries[i], want[i], got)
					return
				}
			}
		})
	}
	group.Wait()
}

// Hostile texts cost no more than long ones: what is too long is not read. What
// a search costs is measured by BenchmarkLongest.
func TestHostile(t *testing.T) {
	t.Parallel()
	index := shelf()
	for name, text := range map[string]string{
		"a long word":        strings.Repeat("щ", 1<<20),
		"unknown words":      strings.Repeat("абвгдежз ", 1<<17),
		"different words":    different(1 << 16),
		"sentences":          strings.Repeat("показания. ", 1<<17),
		"signs":              strings.Repeat(".!?", 1<<18),
		"marks":              "показания" + strings.Repeat("\u0306", 1<<19),
		"broken UTF-8":       strings.Repeat("\xd0", 1<<20),
		"a cut letter":       strings.Repeat("a", 8191) + "щ",
		"zeros":              strings.Repeat("\x00", 1<<20),
		"Latin words":        strings.Repeat("qwertyuiop[] ", 1<<16),
		"a Latin word":       strings.Repeat("q", 1<<20),
		"mixed script":       strings.Repeat("aщ", 1<<19),
		"digits and letters": strings.Repeat("1щ", 1<<19),
	} {
		for _, h := range index.Search(text, 3) {
			if h.Score > 1 {
				t.Errorf("%s: %+v", name, h)
			}
		}
	}
}

func different(n int) string {
	var b strings.Builder
	for i := range n {
		for x := i + 1000; x > 0; x /= 29 {
			b.WriteRune('а' + rune(x%29))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func FuzzSearch(f *testing.F) {
	index := shelf()
	for _, seed := range []string{"", "показания", "gjrfpfybz", "нeт cвeтa", "т 1, 2-х тарифный", "\xff\x00", "é́́", "a.b@c.d http://x", strings.Repeat("ы ", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := map[string]bool{}
		for _, h := range index.Search(text, 3) {
			sane := h.Score > 0 && h.Score <= 1 && h.Likely > 0 && h.Likely <= 1 && h.Coverage >= 0 && h.Coverage <= 1.001
			if !sane || found[h.ID] { // what is no number is not sane either
				t.Errorf("%+v, found before: %v", h, found[h.ID])
			}
			found[h.ID] = true
		}
		if utf8.RuneCountInString(text) < 200 { // what may be asked may also stand in a document
			search.New([]search.Document{{ID: "a", Fields: []search.Field{{Text: text, Weight: 2}}}}).Search(text, 1)
		}
	})
}
