package bill

import (
	"context"
	"log/slog"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
)

// Ledgers is where ledgers are kept.
type Ledgers interface {
	// Ledger returns everything that is known of an account's money, as of one
	// moment; false if there is no such account. An account that was never
	// billed has a ledger without statements. The error is fault.Unavailable
	// while the store is away.
	Ledger(ctx context.Context, number billing.AccountNumber) (l Ledger, found bool, err error)
}

// Ledger is an account with its money (R-5.1.3-a): the eight blocks of the
// account card are the payer, the contract, the requisites, the prices (by
// Consumer, or category and voltage), the benefits, the readings, the
// statements, the payments.
type Ledger struct {
	Account  billing.Account
	Payer    Payer
	Contract Contract
	Consumer charge.Consumer
	Benefits []Benefit
	// Readings are the latest of each register, the newest first.
	Readings []billing.Reading
	// Statements, the oldest first.
	Statements []Statement
	// Payments, the oldest first.
	Payments []Payment
	// Documents of an organisation, the oldest month first.
	Documents []Document
	// Notice is of a restriction; nil if there is none.
	Notice *Notice
}

// LogValue shows the masked number only.
func (l Ledger) LogValue() slog.Value { return l.Account.LogValue() }

// Payer is who pays, and how he is reached.
type Payer struct {
	Kind debt.Payer
	// Name is of a legal entity; of a person the store may hold none.
	Name    privacy.PersonName
	Address privacy.Address
	Phone   privacy.Phone
	Email   privacy.Email
	TaxID   string // ИНН of a legal entity
}

// Contract is the contract with its requisites.
type Contract struct {
	Number billing.AccountNumber
	Since  calendar.Date // zero if unknown
	// Unified is the ЕЛС of ГИС ЖКХ, ten characters; empty if it has none.
	Unified string
	// Category 1 – 6, voltage and power are a legal entity's.
	Category int
	Voltage  tariff.Voltage
	Power    billing.Watts
}

// ServiceID is the ИЖКУ of ГИС ЖКХ, ЕЛС-01; empty if there is no ЕЛС.
func (c Contract) ServiceID() string {
	if c.Unified == "" {
		return ""
	}
	return c.Unified + "-01"
}

// Benefit is what others pay towards the bill (spec §2.10): the supplier only
// shows it.
type Benefit struct {
	tariff.Validity
	Kind BenefitKind
	// Monthly is paid to the person, never taken off the bill.
	Monthly money.Kopecks
}

// BenefitKind says what it is.
type BenefitKind string

// The kinds of benefits.
const (
	Subsidy      BenefitKind = "subsidy"
	Compensation BenefitKind = "compensation"
)

// Payment is money that came in, and how.
type Payment struct {
	debt.Payment
	Way string // bank, card, sbp, cash, post
}

// Notice warns of a restriction for debt (Rules 354, п. 119).
type Notice struct {
	Sent  calendar.Date
	After calendar.Date // from this day on supply may be limited
}

// Latest returns the newest statement, nil if there is none.
func (l *Ledger) Latest() *Statement {
	if len(l.Statements) == 0 {
		return nil
	}
	return &l.Statements[len(l.Statements)-1]
}

// Statement returns the statement of a month, nil if there is none.
func (l *Ledger) Statement(p billing.Period) *Statement {
	for i := range l.Statements {
		if l.Statements[i].Period == p {
			return &l.Statements[i]
		}
	}
	return nil
}

// Balance returns what is owed on a day: the statements issued by then with
// the payments made by then.
func (l *Ledger) Balance(on calendar.Date) debt.Balance {
	charges := make([]debt.Charge, 0, 2*len(l.Statements))
	for i := range l.Statements {
		s := &l.Statements[i]
		if on.Before(s.Issued) {
			continue
		}
		c := debt.Charge{Period: s.Period, Issued: s.Issued, Due: s.Due, Sum: s.Charged()}
		charges = append(charges, c)
		if s.Fine != 0 {
			c.Sum, c.Fine = s.Fine, true
			charges = append(charges, c)
		}
	}
	payments := make([]debt.Payment, 0, len(l.Payments))
	for _, p := range l.Payments {
		if !on.Before(p.Date) {
			payments = append(payments, p.Payment)
		}
	}
	return debt.Allocate(charges, payments)
}
