package appeal

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// What Field.Read finds wrong with a text; all are of kind fault.Invalid and
// their keys are those of messages.
var (
	ErrEmpty     = wrong("field_empty")      // nothing is there
	ErrLong      = wrong("field_long")       // more than fits
	ErrSigns     = wrong("field_signs")      // signs that no text has
	ErrDate      = wrong("field_date")       // no day
	ErrFuture    = wrong("field_future")     // a day that has not been yet, or is a century ago
	ErrPast      = wrong("field_past")       // a day that is gone, or years ahead
	ErrMonths    = wrong("field_months")     // no month
	ErrAccount   = wrong("field_account")    // no account number
	ErrContract  = wrong("field_contract")   // no number of a contract
	ErrSerial    = wrong("field_meter")      // no serial of a meter
	ErrPhone     = wrong("field_phone")      // no telephone number
	ErrEmail     = wrong("field_email")      // no e-mail address
	ErrName      = wrong("field_name")       // no full name
	ErrAddress   = wrong("field_address")    // no address
	ErrMoney     = wrong("field_money")      // no sum
	ErrCount     = wrong("field_count")      // no whole number
	ErrFigures   = wrong("field_figures")    // no figures in it
	ErrChoice    = wrong("field_choice")     // none of the choices
	ErrConsent   = wrong("field_consent")    // he does not agree
	ErrTaxID     = wrong("field_tax_id")     // no ИНН
	ErrCode      = wrong("field_code")       // no КПП, ОГРН or passport
	ErrTaxCheck  = wrong("field_tax_check")  // an ИНН whose check digits are wrong
	ErrCodeCheck = wrong("field_code_check") // an ОГРН whose check digit is wrong
	ErrService   = wrong("field_service")    // no code of a service
	ErrCase      = wrong("field_case")       // no number of a case
	ErrFile      = wrong("field_file")       // no ID of a file
	ErrTooMany   = wrong("field_too_many")   // more than one answer, or too many files
	ErrUnknown   = wrong("field_unknown")    // the form has no such field
)

func wrong(key string) *fault.Error { return &fault.Error{Kind: fault.Invalid, Key: key} }

// Refusals lists what Field.Read and Category.Flaws find wrong.
func Refusals() []error {
	return []error{
		ErrEmpty, ErrLong, ErrSigns, ErrDate, ErrFuture, ErrPast, ErrMonths, ErrAccount, ErrContract, ErrSerial, ErrPhone, ErrEmail, ErrName, ErrAddress,
		ErrMoney, ErrCount, ErrFigures, ErrChoice, ErrConsent, ErrTaxID, ErrCode, ErrTaxCheck, ErrCodeCheck, ErrService, ErrCase, ErrFile, ErrTooMany, ErrUnknown,
	}
}

func keyOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// MostFiles is how many files a field takes.
const MostFiles = 20

// Bounds of answers. Prose is as long as anybody writes; the rest is a line.
const (
	mostProse  = 50_000
	mostLine   = 300
	mostCount  = 9_999
	mostAhead  = 366       // days that a wanted date may lie ahead
	mostBehind = 366 * 120 // days that a date may lie back: somebody's birth
)

// Read brings a text to the canonical form of the field. today is the day on
// which it is given. The errors are those above; none quotes the text.
func (f *Field) Read(text string, today calendar.Date) (string, error) {
	if f.Type != Prose {
		text = strings.Join(strings.Fields(text), " ")
	}
	switch most := mostLine; {
	case strings.TrimSpace(text) == "":
		return "", ErrEmpty
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		return "", ErrSigns
	case f.Type == Prose && utf8.RuneCountInString(text) > mostProse:
		return "", ErrLong
	case f.Type != Prose && utf8.RuneCountInString(text) > most:
		return "", ErrLong
	}
	if f.Type == Choice {
		if _, ok := f.Option(text); !ok {
			return "", ErrChoice
		}
		return text, nil
	}
	return readers[f.Type](text, today)
}

