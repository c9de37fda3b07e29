package receipt_test

import (
	"math"
	"strings"
	"testing"

	"okoshko/adapters/paper/papertest"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// strange is a bill of so many lines of each kind, all sums the same, with a
// text wherever one can stand.
func strange(text string, sum money.Kopecks, lines int) (*bill.Ledger, *bill.Bill) {
	l := &bill.Ledger{
		Account:  billing.Account{Number: billing.AccountNumber(text)},
		Payer:    bill.Payer{Name: privacy.NewPersonName(text), Address: privacy.NewAddress(text, text), TaxID: text},
		Contract: bill.Contract{Number: billing.AccountNumber(text), Unified: text},
		Consumer: charge.Consumer{},
		Notice:   &bill.Notice{Sent: issued, After: today},
	}
	s := &bill.Statement{Period: october, Issued: issued, Due: today}
	for i := range lines {
		taken := &bill.Taken{Value: billing.KWh(sum), On: today}
		s.Registers = append(s.Registers, bill.State{Serial: billing.MeterSerial(text), Register: text, Zone: billing.Zone(i), Before: taken, After: taken})
		s.Lines = append(s.Lines, charge.Line{Zone: billing.Zone(i), Range: i, KWh: billing.KWh(sum), Method: charge.Method(text), Act: text, Price: money.PriceOf(sum.Abs()), Sum: sum})
		s.Recalculations = append(s.Recalculations, charge.Recalculation{Period: october, Reason: charge.Reason(text), Before: billing.KWh(sum), Sum: sum})
		s.Extras = append(s.Extras, bill.Extra{Kind: bill.Service, Code: text, Sum: sum}, bill.Extra{Kind: bill.Common, KWh: billing.KWh(sum), Sum: sum})
	}
	if lines > 0 {
		s.Legal = &charge.LegalLine{Period: october, KWh: billing.KWh(sum), Method: charge.Method(text), Net: sum, VAT: sum, Sum: sum}
	}
	return l, &bill.Bill{Statement: s, On: today, Charged: sum, Debt: sum, Fines: sum, Paid: sum, Advance: sum, Total: sum, Subsidy: sum, FinesUnknown: true}
}

// Nothing that can stand in a ledger breaks the paper.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":        "",
		"long words":   strings.Repeat("Щ", 3000),
		"many words":   strings.Repeat("Общество с ограниченной ответственностью ", 60),
		"other script": "日本語 🙂 \x00\x1b \u202e عربى",
		"markup":       `)Tj ET <</JS (x)>> \ ( {name} {account}`,
		"broken":       "\xff\xfe\xed\xa0\x80",
	} {
		for _, sum := range []money.Kopecks{0, 1, -1, 160460, 1_000_000_000_000_000, math.MaxInt64, math.MinInt64 + 1} {
			for _, lines := range []int{0, 1, 40} {
				l, b := strange(text, sum, lines)
				fits(t, name, l, b, lines)
			}
		}
	}
	l, b := strange("Ж", 160460, 200)
	fits(t, "two hundred lines", l, b, 200)
}

func FuzzPrint(f *testing.F) {
	f.Add("Иванова Мария Петровна", int64(160460), uint8(2))
	f.Add("\u202e)Tj", int64(math.MinInt64), uint8(0))
	f.Add(strings.Repeat("я", 500), int64(math.MaxInt64), uint8(30))
	f.Fuzz(func(t *testing.T, text string, sum int64, lines uint8) {
		l, b := strange(text, money.Kopecks(sum), int(lines)%32)
		fits(t, "fuzz", l, b, int(lines))
	})
}

// fits prints a bill and checks that every word lies between the margins.
func fits(t *testing.T, name string, l *bill.Ledger, b *bill.Bill, lines int) {
	t.Helper()
	file, err := printer(t).Print(l, b)
	if err != nil {
		// A code for what no bank can take is refused, not drawn wrong.
		if fault.Of(err) != fault.Invalid || b.ToPay() == 0 {
			t.Errorf("%s, %d, %d lines: %v", name, b.Total, lines, err)
		}
		return
	}
	papertest.Fits(t, file)
}
