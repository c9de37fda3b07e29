package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

const (
	addEvidence = `
INSERT INTO evidence (account, conversation, foreign_id, name, at)
SELECT id, $2, $3, $4, $5 FROM accounts WHERE number = $1 RETURNING id`

	// Only what this very conversation has attached to the meter's account.
	tieEvidence = `
UPDATE evidence SET receipt = $1
WHERE id = ANY($2) AND conversation = $3 AND account = (SELECT account FROM meters WHERE id = $4) AND receipt IS NULL`

	findEvidence = `SELECT coalesce(conversation, '') AS conversation, foreign_id, name, file IS NOT NULL AS stored FROM evidence WHERE id = $1`
	keepFile     = `UPDATE evidence SET file = $2, failure = '' WHERE id = $1 AND conversation IS NOT NULL`
	failEvidence = `UPDATE evidence SET failure = $2 WHERE id = $1 AND file IS NULL`
)

// KeepEvidence implements readings.Desk: it attaches files that a customer sent
// to an account and queues a job for each that fetches it from the channel. A
// file's ID is the channel's. The error is NotFound for an account that does
// not exist.
func (d *DB) KeepEvidence(ctx context.Context, e dialog.Effect, number billing.AccountNumber, files []chat.File) (billing.Evidence, error) {
	return once(ctx, d, e, "keep evidence", func(tx pgx.Tx, _ *pgx.Batch) (kept billing.Evidence, err error) {
		jobs := make([]river.InsertManyParams, 0, len(files))
		for _, f := range files {
			id, found, err := one(ctx, tx, pgx.RowTo[int64], addEvidence,
				number.Full(), string(e.Conversation), f.ID, f.Name, e.At)
			if err != nil {
				return kept, fmt.Errorf("add evidence: %w", err)
			}
			if !found {
				return kept, fault.New(fault.NotFound, "add evidence: no such account")
			}
			kept.IDs = append(kept.IDs, strconv.FormatInt(id, 10))
			jobs = append(jobs, river.InsertManyParams{Args: fetchArgs{id}})
		}
		if len(jobs) > 0 {
			if _, err := d.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
				return kept, fmt.Errorf("queue fetches: %w", err)
			}
		}
		return kept, nil
	})
}

// evidenceIDs reads the names that KeepEvidence gave.
func evidenceIDs(names []string) ([]int64, error) {
	ids := make([]int64, len(names))
	for i, name := range names {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "a submission names evidence that was never kept")
		}
		ids[i] = id
	}
	return ids, nil
}

// fetchArgs names the evidence whose file is to be fetched.
type fetchArgs struct {
	Evidence int64 `json:"evidence"`
}

func (fetchArgs) Kind() string { return "fetch_file" }

// InsertOpts: ten tries with the queue's growing pauses take about four hours.
func (fetchArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 10} }

type fetchWorker struct {
	river.WorkerDefaults[fetchArgs]
	db   *DB
	work Work
}

// evidenceRow is what a fetch needs to know.
type evidenceRow struct {
	Conversation chat.Conversation
	ForeignID    string
	Name         string
	Stored       bool
}

// Work fetches and stores the file. Doing it twice stores it once, since its
// owner has one file. What was stored for evidence that has been erased
// meanwhile goes, too.
func (w *fetchWorker) Work(ctx context.Context, job *river.Job[fetchArgs]) error {
	id := job.Args.Evidence
	owner := "evidence/" + strconv.FormatInt(id, 10)
	e, found, err := one(ctx, w.db.pool, pgx.RowToStructByPos[evidenceRow], findEvidence, id)
	switch {
	case err != nil:
		return wrap("find evidence", err)
	case !found || e.Conversation == "":
		return w.drop(ctx, owner)
	case e.Stored: // By an earlier try.
		return nil
	}
	file, err := w.work.bring(ctx, owner, e)
	if err == nil {
		kept, err := w.db.exec(ctx, "attach file", keepFile, id, file)
		if err == nil && kept == 0 {
			return w.drop(ctx, owner)
		}
		return err
	}
	if !final(err) && job.Attempt < job.MaxAttempts {
		return err
	}
	if _, failed := w.db.exec(ctx, "note failure", failEvidence, id, fault.Of(err).String()); failed != nil {
		return errors.Join(err, failed)
	}
	return river.JobCancel(err)
}

func (w *fetchWorker) drop(ctx context.Context, owner string) error {
	_, err := w.db.exec(ctx, "drop erased file", deleteOwned, owner)
	return err
}

// bring fetches a file from its channel into our store.
func (w Work) bring(ctx context.Context, owner string, e evidenceRow) (file string, err error) {
	r, err := w.Fetch(ctx, e.Conversation.Channel(), e.ForeignID)
	if err != nil {
		return "", fmt.Errorf("fetch file: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreEOF(r.Close())) }()
	file, err = w.Store(ctx, File{Owner: owner, Conversation: e.Conversation, Name: e.Name}, r)
	if err != nil {
		return "", fmt.Errorf("store file: %w", err)
	}
	return file, nil
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
