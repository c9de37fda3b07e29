package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// What Put refuses; all are Invalid.
var (
	// ErrKind: the content is none that is taken: JPEG, PNG, WebP, HEIC, PDF,
	// DOCX, XLSX, ODT, plain text.
	ErrKind error = &fault.Error{Kind: fault.Invalid, Key: "file_kind"}
	// ErrSize: the file is larger than the store takes.
	ErrSize error = &fault.Error{Kind: fault.Invalid, Key: "file_size"}
	// ErrEmpty: there is nothing in it, or nothing but the beginning of a picture.
	ErrEmpty error = &fault.Error{Kind: fault.Invalid, Key: "file_empty"}
)

// Store keeps files. Its methods may be called from any goroutine.
type Store struct {
	depot   Depot
	ring    *Ring
	largest int64
}

// New returns a store that takes files of up to largest bytes.
func New(d Depot, ring *Ring, largest int64) *Store {
	return &Store{depot: d, ring: ring, largest: largest}
}

// File is what is known of a file before it is stored.
type File struct {
	// Owner names the one thing that the file belongs to; "" for a file that
	// nothing else has.
	Owner        string
	Conversation chat.Conversation
	// Name is as its sender calls it; it is kept in a form that is safe to
	// save under, with the extension of what the content is.
	Name string
	// Table: its text is one of our own tables, written so that no spreadsheet runs
	// what stands in it (table.WriteCSV). Only such a text is called .csv.
	Table bool
}

// Put stores what r holds and returns its ID. For an owner who has a file it
// returns that one and reads nothing. The error is ErrKind, ErrSize or ErrEmpty
// for a file that is not taken, that of r as it is, or Unavailable; nothing is
// left then but what a sweep removes.
func (s *Store) Put(ctx context.Context, f File, r io.Reader) (string, error) {
	if f.Owner != "" {
		id, err := s.depot.FindOwned(ctx, f.Owner)
		if err != nil || id != "" {
			return id, err
		}
	}
	p, err := s.begin(f, r)
	if err != nil {
		return "", err
	}
	err = p.store(ctx)
	if err == nil {
		return p.box.id, nil
	}
	// The caller may be gone; what was begun must go all the same.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanup)
	defer cancel()
	if deleted := s.depot.DeleteFile(after, p.box.id); deleted != nil {
		err = errors.Join(err, deleted)
	}
	if f.Owner != "" && fault.Is(err, fault.Conflict) {
		// Another was quicker to store it for this owner.
		if id, found := s.depot.FindOwned(after, f.Owner); found == nil && id != "" {
			return id, nil
		}
	}
	return "", fmt.Errorf("put file: %w", err)
}

// cleanup is the time for removing what was begun in vain.
const cleanup = 5 * time.Second

// put is one file on its way into the store.
type put struct {
	*Store
	file    File
	box     *box
	wrapped []byte
	source  io.Reader
	first   []byte // the first piece, read ahead
	more    bool   // there may be others
	head    head
}

// begin looks at the content before anything is stored.
func (s *Store) begin(f File, r io.Reader) (*put, error) {
	p := &put{Store: s, file: f, source: io.LimitReader(r, s.largest+1)}
	var err error
	if p.first, p.more, err = p.read(); err != nil {
		return nil, err
	}
	if len(p.first) == 0 {
		return nil, ErrEmpty
	}
	k := sniff(p.first)
	switch {
	case k == nil, k == txt && claimed(f.Name):
		return nil, ErrKind
	case strings.HasPrefix(k.media, "image/") && len(p.first) < chat.LeastPicture:
		return nil, ErrEmpty
	}
	if f.Table && k == txt {
		k = csv
	}
	p.head.Name, p.head.Type = k.clean(f.Name), k.media
	id, key := rand.Text(), make([]byte, keySize)
	rand.Read(key) //nolint:errcheck // it never fails
	if p.wrapped, err = s.ring.Seal(key, keyLabel(id)); err != nil {
		return nil, err
	}
	p.box, err = newBox(id, key)
	return p, err
}

// read returns the next piece, and whether there may be another one.
func (p *put) read() (piece []byte, more bool, err error) {
	piece = make([]byte, pieceSize)
	n, err := io.ReadFull(p.source, piece)
	p.head.Size += int64(n)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = nil
	case err != nil:
		return nil, false, fmt.Errorf("read file: %w", err)
	default:
		more = true
	}
	if p.head.Size > p.largest {
		return nil, false, ErrSize
	}
	return piece[:n], more, nil
}

func (p *put) store(ctx context.Context) error {
	id := p.box.id
	if err := p.depot.AddFile(ctx, id, p.file.Owner, p.file.Conversation); err != nil {
		return err
	}
	// A piece is sealed when it is known whether another one follows.
	for n, piece, more := 0, p.first, p.more; len(piece) > 0; n++ {
		var next []byte
		var err error
		if more {
			if next, more, err = p.read(); err != nil {
				return err
			}
		}
		use := middle
		if len(next) == 0 {
			use = last
		}
		if err := p.depot.AddChunk(ctx, id, n, p.box.seal(piece, n, use)); err != nil {
			return err
		}
		piece = next
	}
	sealed, err := p.box.sealHead(p.head)
	if err != nil {
		return err
	}
	return p.depot.FinishFile(ctx, id, p.head.Size, p.ring.Current(), p.wrapped, sealed)
}

// Delete removes a file and the links to it; one that does not exist is no
// error.
func (s *Store) Delete(ctx context.Context, id string) error {
	return s.depot.DeleteFile(ctx, id)
}

// Rewrap wraps the key of every file with the ring's first key and returns how
// many were changed; the files themselves stay as they are. After it the other
// keys of the ring open no file any more. It may be broken off and repeated.
func (s *Store) Rewrap(ctx context.Context) (int, error) {
	if s.ring.Current() == "" {
		return 0, fault.New(fault.Invalid, "rewrap: no data key is configured")
	}
	return s.depot.WrappedKeys(ctx, s.ring.Current(), func(id, _ string, wrapped []byte) ([]byte, error) {
		key, err := s.ring.Unseal(wrapped, keyLabel(id))
		if err != nil {
			return nil, err
		}
		return s.ring.Seal(key, keyLabel(id))
	})
}
