-- +goose Up

-- Addresses under which a file can be fetched once. The token is kept as its
-- hash (SHA-256): who reads this table can open nothing.
CREATE TABLE file_links (
    token        bytea PRIMARY KEY,
    file         text COLLATE "C" NOT NULL REFERENCES files ON DELETE CASCADE,
    conversation text COLLATE "C" NOT NULL,
    until        timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX file_links_file ON file_links (file);
CREATE INDEX file_links_conversation ON file_links (conversation);
CREATE INDEX file_links_until ON file_links (until);
