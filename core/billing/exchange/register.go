package exchange

import (
	"errors"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
)

// Account is what the register holds of an account, but for its meters.
type Account struct {
	Number      billing.AccountNumber
	Territory   string // 01–99, the company's own code
	Closed      bool
	Name        privacy.PersonName
	Address     privacy.Address
	House, Flat string // of the address, for a guest's proof (spec §3.7)
	Phone       privacy.Phone
	Email       privacy.Email
	TaxID       string // ИНН
	Payer       debt.Payer
	Group       tariff.Group
	Rural       bool
	Heating     bool // by electricity
	Stove       tariff.Stove
	Rooms       int
	Residents   int
	Households  int // among how many one contract shares the energy
	Category    int // of price, 1 – 6, of a legal entity; 0: none
	Voltage     tariff.Voltage
	Since       calendar.Date // of the contract; zero if unknown
	Unified     string        // ЕЛС of ГИС ЖКХ
}

// NewAccount returns an account of which nothing is known but its number: a
// household in a town, or the business that a contract is made with.
func NewAccount(n billing.AccountNumber) Account {
	a := Account{
		Number: n, Territory: n.Territory(), Payer: debt.Household, Group: tariff.City,
		Stove: tariff.GasStove, Rooms: 1, Residents: 1, Households: 1,
	}
	if n.Contract() {
		a.Payer, a.Group = debt.Business, tariff.Legal
	}
	return a
}

// What an account or a meter lacks.
var (
	errTerritory = errors.New("territory is missing: the number of a contract does not tell it")
	errHouse     = errors.New("house is missing: a guest proves with it whose account it is")
	errDigits    = errors.New("digits are missing: nobody can tell when the meter begins anew")
	errZones     = errors.New("zones are missing: nobody can tell what the meter counts")
)

// Complete returns what is missing for the account to be kept; nil if nothing is.
func (a *Account) Complete() error {
	switch {
	case a.Territory == "":
		return errTerritory
	case a.House == "" && !a.Number.Contract():
		return errHouse
	default:
		return nil
	}
}

// Complete returns what is missing for the meter to be kept; nil if nothing is.
func Complete(m *billing.Meter) error {
	switch {
	case m.Hourly:
		return nil
	case m.Digits == 0:
		return errDigits
	case len(m.Registers) == 0:
		return errZones
	default:
		return nil
	}
}

// Fits returns why a meter cannot have given a reading; nil if it can.
func Fits(m *billing.Meter, r billing.Reading) error {
	_, has := m.Register(r.Register)
	switch {
	case !has:
		return errors.New("register is none of the meter's")
	case r.Value >= m.Capacity():
		return errors.New("value has more digits than the meter")
	default:
		return nil
	}
}

// dayOrMoment reads 2026-10-24 as its midnight in the zone, or a moment as RFC 3339
// has it.
func dayOrMoment(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return t, errors.New("is neither a day (2026-10-24) nor a moment (2026-10-24T10:00:00+03:00)")
	}
	return t.UTC(), nil
}
