package postgres

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	appeals "okoshko/core/appeal/demo"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	directory "okoshko/core/knowledge/demo"
	"okoshko/core/visit"
	offices "okoshko/core/visit/demo"
)

// DemoState tells whose accounts the database holds.
type DemoState uint8

// The states.
const (
	DemoEmpty DemoState = iota // nobody's
	DemoOnly                   // those of the demo alone
	DemoOther                  // real ones: no demo may run on it
)

const (
	hasReal = `SELECT EXISTS (SELECT FROM accounts WHERE NOT demo)`
	hasDemo = `SELECT EXISTS (SELECT FROM accounts WHERE demo)`
	hasTalk = `SELECT EXISTS (SELECT FROM conversations)`
)

// DemoState looks whether a demo may use the database. Conversations without
// any account count as real.
func (d *DB) DemoState(ctx context.Context) (DemoState, error) {
	s, err := demoState(ctx, d.pool)
	return s, wrap("look for demo data", err)
}

func demoState(ctx context.Context, q querier) (DemoState, error) {
	for _, look := range []struct {
		sql   string
		state DemoState
	}{{hasReal, DemoOther}, {hasDemo, DemoOnly}, {hasTalk, DemoOther}} {
		yes, _, err := one(ctx, q, pgx.RowTo[bool], look.sql)
		if err != nil || yes {
			return look.state, err
		}
	}
	return DemoEmpty, nil
}

// refuseOther returns Conflict for a database with real accounts.
func refuseOther(ctx context.Context, q querier) error {
	s, err := demoState(ctx, q)
	if err == nil && s == DemoOther {
		err = fault.New(fault.Conflict, "the database holds other than demo data")
	}
	return err
}

// The fixed accounts of the demo (spec §5.1).
//
//go:embed demo_accounts.tsv
var demoAccounts string

// demoHistory is how many months of consumption lie behind a last reading.
const demoHistory = 12

const (
	// demoLock lets one replica at a time add demo accounts.
	demoLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko demo'))`

	addAccount = `
INSERT INTO accounts (number, territory, legal, house, flat, person, person_key, tariff_group, heating, note, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true)
ON CONFLICT (number) DO NOTHING RETURNING id`
)

// LoadDemo adds the fixed accounts of the demo with a year of readings, bills
// and payments, and the supplier's prices, directory and offices, what of it is
// not there yet. The error is Conflict if the database holds other than demo
// data.
func (d *DB) LoadDemo(ctx context.Context) error {
	list, err := readDemo(d.zone)
	if err != nil {
		return fmt.Errorf("read demo accounts: %w", err)
	}
	ledgers, err := readLedgers(list, d.zone)
	if err != nil {
		return fmt.Errorf("read demo bills: %w", err)
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, demoLock); err != nil {
			return err
		}
		if err := refuseOther(ctx, tx); err != nil {
			return err
		}
		if err := addPrices(ctx, tx, prices.Tables()); err != nil {
			return err
		}
		if err := addTables(ctx, tx, knowledge.Schema(), directory.Tables()); err != nil {
			return err
		}
		if err := addTables(ctx, tx, visit.Schema(), offices.Tables()); err != nil {
			return err
		}
		if err := addCaseTables(ctx, tx); err != nil {
			return err
		}
		for _, a := range list {
			if err := a.add(ctx, tx, d); err != nil {
				return err
			}
		}
		for i := range ledgers {
			if err := ledgers[i].add(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("load demo data", err)
}

// addCaseTables adds what can be written to the supplier, and who answers it when.
func addCaseTables(ctx context.Context, tx pgx.Tx) error {
	if err := addTables(ctx, tx, appeal.Schema(), appeals.Tables()); err != nil {
		return err
	}
	if err := addTables(ctx, tx, term.Schema(), appeals.TermTables()); err != nil {
		return err
	}
	return addTables(ctx, tx, route.Schema(), appeals.RouteTables())
}

// demoAccount is a line of the demo's data.
type demoAccount struct {
	field    map[string]string
	meter    billing.Meter
	readings []billing.Reading
}

// readDemo reads the data, which a test holds to the table of the spec.
func readDemo(zone *time.Location) ([]demoAccount, error) {
	lines, err := readTable(demoAccounts)
	if err != nil {
		return nil, err
	}
	list := make([]demoAccount, 0, len(lines))
	for _, field := range lines {
		a := demoAccount{field: field}
		if err := a.complete(zone); err != nil {
			return nil, fmt.Errorf("account %s of the data file: %w", field["nn"], err)
		}
		list = append(list, a)
	}
	return list, nil
}

// readTable reads tab-separated lines under a line with the names of the
// columns.
func readTable(text string) ([]map[string]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string, len(row))
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		list = append(list, m)
	}
	return list, nil
}

