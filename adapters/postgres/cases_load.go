package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/registry"
)

const (
	// countLoads counts what is owed by who has it: once a case is routed, who works
	// on it, else who keeps it; a prepared answer lies with the keeper again.
	countLoads = `
SELECT coalesce(CASE WHEN state IN ('routed', 'in_work', 'scheduling', 'scheduled') THEN coalesce(assignee, keeper) ELSE keeper END, 0),
    count(*)::int, (count(*) FILTER (WHERE next_at <= $2))::int, (count(*) FILTER (WHERE moved_at < $3))::int, min(since)
FROM cases WHERE state NOT IN ('answered', 'closed') AND ` + notAbout + `
GROUP BY 1 ORDER BY 1`

	countPlaces = `
SELECT queue, kind, state, count(*)::int, (count(*) FILTER (WHERE next_at <= $2))::int,
    (count(*) FILTER (WHERE CASE WHEN queue = '' THEN keeper ELSE assignee END IS NULL))::int
FROM cases WHERE state NOT IN ('answered', 'closed') AND ` + notAbout + `
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`

	// Both read nothing but indexes: what is about somebody is rare, and stands in
	// one of its own.
	notAbout = `id NOT IN (SELECT id FROM cases WHERE about <> '{}' AND about @> ARRAY[$1::bigint])`
)

// CaseLoads implements registry.Loads.
func (d *DB) CaseLoads(ctx context.Context, viewer int64, now, stalled time.Time) ([]registry.Load, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[registry.Load], countLoads, viewer, now, stalled)
	return list, wrap("count loads", err)
}

// CasePlaces implements registry.Loads.
func (d *DB) CasePlaces(ctx context.Context, viewer int64, now time.Time) ([]registry.Place, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[registry.Place], countPlaces, viewer, now)
	return list, wrap("count places", err)
}
