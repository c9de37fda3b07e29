// Package indicators says how well the company answers, as pages, the console and
// spreadsheets show it (R-5.1.2-m).
package indicators

import (
	"embed"
	"fmt"
	"strconv"
	"time"

	"okoshko/core/appeal/indicator"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// Heads names the columns of Cells, for a group that is called so.
func Heads(lang words.Lang, group string) []string {
	heads := []string{group}
	for _, column := range []string{"answered", "due", "in_time", "share", "extended", "median", "tenth", "rated", "rating"} {
		heads = append(heads, catalogue.Line(lang, "head."+column))
	}
	return heads
}

// All names the row of all cases together.
func All(lang words.Lang) string { return catalogue.Line(lang, "all") }

// By names what cases are grouped by: "kind", "category", "queue", "territory".
func By(lang words.Lang, group string) string { return catalogue.Line(lang, "by."+group) }

// Cells returns a row as a spreadsheet takes it: shares in per cent, times in
// hours.
func Cells(lang words.Lang, name string, r indicator.Row) []string {
	median, tenth := "", ""
	if r.Answered > 0 {
		median, tenth = decimal(lang, int(r.Median/(time.Hour/10)), 10), decimal(lang, int(r.Tenth/(time.Hour/10)), 10)
	}
	return []string{
		name, strconv.Itoa(r.Answered), strconv.Itoa(r.InTime.Whole), strconv.Itoa(r.InTime.Part), share(lang, r.InTime), strconv.Itoa(r.Extended),
		median, tenth, strconv.Itoa(r.Rated), rating(lang, r),
	}
}

// Share says a share in per cent, rounded down so that 100 % means all, with a decimal
// where there is one; "" of nothing.
func Share(lang words.Lang, s indicator.Share) string {
	n, ok := s.PerMille()
	switch {
	case !ok:
		return ""
	case n%10 == 0:
		return strconv.Itoa(n/10) + "\u00a0%"
	}
	return decimal(lang, n, 10) + "\u00a0%"
}

// share is the same as spreadsheets take it.
func share(lang words.Lang, s indicator.Share) string {
	n, ok := s.PerMille()
	switch {
	case !ok:
		return ""
	case n == 1000:
		return "100"
	}
	return decimal(lang, n, 10)
}

// Rating says the mean of the ratings with one decimal, of which 5 means all of them; ""
// of none.
func Rating(lang words.Lang, r indicator.Row) string {
	n, ok := r.Rating()
	switch {
	case !ok:
		return ""
	case n < best:
		n = min(n, best-10)
	}
	return decimal(lang, (n+5)/10, 10)
}

// best is the highest rating, in hundredths.
const best = 500

// rating is the same as spreadsheets take it, in hundredths.
func rating(lang words.Lang, r indicator.Row) string {
	n, ok := r.Rating()
	if !ok {
		return ""
	}
	return decimal(lang, n, 100)
}

// decimal writes n parts of one, with the sign of the language.
func decimal(lang words.Lang, n, parts int) string {
	point := ","
	if lang == words.EN {
		point = "."
	}
	return fmt.Sprintf("%d%s%0*d", n/parts, point, len(strconv.Itoa(parts))-1, n%parts)
}

// Took says how long something took, as precisely as it matters: minutes below an
// hour, hours below two days.
func Took(lang words.Lang, d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return catalogue.Line(lang, "minutes", words.A("n", int(d/time.Minute)))
	case d < 2*day:
		return catalogue.Line(lang, "hours", words.A("n", int(d/time.Hour)))
	case d%day < time.Hour:
		return catalogue.Line(lang, "days", words.A("n", int(d/day)))
	}
	return catalogue.Line(lang, "days", words.A("n", int(d/day))) + " " + catalogue.Line(lang, "hours", words.A("n", int(d%day/time.Hour)))
}

// Period names a period: «ноябрь 2026», «4 квартал 2026», «2026 год».
func Period(lang words.Lang, p indicator.Period) string {
	switch {
	case p.Month > 0:
		return words.Show(lang, words.Month(p.First().At(0, time.UTC)))
	case p.Quarter > 0:
		return catalogue.Line(lang, "quarter", words.A("n", strconv.Itoa(p.Quarter)), words.A("year", strconv.Itoa(p.Year)))
	}
	return catalogue.Line(lang, "year", words.A("year", strconv.Itoa(p.Year)))
}
