package receipt_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/paper/papertest"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/receipt"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/payqr"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

var (
	october  = billing.Period{Year: 2026, Month: time.October}
	today    = calendar.Date{Year: 2026, Month: time.November, Day: 27}
	issued   = calendar.Date{Year: 2026, Month: time.November, Day: 5}
	book     = prices.Book()
	supplier = bill.Supplier{
		Payee: payqr.Payee{
			Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101",
			Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК", BIC: "040000777", Corresp: "30101810900000000777",
			INN: "0000123450", KPP: "000101001",
		},
		Phone: "8 800 000-01-01", Hours: "пн–пт 08:00–20:00, сб 09:00–15:00", Site: "https://sesk.example", Email: "info@sesk.example",
	}
)

func printer(t testing.TB) *receipt.Printer {
	t.Helper()
	p, err := receipt.New(supplier)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRefused(t *testing.T) {
	t.Parallel()
	if _, err := receipt.New(bill.Supplier{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no requisites: %v", err)
	}
	for _, b := range []*bill.Bill{nil, {}} {
		if _, err := printer(t).Print(&bill.Ledger{}, b); !fault.Is(err, fault.Invalid) {
			t.Errorf("no statement: %v", err)
		}
	}
}

// Every bill of the demo holds what the law asks for (Rules 354, п. 69; spec
// §2.4), fits on a page, and its code pays it.
func TestDemoBills(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := printer(t)
	for _, number := range []billing.AccountNumber{
		"0145201372", "0203118468", "0344172085", "0477002158", "0561209347", "0633084512", "0755190626", "0822067138",
		"0104552013", "0207319443", "0207319526", "0309188274", "0412003659", "ЭС-0123/26", "ЭС-0789/26",
	} {
		l, found, err := d.Ledger(t.Context(), number)
		if err != nil || !found {
			t.Fatalf("%s: found %v, %v", string(number), found, err)
		}
		for _, s := range l.Statements {
			days := []calendar.Date{s.Issued}
			if s.Period == october {
				days = append(days, today) // what was paid and is late since
			}
			for _, on := range days {
				b, err := l.Bill(s.Period, on, book)
				if err != nil {
					t.Fatal(err)
				}
				t.Run(fmt.Sprintf("%s/%s/%s", strings.ReplaceAll(string(number), "/", "-"), s.Period, on), func(t *testing.T) {
					file, err := p.Print(&l, &b)
					if err != nil {
						t.Fatal(err)
					}
					check(t, &l, &b, file)
				})
			}
		}
	}
}

// check reads a file as its receiver does and compares it with the bill.
func check(t *testing.T, l *bill.Ledger, b *bill.Bill, file []byte) {
	t.Helper()
	text, pages := papertest.Text(t, file)
	if pages != 1 {
		t.Errorf("%d pages", pages)
	}
	for _, want := range fields(l, b) {
		if !strings.Contains(text, papertest.Squeeze(want)) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	code := scan(t, file)
	if b.ToPay() == 0 {
		if code != nil {
			t.Errorf("nothing is to be paid, and the code says %v", code.Fields)
		}
		return
	}
	if code == nil {
		t.Fatal("there is no code")
	}
	words := "л/с"
	if l.Payer.Kind != debt.Household {
		words = "договор"
	}
	want := []payqr.Field{
		{Key: "Name", Value: supplier.Payee.Name},
		{Key: "PersonalAcc", Value: supplier.Payee.Account},
		{Key: "BankName", Value: supplier.Payee.Bank},
		{Key: "BIC", Value: supplier.Payee.BIC},
		{Key: "CorrespAcc", Value: supplier.Payee.Corresp},
		{Key: "PayeeINN", Value: supplier.Payee.INN},
		{Key: "KPP", Value: supplier.Payee.KPP},
		{Key: "Sum", Value: fmt.Sprint(int64(b.Total))},
		{Key: "Purpose", Value: fmt.Sprintf("Оплата электроэнергии за %s, %s %s", monthOf(b.Period), words, string(l.Account.Number))},
		{Key: "PersAcc", Value: string(l.Account.Number)},
		{Key: "PaymPeriod", Value: fmt.Sprintf("%02d%d", int(b.Period.Month), b.Period.Year)},
		{Key: "TechCode", Value: payqr.Housing},
	}
	if l.Payer.Kind != debt.Household {
		want = want[:len(want)-1] // no payment for housing
	}
	if diff := cmp.Diff(want, code.Fields); diff != "" {
		t.Errorf("the code (-want +got):\n%s", diff)
	}
}

// fields lists what must be read on the paper of a bill.
func fields(l *bill.Ledger, b *bill.Bill) []string {
	p := supplier.Payee
	list := []string{
		p.Name, p.Account, p.Bank, p.BIC, p.Corresp, p.INN, p.KPP, supplier.Phone, supplier.Site, supplier.Email, supplier.Hours,
		string(l.Account.Number), l.Payer.Address.Reveal(), l.Payer.Name.Reveal(), l.Payer.TaxID,
		l.Contract.Unified, l.Contract.ServiceID(), monthOf(b.Period), dayOf(b.Issued), dayOf(b.On),
		"Начислено", sumOf(b.Charged), "Долг", sumOf(b.Debt), "Пени", sumOf(b.Fines), "Оплачено", sumOf(-b.Paid),
		"Переплата", sumOf(-b.Advance), "Субсидии", sumOf(b.Subsidy), "Итого", sumOf(b.Total.Abs()) + " руб.", "К оплате", sumOf(b.ToPay()) + " руб.",
	}
	if b.ToPay() > 0 {
		list = append(list, dayOf(b.Due))
	}
	for _, r := range b.Registers {
		list = append(list, string(r.Serial), r.Register)
		for _, taken := range []*bill.Taken{r.Before, r.After} {
			if taken == nil {
				list = append(list, "не передано")
			} else {
				list = append(list, grouped(int64(taken.Value)), dayOf(taken.On))
			}
		}
	}
	methods := map[charge.Method]string{charge.ByReadings: "по показаниям", charge.ByAverage: "по среднему", charge.ByNorm: "по нормативу"}
	for _, line := range b.Lines {
		list = append(list, "Электроэнергия", grouped(int64(line.KWh)), methods[line.Method], comma(line.Price.String()), sumOf(line.Sum), line.Act, dayOf(line.Since))
		if line.Range > 1 {
			list = append(list, fmt.Sprintf("диапазон %d", line.Range))
		}
	}
	if legal := b.Legal; legal != nil {
		list = append(list, grouped(int64(legal.KWh)), methods[legal.Method], comma(legal.Price.String()), sumOf(legal.Net), sumOf(legal.VAT), "НДС")
	}
	for _, r := range b.Recalculations {
		list = append(list, "Перерасчёт за "+monthOf(r.Period), sumOf(r.Sum), "показание передано позже")
	}
	for _, e := range b.Extras {
		list = append(list, sumOf(e.Sum))
	}
	return list
}

func monthOf(p billing.Period) string {
	return fmt.Sprintf("%s %d", []string{
		"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
	}[p.Month-1], p.Year)
}

func dayOf(d calendar.Date) string { return fmt.Sprintf("%02d.%02d.%d", d.Day, int(d.Month), d.Year) }

func comma(s string) string { return strings.Replace(s, ".", ",", 1) }

// grouped writes a whole number below a billion as the paper does, blanks left
// out.
func grouped(n int64) string { return fmt.Sprint(n) }

func sumOf(k money.Kopecks) string {
	return comma(strings.Replace(k.String(), "-", "−", 1))
}
