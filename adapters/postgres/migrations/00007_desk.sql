-- +goose Up

-- Those who work at the console. Names are shown to customers; a password is an
-- argon2id hash. Rows are never deleted: hand-offs and the audit name them.
CREATE TABLE staff (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login      text COLLATE "C" NOT NULL UNIQUE,
    name       text NOT NULL,
    password   text NOT NULL,
    -- Goes up with every change of the password: older sessions are over.
    version    integer NOT NULL DEFAULT 1,
    disabled   boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- The last sign of life, on real time; NULL: not at the desk.
    seen_at    timestamptz
);

-- Customers who want a person. A row waits, is held, is closed; that of a
-- conversation that was erased goes with it.
CREATE TABLE handoffs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation text COLLATE "C" NOT NULL,
    called_at    timestamptz NOT NULL,
    holder       bigint REFERENCES staff,
    taken_at     timestamptz,
    closed_at    timestamptz,
    changes      integer NOT NULL DEFAULT 0,
    CHECK ((holder IS NULL) = (taken_at IS NULL))
) WITH (fillfactor = 80);
-- A conversation stands at the desk once.
CREATE UNIQUE INDEX handoffs_open ON handoffs (conversation) WHERE closed_at IS NULL;
CREATE INDEX handoffs_conversation ON handoffs (conversation, id DESC);
CREATE INDEX handoffs_queue ON handoffs (called_at, id) WHERE closed_at IS NULL;
CREATE INDEX handoffs_handled ON handoffs (closed_at DESC) WHERE taken_at IS NOT NULL AND closed_at IS NOT NULL;

-- What happened to them, step by step. Each step enters its conversation
-- through a job of the transaction that wrote it.
CREATE TABLE handoff_changes (
    handoff bigint NOT NULL REFERENCES handoffs ON DELETE CASCADE,
    n       integer NOT NULL,
    did     text NOT NULL,
    staff   bigint REFERENCES staff,
    at      timestamptz NOT NULL,
    PRIMARY KEY (handoff, n)
);

-- Who of the staff saw or changed what. It outlives what it speaks of.
CREATE TABLE audit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    staff        bigint REFERENCES staff,
    did          text NOT NULL,
    conversation text COLLATE "C" NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT ''
);
CREATE INDEX audit_conversation ON audit (conversation, at) WHERE conversation <> '';
CREATE INDEX audit_staff ON audit (staff, at);
