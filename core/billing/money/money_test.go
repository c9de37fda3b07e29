package money_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

// kopecks reads roubles.
func kopecks(t testing.TB, s string) money.Kopecks {
	t.Helper()
	k, err := money.ParseKopecks(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestPriceTimes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		price string
		n     int64
		want  string
	}{
		{"6.13", 210, "1287.30"}, // spec §5.1, bill check for account 2
		{"3.34", 95, "317.30"},
		{"4.64", 3900, "18096.00"}, // account 4
		{"7.80", 600, "4680.00"},
		{"0.005", 1, "0.01"}, // a half goes up
		{"0.0049999", 1, "0.00"},
		{"1.005", 3, "3.02"},
		{"10.38417", 3040, "31567.88"},
		{"0", 1 << 40, "0.00"},
	} {
		got, err := money.MustPrice(tc.price).Times(tc.n)
		if err != nil || got.String() != tc.want {
			t.Errorf("%s × %d = %v, %v; want %s", tc.price, tc.n, got, err, tc.want)
		}
		if back, err := money.MustPrice(tc.price).Times(-tc.n); err != nil || back != -got {
			t.Errorf("%s × −%d = %v, %v; want the reversal of %v", tc.price, tc.n, back, err, got)
		}
	}
	for _, n := range []int64{math.MaxInt64, math.MinInt64} {
		if got, err := money.MustPrice("6.19").Times(n); !fault.Is(err, fault.Invalid) {
			t.Errorf("6.19 × %d = %v, %v", n, got, err)
		}
	}
}

func TestBadNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "-", ".", "1e5", "-1", "1.2.3", "٣", "1 000", "NaN", "Inf", "0x10", "+1",
		"0.00000001", strings.Repeat("9", 19), strings.Repeat("9", 400),
	} {
		if p, err := money.ParsePrice(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("price %q = %v, %v", s, p, err)
		}
		if f, err := money.ParseFactor(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("factor %q = %v, %v", s, f, err)
		}
		if k, err := money.ParseKopecks(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("sum %q = %v, %v", s, k, err)
		}
	}
	if k, err := money.ParseKopecks("1.234"); err == nil {
		t.Errorf("parts of a kopeck were read as %v", k)
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	for k, want := range map[money.Kopecks]string{
		0: "0.00", 5: "0.05", -5: "-0.05", 160460: "1604.60", math.MinInt64: "-92233720368547758.08",
	} {
		if got := k.String(); got != want {
			t.Errorf("%d is printed as %s, want %s", int64(k), got, want)
		}
	}
	if got := kopecks(t, "1842,53"); got != 184253 {
		t.Errorf("1842,53 is %d", got)
	}
	if f := money.MustFactor("9.5%"); f.String() != "0.095" || f.Percent() != "9.5" {
		t.Errorf("9.5%% is %v, %s per cent", f, f.Percent())
	}
	if got, err := money.MustFactor("22%").Of(3156788); err != nil || got != 694493 {
		t.Errorf("22%% of 31567.88 is %v, %v", got, err)
	}
}

// Zone prices of the tables are printed prices times multipliers (spec §5.4).
func TestPriceBy(t *testing.T) {
	t.Parallel()
	for _, tc := range [][3]string{
		{"6.19", "1.10", "6.81"},
		{"6.19", "0.60", "3.71"},
		{"6.19", "1.15", "7.12"},
		{"6.19", "1.68", "10.40"},
		{"4.86", "1.92", "9.33"},
		{"8.91", "0.60", "5.35"},
	} {
		if got, err := money.MustPrice(tc[0]).By(money.MustFactor(tc[1])); err != nil || got.String() != tc[2] {
			t.Errorf("%s × %s = %v, %v; want %s", tc[0], tc[1], got, err, tc[2])
		}
	}
}

// The library's arithmetic against that of math/big.
func FuzzTimes(f *testing.F) {
	f.Add(int64(619), uint8(2), int64(305))
	f.Add(int64(5), uint8(3), int64(1))
	f.Add(int64(math.MaxInt64), uint8(7), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, coef int64, scale uint8, n int64) {
		r := new(big.Rat).SetFrac(big.NewInt(coef), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale%8)), nil))
		p, err := money.ParsePrice(r.FloatString(int(scale % 8)))
		if err != nil {
			return
		}
		got, err := p.Times(n)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		// Half away from zero is what FloatString does.
		want := r.Mul(r, new(big.Rat).SetInt64(n)).FloatString(2)
		if got.String() != want && !(got == 0 && want == "-0.00") {
			t.Fatalf("%v × %d = %v, want %s", p, n, got, want)
		}
	})
}
