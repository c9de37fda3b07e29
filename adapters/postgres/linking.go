package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/billing"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

const (
	onFile = `SELECT a.id, a.legal, ` + personFields + ` FROM accounts a WHERE a.number = $1`

	// One conversation has one code for an account: a new one makes the one
	// before worthless.
	putCode = `
INSERT INTO codes (conversation, account, body, sealed, until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (conversation, account) DO UPDATE
SET body = EXCLUDED.body, sealed = EXCLUDED.sealed, until = EXCLUDED.until, tries = 0`
	takeCode  = `SELECT body, sealed, until, tries FROM codes WHERE conversation = $1 AND account = $2 FOR UPDATE`
	spendTry  = `UPDATE codes SET tries = tries + 1 WHERE conversation = $1 AND account = $2`
	dropCode  = `DELETE FROM codes WHERE conversation = $1 AND account = $2`
	dropCodes = `DELETE FROM codes WHERE conversation = $1`

	isVouched = `SELECT EXISTS (SELECT FROM vouched WHERE conversation = $1 AND account = $2 AND at > $3)`

	// Linking, unlinking and changing of the active link of one conversation
	// follow one another.
	lockLinks   = `SELECT pg_advisory_xact_lock(hashtext('okoshko links'), hashtext($1))`
	endOldLinks = `DELETE FROM links WHERE conversation = $1 AND used_at <= $2`
	countLinks  = `SELECT count(*), count(*) FILTER (WHERE account = $2) > 0 FROM links WHERE conversation = $1`
	setAside    = `UPDATE links SET active = false WHERE conversation = $1 AND active`
	putLink     = `
INSERT INTO links (conversation, account, active, since, used_at, confirmed_at) VALUES ($1, $2, true, $3, $3, $4)
ON CONFLICT (conversation, account) DO UPDATE
SET active = true, used_at = EXCLUDED.used_at, confirmed_at = coalesce(EXCLUDED.confirmed_at, links.confirmed_at)
RETURNING id`
	listOthers = `SELECT id FROM links WHERE account = $1 AND conversation NOT IN ($2, $4) AND used_at > $3 ORDER BY id`

	confirmLink  = `UPDATE links SET confirmed_at = $3, used_at = $3 WHERE id = $1 AND conversation = $2`
	linkAccount  = `SELECT account FROM links WHERE id = $1 AND conversation = $2 AND used_at > $3`
	renameLink   = `UPDATE links SET name = $3 WHERE id = $1 AND conversation = $2`
	activateLink = `UPDATE links SET active = true, used_at = $3 WHERE id = $1 AND conversation = $2`
	dropLink     = `DELETE FROM links WHERE id = $1 AND conversation = $2 RETURNING account`
	forgetWord   = `DELETE FROM vouched WHERE conversation = $1 AND account = $2`
	dropLinks    = `DELETE FROM links WHERE conversation = $1`

	// activateLatest makes the link that was used last the active one, where
	// there is none.
	activateLatest = `
UPDATE links SET active = true WHERE id = (
    SELECT id FROM links WHERE conversation = $1 ORDER BY used_at DESC, id DESC LIMIT 1)
AND NOT EXISTS (SELECT FROM links WHERE conversation = $1 AND active)`
	activateAny = `
UPDATE links SET active = true WHERE id IN (
    SELECT DISTINCT ON (conversation) id FROM links l
    WHERE NOT EXISTS (SELECT FROM links o WHERE o.conversation = l.conversation AND o.active)
    ORDER BY conversation, used_at DESC, id DESC)`

	endLinks      = `DELETE FROM links WHERE used_at <= $1`
	dropWornCodes = `DELETE FROM codes WHERE until < $1`
	dropWornWords = `DELETE FROM vouched WHERE at < $1`
)

// filed is what linking needs to know of an account in its transaction.
type filed struct {
	ID    int64
	Legal bool
	Phone privacy.Phone
	Email privacy.Email
}

func (d *DB) findFiled(ctx context.Context, tx pgx.Tx, number billing.AccountNumber) (f filed, found bool, err error) {
	kept := keptPerson{number: number.Full()}
	f, found, err = one(ctx, tx, func(row pgx.CollectableRow) (f filed, err error) {
		err = row.Scan(&f.ID, &f.Legal, &kept.body, &kept.key)
		return f, err
	}, onFile, number.Full())
	if err != nil || !found {
		return f, false, wrap("find account", err)
	}
	who, err := d.person(kept)
	f.Phone, f.Email = who.Phone, who.Email
	return f, true, err
}

