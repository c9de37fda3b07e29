package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	people "okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

const (
	// takeNumber gives the next number of a kind and a year. Who asks for one
	// waits for those before him: a number that is rolled back is given again.
	takeNumber = `
INSERT INTO case_numbers AS old (kind, year, last) VALUES ($1, $2, 1)
ON CONFLICT (kind, year) DO UPDATE SET last = old.last + 1 RETURNING last`

	nextCase = `SELECT nextval(pg_get_serial_sequence('cases', 'id'))`

	addCase = `
INSERT INTO cases (id, number, revision, kind, category, audience, territory, origin, channel, language, conversation, account,
    state, queue, keeper, assignee, about, registered_at, since, due_at, next_at, moved_at, answered_at, closed_at,
    resolution, extended, reopened, rating, publication, body, secret, key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''), (SELECT id FROM accounts WHERE number = $12),
    $13, $14, nullif($15, 0), nullif($16, 0), $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`

	saveCase = `
UPDATE cases SET revision = $2, kind = $3, category = $4, audience = $26, territory = $5, origin = $6, state = $7, queue = $8,
    keeper = nullif($9, 0), assignee = nullif($10, 0), about = $11, since = $12, due_at = $13, next_at = $14, moved_at = $15,
    answered_at = $16, closed_at = $17, resolution = $18, extended = $19, reopened = $20, rating = $21, publication = $22,
    body = $23, secret = $24, key = $25
WHERE id = $1`

	lockCase    = `SELECT ` + caseFields + ` WHERE c.number = $1 FOR NO KEY UPDATE OF c`
	lockOwnCase = `SELECT ` + caseFields + ` WHERE ` + ownCase + ` AND c.number = $3 FOR NO KEY UPDATE OF c`

	addHistory = `
INSERT INTO case_history (case_id, n, at, staff, role, from_state, to_state, event, publication, body, secret, key)
VALUES ($1, $2, $3, nullif($4, 0), $5, $6, $7, $8, $9, $10, $11, $12)`
)

// effectOf is an effect under the rules of the engine's commands.
func effectOf(e registry.Effect) dialog.Effect {
	e.At = exact(e.At)
	return dialog.Effect(e)
}

