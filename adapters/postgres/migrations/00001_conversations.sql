-- +goose Up

-- The permanent copy of conversations. Names compare byte by byte, as in Go.
CREATE TABLE conversations (
    conversation      text COLLATE "C" PRIMARY KEY,
    revision          bigint NOT NULL,
    state             bytea NOT NULL,
    seen              text NOT NULL,
    holder            text NOT NULL,
    cursor_revision   bigint NOT NULL,
    cursor_n          integer NOT NULL,
    tail_revision     bigint NOT NULL,
    tail_n            integer NOT NULL,
    archived_revision bigint NOT NULL,
    archived_n        integer NOT NULL,
    prompt            text NOT NULL,
    due               timestamptz,
    owes              boolean NOT NULL GENERATED ALWAYS AS
        (due IS NOT NULL OR (cursor_revision, cursor_n) < (tail_revision, tail_n)) STORED
) WITH (fillfactor = 80);

-- After a loss of the live store everything that owes something is listed.
CREATE INDEX conversations_owing ON conversations (conversation) WHERE owes;

-- Everything said. The body is JSON, kept as the bytes that came: they are
-- neither searched nor checked here.
CREATE TABLE messages (
    conversation text COLLATE "C" NOT NULL,
    revision     bigint NOT NULL,
    n            integer NOT NULL,
    at           timestamptz NOT NULL,
    kind         text NOT NULL,
    body         bytea NOT NULL,
    PRIMARY KEY (conversation, revision, n, at)
) PARTITION BY RANGE (at);

-- Months are made ahead of time; what fits none of them is kept here until its
-- month is made.
CREATE TABLE messages_default PARTITION OF messages DEFAULT;

-- Conversations that were erased. Copies that are still under way carry a
-- revision up to floor and are refused; a customer who comes back begins above
-- it, so that no position and no effect is ever given twice.
CREATE TABLE tombstones (
    conversation text COLLATE "C" PRIMARY KEY,
    floor        bigint NOT NULL,
    at           timestamptz NOT NULL
);

-- The acts of erasure: who, when, why, how much. They outlive what was erased.
CREATE TABLE erasures (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation text COLLATE "C" NOT NULL,
    at           timestamptz NOT NULL,
    actor        text NOT NULL,
    reason       text NOT NULL,
    messages     bigint NOT NULL,
    files        bigint NOT NULL
);

-- The generation of the live store, one row.
CREATE TABLE live_generation (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    mark   text NOT NULL,
    server text NOT NULL
);
INSERT INTO live_generation (mark, server) VALUES ('', '');

-- Events that could not be taken.
CREATE TABLE quarantine (
    id           text COLLATE "C" PRIMARY KEY,
    conversation text COLLATE "C" NOT NULL,
    at           timestamptz NOT NULL,
    cause        text NOT NULL,
    payload      bytea NOT NULL,
    sealed       boolean NOT NULL
);
CREATE INDEX quarantine_at ON quarantine (at DESC);
