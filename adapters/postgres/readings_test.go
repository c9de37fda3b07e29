package postgres_test

import (
	"context"
	"fmt"
	"slices"
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

// plain is demo account 1, with one meter of one zone that stands at 14712.
const plain = "0145201372"

func meterOf(t testing.TB, d *postgres.DB) billing.MeterID {
	t.Helper()
	a, _ := account(t, d, plain)
	return a.Meters[0].ID
}

// submission is one for demo account 1, said at noon.
func submission(m billing.MeterID, value billing.KWh) billing.Submission {
	return billing.Submission{Account: plain, Meter: m, Entries: t1(value), At: noon}
}

func submit(t testing.TB, d *postgres.DB, e dialog.Effect, s billing.Submission) billing.Accepted {
	t.Helper()
	done, err := d.SubmitReadings(t.Context(), e, s)
	if err != nil {
		t.Fatal(err)
	}
	return done
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

func sent(t testing.TB, d *postgres.DB, c chat.Conversation, limit int) []billing.Slip {
	t.Helper()
	slips, err := d.SentReadings(t.Context(), c, limit)
	if err != nil {
		t.Fatal(err)
	}
	return slips
}

func TestAccountAndIntake(t *testing.T) {
	t.Parallel()
	d := demo(t)
	want := billing.Account{Number: "0203118468", Territory: "02", House: "18", Flat: "40", Meters: []billing.Meter{{
		Serial: "027710462", Digits: 6, Registers: billing.Registers(2),
		VerifiedUntil: time.Date(2035, 2, 1, 0, 0, 0, 0, time.UTC),
	}}}
	got, found, err := d.Account(t.Context(), "0203118468")
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(billing.Meter{}, "ID")); diff != "" || !found || err != nil {
		t.Errorf("account: found %v, %v (-want +got):\n%s", found, err, diff)
	}
	m := got.Meters[0].ID
	in, err := d.Intake(t.Context(), "0203118468", m)
	if err != nil || in.Meter.ID != m || len(in.History) != 2*13 || in.Account.Number != "0203118468" {
		t.Errorf("intake: meter %d, %d readings of history, %v", in.Meter.ID, len(in.History), err)
	}
	for _, h := range in.History {
		if h.Meter != m {
			t.Fatalf("a reading of meter %d", h.Meter)
		}
	}
	// Another account's meter is as good as none.
	in, err = d.Intake(t.Context(), plain, m)
	if err != nil || in.Meter.Exists() || in.History != nil || in.Account.Number != "" {
		t.Errorf("intake of another's meter: meter %d, %d readings, %v", in.Meter.ID, len(in.History), err)
	}
	for name, d := range map[string]*postgres.DB{"full": d, "empty": pgtest.Open(t)} {
		a, found, err := d.Account(t.Context(), "0203118460")
		if err != nil || found || a.Number != "" || a.Meters != nil {
			t.Errorf("an unknown account in the %s database: found %v, %v", name, found, err)
		}
		in, err := d.Intake(t.Context(), "0203118460", m)
		if err != nil || in.Account.Number != "" || in.Meter.Exists() || in.History != nil {
			t.Errorf("its intake in the %s database: meter %d, %v", name, in.Meter.ID, err)
		}
	}
}

func TestSubmitReadings(t *testing.T) {
	t.Parallel()
	d := demo(t)
	a, _ := account(t, d, "0203118468")
	done := submit(t, d, effect("tg:1", 5), billing.Submission{
		Account: "0203118468", Meter: a.Meters[0].ID, At: noon,
		Entries: []billing.Entry{{Register: "T2", Value: 5190}, {Register: "T1", Value: 12420}},
	})
	want := billing.Slip{
		Receipt: billing.Receipt{Year: 2026, Sequence: 1}.String(), At: noon.Truncate(time.Microsecond), Account: "0203118468",
		Period: billing.Period{Year: 2026, Month: time.November},
		Lines:  []billing.SlipLine{{Register: "T1", Zone: billing.ZoneDay, Value: 12420}, {Register: "T2", Zone: billing.ZoneNight, Value: 5190}},
	}
	if diff := cmp.Diff(billing.Accepted{Slip: want}, done); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]billing.Slip{want}, sent(t, d, "tg:1", 10)); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if len(sent(t, d, "tg:2", 10)) != 0 {
		t.Error("another conversation sees them")
	}
}

func TestAnEffectIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m, e := meterOf(t, d), effect("tg:1", 5)
	first := submit(t, d, e, submission(m, 14920))
	// Whatever comes with the same effect later, its result stands.
	again := submit(t, d, e, submission(m, 99999))
	if diff := cmp.Diff(first, again); diff != "" || first.Slip.Receipt == "" {
		t.Errorf("the result changed (-first +again):\n%s", diff)
	}
	if got := facts(t, d, plain); len(got) != 1 || got[0].Value != 14920 {
		t.Errorf("%d readings", len(got))
	}
}

func TestARefusalIsAResult(t *testing.T) {
	t.Parallel()
	d := demo(t)
	m, e := meterOf(t, d), effect("tg:1", 5)
	two, _ := account(t, d, "0203118468")
	lower := submission(m, 14000)
	for range 2 {
		if done := submit(t, d, e, lower); !cmp.Equal(done, billing.Accepted{Refused: billing.CaseLower}) {
			t.Errorf("a lower value: %+v", done)
		}
	}
	for name, s := range map[string]billing.Submission{
		"a meter that does not exist": {Account: plain, Meter: 1 << 40, Entries: t1(1), At: noon},
		"another account's meter":     {Account: "0203118468", Meter: m, Entries: t1(14920), At: noon},
		"a register is not answered":  {Account: "0203118468", Meter: two.Meters[0].ID, Entries: t1(12420), At: noon},
	} {
		if done := submit(t, d, effect("tg:"+chat.Conversation(name), 6), s); !cmp.Equal(done, billing.Accepted{Refused: billing.CaseClosed}) {
			t.Errorf("%s: %+v", name, done)
		}
	}
	if got := len(facts(t, d, plain)) + len(facts(t, d, "0203118468")); got != 0 {
		t.Errorf("%d refused readings were stored", got)
	}
	if len(sent(t, d, "tg:1", 10)) != 0 {
		t.Error("a refusal is listed as sent")
	}
}

func TestARepeatedReadingReplacesAndKeepsHistory(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	first := submit(t, d, effect("tg:1", 5), submission(m, 14920))
	second := submit(t, d, effect("tg:1", 9), submission(m, 14900))
	third := submit(t, d, effect("tg:2", 1), submission(m, 14910))
	if got := facts(t, d, plain); len(got) != 1 || got[0].Value != 14910 {
		t.Errorf("readings that count: %d", len(got))
	}
	if diff := cmp.Diff([]billing.Slip{second.Slip, first.Slip}, sent(t, d, "tg:1", 10)); diff != "" {
		t.Errorf("what was replaced is no longer proven, or out of order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]billing.Slip{second.Slip}, sent(t, d, "tg:1", 1)); diff != "" {
		t.Errorf("the latest one (-want +got):\n%s", diff)
	}
	if third.Slip.Receipt == second.Slip.Receipt {
		t.Error("a receipt was given twice")
	}
	conn := pgtest.Conn(t, url)
	if n := count(t, conn, `SELECT count(*) FROM replaced_readings WHERE meter = $1 AND superseded_at = $2
		AND (value, receipt, superseded_by) IN ((14920, 1, 2), (14900, 2, 3))`, m, noon); n != 2 {
		t.Errorf("%d replaced readings are as they should be", n)
	}
}

// The 26th belongs to the next month, by the company's calendar; the time that
// counts is that of the submission, not of the press that sent it.
func TestTheTimeOfTheValueDecidesTheMonth(t *testing.T) {
	t.Parallel()
	d := demo(t)
	e, s := effect("tg:1", 5), submission(meterOf(t, d), 14920)
	s.At = time.Date(2026, 11, 25, 18, 59, 59, 0, time.UTC) // 23:59:59 there.
	e.At = s.At.Add(time.Minute)
	if done := submit(t, d, e, s); done.Slip.Period.Month != time.November {
		t.Errorf("the 25th at 23:59 counts for %v", done.Slip.Period)
	}
	e, s = effect("tg:1", 6), submission(s.Meter, 14930)
	s.At = time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)
	if done := submit(t, d, e, s); done.Slip.Period.Month != time.December {
		t.Errorf("the 26th counts for %v", done.Slip.Period)
	}
}