func (a *demoAccount) complete(zone *time.Location) (err error) {
	f := a.field
	m := &a.meter
	m.Serial, m.Remote = billing.MeterSerial(f["serial"]), f["source"] == billing.SourceRemote.String()
	if m.Digits, err = strconv.Atoi(f["digits"]); err != nil {
		return fmt.Errorf("digits: %w", err)
	}
	if f["verified_until"] != "" {
		if m.VerifiedUntil, err = time.Parse(time.DateOnly, f["verified_until"]); err != nil {
			return fmt.Errorf("verification: %w", err)
		}
	}
	if f["zones"] == "h" {
		m.Hourly, m.Power = true, 800_000 // A profile in a file; spec §5.1, account 14.
		return nil
	}
	zones, err := strconv.Atoi(f["zones"])
	if err != nil {
		return fmt.Errorf("zones: %w", err)
	}
	m.Registers = billing.Registers(zones)
	day, err := time.ParseInLocation(time.DateOnly, f["last_day"], zone)
	if err != nil {
		return fmt.Errorf("last day: %w", err)
	}
	last, usage := strings.Split(f["last"], "/"), strings.Split(f["usage"], "/")
	if len(last) != zones || len(usage) != zones {
		return fmt.Errorf("%d zones, %d values, %d rows of usage", zones, len(last), len(usage))
	}
	for i, r := range m.Registers {
		values, err := backwards(last[i], usage[i])
		if err != nil {
			return err
		}
		for k, v := range values {
			a.readings = append(a.readings, billing.Reading{
				Register: r.Name, Value: v, At: day.AddDate(0, -k, 0).Add(10 * time.Hour),
				Source: billing.ParseSource(f["source"]),
				Period: billing.Period{Year: day.Year(), Month: day.Month()}.Add(-k),
			})
		}
	}
	return nil
}

// backwards returns a register's values, the last one first, from the
// consumption of the latest months, oldest first; a shorter list repeats.
func backwards(last, usage string) ([]billing.KWh, error) {
	value, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("last value: %w", err)
	}
	months := strings.Split(usage, ",")
	values := []billing.KWh{billing.KWh(value)}
	for k := range demoHistory {
		used, err := strconv.ParseInt(months[len(months)-1-k%len(months)], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("usage: %w", err)
		}
		value = max(value-used, 0) // A meter that is younger stood at zero.
		values = append(values, billing.KWh(value))
	}
	return values, nil
}

func (a *demoAccount) add(ctx context.Context, tx pgx.Tx, d *DB) error {
	f := a.field
	number := billing.AccountNumber(f["account"])
	body, key, err := d.sealPerson(newPerson(f["holder"], f["address"], "+700000000"+f["nn"], "demo"+f["nn"]+"@post.example", f["tax_id"]), number.Full())
	if err != nil {
		return err
	}
	account, fresh, err := one(ctx, tx, pgx.RowTo[int64], addAccount, number.Full(), f["territory"], number.Contract(),
		f["house"], f["flat"], body, key, f["group"], f["heating"] == "yes", f["note"])
	if err != nil || !fresh {
		return err
	}
	meter, _, err := one(ctx, tx, pgx.RowTo[int64], addMeter, append([]any{account, a.meter.Serial.Full()}, meterArgs(&a.meter)...)...)
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"readings"}, readingColumns, pgx.CopyFromSlice(len(a.readings), func(i int) ([]any, error) {
		r := a.readings[i]
		return []any{meter, r.Register, monthOf(r.Period), r.Source.String(), int64(r.Value), r.At}, nil
	}))
	return err
}

var readingColumns = []string{"meter", "register", "period", "source", "value", "at"}

// notNull keeps a nil list from becoming NULL.
func notNull(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
