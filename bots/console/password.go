package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"okoshko/core/fault"
)

// The cost of a guess: the OWASP minimum for argon2id (Password Storage Cheat
// Sheet): 19 MiB, two passes, one lane.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	lanes   = 1
	saltLen = 16
	hashLen = 32
)

// The bounds of a password, in bytes: NIST SP 800-63B asks for eight at least.
const (
	shortestPassword = 8
	longestPassword  = 256
)

// HashPassword returns what is kept of a password. The error is Invalid for one
// that is too short or too long.
func HashPassword(password string) (string, error) {
	if len(password) < shortestPassword || len(password) > longestPassword {
		return "", fault.New(fault.Invalid, fmt.Sprintf("a password has %d to %d bytes", shortestPassword, longestPassword))
	}
	salt := make([]byte, saltLen)
	rand.Read(salt) //nolint:errcheck // it never fails
	return encodeHash(salt, hash(password, salt)), nil
}

func hash(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashLen)
}

// prefix begins every hash, in the PHC string format. Another cost is another
// prefix: such a hash then has to be read by its own numbers.
var prefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memory, passes, lanes)

func encodeHash(salt, sum []byte) string {
	return prefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(sum)
}

// nobodys is the hash that the password of an unknown login is compared with:
// it takes the same time.
var nobodys = encodeHash(make([]byte, saltLen), make([]byte, hashLen))

// hashers is how many passwords are hashed at a time: each takes 19 MiB.
const hashers = 4

// verify reports whether a password is the one of a hash. The error is
// Unavailable: ctx has ended before its turn.
func (s *Console) verify(ctx context.Context, password, kept string) (bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false, fault.Wrap(fault.Unavailable, ctx.Err())
	}
	rest, known := strings.CutPrefix(kept, prefix)
	salt, sum, _ := strings.Cut(rest, "$")
	rawSalt, err1 := base64.RawStdEncoding.DecodeString(salt)
	rawSum, err2 := base64.RawStdEncoding.DecodeString(sum)
	if !known || err1 != nil || err2 != nil || len(password) > longestPassword {
		return false, nil
	}
	return subtle.ConstantTimeCompare(hash(password, rawSalt), rawSum) == 1, nil
}
