package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/billing/money"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/payment"
)

// debtor owes 1 604.60 on the day of these tests (spec §5.1, account 2).
const debtor = billing.AccountNumber("0203118468")

// till is a database with a chat that is linked to an account.
type till struct {
	*linker
	right customer.Link
}

func newTill(t *testing.T) *till {
	t.Helper()
	l := newLinker(t)
	return &till{l, l.linked(t, "tg:1", debtor)}
}

// linked links a chat to an account.
func (l *linker) linked(t *testing.T, c chat.Conversation, n billing.AccountNumber) customer.Link {
	t.Helper()
	if done := l.link(t, c, n, l.send(t, c, n)); done.Link == 0 {
		t.Fatalf("not linked: %+v", done)
	}
	link, _ := customer.Active(l.links(t, c))
	return link
}

// pay starts a payment.
func (l *till) pay(t *testing.T, sum money.Kopecks) payment.Payment {
	t.Helper()
	done, err := l.StartPayment(t.Context(), l.effect("tg:1"), payment.Wish{Link: l.right.ID, Sum: sum})
	if err != nil || done.Refused || done.Sum != sum || done.State != payment.Started {
		t.Fatalf("started: %+v, %v", done, err)
	}
	return done.Payment
}

func (l *till) report(t *testing.T, id string, r payment.Report) payment.Reported {
	t.Helper()
	done, err := l.ReportPayment(t.Context(), id, r)
	must(t, err)
	return done
}

func (l *till) said(p payment.Payment, s payment.State) payment.Report {
	return payment.Report{Number: p.Number, State: s, Sum: p.Sum, At: l.now()}
}

// owed is what the next bill says is to be paid.
func (l *till) owed(t *testing.T) string {
	t.Helper()
	le := ledger(t, l.DB, debtor.Full())
	b, err := le.Bill(october, today, prices.Book())
	must(t, err)
	return b.Total.String()
}

func (l *till) told(t *testing.T) int {
	t.Helper()
	return count(t, l.conn, `SELECT count(*) FROM river_job WHERE kind = 'tell_payment'`)
}

// A payment is counted in the bill once, however often it is told of, and taken
// back once.
func TestAPaymentEntersTheLedger(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	if owed := l.owed(t); owed != "1604.60" {
		t.Fatalf("owed before: %s", owed)
	}
	p := l.pay(t, 100000)
	opened, err := l.OpenPayment(t.Context(), p.Number, "https://bank.example/1")
	if err != nil || opened.Page == "" || !opened.Open(l.now()) {
		t.Fatalf("opened: %+v, %v", opened, err)
	}
	for range 3 { // the same notification
		if done := l.report(t, "n1", l.said(p, payment.Paid)); done.Verdict != payment.Moved || done.State != payment.Paid {
			t.Errorf("reported: %+v", done)
		}
	}
	if done := l.report(t, "n2", l.said(p, payment.Paid)); done.Verdict != payment.Known { // another one of the same
		t.Errorf("reported: %+v", done)
	}
	if owed := l.owed(t); owed != "604.60" {
		t.Errorf("owed after: %s", owed)
	}
	found := false
	for _, x := range ledger(t, l.DB, debtor.Full()).Payments {
		found = found || x.ID == string(p.Number) && x.Sum == 100000 && x.Date == calendar.DateOf(noon, pgtest.Zone) && x.Way == "online"
	}
	if !found {
		t.Error("the ledger does not name the payment")
	}
	if n := l.told(t); n != 1 {
		t.Errorf("told %d times", n)
	}
	for i := range 2 { // refunded twice, by two notifications and one of them again
		l.report(t, fmt.Sprintf("n3%d", i), l.said(p, payment.Refunded))
		l.report(t, "n30", l.said(p, payment.Refunded))
	}
	if owed := l.owed(t); owed != "1604.60" {
		t.Errorf("owed after the refund: %s", owed)
	}
	// What comes late changes nothing any more.
	if done := l.report(t, "n4", l.said(p, payment.Paid)); done.Verdict != payment.Known || l.owed(t) != "1604.60" {
		t.Errorf("paid after the refund: %+v", done)
	}
	if n := l.told(t); n != 2 {
		t.Errorf("told %d times", n)
	}
}

// The same notification, and different ones of the same, by many replicas at
// once.
func TestReportsAtOnce(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	p := l.pay(t, 100000)
	together(12, func(i int) {
		id := "same"
		if i%3 == 1 {
			id = fmt.Sprintf("n%d", i)
		}
		if _, err := l.ReportPayment(t.Context(), id, l.said(p, payment.Paid)); err != nil {
			t.Error(err)
		}
	})
	if owed, told := l.owed(t), l.told(t); owed != "604.60" || told != 1 {
		t.Errorf("owed %s, told %d times", owed, told)
	}
}

