package postgres

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/registry"
)

// listClocks reads what the cases of a page wait for.
const listClocks = `SELECT case_id, clock, at, paused_at FROM case_clocks WHERE case_id = ANY($1) ORDER BY at, clock`

// ListCases implements registry.Bureau.
func (d *DB) ListCases(ctx context.Context, f registry.Filter) (registry.Page, error) {
	sql, args, err := caseQuery(f, d.now())
	if err != nil {
		return registry.Page{}, err
	}
	list, err := many(ctx, d.pool, scanLine, sql, args...)
	key := func(l listed) time.Time { return l.Next }
	switch f.Scope {
	case registry.Answered:
		key = func(l listed) time.Time { return l.Due }
	case registry.Archived:
		key = func(l listed) time.Time { return l.Closed }
	case registry.Indebted:
		key = func(l listed) time.Time { return l.Moved }
	default:
		if err == nil {
			err = d.addWaits(ctx, list)
		}
	}
	return pageFrom(list, pageOf(f.Limit), key), wrap("list cases", err)
}

// addWaits adds to each line what it waits for.
func (d *DB) addWaits(ctx context.Context, list []listed) error {
	lines := make(map[int64]*registry.Line, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].id
		lines[ids[i]] = &list[i].Line
	}
	_, err := many(ctx, d.pool, func(row pgx.CollectableRow) (w registry.Wait, err error) {
		var id int64
		var paused *time.Time
		if err = row.Scan(&id, (*string)(&w.Clock), &w.At, &paused); err != nil {
			return w, err
		}
		w.At, w.Paused = w.At.UTC(), instant(paused)
		lines[id].Waits = append(lines[id].Waits, w)
		return w, nil
	}, listClocks, ids)
	return err
}

// CountCases implements registry.Bureau.
func (d *DB) CountCases(ctx context.Context, filters []registry.Filter) ([]int, error) {
	counts := make([]int, len(filters))
	var b pgx.Batch
	for i, f := range filters {
		sql, args := countQuery(f, d.now())
		b.Queue(sql, args...).QueryRow(func(row pgx.Row) error { return row.Scan(&counts[i]) })
	}
	return counts, wrap("count cases", d.pool.SendBatch(ctx, &b).Close())
}

// countQuery writes how many cases a filter fits.
func countQuery(f registry.Filter, now time.Time) (sql string, args []any) {
	w := whereOf(f, now)
	return fmt.Sprintf("SELECT count(*) FROM (SELECT FROM cases c WHERE %s LIMIT %d) s", strings.Join(w.conditions, " AND "), registry.MostCounted), w.args
}

// caseQuery writes the query of a page.
func caseQuery(f registry.Filter, now time.Time) (sql string, args []any, err error) {
	w := whereOf(f, now)
	at, id, err := readCursor(f.After)
	if err != nil {
		return "", nil, err
	}
	order, after := "c.next_at, c.id", "(c.next_at, c.id) > ($%d, $%d)"
	switch f.Scope {
	case registry.Answered:
		order, after = "c.due_at, c.id", "(c.due_at, c.id) > ($%d, $%d)"
	case registry.Archived:
		order, after = "c.closed_at DESC, c.id DESC", "(c.closed_at, c.id) < ($%d, $%d)"
	case registry.Indebted:
		order, after = "c.moved_at, c.id", "(c.moved_at, c.id) > ($%d, $%d)"
	}
	if at != nil {
		w.args = append(w.args, at, id)
		w.conditions = append(w.conditions, fmt.Sprintf(after, len(w.args)-1, len(w.args)))
	}
	sql = fmt.Sprintf("SELECT %s WHERE %s ORDER BY %s LIMIT %d", lineFields, strings.Join(w.conditions, " AND "), order, pageOf(f.Limit)+1)
	return sql, w.args, nil
}

// where is what a filter asks for: only that stands in it, so that the planner sees
// which index it is about.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string, value any) {
	w.args = append(w.args, value)
	w.conditions = append(w.conditions, fmt.Sprintf(condition, len(w.args)))
}

func whereOf(f registry.Filter, now time.Time) (w where) {
	switch f.Scope {
	case registry.Answered:
		w.conditions = append(w.conditions, "c.state = 'answered'")
	case registry.Archived:
		w.conditions = append(w.conditions, "c.state = 'closed'")
	case registry.Indebted:
		w.conditions = append(w.conditions, "c.id IN (SELECT case_id FROM case_tasks WHERE done_at IS NULL AND what = 'refund')")
	default:
		w.conditions = append(w.conditions, "c.state NOT IN ('answered', 'closed')")
	}
	anyOf(w.add, "c.kind", f.Kinds)
	anyOf(w.add, "c.state", f.States)
	anyOf(w.add, "c.queue", f.Queues)
	if f.Keeper != 0 {
		w.add("c.keeper = $%d", f.Keeper)
	}
	if f.Assignee != 0 {
		w.add("c.assignee = $%d", f.Assignee)
	}
	if f.Free {
		w.conditions = append(w.conditions, "c.keeper IS NULL")
	}
	if f.Category != "" {
		w.add("c.category = $%d", f.Category)
	}
	if f.Territory != "" {
		w.add("c.territory = $%d", f.Territory)
	}
	if f.Overdue {
		w.add("c.next_at <= $%d", cmp.Or(f.Now, now))
	}
	if !f.Stalled.IsZero() {
		w.add("c.moved_at < $%d", f.Stalled)
	}
	if f.Viewer != 0 { // what is about somebody is rare, and stands in an index of its own
		w.add("c.id NOT IN (SELECT id FROM cases WHERE about <> '{}' AND about @> ARRAY[$%d::bigint])", f.Viewer)
	}
	return w
}

// anyOf asks for one value plainly: then an index gives its rows in order.
func anyOf[T ~string](add func(string, any), column string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		add(column+" = $%d", string(values[0]))
	default:
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = string(v)
		}
		add(column+" = ANY($%d)", texts)
	}
}
