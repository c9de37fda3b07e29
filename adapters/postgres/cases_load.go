package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/registry"
)

// countLoads counts what is owed by who has it: once a case is routed, who works
// on it, else who keeps it; a prepared answer lies with the keeper again.
const countLoads = `
SELECT coalesce(CASE WHEN state IN ('routed', 'in_work', 'scheduling', 'scheduled') THEN coalesce(assignee, keeper) ELSE keeper END, 0),
    count(*)::int, (count(*) FILTER (WHERE due_at <= $2))::int, (count(*) FILTER (WHERE moved_at < $3))::int, min(since)
FROM cases WHERE state NOT IN ('answered', 'closed') AND ($1 = 0 OR NOT about @> ARRAY[$1::bigint])
GROUP BY 1 ORDER BY 1`

// CaseLoads implements registry.Loads.
func (d *DB) CaseLoads(ctx context.Context, viewer int64, now, stalled time.Time) ([]registry.Load, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[registry.Load], countLoads, viewer, now, stalled)
	return list, wrap("count loads", err)
}
