package postgres

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/fault"
)

// The streets on which generated accounts live.
//
//go:embed demo_streets.tsv
var demoStreets string

const (
	demoBatch = 2000 // accounts in one transaction
	// demoMost is how many accounts can be generated in all: the serials of
	// the eight territories, with room for the search of a free one.
	demoMost = 20_000_000

	takenNumbers = `SELECT number FROM accounts WHERE number = ANY($1)`
	nextIDs      = `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)`
)

// demoHeader names the columns of what AddDemoAccounts writes (design §6).
var demoHeader = []string{"account", "house", "flat", "meter", "digits", "zones", "last"}

// AddDemoAccounts makes n plausible accounts of the demo, each with a meter of
// one to three zones and twelve months of readings, the last of the month
// before now, and writes them as CSV: account, house, flat, the meter's whole
// serial, its digits, its zones, and its last readings joined by "/". A seed
// other than zero makes the same accounts in the same order, but for those
// that exist already. Rows are written once they are stored; after an error
// those written stand. The error is Conflict if the database holds other than
// demo data.
func (d *DB) AddDemoAccounts(ctx context.Context, n int, seed uint64, w io.Writer) error {
	if n < 0 || n > demoMost {
		return fault.New(fault.Invalid, "add demo accounts: number out of range")
	}
	g, err := d.generator(seed)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(demoHeader); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	for left := n; left > 0; {
		batch, err := d.addGenerated(ctx, g, min(left, demoBatch))
		if err != nil {
			return wrap("add demo accounts", err)
		}
		left -= len(batch)
		for i := range batch {
			if err := out.Write(batch[i].row()); err != nil {
				return fmt.Errorf("write accounts: %w", err)
			}
		}
		if out.Flush(); out.Error() != nil {
			return fmt.Errorf("write accounts: %w", out.Error())
		}
	}
	out.Flush()
	return out.Error()
}

// addGenerated stores at least one and at most n new accounts.
func (d *DB) addGenerated(ctx context.Context, g *generator, n int) (batch []generated, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, demoLock); err != nil {
			return err
		}
		if err := refuseOther(ctx, tx); err != nil {
			return err
		}
		for len(batch) == 0 {
			batch = g.take(n)
			list, err := many(ctx, tx, pgx.RowTo[string], takenNumbers, numbers(batch))
			if err != nil {
				return err
			}
			taken := make(map[string]bool, len(list))
			for _, number := range list {
				taken[number] = true
			}
			batch = slices.DeleteFunc(batch, func(a generated) bool { return taken[a.number] })
		}
		accounts, err := many(ctx, tx, pgx.RowTo[int64], nextIDs, "accounts", len(batch))
		if err != nil {
			return err
		}
		meters, err := many(ctx, tx, pgx.RowTo[int64], nextIDs, "meters", len(batch))
		if err != nil {
			return err
		}
		return d.copyGenerated(ctx, tx, batch, accounts, meters)
	})
	return batch, err
}

func (d *DB) copyGenerated(ctx context.Context, tx pgx.Tx, batch []generated, accounts, meters []int64) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"accounts"},
		[]string{"id", "number", "territory", "legal", "house", "flat", "person", "person_key", "tariff_group", "demo"},
		pgx.CopyFromSlice(len(batch), func(i int) ([]any, error) {
			a := &batch[i]
			person, key, err := d.sealPerson(newPerson("", a.address(), "", "", ""), a.number)
			return []any{accounts[i], a.number, a.street.territory, false, a.house, a.flat, person, key, a.street.group, true}, err
		}))
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"meters"}, []string{"id", "account", "serial", "digits", "zones"},
		pgx.CopyFromSlice(len(batch), func(i int) ([]any, error) {
			a := &batch[i]
			return []any{meters[i], accounts[i], a.serial, int16(a.digits), zoneNames[len(a.values)]}, nil
		}))
	if err != nil {
		return err
	}
	rows := readingRows{batch: batch, meters: meters, account: 0, register: 0, month: -1}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"readings"}, readingColumns, &rows)
	return err
}

// zoneNames are the zones of meters with one, two and three registers.
var zoneNames = func() (names [4][]string) {
	for n := range names {
		names[n] = zonesOf(billing.Registers(n))
	}
	return names
}()

// readingRows feeds the readings of a batch to COPY in the order of the
// table's key, which is quickest for its index.
type readingRows struct {
	batch                    []generated
	meters                   []int64
	account, register, month int
	space                    [6]any
}

// Next implements pgx.CopyFromSource.
func (r *readingRows) Next() bool {
	r.month++
	if r.month == demoHistory {
		r.month, r.register = 0, r.register+1
	}
	if r.account < len(r.batch) && r.register == len(r.batch[r.account].values) {
		r.register, r.account = 0, r.account+1
	}
	return r.account < len(r.batch)
}

