package site

import (
	"context"
	"io"
	"time"

	"okoshko/core/chat"
)

// Links are the addresses that are good once. An address that is used up, has
// run out or never was is fault.NotFound.
type Links interface {
	// CheckLink says whether the document could be fetched now, and uses
	// nothing up.
	CheckLink(ctx context.Context, token string, now time.Time) error
	// OpenLink uses the address up and returns its document, to be closed. An
	// error of another kind leaves the address as it is.
	OpenLink(ctx context.Context, token string, now time.Time) (chat.File, io.ReadCloser, error)
}
