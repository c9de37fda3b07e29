package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/exchange"
	"okoshko/core/fault"
)

// Outcome counts what became of the accounts, the meters or the readings of a file.
type Outcome struct{ Added, Changed, Same int }

// Imported counts what became of a file.
type Imported struct {
	Accounts, Meters, Readings Outcome
	Refused                    int // lines
}

// ImportOptions are how a file is taken.
type ImportOptions struct {
	// Check takes everything back in the end.
	Check bool
	// Demo allows a database of the demo, and makes what is new a part of it.
	Demo bool
	// Refused is told of every line that is not taken.
	Refused func(*exchange.RowError)
}

// importLines is how many lines are taken in one transaction.
const importLines = 1000

const importLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko import'))`

// errTakenBack ends a check.
var errTakenBack = errors.New("taken back")

// ImportRegister adds what a file says of accounts, meters and readings to what is
// known: the file counts, as the supplier's billing does, and what it does not say
// stays. A reading that it changes is kept aside (V11). Lines are taken a thousand at
// a time; one that cannot be is refused alone. Importing a file once more changes
// nothing. The error is Conflict if the database is one of a demo and that was not
// allowed, or the other way round; after an error the lines before stay taken.
func (d *DB) ImportRegister(ctx context.Context, in *exchange.Reader, o ImportOptions) (done Imported, err error) {
	if err := d.fitForImport(ctx, o.Demo); err != nil {
		return done, err
	}
	if o.Check {
		err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			for more := true; more; {
				if more, err = d.importSome(ctx, tx, in, o, &done); err != nil {
					return err
				}
			}
			return errTakenBack
		})
		if errors.Is(err, errTakenBack) {
			err = nil
		}
		return done, wrap("check register", err)
	}
	for more := true; more && err == nil; {
		some := done // counted when it is stored
		err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) (err error) {
			more, err = d.importSome(ctx, tx, in, o, &some)
			return err
		})
		if err == nil {
			done = some
		}
	}
	return done, wrap("import register", err)
}

func (d *DB) fitForImport(ctx context.Context, demo bool) error {
	state, err := d.DemoState(ctx)
	switch {
	case err != nil:
		return err
	case state == DemoOnly && !demo:
		return fault.New(fault.Conflict, "the database holds a demo, in which everybody knows the passwords")
	case state == DemoOther && demo:
		return fault.New(fault.Conflict, "the database holds other than demo data")
	}
	return nil
}

// importSome takes the next lines; more is false after the last.
func (d *DB) importSome(ctx context.Context, tx pgx.Tx, in *exchange.Reader, o ImportOptions, done *Imported) (more bool, err error) {
	i := importing{d: d, tx: tx, o: o, done: done, accounts: map[billing.AccountNumber]*knownAccount{}}
	for more = true; more && len(i.rows) < importLines; {
		r, err := in.Next()
		var broken *exchange.RowError
		switch {
		case errors.Is(err, io.EOF):
			more = false
		case errors.As(err, &broken):
			i.refuse(broken.Line, broken.Cause)
		case err != nil:
			return false, fmt.Errorf("read the file: %w", err)
		default:
			i.rows = append(i.rows, r)
		}
	}
	if _, err := tx.Exec(ctx, importLock); err != nil {
		return more, err
	}
	for _, step := range []func(context.Context) error{i.findAccounts, i.saveAccounts, i.findMeters, i.saveMeters, i.saveReadings} {
		if err := step(ctx); err != nil {
			return more, err
		}
	}
	return more, nil
}

// importing is a thousand lines on their way into the tables.
type importing struct {
	d        *DB
	tx       pgx.Tx
	o        ImportOptions
	done     *Imported
	rows     []exchange.Row
	accounts map[billing.AccountNumber]*knownAccount
}

// knownAccount is an account of the lines: as it stands, and as they say.
type knownAccount struct {
	id      int64 // 0: it is new
	was, is exchange.Account
	meters  map[billing.MeterSerial]*knownMeter
}

// knownMeter is a meter of such an account; named, if lines say anything of it.
type knownMeter struct {
	was, is billing.Meter
	named   bool
}

func (i *importing) refuse(line int, why error) {
	i.done.Refused++
	i.o.Refused(&exchange.RowError{Line: line, Cause: why})
}

