package console

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"okoshko/core/staff"
	"okoshko/dialogs/dialog/turn"
)

// The vectors of RFC 6238, appendix B, for SHA-1, cut to six digits.
func TestStepOf(t *testing.T) {
	t.Parallel()
	key := []byte("12345678901234567890")
	for seconds, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		for off, want := range map[int64]bool{-60: false, -30: true, 0: true, 30: true, 60: false} {
			if seconds+off < 0 {
				continue // before time was counted
			}
			step, right, err := stepOf(key, code, time.Unix(seconds+off, 0))
			if err != nil || right != want || right && step != seconds/period {
				t.Errorf("%s of %d, %d s later: step %d, %v, %v", code, seconds, off, step, right, err)
			}
		}
	}
	for _, code := range []string{"", "28708", "2870822", "٢٨٧٠٨٢", "287082\x00"} {
		if _, right, err := stepOf(key, code, time.Unix(59, 0)); right || err != nil {
			t.Errorf("%q is right: %v", code, err)
		}
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	codes, hashes := newRecovery()
	seen := map[string]bool{}
	for i, code := range codes {
		want := hex.EncodeToString(hashes[i])
		if seen[want] {
			t.Errorf("%s is there twice", code)
		}
		seen[want] = true
		for _, typed := range []string{code, strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ") + " ", strings.ReplaceAll(code, "o", "0")} {
			if got, ok := recoveryHash(typed); !ok || hex.EncodeToString(got) != want {
				t.Errorf("%q is not %s", typed, code)
			}
		}
	}
	for _, code := range []string{"", "abcd", "aaaa-bbbb-cccc-dddd-eeee", "аааа-bbbb-cccc-dddd", "aaaa-bbbb-cccc-ddd9", strings.Repeat("a", 1000)} {
		if _, ok := recoveryHash(code); ok {
			t.Errorf("%q is a recovery code", code)
		}
	}
	if len(seen) != recoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}

// Whoever finds no permission in a route finds it closed; hints reach those
// alone who may know what they are about.
func TestHintsAskForPermissions(t *testing.T) {
	t.Parallel()
	kinds := []frame{frameOf("bye", nil), frameOf("news", nil), frameOf("", nil)}
	for _, h := range []turn.Hint{{Kind: turn.AtDesk}, {Kind: turn.NewEntry}, {Kind: turn.NewReceipt}, {Kind: turn.Typing, By: turn.Customer}} {
		made := framesFor(h)
		if len(made) == 0 {
			t.Errorf("nothing is said of hint %v", h.Kind)
		}
		for _, f := range made {
			if hints[f.t] == "" {
				t.Errorf("frame %s is for nobody", f.t)
			}
		}
		kinds = append(kinds, made...)
	}
	for _, role := range append(staff.Roles(), "") {
		v := visit{Account: staff.Account{Roles: []staff.Role{role}}}
		for _, needs := range []staff.Permission{"", "no.such", anybody, proven, owing} {
			if v.allows(needs) {
				t.Errorf("%q passes a door that needs %q", role, needs)
			}
		}
		for _, f := range kinds {
			p := &page{who: v, frames: make(chan []byte, 1)}
			if !p.send(f) {
				t.Errorf("a page is too slow for %s", f.t)
			}
			needs := map[string]staff.Permission{"queue": staff.SeeDesk, "conversation": staff.SeeDesk, "typing": staff.SeeDesk}[f.t]
			if told, want := len(p.frames) == 1, f.t == "bye" || role.May(needs); told != want {
				t.Errorf("%q is told of %q: %v", role, f.t, told)
			}
		}
	}
}
