package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
)

const (
	replyFields = `r.id, c.number, r.files, r.paper, coalesce(r.author, 0), r.at, r.final_at, r.body, r.key
FROM case_replies r JOIN cases c ON c.id = r.case_id`
	findReply   = `SELECT ` + replyFields + ` WHERE r.id = $1`
	listReplies = `SELECT ` + replyFields + ` WHERE c.number = $1 ORDER BY r.n`

	// Whoever writes an answer holds the case: the numbers of its documents have no
	// gaps, and nothing is changed that is given just now.
	holdCase   = `SELECT id, about FROM cases WHERE number = $1 FOR NO KEY UPDATE`
	nthReply   = `SELECT coalesce(max(n), 0)::int + 1 FROM case_replies WHERE case_id = $1`
	addReply   = `INSERT INTO case_replies (id, case_id, n, author, at, files, paper, body, key) VALUES ($1, $2, $3, nullif($4, 0), $5, $6, '', $7, $8)`
	saveReply  = `UPDATE case_replies SET author = nullif($2, 0), at = $3, files = $4, paper = '', body = $5, key = $6 WHERE id = $1`
	ofCaseSQL  = `SELECT case_id = $2, final_at IS NOT NULL FROM case_replies WHERE id = $1`
	keepPaper  = `UPDATE case_replies SET paper = $2 WHERE id = $1`
	holdFiles  = `UPDATE files SET named = true WHERE id = ANY($1) AND complete`
	countFiles = `SELECT count(*)::int FROM files WHERE id = ANY($1) AND complete`

	// letGo leaves to the sweep what no answer of the case names any more.
	letGo = `
UPDATE files f SET named = false WHERE f.id = ANY($1)
AND NOT EXISTS (SELECT FROM case_replies r WHERE r.case_id = $2 AND f.id = ANY(r.files))`

	finishReply = `UPDATE case_replies SET final_at = coalesce(final_at, $2) WHERE id = $1`
	// replyAt is the document that a case had given by a moment.
	replyAt = `
SELECT r.id FROM case_replies r JOIN cases c ON c.id = r.case_id
WHERE c.number = $1 AND r.final_at = $2 ORDER BY r.n DESC LIMIT 1`

	deliveryFields = `reply, way, attempt, status, why, at, settled_at, coalesce(staff, 0) FROM case_deliveries`
	addDelivery    = `
INSERT INTO case_deliveries (reply, way, attempt, status, at, staff) VALUES ($1, $2, $3, 'queued', $4, nullif($5, 0))
ON CONFLICT DO NOTHING`
	findDelivery   = `SELECT ` + deliveryFields + ` WHERE reply = $1 AND way = $2 AND attempt = $3`
	listDeliveries = `SELECT ` + deliveryFields + ` WHERE reply = $1 ORDER BY at, attempt, way`
	settleDelivery = `
UPDATE case_deliveries SET status = $4, why = $5, settled_at = $6 WHERE reply = $1 AND way = $2 AND attempt = $3 AND status = 'queued'`
)

func (d *DB) scanReply(row pgx.CollectableRow) (r registry.Reply, err error) {
	var number, key string
	var final *time.Time
	var body []byte
	if err := row.Scan(&r.ID, &number, &r.Files, &r.Paper, &r.Author, &r.At, &final, &body, &key); err != nil {
		return r, err
	}
	r.At, r.Final = r.At.UTC(), instant(final)
	if err := d.unsealCase(body, key, caseLabel(r.ID), &r.Text); err != nil {
		return r, err
	}
	return r, r.Number.UnmarshalText([]byte(number))
}

func scanDelivery(row pgx.CollectableRow) (v registry.Delivery, err error) {
	var settled *time.Time
	err = row.Scan(&v.Reply, &v.Way, &v.Attempt, (*string)(&v.Status), &v.Why, &v.At, &settled, &v.By)
	v.At, v.Settled = v.At.UTC(), instant(settled)
	return v, err
}

// ofCase refuses a document that is none of the case, or was given already.
func ofCase(ctx context.Context, q querier, id string, of int64) error {
	type doc struct{ Own, Final bool }
	r, found, err := one(ctx, q, pgx.RowToStructByPos[doc], ofCaseSQL, id, of)
	switch {
	case err != nil:
		return err
	case !found || !r.Own:
		return registry.ErrReply
	case r.Final:
		return registry.ErrFinal
	}
	return nil
}

// hold locks a case for one of the staff, whom it is not about.
func hold(ctx context.Context, tx pgx.Tx, n appeal.Number, staff int64) (id int64, err error) {
	type held struct {
		ID    int64
		About []int64
	}
	h, found, err := one(ctx, tx, pgx.RowToStructByPos[held], holdCase, n.String())
	if err := missing(found, err); err != nil {
		return 0, err
	}
	if slices.Contains(h.About, staff) {
		return 0, life.ErrAbout
	}
	return h.ID, nil
}

// SaveReply implements registry.Letters.
func (d *DB) SaveReply(ctx context.Context, by audit.Entry, r registry.Reply) (registry.Reply, error) {
	return d.saveReply(ctx, by, r, d.now(), aloud)
}

