package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

const (
	visitFields = `v.id, coalesce(v.conversation, ''), coalesce(a.number, ''), v.office, v.service, coalesce(v.window_number, 0),
    coalesce(v.called_to, 0), v.starts_at, v.ends_at, v.status, v.language, v.sequence, v.code, v.confirmed, v.walk_in, v.held_until,
    v.body, v.sealed FROM visits v LEFT JOIN accounts a ON a.id = v.account`

	// mine are visits that a conversation, $1, has booked, or for an account that
	// it has been linked to since $2.
	mine = `(v.conversation = $1 OR v.account IN (SELECT account FROM links WHERE conversation = $1 AND used_at > $2))`

	listVisits = `SELECT ` + visitFields + ` WHERE ` + mine + ` AND v.status IN ('booked', 'moved', 'arrived', 'called') AND v.ends_at > $3
ORDER BY v.starts_at, v.id`

	// listPast are the last of theirs that are over and began since $4, marked or
	// not; who came and was not marked since may still wait in the hall that day.
	listPast = `SELECT ` + visitFields + ` WHERE ` + mine + ` AND v.starts_at > $4
  AND (v.status IN ('served', 'no_show') OR v.status IN ('booked', 'moved', 'arrived', 'called')
    AND v.ends_at <= $3::timestamptz - CASE WHEN v.status IN ('arrived', 'called') THEN interval '12 hours' ELSE interval '0' END)
ORDER BY v.starts_at DESC, v.id DESC LIMIT $5`

	// listTaken is what takes the windows' time on some days; it is read in the
	// index. What the asking conversation holds itself is left out.
	listTaken = `
SELECT window_number, starts_at, ends_at FROM visits
WHERE office = $1 AND day BETWEEN $2 AND $3 AND window_number IS NOT NULL AND status NOT IN ('cancelled', 'held')
UNION ALL
SELECT window_number, starts_at, ends_at FROM visits
WHERE office = $1 AND status = 'held' AND held_until > $4 AND conversation IS DISTINCT FROM $5`

	// listPlaced is what stands in the windows of an office on some days, and the
	// codes that are given.
	listPlaced = `
SELECT id, coalesce(conversation, ''), coalesce(window_number, 0), starts_at, ends_at, status, code, held_until, sequence
FROM visits WHERE office = $1 AND day BETWEEN $2 AND $3 ORDER BY starts_at, id`
)

// officesAt are the offices and the calendar that they keep, as of a version of the
// content.
type officesAt struct {
	version int64
	*visit.Directory
	days *calendar.Production
}

// officesOf returns the offices as of a version of the content, which was read
// before through the same connection: they are read again only if something has
// changed. Whoever changes them in his own transaction must not ask after that:
// what he has changed may never be committed.
func (d *DB) officesOf(ctx context.Context, q querier, version int64) (*officesAt, error) {
	if read := d.offices.Load(); read != nil && read.version == version {
		return read, nil
	}
	list, err := readTables(ctx, q, visit.Schema())
	if err != nil {
		return nil, fmt.Errorf("read the offices: %w", err)
	}
	years, err := readYears(ctx, q)
	if err != nil {
		return nil, err
	}
	directory, err := visit.New(list)
	if err != nil {
		return nil, fmt.Errorf("read the offices: %w", err)
	}
	read := &officesAt{version, directory, calendar.NewProduction(years...)}
	d.offices.Store(read)
	return read, nil
}

func (d *DB) plan(o *officesAt, office, service string) (visit.Plan, bool) {
	return o.Plan(office, service, o.days, d.zone)
}

// placed is a visit as far as others have to respect it.
type placed struct {
	ID           int64
	Conversation string
	Window       int
	Start, End   time.Time
	Status       visit.Status
	Code         string
	Until        *time.Time
	Sequence     int
}

// around are the days that an instant may fall on, in whatever zone.
func around(from, to time.Time) (first, last calendar.Date) {
	return calendar.DateOf(from, time.UTC).Add(-1), calendar.DateOf(to, time.UTC).Add(1)
}

// queuePlaced reads what stands in an office's windows between two instants.
func queuePlaced(b *pgx.Batch, office string, from, to time.Time, list *[]placed) {
	first, last := around(from, to)
	b.Queue(listPlaced, office, first.String(), last.String()).Query(func(rows pgx.Rows) (err error) {
		*list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[placed])
		return err
	})
}

