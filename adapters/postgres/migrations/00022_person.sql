-- +goose Up

-- Who an account belongs to, and how he is reached, as one sealed value: name,
-- address, phone, e-mail, tax number. person_key names the data key that sealed
-- it; '': none has yet, the nightly job does. House and flat stay, as proofs that
-- are compared with every guest's reading; the number of the account and the
-- meter's serial are what rows are found by.
ALTER TABLE accounts ADD COLUMN person bytea, ADD COLUMN person_key text COLLATE "C" NOT NULL DEFAULT '';
UPDATE accounts SET person = convert_to(jsonb_strip_nulls(jsonb_build_object(
    'n', nullif(holder, ''), 'a', nullif(address, ''), 'p', nullif(phone, ''), 'e', nullif(email, ''), 't', nullif(tax_id, '')
))::text, 'UTF8');
ALTER TABLE accounts ALTER COLUMN person SET NOT NULL,
    DROP COLUMN holder, DROP COLUMN address, DROP COLUMN phone, DROP COLUMN email, DROP COLUMN tax_id;
