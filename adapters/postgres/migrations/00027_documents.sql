-- +goose Up

-- What unregulated prices of a month, which is 2026-10, are made of: ₽/MWh, or
-- ₽/MW and month; power is of the supplier's allowance alone.
CREATE TABLE price_components (
    month     text COLLATE "C" NOT NULL,
    component text COLLATE "C" NOT NULL,
    power     text COLLATE "C" NOT NULL,
    vn        numeric NOT NULL,
    sn1       numeric NOT NULL,
    sn2       numeric NOT NULL,
    nn        numeric NOT NULL,
    PRIMARY KEY (month, component, power)
);

-- What energy costs in an hour, in percent of the usual.
CREATE TABLE hour_shapes (
    valid_from date NOT NULL,
    valid_to   date,
    day        text COLLATE "C" NOT NULL,
    hour       smallint NOT NULL,
    percent    smallint NOT NULL,
    PRIMARY KEY (day, hour, valid_from)
);

-- +goose StatementBegin
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['price_components', 'hour_shapes'] LOOP
        EXECUTE format('CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION keep_published()', name);
        EXECUTE format('CREATE TRIGGER keep_all_published BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION keep_all_published()', name);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Documents of organisations (bill.Document); they do not change once they are
-- issued. The paper is made of body when somebody asks for it.
CREATE TABLE documents (
    account bigint NOT NULL REFERENCES accounts,
    kind    text COLLATE "C" NOT NULL CHECK (kind IN ('invoice', 'act', 'tax_invoice', 'reconciliation', 'hour_prices')),
    period  date NOT NULL CHECK (extract(day FROM period) = 1),
    issued  date NOT NULL,
    body    jsonb NOT NULL,
    PRIMARY KEY (account, period, kind)
);
