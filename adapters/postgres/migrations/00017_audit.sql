-- +goose Up

-- The audit becomes a chain: the hash of each line covers the line before, and
-- lines are only added. core/audit computes the same hash when it is checked.
ALTER TABLE audit RENAME TO looks_of_staff;

CREATE TABLE audit (
    id           bigint PRIMARY KEY,
    at           timestamptz NOT NULL,
    staff        bigint REFERENCES staff,
    did          text COLLATE "C" NOT NULL,
    conversation text COLLATE "C" NOT NULL DEFAULT '',
    subject      text COLLATE "C" NOT NULL DEFAULT '',
    before       jsonb NOT NULL DEFAULT '{}',
    after        jsonb NOT NULL DEFAULT '{}',
    reason       text NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT '',
    hash         bytea NOT NULL
);

-- The last line; whoever adds one holds this row until his transaction ends,
-- so lines stand in the order of their commits, without gaps.
CREATE TABLE audit_head (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL,
    hash   bytea NOT NULL
);
INSERT INTO audit_head (number, hash) VALUES (0, '');

-- +goose StatementBegin
CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head  audit_head;
    field text;
    body  text := '';
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    NEW.id := head.number + 1;
    FOREACH field IN ARRAY ARRAY[
        NEW.id::text, (extract(epoch FROM NEW.at) * 1000000)::bigint::text, coalesce(NEW.staff, 0)::text, NEW.did,
        NEW.conversation, NEW.subject, NEW.before::text, NEW.after::text, NEW.reason, NEW.address]
    LOOP
        body := body || octet_length(field) || ':' || field;
    END LOOP;
    NEW.hash := sha256(head.hash || convert_to(body, 'UTF8'));
    UPDATE audit_head SET number = NEW.id, hash = NEW.hash;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit();

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO audit (at, staff, did, conversation, address)
SELECT at, staff, did, conversation, address FROM looks_of_staff ORDER BY id;
DROP TABLE looks_of_staff;

CREATE INDEX audit_conversation ON audit (conversation, id) WHERE conversation <> '';
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject <> '';
CREATE INDEX audit_staff ON audit (staff, id);
CREATE INDEX audit_at ON audit (at);