// exact is an instant as the database keeps it.
func exact(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

func dayOf(m *life.Machine, at time.Time) calendar.Date { return calendar.DateOf(at, m.Counter.Zone) }

// queueBooks reads the version of the tables by which a case lives.
func queueBooks(b *pgx.Batch, version *int64) {
	b.Queue(findContentVersion).QueryRow(func(row pgx.Row) error { return row.Scan(version) })
}

// RegisterCase implements registry.Counter.
func (d *DB) RegisterCase(ctx context.Context, by registry.Effect, f registry.Filing) (registry.Filed, error) {
	return d.registerCase(ctx, by, f, aloud)
}

func (d *DB) registerCase(ctx context.Context, by registry.Effect, f registry.Filing, how manner) (registry.Filed, error) {
	e := effectOf(by)
	var version int64
	c := caseRow{lang: f.Lang, conversation: e.Conversation, account: f.Account}
	read := func(b *pgx.Batch) {
		queueBooks(b, &version)
		b.Queue(nextCase).QueryRow(func(row pgx.Row) error { return row.Scan(&c.id) })
	}
	return onceAfter(ctx, d, e, "register case", read, func(tx pgx.Tx, last *pgx.Batch) (done registry.Filed, err error) {
		books, err := d.caseBooks(ctx, tx, version)
		if err != nil {
			return done, err
		}
		category, err := books.Forms.Category(f.Category, dayOf(books.Machine, e.At))
		switch {
		case err != nil:
			return done, err
		case category.Kind != f.Kind:
			return done, life.ErrKind
		}
		if err := flaws(category, f.Answers, books.Machine, e.At); err != nil {
			return done, err
		}
		actor := f.By
		if actor.Staff == 0 {
			actor = registry.Customer
		}
		c.Case = life.Case{
			Kind: f.Kind, Category: f.Category, Audience: f.Audience, Channel: f.Channel, Answers: f.Answers, Price: f.Price, State: life.Draft,
			Number: appeal.Number{Kind: f.Kind, Year: dayOf(books.Machine, e.At).Year},
		}
		if c.Channel == "" {
			c.Channel = e.Conversation.Channel()
		}
		c.locate(books.Routes, f.Territory)
		if err := d.limit(ctx, tx, e, f); err != nil {
			return done, err
		}
		if done.LeftDesk, err = waiting(ctx, tx, e.Conversation, f.Handoff); err != nil {
			return done, fmt.Errorf("lock hand-off: %w", err)
		}
		named, err := concerned(ctx, tx, category, f.Answers)
		if err != nil {
			return done, err
		}
		// It is the last thing that may be waited for.
		if c.Number.Serial, _, err = one(ctx, tx, pgx.RowTo[int], takeNumber, string(f.Kind), c.Number.Year); err != nil {
			return done, fmt.Errorf("take number: %w", err)
		}
		var out []life.Consequence
		c.Case, out, err = books.Machine.Apply(c.Case, life.Do{Event: life.Register, Term: f.Term, Named: named}, actor, e.At)
		if err != nil {
			return done, err
		}
		if done.LeftDesk {
			if err := d.file(ctx, tx, f.Handoff, c.Number); err != nil {
				return done, err
			}
		}
		s := saving{d: d, tx: tx, last: last, books: books, row: &c, effect: e, how: how, fresh: true}
		if err := s.all(ctx, f.Files, f.By.Staff, out, f.Audit); err != nil {
			return done, err
		}
		done.Number, done.Revision, done.Due, done.Territory = c.Number, len(c.History), c.Clocks[term.Answer].Deadline, c.Territory
		return done, nil
	})
}

// locate finds the territory of a case by what is known of it (spec §5.7).
func (c *caseRow) locate(b *route.Book, asked string) {
	account := c.account
	if account == "" {
		account = billing.AccountNumber(c.Answers.One("account"))
	}
	c.Territory, c.origin = b.Locate(account, c.Answers.One("address"), asked)
}

// DoCase implements registry.Counter and registry.Bureau.
func (d *DB) DoCase(ctx context.Context, by registry.Effect, a registry.Act) (registry.Outcome, error) {
	return d.doCase(ctx, by, a, aloud)
}

func (d *DB) doCase(ctx context.Context, by registry.Effect, a registry.Act, how manner) (registry.Outcome, error) {
	e := effectOf(by)
	var version int64
	var c caseRow
	var found bool
	read := func(b *pgx.Batch) {
		queueBooks(b, &version)
		d.queueCase(b, e, a.Number, a.By, how, &c, &found)
	}
	return onceAfter(ctx, d, e, "change case", read, func(tx pgx.Tx, last *pgx.Batch) (done registry.Outcome, err error) {
		if !found {
			return done, registry.ErrNoCase
		}
		if err := d.unmoved(ctx, tx, &c, a.Revision); err != nil {
			return done, err
		}
		books, err := d.caseBooks(ctx, tx, version)
		if err != nil {
			return done, err
		}
		if err := d.prepareDo(ctx, tx, books, &c, &a.Do, e.At); err != nil {
			return done, err
		}
		done.From = c.State
		was := c.Territory
		next, out, err := books.Machine.Apply(c.Case, a.Do, a.By, e.At)
		if err != nil {
			return done, err
		}
		if a.Do.Event == life.Duplicate {
			if err := d.repeats(ctx, tx, &c, &a); err != nil {
				return done, err
			}
		}
		c.Case = next
		switch {
		case a.Do.Event == life.Locate:
			c.origin = route.ByStaff
		case len(a.Do.Answers) > 0 && c.origin != route.ByAccount && c.origin != route.ByStaff:
			c.locate(books.Routes, c.Territory)
		}
		s := saving{d: d, tx: tx, last: last, books: books, row: &c, effect: e, how: how, was: was}
		if err := s.all(ctx, a.Files, a.By.Staff, out, a.Audit); err != nil {
			return done, err
		}
		if a.FromForm {
			if _, err := d.jobs.InsertTx(ctx, tx, tellArgs{Number: c.Number.String(), Line: len(c.History)}, nil); err != nil {
				return done, fmt.Errorf("queue what is told: %w", err)
			}
		}
		done.Number, done.Revision, done.To = c.Number, len(c.History), c.State
		if r := c.Clocks[term.Answer]; r.Met.IsZero() {
			done.Due = r.Deadline
		}
		return done, nil
	})
}

// queueCase locks a case: for one of the staff any, for the customer one of his
// own.
func (d *DB) queueCase(b *pgx.Batch, e dialog.Effect, n appeal.Number, by life.Actor, how manner, c *caseRow, found *bool) {
	take := func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, d.scanCase)
		if *found = len(list) > 0; *found {
			*c = list[0]
		}
		return err
	}
	if how == aloud && slices.Contains(by.Roles, life.Customer) {
		b.Queue(lockOwnCase, string(e.Conversation), people.UsedSince(d.now()), n.String()).Query(take)
		return
	}
	b.Queue(lockCase, n.String()).Query(take)
}

// unmoved refuses what was decided on a case as it is not any more.
func (d *DB) unmoved(ctx context.Context, tx pgx.Tx, c *caseRow, seen int) error {
	now := len(c.History)
	if seen == 0 || seen == now {
		return nil
	}
	lines, err := d.history(ctx, tx, c.id, c.Number.String(), min(seen, now))
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Do = life.Do{Event: lines[i].Do.Event}
	}
	return &registry.MovedError{Revision: now, Since: lines}
}

// prepareDo checks what package life does not: what an event says is right, and
// what it names is there.
func (d *DB) prepareDo(ctx context.Context, tx pgx.Tx, books *registry.Books, c *caseRow, do *life.Do, at time.Time) error {
	do.Answers = books.Forms.Unhidden(do.Answers)
	if len(do.Answers) > 0 {
		code := c.Category
		if do.Event == life.Reclassify {
			code = do.Category
		}
		category, err := books.Forms.Category(code, dayOf(books.Machine, c.Registered))
		if err != nil {
			return err
		}
		if err := flaws(category, do.Answers, books.Machine, at); err != nil {
			return err
		}
	}
	do.Named = nil
	if do.Event == life.Reclassify {
		category, err := books.Forms.Category(do.Category, dayOf(books.Machine, c.Registered))
		if err != nil {
			return err
		}
		all := appeal.Answers{}
		maps.Copy(all, c.Answers)
		maps.Copy(all, do.Answers)
		if do.Named, err = concerned(ctx, tx, category, all); err != nil {
			return err
		}
	}
	switch {
	case do.Event == life.Undelivered: // it says what was
		return nil
	case carries(do.Event) && do.Reply != "": // life says that it is missing
		return mayCarry(ctx, tx, books, c, do)
	}
	if err := registry.Reaches(books.Forms, do, c.Answers); err != nil {
		return err
	}
	if do.Reply != "" {
		return ofCase(ctx, tx, do.Reply, c.id)
	}
	return nil
}
