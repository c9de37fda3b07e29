package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// fetchCaseArgs are the files that came with an event.
type fetchCaseArgs struct {
	Number string `json:"number"`
	Line   int    `json:"line"`
}

func (fetchCaseArgs) Kind() string { return "fetch_case_files" }

// InsertOpts: as those of evidence.
func (fetchCaseArgs) InsertOpts() river.InsertOpts { return fetchArgs{}.InsertOpts() }

const (
	unfetched = `
SELECT f.id, coalesce(f.conversation, '') AS conversation, f.foreign_id, f.name FROM case_files f JOIN cases c ON c.id = f.case_id
WHERE c.number = $1 AND f.n = $2 AND f.file IS NULL AND f.failure = '' ORDER BY f.id`
	keepCaseFile = `UPDATE case_files SET file = $2, failure = '' WHERE id = $1 AND conversation IS NOT NULL`
	failCaseFile = `UPDATE case_files SET failure = $2 WHERE id = $1 AND file IS NULL`
)

type fetchCaseWorker struct {
	river.WorkerDefaults[fetchCaseArgs]
	db   *DB
	work Work
}

// Work fetches what came with an event. Doing it twice stores each file once. Of what
// cannot be taken the customer is told, once.
func (w *fetchCaseWorker) Work(ctx context.Context, job *river.Job[fetchCaseArgs]) error {
	type row struct {
		ID           int64
		Conversation chat.Conversation
		ForeignID    string
		Name         string
	}
	list, err := many(ctx, w.db.pool, pgx.RowToStructByPos[row], unfetched, job.Args.Number, job.Args.Line)
	if err != nil {
		return wrap("list files of case", err)
	}
	var errs []error
	var lost []life.Lost
	for _, f := range list {
		owner := fmt.Sprintf("case/%s/%d", job.Args.Number, f.ID)
		if f.Conversation == "" { // forgotten
			continue
		}
		file, err := w.work.bring(ctx, owner, evidenceRow{Conversation: f.Conversation, ForeignID: f.ForeignID, Name: f.Name})
		switch {
		case err == nil:
			kept, err := w.db.exec(ctx, "attach file", keepCaseFile, f.ID, file)
			if err == nil && kept == 0 {
				_, err = w.db.exec(ctx, "drop erased file", deleteOwned, owner)
			}
			errs = append(errs, err)
		case final(err) || job.Attempt >= job.MaxAttempts:
			lost = append(lost, life.Lost{File: f.ID, Name: privacy.NewText(f.Name), Why: lossOf(err)})
		default:
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, w.drop(ctx, &job.Args, lost))...)
}

// drop writes into the history of the case what could not be taken, which tells its
// customer, and who works on it that nothing of that will come.
func (w *fetchCaseWorker) drop(ctx context.Context, of *fetchCaseArgs, lost []life.Lost) error {
	if len(lost) == 0 {
		return nil
	}
	var n appeal.Number
	if err := n.UnmarshalText([]byte(of.Number)); err != nil {
		return river.JobCancel(err)
	}
	id := fmt.Sprintf("case-files/%s/%d/%d", of.Number, of.Line, lost[0].File)
	return w.db.happens(ctx, id, n, life.Do{Event: life.Drop, Lost: lost, Line: of.Line})
}

// lossOf is why a file could not be taken, by the keys of the store's refusals.
func lossOf(err error) life.Loss {
	var known *fault.Error
	if errors.As(err, &known) {
		switch known.Key {
		case "file_kind":
			return life.OfKind
		case "file_size":
			return life.TooBig
		case "file_empty":
			return life.IsEmpty
		}
	}
	return life.NotCome
}
