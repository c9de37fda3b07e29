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
INSERT INTO evidence (account, effect, conversation, foreign_id, name, at)
SELECT id, $2, $3, $4, $5, $6 FROM accounts WHERE number = $1 RETURNING id`

	findEvidence = `SELECT coalesce(conversation, '') AS conversation, foreign_id, name, file IS NOT NULL AS stored FROM evidence WHERE id = $1`
	keepFile     = `UPDATE evidence SET file = $2, failure = '' WHERE id = $1 AND conversation IS NOT NULL`
	failEvidence = `UPDATE evidence SET failure = $2 WHERE id = $1 AND file IS NULL`

	listEvidence = `
SELECT e.id, e.name, coalesce(e.file, '') AS file, e.failure
FROM evidence e JOIN accounts a ON a.id = e.account WHERE a.number = $1 ORDER BY e.id DESC LIMIT $2`
)

// KeepEvidence carries out an effect: it attaches files that a customer sent to
// an account and queues a job for each that fetches it from the channel. A
// file's ID is the channel's. It returns how many files were attached; the
// error is NotFound for an account that does not exist.
func (d *DB) KeepEvidence(ctx context.Context, e dialog.Effect, account billing.AccountNumber, files []chat.File) (int, error) {
	return once(ctx, d, e, "keep evidence", func(tx pgx.Tx) (int, error) {
		jobs := make([]river.InsertManyParams, 0, len(files))
		for _, f := range files {
			id, found, err := one(ctx, tx, pgx.RowTo[int64], addEvidence,
				account.Full(), e.ID, string(e.Conversation), f.ID, f.Name, e.At)
			if err != nil {
				return 0, fmt.Errorf("add evidence: %w", err)
			}
			if !found {
				return 0, fault.New(fault.NotFound, "add evidence: no such account")
			}
			jobs = append(jobs, river.InsertManyParams{Args: fetchArgs{id}})
		}
		if len(jobs) > 0 {
			if _, err := d.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
				return 0, fmt.Errorf("queue fetches: %w", err)
			}
		}
		return len(files), nil
	})
}

// Evidence is a file attached to an account.
type Evidence struct {
	ID   int64
	Name string
	// File is the ID of the stored file, "" while it is not fetched.
	File string
	// Failure says, in one word, why it cannot be fetched.
	Failure string
}

// ListEvidence lists the files attached to an account, newest first.
func (d *DB) ListEvidence(ctx context.Context, account billing.AccountNumber, limit int) ([]Evidence, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[Evidence], listEvidence, account.Full(), limit)
	return list, wrap("list evidence", err)
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
// owner has one file.
func (w *fetchWorker) Work(ctx context.Context, job *river.Job[fetchArgs]) error {
	id := job.Args.Evidence
	e, found, err := one(ctx, w.db.pool, pgx.RowToStructByPos[evidenceRow], findEvidence, id)
	if err != nil {
		return wrap("find evidence", err)
	}
	if !found || e.Stored || e.Conversation == "" { // Erased, or done by an earlier try.
		return nil
	}
	file, err := w.fetch(ctx, id, e)
	if err == nil {
		_, err = w.db.exec(ctx, "attach file", keepFile, id, file)
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

func (w *fetchWorker) fetch(ctx context.Context, id int64, e evidenceRow) (file string, err error) {
	r, err := w.work.Fetch(ctx, e.Conversation.Channel(), e.ForeignID)
	if err != nil {
		return "", fmt.Errorf("fetch file: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreEOF(r.Close())) }()
	owner := "evidence/" + strconv.FormatInt(id, 10)
	file, err = w.work.Store(ctx, File{Owner: owner, Conversation: e.Conversation, Name: e.Name}, r)
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
