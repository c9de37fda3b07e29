-- +goose Up

-- A statement that changes no row changes nothing that answers are made of. Every
-- start of a program with new or the same articles and tables made all replicas
-- read everything again, once for each of some two hundred statements.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION content_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        UPDATE content_version SET n = n + 1;
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t regclass;
BEGIN
    FOR t IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'content_changed' LOOP
        EXECUTE format('DROP TRIGGER content_changed ON %s', t);
        EXECUTE format('CREATE TRIGGER content_added AFTER INSERT ON %s REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION content_changed()', t);
        EXECUTE format('CREATE TRIGGER content_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION content_changed()', t);
        EXECUTE format('CREATE TRIGGER content_dropped AFTER DELETE ON %s REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION content_changed()', t);
    END LOOP;
END $$;
-- +goose StatementEnd
