-- +goose Up

-- A submission is named by its receipt. The ID of an effect would name the
-- conversation, too, and tie it to the account for as long as readings are
-- kept; an erasure must be able to undo that.
ALTER TABLE readings DROP COLUMN effect;

ALTER TABLE replaced_readings DROP COLUMN effect, DROP COLUMN superseded_by;
ALTER TABLE replaced_readings ADD COLUMN superseded_by bigint;

-- The receipt of the submission that named the file, if one has.
ALTER TABLE evidence DROP COLUMN effect;
ALTER TABLE evidence ADD COLUMN receipt bigint;
CREATE INDEX evidence_receipt ON evidence (receipt) WHERE receipt IS NOT NULL;