// unprintable signs are controls but for those of prose: they come from
// broken programs, and PostgreSQL has no place for some.
func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }

// readers read each type but Choice, whose choices are the field's.
var readers = map[Type]func(string, calendar.Date) (string, error){
	Text: func(s string, _ calendar.Date) (string, error) { return s, nil },
	Prose: func(s string, _ calendar.Date) (string, error) {
		return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), nil
	},
	Person:  readName,
	Address: readAddress,
	Account: func(s string, _ calendar.Date) (string, error) {
		a, err := billing.ParseAccount(s)
		return a.Full(), instead(err, ErrAccount)
	},
	Contract: readContract,
	Meter:    formed(`^[\p{L}\d][\p{L}\d/-]+$`, 3, 24, ErrSerial),
	Tel: func(s string, _ calendar.Date) (string, error) {
		p, err := privacy.ParsePhone(s)
		return p.Reveal(), instead(err, ErrPhone)
	},
	Mailbox: func(s string, _ calendar.Date) (string, error) {
		e, err := privacy.ParseEmail(s)
		return e.Reveal(), instead(err, ErrEmail)
	},
	Past:   readPast,
	Future: readFuture,
	Moment: readMoment,
	Months: readMonths,
	Money: func(s string, _ calendar.Date) (string, error) {
		k, err := money.ParseKopecks(strings.ReplaceAll(s, " ", ""))
		if err != nil || k <= 0 {
			return "", ErrMoney
		}
		return k.String(), nil
	},
	Count: func(s string, _ calendar.Date) (string, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > mostCount {
			return "", ErrCount
		}
		return strconv.Itoa(n), nil
	},
	Figures: func(s string, _ calendar.Date) (string, error) {
		if !strings.ContainsFunc(s, unicode.IsDigit) {
			return "", ErrFigures
		}
		return s, nil
	},
	Consent: func(s string, _ calendar.Date) (string, error) {
		if s != "yes" {
			return "", ErrConsent
		}
		return s, nil
	},
	Service: formed(`^[\p{L}\d-]+$`, 1, 20, ErrService),
	TaxID: func(s string, _ calendar.Date) (string, error) {
		e, ok := customer.ParseTaxID(s)
		switch {
		case !ok:
			return "", ErrTaxID
		case !privacy.ValidTaxID(e.TaxID):
			return "", ErrTaxCheck
		}
		return e.TaxID, nil
	},
	KPP:      formed(`^\d{4}[\dA-Z]{2}\d{3}$`, 9, 9, ErrCode), // the two in the middle may be letters
	OGRN:     readOGRN,
	Passport: formed(`^\d+$`, 10, 10, ErrCode),
	Case: func(s string, today calendar.Date) (string, error) {
		n, err := ParseNumber(s, today.Year)
		return n.String(), instead(err, ErrCase)
	},
	Files: formed(`^[\p{L}\d:_./-]+$`, 1, 120, ErrFile),
}

func instead(err, other error) error {
	if err == nil {
		return nil
	}
	return other
}

// formed reads what has a form and so many letters, whatever blanks stand in it. Their
// number is no part of the expression: 120 times any letter would be compiled into
// 2 MiB.
func formed(expression string, least, most int, otherwise error) func(string, calendar.Date) (string, error) {
	form := regexp.MustCompile(expression)
	return func(s string, _ calendar.Date) (string, error) {
		s = strings.ReplaceAll(s, " ", "")
		if n := utf8.RuneCountInString(s); n < least || n > most || !form.MatchString(s) {
			return "", otherwise
		}
		return s, nil
	}
}

var formedOGRN = formed(`^(\d{13}|\d{15})$`, 13, 15, ErrCode)

func readOGRN(s string, today calendar.Date) (string, error) {
	number, err := formedOGRN(s, today)
	if err == nil && !privacy.ValidOGRN(number) {
		return "", ErrCodeCheck
	}
	return number, err
}

