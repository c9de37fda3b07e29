-- +goose Up

-- Goes up with every change of the office's schedule: of two who change it at
-- once the second is told so.
ALTER TABLE offices ADD COLUMN revision bigint NOT NULL DEFAULT 0;

-- A window may be there for some days only.
ALTER TABLE office_windows ADD COLUMN first_day date, ADD COLUMN last_day date;

-- When one window receives nobody while the office is open; no hours: all day.
CREATE TABLE office_shuttings (
    office    text COLLATE "C" NOT NULL REFERENCES offices,
    number    smallint NOT NULL,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    hours     text NOT NULL,
    reason_ru text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (office, number, first_day, hours)
);
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON office_shuttings
    FOR EACH STATEMENT EXECUTE FUNCTION content_changed();

-- Rules of booking that the company has set otherwise than core/visit/rules.tsv.
CREATE TABLE visit_rules (
    name  text COLLATE "C" PRIMARY KEY,
    value integer NOT NULL
);
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON visit_rules
    FOR EACH STATEMENT EXECUTE FUNCTION content_changed();

-- Years of the production calendar, in the form of core/calendar/production.txt.
-- The newest version of a year takes the place of those before, and of the one
-- that came with the program.
CREATE TABLE calendar_years (
    year    integer NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    staff   bigint REFERENCES staff,
    at      timestamptz NOT NULL,
    PRIMARY KEY (year, version)
);
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON calendar_years
    FOR EACH STATEMENT EXECUTE FUNCTION content_changed();
