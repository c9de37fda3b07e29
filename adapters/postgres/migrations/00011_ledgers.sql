-- +goose Up

-- What an account is charged by: payer is by whose rules it pays, unified is
-- its ЕЛС of ГИС ЖКХ.
ALTER TABLE accounts
    ADD COLUMN payer          text COLLATE "C" NOT NULL DEFAULT 'household',
    ADD COLUMN rural          boolean NOT NULL DEFAULT false,
    ADD COLUMN stove          text COLLATE "C" NOT NULL DEFAULT 'gas',
    ADD COLUMN rooms          smallint NOT NULL DEFAULT 1,
    ADD COLUMN residents      smallint NOT NULL DEFAULT 1,
    ADD COLUMN households     integer NOT NULL DEFAULT 1,
    ADD COLUMN price_category smallint NOT NULL DEFAULT 0,
    ADD COLUMN voltage        text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN since          date,
    ADD COLUMN unified        text COLLATE "C" NOT NULL DEFAULT '';
UPDATE accounts SET payer = 'business' WHERE legal;

-- What months were charged for; body is a bill.Statement. A statement that was
-- issued stays as it was: mistakes are recalculations of a later one.
CREATE TABLE statements (
    account bigint NOT NULL REFERENCES accounts,
    period  date NOT NULL,
    body    jsonb NOT NULL,
    PRIMARY KEY (account, period)
);
CREATE TRIGGER keep_statements BEFORE UPDATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION keep_all_published();

-- Money that came in, kopecks. The reference is that of the bank or provider:
-- a payment that is told of twice is one.
CREATE TABLE payments (
    account   bigint NOT NULL REFERENCES accounts,
    reference text COLLATE "C" NOT NULL,
    paid_on   date NOT NULL,
    kopecks   bigint NOT NULL CHECK (kopecks > 0),
    period    date,
    way       text COLLATE "C" NOT NULL,
    PRIMARY KEY (account, reference)
);

CREATE TABLE benefits (
    account    bigint NOT NULL REFERENCES accounts,
    kind       text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    kopecks    bigint NOT NULL,
    PRIMARY KEY (account, kind, valid_from)
);

-- Warnings of a restriction; one that was withdrawn counts no more.
CREATE TABLE restriction_notices (
    account   bigint NOT NULL REFERENCES accounts,
    sent      date NOT NULL,
    after     date NOT NULL,
    withdrawn date,
    PRIMARY KEY (account, sent)
);
