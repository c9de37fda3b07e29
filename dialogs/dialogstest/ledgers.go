package dialogstest

import (
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/core/privacy"
)

// Planted are values that stand in the ledgers, and that nobody may see whose
// channel does not carry their class.
var Planted = map[privacy.Class][]string{
	privacy.Identity: {"Планков", "Полынная", "777", "79990001122", "plankov", "ЕЛ00000001"},
	privacy.Money:    {"4321.09", "4 321,09", "4\u202f321,09", "4,321.09"},
	privacy.Reading:  {"14712", "14\u202f712", "14,712"},
}

// add makes an account to link, whose ledger holds what is Planted.
func (b *Bureau) add(n billing.AccountNumber, serial billing.MeterSerial, phone, email string) {
	h := customer.Holder{
		Account: billing.Account{
			Number: n, Legal: n.Contract(), House: "777", Flat: "12",
			Meters: []billing.Meter{{ID: 1, Serial: serial, Digits: 5, Registers: billing.Registers(1)}},
		},
		Paid: 432109,
	}
	if phone != "" {
		h.Phone = must(privacy.ParsePhone(phone))
	}
	if email != "" {
		h.Email = must(privacy.ParseEmail(email))
	}
	if n.Contract() {
		h.TaxID = "0000120139"
	}
	b.holders[n] = h
	within := "кв. 12"
	if n == "0207319526" {
		within = "гараж 44"
	}
	october := billing.Period{Year: 2026, Month: time.October}
	issued := calendar.Date{Year: 2026, Month: time.November, Day: 1}
	l := bill.Ledger{
		Account:  h.Account,
		Payer:    bill.Payer{Name: privacy.NewPersonName("Планков Пётр Петрович"), Address: privacy.NewAddress("Старогорск", "ул. Полынная", "777", within), Phone: h.Phone, Email: h.Email, TaxID: h.TaxID},
		Contract: bill.Contract{Number: n, Since: calendar.Date{Year: 2012, Month: time.March, Day: 1}, Unified: "ЕЛ00000001", Power: 15000, Category: 1},
		Consumer: charge.Consumer{Group: tariff.City, Plan: tariff.OneRate, Stove: tariff.GasStove, Rooms: 2, Residents: 2},
		Benefits: []bill.Benefit{{Validity: tariff.Validity{From: issued}, Kind: bill.Subsidy, Monthly: 432109}},
		Readings: []billing.Reading{{
			Meter: 1, Register: "T1", Value: 14712, Source: billing.SourceCustomer, Period: october,
			At: time.Date(2026, time.October, 24, 12, 0, 0, 0, Zone),
		}},
		Statements: []bill.Statement{{
			Period: october, Issued: issued, Due: calendar.Date{Year: 2026, Month: time.November, Day: 18},
			Lines: []charge.Line{{Zone: billing.ZoneSingle, KWh: 705, Method: charge.ByReadings, Price: money.MustPrice("6.13"), Sum: 432109, Since: issued}},
		}},
		Payments: []bill.Payment{{Payment: debt.Payment{ID: "1", Date: calendar.Date{Year: 2026, Month: time.October, Day: 12}, Sum: 432109, Period: billing.Period{Year: 2026, Month: time.September}}, Way: "bank"}},
	}
	if n.Contract() {
		l.Consumer.Group = tariff.Legal
	}
	if n == "0203118468" {
		l.Benefits, l.Statements, l.Payments, l.Readings = nil, nil, nil, nil
	}
	b.ledgers[n] = l
}

// history is an account whose months are billed by the real rules.
type history struct {
	number   billing.AccountNumber
	consumer charge.Consumer
	payer    debt.Payer
	contract bill.Contract
	// start are the values before the first month, by register; used what each
	// month added. A month of nil had no readings.
	start []billing.KWh
	used  [][]billing.KWh
	paid  int // how many of the months are paid, in time
	more  func(*bill.Ledger)
}

// lastBilled is the last month that has a bill.
var lastBilled = billing.Period{Year: 2026, Month: time.October}

