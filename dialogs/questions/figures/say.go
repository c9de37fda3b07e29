package figures

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/dialogs/words"
)

func (v *view) say(key string, args ...words.Arg) string { return catalogue.Line(v.lang, key, args...) }

// in chooses the text of the reader's language, else the Russian one.
func (v *view) in(texts map[string]string) string {
	if text := texts[string(v.lang)]; text != "" {
		return text
	}
	return texts[string(words.RU)]
}

// count says how many of something there are: «3 дня».
func (v *view) count(key string, n int) string { return v.say(key, words.A("n", n)) }

func (v *view) kwh(n billing.KWh) any { return words.KWh(n) }

// sum shows roubles with kopecks: «1 857,00 ₽».
func (v *view) sum(k money.Kopecks) any { return words.Roubles(k.String()) }

// unit shows the price of a unit with kopecks, and with all digits of a price
// that has more: «6,19 ₽».
func (v *view) unit(p money.Price) any { return words.Roubles(p.String()) }

func unitPrice(p money.Price) words.Decimal {
	whole, fraction, _ := strings.Cut(p.String(), ".")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return words.Decimal(whole + "." + fraction)
}

// row shows numbers beside each other: «6,19 / 10,40 / 11,88».
func (v *view) row(numbers []words.Decimal) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = v.number(n)
	}
	return strings.Join(texts, " / ")
}

// number shows a number alone, in the notation of the language.
func (v *view) number(n words.Decimal) string { return v.say("number", words.A("n", n)) }

// percent shows a number of per cents: «9,5 %».
func (v *view) percent(n string) string { return v.say("percent", words.A("n", words.Decimal(n))) }

// fraction writes a number of so many-th parts without zeros at its end:
// 194 tenths are "19.4".
func fraction(n, parts int) string {
	return strconv.FormatFloat(float64(n)/float64(parts), 'f', -1, 64)
}

// time makes a date a value that words shows as «16 ноября 2026».
func (v *view) time(d calendar.Date) time.Time { return d.At(0, v.Zone) }

// month is a value that words shows as «ноябрь 2026».
func (v *view) month(p billing.Period) words.Month {
	return words.Month(calendar.Date{Year: p.Year, Month: p.Month, Day: 1}.At(0, v.Zone))
}

// capital makes the first letter a large one.
func capital(text string) string {
	letter, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(letter)) + text[size:]
}
