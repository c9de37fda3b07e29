package payment_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/payment"
)

var all = []payment.State{
	payment.Started, payment.Paid, payment.Refused, payment.Expired, payment.Refunded, payment.Disputed,
}

// Every state under every report.
func TestJudge(t *testing.T) {
	t.Parallel()
	moved := map[[2]payment.State]bool{
		{payment.Started, payment.Paid}: true, {payment.Started, payment.Refused}: true, {payment.Started, payment.Expired}: true,
		{payment.Started, payment.Refunded}: true,
		{payment.Refused, payment.Paid}:     true, {payment.Refused, payment.Refunded}: true,
		{payment.Expired, payment.Paid}: true, {payment.Expired, payment.Refunded}: true,
		{payment.Disputed, payment.Paid}: true, {payment.Disputed, payment.Refunded}: true,
		{payment.Paid, payment.Refunded}: true,
	}
	for _, from := range all {
		for _, reported := range all[:5] { // nobody reports Disputed
			p := payment.Payment{Sum: 123456, State: from}
			want, verdict := from, payment.Known
			if moved[[2]payment.State{from, reported}] {
				want, verdict = reported, payment.Moved
			}
			if got, v := p.Judge(payment.Report{State: reported, Sum: 123456}); got != want || v != verdict {
				t.Errorf("%s, reported %s: %s %s, want %s %s", from, reported, got, v, want, verdict)
			}
		}
	}
}

// Another sum is never counted, whatever the payment's state.
func TestAnotherSum(t *testing.T) {
	t.Parallel()
	for _, from := range all {
		for _, reported := range []payment.State{payment.Paid, payment.Refunded} {
			for _, sum := range []money.Kopecks{0, -123456, 100, 123455, 123457, 12345600} {
				p := payment.Payment{Sum: 123456, State: from}
				got, v := p.Judge(payment.Report{State: reported, Sum: sum})
				want := payment.Disputed
				if from.Final() {
					want = from
				}
				if got != want || v != payment.OtherSum {
					t.Errorf("%s, reported %s of %v: %s %s, want %s", from, reported, sum, got, v, want)
				}
			}
		}
	}
	// Nothing was taken: the sum means nothing.
	p := payment.Payment{Sum: 123456, State: payment.Started}
	if got, v := p.Judge(payment.Report{State: payment.Refused}); got != payment.Refused || v != payment.Moved {
		t.Errorf("refused without a sum: %s %s", got, v)
	}
}

// Whatever is reported, in whatever order and however often, a payment is
// counted at most once and taken back at most once, and never the other way
// round.
func TestReportsInAnyOrder(t *testing.T) {
	t.Parallel()
	var walk func(p payment.Payment, credits, takes, depth int)
	walk = func(p payment.Payment, credits, takes, depth int) {
		if credits > 1 || takes > credits {
			t.Fatalf("counted %d times, taken back %d times", credits, takes)
		}
		if depth == 0 {
			return
		}
		for _, reported := range all[:5] {
			for _, sum := range []money.Kopecks{p.Sum, 1} {
				next := p
				next.State, _ = p.Judge(payment.Report{State: reported, Sum: sum})
				c, k := credits, takes
				if p.State != payment.Paid && next.State == payment.Paid {
					c++
				}
				if p.State == payment.Paid && next.State != payment.Paid {
					k++
				}
				walk(next, c, k, depth-1)
			}
		}
	}
	walk(payment.Payment{Sum: 500, State: payment.Started}, 0, 0, 5)
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	seen := map[payment.Number]bool{}
	for range 1000 {
		n := payment.NewNumber()
		if back, err := payment.ParseNumber(n.String()); err != nil || back != n || seen[n] {
			t.Fatalf("%s: %v, %v, seen %v", n, back, err, seen[n])
		}
		seen[n] = true
	}
	for _, bad := range []string{
		"", "4821-0937-5517", "482109375516 0", "48210937551", strings.Repeat("0", 13), "4821-0937-551x", "٤٨٢١٠٩٣٧٥٥١٦", "'; DROP TABLE--",
	} {
		if n, err := payment.ParseNumber(bad); !errors.Is(err, payment.ErrNumber) || n != "" {
			t.Errorf("%q: %q, %v", bad, n, err)
		}
	}
}

