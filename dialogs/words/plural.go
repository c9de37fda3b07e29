package words

import (
	"reflect"
	"strconv"

	"golang.org/x/text/feature/plural"
)

// forms names CLDR's plural forms as catalogues spell them; the order is that
// of plural.Form.
var forms = [...]string{
	plural.Other: "other",
	plural.Zero:  "zero",
	plural.One:   "one",
	plural.Two:   "two",
	plural.Few:   "few",
	plural.Many:  "many",
}

// needed lists the forms that a language has, so that each is written and no
// other is (CLDR, language plural rules, cardinals).
var needed = [len(languages)][]plural.Form{
	{plural.One, plural.Few, plural.Many, plural.Other},
	{plural.One, plural.Other},
}

// formNamed returns the form that a catalogue calls by name.
func formNamed(name string) (plural.Form, bool) {
	for form, n := range forms {
		if n == name {
			return plural.Form(form), true
		}
	}
	return plural.Other, false
}

// formOf returns the plural form of a count; what is not a number takes other.
func formOf(lang Lang, count any) plural.Form {
	tag := tags[lang.index()]
	switch n := count.(type) {
	case nil:
		return plural.Other
	case int:
		return plural.Cardinal.MatchPlural(tag, reduce(magnitude(int64(n))), 0, 0, 0, 0)
	case Decimal:
		return formOfDecimal(lang, string(n))
	case float64:
		return formOfDecimal(lang, strconv.FormatFloat(n, 'f', -1, 64))
	}
	switch v := reflect.ValueOf(count); {
	case v.CanInt():
		return plural.Cardinal.MatchPlural(tag, reduce(magnitude(v.Int())), 0, 0, 0, 0)
	case v.CanUint():
		return plural.Cardinal.MatchPlural(tag, reduce(v.Uint()), 0, 0, 0, 0)
	default:
		return plural.Other
	}
}

func formOfDecimal(lang Lang, number string) plural.Form {
	whole, fraction, ok := splitDecimal(number)
	if !ok {
		return plural.Other
	}
	// A number with visible decimals takes the same form whatever they are, in
	// both languages, so one is as good as all: CLDR's v and f.
	i, err := strconv.ParseUint(whole, 10, 64)
	if err != nil {
		return plural.Other
	}
	if fraction != "" {
		return plural.Cardinal.MatchPlural(tags[lang.index()], reduce(i), 1, 1, 1, 1)
	}
	return plural.Cardinal.MatchPlural(tags[lang.index()], reduce(i), 0, 0, 0, 0)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// reduce keeps what plural rules look at, the last digits and whether there
// are more, within an int of any machine.
func reduce(n uint64) int {
	const million = 1_000_000
	if n > million {
		n = n%million + million
	}
	return int(n)
}
