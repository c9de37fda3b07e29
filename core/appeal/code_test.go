package appeal_test

import (
	"errors"
	"testing"

	"okoshko/core/appeal"
)

func TestCode(t *testing.T) {
	t.Parallel()
	for _, kind := range appeal.Kinds() {
		n := appeal.Number{Kind: kind, Year: 2026, Serial: 123}
		if back, err := appeal.ParseCode(n.Code()); err != nil || back != n {
			t.Errorf("%s came back as %s, %v", n.Code(), back, err)
		}
	}
	for _, code := range []string{"", "1", "1.2026", "9.2026.1", "1.2026.0", "1.1026.1", "1.2026.-1", "1.2026.99999999999", "ОБ.2026.1", "1.2026.1.1", "1.2026.1000000000"} {
		if n, err := appeal.ParseCode(code); !errors.Is(err, appeal.ErrNumber) {
			t.Errorf("%q is %s, %v", code, n, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("1.2026.123")
	f.Fuzz(func(t *testing.T, code string) {
		n, err := appeal.ParseCode(code)
		if err != nil {
			return
		}
		if back, err := appeal.ParseCode(n.Code()); err != nil || back != n {
			t.Errorf("%q is %s, which comes back as %s, %v", code, n, back, err)
		}
	})
}
