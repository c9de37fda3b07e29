package privacy

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Secret is a token, key or password. Nothing prints it: not fmt, not slog,
// not JSON. Two secrets do not compare with ==, which leaks their common
// beginning through time; Equal does it. The zero value is empty.
type Secret struct {
	// Behind a pointer, because fmt reads private fields (see Personal).
	full *string
	_    [0]func()
}

// NewSecret returns s as a secret.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{full: &s}
}

// Reveal returns the secret itself, for the one call that needs it.
func (s Secret) Reveal() string {
	if s.full == nil {
		return ""
	}
	return *s.full
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.full == nil }

// Equal compares in a time that tells nothing about either secret, not even
// their lengths.
func (s Secret) Equal(other Secret) bool {
	a, b := sha256.Sum256([]byte(s.Reveal())), sha256.Sum256([]byte(other.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// String returns Hidden, "" if there is no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Hidden
}

// Format writes what String returns, under every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue returns what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns what String returns: a secret does not survive a round
// trip, on purpose.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the secret from a configuration.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// URL is the address of a service, which may hold a user and a password.
// Printed it shows the scheme, the host and the path alone.
type URL struct {
	full Secret
}

// NewURL returns s as an address. It is not parsed here: each service has its
// own grammar.
func NewURL(s string) URL { return URL{full: NewSecret(s)} }

// Reveal returns the whole address, for the call that connects.
func (u URL) Reveal() string { return u.full.Reveal() }

// IsZero reports whether there is no address.
func (u URL) IsZero() bool { return u.full.IsZero() }

// String returns the address without user, password and parameters; Hidden if
// it cannot be told which part is which.
func (u URL) String() string {
	if u.IsZero() {
		return ""
	}
	scheme, rest, ok := strings.Cut(u.Reveal(), "://")
	// A password may hold any of these signs unescaped, by mistake: what
	// stands before the last @ is never shown, whatever it looks like.
	at := strings.LastIndexByte(rest, '@')
	if !ok || (at >= 0 && strings.ContainsAny(rest[:at], "?#")) {
		return Hidden
	}
	place := rest[at+1:]
	if end := strings.IndexAny(place, "?#"); end >= 0 {
		place = place[:end]
	}
	return scheme + "://" + place
}

// Format writes what String returns, under every verb.
func (u URL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// LogValue returns what String returns.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText returns what String returns.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText takes the address from a configuration.
func (u *URL) UnmarshalText(text []byte) error { return u.full.UnmarshalText(text) }
