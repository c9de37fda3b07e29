package postgres

import (
	"crypto/sha256"

	"okoshko/core/fault"
)

// seal encrypts what is personal, if the database was opened with a Sealer. The
// label binds it to its row.
func (d *DB) seal(plain []byte, label string) (kept []byte, sealed bool, err error) {
	if d.sealer == nil {
		return filled(plain), false, nil
	}
	kept, err = d.sealer.Seal(filled(plain), label)
	return kept, true, err
}

// unseal returns what seal has kept. The error is Unavailable if the key is not
// there.
func (d *DB) unseal(kept []byte, sealed bool, label string) ([]byte, error) {
	switch {
	case !sealed:
		return kept, nil
	case d.sealer == nil:
		return nil, fault.New(fault.Unavailable, "unseal: there is no key")
	}
	return d.sealer.Unseal(kept, label)
}

// digests returns what a personal value is found by, the newest first: none for
// an empty value. Without a Sealer everything is kept as it is, so the digest is
// no secret either.
func (d *DB) digests(plain, label string) [][]byte {
	switch {
	case plain == "":
		return nil
	case d.sealer == nil:
		sum := sha256.Sum256([]byte(label + "/" + plain))
		return [][]byte{sum[:]}
	}
	return d.sealer.Digests([]byte(plain), label)
}