// Of another sum nothing is counted, and people can still put it right.
func TestAReportOfAnotherSum(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	p := l.pay(t, 100000)
	r := l.said(p, payment.Paid)
	r.Sum = 100
	if done := l.report(t, "n1", r); done.Verdict != payment.OtherSum || done.State != payment.Disputed || l.owed(t) != "1604.60" {
		t.Errorf("reported: %+v, owed %s", done, l.owed(t))
	}
	if done := l.report(t, "n2", l.said(p, payment.Paid)); done.State != payment.Paid || l.owed(t) != "604.60" {
		t.Errorf("put right: %+v", done)
	}
	r.State = payment.Refunded
	if done := l.report(t, "n3", r); done.Verdict != payment.OtherSum || done.State != payment.Paid || l.owed(t) != "604.60" {
		t.Errorf("another sum refunded: %+v", done)
	}
}

// A report of a payment that nobody started leaves nothing behind: the same id is
// good for one that was.
func TestAReportOfNoPayment(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	_, err := l.ReportPayment(t.Context(), "n1", payment.Report{Number: payment.NewNumber(), State: payment.Paid, Sum: 100000, At: l.now()})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("reported: %v", err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM effects WHERE id LIKE 'payment/%'`); n != 0 {
		t.Error("it left a trace")
	}
	if done := l.report(t, "n1", l.said(l.pay(t, 100000), payment.Paid)); done.State != payment.Paid {
		t.Errorf("the same id: %+v", done)
	}
}

// Told before the page answered, paid after its time: it is counted.
func TestReportsOutOfOrder(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	early := l.pay(t, 100000)
	l.report(t, "n1", l.said(early, payment.Paid))
	if opened, err := l.OpenPayment(t.Context(), early.Number, "https://bank.example/1"); err != nil || opened.State != payment.Paid {
		t.Errorf("opened: %+v, %v", opened, err)
	}
	late := l.pay(t, 60460)
	l.report(t, "n2", l.said(late, payment.Expired))
	l.report(t, "n3", l.said(late, payment.Refused)) // overtaken
	if done := l.report(t, "n4", l.said(late, payment.Paid)); done.Before != payment.Expired || l.owed(t) != "0.00" {
		t.Errorf("reported: %+v, owed %s", done, l.owed(t))
	}
	// A clock that cannot be right moves no money into another month.
	wrong := l.pay(t, 10000)
	r := l.said(wrong, payment.Paid)
	r.At = l.now().AddDate(-1, 0, 0)
	l.report(t, "n5", r)
	payments := ledger(t, l.DB, debtor.Full()).Payments
	if last := payments[len(payments)-1]; last.Date != calendar.DateOf(noon, pgtest.Zone) {
		t.Errorf("paid on %v", last.Date)
	}
}

// One whose page nobody has seen runs out of time in silence.
func TestNobodyIsToldOfWhatHeHasNotSeen(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	unseen, seen := l.pay(t, 100000), l.pay(t, 100000)
	_, err := l.OpenPayment(t.Context(), seen.Number, "https://bank.example/1")
	must(t, err)
	l.report(t, "n1", l.said(unseen, payment.Expired))
	if n := l.told(t); n != 0 {
		t.Errorf("told %d times", n)
	}
	l.report(t, "n2", l.said(seen, payment.Expired))
	l.report(t, "n3", l.said(unseen, payment.Paid)) // money is told of in any case
	if n := l.told(t); n != 2 {
		t.Errorf("told %d times", n)
	}
}

// Nobody pays by another chat's link, by one that has ended, for an organisation,
// or a sum that cannot be.
func TestWhoMayPay(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	legal := l.linked(t, "tg:3", "ЭС-0789/26")
	start := func(c chat.Conversation, w payment.Wish) bool {
		done, err := l.StartPayment(t.Context(), l.effect(c), w)
		must(t, err)
		return !done.Refused
	}
	if !start("tg:1", payment.Wish{Link: l.right.ID, Sum: payment.Least}) {
		t.Fatal("the owner of the link is refused")
	}
	for name, refused := range map[string]bool{
		"another chat":    start("tg:2", payment.Wish{Link: l.right.ID, Sum: 100000}),
		"no link":         start("tg:1", payment.Wish{Link: 999, Sum: 100000}),
		"an organisation": start("tg:3", payment.Wish{Link: legal.ID, Sum: 100000}),
		"nothing":         start("tg:1", payment.Wish{Link: l.right.ID}),
		"less":            start("tg:1", payment.Wish{Link: l.right.ID, Sum: -100000}),
		"too much":        start("tg:1", payment.Wish{Link: l.right.ID, Sum: payment.Most + 1}),
	} {
		if refused {
			t.Errorf("%s: started", name)
		}
	}
	exec(t, l.conn, `UPDATE accounts SET closed = true WHERE number = $1`, debtor.Full())
	if start("tg:1", payment.Wish{Link: l.right.ID, Sum: 100000}) {
		t.Error("for a closed account")
	}
	if n := count(t, l.conn, `SELECT count(*) FROM payment_orders`); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// A double press is one payment; what is shown is the chat's own.
func TestAPaymentIsStartedOnce(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	e, w := l.effect("tg:1"), payment.Wish{Link: l.right.ID, Sum: 100000}
	numbers := make([]payment.Number, 6)
	together(len(numbers), func(i int) {
		done, err := l.StartPayment(t.Context(), e, w)
		if err != nil {
			t.Error(err)
		}
		numbers[i] = done.Number
	})
	for _, n := range numbers {
		if n != numbers[0] || n == "" {
			t.Errorf("numbers: %v", numbers)
		}
	}
	if _, found, err := l.UnpaidPayment(t.Context(), l.right, l.now()); found || err != nil {
		t.Errorf("it has no page: %v, %v", found, err)
	}
	_, err := l.OpenPayment(t.Context(), numbers[0], "https://bank.example/1")
	must(t, err)
	if p, found, err := l.UnpaidPayment(t.Context(), l.right, l.now()); !found || p.Number != numbers[0] || p.Page == "" || err != nil {
		t.Errorf("open: %+v, %v, %v", p, found, err)
	}
	if _, found, _ := l.UnpaidPayment(t.Context(), l.right, l.now().Add(payment.Life)); found {
		t.Error("open after its time")
	}
	other := l.right
	other.Conversation = "tg:2"
	if _, found, _ := l.UnpaidPayment(t.Context(), other, l.now()); found {
		t.Error("open to another chat")
	}
	if p, found, err := l.Payment(t.Context(), "tg:1", numbers[0]); !found || p.Account != debtor || err != nil {
		t.Errorf("found: %+v, %v, %v", p, found, err)
	}
	if _, found, _ := l.Payment(t.Context(), "tg:2", numbers[0]); found {
		t.Error("found by another chat")
	}
}

// Each quiet payment is looked at by one replica at a time, and again later.
func TestQuietPayments(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	for range 6 {
		l.pay(t, 100000)
	}
	paid := l.pay(t, 100000)
	l.report(t, "n1", l.said(paid, payment.Paid))
	quiet := func(most int) []payment.Payment {
		list, err := l.QuietPayments(t.Context(), l.now().Add(-payment.Quiet), most)
		must(t, err)
		return list
	}
	if list := quiet(9); len(list) != 0 {
		t.Errorf("too early: %v", list)
	}
	l.wait(payment.Quiet)
	var mu sync.Mutex
	seen := map[payment.Number]int{}
	together(3, func(int) {
		for _, p := range quiet(2) {
			mu.Lock()
			seen[p.Number]++
			mu.Unlock()
		}
	})
	for n, times := range seen {
		if times != 1 || n == paid.Number {
			t.Errorf("%s was looked at %d times", n, times)
		}
	}
	if more := quiet(9); len(seen)+len(more) != 6 || len(quiet(9)) != 0 {
		t.Errorf("%d and %d of 6", len(seen), len(more))
	}
	l.wait(payment.Quiet)
	if list := quiet(9); len(list) != 6 {
		t.Errorf("later: %d", len(list))
	}
}

// The job tells the chat, with IDs alone in its arguments; an erased chat is told
// nothing, and what was paid stays paid.
func TestPaymentsAreTold(t *testing.T) {
	t.Parallel()
	l := newTill(t)
	p, gone := l.pay(t, 100000), l.pay(t, 10000)
	l.report(t, "n1", l.said(p, payment.Refused))
	heard := make(chan payment.News, 9)
	jobs, err := l.Jobs(postgres.Work{
		Payment: func(_ context.Context, n payment.News) error { heard <- n; return nil }, Notice: (&postman{}).send,
	})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- jobs.Run(ctx) }()
	select {
	case n := <-heard:
		if want := (payment.News{Conversation: "tg:1", Number: p.Number, State: payment.Refused}); n != want {
			t.Errorf("told %+v, want %+v", n, want)
		}
	case <-time.After(time.Minute):
		t.Error("nobody is told")
	}
	must(t, l.Erase(t.Context(), "tg:1", 0, "customer", "request"))
	l.report(t, "n2", l.said(gone, payment.Paid))
	if owed := l.owed(t); owed != "1504.60" {
		t.Errorf("owed %s", owed)
	}
	cancel()
	must(t, <-ended)
	if n := len(heard); n != 0 {
		t.Errorf("%d more are told", n)
	}
}