var histories = []history{
	{ // pays nothing since June
		number: "0309188274", consumer: charge.Consumer{Group: tariff.City, Plan: tariff.OneRate, Stove: tariff.GasStove, Rooms: 2, Residents: 2},
		payer: debt.Household, start: []billing.KWh{43500}, used: each([]billing.KWh{256}, []billing.KWh{247}, []billing.KWh{249}, []billing.KWh{243}, []billing.KWh{251}),
		more: func(l *bill.Ledger) {
			l.Notice = &bill.Notice{
				Sent: calendar.Date{Year: 2026, Month: time.November, Day: 9}, After: calendar.Date{Year: 2026, Month: time.November, Day: 29},
			}
		},
	},
	{ // pays in time, has a subsidy; the price rose in October
		number: "0412003659", consumer: charge.Consumer{Group: tariff.Electric, Plan: tariff.DayNight, Stove: tariff.ElectricStove, Rooms: 1, Residents: 2},
		payer: debt.Household, start: []billing.KWh{12000, 5000}, used: each([]billing.KWh{205, 92}, []billing.KWh{214, 98}, []billing.KWh{210, 95}), paid: 3,
		more: func(l *bill.Ledger) {
			l.Benefits = []bill.Benefit{{
				Validity: tariff.Validity{From: calendar.Date{Year: 2026, Month: time.January, Day: 1}}, Kind: bill.Subsidy, Monthly: 64000,
			}}
		},
	},
	{ // sent no readings for two months
		number: "0561209347", consumer: charge.Consumer{Group: tariff.City, Plan: tariff.OneRate, Stove: tariff.GasStove, Rooms: 2, Residents: 2},
		payer: debt.Household, start: []billing.KWh{22500}, used: each([]billing.KWh{168}, []billing.KWh{175}, []billing.KWh{181}, nil, nil), paid: 5,
	},
	{ // an organisation of the first category
		number: "ЭС-0789/26", consumer: charge.Consumer{Group: tariff.Legal, Plan: tariff.OneRate}, payer: debt.Business,
		contract: bill.Contract{Category: 1, Voltage: tariff.LV, Power: 15_000},
		start:    []billing.KWh{88000}, used: each([]billing.KWh{2890}, []billing.KWh{3040}), paid: 1,
	},
	{ // an organisation whose energy is priced by the hour
		number: "ЭС-0456/25", consumer: charge.Consumer{Group: tariff.Legal}, payer: debt.Business,
		contract: bill.Contract{Category: 4, Voltage: tariff.MV1, Power: 800_000},
	},
}

func each(months ...[]billing.KWh) [][]billing.KWh { return months }

// bills adds the accounts of histories.
func (b *Bureau) bills() {
	issuer := bill.Issuer{Pricer: charge.Pricer{Book: prices.Book()}, Days: calendar.Published(), Zone: Zone}
	for _, h := range histories {
		l := h.ledger(issuer)
		b.ledgers[h.number] = l
		b.holders[h.number] = customer.Holder{Account: l.Account}
	}
}

func (h history) ledger(issuer bill.Issuer) bill.Ledger {
	meter := billing.Meter{ID: 1, Serial: "030918825", Digits: 6, Registers: billing.Registers(len(h.start))}
	meter.Hourly = len(h.start) == 0
	l := bill.Ledger{
		Account:  billing.Account{Number: h.number, Legal: h.number.Contract(), Meters: []billing.Meter{meter}},
		Payer:    bill.Payer{Kind: h.payer},
		Contract: h.contract, Consumer: h.consumer,
	}
	l.Contract.Number = h.number
	first := lastBilled.Add(1 - len(h.used))
	readings := h.readings(meter, first)
	for i := range h.used {
		l.Statements = append(l.Statements, must(issuer.Issue(&l, first.Add(i), readings)))
		if i < h.paid {
			s := l.Latest()
			l.Payments = append(l.Payments, bill.Payment{
				Payment: debt.Payment{ID: s.Period.String(), Date: s.Due.Add(-3), Sum: s.Charged() + s.Fine, Period: s.Period}, Way: "bank",
			})
		}
	}
	for i := len(readings) - 1; i >= 0; i-- {
		l.Readings = append(l.Readings, readings[i])
	}
	if h.more != nil {
		h.more(&l)
	}
	for _, d := range h.invoices(&l, issuer) {
		l.Deliver(d)
	}
	return l
}

// steady is what the organisation of many hours uses in each of them.
const steady = 500

// invoices are those of the last two months of an organisation.
func (h history) invoices(l *bill.Ledger, issuer bill.Issuer) (list []bill.Document) {
	if h.payer != debt.Business {
		return nil
	}
	for _, p := range []billing.Period{lastBilled.Add(-1), lastBilled} {
		term := must(debt.TermOf(p, debt.Business, issuer.Days))
		d := bill.Document{Kind: bill.Invoice, Period: p, Issued: term.Issued, Due: term.Due}
		if s := l.Statement(p); s != nil {
			d.Legal = s.Legal
		} else {
			prices := must(issuer.Pricer.Book.Hourly(p, h.contract.Category, tariff.From670kW, h.contract.Voltage, issuer.Days))
			load := slices.Repeat([]billing.KWh{steady}, tariff.HoursOf(p))
			hours := must(charge.ByHour(issuer.Pricer.Book, prices, load, issuer.Days))
			d.Hourly = &hours
		}
		list = append(list, d)
	}
	return list
}

// readings are taken on the 24th; those before the first month, too.
func (h history) readings(m billing.Meter, first billing.Period) (list []billing.Reading) {
	add := func(p billing.Period, values []billing.KWh) {
		for i, v := range values {
			list = append(list, billing.Reading{
				Meter: m.ID, Register: m.Registers[i].Name, Value: v, Source: billing.SourceCustomer, Period: p,
				At: time.Date(p.Year, p.Month, 24, 12, 0, 0, 0, Zone),
			})
		}
	}
	now := append([]billing.KWh(nil), h.start...)
	add(first.Add(-1), now)
	for i, used := range h.used {
		for r, n := range used {
			now[r] += n
		}
		if used != nil {
			add(first.Add(i), now)
		}
	}
	return list
}
