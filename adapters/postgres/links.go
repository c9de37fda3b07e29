package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// What is used up, has run out or never was is the same to all of these: the
// address of a personal file tells nothing but yes or no.
const (
	addLink = `
INSERT INTO file_links (token, file, conversation, until)
SELECT $1, id, $3, $4 FROM files WHERE id = $2 AND complete`
	findLink = `SELECT file FROM file_links WHERE token = $1 AND used_at IS NULL AND until > $2`
	useLink  = `UPDATE file_links SET used_at = $2 WHERE token = $1 AND used_at IS NULL AND until > $2`
)

// AddLink makes an address of a finished file that is good once, until an
// instant. The token is a hash of the real one; the conversation is the one
// that the address is given to. The error is NotFound if there is no such file.
func (d *DB) AddLink(ctx context.Context, token []byte, file string, c chat.Conversation, until time.Time) error {
	added, err := d.exec(ctx, "add link", addLink, token, file, string(c), until)
	if err == nil && added == 0 {
		err = fault.New(fault.NotFound, "add link: no such file")
	}
	return err
}

// FindLink returns the file of an address without using it up. The error is
// NotFound for an address that is not good now.
func (d *DB) FindLink(ctx context.Context, token []byte, now time.Time) (file string, err error) {
	file, found, err := one(ctx, d.pool, pgx.RowTo[string], findLink, token, now)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such link")
	}
	return file, wrap("find link", err)
}

// UseLink uses an address up. Of many callers one succeeds; the error of the
// others is NotFound.
func (d *DB) UseLink(ctx context.Context, token []byte, now time.Time) error {
	used, err := d.exec(ctx, "use link", useLink, token, now)
	if err == nil && used == 0 {
		err = fault.New(fault.NotFound, "use link: no such link")
	}
	return err
}
