package words

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// Arg is a value for one placeholder.
type Arg struct {
	name  string
	value any
}

// A returns the argument that fills {name}. The value is shown by its type:
//
//   - string: as it is
//   - integers: in groups of three, 12 210 in Russian (narrow no-break
//     space), 12,210 in English; a number that is a name, such as an account's
//     or a year, is therefore passed as a string
//   - float64 and Decimal: grouped, with the language's decimal sign
//   - time.Time and anything with its Date method: «24 ноября 2026», in the
//     value's own zone
//   - Roubles and KWh: with their unit, which does not part from them
//   - Day, DayMonth, Month, Clock, Moment: other views of a time
//   - Spoken: as it says itself in that language
//   - Blocks: paragraphs and items, in place of a line of their own
//   - fmt.Stringer: as it says itself
//
// A block that is filled with a privacy.Classified value holds data of its class.
func A(name string, value any) Arg { return Arg{name: name, value: value} }

// Spoken is a value that knows how to say itself in a language, "ru" or "en".
// The parameter is a plain string so that core types need not know of this
// package.
type Spoken interface{ Spoken(lang string) string }

// Decimal is an exact number in the notation of programs, such as "-1234.50".
// As the argument n it chooses a plural form too: 1,5 дня.
type Decimal string

// Roubles is an amount of money in the notation of programs: «1 604,60 ₽», with
// kopecks always, and with all digits of a price that has more.
type Roubles string

// KWh is an amount of energy: «305 кВт·ч».
type KWh int64

// Of marks a value as data of a class, where its type does not tell.
func Of(class privacy.Class, value any) any { return classified{class, value} }

type classified struct {
	class privacy.Class
	value any
}

// Class implements privacy.Classified.
func (c classified) Class() privacy.Class { return c.class }

// Day shows a time as a day near at hand: «вторник, 24 ноября».
type Day time.Time

// DayMonth shows a time as a day of any year: «24 ноября».
type DayMonth time.Time

// Month shows a time as a month: «ноябрь 2026».
type Month time.Time

// Clock shows a time as hours and minutes: 09:30.
type Clock time.Time

// Moment shows a time as a date with hours and minutes: «24 ноября 2026, 09:30».
type Moment time.Time

// Fact is what a fact of an event or of a notice shows: a notice.Instant as a Moment,
// anything else as it is.
func Fact(value string) any {
	if at, ok := notice.ParseInstant(value); ok {
		return Moment(at)
	}
	return value
}

// Show returns what a value looks like in a language: see A.
func Show(lang Lang, value any) string { return string(appendValue(nil, lang, value)) }

// narrowSpace keeps the groups of a Russian number together, U+202F.
const narrowSpace = "\u202f"

// appendValue appends what the value looks like in the language.
func appendValue(dst []byte, lang Lang, value any) []byte {
	switch v := value.(type) {
	case nil:
		return dst
	case string:
		return append(dst, v...)
	case int:
		return appendInt(dst, lang, int64(v))
	case int64:
		return appendInt(dst, lang, v)
	case Decimal:
		return appendDecimal(dst, lang, string(v))
	case Roubles:
		return append(appendDecimal(dst, lang, withKopecks(string(v))), roubleSign...)
	case KWh:
		dst = append(appendInt(dst, lang, int64(v)), noBreakSpace...)
		return append(dst, data.calendar[lang.index()].KWh...)
	case float64:
		return appendDecimal(dst, lang, strconv.FormatFloat(v, 'f', -1, 64))
	case Day:
		t := time.Time(v)
		dst = append(dst, data.calendar[lang.index()].Weekdays[t.Weekday()]...)
		return appendDayMonth(append(dst, ", "...), lang, t.Day(), t.Month())
	case DayMonth:
		t := time.Time(v)
		return appendDayMonth(dst, lang, t.Day(), t.Month())
	case Month:
		t := time.Time(v)
		dst = append(dst, data.calendar[lang.index()].Months[t.Month()-1]...)
		return strconv.AppendInt(append(dst, ' '), int64(t.Year()), 10)
	case Clock:
		return time.Time(v).AppendFormat(dst, "15:04")
	case Moment:
		t := time.Time(v)
		dst = appendDate(dst, lang, t)
		return t.AppendFormat(dst, ", 15:04")
	case classified:
		return appendValue(dst, lang, v.value)
	case Spoken:
		return append(dst, v.Spoken(string(lang))...)
	case dated:
		return appendDate(dst, lang, v)
	case fmt.Stringer:
		return append(dst, v.String()...)
	}
	return appendKind(dst, lang, value)
}

// appendKind shows values of other named types by what they are made of.
func appendKind(dst []byte, lang Lang, value any) []byte {
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return appendInt(dst, lang, v.Int())
	case v.CanUint():
		return appendGrouped(dst, lang, strconv.FormatUint(v.Uint(), 10))
	default:
		return fmt.Append(dst, value)
	}
}

// dated is a time.Time, or a calendar's date.
type dated interface {
	Date() (year int, month time.Month, day int)
}

func appendDate(dst []byte, lang Lang, d dated) []byte {
	year, month, day := d.Date()
	dst = appendDayMonth(dst, lang, day, month)
	return strconv.AppendInt(append(dst, ' '), int64(year), 10)
}

func appendDayMonth(dst []byte, lang Lang, day int, month time.Month) []byte {
	dst = strconv.AppendInt(dst, int64(day), 10)
	return append(append(dst, ' '), data.calendar[lang.index()].MonthsOf[month-1]...)
}

const (
	noBreakSpace = "\u00a0"
	roubleSign   = noBreakSpace + "₽"
)

// withKopecks writes at least two digits after the point.
func withKopecks(number string) string {
	_, fraction, _ := strings.Cut(number, ".")
	switch len(fraction) {
	case 0:
		return strings.TrimSuffix(number, ".") + ".00"
	case 1:
		return number + "0"
	}
	return number
}

func appendInt(dst []byte, lang Lang, n int64) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	if text[0] == '-' {
		return appendGrouped(append(dst, minus...), lang, text[1:])
	}
	return appendGrouped(dst, lang, text)
}

// minus is the typographic sign, which does not part from its number.
const minus = "\u2212"

// appendGrouped appends digits in groups of three.
func appendGrouped[T string | []byte](dst []byte, lang Lang, digits T) []byte {
	separator := narrowSpace
	if lang == EN {
		separator = ","
	}
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, separator...)
		}
		dst = append(dst, digits[i])
	}
	return dst
}

// appendDecimal shows a number of the shape -123.45; text of any other shape
// stands as it is.
func appendDecimal(dst []byte, lang Lang, number string) []byte {
	whole, fraction, ok := splitDecimal(number)
	if !ok {
		return append(dst, number...)
	}
	if number[0] == '-' {
		dst = append(dst, minus...)
	}
	dst = appendGrouped(dst, lang, whole)
	if fraction == "" {
		return dst
	}
	point := byte(',')
	if lang == EN {
		point = '.'
	}
	return append(append(dst, point), fraction...)
}

// splitDecimal returns the digits before and after the point, without sign.
func splitDecimal(number string) (whole, fraction string, ok bool) {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	ok = isDigits(whole) && (isDigits(fraction) || !pointed)
	return whole, fraction, ok
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
