package knowledge_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/knowledge/demo"
)

// edition is what the program ships.
func edition(t *testing.T) knowledge.Edition {
	t.Helper()
	e, err := knowledge.ReadFolder(os.DirFS("articles"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// source returns the articles in Russian by their names.
func source(t *testing.T) map[knowledge.Slug]knowledge.Article {
	t.Helper()
	list := map[knowledge.Slug]knowledge.Article{}
	for _, a := range edition(t).Articles {
		if a.Lang == knowledge.Source {
			list[a.Slug] = a
		}
	}
	return list
}

// testdata/acceptance.txt is spec §5.8: what each answer has to contain. A line
// is a slug, then the things with commas between: a piece of the text in any
// case, a {figure}, or action:name.
func TestAnswersHoldWhatTheyMust(t *testing.T) {
	t.Parallel()
	articles := source(t)
	data, err := os.ReadFile("testdata/acceptance.txt")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[knowledge.Slug]bool{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		name, needed, _ := strings.Cut(strings.TrimSpace(line), " ")
		slug := knowledge.Slug(name)
		listed[slug] = true
		a, ok := articles[slug]
		if !ok {
			t.Errorf("there is no article %s", slug)
			continue
		}
		for need := range strings.SplitSeq(needed, ",") {
			need = strings.TrimSpace(need)
			action, isAction := strings.CutPrefix(need, "action:")
			if isAction && !slices.Contains(a.Actions, action) ||
				!isAction && !strings.Contains(strings.ToLower(a.Body), strings.ToLower(need)) {
				t.Errorf("%s lacks %q", slug, need)
			}
		}
	}
	for slug := range articles {
		if !listed[slug] {
			t.Errorf("acceptance.txt does not say what %s has to contain", slug)
		}
	}
}

// knownFigures reads the tables of articles/README.md.
func knownFigures(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("articles/README.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	span := regexp.MustCompile("`([a-z][a-z0-9_]*)`")
	for line := range strings.Lines(string(data)) {
		cell, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		cell, _, _ = strings.Cut("`"+cell, " | ")
		for _, m := range span.FindAllStringSubmatch(cell, -1) {
			known[m[1]] = true
		}
	}
	for _, prefix := range []string{"price_u", "term_u"} {
		for n := 1; n <= 14; n++ {
			known[prefix+string(rune('0'+n/10))+string(rune('0'+n%10))] = true
		}
	}
	for _, link := range demo.Directory().Links() {
		for _, prefix := range []string{"name_", "phone_", "link_"} {
			known[prefix+link.Kind] = true
		}
	}
	return known
}

func TestFiguresAreKnown(t *testing.T) {
	t.Parallel()
	known := knownFigures(t)
	if len(known) < 100 {
		t.Fatalf("only %d figures are read from the README", len(known))
	}
	for _, a := range edition(t).Articles {
		for _, name := range a.Figures() {
			if !known[name] {
				t.Errorf("%s/%s names the figure %s, which articles/README.md does not list", a.Lang, a.Slug, name)
			}
		}
	}
}

// statutory are the numbers that may stand typed, with the reason: they are
// set by law for the whole country, or are no figures at all.
var statutory = regexp.MustCompile(strings.Join([]string{
	`3 расчётных периода подряд|3 billing periods in a row`, // Rules 354, пп. 59–60
	`6 месяцев|6 months`, // free replacement (442); income for a subsidy (ПП 761)
	`1/300|1/130|30 дней|31-го дня|90-го|91-го дня|30 days|90 days|day 31|day 90|day 91`, // ст. 155 ЖК РФ; ст. 37 35-ФЗ; a contract by 442
	`22 %`, // ст. 159 ЖК РФ
	`10 дней после заявления|10 days of the request`, // money claims, ст. 22 ЗоЗПП
	`10 рабочих дней|10 working days`,                // ст. 20 152-ФЗ; change of a price category, 442
	`670 кВт|670 kW`, // price categories, 442
	`30 %|40 %|10-го|25-го|18-го|15-го числа следующего|the 10th|the 25th|the 18th|the 15th of the next`, // payment of companies, 442
	`00:00|1-го|the 1st`,       // day of companies' readings, 442
	`ниже 1,0|lower than 1\.0`, // accuracy class, 442
	`112`,                      // the emergency number of the country
	`[ТT][123]`,                // names of registers
}, "|"))

// TestNothingIsTyped: sums, tariffs, dates, addresses, telephones come from
// data.
func TestNothingIsTyped(t *testing.T) {
	t.Parallel()
	digits := regexp.MustCompile(`\d`)
	address := regexp.MustCompile(`(?i)(^|[^\p{L}])(ул|пр-кт|пл|наб)\.`)
	for _, a := range edition(t).Articles {
		for n, line := range strings.Split(a.Body, "\n") {
			rest := regexp.MustCompile(`\{[a-z0-9_]+\}`).ReplaceAllString(line, "")
			rest = typedExamples.ReplaceAllString(rest, "")
			rest = statutory.ReplaceAllString(rest, "")
			if digits.MatchString(rest) || address.MatchString(rest) {
				t.Errorf("%s/%s, paragraph %d types a figure: %s", a.Lang, a.Slug, n+1, line)
			}
			if strings.Contains(line, "https://") || strings.Contains(line, "@") {
				t.Errorf("%s/%s, paragraph %d types an address: %s", a.Lang, a.Slug, n+1, line)
			}
		}
	}
}

// typedExamples are no figures: what a display may look like, a good day to
// read a meter, the case of the example of norms.
var typedExamples = regexp.MustCompile(`«[0-9 ,]+»|"[0-9 .,]+"|20-го числа|on the 20th|3 жильца|2 комнаты|3 residents|2 rooms`)

// A published text is short enough to be read, and long enough to answer.
func TestAnswersAreShort(t *testing.T) {
	t.Parallel()
	for _, a := range edition(t).Articles {
		length, paragraphs := utf8.RuneCountInString(a.Body), strings.Count(a.Body, "\n")+1
		if length < 200 || length > knowledge.MaxBody || paragraphs < 2 || paragraphs > 16 {
			t.Errorf("%s/%s has %d characters in %d paragraphs", a.Lang, a.Slug, length, paragraphs)
		}
		if a.Lang == knowledge.Source && len(a.Asks) < 5 {
			t.Errorf("%s is asked in %d ways only", a.Slug, len(a.Asks))
		}
		if !strings.HasSuffix(a.Question, "?") && strings.ContainsAny(a.Question[len(a.Question)-1:], ".!;:") {
			t.Errorf("%s: the title %q ends in a mark", a.Slug, a.Question)
		}
	}
}

// No two articles are asked in the same words, and none by the title of
// another.
func TestAsksDiffer(t *testing.T) {
	t.Parallel()
	taken := map[string]knowledge.Slug{}
	for slug, a := range source(t) {
		for _, ask := range append([]string{strings.TrimSuffix(a.Question, "?")}, a.Asks...) {
			ask = strings.ReplaceAll(strings.ToLower(ask), "ё", "е")
			if other, ok := taken[ask]; ok {
				t.Errorf("%s and %s are both asked %q", slug, other, ask)
			}
			taken[ask] = slug
		}
	}
}

// Every article stands in English, too, and its figures are those of the source
// as far as it names them.
func TestArticlesAreTranslated(t *testing.T) {
	t.Parallel()
	articles, translated := source(t), 0
	for _, a := range edition(t).Articles {
		if a.Lang == knowledge.Source {
			continue
		}
		translated++
		s := articles[a.Slug]
		for _, name := range a.Figures() {
			if !slices.Contains(s.Figures(), name) {
				t.Errorf("%s/%s names the figure %s, its source does not", a.Lang, a.Slug, name)
			}
		}
	}
	if translated != len(articles) {
		t.Errorf("%d articles of %d are translated", translated, len(articles))
	}
}

// Whatever the audience, every category that is shown leads somewhere, and the
// articles of either fit it.
func TestEveryArticleIsReached(t *testing.T) {
	t.Parallel()
	l := knowledge.NewLibrary(knowledge.Published())
	reached := map[knowledge.Slug]bool{}
	for _, audience := range []knowledge.Audience{knowledge.Individuals, knowledge.Companies} {
		r := knowledge.Reader{Day: calendar.Date{Year: 2026, Month: 11, Day: 27}, Audience: audience, Lang: "ru"}
		for _, c := range l.Categories(r) {
			for _, a := range l.In(c.ID, r) {
				reached[a.Slug] = true
			}
		}
	}
	if len(reached) != l.Len() {
		t.Errorf("%d articles are reached of %d", len(reached), l.Len())
	}
}
