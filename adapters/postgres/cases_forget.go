package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

const (
	lockCasesOf = `SELECT ` + caseFields + ` WHERE c.conversation = $1 ORDER BY c.id FOR NO KEY UPDATE OF c`

	forgetCase = `
UPDATE cases SET conversation = NULL, account = NULL, body = $2, secret = NULL, key = $3 WHERE id = $1`
	forgetLines   = `UPDATE case_history SET body = NULL, secret = NULL, key = '' WHERE case_id = $1`
	forgetReplies = `UPDATE case_replies SET body = $2, key = '', files = '{}', paper = '' WHERE case_id = $1`
	forgetFiles   = `UPDATE case_files SET conversation = NULL, name = '', foreign_id = id::text WHERE case_id = $1`
	forgetSent    = `UPDATE case_files SET conversation = NULL, name = '', foreign_id = id::text WHERE conversation = $1`
	dropPapers    = `DELETE FROM files WHERE id IN (
    SELECT unnest(files || paper) FROM case_replies WHERE case_id = $1 UNION SELECT file FROM case_files WHERE case_id = $1)`
)

// forgetCases withdraws what a conversation is still owed, and forgets of all its
// cases who it was and what was said; that they were, and when they were answered,
// stays.
func (d *DB) forgetCases(ctx context.Context, tx pgx.Tx, c chat.Conversation) error {
	list, err := many(ctx, tx, d.scanCase, lockCasesOf, string(c))
	if err != nil {
		return err
	}
	for i := range list {
		if err := d.forgetOne(ctx, tx, &list[i]); err != nil {
			return err
		}
	}
	// And what it has said about cases of an account that it was linked to.
	_, err = tx.Exec(ctx, forgetSent, string(c))
	return err
}

func (d *DB) forgetOne(ctx context.Context, tx pgx.Tx, row *caseRow) error {
	var b pgx.Batch
	if row.State.Open() {
		version, _, err := one(ctx, tx, pgx.RowTo[int64], findContentVersion)
		if err != nil {
			return err
		}
		books, err := d.caseBooks(ctx, tx, version)
		if err != nil {
			return err
		}
		var out []life.Consequence
		row.Case, out, err = books.Machine.Apply(row.Case, life.Do{Event: life.Withdraw}, registry.Customer, exact(d.now()))
		if err != nil {
			return fmt.Errorf("withdraw: %w", err)
		}
		s := saving{d: d, tx: tx, last: &b, books: books, row: row, effect: dialog.Effect{}, how: silent}
		if err := s.all(ctx, nil, 0, out, audit.Entry{}); err != nil {
			return err
		}
	}
	number := row.Number.String()
	row.Answers, row.History = nil, nil
	for i := range row.Actions {
		row.Actions[i].What, row.Actions[i].Result = privacy.Text{}, privacy.Text{}
	}
	body, key, err := d.sealCase(row.Case, caseLabel(number))
	if err != nil {
		return err
	}
	b.Queue(dropPapers, row.id)
	b.Queue(forgetCase, row.id, body, key)
	b.Queue(forgetLines, row.id)
	b.Queue(forgetReplies, row.id, []byte(`""`))
	b.Queue(forgetFiles, row.id)
	return tx.SendBatch(ctx, &b).Close()
}