// SendCode sends a code to the phone or the mailbox on file, in the transaction
// that keeps it.
func (d *DB) SendCode(ctx context.Context, e dialog.Effect, o people.CodeOrder) (people.CodeSent, error) {
	return once(ctx, d, e, "send code", func(tx pgx.Tx, last *pgx.Batch) (done people.CodeSent, err error) {
		f, found, err := d.findFiled(ctx, tx, o.Account)
		if err != nil || !found {
			return done, err
		}
		now := d.now()
		n := notice.Notice{Kind: "link_code", Lang: o.Lang, Until: now.Add(people.CodeLife)}
		if o.Again {
			n.Kind = "again_code"
		}
		switch {
		case o.Way == notice.SMS && !f.Phone.IsZero() && !f.Legal:
			n.Phone, done.To = f.Phone, f.Phone.String()
		case o.Way == notice.Mail && !f.Email.IsZero():
			n.Email, done.To = f.Email, f.Email.String()
		default:
			return done, nil
		}
		code := people.NewCode()
		body, sealed, err := d.seal([]byte(code), codeLabel(e.Conversation, f.ID))
		if err != nil {
			return done, fmt.Errorf("seal code: %w", err)
		}
		last.Queue(putCode, string(e.Conversation), f.ID, body, sealed, n.Until)
		n.Facts = map[string]string{"code": string(code), "account": o.Account.Masked()}
		return done, d.notify(ctx, tx, n)
	})
}

func codeLabel(c chat.Conversation, account int64) string {
	return "code/" + string(c) + "/" + strconv.FormatInt(account, 10)
}

// redeem compares a code with the one that was sent, under its lock, and uses it
// up if it is right.
func (d *DB) redeem(ctx context.Context, tx pgx.Tx, c chat.Conversation, account int64, entered people.Code) (people.Redeemed, error) {
	var sent people.Sent
	var body []byte
	var sealed bool
	err := tx.QueryRow(ctx, takeCode, string(c), account).Scan(&body, &sealed, &sent.Until, &sent.Tries)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return people.CodeGone, fmt.Errorf("take code: %w", err)
	}
	if err == nil {
		plain, err := d.unseal(body, sealed, codeLabel(c, account))
		if err != nil {
			return people.CodeGone, fmt.Errorf("open code: %w", err)
		}
		sent.Code = people.Code(plain)
	}
	result := sent.Redeem(entered, d.now())
	after := dropCode
	if result == people.CodeWrong {
		after = spendTry
	}
	if _, err := tx.Exec(ctx, after, string(c), account); err != nil {
		return people.CodeGone, fmt.Errorf("spend code: %w", err)
	}
	return result, nil
}

// Link makes a link if the code is right or the site has vouched: it becomes the
// active one, the consent is kept, the people on file and the other conversations of
// the account are told.
func (d *DB) Link(ctx context.Context, e dialog.Effect, l people.Linking) (people.Linked, error) {
	return once(ctx, d, e, "link", func(tx pgx.Tx, last *pgx.Batch) (done people.Linked, err error) {
		f, found, err := d.findFiled(ctx, tx, l.Account)
		if err != nil {
			return done, err
		}
		done.Code = people.CodeGone
		if !found {
			return done, nil
		}
		c, now := string(e.Conversation), d.now()
		if _, err := tx.Exec(ctx, lockLinks, c); err != nil {
			return done, fmt.Errorf("lock links: %w", err)
		}
		if _, err := tx.Exec(ctx, endOldLinks, c, people.UsedSince(now)); err != nil {
			return done, fmt.Errorf("end links: %w", err)
		}
		var links int
		var known bool
		if err := tx.QueryRow(ctx, countLinks, c, f.ID).Scan(&links, &known); err != nil {
			return done, fmt.Errorf("count links: %w", err)
		}
		if done.TooMany = !known && links >= people.MostLinks; done.TooMany {
			return done, nil
		}
		var confirmed *time.Time
		if l.Vouched {
			var vouched bool
			if err := tx.QueryRow(ctx, isVouched, c, f.ID, now.Add(-vouchedFor)).Scan(&vouched); err != nil || !vouched {
				return done, err
			}
			done.Code = people.CodeRight
		} else {
			if done.Code, err = d.redeem(ctx, tx, e.Conversation, f.ID, l.Code); err != nil || done.Code != people.CodeRight {
				return done, err
			}
			confirmed = &now
		}
		if _, err := tx.Exec(ctx, setAside, c); err != nil {
			return done, fmt.Errorf("set links aside: %w", err)
		}
		if err := tx.QueryRow(ctx, putLink, c, f.ID, now, confirmed).Scan(&done.Link); err != nil {
			return done, fmt.Errorf("put link: %w", err)
		}
		if l.Consent.Version > 0 {
			queueConsent(last, e, l.Consent)
		}
		if known {
			return done, nil
		}
		return done, d.announce(ctx, tx, e, f, l, done.Link, "")
	})
}