// busy is what takes a window's time at an instant: not what is cancelled, what
// walked in, what the conversation itself holds, and what was held too long.
func busy(list []placed, c chat.Conversation, now time.Time) []visit.Busy {
	taken := make([]visit.Busy, 0, len(list))
	for _, p := range list {
		held := p.Status == visit.Held
		if p.Window == 0 || p.Status == visit.Cancelled ||
			held && (p.Conversation == string(c) || !p.Until.After(now)) {
			continue
		}
		taken = append(taken, visit.Busy{Window: p.Window, Start: p.Start, End: p.End})
	}
	return taken
}

// manyVisits is how many a full office has within the horizon.
const manyVisits = 1024

// VisitDays returns the days that can be booked, today first, each with its free
// slots or with why there are none. NotServed is the one refusal.
func (d *DB) VisitDays(ctx context.Context, q visit.Query) ([]visit.Day, visit.Refusal, error) {
	var version int64
	taken := make([]visit.Busy, 0, manyVisits)
	var b pgx.Batch
	b.Queue(findContentVersion).QueryRow(func(row pgx.Row) error { return row.Scan(&version) })
	first, last := around(q.Now, q.Now.AddDate(0, 0, visit.MostAhead()))
	b.Queue(listTaken, q.Office, first.String(), last.String(), q.Now, string(q.Conversation)).Query(func(rows pgx.Rows) error {
		var t visit.Busy
		_, err := pgx.ForEachRow(rows, []any{&t.Window, &t.Start, &t.End}, func() error {
			taken = append(taken, t)
			return nil
		})
		return err
	})
	if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, "", wrap("list visits of office", err)
	}
	offices, err := d.officesOf(ctx, d.pool, version)
	if err != nil {
		return nil, "", wrap("list visits of office", err)
	}
	plan, served := d.plan(offices, q.Office, q.Service)
	if !served {
		return nil, visit.NotServed, nil
	}
	return plan.Days(q.Now, taken), "", nil
}

// Bookings returns the visits ahead that a conversation may see and change: those
// booked in it, and those for accounts that it is linked to, the next one first.
func (d *DB) Bookings(ctx context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error) {
	list, err := many(ctx, d.pool, d.scanVisit, listVisits, string(c), people.UsedSince(now), now)
	return list, wrap("list bookings", err)
}

// mostPast is how many visits that are over a customer is told of.
const mostPast = 3

// PastVisits returns the latest visits of theirs that are over, as far back as it is
// known who came, the last one first.
func (d *DB) PastVisits(ctx context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error) {
	list, err := many(ctx, d.pool, d.scanVisit, listPast, string(c), people.UsedSince(now), now, now.Add(-visit.KeepVisitors), mostPast)
	return list, wrap("list past visits", err)
}

// visitor is who comes, as it is sealed.
type visitor struct {
	Name  privacy.PersonName `json:"name,omitzero"`
	Phone privacy.Phone      `json:"phone,omitzero"`
}

func visitLabel(id int64) string { return "visit/" + strconv.FormatInt(id, 10) }

func (d *DB) scanVisit(row pgx.CollectableRow) (b visit.Booking, err error) {
	var body []byte
	var sealed bool
	var until *time.Time
	err = row.Scan(&b.ID, (*string)(&b.Conversation), (*string)(&b.Account), &b.Office, &b.Service, &b.Window,
		&b.CalledTo, &b.Start, &b.End, (*string)(&b.Status), &b.Lang, &b.Sequence, &b.Code, &b.Confirmed, &b.WalkIn, &until,
		&body, &sealed)
	if err != nil {
		return b, err
	}
	b.Start, b.End = b.Start.UTC(), b.End.UTC()
	if until != nil {
		b.Until = until.UTC()
	}
	if body == nil {
		return b, nil
	}
	plain, err := d.unseal(body, sealed, visitLabel(b.ID))
	if err != nil {
		return b, fmt.Errorf("open visit: %w", err)
	}
	var who visitor
	if err := json.Unmarshal(plain, &who); err != nil {
		return b, fmt.Errorf("read visit: %w", err)
	}
	b.Name, b.Phone = who.Name, who.Phone
	return b, nil
}

// sealVisitor seals who comes; nil for nobody in particular.
func (d *DB) sealVisitor(id int64, who visitor) (body []byte, sealed bool, err error) {
	if who.Name.IsZero() && who.Phone.IsZero() {
		return nil, false, nil
	}
	plain, err := json.Marshal(who)
	if err != nil {
		return nil, false, fmt.Errorf("encode visitor: %w", err)
	}
	if body, sealed, err = d.seal(plain, visitLabel(id)); err != nil {
		return nil, false, fmt.Errorf("seal visitor: %w", err)
	}
	return body, sealed, nil
}

// known reports whether the server knows a day of that year.
func known(d calendar.Date) bool { return d.Year > 0 && d.Year < 10_000 }
