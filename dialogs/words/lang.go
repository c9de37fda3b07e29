package words

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
)

// Lang is a language that we speak. Any value but EN speaks Russian.
type Lang string

// The languages; a conversation keeps one of these.
const (
	RU Lang = "ru"
	EN Lang = "en"
)

// languages lists them in the order of Lang.index; the source comes first.
var languages = [...]Lang{RU, EN}

// InEach says something in every language: what a page shows whose reader chooses
// his own.
func InEach(say func(Lang) string) map[string]string {
	said := make(map[string]string, len(languages))
	for _, l := range languages {
		said[string(l)] = say(l)
	}
	return said
}

// Plain is a text that is the same in every language: a name, a number.
func Plain(s string) map[string]string { return InEach(func(Lang) string { return s }) }

var tags = [...]language.Tag{language.Russian, language.English}

// index returns the place of the language in every array by language.
func (l Lang) index() int {
	if l == EN {
		return 1
	}
	return 0
}

// ParseLang turns a client's language tag, such as Telegram's language_code or
// a browser's navigator.language, into a language that we speak: Russian for
// Russian, for its neighbours and for a tag that is absent or broken, English
// for the rest of the world.
func ParseLang(tag string) Lang {
	parsed, err := language.Parse(tag)
	if err != nil {
		return RU
	}
	base, sure := parsed.Base()
	if sure < language.High || slices.Contains(data.RussianFor, base.String()) {
		return RU
	}
	return EN
}

//go:embed language.yaml
var languageFile []byte

// names are the words of the calendar and of units in one language.
type names struct {
	MonthsOf []string `yaml:"months_of"`
	MonthsIn []string `yaml:"months_in"`
	Months   []string `yaml:"months"`
	Weekdays []string `yaml:"weekdays"`
	// Endings are those that a month's name may have in a sentence, after what its
	// two forms have in common; Parting stand between the parts of a date.
	Endings []string `yaml:"endings"`
	Parting []string `yaml:"parting"`
	// A day of the week is its stem with one of the endings, or what it is short
	// for; Ahead are words for days by how far ahead they are, Hours those after an
	// hour of the day, Numbered the endings of a day's number.
	WeekdayStems   []string       `yaml:"weekday_stems"`
	WeekdayEndings []string       `yaml:"weekday_endings"`
	WeekdayShort   []string       `yaml:"weekday_short"`
	Ahead          map[string]int `yaml:"ahead"`
	Hours          []string       `yaml:"hours"`
	// Morning and Evening follow an hour of that half of the day, Daytime the words for
	// an hour alone: «3 дня» are days.
	Morning  []string `yaml:"morning"`
	Evening  []string `yaml:"evening"`
	Daytime  []string `yaml:"daytime"`
	Numbered []string `yaml:"numbered"`
	// Month are words for a month without its name; Back are what words before them
	// begin with, by how many months back they mean: «в прошлом месяце».
	Month []string       `yaml:"month"`
	Back  map[string]int `yaml:"back"`
	KWh   string         `yaml:"kwh"`
}

type languageData struct {
	RU         names             `yaml:"ru"`
	EN         names             `yaml:"en"`
	Lookalikes map[string]string `yaml:"lookalikes"`
	RussianFor []string          `yaml:"russian_for"`

	calendar [len(languages)]*names
	// cyrillic maps a Latin letter below U+0100 to its Cyrillic double, or 0.
	cyrillic [0x100]rune
}

var data = mustLanguageData()

// mustLanguageData reads the file that is compiled in; a fault in it is a
// fault of the build.
func mustLanguageData() *languageData {
	d := new(languageData)
	if err := yaml.UnmarshalWithOptions(languageFile, d, yaml.Strict()); err != nil {
		panic("language.yaml cannot be read: " + err.Error())
	}
	d.calendar = [...]*names{&d.RU, &d.EN}
	for i, n := range d.calendar {
		if len(n.Months) != 12 || len(n.MonthsOf) != 12 || len(n.MonthsIn) != 12 || len(n.Weekdays) != 7 || len(n.WeekdayStems) != 7 || len(n.WeekdayShort) != 7 {
			panic(fmt.Sprintf("language.yaml does not name 12 months and 7 days for %q.", languages[i]))
		}
	}
	for from, to := range d.Lookalikes {
		latin, _ := utf8.DecodeRuneInString(from)
		if latin >= 0x100 || utf8.RuneCountInString(from+to) != 2 || strings.ToLower(to) != to {
			panic(fmt.Sprintf("language.yaml: the look-alike %q: %q is not a Latin letter and a small Cyrillic one.", from, to))
		}
		d.cyrillic[latin], _ = utf8.DecodeRuneInString(to)
	}
	return d
}