// announce tells the people on file, and the conversations that see the account
// already, of a new link; but for one that hears of it otherwise.
func (d *DB) announce(ctx context.Context, tx pgx.Tx, e dialog.Effect, f filed, l people.Linking, link int64, but chat.Conversation) error {
	n := notice.Notice{Kind: "link_made", Lang: l.Lang, Facts: map[string]string{
		"account": l.Account.Masked(), "channel": e.Conversation.Channel(), "when": notice.Instant(d.now().In(d.zone)),
	}}
	for _, to := range []notice.Notice{{Phone: f.Phone}, {Email: f.Email}} {
		if to.Phone.IsZero() && to.Email.IsZero() || f.Legal && to.Email.IsZero() {
			continue
		}
		n.Phone, n.Email = to.Phone, to.Email
		if err := d.notify(ctx, tx, n); err != nil {
			return err
		}
	}
	others, err := many(ctx, tx, pgx.RowTo[int64], listOthers, f.ID, string(e.Conversation), people.UsedSince(d.now()), string(but))
	if err != nil {
		return fmt.Errorf("list other links: %w", err)
	}
	jobs := make([]river.InsertManyParams, 0, len(others))
	for _, other := range others {
		jobs = append(jobs, river.InsertManyParams{Args: newLinkArgs{Link: link, Told: other}})
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := d.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("queue news of link: %w", err)
	}
	return nil
}

// Confirm takes a code for personal data from somebody who is linked.
func (d *DB) Confirm(ctx context.Context, e dialog.Effect, a people.Again) (people.Linked, error) {
	return once(ctx, d, e, "confirm link", func(tx pgx.Tx, last *pgx.Batch) (done people.Linked, err error) {
		done.Code = people.CodeGone
		account, found, err := one(ctx, tx, pgx.RowTo[int64], linkAccount, a.Link, string(e.Conversation), people.UsedSince(d.now()))
		if err != nil || !found {
			return done, err
		}
		if done.Code, err = d.redeem(ctx, tx, e.Conversation, account, a.Code); err != nil || done.Code != people.CodeRight {
			return done, err
		}
		done.Link = a.Link
		last.Queue(confirmLink, a.Link, string(e.Conversation), d.now())
		return done, nil
	})
}

// Unlink ends a link; false if there was none. The link that was used last
// becomes the active one.
func (d *DB) Unlink(ctx context.Context, e dialog.Effect, link int64) (bool, error) {
	return once(ctx, d, e, "unlink", func(tx pgx.Tx, last *pgx.Batch) (bool, error) {
		c := string(e.Conversation)
		if _, err := tx.Exec(ctx, lockLinks, c); err != nil {
			return false, fmt.Errorf("lock links: %w", err)
		}
		account, found, err := one(ctx, tx, pgx.RowTo[int64], dropLink, link, c)
		if err != nil || !found {
			return false, err
		}
		last.Queue(dropCode, c, account)
		last.Queue(forgetWord, c, account)
		last.Queue(activateLatest, c)
		return true, nil
	})
}

// Rename gives a link the customer's own name; false if there is no such link.
func (d *DB) Rename(ctx context.Context, e dialog.Effect, link int64, name string) (bool, error) {
	return once(ctx, d, e, "rename link", func(tx pgx.Tx, _ *pgx.Batch) (bool, error) {
		renamed, err := tx.Exec(ctx, renameLink, link, string(e.Conversation), name)
		return renamed.RowsAffected() > 0, err
	})
}

// Activate makes a link the active one; false if there is no such link.
func (d *DB) Activate(ctx context.Context, e dialog.Effect, link int64) (bool, error) {
	return once(ctx, d, e, "activate link", func(tx pgx.Tx, last *pgx.Batch) (bool, error) {
		c := string(e.Conversation)
		if _, err := tx.Exec(ctx, lockLinks, c); err != nil {
			return false, fmt.Errorf("lock links: %w", err)
		}
		if _, err := tx.Exec(ctx, setAside, c); err != nil {
			return false, fmt.Errorf("set links aside: %w", err)
		}
		made, err := tx.Exec(ctx, activateLink, link, c, d.now())
		last.Queue(activateLatest, c) // there was none of that ID
		return made.RowsAffected() > 0, err
	})
}

// newLinkArgs names a link that was made, and the one whose conversation is told.
type newLinkArgs struct {
	Link int64 `json:"link"`
	Told int64 `json:"told"`
}

func (newLinkArgs) Kind() string { return "tell_new_link" }

const findNewLink = `
SELECT t.conversation, a.number, split_part(l.conversation, ':', 1), l.since
FROM links l JOIN links t ON t.id = $2 AND t.account = l.account JOIN accounts a ON a.id = l.account
WHERE l.id = $1`

type newLinkWorker struct {
	river.WorkerDefaults[newLinkArgs]
	db   *DB
	work Work
}

// Work tells a conversation of a new link to its account, unless one of the two
// has ended meanwhile.
func (w *newLinkWorker) Work(ctx context.Context, job *river.Job[newLinkArgs]) error {
	n, found, err := one(ctx, w.db.pool, func(row pgx.CollectableRow) (n people.NewLink, err error) {
		err = row.Scan((*string)(&n.Conversation), (*string)(&n.Account), &n.Channel, &n.At)
		return n, err
	}, findNewLink, job.Args.Link, job.Args.Told)
	if err != nil || !found {
		return wrap("find new link", err)
	}
	n.Link, n.Told, n.At = job.Args.Link, job.Args.Told, n.At.UTC()
	return w.work.NewLink(ctx, n)
}
