package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

const (
	staffFields = `
SELECT s.id, s.name, s.login, s.password, s.temporary, s.version, s.disabled, s.roles,
    ARRAY(SELECT team FROM staff_teams WHERE staff = s.id ORDER BY team),
    ARRAY(SELECT territory FROM staff_territories WHERE staff = s.id ORDER BY territory),
    EXISTS (SELECT FROM second_factors WHERE staff = s.id AND NOT pending), s.ended, s.seen_at
FROM staff s`
	findByLogin = staffFields + ` WHERE s.login = $1`
	findByID    = staffFields + ` WHERE s.id = $1`
	listStaff   = staffFields + ` ORDER BY s.login`

	// Changes of people follow one another: who is the last administrator is
	// known only so.
	lockStaff = `SELECT pg_advisory_xact_lock(hashtext('okoshko staff'))`

	addStaff    = `INSERT INTO staff (login, name, password, temporary, roles) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING RETURNING id`
	setCard     = `UPDATE staff SET name = $2, roles = $3, version = version + ($3 <> roles)::int WHERE id = $1`
	setPassword = `UPDATE staff SET password = $2, temporary = $3, version = version + 1 WHERE id = $1`
	setDisabled = `UPDATE staff SET disabled = $2, seen_at = NULL, version = version + 1 WHERE id = $1`
	endSessions = `UPDATE staff SET version = version + 1, seen_at = NULL WHERE id = $1`

	noteEnding = `UPDATE staff SET ended = $2 WHERE id = $1`

	leaveTeams       = `DELETE FROM staff_teams WHERE staff = $1 AND team <> ALL ($2)`
	joinTeams        = `INSERT INTO staff_teams (staff, team) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`
	leaveTerritories = `DELETE FROM staff_territories WHERE staff = $1 AND territory <> ALL ($2)`
	joinTerritories  = `INSERT INTO staff_territories (staff, territory) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`

	// One write in so many seconds is enough.
	seeStaff  = `UPDATE staff SET seen_at = now() WHERE id = $1 AND coalesce(seen_at, '-infinity') < now() - interval '10 seconds'`
	missStaff = `UPDATE staff SET seen_at = NULL WHERE id = $1`
)

// AddStaff adds an account with the hash of its password, and writes it into
// the audit under the name of by. The error is Conflict (login_taken) if the
// login is somebody's, Invalid for a team or territory that is not there.
func (d *DB) AddStaff(ctx context.Context, by audit.Entry, login, hash string, temporary bool, card staff.Card) (a staff.Account, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		id, added, err := one(ctx, tx, pgx.RowTo[int64], addStaff, login, card.Name, hash, temporary, noNull(card.Roles))
		if err == nil && !added {
			err = &fault.Error{Kind: fault.Conflict, Key: "login_taken", Err: errors.New("the login " + login + " is taken")}
		}
		if err != nil {
			return err
		}
		if err := belong(ctx, tx, id, card); err != nil {
			return err
		}
		if a, err = getStaff(ctx, tx, id); err != nil {
			return err
		}
		by.Act, by.Subject, by.After = audit.StaffAdd, login, a.Fields()
		return d.audit(ctx, tx, by)
	})
	return a, wrap("add staff", err)
}

// FindStaff returns the account with that login, and whether there is one.
func (d *DB) FindStaff(ctx context.Context, login string) (staff.Account, bool, error) {
	a, found, err := one(ctx, d.pool, pgx.RowToStructByPos[staff.Account], findByLogin, login)
	return a, found, wrap("find staff", err)
}

// StaffByID returns an account, and whether there is one.
func (d *DB) StaffByID(ctx context.Context, id int64) (staff.Account, bool, error) {
	a, found, err := one(ctx, d.pool, pgx.RowToStructByPos[staff.Account], findByID, id)
	return a, found, wrap("find staff", err)
}

// ListStaff lists all accounts by login.
func (d *DB) ListStaff(ctx context.Context) ([]staff.Account, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[staff.Account], listStaff)
	return list, wrap("list staff", err)
}

// ChangeStaff makes a card somebody's. If his roles change, his sessions are
// over; cases that he may not have any more are released. Errors as those of AddStaff; besides NotFound, staff.ErrSelf,
// staff.ErrLast.
func (d *DB) ChangeStaff(ctx context.Context, by audit.Entry, id int64, card staff.Card) (staff.Account, error) {
	by.Act = audit.StaffChange
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, setCard, id, card.Name, noNull(card.Roles)); err != nil {
			return err
		}
		if err := belong(ctx, tx, id, card); err != nil {
			return err
		}
		return d.release(ctx, tx, id)
	})
}

