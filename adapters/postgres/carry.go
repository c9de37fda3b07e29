package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/billing"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

const (
	putTicket = `
INSERT INTO tickets (ticket, conversation, topic, until) VALUES ($1, $2, $3, $4)
ON CONFLICT (conversation) DO UPDATE SET ticket = EXCLUDED.ticket, topic = EXCLUDED.topic, until = EXCLUDED.until`
	// A ticket is of no use to the conversation that it comes from.
	findTicket = `SELECT conversation, topic FROM tickets WHERE ticket = $1 AND conversation <> $2 AND until > $3`
	useTicket  = `DELETE FROM tickets WHERE ticket = $1 AND conversation <> $2 AND until > $3 RETURNING conversation, topic`
	dropTicket = `DELETE FROM tickets WHERE conversation = $1`

	// What was carried to a conversation is not carried on before a code was
	// entered there. The active one comes last: it will be active again.
	listCarried = `
SELECT a.id, a.number, a.legal, ` + personFields + `, l.name FROM links l JOIN accounts a ON a.id = l.account
WHERE l.conversation = $1 AND l.used_at > $2 AND (l.carried_from = '' OR l.confirmed_at IS NOT NULL)
ORDER BY l.active, l.since, l.id`
	putCarried = `
INSERT INTO links (conversation, account, name, active, since, used_at, carried_from) VALUES ($1, $2, $3, false, $4, $4, $5)
ON CONFLICT (conversation, account) DO NOTHING RETURNING id`
	activateCarried = `UPDATE links SET active = true WHERE conversation = $1 AND account = $2`

	endCarried = `DELETE FROM links WHERE carried_from = $1 RETURNING id, conversation, account`

	dropWornTickets = `DELETE FROM tickets WHERE until < $1`
)

var _ people.Tickets = (*DB)(nil)

// MakeTicket draws a ticket in place of the conversation's one before. Its hash
// is kept, and the real one sealed in the result.
func (d *DB) MakeTicket(ctx context.Context, e dialog.Effect, o people.TicketOrder) (people.TicketMade, error) {
	return once(ctx, d, e, "make ticket", func(_ pgx.Tx, last *pgx.Batch) (made people.TicketMade, err error) {
		if d.sealer == nil {
			return made, fault.New(fault.Invalid, "no data key is configured")
		}
		drawn, ticket := people.NewTicket()
		made.Sealed, err = d.sealer.Seal([]byte(drawn.Reveal()), ticketLabel(e.Conversation))
		if err != nil {
			return made, fmt.Errorf("seal ticket: %w", err)
		}
		last.Queue(putTicket, string(ticket), string(e.Conversation), o.Topic, d.now().Add(people.TicketLife))
		return made, nil
	})
}

// OpenTicket returns what MakeTicket has sealed for a conversation. The error is
// Unavailable without the key, Internal if anything was changed.
func (d *DB) OpenTicket(c chat.Conversation, sealed []byte) (privacy.Secret, error) {
	plain, err := d.unseal(sealed, true, ticketLabel(c))
	return privacy.NewSecret(string(plain)), err
}

func ticketLabel(c chat.Conversation) string { return "ticket/" + string(c) }

// left is where a ticket comes from.
type left struct {
	From  chat.Conversation
	Topic string
}

// Ticket implements customer.Tickets.
func (d *DB) Ticket(ctx context.Context, t people.Ticket, to chat.Conversation, now time.Time) (b people.Baggage, good bool, err error) {
	l, good, err := one(ctx, d.pool, pgx.RowToStructByPos[left], findTicket, string(t), string(to), now)
	if err != nil || !good {
		return b, false, wrap("find ticket", err)
	}
	links, err := d.Links(ctx, l.From, now)
	if err != nil {
		return b, false, err
	}
	for _, link := range links {
		if link.Carries() {
			b.Accounts = append(b.Accounts, link.Account)
		}
	}
	b.Channel, b.Topic = l.From.Channel(), l.Topic
	return b, true, nil
}

// carried is an account that comes along.
type carried struct {
	filed
	Number string
	Name   string
}

func (d *DB) scanCarried(row pgx.CollectableRow) (c carried, err error) {
	var kept keptPerson
	if err := row.Scan(&c.ID, &c.Number, &c.Legal, &kept.body, &kept.key, &c.Name); err != nil {
		return c, err
	}
	kept.number = c.Number
	who, err := d.person(kept)
	c.Phone, c.Email = who.Phone, who.Email
	return c, err
}

// Arrive uses a ticket up; with a consent the accounts that come along are
// linked, the people on file and every other conversation are told as they are of
// each link, and the one that they come from, with a way to undo it.
func (d *DB) Arrive(ctx context.Context, e dialog.Effect, a people.Arrival) (people.Arrived, error) {
	return once(ctx, d, e, "arrive", func(tx pgx.Tx, last *pgx.Batch) (done people.Arrived, err error) {
		c, now := string(e.Conversation), d.now()
		l, found, err := one(ctx, tx, pgx.RowToStructByPos[left], useTicket, string(a.Ticket), c, now)
		if err != nil || !found {
			return done, wrap("use ticket", err)
		}
		done.Good, done.Topic = true, l.Topic
		if !a.Link || a.Consent.Version == 0 {
			return done, nil
		}
		list, err := many(ctx, tx, d.scanCarried, listCarried, string(l.From), people.UsedSince(now))
		if err != nil || len(list) == 0 {
			return done, wrap("list links", err)
		}
		if _, err := tx.Exec(ctx, lockLinks, c); err != nil {
			return done, fmt.Errorf("lock links: %w", err)
		}
		if _, err := tx.Exec(ctx, endOldLinks, c, people.UsedSince(now)); err != nil {
			return done, fmt.Errorf("end links: %w", err)
		}
		made, err := d.linkCarried(ctx, tx, e, l, list, a.Lang, &done)
		if err != nil {
			return done, err
		}
		last.Queue(setAside, c)
		last.Queue(activateCarried, c, list[len(list)-1].ID)
		last.Queue(activateLatest, c) // there was no room for it
		queueConsent(last, e, a.Consent)
		if made == 0 {
			return done, nil
		}
		_, err = d.jobs.InsertTx(ctx, tx, carriedArgs{Link: made}, nil)
		return done, wrap("queue news of what was carried", err)
	})
}

