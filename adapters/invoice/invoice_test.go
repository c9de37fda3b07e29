package invoice_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/invoice"
	"okoshko/adapters/paper/papertest"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/payqr"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

var september = billing.Period{Year: 2026, Month: time.September}

func clerk() *invoice.Clerk {
	return invoice.New(bill.Supplier{
		Payee: payqr.Payee{
			Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101", Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК",
			BIC: "040000777", Corresp: "30101810900000000777", INN: "0000123450", KPP: "000101001",
		},
		Phone: "8 800 000-01-01", Email: "info@starogorenergosbyt.example",
	})
}

// ledger is an organisation's that is priced by the hour, with a month's documents.
func ledger(t *testing.T, name string) *bill.Ledger {
	t.Helper()
	book, days := demo.Book(), calendar.Published()
	prices, err := book.Hourly(september, 4, tariff.From670kW, tariff.MV1, days)
	if err != nil {
		t.Fatal(err)
	}
	load := make([]billing.KWh, len(prices.Hours))
	for i := range load {
		load[i] = billing.KWh(200 + 17*(i%24))
	}
	h, err := charge.ByHour(book, prices, load, days)
	if err != nil {
		t.Fatal(err)
	}
	l := &bill.Ledger{
		Account: billing.Account{Number: "ЭС-0456/25", Legal: true},
		Payer: bill.Payer{
			Name: privacy.NewPersonName(name), TaxID: "0000456146", Address: privacy.NewAddress("Каменноборск", "Заводской пр.", "1"),
		},
	}
	l.Deliver(bill.Document{
		Kind: bill.Invoice, Period: september, Issued: calendar.Date{Year: 2026, Month: 10, Day: 5},
		Due: calendar.Date{Year: 2026, Month: 10, Day: 19}, Hourly: &h,
	})
	return l
}

// Every document holds what its kind is about, on one page, inside it.
func TestDocuments(t *testing.T) {
	t.Parallel()
	l := ledger(t, "АО «Завод Сплав»")
	total := l.Documents[0].Total()
	grouped := func(k money.Kopecks) string { return strings.ReplaceAll(k.String(), ".", ",") }
	for kind, want := range map[bill.DocumentKind][]string{
		bill.Invoice:        {"Счёт на оплату № 0456-09/26-1", "от 05.10.2026", "Оплатите до 19.10.2026", "40702810900000000101"},
		bill.Act:            {"Акт приёма-передачи", "№ 0456-09/26-2", "в течение трёх рабочих дней"},
		bill.TaxInvoice:     {"счёт-фактура", "№ 0456-09/26-3", "НДС 22 %"},
		bill.Reconciliation: {"Акт сверки", "с 01.07.2026 по 30.09.2026", "акт № 0456-09/26-2", "Задолженность потребителя"},
	} {
		d := l.Document(kind, september)
		if d == nil {
			t.Errorf("there is no %s", kind)
			continue
		}
		file, err := clerk().Write(l, d)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if dir := os.Getenv("OKOSHKO_TEST_KEEP"); dir != "" {
			if err := os.WriteFile(dir+"/"+string(kind)+".pdf", file, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		text, pages := papertest.Text(t, file)
		if pages != 1 {
			t.Errorf("%s: %d pages", kind, pages)
		}
		papertest.Fits(t, file)
		for _, line := range append(want, "АО «Завод Сплав»", "0000456146", "ЭС-0456/25", "0000123450") {
			if !strings.Contains(text, papertest.Squeeze(line)) {
				t.Errorf("%s: %q is missing", kind, line)
			}
		}
		if plain := strings.ReplaceAll(text, "\u00a0", ""); !strings.Contains(plain, grouped(total)) {
			t.Errorf("%s: the total %s is missing", kind, total)
		}
		again, err := clerk().Write(l, d)
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("%s: another file the second time, %v", kind, err)
		}
	}
}

// The table of hours is read by a spreadsheet, has every hour once and in order,
// and adds up to the energy of the invoice.
func TestHours(t *testing.T) {
	t.Parallel()
	l := ledger(t, "АО «Завод Сплав»")
	file, err := clerk().Write(l, l.Document(bill.HourPrices, september))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OKOSHKO_TEST_KEEP"); dir != "" {
		if err := os.WriteFile(dir+"/hours.csv", file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 1+30*24 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var sum money.Kopecks
	var used int
	for i, row := range rows[1:] {
		day, hour := i/24+1, i%24
		if row[0] != time.Date(2026, time.September, day, 0, 0, 0, 0, time.UTC).Format("02.01.2006") || row[1] != strconv.Itoa(hour) {
			t.Fatalf("row %d is %q", i, row)
		}
		k, err := money.ParseKopecks(row[4])
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		sum, used = sum+k, used+n
	}
	h := l.Documents[0].Hourly
	if sum != h.Energy || billing.KWh(used) != h.KWh || h.Load != nil {
		t.Errorf("the rows are %s and %d kWh, the invoice %s and %d", sum, used, h.Energy, h.KWh)
	}
}

// What cannot be written is refused; absurd names are cut, and stay on the page.
func TestHostile(t *testing.T) {
	t.Parallel()
	l := ledger(t, strings.Repeat("Длинное ООО ", 60)+"🙂\x00<b>=cmd()")
	for _, d := range l.Documents {
		if d.Kind == bill.HourPrices {
			continue
		}
		file, err := clerk().Write(l, &d)
		if err != nil {
			t.Fatal(err)
		}
		papertest.Fits(t, file)
	}
	for name, d := range map[string]*bill.Document{
		"nothing":         nil,
		"no delivery":     {Kind: bill.Act},
		"no entries":      {Kind: bill.Reconciliation},
		"no hours":        {Kind: bill.HourPrices},
		"hours of a year": {Kind: bill.HourPrices, Hourly: &charge.Hourly{Load: slices.Repeat([]billing.KWh{1}, 3)}},
	} {
		if _, err := clerk().Write(l, d); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
