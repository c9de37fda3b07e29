-- +goose Up

-- What a customer or an operator uploads belongs to a message only when that
-- names it; what none names is swept away. Of the files that were there before,
-- nobody knows: they stay.
ALTER TABLE files ADD COLUMN named boolean NOT NULL DEFAULT false;
UPDATE files SET named = true;
CREATE INDEX files_unnamed ON files (at) WHERE NOT named;
