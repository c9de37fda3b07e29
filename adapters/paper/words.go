package paper

import (
	"fmt"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Words are what stands on a form, by key. The forms are the Russian law's, so
// they have one language.
type Words map[string]string

// ReadWords reads lines of a key, a tab and its words, with {names} to be filled
// in; lines that begin with # are left out. What is wrong in them is a mistake of
// the program.
func ReadWords(tsv string) Words {
	read := Words{}
	for line := range strings.Lines(tsv) {
		line = strings.TrimSuffix(line, "\n")
		key, text, ok := strings.Cut(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if _, twice := read[key]; !ok || twice {
			panic(fmt.Sprintf("a line of the words of a form is wrong: %q", line))
		}
		read[key] = text
	}
	return read
}

// Say returns the words of a key; pairs are names and what fills them. A key
// that is made of data and has no words shows itself.
func (w Words) Say(key string, pairs ...string) string {
	text, ok := w[key]
	if !ok {
		return key[strings.LastIndexByte(key, '.')+1:]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Month writes a month by the words "month.1" to "month.12".
func (w Words) Month(p billing.Period) string {
	return w.Say("month."+strconv.Itoa(int(p.Month)), "year", strconv.Itoa(p.Year))
}

// Day writes 05.11.2026, and nothing for a day that is not known.
func Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d.%02d.%04d", d.Day, int(d.Month), d.Year)
}

// Roubles writes 1 604,60; the spaces do not break.
func Roubles(k money.Kopecks) string { return Number(k.String()) }

// KWh writes a volume in the same way.
func KWh(n billing.KWh) string { return Number(strconv.FormatInt(int64(n), 10)) }

// Number groups the digits of a decimal number in the Russian way.
func Number(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, fraction, ok := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	if ok {
		fraction = "," + fraction
	}
	return sign + whole + fraction
}
