package privacy

import (
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/fault"
)

// Phone is a customer's telephone number in E.164: "+79123456789". Logs show
// "***89", lists "+7 912 ***-**-89".
type Phone = Personal[phone]

// Email is a customer's e-mail address. Logs show "i***@m***", lists
// "iv***@mail.ru".
type Email = Personal[email]

// PersonName is a person's name, surname first as Russian documents have it.
// Logs show the given name and an initial, lists the surname and initials.
type PersonName = Personal[personName]

// Address is a postal address, town first. Logs show the town, lists
// everything but the last part, which is the flat or the house.
type Address = Personal[address]

// Text is what a customer wrote. Logs show its length in letters, lists
// nothing: a list that needs the text is a card, and reveals it.
type Text = Personal[text]

// ParsePhone reads a number as people write it, with blanks, dashes, dots and
// brackets. A Russian number may begin with 8, 7, +7 or, if it is a mobile
// one, with 9; any other country's needs its + or 00. A bare ten-digit number
// that is not a mobile one is refused, because accounts look like that. The
// error is Invalid and does not quote s.
func ParsePhone(s string) (Phone, error) {
	digits, international, ok := phoneDigits(s)
	if !ok {
		return Phone{}, errPhone
	}
	if !international && strings.HasPrefix(digits, "00") {
		digits, international = digits[2:], true
	}
	switch {
	case len(digits) == 10 && digits[0] == '9' && !international:
		digits = "7" + digits
	case len(digits) == 11 && digits[0] == '8' && (!international || digits[1] == '9'):
		// "+8 9…" is the commonest slip; no country has the code 89.
		digits = "7" + digits[1:]
	case len(digits) == 11 && digits[0] == '7':
	case international && len(digits) >= 8 && len(digits) <= 15 && digits[0] != '7' && digits[0] != '0':
		// E.164 allows 15 digits; fewer than 8 are no subscriber's.
	default:
		return Phone{}, errPhone
	}
	return Of[phone]("+" + digits), nil
}

// ParseEmail reads one bare address and lowers its domain. The error is
// Invalid and does not quote s.
func ParseEmail(s string) (Email, error) {
	s = strings.TrimSpace(s)
	parsed, err := mail.ParseAddress(s)
	at := strings.LastIndexByte(s, '@')
	// 254 octets is what SMTP can carry (RFC 5321 §4.5.3.1.3, less the
	// brackets). A display name, which ParseAddress allows, is no bare address.
	if err != nil || parsed.Address != s || len(s) > 254 || !strings.Contains(s[at:], ".") ||
		strings.ContainsFunc(s, unicode.IsSpace) {
		return Email{}, errEmail
	}
	return Of[email](s[:at] + strings.ToLower(s[at:])), nil
}

// NewPersonName returns the name s with its blanks put in order; the surname
// is expected first.
func NewPersonName(s string) PersonName {
	return Of[personName](strings.Join(strings.Fields(s), " "))
}

// NewAddress returns an address whose mask shows nothing but town. The rest
// goes from the large to the small: street, house, flat.
func NewAddress(town string, rest ...string) Address {
	parts := []string{strings.ReplaceAll(strings.TrimSpace(town), ",", " ")}
	for _, part := range rest {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return Of[address](strings.Join(parts, ", "))
}

// NewText returns a customer's own words, unchanged.
func NewText(s string) Text { return Of[text](s) }

// Tail hides all of s but its last n letters, a star for each hidden one:
// "******1372". A text that is no longer than n is hidden whole.
func Tail(s string, n int) string {
	letters := []rune(s)
	hidden := len(letters) - n
	if hidden <= 0 {
		return Hidden
	}
	return strings.Repeat("*", hidden) + string(letters[hidden:])
}

var (
	errPhone = fault.New(fault.Invalid, "not a telephone number")
	errEmail = fault.New(fault.Invalid, "not an e-mail address")
)

// phoneDigits strips what people put between the digits of a number, and the
// leading +, which makes it international. Anything else is not a number.
func phoneDigits(s string) (digits string, international, ok bool) {
	s = strings.TrimFunc(s, unicode.IsSpace)
	s, international = strings.CutPrefix(s, "+")
	kept := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			kept = append(kept, byte(r))
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '(', r == ')', r == '.':
		default:
			return "", false, false
		}
	}
	return string(kept), international, len(kept) > 0
}

type phone struct{}

func (phone) Log(full string) string { return lastTwo(full) }

func (phone) List(full string) string {
	if len(full) != len("+79123456789") || !strings.HasPrefix(full, "+7") {
		return lastTwo(full)
	}
	return "+7 " + full[2:5] + " ***-**-" + full[10:]
}

func lastTwo(full string) string {
	if len(full) < 8 {
		return Hidden
	}
	return Hidden + full[len(full)-2:]
}

type email struct{}

func (email) Log(full string) string {
	local, domain, ok := cutAt(full)
	if !ok {
		return Hidden
	}
	return letters(local, 1) + Hidden + "@" + letters(domain, 1) + Hidden
}

func (email) List(full string) string {
	local, domain, ok := cutAt(full)
	if !ok {
		return Hidden
	}
	shown := 2
	if utf8.RuneCountInString(local) <= shown {
		shown = 1
	}
	return letters(local, shown) + Hidden + "@" + domain
}

func cutAt(full string) (local, domain string, ok bool) {
	at := strings.LastIndexByte(full, '@')
	if at <= 0 || at == len(full)-1 {
		return "", "", false
	}
	return full[:at], full[at+1:], true
}

type personName struct{}

func (personName) Log(full string) string {
	words := strings.Fields(full)
	if len(words) < 2 {
		// A single word may be a surname.
		return letters(full, 1) + "."
	}
	return words[1] + " " + letters(words[0], 1) + "."
}

func (personName) List(full string) string {
	words := strings.Fields(full)
	for i := 1; i < len(words); i++ {
		words[i] = letters(words[i], 1) + "."
	}
	return strings.Join(words, " ")
}

type address struct{}

func (address) Log(full string) string {
	town, _, ok := strings.Cut(full, ",")
	// Without a comma, or with a digit before it, the town does not stand
	// alone there.
	if !ok || town == "" || strings.ContainsFunc(town, unicode.IsDigit) {
		return Hidden
	}
	return town
}

func (address) List(full string) string {
	last := strings.LastIndexByte(full, ',')
	if last <= 0 {
		return Hidden
	}
	return full[:last]
}

type text struct{}

func (text) Log(full string) string {
	return "[" + strconv.Itoa(utf8.RuneCountInString(full)) + " letters]"
}

func (t text) List(full string) string { return t.Log(full) }

// letters returns the first n letters of s, fewer if it is shorter.
func letters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
