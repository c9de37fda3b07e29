package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"okoshko/core/desk"
	"okoshko/core/fault"
)

const (
	staffFields = `id, name, login, password, version, disabled FROM staff`

	addStaff    = `INSERT INTO staff (login, name, password) VALUES ($1, $2, $3) ON CONFLICT (login) DO NOTHING RETURNING id`
	findByLogin = `SELECT ` + staffFields + ` WHERE login = $1`
	findByID    = `SELECT ` + staffFields + ` WHERE id = $1`
	listStaff   = `SELECT ` + staffFields + ` ORDER BY login`

	setPassword = `UPDATE staff SET password = $2, version = version + 1 WHERE login = $1`
	setDisabled = `UPDATE staff SET disabled = $2, seen_at = NULL WHERE login = $1`

	// One write in so many seconds is enough.
	seeStaff  = `UPDATE staff SET seen_at = now() WHERE id = $1 AND coalesce(seen_at, '-infinity') < now() - interval '10 seconds'`
	missStaff = `UPDATE staff SET seen_at = NULL WHERE id = $1`
)

// AddStaff adds an account with the hash of its password. The error is Conflict
// if the login is somebody's.
func (d *DB) AddStaff(ctx context.Context, login, name, hash string) (desk.Member, error) {
	id, added, err := one(ctx, d.pool, pgx.RowTo[int64], addStaff, login, name, hash)
	if err == nil && !added {
		err = fault.New(fault.Conflict, "the login "+login+" is taken")
	}
	return desk.Member{ID: id, Name: name}, wrap("add staff", err)
}

// FindStaff returns the account with that login, and whether there is one.
func (d *DB) FindStaff(ctx context.Context, login string) (desk.Account, bool, error) {
	a, found, err := one(ctx, d.pool, scanAccountOfStaff, findByLogin, login)
	return a, found, wrap("find staff", err)
}

// StaffByID returns an account, and whether there is one.
func (d *DB) StaffByID(ctx context.Context, id int64) (desk.Account, bool, error) {
	a, found, err := one(ctx, d.pool, scanAccountOfStaff, findByID, id)
	return a, found, wrap("find staff", err)
}

// ListStaff lists all accounts by login.
func (d *DB) ListStaff(ctx context.Context) ([]desk.Account, error) {
	list, err := many(ctx, d.pool, scanAccountOfStaff, listStaff)
	return list, wrap("list staff", err)
}

// SetPassword changes a password by its hash; sessions of the account are over.
// The error is NotFound for an unknown login.
func (d *DB) SetPassword(ctx context.Context, login, hash string) error {
	return d.changeStaff(ctx, "set password", setPassword, login, hash)
}

// SetDisabled closes an account, at once, or opens it again. The error is
// NotFound for an unknown login.
func (d *DB) SetDisabled(ctx context.Context, login string, disabled bool) error {
	return d.changeStaff(ctx, "disable staff", setDisabled, login, disabled)
}

func (d *DB) changeStaff(ctx context.Context, act, sql, login string, value any) error {
	n, err := d.exec(ctx, act, sql, login, value)
	if err == nil && n == 0 {
		err = wrap(act, fault.New(fault.NotFound, "nobody is called "+login))
	}
	return err
}

// Seen notes that somebody is at the desk, Gone that he has left it.
func (d *DB) Seen(ctx context.Context, staff int64) error {
	_, err := d.exec(ctx, "note presence", seeStaff, staff)
	return err
}

// Gone notes that somebody has left the desk.
func (d *DB) Gone(ctx context.Context, staff int64) error {
	_, err := d.exec(ctx, "note absence", missStaff, staff)
	return err
}

func scanAccountOfStaff(row pgx.CollectableRow) (a desk.Account, err error) {
	err = row.Scan(&a.ID, &a.Name, &a.Login, &a.Password, &a.Version, &a.Disabled)
	return a, err
}
