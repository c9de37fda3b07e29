package files_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"okoshko/adapters/files"
	"okoshko/core/fault"
)

func TestRingRefusesBadKeys(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]files.Key{
		"too short":  {{ID: "a", Key: []byte("secret-secret-16")}},
		"too long":   {{ID: "a", Key: bytes.Repeat([]byte("s"), 33)}},
		"none":       {{ID: "a"}},
		"no name":    {{Key: make([]byte, 32)}},
		"long name":  {key(strings.Repeat("a", 65), 1)},
		"name twice": {key("a", 1), key("a", 2)},
	} {
		r, err := files.NewRing(keys...)
		if !fault.Is(err, fault.Invalid) || r != nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRing(t *testing.T) {
	t.Parallel()
	one, two := key("one", 1), key("two", 2)
	plain := []byte("plain")
	sealed, err := ring(t, one).Seal(plain, "label")
	must(t, err)
	again, err := ring(t, one).Seal(plain, "label")
	must(t, err)
	if bytes.Equal(sealed, again) || bytes.Contains(sealed, plain) {
		t.Error("what is sealed can be recognised")
	}
	if got, err := ring(t, two, one).Unseal(sealed, "label"); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("with another key first: %q, %v", got, err)
	}
	if _, err := ring(t, two).Unseal(sealed, "label"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the key: %v", err)
	}
	if _, err := ring(t, key("one", 2)).Unseal(sealed, "label"); !fault.Is(err, fault.Internal) {
		t.Errorf("with a wrong key: %v", err)
	}
	if _, err := ring(t, one).Unseal(sealed, "labels"); !fault.Is(err, fault.Internal) {
		t.Errorf("with another label: %v", err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if got, err := ring(t, one, key("nne", 1), key("ooe", 1), key("ond", 1)).Unseal(changed, "label"); err == nil {
			t.Errorf("byte %d can be changed: %q", i, got)
		}
		if got, err := ring(t, one).Unseal(sealed[:i], "label"); err == nil {
			t.Errorf("it can be cut after %d bytes: %q", i, got)
		}
	}
	empty := ring(t)
	if _, err := empty.Seal(plain, "label"); !fault.Is(err, fault.Invalid) || empty.Current() != "" {
		t.Errorf("an empty ring seals: %v", err)
	}
	if _, err := empty.Unseal(sealed, "label"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an empty ring unseals: %v", err)
	}
}

// What comes back from a store may be anything: it opens as it was sealed, or
// not at all.
func FuzzUnseal(f *testing.F) {
	r := ring(f, key("one", 1))
	// Sealed once and for all: what is stored must stay readable.
	sealed, err := hex.DecodeString("01036f6e656e47eb7328378c79978f6189b7dda230c9aa3bf4dc615bb378b73628f663b22786")
	must(f, err)
	if plain, err := r.Unseal(sealed, "label"); err != nil || string(plain) != "plain" {
		f.Fatalf("%q, %v", plain, err)
	}
	for _, seed := range [][]byte{sealed, nil, {1}, {1, 0}, {1, 255}, {1, 3, 'o', 'n', 'e'}, sealed[:20], {2, 3}, slices.Concat(sealed, []byte{0})} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		plain, err := r.Unseal(b, "label")
		if err == nil && !bytes.Equal(b, sealed) {
			t.Fatalf("%x opens as %q", b, plain)
		}
		if err != nil && !fault.Is(err, fault.Internal) && !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	})
}

// A digest is found again under every key that is still on the ring, and is
// another one for another value, label or key.
func TestDigests(t *testing.T) {
	t.Parallel()
	key := func(id byte) files.Key { return files.Key{ID: string(id), Key: bytes.Repeat([]byte{id}, 32)} }
	ring := func(keys ...files.Key) *files.Ring {
		r, err := files.NewRing(keys...)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before, after := ring(key('a')), ring(key('b'), key('a'))
	old, now := before.Digests([]byte("+79000000001"), "phone"), after.Digests([]byte("+79000000001"), "phone")
	if len(old) != 1 || len(now) != 2 || !bytes.Equal(old[0], now[1]) || bytes.Equal(now[0], now[1]) {
		t.Errorf("digests under one key: %x, under two: %x", old, now)
	}
	for _, other := range [][]byte{
		before.Digests([]byte("+79000000002"), "phone")[0],
		before.Digests([]byte("+79000000001"), "phones")[0],
		before.Digests([]byte("e+79000000001"), "phon")[0],
	} {
		if bytes.Equal(other, old[0]) {
			t.Error("two values have one digest")
		}
	}
	if n := len(ring().Digests([]byte("x"), "")); n != 0 {
		t.Errorf("%d digests without a key", n)
	}
}
