package bill_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

var (
	book   = demo.Book()
	pricer = charge.Pricer{Book: book}
	zone   = time.FixedZone("UTC+5", 5*60*60)
	issuer = bill.Issuer{Pricer: pricer, Days: calendar.Published(), Zone: zone}
)

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func month(year int, m time.Month) billing.Period { return billing.Period{Year: year, Month: m} }

// taken is the readings of a month's 24th, T1, T2, T3.
func taken(p billing.Period, values ...billing.KWh) (list []billing.Reading) {
	for i, v := range values {
		list = append(list, billing.Reading{
			Meter: 1, Register: fmt.Sprintf("T%d", i+1), Value: v, Source: billing.SourceCustomer, Period: p,
			At: time.Date(p.Year, p.Month, 24, 10, 0, 0, 0, zone),
		})
	}
	return list
}

// household is an account with a meter and no bill yet.
func household(group tariff.Group, zones int) *bill.Ledger {
	return &bill.Ledger{
		Account:  billing.Account{Meters: []billing.Meter{{ID: 1, Serial: "1", Digits: 5, Registers: billing.Registers(zones)}}},
		Payer:    bill.Payer{Kind: debt.Household},
		Consumer: charge.Consumer{Group: group, Plan: tariff.Plan(zones), Stove: tariff.GasStove, Rooms: 2, Residents: 2, Territory: "02"},
	}
}

// issue adds the statements of months.
func issue(t testing.TB, l *bill.Ledger, from, to billing.Period, readings []billing.Reading) {
	t.Helper()
	for p := from; !to.Before(p); p = p.Add(1) {
		s, err := issuer.Issue(l, p, readings)
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		l.Statements = append(l.Statements, s)
	}
}

func pay(l *bill.Ledger, id string, on calendar.Date, sum money.Kopecks, p billing.Period) {
	l.Payments = append(l.Payments, bill.Payment{Payment: debt.Payment{ID: id, Date: on, Sum: sum, Period: p}, Way: "card"})
}

// Account 2 of spec §5.1, October 2026.
func TestBill(t *testing.T) {
	t.Parallel()
	l := household(tariff.Electric, 2)
	readings := append(taken(month(2026, 8), 11790, 4906), taken(month(2026, 9), 12000, 5000)...)
	readings = append(readings, taken(month(2026, 10), 12210, 5095)...)
	issue(t, l, month(2026, 9), month(2026, 10), readings)
	september := l.Statements[0].Charged() // 210 × day + 94 × night of 4.73
	pay(l, "1", date(t, "2026-10-12"), september, month(2026, 9))

	b, err := l.Bill(month(2026, 10), date(t, "2026-11-27"), book)
	if err != nil || b.Total.String() != "1604.60" || b.Charged != b.Total || b.Overdue != b.Total || b.Due != date(t, "2026-11-16") || b.Fines != 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	want := "T1 12000 on 2026-09-24 → 12210 on 2026-10-24; T2 5000 on 2026-09-24 → 5095 on 2026-10-24"
	if got := states(b.Registers); got != want || b.KWh() != 305 || b.Method() != charge.ByReadings || b.Lines[0].Act != "120-э" {
		t.Errorf("%s; %+v", got, b.Statement)
	}
	// On the day of issue nothing is overdue; a day before there is no bill.
	if b, err := l.Bill(month(2026, 10), date(t, "2026-11-05"), book); err != nil || b.Overdue != 0 || b.Total.String() != "1604.60" {
		t.Errorf("printed: %+v, %v", b, err)
	}
	for _, on := range []string{"2026-11-04", "2026-10-05"} {
		if b, err := l.Bill(month(2026, 10), date(t, on), book); !errors.Is(err, bill.ErrNoBill) {
			t.Errorf("before the issue: %+v, %v", b, err)
		}
	}
	if _, err := l.Bill(month(2026, 11), date(t, "2026-11-27"), book); !errors.Is(err, bill.ErrNoBill) {
		t.Errorf("a month that was not billed: %v", err)
	}
	// A part is paid, then too much.
	pay(l, "2", date(t, "2026-11-20"), 100_00, month(2026, 10))
	if b, _ := l.Bill(month(2026, 10), date(t, "2026-11-27"), book); b.Total.String() != "1504.60" || b.Paid != 100_00 {
		t.Errorf("a part is paid: %+v", b)
	}
	pay(l, "3", date(t, "2026-11-21"), 2000_00, billing.Period{})
	if b, _ := l.Bill(month(2026, 10), date(t, "2026-11-27"), book); b.Total.String() != "-495.40" || b.Advance.String() != "495.40" || b.ToPay() != 0 {
		t.Errorf("paid in advance: %+v", b)
	}
	// Two months later nobody has paid; 2027 has no rate.
	l.Payments = l.Payments[:1]
	if b, err := l.Bill(month(2026, 10), date(t, "2026-12-31"), book); err != nil || b.Fines.String() != "7.62" || b.Total.String() != "1612.22" {
		t.Errorf("after 45 days: %+v, %v", b, err) // 1604.60 × 0.095 × 15/300
	}
	if b, err := l.Bill(month(2026, 10), date(t, "2027-01-20"), book); err != nil || !b.FinesUnknown || b.Total.String() != "1604.60" {
		t.Errorf("in 2027: %+v, %v", b, err)
	}
}

