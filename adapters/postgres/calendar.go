package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/visit"
)

const (
	listYears = `SELECT DISTINCT ON (year) content FROM calendar_years ORDER BY year, version DESC`
	noteYears = `
SELECT DISTINCT ON (y.year) y.year, y.version, coalesce(s.name, ''), y.at
FROM calendar_years y LEFT JOIN staff s ON s.id = y.staff ORDER BY y.year, y.version DESC`
	addYear = `
INSERT INTO calendar_years (year, version, content, staff, at)
SELECT $1, coalesce(max(version), 0) + 1, $2, nullif($3, 0), $4 FROM calendar_years WHERE year = $1`
	countTerms   = `SELECT count(*) FROM cases WHERE state NOT IN ('answered', 'closed') AND due_at >= $1`
	lockCalendar = `SELECT pg_advisory_xact_lock(hashtext('okoshko calendar'))`
)

// readYears reads the years that were added to those of the program.
func readYears(ctx context.Context, q querier) ([]calendar.Year, error) {
	texts, err := many(ctx, q, pgx.RowTo[string], listYears)
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	var list []calendar.Year
	for _, text := range texts {
		years, err := calendar.ReadYears(text)
		if err != nil {
			return nil, fmt.Errorf("read the calendar: %w", err)
		}
		list = append(list, years...)
	}
	return list, nil
}

// Calendar returns the production calendar as it stands, and which of its years
// were added to those of the program.
func (d *DB) Calendar(ctx context.Context) (p *calendar.Production, added []visit.AddedYear, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		years, err := readYears(ctx, tx)
		if err != nil {
			return err
		}
		p = calendar.NewProduction(years...)
		added, err = many(ctx, tx, pgx.RowToStructByPos[visit.AddedYear], noteYears)
		return err
	})
	return p, added, wrap("read the calendar", err)
}

// PreviewCalendar returns what AddCalendar would do now, and changes nothing.
func (d *DB) PreviewCalendar(ctx context.Context, years []calendar.Year) (c visit.CalendarImpact, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		c, err = d.recount(ctx, tx, offices, years, nil)
		return err
	})
	return c, wrap("preview calendar", err)
}

// AddCalendar adds years to the production calendar, or newer versions of those
// that are there; what does not change is not added again. Visits on days that
// are off by it are moved and told of as SaveEdit does. Every replica takes the
// years over within a second. by says who did it.
func (d *DB) AddCalendar(ctx context.Context, by audit.Entry, years []calendar.Year) (c visit.CalendarImpact, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockCalendar); err != nil {
			return err
		}
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range offices.Offices("", "") { // in the order of their codes, as nobody else takes two
			if _, err := tx.Exec(ctx, lockOffice, o.Code); err != nil {
				return err
			}
		}
		if c, err = d.recount(ctx, tx, offices, years, &by); err != nil {
			return err
		}
		for _, y := range c.Years {
			if _, err := tx.Exec(ctx, addYear, y.Year.Number, y.Year.Text, by.Staff, d.now()); err != nil {
				return err
			}
			line := by
			line.Act, line.Subject = audit.CalendarAdd, "calendar/"+strconv.Itoa(y.Year.Number)
			line.After = map[string]string{
				"act": y.Year.Act, "days": strconv.Itoa(y.Year.Working), "hours": strconv.Itoa(y.Year.Hours), "visits": strconv.Itoa(c.Hits()),
			}
			if err := d.audit(ctx, tx, line); err != nil {
				return err
			}
		}
		return nil
	})
	return c, wrap("add calendar", err)
}

// recount computes what some years change; with by, it moves the visits, too.
func (d *DB) recount(ctx context.Context, tx pgx.Tx, offices *officesAt, years []calendar.Year, by *audit.Entry) (c visit.CalendarImpact, err error) {
	newer := offices.days.With(years...)
	for _, y := range years {
		if was, known := offices.days.Year(y.Number); !known || was.Text != y.Text {
			c.Years = append(c.Years, visit.ChangedYear{Year: y, New: !known, Days: offices.days.Differences(newer, y.Number)})
		}
	}
	if first := c.First(); !first.IsZero() {
		if c.Terms, _, err = one(ctx, tx, pgx.RowTo[int], countTerms, first.At(0, d.zone)); err != nil {
			return c, fmt.Errorf("count terms: %w", err)
		}
	}
	list := listExpected
	if by != nil {
		list = lockExpected
	}
	for _, o := range offices.Offices("", "") {
		here, placed, err := d.here(ctx, tx, offices, o.Code, list)
		if err != nil {
			return c, err
		}
		i, err := offices.Recount(o.Code, newer, here)
		if err != nil {
			return c, err
		}
		if len(i.Days) == 0 && len(i.Hit) == 0 {
			continue
		}
		c.Offices = append(c.Offices, visit.OfficeImpact{Office: o, Zone: o.Hours(offices.days, d.zone).Zone, Impact: i})
		if by == nil {
			continue
		}
		if err := d.reseat(ctx, tx, *by, offices, o.Code, i, placed); err != nil {
			return c, err
		}
		if err := d.freed(ctx, tx, d.zone, d.now(), o.Code); err != nil {
			return c, err
		}
	}
	return c, nil
}

const (
	setRule  = `INSERT INTO visit_rules (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	lockRule = `SELECT pg_advisory_xact_lock(hashtext('okoshko visit rules'))`
)

// VisitRules returns the offices' directory with the rules of booking.
func (d *DB) VisitRules(ctx context.Context) (*visit.Directory, error) {
	offices, err := d.officesNow(ctx, d.pool)
	if err != nil {
		return nil, wrap("read rules", err)
	}
	return offices.Directory, nil
}

// SetVisitRule sets a rule of booking that had a value until now. The error is
// visit.ErrRule, or visit.ErrStale if it has another one.
func (d *DB) SetVisitRule(ctx context.Context, by audit.Entry, name string, was, value int) error {
	return wrap("set rule", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockRule); err != nil {
			return err
		}
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		rule, err := offices.FindRule(name)
		switch {
		case err != nil:
			return err
		case rule.Value != was:
			return visit.ErrStale
		}
		if err := rule.Check(value); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, setRule, name, value); err != nil {
			return err
		}
		by.Act, by.Subject = audit.RuleChange, "rule/"+name
		by.Before, by.After = map[string]string{"value": strconv.Itoa(was)}, map[string]string{"value": strconv.Itoa(value)}
		return d.audit(ctx, tx, by)
	}))
}
