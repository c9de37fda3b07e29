package exchange_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
	"okoshko/core/billing/exchange"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

var zone = time.FixedZone("", 3*60*60)

// read returns what the lines of a file say, and what is wrong with the others.
func read(t *testing.T, text string) (rows []exchange.Row, wrong []string) {
	t.Helper()
	in, err := exchange.NewReader(strings.NewReader(text), zone)
	if err != nil {
		t.Fatal(err)
	}
	for {
		r, err := in.Next()
		var broken *exchange.RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, wrong
		case errors.As(err, &broken):
			wrong = append(wrong, broken.Error())
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, r)
		}
	}
}

func TestWhatALineSays(t *testing.T) {
	t.Parallel()
	rows, wrong := read(t, "\ufeffaccount;name;house;flat;residents;meter;digits;zones;register;period;source;value;at\r\n"+
		"0145201372;Соколова  Мария;5;12;3;011845093;5;1;;;;;\r\n"+
		"\r\n;;;;;;;;;;;;\r\n"+
		"0145201372;;;-;;011845093;;;t1;2026-10;customer;14712;2026-10-24\r\n")
	if len(rows) != 2 || len(wrong) != 0 {
		t.Fatalf("%d lines, %q", len(rows), wrong)
	}
	a := exchange.NewAccount(rows[0].Number)
	rows[0].SetAccount(&a)
	if a.Name.Reveal() != "Соколова Мария" || a.House != "5" || a.Flat != "12" || a.Residents != 3 || a.Territory != "01" || a.Complete() != nil {
		t.Errorf("the account is %+v", a)
	}
	var m billing.Meter
	rows[0].SetMeter(&m)
	if m.Serial != "011845093" || m.Digits != 5 || len(m.Registers) != 1 || exchange.Complete(&m) != nil {
		t.Errorf("the meter is %+v", m)
	}
	rows[1].SetAccount(&a)
	if a.Flat != "" || a.House != "5" || rows[1].Line != 5 {
		t.Errorf("line %d: the flat is %q, the house %q", rows[1].Line, a.Flat, a.House)
	}
	want := billing.Reading{
		Register: "T1", Value: 14712, Source: billing.SourceCustomer, Period: billing.Period{Year: 2026, Month: 10},
		At: time.Date(2026, 10, 23, 21, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(&want, rows[1].Reading); diff != "" {
		t.Errorf("the reading (-want +got):\n%s", diff)
	}
}

// What is wrong is told by its line and column, and never quoted.
func TestWrongLines(t *testing.T) {
	t.Parallel()
	const head = "account,territory,house,phone,email,tax_id,payer,rural,residents,meter,digits,zones,verified_until,register,period,source,value,at\n"
	columns := strings.Split(strings.TrimSpace(head), ",")
	for _, c := range []struct{ cells, want string }{
		{"account=0145201373", "account"},
		{"account=secret", "account"},
		{"house=5", "account"},
		{"account=0145201372 territory=1", "territory"},
		{"account=0145201372 territory=00", "territory"},
		{"account=0145201372 house=" + strings.Repeat("9", 41), "house"},
		{"account=0145201372 house=-", "house"},
		{"account=0145201372 phone=secret", "phone"},
		{"account=0145201372 email=secret", "email"},
		{"account=0145201372 tax_id=0000456147", "tax_id"},
		{"account=0145201372 payer=secret", "payer"},
		{"account=0145201372 rural=yes", "rural"},
		{"account=0145201372 residents=-1", "residents"},
		{"account=0145201372 residents=1e3", "residents"},
		{"account=0145201372 digits=5", "meter is missing"},
		{"account=0145201372 meter=-", "meter cannot be nothing"},
		{"account=0145201372 meter=1 digits=13", "digits"},
		{"account=0145201372 meter=1 zones=4", "zones"},
		{"account=0145201372 meter=1 zones=day/secret", "zones"},
		{"account=0145201372 meter=1 zones=day/night/day/night", "zones"},
		{"account=0145201372 meter=1 verified_until=2026-02-30", "verified_until"},
		{"account=0145201372 register=T1", "meter is missing"},
		{"account=0145201372 meter=1 value=5", "register is missing"},
		{"account=0145201372 meter=1 register=T1 period=2026-10 source=customer value=5", "at is missing"},
		{"account=0145201372 meter=1 register=T1 period=2026-13 source=customer value=5 at=2026-10-24", "period"},
		{"account=0145201372 meter=1 register=T1 period=2026-10 source=secret value=5 at=2026-10-24", "source"},
		{"account=0145201372 meter=1 register=T1 period=2026-10 source=customer value=5.5 at=2026-10-24", "value"},
		{"account=0145201372 meter=1 register=T1 period=2026-10 source=customer value=5 at=secret", "at"},
	} {
		said := map[string]string{}
		for _, cell := range strings.Fields(c.cells) {
			name, value, _ := strings.Cut(cell, "=")
			said[name] = value
		}
		var line []string
		for _, name := range columns {
			line = append(line, said[name])
		}
		rows, wrong := read(t, head+strings.Join(line, ",")+"\n")
		if len(rows) != 0 || len(wrong) != 1 || !strings.HasPrefix(wrong[0], "line 2: "+c.want) {
			t.Errorf("%s: taken %d times, refused with %q", c.cells, len(rows), wrong)
		}
		if strings.Contains(strings.Join(wrong, ""), "secret") {
			t.Errorf("%s: quoted: %q", c.cells, wrong)
		}
	}
	// One that cannot be parted into cells does not take the next with it.
	rows, wrong := read(t, "account,house\n0145201372\n0145201372,\"5\"6\n0145201372,5\n")
	if len(rows) != 1 || len(wrong) != 2 {
		t.Errorf("%d lines taken, refused %q", len(rows), wrong)
	}
}

func TestWrongColumns(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"", "house\n", "account,account\n", "account,shoe_size\n", "account,\"house\n", "\x00\xff\n"} {
		if _, err := exchange.NewReader(strings.NewReader(head), zone); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", head, err)
		}
	}
}

