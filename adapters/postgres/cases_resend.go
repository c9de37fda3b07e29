package postgres

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
)

const (
	lastAttempt = `SELECT attempt, status FROM case_deliveries WHERE reply = $1 AND way = $2 ORDER BY attempt DESC LIMIT 1`
	// lineOfReply is the line of the history with which a document was given.
	lineOfReply = `
SELECT h.n FROM case_history h JOIN case_replies r ON r.case_id = h.case_id AND h.at = r.final_at
WHERE r.id = $1 AND h.event IN ('answer', 'typical', 'off_topic') ORDER BY h.n DESC LIMIT 1`
)

// attempt is the last one to bring an answer to the customer by some way; 0: none.
type attempt struct {
	N      int
	Status registry.Status
}

func findAttempt(ctx context.Context, q querier, do *life.Do) (attempt, error) {
	a, _, err := one(ctx, q, pgx.RowToStructByPos[attempt], lastAttempt, do.Reply, do.Way)
	return a, err
}

// carries reports whether an event is about an answer that was given already.
func carries(e life.Event) bool { return e == life.Resend || e == life.Posted }

// mayCarry refuses to send a document that was not given, by a way that leads
// nowhere, or that is on its way; and one that has gone, unless that is meant: no
// customer gets a letter twice because two have pressed. The case is locked.
func mayCarry(ctx context.Context, tx pgx.Tx, books *registry.Books, c *caseRow, do *life.Do) error {
	if err := ofCase(ctx, tx, do.Reply, c.id); err != registry.ErrFinal { //nolint:errorlint // what it returns itself
		if err == nil {
			err = registry.ErrReply // a draft
		}
		return err
	}
	if !leads(books.Forms, c, do) || do.Event == life.Posted && do.Way != appeal.ByPost {
		return registry.ErrWay
	}
	last, err := findAttempt(ctx, tx, do)
	switch {
	case err != nil:
		return err
	case do.Event == life.Posted:
		if last.Status != registry.Queued {
			return registry.ErrNoLetter
		}
	case last.Status == registry.Queued:
		return registry.ErrSending
	case last.Status == registry.Sent && !do.Again:
		return registry.ErrDelivered
	}
	return nil
}

// leads reports whether customers can choose a way for their answers, and this one
// is reached by it: by what he has said in his case, or says with the event.
func leads(b *appeal.Book, c *caseRow, do *life.Do) bool {
	if f, known := b.Field(appeal.AnswerWay); !known {
		return false
	} else if _, known = f.Option(do.Way); !known {
		return false
	}
	said := func(n appeal.Name) string { return cmp.Or(do.Answers.One(n), c.Answers.One(n)) }
	switch do.Way {
	case appeal.InChat:
		return c.conversation != ""
	case appeal.ByEmail:
		return said(appeal.Email) != ""
	case appeal.ByPost:
		return cmp.Or(said("post_address"), said("address")) != ""
	}
	return false
}

// carry makes a new attempt and its job, or notes that a letter has gone.
func (s *saving) carry(ctx context.Context, e life.Entry) error {
	if !carries(e.Do.Event) {
		return nil
	}
	do := &e.Do
	last, err := findAttempt(ctx, s.tx, do)
	if err != nil {
		return err
	}
	if do.Event == life.Posted {
		s.last.Queue(settleDelivery, do.Reply, do.Way, last.N, string(registry.Sent), "", e.At)
		return nil
	}
	s.act = audit.CaseResend
	s.last.Queue(addDelivery, do.Reply, do.Way, last.N+1, e.At, e.Staff)
	var args river.JobArgs = deliverArgs{do.Reply, do.Way, last.N + 1}
	if do.Way == appeal.InChat {
		line, found, err := one(ctx, s.tx, pgx.RowTo[int], lineOfReply, do.Reply)
		if err != nil || !found {
			return fmt.Errorf("find the answer's line: %w", missing(found, err))
		}
		args = tellArgs{Number: s.row.Number.String(), Line: line, Again: last.N + 1}
	}
	if _, err := s.d.jobs.InsertTx(ctx, s.tx, args, nil); err != nil {
		return fmt.Errorf("queue the answer again: %w", err)
	}
	return nil
}
