-- +goose Up

-- The case that a customer filed instead of waiting for a person: it closes the
-- hand-off, and says why.
ALTER TABLE handoffs ADD COLUMN case_number text COLLATE "C";
