package files

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"okoshko/core/fault"
)

const (
	keySize  = 32 // AES-256
	longest  = 64 // bytes of a key's ID
	overhead = 12 + 16
	// format is the first byte of what a ring seals; another way of sealing
	// will have another one.
	format = 1
)

// Key is one of the company's keys: 32 bytes, and a name that tells it from
// the others, up to 64 bytes.
type Key struct {
	ID  string
	Key []byte
}

// Ring seals small things: keys of files and what a store wants sealed. The
// first key seals, all of them unseal, so that a key can be replaced while what
// it has sealed is still about. A Ring may be used from any goroutine.
type Ring struct {
	first   string
	keys    map[string]cipher.AEAD
	digests [][]byte // keys derived for Digests, in the order of the keys
}

// NewRing returns a ring of the keys, the newest first. Without any it unseals
// and seals nothing. The error is Invalid for a key of another length than 32
// bytes, for an ID that is missing, too long or given twice; it never shows a
// key.
func NewRing(keys ...Key) (*Ring, error) {
	r := &Ring{keys: make(map[string]cipher.AEAD, len(keys))}
	for i, k := range keys {
		if k.ID == "" || len(k.ID) > longest {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("data key %d: its ID must have 1 to %d bytes", i+1, longest))
		}
		if _, twice := r.keys[k.ID]; twice {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("data key %q is given twice", k.ID))
		}
		if len(k.Key) != keySize {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("data key %q has %d bytes instead of %d", k.ID, len(k.Key), keySize))
		}
		block, err := aes.NewCipher(k.Key)
		if err != nil {
			return nil, fmt.Errorf("data key %q: %w", k.ID, err)
		}
		if r.keys[k.ID], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("data key %q: %w", k.ID, err)
		}
		r.digests = append(r.digests, authenticate(k.Key, []byte("digests")))
		if i == 0 {
			r.first = k.ID
		}
	}
	return r, nil
}

// Current returns the ID of the key that seals, "" if there is none.
func (r *Ring) Current() string { return r.first }

// Seal encrypts plain. The label says what it is and must be given again to
// unseal it. The error is Invalid for a ring without keys.
func (r *Ring) Seal(plain []byte, label string) ([]byte, error) {
	aead := r.keys[r.first]
	if aead == nil {
		return nil, fault.New(fault.Invalid, "seal: no data key is configured")
	}
	out := make([]byte, 0, 2+len(r.first)+len(plain)+overhead)
	out = append(append(out, format, byte(len(r.first))), r.first...)
	return aead.Seal(out, nil, plain, additional(out, label)), nil
}

// Unseal returns what was sealed. The error is Unavailable if the ring lacks
// the key, Internal if anything was changed, the label included.
func (r *Ring) Unseal(sealed []byte, label string) ([]byte, error) {
	head, id, err := header(sealed)
	if err != nil {
		return nil, err
	}
	aead := r.keys[id]
	if aead == nil {
		return nil, fault.New(fault.Unavailable, "unseal: the data key that it needs is not configured")
	}
	plain, err := aead.Open(nil, nil, sealed[len(head):], additional(head, label))
	if err != nil {
		return nil, errDamaged
	}
	return plain, nil
}

// Digests returns what plain can be found by where it is kept sealed: a digest
// under each key, the newest first. Whoever has none of the keys can neither
// compute one nor try all values that plain might have.
func (r *Ring) Digests(plain []byte, label string) [][]byte {
	list := make([][]byte, len(r.digests))
	for i, key := range r.digests {
		// The label's own digest has one length, so the two cannot run into
		// each other.
		list[i] = authenticate(authenticate(key, []byte(label)), plain)
	}
	return list
}

func authenticate(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

// errDamaged: what a store has given back is not what was put there. It is
// Internal.
var errDamaged = fault.New(fault.Internal, "unseal: damaged, or not what it is taken for")

// header reads which key sealed something, and returns the bytes that say so.
func header(sealed []byte) (head []byte, id string, err error) {
	if len(sealed) < 2 || sealed[0] != format {
		return nil, "", errDamaged
	}
	n := 2 + int(sealed[1])
	if n == 2 || int(sealed[1]) > longest || len(sealed) < n+overhead {
		return nil, "", errDamaged
	}
	return sealed[:n], string(sealed[2:n]), nil
}

// additional binds the header and the label; the header tells its own length.
func additional(head []byte, label string) []byte {
	return append(bytes.Clone(head), label...)
}
