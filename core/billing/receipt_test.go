package billing_test

import (
	"errors"
	"strings"
	"testing"

	"okoshko/core/billing"
)

func TestReceipt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		r    billing.Receipt
		want string
	}{
		{billing.Receipt{Year: 2026, Sequence: 123}, "ПП-26-000-123-5"},
		{billing.Receipt{Year: 2026, Sequence: 999_999}, "ПП-26-999-999-1"},
		{billing.Receipt{Year: 2027, Sequence: 1_000_000}, "ПП-27-001-000-000-7"},
	} {
		if got := tc.r.String(); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
	for _, text := range []string{
		"ПП-26-000-123-5", "пп 26 000 123 5", "ПП260001235", "260001235", "PP-26-000-123-5",
		"ПП-26-000123-5", "№ ПП—26—000—123—5", "Пp-26-000-123-5",
	} {
		if got, err := billing.ParseReceipt(text); err != nil || got != (billing.Receipt{Year: 2026, Sequence: 123}) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]error{
		"ПП-26-000-124-5": billing.ErrReceiptDigits, "ПП-26-000-213-5": billing.ErrReceiptDigits,
		"ПП-26-000-123": billing.ErrReceiptForm, "ПП-26-000-000-5": billing.ErrReceiptForm, "": billing.ErrReceiptForm,
		"ЖЖ-26-000-123-5": billing.ErrReceiptForm, "260 пп 001235": billing.ErrReceiptForm,
		strings.Repeat("1", 300): billing.ErrReceiptForm,
	} {
		if got, err := billing.ParseReceipt(text); !errors.Is(err, want) || got != (billing.Receipt{}) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

// Every single wrong digit must be noticed, or the check digit is worth nothing.
func TestReceiptNoticesOneWrongDigit(t *testing.T) {
	t.Parallel()
	good := "260001235"
	for i := range good {
		for d := byte('0'); d <= '9'; d++ {
			if d == good[i] {
				continue
			}
			bad := good[:i] + string(d) + good[i+1:]
			if got, err := billing.ParseReceipt(bad); err == nil {
				t.Errorf("%s read as %v", bad, got)
			}
		}
	}
}
