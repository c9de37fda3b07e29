package postgres

import (
	_ "embed"
	"fmt"
	"strconv"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
)

// What the demo's organisation that is priced by the hour uses, in kW by the hour
// of a working day and of a day off (spec §5.1: 800 kW, from a file).
//
//go:embed demo_load.tsv
var demoLoad string

// demoPower is the power of that organisation.
const demoPower = tariff.From670kW

// document draws up what accountants get of each month that was billed. Those who
// are priced by the hour have nothing but that: what they owe stands in it.
func (l *demoLedger) document(issuer bill.Issuer) error {
	if l.Payer.Kind != debt.Business {
		return nil
	}
	var basis money.Kopecks // of the next month's parts
	for p := l.first(); !demoBilled.Before(p); p = p.Add(1) {
		d, err := l.delivery(p, issuer)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		if d.Hourly != nil {
			if err := l.payHourly(p, basis, d.Total(), issuer.Days); err != nil {
				return err
			}
		}
		basis = d.Total()
		l.Deliver(*d)
	}
	return nil
}

// delivery is the invoice of a month; nil if nothing was billed.
func (l *demoLedger) delivery(p billing.Period, issuer bill.Issuer) (*bill.Document, error) {
	term, err := debt.TermOf(p, debt.Business, issuer.Days)
	if err != nil {
		return nil, err
	}
	d := &bill.Document{Kind: bill.Invoice, Period: p, Issued: term.Issued, Due: term.Due}
	if l.Contract.Category <= 1 {
		s := l.Statement(p)
		if s == nil || s.Legal == nil {
			return nil, nil //nolint:nilnil // no month, no document
		}
		d.Legal = s.Legal
		return d, nil
	}
	load, err := loadOf(p, issuer.Days)
	if err != nil {
		return nil, err
	}
	prices, err := issuer.Pricer.Book.Hourly(p, l.Contract.Category, demoPower, l.Contract.Voltage, issuer.Days)
	if err != nil {
		return nil, err
	}
	h, err := charge.ByHour(issuer.Pricer.Book, prices, load, issuer.Days)
	d.Hourly = &h
	return d, err
}

// loadOf lays the demo's day over a month.
func loadOf(p billing.Period, days *calendar.Production) ([]billing.KWh, error) {
	lines, err := readTable(demoLoad)
	if err != nil {
		return nil, err
	}
	usual := map[string]billing.KWh{}
	for _, f := range lines {
		n, err := strconv.Atoi(f["kw"])
		if err != nil {
			return nil, err
		}
		usual[f["day"]+f["hour"]] = billing.KWh(n)
	}
	load := make([]billing.KWh, tariff.HoursOf(p))
	for i := range load {
		day, working := "off", false
		if working, err = days.Working(charge.First(p).Add(i / 24)); err != nil {
			return nil, err
		}
		if working {
			day = "working"
		}
		load[i] = usual[day+strconv.Itoa(i%24)]
	}
	return load, nil
}

// payHourly pays a month in its parts, a rest that is not due yet is left.
func (l *demoLedger) payHourly(p billing.Period, basis, total money.Kopecks, days *calendar.Production) error {
	parts, err := debt.Installments(p, basis, total, days)
	if err != nil {
		return err
	}
	for i, part := range parts {
		if part.Sum > 0 {
			l.Payments = append(l.Payments, bill.Payment{
				Payment: debt.Payment{ID: fmt.Sprintf("demo-%s-%d", p, i+1), Date: part.Due, Sum: part.Sum, Period: p}, Way: "bank",
			})
		}
	}
	return nil
}
