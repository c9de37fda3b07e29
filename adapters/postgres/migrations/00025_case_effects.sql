-- +goose Up

-- Effects are known by their own table; the names of theirs here would only lead
-- to conversations.
ALTER TABLE case_history DROP COLUMN effect;
