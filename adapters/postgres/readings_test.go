package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

func effect(c chat.Conversation, form int) dialog.Effect {
	return dialog.Effect{ID: fmt.Sprintf("%s/%d/1", c, form), Conversation: c, At: noon}
}

func t1(value billing.KWh) []billing.Entry { return []billing.Entry{{Register: "T1", Value: value}} }

// meterOf returns the meter of demo account 1, a plain one that stands at 14712.
func meterOf(t testing.TB, d *postgres.DB) billing.MeterID {
	t.Helper()
	a, _ := account(t, d, "0145201372")
	return a.Meters[0].ID
}

func submit(t testing.TB, d *postgres.DB, e dialog.Effect, m billing.MeterID, entries []billing.Entry) (billing.Judgement, billing.Receipt) {
	t.Helper()
	j, receipt, err := d.SubmitReadings(t.Context(), e, m, entries, false)
	if err != nil {
		t.Fatal(err)
	}
	return j, receipt
}

// facts are the readings of November.
func facts(t testing.TB, d *postgres.DB, number string) []billing.Reading {
	t.Helper()
	_, history := account(t, d, number)
	var list []billing.Reading
	for _, r := range history {
		if r.Period == (billing.Period{Year: 2026, Month: time.November}) {
			list = append(list, r)
		}
	}
	return list
}

func TestFindAccount(t *testing.T) {
	t.Parallel()
	d := demo(t)
	got, history := account(t, d, "0203118468")
	want := billing.Account{Number: "0203118468", Territory: "02", House: "18", Flat: "40", Meters: []billing.Meter{{
		Serial: "027710462", Digits: 6, Registers: billing.Registers(2),
		VerifiedUntil: time.Date(2035, 2, 1, 0, 0, 0, 0, time.UTC),
	}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(billing.Meter{}, "ID")); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if len(history) != 2*13 {
		t.Errorf("%d readings of history", len(history))
	}
	a, history, found, err := d.FindAccount(t.Context(), "0203118460")
	if err != nil || found || len(history) != 0 || a.Number != "" || a.Meters != nil {
		t.Errorf("an account that does not exist: found %v, %d readings, %v", found, len(history), err)
	}
	if _, _, found, err := pgtest.Open(t).FindAccount(t.Context(), "0203118468"); found || err != nil {
		t.Errorf("in an empty database: found %v, %v", found, err)
	}
}

func TestSubmitReadings(t *testing.T) {
	t.Parallel()
	d := demo(t)
	a, _ := account(t, d, "0203118468")
	e := effect("tg:1", 5)
	j, receipt := submit(t, d, e, a.Meters[0].ID, []billing.Entry{{Register: "T1", Value: 12420}, {Register: "T2", Value: 5190}})
	if j.Action != billing.Accept || j.Used != 305 || receipt != (billing.Receipt{Year: 2026, Sequence: 1}) {
		t.Fatalf("%v %v, %d kWh, receipt %v", j.Action, j.Case, j.Used, receipt)
	}
	sent, err := d.SentReadings(t.Context(), "tg:1", 10)
	if err != nil {
		t.Fatal(err)
	}
	reading := func(register string, value billing.KWh) postgres.Sent {
		return postgres.Sent{
			Reading: billing.Reading{
				Meter: a.Meters[0].ID, Register: register, Value: value, At: noon.Truncate(time.Microsecond),
				Source: billing.SourceCustomer, Period: billing.Period{Year: 2026, Month: time.November},
			},
			Account: "0203118468", Serial: "027710462", Receipt: receipt,
		}
	}
	if diff := cmp.Diff([]postgres.Sent{reading("T1", 12420), reading("T2", 5190)}, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if sent, _ := d.SentReadings(t.Context(), "tg:2", 10); len(sent) != 0 {
		t.Error("another conversation sees them")
	}
}

func TestAnEffectIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m, e := meterOf(t, d), effect("tg:1", 5)
	first, receipt := submit(t, d, e, m, t1(14920))
	// Whatever comes with the same effect later, its result stands.
	again, same := submit(t, d, e, m, t1(99999))
	if diff := cmp.Diff(first, again, cmpopts.EquateEmpty()); diff != "" || same != receipt {
		t.Errorf("the result changed, receipts %v and %v (-first +again):\n%s", receipt, same, diff)
	}
	if got := facts(t, d, "0145201372"); len(got) != 1 || got[0].Value != 14920 {
		t.Errorf("%d readings", len(got))
	}
}

func TestARefusalIsAResult(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m, e := meterOf(t, d), effect("tg:1", 5)
	for range 2 {
		j, receipt := submit(t, d, e, m, t1(14000))
		if j.Action != billing.Refuse || j.Case != billing.CaseLower || receipt != (billing.Receipt{}) {
			t.Errorf("%v %v, receipt %v", j.Action, j.Case, receipt)
		}
	}
	if got := facts(t, d, "0145201372"); len(got) != 0 {
		t.Errorf("a refused reading was stored: %d", len(got))
	}
	if j, _ := submit(t, d, effect("tg:1", 6), 1<<40, t1(1)); j.Case != billing.CaseClosed {
		t.Errorf("a meter that does not exist: %v", j.Case)
	}
}

func TestARepeatedReadingReplacesAndKeepsHistory(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m := meterOf(t, d)
	submit(t, d, effect("tg:1", 5), m, t1(14920))
	j, receipt := submit(t, d, effect("tg:2", 9), m, t1(14900))
	if j.Action != billing.Accept || !j.Remarks.Has(billing.CaseRepeated) || receipt.Sequence != 2 {
		t.Errorf("%v, remarks %b, receipt %v", j.Action, j.Remarks, receipt)
	}
	if got := facts(t, d, "0145201372"); len(got) != 1 || got[0].Value != 14900 {
		t.Errorf("readings that count: %d", len(got))
	}
	old, err := d.ReplacedReadings(t.Context(), m, 10)
	if err != nil || len(old) != 1 || old[0].Value != 14920 || old[0].By != "tg:2/9/1" || !old[0].At.Equal(noon.Truncate(time.Microsecond)) {
		t.Errorf("replaced: %d, %v", len(old), err)
	}
}

// The 26th belongs to the next month, by the company's calendar.
func TestTheTimeOfTheEventDecidesTheMonth(t *testing.T) {
	t.Parallel()
	d := demo(t)
	e := effect("tg:1", 5)
	e.At = time.Date(2026, 11, 25, 18, 59, 59, 0, time.UTC) // 23:59:59 there.
	j, _ := submit(t, d, e, meterOf(t, d), t1(14920))
	if j.Period.Month != time.November {
		t.Errorf("the 25th at 23:59 counts for %v", j.Period)
	}
	e = effect("tg:1", 6)
	e.At = time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)
	j, _ = submit(t, d, e, meterOf(t, d), t1(14930))
	if j.Period.Month != time.December || !j.Remarks.Has(billing.CaseNextPeriod) {
		t.Errorf("the 26th counts for %v", j.Period)
	}
}