func TestParseSum(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.Kopecks{
		"1250": 125000, "1250,40": 125040, "1250.4": 125040, "1 250,40": 125040, "1 250": 125000, "1250 ₽": 125000,
		"1250р": 125000, "1250 руб.": 125000, "1250 руб. 40 коп.": 125040, "1250 рублей 40 копеек": 125040, "1250р 40к": 125040,
		"1250-40": 125040, " 1 000 000 ": 1_000_000_00, "10": 1000, "10,00": 1000, "0010": 1000, "1 042 rub": 104200,
		"500 rubles": 50000, "1250=40": 125040, "10 РУБ": 1000, "٥٠٠": 50000, "５００，５０": 50050, "1250–40": 125040,
		"40,000.50": 40_000_50, "40 000,50": 40_000_50, "1.234,56": 1234_56, "1,234.5": 1234_50, "40,000": 40_000_00, "1.234": 1234_00,
		"1.000.000": 1_000_000_00, "40,000.50 rub": 40_000_50, "1,234 руб. 56 коп.": 1234_56,
	} {
		if got, err := payment.ParseSum(text); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"": payment.ErrNoSum, "всё": payment.ErrNoSum, "1250,405": payment.ErrNoSum, "1e9": payment.ErrNoSum, "NaN": payment.ErrNoSum,
		"12 50": payment.ErrNoSum, "0145201372 и 5": payment.ErrNoSum, strings.Repeat("9", 40): payment.ErrNoSum,
		"1,2,3": payment.ErrNoSum, "500 $": payment.ErrNoSum, "\x00": payment.ErrNoSum, "0x10": payment.ErrNoSum, "+500": payment.ErrNoSum,
		"0.500": payment.ErrNoSum, "1,234,50": payment.ErrNoSum, "1.234.50": payment.ErrNoSum, "1,234.567": payment.ErrNoSum, "1.234,567": payment.ErrNoSum,
		"0": payment.ErrTooLow, "9,99": payment.ErrTooLow, "1": payment.ErrTooLow, "-5": payment.ErrTooLow, "\u22125": payment.ErrTooLow, "-1 250,40": payment.ErrTooLow,
		"1000000,01": payment.ErrTooHigh, "999999999999999": payment.ErrTooHigh, "1 000 001": payment.ErrTooHigh,
	} {
		if got, err := payment.ParseSum(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"4111 1111 1111 1111": true, "2200-0000-0000-0004": true, "4111111111111112": true, "４１１１１１１１１１１１１１１１": true,
		"1 000 000": false, "999999999999": false, "0145201372": false, "4111 1111 1111 1111 12/29": false, "": false, "карта 4111111111111111": false,
	} {
		if payment.Card(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// FuzzParseSum: whatever is written, a sum that is taken can be paid.
func FuzzParseSum(f *testing.F) {
	for _, seed := range []string{"1250,40", "1 250 руб. 40 коп.", "-1", "999999999999999", "₽", "1-1", "40,000.50", "1.234,56", "0.500"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := payment.ParseSum(text)
		if err == nil && (k < payment.Least || k > payment.Most) {
			t.Errorf("%q: %v", text, k)
		}
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	open := payment.Payment{State: payment.Started, Page: "https://bank.example/p/1", Until: now.Add(time.Minute)}
	if !open.Open(now) || open.Open(now.Add(time.Minute)) {
		t.Error("its time")
	}
	unanswered, paid := open, open
	unanswered.Page, paid.State = "", payment.Paid
	if unanswered.Open(now) || paid.Open(now) {
		t.Error("its state")
	}
}
