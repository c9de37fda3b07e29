-- +goose Up

-- A way to go on in another channel: the hash of what its customer holds. A
-- conversation has one at a time; what was used is deleted.
CREATE TABLE tickets (
    ticket       text COLLATE "C" PRIMARY KEY,
    conversation text COLLATE "C" NOT NULL UNIQUE,
    topic        text COLLATE "C" NOT NULL,
    until        timestamptz NOT NULL
);
CREATE INDEX tickets_until ON tickets (until);

-- Where a link was carried from; '' if it was made where it stands.
ALTER TABLE links ADD COLUMN carried_from text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX links_carried ON links (carried_from) WHERE carried_from <> '';
