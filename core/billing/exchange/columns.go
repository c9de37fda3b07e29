package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okoshko/core/billing"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
)

// column is a part of T as the text of a cell: get writes it, set reads what is
// neither empty nor nothing.
type column[T any] struct {
	name  string
	get   func(*T, *time.Location) string
	set   func(*T, string, *time.Location) error
	clear func(*T) // nil: there must be something
}

// nothing is the cell that says that there is nothing, where an empty one says
// nothing.
const nothing = "-"

// The names of the columns that a line is found by.
const (
	accountColumn  = "account"
	meterColumn    = "meter"
	registerColumn = "register"
)

// mostText is how long a cell of text may be, in letters.
const mostText = 500

var accountColumns = []column[Account]{
	text("territory", func(a *Account) *string { return &a.Territory }, territory, false),
	flag("closed", func(a *Account) *bool { return &a.Closed }),
	personal("name", func(a *Account) *privacy.PersonName { return &a.Name }, asIs(privacy.NewPersonName)),
	personal("address", func(a *Account) *privacy.Address { return &a.Address }, asIs(addressOf)),
	text("house", func(a *Account) *string { return &a.House }, short, false),
	text("flat", func(a *Account) *string { return &a.Flat }, short, true),
	personal("phone", func(a *Account) *privacy.Phone { return &a.Phone }, privacy.ParsePhone),
	personal("email", func(a *Account) *privacy.Email { return &a.Email }, privacy.ParseEmail),
	text("tax_id", func(a *Account) *string { return &a.TaxID }, taxID, true),
	word("payer", func(a *Account) *debt.Payer { return &a.Payer }, false, debt.Household, debt.Equated, debt.Business),
	word("tariff_group", func(a *Account) *tariff.Group { return &a.Group }, false, append(tariff.Groups(), tariff.Equated, tariff.Legal)...),
	flag("rural", func(a *Account) *bool { return &a.Rural }),
	flag("heating", func(a *Account) *bool { return &a.Heating }),
	word("stove", func(a *Account) *tariff.Stove { return &a.Stove }, false, tariff.GasStove, tariff.ElectricStove),
	number("rooms", func(a *Account) *int { return &a.Rooms }, 1, 99),
	number("residents", func(a *Account) *int { return &a.Residents }, 0, 999),
	number("households", func(a *Account) *int { return &a.Households }, 1, 100_000),
	number("price_category", func(a *Account) *int { return &a.Category }, 0, 6),
	word("voltage", func(a *Account) *tariff.Voltage { return &a.Voltage }, true, tariff.Voltages()...),
	{
		"since",
		func(a *Account, _ *time.Location) string { return dateText(a.Since) },
		func(a *Account, s string, _ *time.Location) (err error) {
			a.Since, err = calendar.ParseDate(s)
			return err
		},
		func(a *Account) { a.Since = calendar.Date{} },
	},
	text("unified", func(a *Account) *string { return &a.Unified }, short, true),
}

var meterColumns = []column[billing.Meter]{
	number("digits", func(m *billing.Meter) *int { return &m.Digits }, 0, 12),
	{"zones", zonesText, setZones, nil},
	{
		"power_w",
		func(m *billing.Meter, _ *time.Location) string { return strconv.FormatInt(int64(m.Power), 10) },
		func(m *billing.Meter, s string, _ *time.Location) error {
			n, err := whole(s, 0, 10_000_000_000)
			m.Power = billing.Watts(n)
			return err
		},
		nil,
	},
	flag("remote", func(m *billing.Meter) *bool { return &m.Remote }),
	{
		"verified_until",
		func(m *billing.Meter, _ *time.Location) string {
			if m.VerifiedUntil.IsZero() {
				return ""
			}
			return m.VerifiedUntil.Format(time.DateOnly)
		},
		func(m *billing.Meter, s string, _ *time.Location) (err error) {
			if m.VerifiedUntil, err = time.Parse(time.DateOnly, s); err != nil {
				err = errDate
			}
			return err
		},
		func(m *billing.Meter) { m.VerifiedUntil = time.Time{} },
	},
	{
		"out_of_service_since",
		func(m *billing.Meter, zone *time.Location) string { return momentText(m.OutOfServiceSince, zone) },
		func(m *billing.Meter, s string, zone *time.Location) (err error) {
			m.OutOfServiceSince, err = dayOrMoment(s, zone)
			return err
		},
		func(m *billing.Meter) { m.OutOfServiceSince = time.Time{} },
	},
}

var readingColumns = []column[billing.Reading]{
	{
		"period",
		func(r *billing.Reading, _ *time.Location) string { return r.Period.String() },
		func(r *billing.Reading, s string, _ *time.Location) (err error) {
			r.Period, err = billing.ParsePeriod(s)
			return err
		},
		nil,
	},
	{
		"source",
		func(r *billing.Reading, _ *time.Location) string { return r.Source.String() },
		func(r *billing.Reading, s string, _ *time.Location) error {
			if r.Source = billing.ParseSource(s); r.Source == 0 {
				return errors.New("is none of customer, control, remote, estimate, installation")
			}
			return nil
		},
		nil,
	},
	{
		"value",
		func(r *billing.Reading, _ *time.Location) string { return strconv.FormatInt(int64(r.Value), 10) },
		func(r *billing.Reading, s string, _ *time.Location) error {
			n, err := whole(s, 0, 1_000_000_000_000)
			r.Value = billing.KWh(n)
			return err
		},
		nil,
	},
	{
		"at",
		func(r *billing.Reading, zone *time.Location) string { return momentText(r.At, zone) },
		func(r *billing.Reading, s string, zone *time.Location) (err error) {
			r.At, err = dayOrMoment(s, zone)
			return err
		},
		nil,
	},
	flag("rollover", func(r *billing.Reading) *bool { return &r.Rollover }),
	flag("high", func(r *billing.Reading) *bool { return &r.High }),
}

