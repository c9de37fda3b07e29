package bill_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"okoshko/core/billing/bill"
	"okoshko/core/billing/payqr"
	"okoshko/core/billing/tariff"
)

func TestOrder(t *testing.T) {
	t.Parallel()
	l := household(tariff.Electric, 2)
	l.Account.Number = "0203118468"
	issue(t, l, month(2026, 10), month(2026, 10), append(taken(month(2026, 9), 12000, 5000), taken(month(2026, 10), 12210, 5095)...))
	payee := payqr.Payee{
		Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101",
		Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК", BIC: "040000777", Corresp: "30101810900000000777",
	}
	b, err := l.Bill(month(2026, 10), date(t, "2026-11-27"), book)
	if err != nil {
		t.Fatal(err)
	}
	o, ok := l.Order(&b, payee, "Оплата электроэнергии")
	text, err := o.Encode()
	if !ok || err != nil || !strings.HasSuffix(string(text), "|Sum=160460|Purpose=Оплата электроэнергии|PersAcc=0203118468|PaymPeriod=102026|TechCode=02") {
		t.Errorf("%v, %v: %s", ok, err, text)
	}
	pay(l, "1", date(t, "2026-11-26"), b.Total, month(2026, 10))
	if b, err := l.Bill(month(2026, 10), date(t, "2026-11-27"), book); err != nil || b.Total != 0 {
		t.Errorf("paid: %+v, %v", b, err)
	} else if _, ok := l.Order(&b, payee, ""); ok {
		t.Error("a bill that is paid is offered for payment")
	}
}

// A ledger tells logs and prints nothing of whom it is about.
func TestLedgerIsMasked(t *testing.T) {
	t.Parallel()
	l := *household(tariff.City, 1)
	l.Account.Number, l.Contract.Number = "0203118468", "0203118468"
	l.Account.Meters[0].Serial = "027710462"
	issue(t, &l, month(2026, 10), month(2026, 10), append(taken(month(2026, 9), 1), taken(month(2026, 10), 2)...))
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("ledger", "value", l, "pointer", &l)
	fmt.Fprintf(&b, "%v %+v %#v", l, &l, []bill.Ledger{l})
	if strings.Contains(b.String(), "0203118468") || strings.Contains(b.String(), "027710462") {
		t.Error(b.String())
	}
}