// linkCarried makes the links and returns the last one's ID, 0 if none was made.
func (d *DB) linkCarried(ctx context.Context, tx pgx.Tx, e dialog.Effect, l left, list []carried, lang string,
	done *people.Arrived,
) (made int64, err error) {
	for _, a := range list {
		var links int
		var known bool
		if err := tx.QueryRow(ctx, countLinks, string(e.Conversation), a.ID).Scan(&links, &known); err != nil {
			return 0, fmt.Errorf("count links: %w", err)
		}
		if known {
			continue
		}
		if links >= people.MostLinks {
			done.TooMany = true
			continue
		}
		id, _, err := one(ctx, tx, pgx.RowTo[int64], putCarried, string(e.Conversation), a.ID, a.Name, d.now(), string(l.From))
		if err != nil {
			return 0, fmt.Errorf("put link: %w", err)
		}
		made = id
		done.Linked++
		order := people.Linking{Account: billing.AccountNumber(a.Number), Lang: lang}
		if err := d.announce(ctx, tx, e, a.filed, order, id, l.From); err != nil {
			return 0, err
		}
	}
	return made, nil
}

// EndCarried ends every link that was carried from the conversation, whose
// customers are told, and its ticket. It returns the number of links.
func (d *DB) EndCarried(ctx context.Context, e dialog.Effect) (int, error) {
	return once(ctx, d, e, "end what was carried", func(tx pgx.Tx, last *pgx.Batch) (int, error) {
		last.Queue(dropTicket, string(e.Conversation))
		list, err := many(ctx, tx, pgx.RowToStructByPos[gone], endCarried, string(e.Conversation))
		if err != nil {
			return 0, fmt.Errorf("end links: %w", err)
		}
		for _, l := range list {
			if err := d.endedLink(ctx, tx, last, l, people.EndedByOrigin); err != nil {
				return 0, err
			}
		}
		return len(list), nil
	})
}

// gone is a link that has ended.
type gone struct {
	ID           int64
	Conversation string
	Account      int64
}

// endedLink does what follows from a link's end that was not its customer's
// doing: codes and words of the site for it go, another link becomes the active
// one, and he is told.
func (d *DB) endedLink(ctx context.Context, tx pgx.Tx, last *pgx.Batch, l gone, by string) error {
	last.Queue(dropCode, l.Conversation, l.Account)
	last.Queue(forgetWord, l.Conversation, l.Account)
	last.Queue(dropTicket, l.Conversation)
	last.Queue(activateLatest, l.Conversation)
	args := endedArgs{Link: l.ID, Conversation: chat.Conversation(l.Conversation), Account: l.Account, By: by}
	if _, err := d.jobs.InsertTx(ctx, tx, args, nil); err != nil {
		return fmt.Errorf("queue news of link: %w", err)
	}
	return nil
}

// carriedArgs names a link that was carried from another conversation, which is
// told.
type carriedArgs struct {
	Link int64 `json:"link"`
}

func (carriedArgs) Kind() string { return "tell_carried" }

const findCarried = `SELECT carried_from, split_part(conversation, ':', 1), since FROM links WHERE id = $1 AND carried_from <> ''`

type carriedWorker struct {
	river.WorkerDefaults[carriedArgs]
	db   *DB
	work Work
}

// Work tells where the link was carried from, unless it has ended meanwhile.
func (w *carriedWorker) Work(ctx context.Context, job *river.Job[carriedArgs]) error {
	n, found, err := one(ctx, w.db.pool, func(row pgx.CollectableRow) (n people.Carried, err error) {
		err = row.Scan((*string)(&n.From), &n.Channel, &n.At)
		return n, err
	}, findCarried, job.Args.Link)
	if err != nil || !found {
		return wrap("find what was carried", err)
	}
	n.Link, n.At = job.Args.Link, n.At.UTC()
	return w.work.Carried(ctx, n)
}

// endedArgs names a link that is no more, and the conversation that is told.
type endedArgs struct {
	Link         int64             `json:"link"`
	Conversation chat.Conversation `json:"conversation"`
	Account      int64             `json:"account"`
	By           string            `json:"by"`
}

func (endedArgs) Kind() string { return "tell_ended_link" }

const findEnded = `
SELECT number FROM accounts WHERE id = $1 AND NOT EXISTS (SELECT FROM tombstones WHERE conversation = $2)`

type endedWorker struct {
	river.WorkerDefaults[endedArgs]
	db   *DB
	work Work
}

// Work tells the conversation, unless it was erased meanwhile.
func (w *endedWorker) Work(ctx context.Context, job *river.Job[endedArgs]) error {
	a := job.Args
	number, found, err := one(ctx, w.db.pool, pgx.RowTo[string], findEnded, a.Account, string(a.Conversation))
	if err != nil || !found {
		return wrap("find account", err)
	}
	return w.work.Ended(ctx, people.Ended{
		Link: a.Link, Conversation: a.Conversation, Account: billing.AccountNumber(number), By: a.By,
	})
}
