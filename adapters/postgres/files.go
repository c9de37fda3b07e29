package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

const (
	addFile    = `INSERT INTO files (id, owner, conversation, at) VALUES ($1, nullif($2, ''), $3, $4)`
	addChunk   = `INSERT INTO file_chunks (file, n, body) VALUES ($1, $2, $3)`
	finishFile = `
UPDATE files SET complete = true, size = $2, key_id = $3, wrapped = $4, head = $5 WHERE id = $1 AND NOT complete`
	findOwned   = `SELECT id FROM files WHERE owner = $1 AND complete`
	findFile    = `SELECT key_id, wrapped, head FROM files WHERE id = $1 AND complete`
	findOwner   = `SELECT coalesce(owner, ''), conversation FROM files WHERE id = $1 AND complete`
	findChunk   = `SELECT body FROM file_chunks WHERE file = $1 AND n = $2`
	deleteFile  = `DELETE FROM files WHERE id = $1`
	deleteOwned = `DELETE FROM files WHERE owner = $1`
	nameFile    = `UPDATE files SET named = true WHERE id = $1 AND complete`
	sweepFiles  = `DELETE FROM files WHERE at < $1 AND (NOT complete OR NOT named AND owner LIKE ANY ($2))`
	sweepLinks  = `DELETE FROM file_links WHERE until < $1`

	listWrapped = `
SELECT id, key_id, wrapped FROM files WHERE complete AND key_id <> $1 AND id > $2 ORDER BY id LIMIT $3`
	rewrapFile = `UPDATE files SET key_id = $3, wrapped = $4 WHERE id = $1 AND key_id = $2`
)

// AddFile begins a file; it is invisible until FinishFile. Owner may be "".
func (d *DB) AddFile(ctx context.Context, id, owner string, c chat.Conversation) error {
	_, err := d.exec(ctx, "add file", addFile, id, owner, string(c), d.now())
	return err
}

// AddChunk adds chunk n, counted from zero. The error is Conflict if the file
// was deleted meanwhile.
func (d *DB) AddChunk(ctx context.Context, id string, n int, sealed []byte) error {
	_, err := d.exec(ctx, "add chunk", addChunk, id, n, sealed)
	return err
}

// FinishFile makes a file visible. The error is Conflict if its owner has one
// already, or if it was deleted meanwhile.
func (d *DB) FinishFile(ctx context.Context, id string, size int64, keyID string, wrapped, head []byte) error {
	changed, err := d.exec(ctx, "finish file", finishFile, id, size, keyID, wrapped, head)
	if err == nil && changed == 0 {
		err = fault.New(fault.Conflict, "finish file: it is gone")
	}
	return err
}

// FindOwned returns the file of an owner, "" if he has none.
func (d *DB) FindOwned(ctx context.Context, owner string) (string, error) {
	id, _, err := one(ctx, d.pool, pgx.RowTo[string], findOwned, owner)
	return id, wrap("find file of owner", err)
}

// GetFile returns the sealed parts of a finished file. The error is NotFound
// if there is none.
func (d *DB) GetFile(ctx context.Context, id string) (keyID string, wrapped, head []byte, err error) {
	err = d.pool.QueryRow(ctx, findFile, id).Scan(&keyID, &wrapped, &head)
	return keyID, wrapped, head, wrap("get file", err)
}

// FileOwner returns whom a finished file belongs to. The error is NotFound if
// there is none.
func (d *DB) FileOwner(ctx context.Context, id string) (owner string, c chat.Conversation, err error) {
	err = d.pool.QueryRow(ctx, findOwner, id).Scan(&owner, &c)
	return owner, c, wrap("find owner of file", err)
}

// GetChunk returns chunk n. The error is NotFound if there is none.
func (d *DB) GetChunk(ctx context.Context, id string, n int) ([]byte, error) {
	var body []byte
	err := d.pool.QueryRow(ctx, findChunk, id, n).Scan(&body)
	return body, wrap("get chunk", err)
}

// DeleteFile removes a file, finished or not; one that does not exist is no
// error.
func (d *DB) DeleteFile(ctx context.Context, id string) error {
	_, err := d.exec(ctx, "delete file", deleteFile, id)
	return err
}

// NameFile notes that a message names the file: SweepFiles leaves it from then
// on. The error is NotFound if there is no such file any more.
func (d *DB) NameFile(ctx context.Context, id string) error {
	changed, err := d.exec(ctx, "name file", nameFile, id)
	if err == nil && changed == 0 {
		err = fault.New(fault.NotFound, "name file: it is gone")
	}
	return err
}

// SweepFiles removes files that were begun before a moment and are not finished,
// those that owners with one of the prefixes have uploaded and no message names,
// and links that had run out by then. It returns the number of files.
func (d *DB) SweepFiles(ctx context.Context, before time.Time, prefixes ...string) (int64, error) {
	if _, err := d.exec(ctx, "sweep links", sweepLinks, before); err != nil {
		return 0, err
	}
	patterns := make([]string, len(prefixes))
	for i, p := range prefixes {
		patterns[i] = p + "%"
	}
	return d.exec(ctx, "sweep files", sweepFiles, before, patterns)
}

// WrappedKeys calls rewrap for each finished file, in order of their IDs,
// whose key is wrapped by another key than keyID, and keeps what it returns.
// Files are taken in batches; a file that changes meanwhile is left alone.
func (d *DB) WrappedKeys(ctx context.Context, keyID string, rewrap func(id, oldKey string, wrapped []byte) ([]byte, error)) (int, error) {
	const batch = 500
	type row struct {
		ID, KeyID string
		Wrapped   []byte
	}
	changed, after := 0, ""
	for {
		list, err := many(ctx, d.pool, pgx.RowToStructByPos[row], listWrapped, keyID, after, batch)
		if err != nil {
			return changed, wrap("list wrapped keys", err)
		}
		for _, r := range list {
			wrapped, err := rewrap(r.ID, r.KeyID, r.Wrapped)
			if err != nil {
				return changed, wrap("rewrap key", err)
			}
			n, err := d.exec(ctx, "keep wrapped key", rewrapFile, r.ID, r.KeyID, keyID, wrapped)
			if err != nil {
				return changed, err
			}
			changed += int(n)
			after = r.ID
		}
		if len(list) < batch {
			return changed, nil
		}
	}
}
