package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// monthsAhead is how many months of messages are made before they begin. The
// job that makes them may thus fail for a quarter before anything lands in the
// default partition.
const monthsAhead = 3

const (
	monthName  = "messages_2006_01"
	partitions = `SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'messages'::regclass`
	// One replica at a time makes partitions.
	partitionLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko partitions'))`
)

// EnsurePartitions makes the partitions of the month before now, of its own and
// of the next ones, where they are missing; to be called every day. What the
// default partition holds of such a month is moved into it.
func (d *DB) EnsurePartitions(ctx context.Context, now time.Time) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, partitionLock); err != nil {
			return err
		}
		have, err := many(ctx, tx, pgx.RowTo[string], partitions)
		if err != nil {
			return err
		}
		exists := make(map[string]bool, len(have))
		for _, name := range have {
			exists[name] = true
		}
		now = now.UTC()
		for i := -1; i <= monthsAhead; i++ {
			month := time.Date(now.Year(), now.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
			if exists[month.Format(monthName)] {
				continue
			}
			if err := makePartition(ctx, tx, month); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("make partitions", err)
}

// makePartition fills the new table before it is attached: the server refuses
// a partition whose rows stand in the default one.
func makePartition(ctx context.Context, tx pgx.Tx, month time.Time) error {
	name := month.Format(monthName)
	from, to := month.Format(time.DateOnly), month.AddDate(0, 1, 0).Format(time.DateOnly)
	for _, sql := range []string{
		`CREATE TABLE %[1]s (LIKE messages INCLUDING ALL)`,
		`WITH moved AS (
			DELETE FROM messages_default WHERE at >= '%[2]s' AND at < '%[3]s' RETURNING *
		) INSERT INTO %[1]s SELECT * FROM moved`,
		`ALTER TABLE messages ATTACH PARTITION %[1]s FOR VALUES FROM ('%[2]s') TO ('%[3]s')`,
	} {
		if _, err := tx.Exec(ctx, fmt.Sprintf(sql, name, from, to)); err != nil {
			return fmt.Errorf("make partition %s: %w", name, err)
		}
	}
	return nil
}
