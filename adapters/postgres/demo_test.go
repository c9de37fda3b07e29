package postgres_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// demo opens a database with the fixed accounts of the demo, on its calendar.
func demo(t testing.TB) *postgres.DB {
	t.Helper()
	return demoAt(t, pgtest.URL(t))
}

func demoAt(t testing.TB, url string) *postgres.DB {
	t.Helper()
	d := pgtest.Connect(t, url, atNoon)
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func atNoon(c *postgres.Config) { c.Now = func() time.Time { return noon } }

// account returns an account and what its meters are judged by.
func account(t testing.TB, d *postgres.DB, number string) (billing.Account, []billing.Reading) {
	t.Helper()
	a, found, err := d.Account(t.Context(), billing.AccountNumber(number))
	if err != nil || !found {
		t.Fatalf("account %s: found %v, %v", number, found, err)
	}
	var history []billing.Reading
	for _, m := range a.Meters {
		in, err := d.Intake(t.Context(), a.Number, m.ID)
		if err != nil || in.Meter.ID != m.ID {
			t.Fatalf("intake of account %s: %v", number, err)
		}
		history = append(history, in.History...)
	}
	return a, history
}

// latest returns the last value of each register, joined as people write them.
func latest(m billing.Meter, history []billing.Reading) string {
	var values []string
	for _, r := range m.Registers {
		var last billing.Reading
		for _, h := range history {
			if h.Register == r.Name && h.At.After(last.At) {
				last = h
			}
		}
		values = append(values, strconv.Itoa(int(last.Value)))
	}
	return strings.Join(values, "/")
}

// The table of spec §5.1.
func TestDemoAccountsAreThoseOfTheSpec(t *testing.T) {
	t.Parallel()
	d := demo(t)
	for _, want := range []struct {
		number, territory, house, flat, serial string
		digits                                 int
		last, day                              string
	}{
		{"0145201372", "01", "5", "12", "011845093", 5, "14712", "2026-10-24"},
		{"0203118468", "02", "18", "40", "027710462", 6, "12210/5095", "2026-10-24"},
		{"0344172085", "03", "3", "", "039902117", 6, "4120/6030/8455", "2026-10-24"},
		{"0477002158", "04", "21", "", "040077581", 5, "61900", "2026-10-24"},
		{"0561209347", "05", "7", "3", "055120934", 5, "23340", "2026-08-24"},
		{"0633084512", "06", "14", "", "063308451", 5, "8117", "2026-06-24"},
		{"0755190626", "07", "2", "8", "075519062", 5, "31006", "2026-10-24"},
		{"0822067138", "08", "11", "20", "082206713", 7, "20418/9377", "2026-10-24"},
		{"0104552013", "01", "9", "77", "010455203", 5, "99850", "2026-10-24"},
		{"0207319443", "02", "1", "15", "020731940", 6, "7640/3310", "2026-10-24"},
		{"0207319526", "02", "44", "", "020731955", 5, "1204", "2026-10-24"},
		{"0309188274", "03", "30", "5", "030918825", 5, "45118", "2026-10-24"},
		{"0412003659", "04", "6", "31", "041200362", 6, "17902", "2026-10-24"},
		{"ЭС-0123/26", "01", "4", "", "901230045", 6, "88310", "2026-10-24"},
		{"ЭС-0456/25", "04", "1", "", "904560188", 0, "", ""},
		{"ЭС-0789/26", "07", "", "", "907890031", 6, "204750", "2026-10-24"},
	} {
		number, err := billing.ParseAccount(want.number)
		if err != nil || number.Full() != want.number {
			t.Errorf("%s is not a number of an account: %v", want.number, err)
		}
		a, history := account(t, d, want.number)
		m := a.Meters[0]
		if a.Territory != want.territory || a.House != want.house || a.Flat != want.flat || m.Serial.Full() != want.serial ||
			m.Digits != want.digits || a.Legal != strings.HasPrefix(want.number, "ЭС") || len(a.Meters) != 1 {
			t.Errorf("%s: %s, house %s, flat %s, serial %s, %d digits", want.number, a.Territory, a.House, a.Flat, m.Serial.Full(), m.Digits)
		}
		if got := latest(m, history); got != want.last {
			t.Errorf("%s stands at %s, want %s", want.number, got, want.last)
		}
		day := ""
		for _, r := range history {
			day = max(day, r.At.In(pgtest.Zone).Format(time.DateOnly))
			if r.Period != billing.PeriodAt(r.At, pgtest.Zone, a.Legal) {
				t.Errorf("%s: reading of %v counts for %v", want.number, r.At, r.Period)
			}
		}
		if day != want.day {
			t.Errorf("%s was last read on %s, want %s", want.number, day, want.day)
		}
	}
}

func TestDemoAccountsAreSpecial(t *testing.T) {
	t.Parallel()
	d := demo(t)
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	judge := func(number string, values ...billing.KWh) billing.Judgement {
		a, history := account(t, d, number)
		in := billing.Intake{Account: a, Meter: a.Meters[0], History: history, At: at, Zone: pgtest.Zone}
		var entries []billing.Entry
		for i, v := range values {
			entries = append(entries, billing.Entry{Register: "T" + strconv.Itoa(i+1), Value: v})
		}
		return in.Judge(entries...)
	}
	if j := judge("0145201372", 14920); j.Action != billing.Accept || j.Lines[0].Baseline.Average != 207 {
		t.Errorf("1: %v, average %d kWh instead of the spec's 207", j.Action, j.Lines[0].Baseline.Average)
	}
	if j := judge("0755190626", 31200); !j.Remarks.Has(billing.CaseUnverified) {
		t.Error("7: the verification has not expired")
	}
	if j := judge("0822067138"); j.Case != billing.CaseRemote {
		t.Errorf("8: %v", j.Case)
	}
	if j := judge("0104552013", 120); j.Case != billing.CaseRollover || j.Used != 270 {
		t.Errorf("9: %v, %d kWh", j.Case, j.Used)
	}
	if j := judge("ЭС-0456/25"); j.Case != billing.CaseRemote {
		t.Errorf("14: %v", j.Case)
	}
	_, history := account(t, d, "0203118468")
	september := map[string]billing.KWh{}
	for _, r := range history {
		if r.Period == (billing.Period{Year: 2026, Month: time.September}) {
			september[r.Register] = r.Value
		}
	}
	if diff := cmp.Diff(map[string]billing.KWh{"T1": 12000, "T2": 5000}, september); diff != "" {
		t.Errorf("2 in September (-want +got):\n%s", diff)
	}
	_, history = account(t, d, "0477002158")
	winter := map[billing.Period]billing.KWh{}
	for _, r := range history {
		winter[r.Period] = r.Value
	}
	january := billing.Period{Year: 2026, Month: time.January}
	if used := winter[january] - winter[january.Add(-1)]; used != 4500 {
		t.Errorf("4 used %d kWh in January", used)
	}
}

func TestDemoState(t *testing.T) {
	t.Parallel()
	state := func(d *postgres.DB) postgres.DemoState {
		s, err := d.DemoState(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	d := pgtest.Open(t)
	if got := state(d); got != postgres.DemoEmpty {
		t.Errorf("an empty database: %d", got)
	}
	for range 2 { // Again changes nothing.
		if err := d.LoadDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := state(d); got != postgres.DemoOnly {
		t.Errorf("with the demo: %d", got)
	}
	save(t, d, chapter(chat.Conversation("tg:1"), 1))
	if got := state(d); got != postgres.DemoOnly {
		t.Errorf("with a conversation of the demo: %d", got)
	}

	url := pgtest.URL(t)
	other := pgtest.Connect(t, url)
	save(t, other, turn.Chapter{Record: turn.Record{Conversation: "tg:1", Revision: 1}})
	if got := state(other); got != postgres.DemoOther {
		t.Errorf("with a conversation alone: %d", got)
	}
	if _, err := pgtest.Conn(t, url).Exec(t.Context(), `INSERT INTO accounts
		(number, territory, legal, house, flat, person, tariff_group) VALUES ('x', '01', false, '', '', '{}', '')`); err != nil {
		t.Fatal(err)
	}
	if got := state(other); got != postgres.DemoOther {
		t.Errorf("with a real account: %d", got)
	}
	if err := other.LoadDemo(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("the demo was loaded beside real accounts: %v", err)
	}
	if err := other.AddDemoAccounts(t.Context(), 1, 0, io.Discard); !fault.Is(err, fault.Conflict) {
		t.Errorf("demo accounts were added beside real ones: %v", err)
	}
}

func TestAddDemoAccounts(t *testing.T) {
	t.Parallel()
	d := demo(t)
	add := func(n int, seed uint64) [][]string {
		var out bytes.Buffer
		if err := d.AddDemoAccounts(t.Context(), n, seed, &out); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"account", "house", "flat", "meter", "digits", "zones", "last"}, rows[0]); diff != "" {
			t.Errorf("header (-want +got):\n%s", diff)
		}
		return rows[1:]
	}
	rows := append(add(2500, 7), add(300, 7)...) // The same seed again: other accounts.
	seen, zones := map[string]bool{}, map[string]int{}
	for i, row := range rows {
		number, err := billing.ParseAccount(row[0])
		if err != nil || number.Contract() || seen[row[0]] {
			t.Fatalf("row %d: %q is no number or given twice: %v", i, row[0], err)
		}
		seen[row[0]] = true
		zones[row[5]]++
		if i%97 != 0 {
			continue
		}
		a, history := account(t, d, row[0])
		m := a.Meters[0]
		if a.House != row[1] || a.Flat != row[2] || m.Serial.Full() != row[3] || strconv.Itoa(m.Digits) != row[4] ||
			strconv.Itoa(len(m.Registers)) != row[5] || latest(m, history) != row[6] || len(history) != 12*len(m.Registers) {
			t.Errorf("row %d differs from the account: %v", i, row)
		}
		in := billing.Intake{Account: a, Meter: m, History: history, At: noon, Zone: pgtest.Zone}
		var next []billing.Entry
		for _, r := range m.Registers {
			b := in.Baseline(r.Name)
			next = append(next, billing.Entry{Register: r.Name, Value: b.Previous.Value + b.Average})
		}
		if j := in.Judge(next...); j.Action != billing.Accept || j.Remarks != 0 {
			t.Errorf("row %d: usual consumption is not simply accepted: %v %v", i, j.Action, j.Case)
		}
	}
	if len(rows) != 2800 || zones["1"] == 0 || zones["2"] == 0 || zones["3"] == 0 {
		t.Errorf("%d rows, zones %v", len(rows), zones)
	}
	again := pgtest.Open(t, atNoon)
	var out bytes.Buffer
	if err := again.AddDemoAccounts(t.Context(), 2500, 7, &out); err != nil {
		t.Fatal(err)
	}
	same, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows[:2500], same[1:]); diff != "" {
		t.Errorf("the same seed on another database made others")
	}
}

func BenchmarkAddDemoAccounts(b *testing.B) {
	d := pgtest.Open(b)
	const n = 10_000
	for b.Loop() {
		if err := d.AddDemoAccounts(b.Context(), n, 0, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "accounts/s")
}