func readName(s string, _ calendar.Date) (string, error) {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || strings.ContainsRune(" -.'’", r) {
			return r
		}
		return -1
	}, s)
	if letters != s || len(strings.Fields(s)) < 2 {
		return "", ErrName
	}
	return privacy.NewPersonName(s).Reveal(), nil
}

// mostContract is how many signs the number of a contract has, with its day.
const mostContract = 40

// readContract takes the number of an organisation's contract (spec §5.1) or of an
// account, as people type them; beside these whatever may be the number of an older
// contract: «К-77/2011», «№ 123 от 01.02.2009».
func readContract(s string, _ calendar.Date) (string, error) {
	ours := len(billing.Parse(s).Accounts) == 1 || !strings.ContainsFunc(s, unicode.IsLetter) // «К-77/2011» is not
	if a, err := billing.ParseAccount(s); err == nil && ours {
		return a.Full(), nil
	}
	letters, digits, strange := 0, 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune(" -–—/.№#", r):
			strange++
		}
	}
	worded := slices.ContainsFunc(strings.Fields(s), func(word string) bool {
		return utf8.RuneCountInString(word) > 2 && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	})
	if digits == 0 || strange > 0 || worded && letters > digits || utf8.RuneCountInString(s) > mostContract {
		return "", ErrContract
	}
	return s, nil
}

// readAddress takes what has a place and a number: nobody finds a house
// without one.
func readAddress(s string, _ calendar.Date) (string, error) {
	const least = 5
	if utf8.RuneCountInString(s) < least || !strings.ContainsFunc(s, unicode.IsLetter) || !strings.ContainsFunc(s, unicode.IsDigit) {
		return "", ErrAddress
	}
	return s, nil
}

var dayForms = []string{time.DateOnly, "2.1.2006", "2.1.06", "2/1/2006", "2-1-2006"}

func readDay(s string) (calendar.Date, bool) {
	for _, form := range dayForms {
		if at, err := time.Parse(form, s); err == nil && at.Year() >= 1900 {
			return calendar.DateOf(at, time.UTC), true
		}
	}
	return calendar.Date{}, false
}

func readPast(s string, today calendar.Date) (string, error) {
	d, ok := readDay(s)
	switch {
	case !ok:
		return "", ErrDate
	case today.Before(d) || today.Sub(d) > mostBehind:
		return "", ErrFuture
	}
	return d.String(), nil
}

func readFuture(s string, today calendar.Date) (string, error) {
	d, ok := readDay(s)
	switch {
	case !ok:
		return "", ErrDate
	case d.Before(today) || d.Sub(today) > mostAhead:
		return "", ErrPast
	}
	return d.String(), nil
}

func readMoment(s string, today calendar.Date) (string, error) {
	day, clock, timed := strings.Cut(s, " ")
	d, err := readPast(strings.TrimSuffix(day, ","), today)
	if err != nil || !timed {
		return d, err
	}
	m, err := calendar.ParseMinutes(clock)
	if err != nil {
		return "", ErrDate
	}
	return d + " " + m.String(), nil
}

func readMonths(s string, today calendar.Date) (string, error) {
	first, last, stretch := strings.Cut(strings.ReplaceAll(s, " ", ""), "/")
	from, err := readMonth(first)
	if err != nil {
		return "", ErrMonths
	}
	to := from
	if stretch {
		if to, err = readMonth(last); err != nil {
			return "", ErrMonths
		}
	}
	switch now := (billing.Period{Year: today.Year, Month: today.Month}); {
	case to.Before(from):
		return "", ErrMonths
	case now.Before(to) || now.Sub(from) > mostBehind/31:
		return "", ErrFuture
	case from == to:
		return from.String(), nil
	}
	return from.String() + "/" + to.String(), nil
}

// readMonth reads "2026-10" or "10.2026".
func readMonth(s string) (billing.Period, error) {
	if at, err := time.Parse("1.2006", s); err == nil {
		return billing.Period{Year: at.Year(), Month: at.Month()}, nil
	}
	return billing.ParsePeriod(s)
}