// neededReading is how many of the first readingColumns a reading must have.
const neededReading = 4

// Columns lists the names of all columns, in the order in which they are written.
func Columns() []string {
	list := append([]string{accountColumn}, names(accountColumns)...)
	list = append(append(list, meterColumn), names(meterColumns)...)
	return append(append(list, registerColumn), names(readingColumns)...)
}

func names[T any](columns []column[T]) (list []string) {
	for _, c := range columns {
		list = append(list, c.name)
	}
	return list
}

func text[T any](name string, of func(*T) *string, check func(string) error, mayLack bool) column[T] {
	c := column[T]{
		name: name,
		get:  func(t *T, _ *time.Location) string { return *of(t) },
		set: func(t *T, s string, _ *time.Location) error {
			*of(t) = s
			return check(s)
		},
	}
	if mayLack {
		c.clear = func(t *T) { *of(t) = "" }
	}
	return c
}

func personal[T any, M privacy.Mask](name string, of func(*T) *privacy.Personal[M], parse func(string) (privacy.Personal[M], error)) column[T] {
	return column[T]{
		name,
		func(t *T, _ *time.Location) string { return of(t).Reveal() },
		func(t *T, s string, _ *time.Location) (err error) {
			if utf8.RuneCountInString(s) > mostText {
				return errLong
			}
			*of(t), err = parse(s)
			return err
		},
		func(t *T) { *of(t) = privacy.Personal[M]{} },
	}
}

func asIs[P any](make func(string) P) func(string) (P, error) {
	return func(s string) (P, error) { return make(s), nil }
}

// addressOf takes an address as it stands, town first.
func addressOf(s string) (a privacy.Address) {
	_ = a.Scan(s) // a text can always be taken
	return a
}

func word[T any, W ~string](name string, of func(*T) *W, mayLack bool, known ...W) column[T] {
	c := column[T]{
		name: name,
		get:  func(t *T, _ *time.Location) string { return string(*of(t)) },
		set: func(t *T, s string, _ *time.Location) error {
			if *of(t) = W(s); !slices.Contains(known, W(s)) {
				return fmt.Errorf("is none of %q", known)
			}
			return nil
		},
	}
	if mayLack {
		c.clear = func(t *T) { *of(t) = "" }
	}
	return c
}

func flag[T any](name string, of func(*T) *bool) column[T] {
	return column[T]{
		name,
		func(t *T, _ *time.Location) string {
			if *of(t) {
				return "true"
			}
			return "false"
		},
		func(t *T, s string, _ *time.Location) error {
			switch s {
			case "true", "false":
				*of(t) = s == "true"
				return nil
			}
			return errors.New("is neither true nor false")
		},
		nil,
	}
}

func number[T any](name string, of func(*T) *int, least, most int64) column[T] {
	return column[T]{
		name,
		func(t *T, _ *time.Location) string { return strconv.Itoa(*of(t)) },
		func(t *T, s string, _ *time.Location) error {
			n, err := whole(s, least, most)
			*of(t) = int(n)
			return err
		},
		nil,
	}
}

var (
	errDate = errors.New("is no day (2026-10-24)")
	errLong = fmt.Errorf("has more than %d letters", mostText)
)

func whole(s string, least, most int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("is no whole number from %d to %d", least, most)
	}
	return n, nil
}

func short(s string) error {
	if utf8.RuneCountInString(s) > 40 {
		return errors.New("has more than 40 letters")
	}
	return nil
}

func territory(s string) error {
	if len(s) != 2 || strings.Trim(s, "0123456789") != "" || s == "00" {
		return errors.New("is not two digits, 01 to 99")
	}
	return nil
}

func taxID(s string) error {
	if !privacy.ValidTaxID(s) {
		return errors.New("is no tax number: ten or twelve digits with their check digits")
	}
	return nil
}

// hourly stands for the zones of a meter that gives a profile and has none.
const hourly = "hourly"

func zonesText(m *billing.Meter, _ *time.Location) string {
	if m.Hourly {
		return hourly
	}
	list := make([]string, len(m.Registers))
	for i, r := range m.Registers {
		list[i] = r.Zone.String()
	}
	return strings.Join(list, "/")
}

// setZones reads the zones in the order of the registers T1, T2, T3, or how many
// they are, for the usual order.
func setZones(m *billing.Meter, s string, _ *time.Location) error {
	m.Hourly, m.Registers = s == hourly, nil
	if m.Hourly {
		return nil
	}
	if n, err := strconv.Atoi(s); err == nil {
		m.Registers = billing.Registers(n)
	} else {
		for i, name := range strings.Split(s, "/") {
			zone := billing.ParseZone(name)
			if zone == billing.ZoneUnknown {
				m.Registers = nil
				break
			}
			m.Registers = append(m.Registers, billing.Register{Name: "T" + strconv.Itoa(i+1), Zone: zone})
		}
	}
	if n := len(m.Registers); n == 0 || n > 3 {
		return errors.New("are neither 1, 2, 3, hourly, nor single, day, night, peak, half_peak joined by /")
	}
	return nil
}

func dateText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func momentText(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}
