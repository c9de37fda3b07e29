-- +goose Up

-- Why the sessions of an account were last ended: who holds one of them is told.
ALTER TABLE staff ADD COLUMN ended text NOT NULL DEFAULT '';
