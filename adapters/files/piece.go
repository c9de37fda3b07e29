package files

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// pieceSize is how much of a file is sealed at once: little enough to hold
// some in memory for every transfer, much enough for few rows.
const pieceSize = 256 << 10

// What a nonce is for; it stands in its last byte.
const (
	middle byte = iota
	last
	heading
)

// box seals and opens the pieces of one file with its own key. A key belongs
// to one ID for ever and each nonce is used once, so none has to be random.
type box struct {
	id   string
	aead cipher.AEAD
}

func newBox(id string, key []byte) (*box, error) {
	if len(key) != keySize {
		return nil, errDamaged
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of a file: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("key of a file: %w", err)
	}
	return &box{id, aead}, nil
}

func nonce(n int, use byte) []byte {
	var b [12]byte
	binary.BigEndian.PutUint64(b[3:], uint64(n))
	b[11] = use
	return b[:]
}

func (b *box) seal(plain []byte, n int, use byte) []byte {
	return b.aead.Seal(nil, nonce(n, use), plain, []byte(b.id))
}

func (b *box) open(sealed []byte, n int, use byte) ([]byte, error) {
	plain, err := b.aead.Open(nil, nonce(n, use), sealed, []byte(b.id))
	if err != nil {
		return nil, errDamaged
	}
	return plain, nil
}

// head is what a file says of itself; the size tells how many pieces it has.
type head struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func (b *box) sealHead(h head) ([]byte, error) {
	plain, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode head: %w", err)
	}
	return b.seal(plain, 0, heading), nil
}

func (b *box) openHead(sealed []byte) (h head, err error) {
	plain, err := b.open(sealed, 0, heading)
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(plain, &h)
}

// keyLabel ties a wrapped key to its file.
func keyLabel(id string) string { return "file/" + id }
