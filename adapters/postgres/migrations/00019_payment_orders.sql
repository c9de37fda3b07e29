-- +goose Up

-- Payments that customers start online, by their number at the provider; page is
-- where they are made. What was paid stands in payments besides, with the same
-- number as its reference. An erasure takes the conversation out.
CREATE TABLE payment_orders (
    number       text COLLATE "C" PRIMARY KEY,
    conversation text COLLATE "C",
    account      bigint NOT NULL REFERENCES accounts,
    kopecks      bigint NOT NULL CHECK (kopecks > 0),
    state        text COLLATE "C" NOT NULL,
    page         text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    -- When we asked the provider last, or began.
    looked_at    timestamptz NOT NULL
);
CREATE INDEX payment_orders_open ON payment_orders (looked_at) WHERE state = 'started';
CREATE INDEX payment_orders_account ON payment_orders (account, at);
CREATE INDEX payment_orders_conversation ON payment_orders (conversation) WHERE conversation IS NOT NULL;

-- A payment that went back counts no more.
ALTER TABLE payments ADD COLUMN refunded_on date;