// keep forgets the rows that take does not want, and says why.
func (i *importing) keep(take func(*exchange.Row) error) {
	kept := i.rows[:0]
	for n := range i.rows {
		if err := take(&i.rows[n]); err != nil {
			i.refuse(i.rows[n].Line, err)
			continue
		}
		kept = append(kept, i.rows[n])
	}
	i.rows = kept
}

const registerFields = `a.id, a.number, a.territory, a.closed, a.house, a.flat, a.payer, a.tariff_group, a.rural, a.heating,
    a.stove, a.rooms, a.residents, a.households, a.price_category, a.voltage, a.since, a.unified, ` + personFields

// scanRegister reads registerFields.
func (d *DB) scanRegister(row pgx.CollectableRow) (*knownAccount, error) {
	var k knownAccount
	var since *time.Time
	var kept keptPerson
	a := &k.was
	err := row.Scan(&k.id, &a.Number, &a.Territory, &a.Closed, &a.House, &a.Flat, (*string)(&a.Payer), (*string)(&a.Group), &a.Rural, &a.Heating,
		(*string)(&a.Stove), &a.Rooms, &a.Residents, &a.Households, &a.Category, (*string)(&a.Voltage), &since, &a.Unified, &kept.body, &kept.key)
	if err != nil {
		return nil, err
	}
	a.Since, kept.number = dateOf(since), a.Number.Full()
	who, err := d.person(kept)
	a.Name, a.Address, a.Phone, a.Email, a.TaxID = who.Name, who.Address, who.Phone, who.Email, who.TaxID
	k.is, k.meters = k.was, map[billing.MeterSerial]*knownMeter{}
	return &k, err
}

const lockRegister = `SELECT ` + registerFields + ` FROM accounts a WHERE a.number = ANY($1) ORDER BY a.id FOR UPDATE`

func (i *importing) findAccounts(ctx context.Context) error {
	wanted := make([]string, 0, len(i.rows))
	for n := range i.rows {
		wanted = append(wanted, i.rows[n].Number.Full())
	}
	list, err := many(ctx, i.tx, i.d.scanRegister, lockRegister, wanted)
	for _, k := range list {
		i.accounts[k.was.Number] = k
	}
	return err
}

const (
	addRegister = `
INSERT INTO accounts (number, territory, legal, closed, house, flat, payer, tariff_group, rural, heating, stove, rooms, residents,
    households, price_category, voltage, since, unified, person, person_key, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) RETURNING id`

	changeRegister = `
UPDATE accounts SET territory = $2, legal = $3, closed = $4, house = $5, flat = $6, payer = $7, tariff_group = $8, rural = $9, heating = $10,
    stove = $11, rooms = $12, residents = $13, households = $14, price_category = $15, voltage = $16, since = $17, unified = $18,
    person = $19, person_key = $20
WHERE number = $1`
)

// saveAccounts stores the accounts that the lines add or change. Without one that is
// complete the lines about its meters are refused, too.
func (i *importing) saveAccounts(ctx context.Context) error {
	i.keep(func(r *exchange.Row) error {
		k := i.accounts[r.Number]
		switch {
		case k == nil && !r.SaysAccount():
			return errors.New("there is no such account, and the line says nothing of it")
		case !r.SaysAccount():
			return nil
		case k == nil:
			k = &knownAccount{is: exchange.NewAccount(r.Number), meters: map[billing.MeterSerial]*knownMeter{}}
		}
		said := k.is
		r.SetAccount(&said)
		if err := said.Complete(); err != nil {
			return err
		}
		k.is = said
		i.accounts[r.Number] = k
		return nil
	})
	var b pgx.Batch
	for _, k := range i.accounts {
		if k.id != 0 && k.is == k.was {
			i.done.Accounts.Same++
			continue
		}
		args, err := i.registerArgs(&k.is)
		if err != nil {
			return err
		}
		if k.id == 0 {
			i.done.Accounts.Added++
			b.Queue(addRegister, append(args, i.o.Demo)...).QueryRow(func(row pgx.Row) error { return row.Scan(&k.id) })
			continue
		}
		i.done.Accounts.Changed++
		b.Queue(changeRegister, args...)
	}
	return i.tx.SendBatch(ctx, &b).Close()
}

