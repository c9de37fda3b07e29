package billing_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
	"okoshko/core/fault"
)

var fuzzTexts = []string{
	"", "4521", "4 521", "12345.6 квт*ч", "0145201372 12 210 5 095", "T1 4120 Т2 6030 T3 8455",
	"ночь 5095 день 12210", "день/ночь 12210/5095", "на 24.11.2026 в 18:30 показание 4521",
	"исправьте ночь на 5100", "не 4521, а 4531", "минус 5", "-1", "4️⃣5️⃣", "４５２１", "ЭС-0123/26", "3C 123-2026",
	"счётчик № 5093: 4521", "+7 (912) 345-67-89", "a@b.c 5", "1) 1 2) 2", "120 345 678", "TΣ 17305", "д. 5/2 кв. 7а",
	"ПП-26-000-123-5", "полу-пик 8455", "9,9,9", "четырнадцать тысяч девятьсот двадцать", "тысяча тысяч сто", "1.2.3.4", "http://1", "№ № 1", "л/с 1-2-3-4-5-6-7-8-9-0", "\xff\xfe1",
}

// Whatever a customer writes: no panic, no negative value, only registers of
// the meter, each error Invalid, the same values from the same text.
func FuzzParse(f *testing.F) {
	for _, text := range fuzzTexts {
		f.Add(text)
	}
	meters := []billing.Meter{meterOf(1, 5), meterOf(2, 6), meterOf(3, 8), {ID: 4}}
	f.Fuzz(func(t *testing.T, text string) {
		m := billing.Parse(text)
		if diff := cmp.Diff(m, billing.Parse(text)); diff != "" {
			t.Fatalf("two readings of one text differ: %s", diff)
		}
		for _, a := range m.Accounts {
			if again, err := billing.ParseAccount(a.Full()); err != nil || again != a {
				t.Fatalf("account %s does not come back: %v", a.Full(), err)
			}
		}
		for _, meter := range meters {
			list, err := m.Entries(meter)
			if err != nil && (!fault.Is(err, fault.Invalid) || len(list) > 0) {
				t.Fatalf("got %v with error %v", list, err)
			}
			for _, e := range list {
				if _, ok := meter.Register(e.Register); !ok || e.Value < 0 || e.Value >= 1e18 {
					t.Fatalf("impossible entry %+v", e)
				}
			}
		}
		lists, err := m.Assign(meters[:3])
		if err == nil && len(lists) != 3 {
			t.Fatalf("assigned to %d meters", len(lists))
		}
	})
}

func FuzzParseAccount(f *testing.F) {
	for _, text := range append(fuzzTexts, demoAccounts...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := billing.ParseAccount(text)
		if err != nil {
			if a != "" || !errors.Is(err, billing.ErrAccountForm) && !errors.Is(err, billing.ErrAccountDigits) {
				t.Fatalf("got %q, %v", a.Full(), err)
			}
			return
		}
		if again, err := billing.ParseAccount(a.Full()); err != nil || again != a {
			t.Fatalf("%q: %s does not come back: %v", text, a.Full(), err)
		}
		if strings.Contains(a.Masked(), a.Full()) {
			t.Fatalf("%s is not masked", a.Full())
		}
	})
}

func FuzzParseProof(f *testing.F) {
	for _, text := range fuzzTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := billing.ParseProof(text)
		if err != nil {
			if !errors.Is(err, billing.ErrProof) || p != (billing.Proof{}) {
				t.Fatalf("got %+v, %v", p, err)
			}
			return
		}
		if p.Matches(billing.Account{}) {
			t.Fatalf("%q proves an account that does not exist", text)
		}
		if p.Place != "" && !p.Matches(billing.Account{House: text}) {
			t.Fatalf("%q does not match itself", text)
		}
	})
}

func FuzzParseReceipt(f *testing.F) {
	for _, text := range fuzzTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := billing.ParseReceipt(text)
		if err != nil {
			return
		}
		if again, err := billing.ParseReceipt(r.String()); err != nil || again != r {
			t.Fatalf("%q: %s does not come back: %v", text, r, err)
		}
	})
}

// The promises of Judge, for any meter of up to three registers and any values.
func FuzzJudge(f *testing.F) {
	f.Add(uint8(2), uint8(5), int64(8200), int64(3000), int64(0), int64(3120), int64(8450), int64(0), int64(31))
	f.Add(uint8(1), uint8(5), int64(99850), int64(0), int64(0), int64(120), int64(0), int64(0), int64(31))
	f.Add(uint8(3), uint8(6), int64(4120), int64(6030), int64(8455), int64(8600), int64(4200), int64(6100), int64(31))
	f.Fuzz(func(t *testing.T, zones, digits uint8, p1, p2, p3, v1, v2, v3, days int64) {
		in := intake(int(zones%4), int(digits%14))
		at := in.At.Add(-time.Duration(days%100_000) * 24 * time.Hour)
		for i, p := range []int64{p1, p2, p3} {
			in.History = append(in.History, billing.Reading{
				Meter: 1, Register: "T" + itoa(int64(i+1)), Value: billing.KWh(max(p%1e12, -p%1e12)), At: at,
				Source: billing.SourceInstallation,
			})
		}
		values := entries(billing.KWh(v1), billing.KWh(v2), billing.KWh(v3))
		j := in.Judge(values...)
		if diff := cmp.Diff(j, in.Judge(values...)); diff != "" {
			t.Fatalf("two judgements differ: %s", diff)
		}
		if len(j.Lines)+len(j.Missing) != len(in.Meter.Registers) {
			t.Fatalf("registers lost: %+v", j)
		}
		if j.Action == billing.Accept {
			for _, l := range j.Lines {
				used := l.Entry.Value - l.Baseline.Previous.Value
				if used < 0 || used > l.Baseline.Limit || used > l.Baseline.Possible || l.Entry.Value >= in.Meter.Capacity() {
					t.Fatalf("accepted against V1: %+v", l)
				}
			}
		}
		if j.Action == billing.Offer && j.Case != billing.CaseDigits {
			checkSwap(t, &in, j)
		}
		// One by one: what was refused about a part stays refused in the whole.
		for i := range j.Lines {
			part := in.Judge(j.Lines[i].Entry)
			if part.Action == billing.Refuse && j.Action == billing.Accept {
				t.Fatalf("a part is refused (%+v), the whole accepted", part)
			}
			if part.Action == billing.Refuse && j.Case == billing.CaseSwapped {
				t.Fatalf("a part is refused (%+v), the whole swapped (%+v)", part, j)
			}
		}
	})
}

// checkSwap: the offer has the same values in other places, and taking it leads
// to no second offer and no refusal.
func checkSwap(t *testing.T, in *billing.Intake, j billing.Judgement) {
	t.Helper()
	again := in.Judge(j.Swap...)
	if again.Action != billing.Accept && again.Case != billing.CaseZero {
		t.Fatalf("the swapped entries get %v %v", again.Action, again.Case)
	}
	if again.Used < 0 || len(again.Lines) != len(j.Lines) {
		t.Fatalf("the swap lost something: %+v", again)
	}
	to := map[billing.KWh]int{}
	for i := range j.Swap {
		to[j.Swap[i].Value]++
		to[j.Lines[i].Entry.Value]--
	}
	for v, n := range to {
		if n != 0 {
			t.Fatalf("value %d appears or disappears", v)
		}
	}
}
