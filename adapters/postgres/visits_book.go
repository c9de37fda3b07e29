package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/calendar"
	people "okoshko/core/customer"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

const (
	// Who books waits for others who book in the same conversation, by the same
	// phone and in the same office, in this order. Then what he reads is what
	// stands. The constraint of the table would stop him even so.
	lockVisitor = `SELECT pg_advisory_xact_lock(hashtext('okoshko visitor'), hashtext($1))`
	lockPhone   = `SELECT pg_advisory_xact_lock(hashtext('okoshko visitor phone'), hashtext(encode($1, 'hex')))`
	lockOffice  = `SELECT pg_advisory_xact_lock(hashtext('okoshko office'), hashtext($1))`

	// dropHolds frees what the conversation holds, anywhere, and what was held too
	// long in the office.
	dropHolds = `
DELETE FROM visits WHERE status = 'held' AND (conversation = $1 OR office = $2 AND held_until <= $3)
RETURNING office, service, window_number, starts_at, conversation = $1 AND held_until > $3`

	countVisits = `
SELECT count(*) FROM visits WHERE status IN ('booked', 'moved', 'arrived', 'called') AND ends_at > $3
  AND (conversation = $1 OR phone_digest = ANY($2))`

	nextVisit = `SELECT nextval(pg_get_serial_sequence('visits', 'id'))`
	addVisit  = `
INSERT INTO visits (id, conversation, account, office, service, window_number, day, starts_at, ends_at, status,
    body, sealed, phone_digest, language, code, held_until, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	lockVisit = `SELECT ` + visitFields + ` WHERE v.id = $3 AND ` + mine + ` AND v.status <> 'held' FOR UPDATE OF v`
	moveVisit = `
UPDATE visits SET office = $2, service = $3, window_number = $4, day = $5, starts_at = $6, ends_at = $7, code = $8,
    status = $9, sequence = sequence + 1, confirmed = false WHERE id = $1`
	cancelVisit = `
UPDATE visits SET status = 'cancelled', code = '', sequence = sequence + 1, body = NULL, phone_digest = NULL WHERE id = $1`
	confirmVisit = `UPDATE visits SET status = 'booked', confirmed = true WHERE id = $1`

	noteVisit = `
INSERT INTO visit_changes (visit, status, sequence, office, starts_at, staff, at)
VALUES ($1, $2, $3, $4, $5, nullif($6, 0), $7)`
)

// scene is what a customer's choice is judged by, as it stands under the locks.
type scene struct {
	version int64
	active  int // visits that the person has ahead
	placed  []placed
	freed   []string // offices in which something was held too long, or by the same conversation
	own     *held    // what the conversation held until now
	account *int64
	id      int64 // for a new visit
}

// held is a slot that a conversation holds.
type held struct {
	office, service string
	window          int
	start           time.Time
}

// queueScene locks, and reads what a choice is judged by. What the conversation
// holds is free from now on: whoever chooses once more, or books, holds nothing
// else.
func (d *DB) queueScene(b *pgx.Batch, e dialog.Effect, c visit.Choice, phones [][]byte, s *scene) {
	conversation, now := string(e.Conversation), d.now()
	b.Queue(lockVisitor, conversation)
	if len(phones) > 0 {
		b.Queue(lockPhone, phones[0])
	}
	b.Queue(lockOffice, c.Office)
	b.Queue(findContentVersion).QueryRow(func(row pgx.Row) error { return row.Scan(&s.version) })
	b.Queue(countVisits, conversation, phones, now).QueryRow(func(row pgx.Row) error { return row.Scan(&s.active) })
	b.Queue(dropHolds, conversation, c.Office, now).Query(func(rows pgx.Rows) error {
		var h held
		var own bool
		_, err := pgx.ForEachRow(rows, []any{&h.office, &h.service, &h.window, &h.start, &own}, func() error {
			s.freed = append(s.freed, h.office)
			if own {
				kept := h
				s.own = &kept
			}
			return nil
		})
		return err
	})
	when := c.Start
	if ahead := when.Sub(now); ahead < 0 || ahead > 2*time.Duration(visit.MostAhead()+1)*24*time.Hour {
		when = now // a time that is refused whatever stands there, and may be none that the server knows
	}
	queuePlaced(b, c.Office, when, when, &s.placed)
	b.Queue(nextVisit).QueryRow(func(row pgx.Row) error { return row.Scan(&s.id) })
}

// choose finds the window for a choice: that which the conversation held for it,
// else one that is free.
func (s *scene) choose(p visit.Plan, c visit.Choice, e dialog.Effect, now time.Time) (visit.Slot, visit.Refusal) {
	if o := s.own; o != nil && o.office == c.Office && o.service == c.Service && o.start.Equal(c.Start) && c.Start.After(now) {
		return visit.Slot{Start: c.Start, End: c.Start.Add(p.Service.Length), Windows: []int{o.window}}, ""
	}
	slot, refused := p.Judge(c.Start, e.At, busy(s.placed, e.Conversation, now))
	if refused == "" && !c.Start.After(now) { // it was in time when it was sent
		refused = visit.TooSoon
	}
	return slot, refused
}

// settle finds the slot for a choice, or why there is none.
func (d *DB) settle(ctx context.Context, tx pgx.Tx, e dialog.Effect, c visit.Choice, s *scene) (visit.Plan, visit.Slot, visit.Refusal, error) {
	offices, err := d.officesOf(ctx, tx, s.version)
	if err != nil {
		return visit.Plan{}, visit.Slot{}, "", err
	}
	plan, served := d.plan(offices, c.Office, c.Service)
	if !served {
		return plan, visit.Slot{}, visit.NotServed, nil
	}
	slot, refused := s.choose(plan, c, e, d.now())
	return plan, slot, refused, nil
}

// HoldSlot keeps a slot for a conversation for Rules.Hold, until it is booked,
// released or another one is chosen. The outcome's visit is Held.
func (d *DB) HoldSlot(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	var s scene
	read := func(b *pgx.Batch) { d.queueScene(b, e, c, nil, &s) }
	return onceAfter(ctx, d, e, "hold slot", read, func(tx pgx.Tx, last *pgx.Batch) (done visit.Outcome, err error) {
		plan, slot, refused, err := d.settle(ctx, tx, e, c, &s)
		if err != nil {
			return done, err
		}
		if refused == "" && c.Moving == 0 && s.active >= plan.Rules.Active {
			refused = visit.TooMany
		}
		if done.Refused = refused; refused == "" {
			done.Booking = visit.Booking{
				ID: s.id, Conversation: e.Conversation, Office: c.Office, Service: c.Service, Window: slot.Windows[0],
				Start: slot.Start.UTC(), End: slot.End.UTC(), Status: visit.Held, Until: d.now().Add(plan.Rules.Hold).UTC(),
			}
			if err := d.queueVisit(last, plan, done.Booking, nil, nil); err != nil {
				return done, err
			}
			if err := d.freed(ctx, tx, plan.Hours.Zone, done.Booking.Until, c.Office); err != nil {
				return done, err
			}
		}
		return done, d.freed(ctx, tx, plan.Hours.Zone, d.now(), s.freed...)
	})
}

// ReleaseSlot frees what the conversation holds; false if it holds nothing.
func (d *DB) ReleaseSlot(ctx context.Context, e dialog.Effect) (bool, error) {
	return once(ctx, d, e, "release slot", func(tx pgx.Tx, _ *pgx.Batch) (bool, error) {
		offices, err := many(ctx, tx, pgx.RowTo[string],
			`DELETE FROM visits WHERE status = 'held' AND conversation = $1 RETURNING office`, string(e.Conversation))
		if err != nil {
			return false, fmt.Errorf("drop hold: %w", err)
		}
		return len(offices) > 0, d.freed(ctx, tx, d.zone, d.now(), offices...)
	})
}

// Book books a slot: the one that the conversation holds, or any that is free.
// Reminders are promised by the same transaction.
func (d *DB) Book(ctx context.Context, e dialog.Effect, o visit.Order) (visit.Outcome, error) {
	var s scene
	phones := d.digests(o.Phone.Reveal(), phoneLabel)
	read := func(b *pgx.Batch) {
		d.queueScene(b, e, o.Choice, phones, &s)
		b.Queue(linkHolder, o.Link, string(e.Conversation), people.UsedSince(d.now())).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&s.account}, func() error { return nil })
			return err
		})
	}
	return onceAfter(ctx, d, e, "book visit", read, func(tx pgx.Tx, last *pgx.Batch) (done visit.Outcome, err error) {
		plan, slot, refused, err := d.settle(ctx, tx, e, o.Choice, &s)
		if err != nil {
			return done, err
		}
		if refused == "" && s.active >= plan.Rules.Active {
			refused = visit.TooMany
		}
		if done.Refused = refused; refused == "" {
			b := visit.Booking{
				ID: s.id, Conversation: e.Conversation, Office: o.Office, Service: o.Service, Window: slot.Windows[0],
				Start: slot.Start.UTC(), End: slot.End.UTC(), Status: visit.Booked, Name: o.Name, Phone: o.Phone, Lang: o.Lang,
			}
			if b.Code, err = newCode(s.placed); err != nil {
				return done, err
			}
			if err := d.queueVisit(last, plan, b, s.account, phones); err != nil {
				return done, err
			}
			done.Booking = b
			if err := d.remind(ctx, tx, b, plan.Hours.Zone); err != nil {
				return done, err
			}
		}
		return done, d.freed(ctx, tx, plan.Hours.Zone, d.now(), s.freed...)
	})
}

// phoneLabel is what digests of phones are made for.
const phoneLabel = "visit phone"

const linkHolder = `SELECT account FROM links WHERE id = $1 AND conversation = $2 AND used_at > $3`

// queueVisit adds a visit, and unless it is only held the note of it.
func (d *DB) queueVisit(b *pgx.Batch, p visit.Plan, v visit.Booking, account *int64, phones [][]byte) error {
	body, sealed, err := d.sealVisitor(v.ID, visitor{v.Name, v.Phone})
	if err != nil {
		return err
	}
	var phone []byte
	if len(phones) > 0 {
		phone = phones[0]
	}
	day := calendar.DateOf(v.Start, p.Hours.Zone)
	b.Queue(addVisit, v.ID, optionalText(string(v.Conversation)), account, v.Office, v.Service, v.Window, day.String(), v.Start, v.End,
		string(v.Status), body, sealed, phone, v.Lang, v.Code, optional(v.Until), d.now())
	if v.Status != visit.Held {
		d.queueNote(b, v, 0)
	}
	return nil
}

// queueNote notes what has become of a visit, by whom of the staff; 0: by the
// customer or ourselves.
func (d *DB) queueNote(b *pgx.Batch, v visit.Booking, staff int64) {
	b.Queue(noteVisit, v.ID, string(v.Status), v.Sequence, v.Office, v.Start, staff, d.now())
}

// queueMine reads a visit that its customer wants to change, and locks it.
func (d *DB) queueMine(b *pgx.Batch, e dialog.Effect, id int64, v *visit.Booking, found *bool) {
	b.Queue(lockVisit, string(e.Conversation), people.UsedSince(d.now()), id).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, d.scanVisit)
		if *found = len(list) > 0; *found {
			*v = list[0]
		}
		return err
	})
}

// changeable says why a visit cannot be changed by its customer at an instant,
// if it cannot.
func changeable(v visit.Booking, found bool, at time.Time) visit.Refusal {
	switch {
	case !found || !v.Status.Active():
		return visit.Gone
	case !v.Status.Expected() || !at.Before(v.Start):
		return visit.Started
	}
	return ""
}

// MoveBooking moves a visit (Choice.Moving) to another slot, of whatever office
// and service. It keeps its ID, gets a code for another day, and is reminded of
// anew.
func (d *DB) MoveBooking(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	var s scene
	var v visit.Booking
	var found bool
	read := func(b *pgx.Batch) {
		d.queueScene(b, e, c, nil, &s)
		d.queueMine(b, e, c.Moving, &v, &found)
	}
	return onceAfter(ctx, d, e, "move visit", read, func(tx pgx.Tx, last *pgx.Batch) (done visit.Outcome, err error) {
		done.Booking = v
		if done.Refused = changeable(v, found, e.At); done.Refused != "" {
			return done, d.freed(ctx, tx, d.zone, d.now(), s.freed...)
		}
		plan, slot, refused, err := d.settle(ctx, tx, e, c, &s)
		if err != nil {
			return done, err
		}
		s.freed = append(s.freed, v.Office)
		if done.Refused = refused; refused == "" {
			if v.Office != c.Office {
				done.Left = v.Office
			}
			v.Office, v.Service, v.Window, v.Start, v.End = c.Office, c.Service, slot.Windows[0], slot.Start.UTC(), slot.End.UTC()
			v.Status = visit.Booked
			if err := d.queueMove(last, plan, &v, s.placed, 0); err != nil {
				return done, err
			}
			done.Booking = v
			if err := d.remind(ctx, tx, v, plan.Hours.Zone); err != nil {
				return done, err
			}
		}
		return done, d.freed(ctx, tx, plan.Hours.Zone, d.now(), s.freed...)
	})
}

// queueMove stores where a visit is from now on, with a code that nobody has
// whose visit stands among placed.
func (d *DB) queueMove(b *pgx.Batch, p visit.Plan, v *visit.Booking, placed []placed, staff int64) (err error) {
	if v.Code, err = newCode(placed); err != nil {
		return err
	}
	v.Sequence++
	v.Confirmed = false
	day := calendar.DateOf(v.Start, p.Hours.Zone)
	b.Queue(moveVisit, v.ID, v.Office, v.Service, v.Window, day.String(), v.Start, v.End, v.Code, string(v.Status))
	d.queueNote(b, *v, staff)
	return nil
}

// CancelBooking cancels a visit, until it begins; its slot is free again, and who
// was to come is forgotten, as the consent to it says.
func (d *DB) CancelBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return d.changeVisit(ctx, e, id, "cancel visit", func(tx pgx.Tx, last *pgx.Batch, v *visit.Booking) error {
		v.Status, v.Code, v.Sequence = visit.Cancelled, "", v.Sequence+1
		last.Queue(cancelVisit, v.ID)
		d.queueNote(last, *v, 0)
		return d.freed(ctx, tx, d.zone, d.now(), v.Office)
	})
}

// ConfirmBooking notes that the customer will come; a visit that we have moved
// is booked again.
func (d *DB) ConfirmBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return d.changeVisit(ctx, e, id, "confirm visit", func(_ pgx.Tx, last *pgx.Batch, v *visit.Booking) error {
		v.Status, v.Confirmed = visit.Booked, true
		last.Queue(confirmVisit, v.ID)
		d.queueNote(last, *v, 0)
		return nil
	})
}

// changeVisit carries out what a customer wants of a visit where it is.
func (d *DB) changeVisit(ctx context.Context, e dialog.Effect, id int64, name string,
	act func(tx pgx.Tx, last *pgx.Batch, v *visit.Booking) error,
) (visit.Outcome, error) {
	var v visit.Booking
	var found bool
	read := func(b *pgx.Batch) { d.queueMine(b, e, id, &v, &found) }
	return onceAfter(ctx, d, e, name, read, func(tx pgx.Tx, last *pgx.Batch) (done visit.Outcome, err error) {
		if done.Refused = changeable(v, found, e.At); done.Refused == "" {
			err = act(tx, last, &v)
		}
		done.Booking = v
		return done, err
	})
}

// codes is how many walk-in codes a day of an office has: four digits, so that
// nobody guesses the one of another.
const codes = 10_000

// newCode gives a code that none of those who come then has.
func newCode(list []placed) (string, error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(codes))
		if err != nil {
			return "", fmt.Errorf("make code: %w", err)
		}
		code := fmt.Sprintf("%04d", n)
		if !slices.ContainsFunc(list, func(p placed) bool { return p.Code == code }) {
			return code, nil
		}
	}
}

// optionalText turns the empty text into NULL.
func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
