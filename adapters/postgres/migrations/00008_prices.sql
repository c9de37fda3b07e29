-- +goose Up

-- What tariff.Schema names: prices, norms and rates, with what they cost and
-- when. The program reads them whole and checks them before it believes them.
-- A version holds for [valid_from, valid_to).

CREATE TABLE acts (
    number text COLLATE "C" PRIMARY KEY,
    issuer text NOT NULL,
    signed date NOT NULL,
    title  text NOT NULL,
    link   text NOT NULL
);

CREATE TABLE tariffs (
    valid_from   date NOT NULL,
    valid_to     date,
    act          text COLLATE "C" NOT NULL REFERENCES acts,
    tariff_group text COLLATE "C" NOT NULL,
    range        smallint NOT NULL,
    zone         text COLLATE "C" NOT NULL,
    price        numeric NOT NULL,
    PRIMARY KEY (tariff_group, valid_from, range, zone)
);

CREATE TABLE zone_multipliers (
    valid_from date NOT NULL,
    valid_to   date,
    zone       text COLLATE "C" NOT NULL,
    multiplier numeric NOT NULL,
    PRIMARY KEY (zone, valid_from)
);

CREATE TABLE range_limits (
    valid_from date NOT NULL,
    valid_to   date,
    heating    boolean NOT NULL,
    first      bigint NOT NULL,
    second     bigint NOT NULL,
    PRIMARY KEY (heating, valid_from)
);

-- An empty territory is every one without a row of its own; a season is two
-- days of any year, 10-01 and 04-30.
CREATE TABLE heating_seasons (
    valid_from date NOT NULL,
    valid_to   date,
    territory  text COLLATE "C" NOT NULL,
    begins     text COLLATE "C" NOT NULL,
    ends       text COLLATE "C" NOT NULL,
    PRIMARY KEY (territory, valid_from)
);

CREATE TABLE norms (
    valid_from date NOT NULL,
    valid_to   date,
    stove      text COLLATE "C" NOT NULL,
    rooms      smallint NOT NULL,
    residents  smallint NOT NULL,
    kwh        bigint NOT NULL,
    PRIMARY KEY (stove, rooms, residents, valid_from)
);

CREATE TABLE services (
    valid_from date NOT NULL,
    valid_to   date,
    code       text COLLATE "C" NOT NULL,
    audience   text COLLATE "C" NOT NULL,
    price_kind text COLLATE "C" NOT NULL,
    price      numeric NOT NULL,
    term       smallint NOT NULL,
    term_unit  text COLLATE "C" NOT NULL,
    basis      text COLLATE "C" NOT NULL,
    title_ru   text NOT NULL,
    title_en   text NOT NULL,
    PRIMARY KEY (code, valid_from)
);

-- month is 2026-10.
CREATE TABLE unregulated_prices (
    month    text COLLATE "C" NOT NULL,
    category smallint NOT NULL,
    power    text COLLATE "C" NOT NULL,
    vn       numeric NOT NULL,
    sn1      numeric NOT NULL,
    sn2      numeric NOT NULL,
    nn       numeric NOT NULL,
    PRIMARY KEY (month, category, power)
);

CREATE TABLE vat_rates (
    valid_from date PRIMARY KEY,
    valid_to   date,
    rate       numeric NOT NULL
);

CREATE TABLE penalty_rates (
    valid_from date NOT NULL,
    valid_to   date,
    audience   text COLLATE "C" NOT NULL,
    rate       numeric NOT NULL,
    PRIMARY KEY (audience, valid_from)
);

-- What was published stays as it was (R-5.1.2-f): rows are added, and a version
-- without an end is given one; nothing else.
-- +goose StatementBegin
CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ->> 'valid_to' IS NULL
        AND to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to'
        AND to_jsonb(NEW) ->> 'valid_to' IS NOT NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was published in % stays as it was', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME;
END
$$;

CREATE FUNCTION keep_all_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published in % stays as it was', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['acts', 'tariffs', 'zone_multipliers', 'range_limits', 'heating_seasons', 'norms',
        'services', 'unregulated_prices', 'vat_rates', 'penalty_rates']
    LOOP
        EXECUTE format('CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION keep_published()', name);
        EXECUTE format('CREATE TRIGGER keep_all_published BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION keep_all_published()', name);
    END LOOP;
END
$$;
-- +goose StatementEnd