func (i *importing) registerArgs(a *exchange.Account) ([]any, error) {
	who := person{a.Name, a.Address, a.Phone, a.Email, a.TaxID}
	body, key, err := i.d.sealPerson(who, a.Number.Full())
	if err != nil {
		return nil, err
	}
	return []any{
		a.Number.Full(), a.Territory, a.Number.Contract(), a.Closed, a.House, a.Flat, string(a.Payer), string(a.Group), a.Rural, a.Heating,
		string(a.Stove), a.Rooms, a.Residents, a.Households, a.Category, string(a.Voltage), optional(sinceOf(a)), a.Unified, body, key,
	}, nil
}

// sinceOf is the midnight that stands for a contract's day in tables; zero if it is
// unknown.
func sinceOf(a *exchange.Account) time.Time {
	if a.Since.IsZero() {
		return time.Time{}
	}
	return a.Since.At(0, time.UTC)
}

// Readings are written under the lock of their meter's row.
const (
	lockMeters = `SELECT m.account, ` + meterFields + ` FROM meters m WHERE m.account = ANY($1) ORDER BY m.id FOR UPDATE`

	changeMeter = `
UPDATE meters SET digits = $2, zones = $3, power = $4, remote = $5, hourly = $6, verified_until = $7, out_of_service_since = $8
WHERE id = $1`

	// The serial, then meterArgs.
	addMeter = `
INSERT INTO meters (account, serial, digits, zones, power, remote, hourly, verified_until, out_of_service_since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`
)

func (i *importing) findMeters(ctx context.Context) error {
	owners := map[int64]*knownAccount{}
	ids := make([]int64, 0, len(i.accounts))
	for _, k := range i.accounts {
		owners[k.id] = k
		ids = append(ids, k.id)
	}
	return eachMeter(ctx, i.tx, lockMeters, ids, func(owner int64, m billing.Meter) {
		owners[owner].meters[m.Serial] = &knownMeter{was: m, is: m}
	})
}

// eachMeter hands over the meters of accounts, with the account's ID.
func eachMeter(ctx context.Context, tx pgx.Tx, sql string, owners []int64, take func(int64, billing.Meter)) error {
	rows, err := tx.Query(ctx, sql, owners)
	if err != nil {
		return err
	}
	var owner int64
	var read billing.Meter
	var s meterRow
	_, err = pgx.ForEachRow(rows, append([]any{&owner}, s.fields(&read)...), func() error {
		m, err := s.complete(read)
		take(owner, m)
		return err
	})
	return err
}

func (i *importing) saveMeters(ctx context.Context) error {
	i.keep(func(r *exchange.Row) error {
		meters := i.accounts[r.Number].meters
		k := meters[r.Serial]
		switch {
		case r.Serial == "":
			return nil
		case k == nil:
			k = &knownMeter{}
		}
		said := k.is
		r.SetMeter(&said)
		if err := exchange.Complete(&said); err != nil {
			return err
		}
		k.is, k.named = said, true
		meters[r.Serial] = k
		return nil
	})
	var b pgx.Batch
	for _, a := range i.accounts {
		for _, k := range a.meters {
			if k.named {
				i.queueMeter(&b, a.id, k)
			}
		}
	}
	return i.tx.SendBatch(ctx, &b).Close()
}

func (i *importing) queueMeter(b *pgx.Batch, account int64, k *knownMeter) {
	m := &k.is
	switch {
	case m.ID == 0:
		i.done.Meters.Added++
		b.Queue(addMeter, append([]any{account, m.Serial.Full()}, meterArgs(m)...)...).QueryRow(func(row pgx.Row) error { return row.Scan(&m.ID) })
	case !reflect.DeepEqual(k.is, k.was):
		i.done.Meters.Changed++
		b.Queue(changeMeter, append([]any{m.ID}, meterArgs(m)...)...)
	default:
		i.done.Meters.Same++
	}
}

// meterArgs are a meter's columns after its account and its serial.
func meterArgs(m *billing.Meter) []any {
	return []any{m.Digits, zonesOf(m.Registers), int64(m.Power), m.Remote, m.Hourly, optional(m.VerifiedUntil), optional(m.OutOfServiceSince)}
}

// zonesOf names the zones of registers, in their order; an empty list is no NULL.
func zonesOf(list []billing.Register) []string {
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = r.Zone.String()
	}
	return names
}
