package billing

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"strings"
	"unicode"

	"okoshko/core/fault"
)

// ErrProof: this is neither the last digits of a meter nor a house and flat.
// It is Invalid.
var ErrProof error = &fault.Error{Kind: fault.Invalid, Key: "proof_form"}

// Bounds of what a guest types.
const (
	tailDigits   = 4  // of the meter's serial that prove (spec §3.7)
	serialDigits = 15 // no serial has more
	placeParts   = 4  // house, its fraction or block, flat, and one to spare
)

// Proof is what a guest typed to show that an account is known to him: the end
// of a meter's serial, or house and flat (spec §3.7). It shows nothing of
// itself in logs.
type Proof struct {
	Serial string // four digits or more from its end
	Place  string // house and flat in the form of place
}

// Format writes a mask for every verb.
func (p Proof) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("****")) }

// LogValue masks the proof in logs.
func (p Proof) LogValue() slog.Value { return slog.StringValue("****") }

// ParseProof reads a guest's proof. A number of four digits or more is the end
// of a serial; anything else must be numbers of house and flat, each with a
// letter at most, in any of the usual spellings; words around are ignored. The
// error is ErrProof.
func ParseProof(text string) (Proof, error) {
	s := newScan(text)
	numbers, last := 0, ""
	for _, t := range s {
		if t.role == roleRegister || t.role == roleTariff { // «что такое т1 и т2» is no house 1, flat 2
			return Proof{}, ErrProof
		}
		if t.kind == number {
			numbers++
			last = t.text
		}
	}
	if numbers == 1 && len(last) >= tailDigits && len(last) <= serialDigits {
		return Proof{Serial: last}, nil
	}
	where, parts := places(s)
	if parts == 0 || parts > placeParts {
		return Proof{}, ErrProof
	}
	return Proof{Place: where}, nil
}

// Matches reports whether the proof is right for the account. The zero Proof
// is never right, nor is any for an account that does not exist (the zero
// Account). How long it takes tells nothing of what is right: the comparisons
// are in constant time, and as many are made for an account that does not
// exist as for one with up to four meters. (Folding the address of a real
// account is a fraction of a microsecond more.)
func (p Proof) Matches(a Account) bool {
	const slots = 4
	equal := 0
	for i := range max(slots, len(a.Meters)) {
		serial := ""
		if i < len(a.Meters) {
			serial = string(a.Meters[i].Serial)
		}
		end := serial
		if n := len(p.Serial); n < len(serial) {
			end = serial[len(serial)-n:]
		}
		equal |= same(p.Serial, end)
	}
	where, _ := places(newScan(a.House + " , " + a.Flat))
	equal |= same(p.Place, where)
	return equal == 1
}

// same compares two texts in a time that does not tell where they differ;
// empty ones are never the same.
func same(given, kept string) int {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(kept))
	filled := subtle.ConstantTimeEq(int32(min(len(given), 1)), 1)
	return subtle.ConstantTimeCompare(a[:], b[:]) & filled
}

// places brings a house and flat to one form, the numbers in order with their
// letters, and counts them: "5/2 flat 7", "5 block 2, 7" and "5-2-7" are all
// "5 2 7". It is forgiving on purpose: people disagree about what parts a
// house from its block, and the few pairs that fall together cost a guesser
// nothing. Words of two letters and more, and single ones before a number, are
// names of things, not of houses.
func places(s scan) (string, int) {
	var b strings.Builder
	count := 0
	for i, t := range s {
		if t.kind != number {
			continue
		}
		digits := strings.TrimLeft(t.text, "0")
		if len(digits) > tailDigits {
			return "", 0
		}
		if count++; count > 1 {
			b.WriteByte(' ')
		}
		b.WriteString(digits)
		b.WriteString(houseLetter(s, i+1))
	}
	return b.String(), count
}

// houseLetter returns the letter of a house that stands at token i.
func houseLetter(s scan, i int) string {
	t := s.at(i)
	r := []rune(t.text)
	if t.kind != word || len(r) != 1 || !unicode.IsLetter(r[0]) {
		return ""
	}
	next := i + 1
	for s.is(next, ".") {
		next++
	}
	if t.role == roleAddress && s.at(next).kind == number {
		return "" // Short for block or flat.
	}
	if c, ok := words().lookalikes[r[0]]; ok {
		return string(c)
	}
	return t.text
}