func (d *DB) saveReply(ctx context.Context, by audit.Entry, r registry.Reply, at time.Time, how manner) (registry.Reply, error) {
	if strings.TrimSpace(r.Text.Reveal()) == "" {
		return registry.Reply{}, registry.ErrReply
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		id, err := hold(ctx, tx, r.Number, by.Staff)
		if err != nil {
			return err
		}
		r.Author, r.At, r.Paper, r.Final = by.Staff, exact(at), "", time.Time{}
		if err := d.holdAll(ctx, tx, r.Files); err != nil {
			return err
		}
		fresh := r.ID == ""
		nth := 0
		var old registry.Reply
		if fresh {
			if nth, _, err = one(ctx, tx, pgx.RowTo[int], nthReply, id); err != nil {
				return err
			}
			r.ID = registry.ReplyID(r.Number, nth)
		} else if old, err = d.draft(ctx, tx, r.ID, r.Number); err != nil {
			return err
		}
		body, key, err := d.sealCase(r.Text, caseLabel(r.ID))
		if err != nil {
			return err
		}
		if fresh {
			_, err = tx.Exec(ctx, addReply, r.ID, id, nth, r.Author, r.At, notNull(r.Files), body, key)
		} else {
			_, err = tx.Exec(ctx, saveReply, r.ID, r.Author, r.At, notNull(r.Files), body, key)
		}
		if err == nil && len(old.Files) > 0 {
			_, err = tx.Exec(ctx, letGo, old.Files, id)
		}
		if err != nil || how == silent {
			return err
		}
		by.Act, by.Subject, by.After = audit.CaseReply, r.Number.String(), map[string]string{"reply": r.ID}
		return d.audit(ctx, tx, by)
	})
	if err != nil {
		return registry.Reply{}, wrap("save answer", err)
	}
	return r, nil
}

// draft returns the answer that is written over. It refuses one that is none of the
// case, or was given already.
func (d *DB) draft(ctx context.Context, q querier, id string, n appeal.Number) (registry.Reply, error) {
	old, found, err := one(ctx, q, d.scanReply, findReply, id)
	switch {
	case err != nil:
		return old, err
	case !found || old.Number != n:
		return old, registry.ErrReply
	case !old.Final.IsZero():
		return old, registry.ErrFinal
	}
	return old, nil
}

// holdAll keeps files from being tidied away.
func (d *DB) holdAll(ctx context.Context, tx pgx.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if n, _, err := one(ctx, tx, pgx.RowTo[int], countFiles, ids); err != nil || n != len(ids) {
		if err == nil {
			err = registry.ErrFile
		}
		return err
	}
	_, err := tx.Exec(ctx, holdFiles, ids)
	return err
}

// FindReply implements registry.Letters.
func (d *DB) FindReply(ctx context.Context, id string) (registry.Reply, error) {
	r, found, err := one(ctx, d.pool, d.scanReply, findReply, id)
	if err == nil && !found {
		err = registry.ErrReply
	}
	return r, wrap("find answer", err)
}

// Replies implements registry.Letters.
func (d *DB) Replies(ctx context.Context, n appeal.Number) ([]registry.Reply, error) {
	list, err := many(ctx, d.pool, d.scanReply, listReplies, n.String())
	return list, wrap("list answers", err)
}

// KeepPaper implements registry.Letters.
func (d *DB) KeepPaper(ctx context.Context, id, file string) error {
	return wrap("keep paper of answer", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := d.holdAll(ctx, tx, []string{file}); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, keepPaper, id, file)
		if err == nil && tag.RowsAffected() == 0 {
			err = registry.ErrReply
		}
		return err
	}))
}

// Deliveries implements registry.Letters.
func (d *DB) Deliveries(ctx context.Context, reply string) ([]registry.Delivery, error) {
	list, err := many(ctx, d.pool, scanDelivery, listDeliveries, reply)
	for i := 0; err == nil && i < len(list); i++ {
		if v := &list[i]; v.Status == registry.Queued && v.Way == appeal.InChat {
			v.Until, err = d.morningOf(ctx, v)
		}
	}
	return list, wrap("list deliveries", err)
}

// morningOf returns until when an answer waits that was to go into the chat at night; zero
// if it does not: tellWorker has it wait by the same rule.
func (d *DB) morningOf(ctx context.Context, v *registry.Delivery) (time.Time, error) {
	reply, err := d.FindReply(ctx, v.Reply)
	if err != nil {
		return time.Time{}, err
	}
	r, err := d.FindCase(ctx, reply.Number)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := d.zoneOf(ctx, r.Territory)
	if err != nil {
		return time.Time{}, err
	}
	n := registry.News{Record: r, Event: life.Answer, Reply: reply, Again: v.Attempt - 1}
	if at := n.Heard(v.At, zone); at.After(d.now()) {
		return at, nil
	}
	return time.Time{}, nil
}

// MarkDelivery implements registry.Letters.
func (d *DB) MarkDelivery(ctx context.Context, v registry.Delivery) error {
	if v.Status != registry.Sent && v.Status != registry.Failed {
		return fmt.Errorf("mark delivery as %q: %w", v.Status, errInternal)
	}
	n, err := d.exec(ctx, "mark delivery", settleDelivery, v.Reply, v.Way, v.Attempt, string(v.Status), v.Why, d.now())
	if err != nil || n > 0 {
		return err
	}
	_, found, err := one(ctx, d.pool, scanDelivery, findDelivery, v.Reply, v.Way, v.Attempt)
	if err == nil && !found {
		err = registry.ErrReply
	}
	return wrap("mark delivery", err)
}
