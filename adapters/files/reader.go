package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// Open returns what a file is (its name, its media type, its size in bytes) and
// its content, to be closed. The error is NotFound if there is no such file,
// Unavailable if the ring lacks its key, Internal if it was tampered with.
//
// The content is read piece by piece under ctx, and each is checked before any
// of it is given out: a reader that comes to io.EOF has given the whole file,
// any damage is an Internal error.
func (s *Store) Open(ctx context.Context, id string) (chat.File, io.ReadCloser, error) {
	f, r, err := s.open(ctx, id)
	if err != nil {
		return f, nil, fmt.Errorf("open file: %w", err)
	}
	return f, r, nil
}

func (s *Store) open(ctx context.Context, id string) (f chat.File, r *reader, err error) {
	_, wrapped, sealed, err := s.depot.GetFile(ctx, id)
	if err != nil {
		return f, nil, err
	}
	key, err := s.ring.Unseal(wrapped, keyLabel(id))
	if err != nil {
		return f, nil, err
	}
	b, err := newBox(id, key)
	if err != nil {
		return f, nil, err
	}
	h, err := b.openHead(sealed)
	if err != nil {
		return f, nil, err
	}
	f = chat.File{ID: id, Name: h.Name, Type: h.Type, Size: h.Size, Image: pictured(h.Type)}
	return f, &reader{ctx: ctx, chunks: s.depot, box: b, left: h.Size}, nil
}

// pictured reports whether channels can show a preview of it.
func pictured(media string) bool {
	return media == jpeg.media || media == png.media || media == webp.media
}

// reader gives out a file. It keeps the context because io.Reader takes none.
type reader struct {
	ctx    context.Context
	chunks Chunks
	box    *box
	n      int    // of the next piece
	left   int64  // bytes that are not opened yet
	plain  []byte // opened and not given out
	err    error  // of the last read, given again
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.err == nil && len(r.plain) == 0 {
		r.plain, r.err = r.next()
	}
	if r.err != nil {
		return 0, r.err
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

func (r *reader) next() ([]byte, error) {
	if r.left == 0 {
		return nil, io.EOF
	}
	sealed, err := r.chunks.GetChunk(r.ctx, r.box.id, r.n)
	if fault.Is(err, fault.NotFound) {
		return nil, errDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	size, use := int64(pieceSize), middle
	if r.left <= pieceSize {
		size, use = r.left, last
	}
	plain, err := r.box.open(sealed, r.n, use)
	if err == nil && int64(len(plain)) != size {
		err = errDamaged
	}
	if err != nil {
		return nil, err
	}
	r.n, r.left = r.n+1, r.left-size
	return plain, nil
}

// errClosed is what a closed reader says.
var errClosed = errors.New("read file: it is closed")

// Close implements io.Closer.
func (r *reader) Close() error {
	r.plain, r.err = nil, errClosed
	return nil
}