func states(list []bill.State) string {
	var texts []string
	for _, s := range list {
		text := s.Register
		if s.Before != nil {
			text += fmt.Sprintf(" %d on %s", s.Before.Value, s.Before.On)
		}
		if s.After != nil {
			text += fmt.Sprintf(" → %d on %s", s.After.Value, s.After.On)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

// Six months by readings, five without, then a value: average thrice, norm
// twice, and everything is set right (Rules 354, пп. 59–61).
func TestMonthsWithoutReadings(t *testing.T) {
	t.Parallel()
	l := household(tariff.City, 1)
	var readings []billing.Reading
	value := billing.KWh(1000)
	for i, used := range []billing.KWh{0, 210, 195, 220, 205, 198, 214} {
		value += used
		readings = append(readings, taken(month(2025, 11).Add(i), value)...)
	}
	issue(t, l, month(2025, 12), month(2026, 10), readings)
	var got []string
	for i := range l.Statements {
		got = append(got, fmt.Sprintf("%s %d", l.Statements[i].Method(), l.Statements[i].KWh()))
	}
	want := "readings 210 readings 195 readings 220 readings 205 readings 198 readings 214 average 207 average 207 average 207 norm 154 norm 154"
	if s := strings.Join(got, " "); s != want {
		t.Fatalf("got %s", s)
	}
	if s := l.Latest(); s.Registers[0].Before == nil || s.Registers[0].Before.Value != value || s.Registers[0].After != nil {
		t.Errorf("states: %s", states(s.Registers))
	}
	// 184 days and 30 of November: 10 kWh a day.
	readings = append(readings, taken(month(2026, 11), value+1830)...)
	issue(t, l, month(2026, 11), month(2026, 11), readings)
	s := l.Latest()
	if len(s.Recalculations) != 5 || s.Method() != charge.ByReadings {
		t.Fatalf("%+v", s)
	}
	all := s.KWh()
	for i, r := range s.Recalculations {
		all += r.After
		old := &l.Statements[6+i]
		lines, err := pricer.Charge(l.Consumer, charge.Month(r.Period, []charge.Volume{{Zone: billing.ZoneSingle, KWh: r.After}}))
		if err != nil || r.Before != old.KWh() || r.Sum != charge.Sum(lines)-old.Energy() {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if all != 1830 {
		t.Errorf("%d of 1830 kWh were billed", all)
	}
	if _, err := issuer.Issue(l, month(2027, 1), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a month was passed over: %v", err)
	}
}

// A legal entity without readings: twice what it used a year before, then its
// greatest power (Act 442; spec §2.2); a value sets it right.
func TestLegalWithoutReadings(t *testing.T) {
	t.Parallel()
	l := household(tariff.Legal, 1)
	l.Payer.Kind = debt.Business
	l.Contract = bill.Contract{Category: 1, Voltage: tariff.LV, Power: 15_000}
	var readings []billing.Reading
	for i := range 12 {
		readings = append(readings, taken(month(2025, 6).Add(i), billing.KWh(1000*i+i*i))...)
	}
	issue(t, l, month(2025, 7), month(2026, 8), readings)
	var got []string
	for _, s := range l.Statements[11:] {
		got = append(got, fmt.Sprintf("%s %d", s.Method(), s.KWh()))
	}
	if s := strings.Join(got, ", "); s != "power 10800, prior_year 1001, power 11160" {
		t.Errorf("without the year before: %s", s)
	}
	l.Statements = l.Statements[:11]
	l.Statements = append([]bill.Statement{{Period: month(2025, 6), Legal: &charge.LegalLine{KWh: 777, Method: charge.ByReadings}}}, l.Statements...)
	issue(t, l, month(2026, 6), month(2026, 8), readings)
	got = nil
	for _, s := range l.Statements[12:] {
		got = append(got, fmt.Sprintf("%s %d", s.Method(), s.KWh()))
	}
	if s := strings.Join(got, ", "); s != "prior_year 777, prior_year 1001, power 11160" {
		t.Errorf("with the year before: %s", s)
	}
	readings = append(readings, taken(month(2026, 9), 11121+1220)...)
	issue(t, l, month(2026, 9), month(2026, 9), readings)
	s := l.Latest()
	if len(s.Recalculations) != 3 || s.KWh() != 300 || s.Recalculations[2].After != 310 || s.Recalculated() >= 0 {
		t.Errorf("set right: %+v, %d kWh", s.Recalculations, s.KWh())
	}
}

// A check finds less than the customer has sent: the months back to a value
// that is not above it are set right in the month of the check (п. 61).
func TestControl(t *testing.T) {
	t.Parallel()
	l := household(tariff.City, 1)
	var readings []billing.Reading
	for i, v := range []billing.KWh{1000, 1100, 1300, 1500} {
		readings = append(readings, taken(month(2026, 6).Add(i), v)...)
	}
	control := taken(month(2026, 10), 1222)
	control[0].Source = billing.SourceControl
	readings = append(readings, control...)
	readings = append(readings, taken(month(2026, 11), 1322)...)
	issue(t, l, month(2026, 7), month(2026, 11), readings)
	// 1222 − 1100 = 122 kWh of 92 days: August 41, September 40, October 41.
	s := l.Statement(month(2026, 10))
	want := "[{2026-08 control 200 41 -884.04} {2026-09 control 200 40 -889.60}]"
	if got := fmt.Sprint(s.Recalculations); got != want || s.KWh() != 41 || s.Method() != charge.ByReadings {
		t.Errorf("%s, %d kWh", got, s.KWh())
	}
	if s := l.Latest(); s.KWh() != 100 || s.Recalculations != nil {
		t.Errorf("the month after: %+v", s)
	}
}

// A meter replaced in the middle of a month: both count.
func TestMeterReplaced(t *testing.T) {
	t.Parallel()
	l := household(tariff.City, 1)
	readings := append(taken(month(2026, 8), 1000), taken(month(2026, 9), 1100)...)
	issue(t, l, month(2026, 9), month(2026, 9), readings)
	at := time.Date(2026, 10, 15, 12, 0, 0, 0, zone)
	l.Account.Meters[0].OutOfServiceSince = at
	l.Account.Meters = append(l.Account.Meters, billing.Meter{ID: 2, Serial: "2", Digits: 6, Registers: billing.Registers(1)})
	readings = append(readings,
		billing.Reading{Meter: 1, Register: "T1", Value: 1150, At: at.Add(-time.Minute), Source: billing.SourceControl, Period: month(2026, 10)},
		billing.Reading{Meter: 2, Register: "T1", Value: 3, At: at, Source: billing.SourceInstallation, Period: month(2026, 10)},
		billing.Reading{Meter: 2, Register: "T1", Value: 43, At: at.AddDate(0, 0, 9), Source: billing.SourceCustomer, Period: month(2026, 10)},
		billing.Reading{Meter: 2, Register: "T1", Value: 143, At: at.AddDate(0, 1, 9), Source: billing.SourceCustomer, Period: month(2026, 11)})
	issue(t, l, month(2026, 10), month(2026, 11), readings)
	if s := &l.Statements[1]; s.KWh() != 50+40 || s.Method() != charge.ByReadings || len(s.Registers) != 2 {
		t.Errorf("October: %d kWh, %s", s.KWh(), states(s.Registers))
	}
	if s := &l.Statements[2]; s.KWh() != 100 || len(s.Registers) != 1 {
		t.Errorf("November: %d kWh, %s", s.KWh(), states(s.Registers))
	}
}

// The verification has expired, a value is lower than before: by average.
func TestReadingsThatDoNotCount(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*bill.Ledger, []billing.Reading){
		"expired": func(l *bill.Ledger, _ []billing.Reading) {
			l.Account.Meters[0].VerifiedUntil = time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
		},
		"lower":    func(_ *bill.Ledger, r []billing.Reading) { r[len(r)-1].Value = 5 },
		"estimate": func(_ *bill.Ledger, r []billing.Reading) { r[len(r)-1].Source = billing.SourceEstimate },
	} {
		l := household(tariff.City, 1)
		var readings []billing.Reading
		for i := range 5 {
			readings = append(readings, taken(month(2026, 6).Add(i), billing.KWh(1000+100*i))...)
		}
		change(l, readings)
		issue(t, l, month(2026, 7), month(2026, 10), readings)
		if s := l.Latest(); s.Method() != charge.ByAverage || s.KWh() != 100 {
			t.Errorf("%s: %s %d", name, s.Method(), s.KWh())
		}
	}
}

func TestLegal(t *testing.T) {
	t.Parallel()
	l := household(tariff.Legal, 1)
	l.Payer.Kind = debt.Business
	l.Contract = bill.Contract{Category: 1, Voltage: tariff.LV, Power: 15_000}
	readings := append(taken(month(2025, 9), 0), taken(month(2025, 10), 2890)...)
	for i := range 11 {
		readings = append(readings, taken(month(2025, 11).Add(i), billing.KWh(2890+3000*(i+1)))...)
	}
	issue(t, l, month(2025, 10), month(2026, 10), readings)
	s := l.Latest()
	if s.Legal == nil || s.Legal.KWh != 2890 || s.Method() != charge.ByPriorYear || s.Legal.Net != 2999820 { // 2890 × 10.38
		t.Fatalf("%+v", s.Legal)
	}
	list, err := l.Installments(s, calendar.Published())
	if err != nil || len(list) != 3 || list[0].Sum+list[1].Sum+list[2].Sum != s.Charged() || list[2].Due != date(t, "2026-11-18") {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := l.Installments(&l.Statements[0], calendar.Published()); err != nil || len(list) != 1 {
		t.Errorf("the first month: %+v, %v", list, err)
	}
	if _, err := issuer.Issue(l, month(2026, 11), nil); !errors.Is(err, tariff.ErrNoPrice) {
		t.Errorf("prices that are not out: %v", err)
	}
	// Explained: the same energy, another price.
	e, err := l.Explain(month(2026, 10), pricer)
	if err != nil || e.Before == nil || e.Now.Price.String() != "10.38" || e.Before.Price.String() != "9.51" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	l := household(tariff.City, 1)
	readings := taken(month(2026, 7), 1000)
	readings = append(readings, taken(month(2026, 8), 1200)...)
	readings = append(readings, taken(month(2026, 9), 1400)...)
	readings = append(readings, taken(month(2026, 10), 1700)...)
	issue(t, l, month(2026, 8), month(2026, 10), readings)
	pay(l, "1", date(t, "2026-09-10"), 1112_00, month(2026, 8))
	e, err := l.Explain(month(2026, 10), pricer)
	if err != nil {
		t.Fatal(err)
	}
	// 200 × 5.56 → 300 × 6.19, and September was not paid.
	want := "[{balance 1112.00} {volume 556.00} {tariff 189.00}]"
	if got := fmt.Sprint(e.Causes); got != want || e.MethodChanged || e.Now.KWh != 300 || e.Before.KWh != 200 || e.Before.Act != e.Now.Act {
		t.Errorf("%s: %+v", got, e)
	}
	if e, err := l.Explain(month(2026, 8), pricer); err != nil || e.Before != nil || e.Causes != nil || e.Now.Total != 1112_00 {
		t.Errorf("the first bill: %+v, %v", e, err)
	}
	if _, err := l.Explain(month(2026, 11), pricer); !errors.Is(err, bill.ErrNoBill) {
		t.Errorf("no bill: %v", err)
	}
}