func TestFiftySubmissionsOfOneEffectMakeOneFact(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	replicas := []*postgres.DB{d, pgtest.Connect(t, url, atNoon)}
	const at = 50
	receipts := make([]string, at)
	together(at, func(i int) {
		done, err := replicas[i%2].SubmitReadings(t.Context(), effect("tg:1", 5), submission(m, 14920))
		if err != nil {
			t.Error(err)
		}
		receipts[i] = done.Slip.Receipt
	})
	for _, r := range receipts {
		if r != receipts[0] || r == "" {
			t.Fatalf("receipts differ: %v and %v", r, receipts[0])
		}
	}
	if n := count(t, pgtest.Conn(t, url), `SELECT count(*) FROM replaced_readings`); n != 0 || len(facts(t, d, plain)) != 1 {
		t.Errorf("more than one fact: %d replaced", n)
	}
}

// Many people answer for one meter at the same moment: one value counts, the
// others are kept as replaced, and every receipt was given once.
func TestManyConversationsForOneMeter(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	const at = 30
	receipts := make([]string, at)
	together(at, func(i int) {
		e := effect(chat.Conversation(fmt.Sprintf("tg:%d", i)), 1)
		done, err := d.SubmitReadings(t.Context(), e, submission(m, billing.KWh(14800+i)))
		if err != nil || done.Refused != 0 {
			t.Errorf("%v %v", done.Refused, err)
		}
		receipts[i] = done.Slip.Receipt
	})
	slices.Sort(receipts)
	replaced := count(t, pgtest.Conn(t, url), `SELECT count(*) FROM replaced_readings`)
	if n, given := len(facts(t, d, plain)), len(slices.Compact(receipts)); n != 1 || replaced != at-1 || given != at {
		t.Errorf("%d readings count, %d were replaced, %d receipts", n, replaced, given)
	}
}

// A submission that waited for another one's lock must be judged by what that
// one stored, not by what was there when it began.
func TestAWaitingSubmissionSeesTheOneBefore(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	blocker, watcher := pgtest.Conn(t, url), pgtest.Conn(t, url)
	exec(t, blocker, `BEGIN`)
	exec(t, blocker, `SELECT FROM meters WHERE id = $1 FOR UPDATE`, m)

	november, december := submission(m, 15100), submission(m, 15000)
	december.At = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var outcomes [2]billing.Accepted
	var wg sync.WaitGroup
	for i, s := range []billing.Submission{november, december} {
		wg.Go(func() {
			var err error
			if outcomes[i], err = d.SubmitReadings(t.Context(), effect("tg:1", i), s); err != nil {
				t.Error(err)
			}
		})
		eventually(t, func() bool { return count(t, watcher, waitingForLocks) == i+1 })
	}
	exec(t, blocker, `COMMIT`)
	wg.Wait()
	if outcomes[0].Refused != 0 || outcomes[1].Refused != billing.CaseLower {
		t.Errorf("November: %v, December: %v", outcomes[0].Refused, outcomes[1].Refused)
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

func BenchmarkAccount(b *testing.B) {
	d := demo(b)
	for b.Loop() {
		if _, _, err := d.Account(context.Background(), "0203118468"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSubmitReadings(b *testing.B) {
	d := demo(b)
	s := submission(meterOf(b, d), 14920)
	form := 0
	for b.Loop() {
		form++
		submit(b, d, effect("tg:1", form), s)
	}
}

func BenchmarkSubmitReadingsTogether(b *testing.B) {
	d := demo(b)
	var submissions []billing.Submission
	for _, n := range []billing.AccountNumber{plain, "0412003659", "0309188274", "0104552013", "0477002158", "0755190626", "0561209347", "0633084512"} {
		a, _ := account(b, d, n.Full())
		submissions = append(submissions, billing.Submission{Account: n, Meter: a.Meters[0].ID, Entries: t1(99999), At: noon})
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for w, s := range submissions {
		wg.Go(func() {
			for form := range next {
				if _, err := d.SubmitReadings(b.Context(), effect(chat.Conversation(fmt.Sprintf("tg:%d", w)), form), s); err != nil {
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
