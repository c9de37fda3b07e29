package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
)

// releaseArgs names somebody of the staff whose rights have changed: what he may not
// have any more is to be had by his colleagues (R-5.2.6-a).
type releaseArgs struct {
	Staff int64 `json:"staff"`
}

func (releaseArgs) Kind() string { return "release_cases" }

const (
	// heldCases are those that $1 keeps or works on, each part from an index of its own.
	heldCases = `
SELECT number, kind, queue, coalesce(keeper, 0), coalesce(assignee, 0), revision FROM cases
WHERE state NOT IN ('answered', 'closed') AND keeper = $1
UNION SELECT number, kind, queue, coalesce(keeper, 0), coalesce(assignee, 0), revision FROM cases
WHERE state NOT IN ('answered', 'closed') AND assignee = $1
UNION SELECT number, kind, queue, coalesce(keeper, 0), coalesce(assignee, 0), revision FROM cases
WHERE state = 'answered' AND $1 IN (keeper, assignee)
ORDER BY number`

	settleHis = `UPDATE case_tasks SET done_at = $3 WHERE case_id = $1 AND staff = $2 AND done_at IS NULL`
)

// heldCase is a case that somebody has.
type heldCase struct {
	Number           string
	Kind             string
	Queue            string
	Keeper, Assignee int64
	Revision         int
}

type releaseWorker struct {
	river.WorkerDefaults[releaseArgs]
	db *DB
}

// Work takes the cases from him that he may not have any more, one after the other:
// those that are done are not found again.
func (w *releaseWorker) Work(ctx context.Context, job *river.Job[releaseArgs]) error {
	a, found, err := w.db.StaffByID(ctx, job.Args.Staff)
	if err != nil || !found {
		return err
	}
	list, err := many(ctx, w.db.pool, pgx.RowToStructByPos[heldCase], heldCases, a.ID)
	if err != nil || len(list) == 0 {
		return wrap("find cases of staff", err)
	}
	books, err := w.db.CaseBooks(ctx)
	if err != nil {
		return err
	}
	his := life.By(a, books.Routes)
	var errs []error
	for _, h := range list {
		if (h.Keeper != a.ID || his.Keeps(appeal.Kind(h.Kind))) && (h.Assignee != a.ID || his.WorksIn(h.Queue)) {
			continue
		}
		var n appeal.Number
		if err := n.UnmarshalText([]byte(h.Number)); err != nil {
			return river.JobCancel(err)
		}
		id := fmt.Sprintf("case-release/%s/%d", h.Number, h.Revision)
		errs = append(errs, w.db.happens(ctx, id, n, life.Do{Event: life.Release, Person: a.ID}))
	}
	return errors.Join(errs...)
}
