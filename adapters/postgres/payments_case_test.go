package postgres_test

import (
	"fmt"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/billing/money"
	"okoshko/core/chat"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

const fee money.Kopecks = 195000

// ordered is a register with a case that orders a service for a fee.
func ordered(t *testing.T, price money.Kopecks) (*bureau, appeal.Number) {
	t.Helper()
	b := newBureau(t, "2026-11-24 12:00")
	f := filing(appeal.Application)
	f.Price = price
	done, err := b.RegisterCase(t.Context(), b.click(asker), f)
	must(t, err)
	return b, done.Number
}

// pay starts a payment for a case in a conversation; whatever sum is wished.
func (b *bureau) pay(t *testing.T, c chat.Conversation, n appeal.Number) payment.Opened {
	t.Helper()
	done, err := b.StartPayment(t.Context(), dialog.Effect(b.click(c)), payment.Wish{Case: n, Sum: 100})
	must(t, err)
	return done
}

func (b *bureau) report(t *testing.T, p payment.Payment, s payment.State) payment.Reported {
	t.Helper()
	done, err := b.ReportPayment(t.Context(), fmt.Sprintf("%s/%s", p.Number, s), payment.Report{Number: p.Number, State: s, Sum: p.Sum, At: b.now()})
	must(t, err)
	return done
}

// The sum is that of the day of the order, whatever is wished; paid is paid, and
// stands in no ledger; what went back can be paid again.
func TestACaseIsPaidOnce(t *testing.T) {
	t.Parallel()
	b, n := ordered(t, fee)
	done := b.pay(t, asker, n)
	if done.Refused || done.Sum != fee || done.Case != n || done.Account != "" {
		t.Fatalf("started: %+v", done)
	}
	numbers := make([]payment.Number, 6)
	together(len(numbers), func(i int) {
		again, err := b.StartPayment(t.Context(), dialog.Effect(b.click(asker)), payment.Wish{Case: n})
		if err != nil {
			t.Error(err)
		}
		numbers[i] = again.Number
	})
	for _, number := range numbers {
		if number != done.Number {
			t.Errorf("pressed at once: %v", numbers)
		}
	}
	before := count(t, b.conn, `SELECT count(*) FROM payments`)
	b.report(t, done.Payment, payment.Paid)
	b.report(t, done.Payment, payment.Paid) // replayed
	made, err := b.PaymentsOfCase(t.Context(), n)
	if err != nil || len(made) != 1 || made[0].State != payment.Paid || !made[0].Moved.Equal(b.now()) || made[0].Case != n {
		t.Errorf("payments: %+v, %v", made, err)
	}
	if count(t, b.conn, `SELECT count(*) FROM payments`) != before {
		t.Error("it stands in a ledger")
	}
	if told := count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = 'tell_payment'`); told != 1 {
		t.Errorf("told %d times", told)
	}
	if again := b.pay(t, asker, n); !again.Refused || again.Why != payment.AlreadyPaid {
		t.Errorf("paid twice: %+v", again)
	}
	if moved := b.report(t, done.Payment, payment.Refunded); moved.State != payment.Refunded {
		t.Errorf("refunded: %+v", moved)
	}
	if again := b.pay(t, asker, n); again.Refused || again.Number == done.Number {
		t.Errorf("after the refund: %+v", again)
	}
	if p, found, err := b.Payment(t.Context(), asker, done.Number); err != nil || !found || p.Case != n {
		t.Errorf("found: %+v, %v, %v", p, found, err)
	}
}

// Two in two chats of one account, or at one moment, have one page.
func TestTheFirstPaymentOfACaseStartedAtOnce(t *testing.T) {
	t.Parallel()
	b, n := ordered(t, fee)
	together(8, func(int) {
		if _, err := b.StartPayment(t.Context(), dialog.Effect(b.click(asker)), payment.Wish{Case: n}); err != nil {
			t.Error(err)
		}
	})
	if rows := count(t, b.conn, `SELECT count(*) FROM payment_orders`); rows != 1 {
		t.Errorf("%d payments", rows)
	}
}

// Nobody pays for another's case, one that costs nothing, or one that has ended;
// money that comes for a withdrawn case is to go back.
func TestWhichCaseIsPaid(t *testing.T) {
	t.Parallel()
	b, n := ordered(t, fee)
	if done := b.pay(t, "tg:200", n); done.Why != payment.NoCase {
		t.Errorf("another's: %+v", done)
	}
	if done := b.pay(t, asker, appeal.Number{Kind: appeal.Application, Year: 2026, Serial: 77}); done.Why != payment.NoCase {
		t.Errorf("none: %+v", done)
	}
	if done := b.pay(t, asker, b.file(t, appeal.Application)); done.Why != payment.NoPrice {
		t.Errorf("free: %+v", done)
	}
	done := b.pay(t, asker, n)
	b.does(t, "customer", n, life.Do{Event: life.Withdraw})
	if late := b.pay(t, asker, n); late.Why != payment.Ended {
		t.Errorf("withdrawn: %+v", late)
	}
	b.report(t, done.Payment, payment.Paid)
	if owed := count(t, b.conn, `SELECT count(*) FROM payment_orders o JOIN cases c ON c.number = o.case_number
WHERE o.state = 'paid' AND c.resolution = 'withdrawn'`); owed != 1 { // as in docs/operations.md
		t.Errorf("%d are to be refunded", owed)
	}
}

// A quiet payment of a case is looked up as any other.
func TestAQuietPaymentOfACase(t *testing.T) {
	t.Parallel()
	b, n := ordered(t, fee)
	done := b.pay(t, asker, n)
	opened, err := b.OpenPayment(t.Context(), done.Number, "https://bank.example/1")
	if err != nil || opened.Case != n || opened.Page == "" {
		t.Errorf("opened: %+v, %v", opened, err)
	}
	b.set(t, "2026-11-24 12:10")
	list, err := b.QuietPayments(t.Context(), b.now().Add(-payment.Quiet), 9)
	if err != nil || len(list) != 1 || list[0].Case != n {
		t.Errorf("quiet: %+v, %v", list, err)
	}
}
