-- +goose Up

-- What turns have marked to be counted, such as questions that found no answer.
-- Nothing leads from here to a conversation.
CREATE TABLE tallies (
    what     text COLLATE "C" NOT NULL,
    of       text COLLATE "C" NOT NULL,
    times    bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (what, of)
);
CREATE INDEX tallies_most ON tallies (what, times DESC);
