package files

import (
	"context"
	"time"

	"okoshko/core/chat"
)

// Chunks is where sealed pieces are kept. All errors are of kind
// fault.Unavailable but for those named.
type Chunks interface {
	// AddFile begins a file; it is invisible until FinishFile. Owner may be "".
	AddFile(ctx context.Context, id, owner string, c chat.Conversation) error
	// AddChunk adds piece n, from zero; Conflict if the file was deleted.
	AddChunk(ctx context.Context, id string, n int, sealed []byte) error
	// FinishFile makes a file visible; Conflict if its owner has one already,
	// or if it was deleted meanwhile.
	FinishFile(ctx context.Context, id string, size int64, keyID string, wrapped, head []byte) error
	// FindOwned returns the file of an owner, "" if he has none.
	FindOwned(ctx context.Context, owner string) (string, error)
	// GetFile and GetChunk return NotFound for what is not there.
	GetFile(ctx context.Context, id string) (keyID string, wrapped, head []byte, err error)
	GetChunk(ctx context.Context, id string, n int) ([]byte, error)
	// DeleteFile removes a file, finished or not, if it is there.
	DeleteFile(ctx context.Context, id string) error
	// WrappedKeys calls rewrap for each finished file whose key is not wrapped
	// by keyID, keeps what it returns, and counts them.
	WrappedKeys(ctx context.Context, keyID string, rewrap func(id, oldKey string, wrapped []byte) ([]byte, error)) (int, error)
}

// Links is where addresses that are good once are kept, by a hash of their
// token. An address that is used up, has run out or never was is NotFound.
type Links interface {
	// AddLink is NotFound if there is no such file.
	AddLink(ctx context.Context, token []byte, file string, c chat.Conversation, until time.Time) error
	FindLink(ctx context.Context, token []byte, now time.Time) (file string, err error)
	// UseLink succeeds for one of many callers.
	UseLink(ctx context.Context, token []byte, now time.Time) error
}

// Depot keeps both.
type Depot interface {
	Chunks
	Links
}
