package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
)

var (
	october = billing.Period{Year: 2026, Month: time.October}
	today   = calendar.Date{Year: 2026, Month: time.November, Day: 27}
)

func ledger(t testing.TB, d *postgres.DB, number string) bill.Ledger {
	t.Helper()
	l, found, err := d.Ledger(t.Context(), billing.AccountNumber(number))
	if err != nil || !found {
		t.Fatalf("ledger of %s: found %v, %v", number, found, err)
	}
	return l
}

// Each account of spec §5.1 shows on 27.11.2026 what its row says.
func TestDemoLedgers(t *testing.T) {
	t.Parallel()
	d := demo(t)
	book := prices.Book()
	for _, tc := range []struct {
		number string
		months int
		// What the last bill says: volume and method, its charge, and what is
		// to be paid on 27.11.2026.
		last, charged, total string
	}{
		{"0145201372", 12, "214 readings", "1324.66", "0.00"},
		{"0203118468", 12, "305 readings", "1604.60", "1604.60"},
		{"0344172085", 12, "280 readings", "1191.96", "0.00"},
		{"0477002158", 12, "1600 readings", "7424.00", "0.00"},
		{"0561209347", 12, "170 average", "1052.30", "0.00"},
		{"0633084512", 12, "154 norm", "714.56", "0.00"},
		{"0755190626", 12, "191 average", "1182.29", "0.00"},
		{"0822067138", 12, "340 readings", "1999.20", "0.00"},
		{"0104552013", 12, "258 readings", "1597.02", "0.00"},
		{"0207319443", 12, "224 readings", "1180.61", "0.00"},
		{"0207319526", 12, "20 readings", "123.80", "0.00"},
		{"0309188274", 12, "249 readings", "1541.31", "10159.81"},
		{"0412003659", 12, "171 readings", "952.47", "0.00"},
		{"ЭС-0123/26", 10, "3040 readings", "38497.34", "0.00"},
		{"ЭС-0789/26", 10, "3300 readings", "15312.00", "0.00"},
	} {
		l := ledger(t, d, tc.number)
		b, err := l.Bill(october, today, book)
		if err != nil {
			t.Errorf("%s: %v", tc.number, err)
			continue
		}
		if last := fmt.Sprintf("%d %s", b.KWh(), b.Method()); last != tc.last || b.Charged.String() != tc.charged || b.Total.String() != tc.total || len(l.Statements) != tc.months {
			t.Errorf("%s: %d months, %s, charged %v, total %v", tc.number, len(l.Statements), last, b.Charged, b.Total)
		}
		if _, err := l.Explain(october, charge.Pricer{Book: book}); err != nil {
			t.Errorf("%s: %v", tc.number, err)
		}
	}
	if l := ledger(t, d, "ЭС-0456/25"); l.Latest() != nil || l.Contract.Category != 4 || l.Contract.Power != 800_000 || l.Payer.Kind != debt.Business {
		t.Errorf("account 14: %+v", l.Contract)
	}
	if _, found, err := d.Ledger(t.Context(), "0100000017"); found || err != nil {
		t.Errorf("an account that does not exist: %v, %v", found, err)
	}
}

// What makes the special accounts special.
func TestDemoLedgersAreSpecial(t *testing.T) {
	t.Parallel()
	d := demo(t)
	book := prices.Book()
	four := ledger(t, d, "0477002158")
	winter := four.Statement(billing.Period{Year: 2026, Month: time.January})
	if winter.KWh() != 4500 || len(winter.Lines) != 1 || winter.Energy().String() != "18270.00" { // × 4.06
		t.Errorf("4: %+v", winter)
	}
	six := ledger(t, d, "0633084512")
	var methods []string
	for i := range six.Statements[8:] {
		methods = append(methods, string(six.Statements[8+i].Method()))
	}
	if s := strings.Join(methods, " "); s != "average average average norm" {
		t.Errorf("6: %s", s)
	}
	eleven := ledger(t, d, "0309188274")
	b, err := eleven.Bill(october, today, book)
	if err != nil {
		t.Fatal(err)
	}
	norm, err := bill.Calculator{Pricer: charge.Pricer{Book: book}, Consumer: eleven.Consumer, On: today}.ByNorm()
	if err != nil || !debt.MayRestrict(b.Overdue, norm.Sum) || b.Fines <= 0 || eleven.Notice == nil || eleven.Notice.After.String() != "2026-11-29" {
		t.Errorf("11: %+v, norm %v, %+v, %v", b, norm.Sum, eleven.Notice, err)
	}
	twelve := ledger(t, d, "0412003659")
	if b, err := twelve.Bill(october, today, book); err != nil || b.Subsidy.String() != "640.00" {
		t.Errorf("12: %+v, %v", b, err)
	}
	thirteen := ledger(t, d, "ЭС-0123/26")
	if s := thirteen.Latest(); s.Legal == nil || s.Legal.Price.String() != "10.38" || thirteen.Payer.TaxID != "0000120139" || len(thirteen.Payments) < 20 {
		t.Errorf("13: %+v, %d payments", s.Legal, len(thirteen.Payments))
	}
	fifteen := ledger(t, d, "ЭС-0789/26")
	if s := fifteen.Latest(); s.Lines[0].Group != "G3" || fifteen.Payer.Kind != debt.Equated || fifteen.Consumer.Households != 60 {
		t.Errorf("15: %+v", s)
	}
	for _, number := range []string{"0755190626", "0561209347"} { // 7, 5
		l := ledger(t, d, number)
		s := l.Latest()
		if s.Registers[0].Before == nil || s.Registers[0].After != nil || s.Registers[0].Before.On.Month != time.August {
			t.Errorf("%s: %+v", number, s.Registers)
		}
	}
	one := ledger(t, d, "0145201372")
	if one.Payer.Phone.Reveal() != "+70000000001" || one.Contract.ServiceID() != "00AA000001-01" || len(one.Readings) != 13 ||
		one.Readings[0].Value != 14712 || one.Contract.Since.String() != "2012-03-01" {
		t.Errorf("1: %+v, %+v, %d readings", one.Payer, one.Contract, len(one.Readings))
	}
	if text := fmt.Sprintf("%v %+v %#v", one.Payer, one.Account, one.Contract.Number); strings.Contains(text, "000-00-01") || strings.Contains(text, "Садовая") || strings.Contains(text, "0145201372") {
		t.Errorf("personal data are printed: %s", text)
	}
}

// Loading twice, and over accounts of an older program, changes nothing and
// adds what is missing.
func TestDemoLedgersLoadAgain(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	before := ledger(t, d, "0309188274")
	conn := pgtest.Conn(t, url)
	exec(t, conn, `DELETE FROM payments WHERE reference = 'demo-2026-03-1'`)
	exec(t, conn, `DELETE FROM statements WHERE period = '2026-10-01'`)
	exec(t, conn, `UPDATE accounts SET since = NULL, rooms = 1 WHERE number = '0309188274'`)
	must(t, d.LoadDemo(t.Context()))
	must(t, d.LoadDemo(t.Context()))
	if diff := cmp.Diff(before, ledger(t, d, "0309188274")); diff != "" {
		t.Errorf("the ledger differs (-before +after):\n%s", diff)
	}
	if _, err := conn.Exec(t.Context(), `UPDATE statements SET body = '{}'`); err == nil || !strings.Contains(err.Error(), "stays as it was") {
		t.Errorf("a statement was changed: %v", err)
	}
}

func BenchmarkLedger(b *testing.B) {
	d := demo(b)
	b.ReportAllocs()
	for b.Loop() {
		ledger(b, d, "0203118468")
	}
}
