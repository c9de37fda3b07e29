package receipt

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

//go:embed text.ru.tsv
var textTSV string

// texts are the words of the form by key.
var texts = readTexts(textTSV)

func readTexts(tsv string) map[string]string {
	read := map[string]string{}
	for line := range strings.Lines(tsv) {
		line = strings.TrimSuffix(line, "\n")
		key, text, ok := strings.Cut(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if _, twice := read[key]; !ok || twice {
			panic(fmt.Sprintf("adapters/receipt: a line of the words is wrong: %q", line))
		}
		read[key] = text
	}
	return read
}

// say returns the words of a key; pairs are names and what fills them. A key
// that is made of data and has no words shows itself.
func say(key string, pairs ...string) string {
	text, ok := texts[key]
	if !ok {
		return key[strings.LastIndexByte(key, '.')+1:]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func month(p billing.Period) string {
	return say("month."+strconv.Itoa(int(p.Month)), "year", strconv.Itoa(p.Year))
}

// day writes 05.11.2026, and nothing for a day that is not known.
func day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d.%02d.%04d", d.Day, int(d.Month), d.Year)
}

// roubles writes 1 604,60; the spaces do not break.
func roubles(k money.Kopecks) string { return number(k.String()) }

func kWh(n billing.KWh) string { return number(strconv.FormatInt(int64(n), 10)) }

// number groups the digits of a decimal number in the Russian way.
func number(s string) string {
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
