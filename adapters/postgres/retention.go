package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// A statement must not take long: it is one of many, each of so many rows.
	dropMessages   = `DELETE FROM %[1]s WHERE ctid = ANY (ARRAY (SELECT ctid FROM %[1]s WHERE at < $1 LIMIT $2))`
	messagesAtOnce = 5000
	// dropFor is how long a run goes on; what it leaves is the next one's.
	dropFor = 20 * time.Second

	// What is evidence, or lies with a case, is kept as long as that.
	dropSent = `
DELETE FROM files f WHERE f.at < $1 AND f.owner LIKE ANY ($2)
  AND NOT EXISTS (SELECT FROM evidence e WHERE e.file = f.id) AND NOT EXISTS (SELECT FROM case_files c WHERE c.file = f.id)`
)

// DropDialogs forgets what was said before a moment, and the files that owners with
// one of the prefixes have sent before it in a chat (spec §3.1: raw dialogs have a
// term). Where a conversation stands, and what came of it, stays. It returns how
// many messages and files went; more may be left for the next run.
func (d *DB) DropDialogs(ctx context.Context, before time.Time, prefixes ...string) (messages, files int64, err error) {
	patterns := make([]string, len(prefixes))
	for i, p := range prefixes {
		patterns[i] = p + "%"
	}
	if files, err = d.exec(ctx, "drop sent files", dropSent, before, patterns); err != nil {
		return 0, files, err
	}
	names, err := many(ctx, d.pool, pgx.RowTo[string], partitions)
	if err != nil {
		return 0, files, wrap("list partitions", err)
	}
	end := time.Now().Add(dropFor)
	for _, name := range names {
		month, dated := partitionMonth(name)
		if dated && !month.Before(before) {
			continue
		}
		for {
			n, err := d.exec(ctx, "drop messages", fmt.Sprintf(dropMessages, name), before, messagesAtOnce)
			messages += n
			if err != nil || time.Now().After(end) {
				return messages, files, err
			}
			if n < messagesAtOnce {
				break
			}
		}
		if dated && !month.AddDate(0, 1, 0).After(before) {
			if err := d.dropPartition(ctx, name); err != nil {
				return messages, files, err
			}
		}
	}
	return messages, files, nil
}

// partitionMonth reads the month of a partition from its name; false: it has none, as the
// default one.
func partitionMonth(partition string) (time.Time, bool) {
	month, err := time.Parse(monthName, partition)
	return month, err == nil
}

// dropPartition drops an emptied month. Whoever reads or writes messages at that
// moment is not made to wait: then the next run does it.
func (d *DB) dropPartition(ctx context.Context, name string) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '500ms'`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DROP TABLE `+name)
		return err
	})
	var busy *pgconn.PgError
	if errors.As(err, &busy) && busy.Code == "55P03" { // lock_not_available
		return nil
	}
	return wrap("drop partition", err)
}
