package postgres

import (
	"context"
	"crypto/rand"

	"github.com/jackc/pgx/v5"
)

const (
	findMark = `SELECT mark, server FROM live_generation`
	nextMark = `UPDATE live_generation SET mark = $2, server = $3 WHERE mark = $1`
)

type generation struct{ Mark, Server string }

// Mark implements turn.Marks; both are empty before the first NewMark.
func (d *DB) Mark(ctx context.Context) (mark, server string, err error) {
	g, _, err := one(ctx, d.pool, pgx.RowToStructByPos[generation], findMark)
	return g.Mark, g.Server, wrap("find generation", err)
}

// NewMark implements turn.Marks.
func (d *DB) NewMark(ctx context.Context, mark, server string) (string, error) {
	next := rand.Text()
	changed, err := d.exec(ctx, "change generation", nextMark, mark, next, server)
	if err != nil {
		return "", err
	}
	if changed == 1 {
		return next, nil
	}
	current, _, err := d.Mark(ctx)
	return current, err
}
