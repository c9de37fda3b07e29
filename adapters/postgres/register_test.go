package postgres_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/billing/exchange"
	"okoshko/core/fault"
)

// importFile imports a file and returns what became of it, and the lines that were
// not taken.
func importFile(t testing.TB, d *postgres.DB, text string, o postgres.ImportOptions) (done postgres.Imported, wrong []string) {
	t.Helper()
	in, err := exchange.NewReader(strings.NewReader(text), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	o.Refused = func(r *exchange.RowError) { wrong = append(wrong, r.Error()) }
	done, err = d.ImportRegister(t.Context(), in, o)
	if err != nil || done.Refused != len(wrong) {
		t.Fatalf("%d lines refused, told of %q: %v", done.Refused, wrong, err)
	}
	return done, wrong
}

func exportFile(t testing.TB, export func(context.Context, *exchange.Writer) (postgres.Exported, error)) (text string, done postgres.Exported) {
	t.Helper()
	var b bytes.Buffer
	w, err := exchange.NewWriter(&b, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	done, err = export(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), done
}

// Everything that a register holds goes out and comes in: the demo's accounts, and as
// many generated ones as need more than one page and one transaction.
func TestRegisterThereAndBack(t *testing.T) {
	t.Parallel()
	from := demo(t)
	if err := from.AddDemoAccounts(t.Context(), 600, 1, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	text, written := exportFile(t, from.ExportRegister)
	if written.Accounts < 615 || written.Meters < 615 || written.Readings < 8000 {
		t.Fatalf("written: %+v", written)
	}
	to := pgtest.Connect(t, pgtest.URL(t), atNoon)
	done, wrong := importFile(t, to, text, postgres.ImportOptions{})
	want := postgres.Imported{
		Accounts: postgres.Outcome{Added: written.Accounts}, Meters: postgres.Outcome{Added: written.Meters}, Readings: postgres.Outcome{Added: written.Readings},
	}
	// An account whose lines begin in one transaction and end in the next is met twice.
	done.Accounts.Same, done.Meters.Same = 0, 0
	if diff := cmp.Diff(want, done); diff != "" || len(wrong) > 0 {
		t.Fatalf("refused %q, and (-want +got):\n%s", wrong, diff)
	}
	again, _ := exportFile(t, to.ExportRegister)
	if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(again, "\n")); diff != "" {
		t.Errorf("the register is another (-sent +came):\n%s", diff)
	}
	done, _ = importFile(t, to, text, postgres.ImportOptions{})
	if done.Accounts.Added+done.Accounts.Changed+done.Meters.Added+done.Meters.Changed+done.Readings.Added+done.Readings.Changed != 0 || done.Readings.Same != written.Readings {
		t.Errorf("the second time: %+v", done)
	}
	// What came can be served: the account is found and its meter judged.
	a, readings := account(t, to, "0203118468")
	if len(a.Meters) != 1 || latest(a.Meters[0], readings) != "12210/5095" {
		t.Errorf("the account is %+v with %s", a, latest(a.Meters[0], readings))
	}
	if ledger, found, err := to.Ledger(t.Context(), "0145201372"); err != nil || !found || ledger.Payer.Name.Reveal() != "Соколова Мария Игоревна" {
		t.Errorf("the ledger: found %v, %v", found, err)
	}
	if state, err := to.DemoState(t.Context()); err != nil || state != postgres.DemoOther {
		t.Errorf("whose data it is: %v, %v", state, err)
	}
}

const newcomer = `account,name,house,flat,residents,meter,digits,zones,register,period,source,value,at
0145201372,Соколова Мария Игоревна,5,12,2,011845093,5,day/night,T1,2026-09,customer,14502,2026-09-24T10:00:00Z
0145201372,,,,,011845093,,,T2,2026-09,customer,5001,2026-09-24T10:00:00Z
`

// A file says something of what is there; the rest stays. A reading that it changes
// is kept aside, and its receipt does not speak for another figure.
func TestRegisterIsAmended(t *testing.T) {
	t.Parallel()
	d := pgtest.Connect(t, pgtest.URL(t), atNoon)
	importFile(t, d, newcomer, postgres.ImportOptions{})
	a, _ := account(t, d, "0145201372")
	const sender = "tg:7"
	accepted := submit(t, d, effect(sender, 1), billing.Submission{
		Account: a.Number, Meter: a.Meters[0].ID, At: noon,
		Entries: []billing.Entry{{Register: "T1", Value: 14600}, {Register: "T2", Value: 5050}},
	})
	if accepted.Refused != 0 {
		t.Fatalf("submitted: %+v", accepted)
	}
	period := accepted.Slip.Period.String()
	done, wrong := importFile(t, d, "account,flat,residents,meter,digits,register,period,source,value,at\n"+
		"0145201372,-,3,,,,,,,\n"+
		"0145201372,,,011845093,6,T1,"+period+",customer,14700,2026-11-20\n"+
		"0145201372,,,011845093,,T1,"+period+",customer,14611,2026-11-20\n"+ // the later counts
		"0145201372,,,011845093,,T2,2026-09,control,5001,2026-09-25\n", postgres.ImportOptions{})
	want := postgres.Imported{Accounts: postgres.Outcome{Changed: 1}, Meters: postgres.Outcome{Changed: 1}, Readings: postgres.Outcome{Added: 1, Changed: 1}}
	if diff := cmp.Diff(want, done); diff != "" || len(wrong) > 0 {
		t.Fatalf("refused %q, and (-want +got):\n%s", wrong, diff)
	}
	a, readings := account(t, d, "0145201372")
	if a.House != "5" || a.Flat != "" || a.Meters[0].Digits != 6 || len(a.Meters[0].Registers) != 2 || latest(a.Meters[0], readings) != "14611/5050" {
		t.Errorf("the account is %+v with %s", a.Meters[0], latest(a.Meters[0], readings))
	}
	slips, err := d.SentReadings(t.Context(), sender, 5)
	if err != nil || len(slips) != 1 || slips[0].Receipt != accepted.Slip.Receipt || slips[0].Lines[0].Value != 14600 {
		t.Errorf("the customer's slip became %+v, %v", slips, err)
	}
	text, written := exportFile(t, func(ctx context.Context, w *exchange.Writer) (postgres.Exported, error) {
		return d.ExportReadings(ctx, w, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	})
	if written.Readings != 2 || !strings.Contains(text, "T2,"+period+",customer,5050") || strings.Contains(text, "Соколова") {
		t.Errorf("the new readings: %+v\n%s", written, text)
	}
}

// A line that cannot be taken is refused alone, with what hangs on it, and nothing of
// a check stays.
func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	d := pgtest.Connect(t, pgtest.URL(t), atNoon)
	if done, _ := importFile(t, d, newcomer, postgres.ImportOptions{Check: true}); done.Accounts.Added != 1 || done.Readings.Added != 2 {
		t.Errorf("checked: %+v", done)
	}
	if state, err := d.DemoState(t.Context()); err != nil || state != postgres.DemoEmpty {
		t.Errorf("a check left something: %v, %v", state, err)
	}
	done, wrong := importFile(t, d, newcomer+
		"0203118468,Беляев,,40,,,,,,,,,\n"+ // 4: no house
		"0203118468,,,,,027710462,6,2,,,,,\n"+ // 5: so no account
		"ЭС-0456/26,,,,,,,,,,,,\n"+ // 6: nothing said of it
		"0145201372,,,,,1,,single,,,,,\n"+ // 7: no digits
		"0145201372,,,,,1,,,T1,2026-09,customer,1,2026-09-24\n"+ // 8: so no meter
		"0145201372,,,,,011845093,,,T3,2026-09,customer,1,2026-09-24\n"+ // 9: no such register
		"0145201372,,,,,011845093,,,T1,2026-10,customer,100000,2026-09-24\n", // 10: too long
		postgres.ImportOptions{})
	if done.Accounts.Added != 1 || done.Meters.Added != 1 || done.Readings.Added != 2 || done.Refused != 7 {
		t.Errorf("taken: %+v, refused %q", done, wrong)
	}
	for i, want := range []string{"house", "no such account", "no such account", "digits", "digits", "register", "value"} {
		if i < len(wrong) && !strings.Contains(strings.Join(wrong, "\n"), want) {
			t.Errorf("nothing is told of the %s: %q", want, wrong)
		}
	}
}

func TestRegisterOfADemo(t *testing.T) {
	t.Parallel()
	d := demo(t)
	in, err := exchange.NewReader(strings.NewReader(newcomer), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.ImportRegister(t.Context(), in, postgres.ImportOptions{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("into a demo: %v", err)
	}
	importFile(t, d, "account,house\n0899999999,7\n", postgres.ImportOptions{Demo: true})
	if state, err := d.DemoState(t.Context()); err != nil || state != postgres.DemoOnly {
		t.Errorf("the demo is one no more: %v, %v", state, err)
	}
}