// What is written says the same when it is read, whatever the cells hold.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	a := exchange.NewAccount("0145201372")
	a.House, a.Flat, a.Residents = "5/1", "", 0
	a.Name = privacy.NewPersonName("=HYPERLINK(\"http://evil\")")
	m := billing.Meter{
		Serial: "-0118/45093", Digits: 6, Registers: billing.Registers(3), Power: 15000,
		OutOfServiceSince: time.Date(2026, 11, 2, 7, 30, 0, 0, time.UTC),
	}
	r := billing.Reading{
		Register: "T3", Value: 8455, Source: billing.SourceControl, Period: billing.Period{Year: 2026, Month: 10},
		At: time.Date(2026, 10, 24, 7, 0, 0, 0, time.UTC), Rollover: true,
	}
	var b bytes.Buffer
	w, err := exchange.NewWriter(&b, zone)
	if err := errors.Join(err, w.Account(&a), w.Meter(a.Number, &m), w.Reading(a.Number, m.Serial, &r), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), ",=") {
		t.Errorf("a spreadsheet would run a cell:\n%s", b.String())
	}
	rows, wrong := read(t, b.String())
	if len(rows) != 3 || len(wrong) > 0 {
		t.Fatalf("%d lines, %q:\n%s", len(rows), wrong, b.String())
	}
	gotA, gotM := exchange.NewAccount(a.Number), billing.Meter{}
	gotA.Flat = "12" // until the file says that there is none
	for i := range rows {
		rows[i].SetAccount(&gotA)
	}
	rows[1].SetMeter(&gotM)
	if diff := cmp.Diff(a, gotA); diff != "" {
		t.Errorf("the account (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(m, gotM); diff != "" {
		t.Errorf("the meter (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(&r, rows[2].Reading); diff != "" {
		t.Errorf("the reading (-written +read):\n%s", diff)
	}
}

// Whatever a file holds, each of its lines is taken or refused, and what is taken
// can be written and read again.
func FuzzRead(f *testing.F) {
	for _, line := range []string{
		"0145201372,,,,,5,,,,,,,,,,,,,,,,,011845093,5,single,,,,,T1,2026-10,customer,14712,2026-10-24,,",
		"ЭС-0456/26,03", "'=1,2", "\"", "0145201372,-,-,-", ";;;;",
	} {
		f.Add(strings.Join(exchange.Columns(), ",") + "\n" + line + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		in, err := exchange.NewReader(strings.NewReader(text), zone)
		if err != nil {
			return
		}
		for range 1000 {
			r, err := in.Next()
			var broken *exchange.RowError
			if errors.Is(err, io.EOF) {
				return
			}
			if errors.As(err, &broken) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			a := exchange.NewAccount(r.Number)
			r.SetAccount(&a)
			var b bytes.Buffer
			w, err := exchange.NewWriter(&b, zone)
			if err := errors.Join(err, w.Account(&a), w.Flush()); err != nil {
				t.Fatal(err)
			}
			if a.Complete() != nil {
				continue
			}
			again, err := exchange.NewReader(&b, zone)
			if err != nil {
				t.Fatal(err)
			}
			back, err := again.Next()
			got := exchange.NewAccount(r.Number)
			if back.SetAccount(&got); err != nil || got != a {
				t.Fatalf("%v: %s", err, cmp.Diff(a, got))
			}
		}
	})
}
