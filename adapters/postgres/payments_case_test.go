package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing/money"
	"okoshko/core/chat"
	"okoshko/core/payment"
	"okoshko/core/staff"
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

// refunds is how many tasks to give money back there are for a case, and how many
// letters went to who has them.
func (b *bureau) refunds(t testing.TB, n appeal.Number) (tasks, letters int) {
	t.Helper()
	list, err := b.TasksOfCase(t.Context(), n)
	must(t, err)
	for _, k := range list {
		if k.What == life.ToRefund {
			tasks++
			if k.Role != staff.ApplicationRouter || k.Staff != 0 {
				t.Errorf("it is %+v's", k)
			}
		}
	}
	return tasks, count(t, b.conn, `SELECT count(*) FROM river_job WHERE kind = 'mail_case' AND args->>'what' = 'refund' AND args->>'number' = $1`, n.String())
}

// Whatever makes money owed makes it somebody's work, once, who is rid of it when
// it is back, and only then (R-5.1.3-f).
func TestMoneyThatIsOwedIsSomebodysWork(t *testing.T) {
	t.Parallel()
	for what, owe := range map[string]func(*bureau, appeal.Number) payment.Payment{
		"withdrawn after it was paid": func(b *bureau, n appeal.Number) payment.Payment {
			done := b.pay(t, asker, n)
			b.report(t, done.Payment, payment.Paid)
			if tasks, _ := b.refunds(t, n); tasks != 0 {
				t.Errorf("paid, and %d to give back", tasks)
			}
			b.does(t, "customer", n, life.Do{Event: life.Withdraw})
			return done.Payment
		},
		"paid after it was withdrawn": func(b *bureau, n appeal.Number) payment.Payment {
			done := b.pay(t, asker, n)
			b.does(t, "customer", n, life.Do{Event: life.Withdraw})
			b.report(t, done.Payment, payment.Paid)
			return done.Payment
		},
		"paid twice": func(b *bureau, n appeal.Number) payment.Payment {
			first := b.pay(t, asker, n)
			b.report(t, first.Payment, payment.Refused)
			second := b.pay(t, asker, n)
			b.report(t, second.Payment, payment.Paid)
			b.report(t, first.Payment, payment.Paid)
			made, err := b.PaymentsOfCase(t.Context(), n)
			must(t, err)
			for _, p := range made {
				if r, err := b.FindCase(t.Context(), n); err == nil && p.Owed(&r.Case, made) {
					return p
				}
			}
			t.Error("nothing is owed")
			return first.Payment
		},
	} {
		b, n := ordered(t, fee)
		p := owe(b, n)
		if tasks, letters := b.refunds(t, n); tasks != 1 || letters != 1 {
			t.Errorf("%s: %d tasks, %d letters", what, tasks, letters)
		}
		router := b.people["router"]
		list, err := b.CaseTasks(t.Context(), router, 0, 0)
		must(t, err)
		i := slices.IndexFunc(list, func(k registry.Task) bool { return k.What == life.ToRefund })
		if i < 0 {
			t.Fatalf("%s: %+v is what there is to do", what, list)
		}
		if err := b.FinishTask(t.Context(), router, list[i].ID, b.now()); !errors.Is(err, registry.ErrTask) {
			t.Errorf("%s: done because somebody says so: %v", what, err)
		}
		page, err := b.ListCases(t.Context(), registry.Filter{Scope: registry.Indebted})
		if err != nil || len(page.Lines) != 1 || page.Lines[0].Number != n {
			t.Errorf("%s: listed %+v, %v", what, page, err)
		}
		b.report(t, p, payment.Refunded)
		if tasks, letters := b.refunds(t, n); tasks != 0 || letters != 1 {
			t.Errorf("%s: %d tasks after it is back, %d letters", what, tasks, letters)
		}
		if page, err = b.ListCases(t.Context(), registry.Filter{Scope: registry.Indebted}); err != nil || len(page.Lines) != 0 {
			t.Errorf("%s: still listed %+v, %v", what, page, err)
		}
	}
}

// The money comes at the moment at which the customer withdraws: whichever is first,
// somebody gives it back.
func TestMoneyThatComesWhileItsCaseIsWithdrawn(t *testing.T) {
	t.Parallel()
	b, first := ordered(t, fee)
	numbers := []appeal.Number{first}
	for range 7 {
		f := filing(appeal.Application)
		f.Price = fee
		done, err := b.RegisterCase(t.Context(), b.click(asker), f)
		must(t, err)
		numbers = append(numbers, done.Number)
	}
	for _, n := range numbers {
		p := b.pay(t, asker, n).Payment
		click := b.click(asker)
		together(2, func(i int) {
			var err error
			if i == 0 {
				_, err = b.ReportPayment(t.Context(), string(p.Number), payment.Report{Number: p.Number, State: payment.Paid, Sum: p.Sum, At: b.now()})
			} else {
				_, err = b.DoCase(t.Context(), click, registry.Act{Number: n, Do: life.Do{Event: life.Withdraw}, By: registry.Customer})
			}
			if err != nil {
				t.Error(err)
			}
		})
		if tasks, letters := b.refunds(t, n); tasks != 1 || letters != 1 {
			t.Errorf("%s: %d tasks, %d letters", n, tasks, letters)
		}
	}
}
