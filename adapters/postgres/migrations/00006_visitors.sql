-- +goose Up

-- Visitors of the web chat, known by the hash (SHA-256) of their token: who
-- reads this table can be none of them.
CREATE TABLE visitors (
    conversation text COLLATE "C" PRIMARY KEY,
    token        bytea NOT NULL UNIQUE,
    subject      text COLLATE "C",
    at           timestamptz NOT NULL,
    spoke_at     timestamptz
);
CREATE INDEX visitors_silent ON visitors (at) WHERE spoke_at IS NULL;
