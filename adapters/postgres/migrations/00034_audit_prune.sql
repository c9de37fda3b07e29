-- +goose Up

-- Lines of the audit go after three years (spec §3.1, retention of the access log).
-- The last that has gone stays as a mark, after which the chain begins.
CREATE TABLE audit_base (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL,
    hash   bytea NOT NULL
);
INSERT INTO audit_base (number, hash) VALUES (0, '');

-- The beginning only goes on, to a line of the chain that is three years older than
-- the newest, as all before it are; and only what lies before it can be deleted.
-- +goose StatementBegin
CREATE FUNCTION move_audit_base() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <= OLD.number
        OR NOT EXISTS (SELECT FROM audit WHERE id = NEW.number AND hash = NEW.hash)
        OR EXISTS (SELECT FROM audit WHERE id <= NEW.number
            AND at > (SELECT at FROM audit ORDER BY id DESC LIMIT 1) - interval '3 years')
    THEN
        RAISE EXCEPTION 'lines of audit are only added: % is too young to go', NEW.number USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.id > (SELECT number FROM audit_base) THEN
        RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_base_moves BEFORE UPDATE ON audit_base FOR EACH ROW EXECUTE FUNCTION move_audit_base();
CREATE TRIGGER audit_base_stays BEFORE DELETE OR TRUNCATE ON audit_base FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP TRIGGER audit_stays ON audit;
CREATE TRIGGER audit_stays BEFORE UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_goes BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_young();
