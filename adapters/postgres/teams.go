package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

const (
	listTeams       = `SELECT code, name FROM teams ORDER BY code`
	listTerritories = `SELECT code, jsonb_build_object('ru', name_ru, 'en', name_en) FROM territories ORDER BY code`
	findTeam        = `SELECT code, name FROM teams WHERE code = $1 FOR UPDATE`
	saveTeam        = `INSERT INTO teams (code, name) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name`
	dropTeam        = `DELETE FROM teams WHERE code = $1`
)

// Teams lists the teams by code.
func (d *DB) Teams(ctx context.Context) ([]staff.Team, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[staff.Team], listTeams)
	return list, wrap("list teams", err)
}

// Territories lists the parts of the region by code.
func (d *DB) Territories(ctx context.Context) ([]staff.Territory, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[staff.Territory], listTerritories)
	return list, wrap("list territories", err)
}

// SaveTeam adds a team, or gives it another name.
func (d *DB) SaveTeam(ctx context.Context, by audit.Entry, t staff.Team) error {
	by.Act, by.Subject, by.After = audit.TeamSave, t.Code, map[string]string{"name": t.Name}
	return wrap("save team", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		old, found, err := one(ctx, tx, pgx.RowToStructByPos[staff.Team], findTeam, t.Code)
		if err != nil || found && old == t {
			return err
		}
		if found {
			by.Before = map[string]string{"name": old.Name}
		}
		if _, err := tx.Exec(ctx, saveTeam, t.Code, t.Name); err != nil {
			return err
		}
		return d.audit(ctx, tx, by)
	}))
}

// DropTeam removes a team that nobody belongs to; Conflict (team_used) for one
// that somebody does, NotFound for one that is not there.
func (d *DB) DropTeam(ctx context.Context, by audit.Entry, code string) error {
	by.Act, by.Subject = audit.TeamDrop, code
	return wrap("drop team", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, dropTeam, code)
		switch {
		case fault.Is(wrap("", err), fault.Conflict):
			return &fault.Error{Kind: fault.Conflict, Key: "team_used"}
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return fault.New(fault.NotFound, "there is no such team")
		}
		return d.audit(ctx, tx, by)
	}))
}