// SetPassword changes a password by its hash; sessions of the account are over.
// The act is the caller's: his own, or one that was given. The error is
// NotFound.
func (d *DB) SetPassword(ctx context.Context, by audit.Entry, id int64, hash string, temporary bool) (staff.Account, error) {
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, setPassword, id, hash, temporary)
		return err
	})
}

// SetDisabled closes an account, at once, or opens it again. The cases of one that is
// closed are released. Errors as those of
// ChangeStaff.
func (d *DB) SetDisabled(ctx context.Context, by audit.Entry, id int64, disabled bool) (staff.Account, error) {
	by.Act = audit.StaffEnable
	if disabled {
		by.Act = audit.StaffDisable
	}
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, setDisabled, id, disabled); err != nil || !disabled {
			return err
		}
		return d.release(ctx, tx, id)
	})
}

// release promises that the cases which somebody may not have any more are taken from
// him.
func (d *DB) release(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := d.jobs.InsertTx(ctx, tx, releaseArgs{id}, nil)
	return err
}

// EndSessions ends all sessions of an account. The error is NotFound.
func (d *DB) EndSessions(ctx context.Context, by audit.Entry, id int64) (staff.Account, error) {
	by.Act = audit.SessionsEnd
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, endSessions, id)
		return err
	})
}

// changeStaff changes an account, and writes into the audit what became of it,
// in one transaction.
func (d *DB) changeStaff(ctx context.Context, by audit.Entry, id int64, do func(pgx.Tx) error) (after staff.Account, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockStaff); err != nil {
			return err
		}
		before, err := getStaff(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		if after, err = getStaff(ctx, tx, id); err != nil {
			return err
		}
		if after.Version != before.Version {
			after.Ended = ending(by, id)
			if _, err := tx.Exec(ctx, noteEnding, id, string(after.Ended)); err != nil {
				return err
			}
		}
		if err := staysKept(ctx, tx, by.Staff, before, after); err != nil {
			return err
		}
		by.Subject = before.Login
		by.Before, by.After = staff.Changed(before.Fields(), after.Fields())
		return d.audit(ctx, tx, by)
	})
	return after, wrap("change staff", err)
}

// ending is why an act ends the sessions of somebody.
func ending(by audit.Entry, of int64) staff.Ending {
	switch by.Act {
	case audit.StaffChange:
		return staff.EndedRoles
	case audit.OwnPassword:
		return staff.EndedPassword
	case audit.StaffPassword:
		return staff.EndedGiven
	case audit.SecondOn, audit.SecondOff:
		return staff.EndedSecond
	case audit.StaffDisable, audit.StaffEnable:
		return staff.EndedAccount
	}
	if by.Staff == of {
		return staff.EndedByOwner
	}
	return staff.EndedByOther
}

func getStaff(ctx context.Context, tx pgx.Tx, id int64) (staff.Account, error) {
	a, found, err := one(ctx, tx, pgx.RowToStructByPos[staff.Account], findByID, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "there is no such account")
	}
	return a, err
}

// staysKept refuses to change one's own rights, and a change after which nobody
// could change anything at the console. Whoever sits at a terminal of the server
// may.
func staysKept(ctx context.Context, tx pgx.Tx, by int64, before, after staff.Account) error {
	if by == 0 {
		return nil
	}
	if err := staff.MayChange(by, before, after); err != nil {
		return err
	}
	if !before.May(staff.KeepStaff) || after.May(staff.KeepStaff) {
		return nil
	}
	list, err := many(ctx, tx, pgx.RowToStructByPos[staff.Account], listStaff)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.May(staff.KeepStaff) {
			return nil
		}
	}
	return staff.ErrLast
}

// belong sets the teams and territories of an account.
func belong(ctx context.Context, tx pgx.Tx, id int64, card staff.Card) error {
	for _, set := range []struct {
		leave, join, key string
		codes            []string
	}{{leaveTeams, joinTeams, "team", card.Teams}, {leaveTerritories, joinTerritories, "territory", card.Territories}} {
		codes := noNull(set.codes)
		if _, err := tx.Exec(ctx, set.leave, id, codes); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, set.join, id, codes)
		if fault.Is(wrap("", err), fault.Conflict) { // the foreign key
			err = &fault.Error{Kind: fault.Invalid, Key: set.key, Err: fmt.Errorf("there is no such %s", set.key)}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noNull keeps an empty list apart from none.
func noNull[T any](list []T) []T { return append([]T{}, list...) }

// Seen notes that somebody is at the desk, Gone that he has left it.
func (d *DB) Seen(ctx context.Context, id int64) error {
	_, err := d.exec(ctx, "note presence", seeStaff, id)
	return err
}

// Gone notes that somebody has left the desk.
func (d *DB) Gone(ctx context.Context, id int64) error {
	_, err := d.exec(ctx, "note absence", missStaff, id)
	return err
}
