package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"rsc.io/qr"

	"okoshko/core/staff"
)

// The second factor: codes of six digits that change every half a minute (RFC
// 6238, as every authenticator has them), by a key of 160 bits (RFC 4226, 4).
// Clocks may be one step apart. Steps are those of real time, which is what a
// phone shows.
const (
	keyLen = 20
	period = 30 // seconds
	skew   = 1  // steps
)

// Recovery codes: so many, of 80 random bits, each good once.
const (
	recoveryCodes = 10
	recoveryLen   = 10 // bytes
	recoveryGroup = 4  // characters
)

// How somebody proved who he is.
const (
	authenticator = "authenticator"
	recovery      = "recovery"
)

var (
	sixDigits    = regexp.MustCompile(`^[0-9]{6}$`)
	recoveryForm = regexp.MustCompile(`^[A-Z2-7]{16}$`)
	base32s      = base32.StdEncoding.WithPadding(base32.NoPadding)
	// People write codes with spaces and dashes, and with digits that look like
	// letters; base32 has none of those.
	spaces     = strings.NewReplacer(" ", "", "-", "", "\u00a0", "")
	lookalikes = strings.NewReplacer("0", "O", "1", "I", "8", "B")
)

// proves tries a code of the second factor or a recovery code, and uses it up.
func (s *Console) proves(ctx context.Context, a staff.Account, code string) (by string, right bool, err error) {
	plain := spaces.Replace(code)
	if sixDigits.MatchString(plain) {
		key, found, err := s.Staff.SecondKey(ctx, a.ID, false)
		if err != nil || !found {
			return "", false, err
		}
		step, right, err := stepOf(key, plain, time.Now())
		if err != nil || !right {
			return "", false, err
		}
		fresh, err := s.Staff.SpendStep(ctx, a.ID, step)
		return authenticator, fresh, err
	}
	hash, ok := recoveryHash(code)
	if !ok {
		return "", false, nil
	}
	right, err = s.Staff.SpendRecovery(ctx, a.ID, hash)
	return recovery, right, err
}

// stepOf finds the time step whose code was entered, within the skew. It
// compares with all of them, in constant time.
func stepOf(key []byte, code string, now time.Time) (step int64, right bool, err error) {
	current := now.Unix() / period
	for at := current - skew; at <= current+skew; at++ {
		want, err := hotp.GenerateCodeCustom(base32s.EncodeToString(key), uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // time is after 1970
		if err != nil {
			return 0, false, fmt.Errorf("make code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, right = at, true
		}
	}
	return step, right, nil
}

// newKey makes a key, and what an authenticator reads it from: its text to be
// typed and the squares of a QR code with its address, a row a string of 0 and 1.
func newKey(company, login string) (key []byte, typed string, squares []string, err error) {
	key = make([]byte, keyLen)
	rand.Read(key) //nolint:errcheck // it never fails
	made, err := totp.Generate(totp.GenerateOpts{Issuer: company, AccountName: login, Secret: key, Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return nil, "", nil, fmt.Errorf("describe key: %w", err)
	}
	code, err := qr.Encode(made.URL(), qr.L)
	if err != nil {
		return nil, "", nil, fmt.Errorf("draw key: %w", err)
	}
	for y := range code.Size {
		row := make([]byte, code.Size)
		for x := range row {
			row[x] = '0'
			if code.Black(x, y) {
				row[x] = '1'
			}
		}
		squares = append(squares, string(row))
	}
	return key, grouped(made.Secret()), squares, nil
}

// newRecovery makes recovery codes, and what is kept of them.
func newRecovery() (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		raw := make([]byte, recoveryLen)
		rand.Read(raw) //nolint:errcheck // it never fails
		code := grouped(base32s.EncodeToString(raw))
		hash, _ := recoveryHash(code)
		codes, hashes = append(codes, code), append(hashes, hash)
	}
	return codes, hashes
}

// recoveryHash reads a recovery code as people type it.
func recoveryHash(code string) ([]byte, bool) {
	plain := lookalikes.Replace(strings.ToUpper(spaces.Replace(code)))
	if !recoveryForm.MatchString(plain) {
		return nil, false
	}
	sum := sha256.Sum256([]byte("okoshko recovery\n" + plain))
	return sum[:], true
}

// grouped writes a code so that it can be typed.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