func TestFiftySubmissionsOfOneEffectMakeOneFact(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, atNoon)
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := meterOf(t, d)
	replicas := []*postgres.DB{d, pgtest.Connect(t, url, atNoon)}
	const at = 50
	receipts := make([]billing.Receipt, at)
	together(at, func(i int) {
		_, receipt, err := replicas[i%2].SubmitReadings(t.Context(), effect("tg:1", 5), m, t1(14920), false)
		if err != nil {
			t.Error(err)
		}
		receipts[i] = receipt
	})
	for _, r := range receipts {
		if r != receipts[0] || r.Sequence == 0 {
			t.Fatalf("receipts differ: %v and %v", r, receipts[0])
		}
	}
	if old, _ := d.ReplacedReadings(t.Context(), m, 10); len(old) != 0 || len(facts(t, d, "0145201372")) != 1 {
		t.Errorf("more than one fact: %d replaced", len(old))
	}
}

// Two people answer for one meter at the same moment: one value counts, the
// other is kept as replaced, and every receipt was given once.
func TestManyConversationsForOneMeter(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m := meterOf(t, d)
	const at = 30
	receipts := make([]billing.Receipt, at)
	together(at, func(i int) {
		e := effect(chat.Conversation(fmt.Sprintf("tg:%d", i)), 1)
		j, receipt, err := d.SubmitReadings(t.Context(), e, m, t1(billing.KWh(14800+i)), false)
		if err != nil || j.Action != billing.Accept {
			t.Errorf("%v %v", j.Action, err)
		}
		receipts[i] = receipt
	})
	seen := map[billing.Receipt]bool{}
	for _, r := range receipts {
		seen[r] = true
	}
	old, err := d.ReplacedReadings(t.Context(), m, 100)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(facts(t, d, "0145201372")); n != 1 || len(old) != at-1 || len(seen) != at {
		t.Errorf("%d readings count, %d were replaced, %d receipts", n, len(old), len(seen))
	}
}

// A submission that waited for another one's lock must be judged by what that
// one stored, not by what was there when it began.
func TestAWaitingSubmissionSeesTheOneBefore(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, atNoon)
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := meterOf(t, d)
	blocker, watcher := pgtest.Conn(t, url), pgtest.Conn(t, url)
	exec(t, blocker, `BEGIN`)
	exec(t, blocker, `SELECT FROM meters WHERE id = $1 FOR UPDATE`, m)

	november, december := effect("tg:1", 1), effect("tg:2", 1)
	december.At = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	outcome := make(chan billing.Judgement, 2)
	for waiting, next := range []struct {
		dialog.Effect
		value billing.KWh
	}{{november, 15100}, {december, 15000}} {
		go func() {
			j, _, err := d.SubmitReadings(t.Context(), next.Effect, m, t1(next.value), false)
			if err != nil {
				t.Error(err)
			}
			outcome <- j
		}()
		eventually(t, func() bool { return count(t, watcher, waitingForLocks) == waiting+1 })
	}
	exec(t, blocker, `COMMIT`)
	cases := map[time.Month]billing.Case{}
	for range 2 {
		j := <-outcome
		cases[j.Period.Month] = j.Case
	}
	want := map[time.Month]billing.Case{time.November: billing.CaseNormal, time.December: billing.CaseLower}
	if diff := cmp.Diff(want, cases); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
}

const waitingForLocks = `SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'`

func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

func BenchmarkFindAccount(b *testing.B) {
	d := demo(b)
	for b.Loop() {
		if _, _, _, err := d.FindAccount(context.Background(), "0203118468"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSubmitReadings(b *testing.B) {
	d := demo(b)
	m := meterOf(b, d)
	form := 0
	for b.Loop() {
		form++
		submit(b, d, effect("tg:1", form), m, t1(14920))
	}
}

func BenchmarkSubmitReadingsTogether(b *testing.B) {
	d := demo(b)
	var meters []billing.MeterID
	for _, n := range []string{"0145201372", "0412003659", "0309188274", "0104552013", "0477002158", "0755190626", "0561209347", "0633084512"} {
		a, _ := account(b, d, n)
		meters = append(meters, a.Meters[0].ID)
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for form := range next {
				if _, _, err := d.SubmitReadings(b.Context(), effect(chat.Conversation(fmt.Sprintf("tg:%d", w)), form), meters[w], t1(99999), false); err != nil {
					b.Error(err)
				}
			}
		})
	}
	form := 0
	for b.Loop() {
		form++
		next <- form
	}
	close(next)
	wg.Wait()
}