// Values implements pgx.CopyFromSource.
func (r *readingRows) Values() ([]any, error) {
	a := &r.batch[r.account]
	month := a.months[r.month]
	r.space = [6]any{
		r.meters[r.account], registerNames[r.register], month, customer,
		int64(a.values[r.register][r.month]), month.AddDate(0, 0, a.day).Add(7 * time.Hour),
	}
	return r.space[:], nil
}

// Err implements pgx.CopyFromSource.
func (r *readingRows) Err() error { return nil }

var (
	registerNames = [...]string{"T1", "T2", "T3"}
	customer      = billing.SourceCustomer.String()
)

type street struct{ territory, group, format string }

// generated is an account that does not stand in the database yet.
type generated struct {
	street      *street
	number      string
	house, flat string
	serial      string
	digits      int
	day         int // of the month after its first on which readings are sent
	months      []time.Time
	values      [][demoHistory]billing.KWh // of each register, oldest first
}

func (a *generated) address() string {
	if a.flat == "" {
		return fmt.Sprintf(a.street.format, a.house)
	}
	return fmt.Sprintf(a.street.format, a.house, a.flat)
}

func (a *generated) row() []string {
	var last bytes.Buffer
	for i := range a.values {
		if i > 0 {
			last.WriteByte('/')
		}
		last.WriteString(strconv.FormatInt(int64(a.values[i][demoHistory-1]), 10))
	}
	return []string{a.number, a.house, a.flat, a.serial, strconv.Itoa(a.digits), strconv.Itoa(len(a.values)), last.String()}
}

func numbers(batch []generated) []string {
	list := make([]string, len(batch))
	for i := range batch {
		list[i] = batch[i].number
	}
	return list
}

// generator draws accounts that differ from each other.
type generator struct {
	rand    *rand.Rand
	streets []street
	months  []time.Time // of the readings, oldest first
	given   map[string]bool
}

func (d *DB) generator(seed uint64) (*generator, error) {
	if seed == 0 {
		seed = rand.Uint64()
	}
	lines, err := readTable(demoStreets)
	if err != nil {
		return nil, fmt.Errorf("read demo streets: %w", err)
	}
	g := &generator{rand: rand.New(rand.NewPCG(seed, seed)), given: map[string]bool{}}
	for _, l := range lines {
		g.streets = append(g.streets, street{l["territory"], l["group"], l["format"]})
	}
	year, month, _ := d.now().In(d.zone).Date()
	for k := demoHistory; k > 0; k-- {
		g.months = append(g.months, time.Date(year, month-time.Month(k), 1, 0, 0, 0, 0, time.UTC))
	}
	return g, nil
}

func (g *generator) take(n int) []generated {
	list := make([]generated, 0, n)
	for len(list) < n {
		a := g.next()
		if !g.given[a.number] {
			g.given[a.number] = true
			list = append(list, a)
		}
	}
	return list
}

func (g *generator) next() generated {
	a := generated{street: &g.streets[g.rand.IntN(len(g.streets))], digits: 6, day: 14 + g.rand.IntN(10), months: g.months}
	territory, _ := strconv.Atoi(a.street.territory)
	a.number = billing.NewPersonalAccount(territory, 1+g.rand.IntN(9_999_999)).Full()
	a.serial = fmt.Sprintf("%s%07d", a.street.territory, g.rand.IntN(10_000_000))
	a.house = strconv.Itoa(1 + g.rand.IntN(120))
	if g.rand.IntN(12) == 0 {
		a.house += "/" + strconv.Itoa(1+g.rand.IntN(4))
	}
	if strings.Count(a.street.format, "%s") > 1 {
		a.flat = strconv.Itoa(1 + g.rand.IntN(160))
	}
	zones := 1
	switch draw := g.rand.IntN(100); {
	case draw >= 85:
		zones = 3
	case draw >= 50:
		zones = 2
	case draw < 30:
		a.digits = 5 // Old meters have one zone and five digits.
	}
	a.values = make([][demoHistory]billing.KWh, zones)
	for i := range a.values {
		g.register(&a.values[i], zones)
	}
	return a
}

// register fills in a year of values. A household uses 80 to 400 kWh a month,
// more in some months and less in others, and no register comes near its end.
func (g *generator) register(values *[demoHistory]billing.KWh, zones int) {
	value := 1000 + g.rand.IntN(60_000)
	usual := (80 + g.rand.IntN(320)) / zones
	for i := range values {
		values[i] = billing.KWh(value)
		value += usual*4/5 + g.rand.IntN(usual*2/5+1)
	}
}
