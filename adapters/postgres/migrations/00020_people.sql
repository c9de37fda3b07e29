-- +goose Up

-- What staff may and where they belong. Those who are there already have
-- worked at the desk. A temporary password is good for setting one's own.
ALTER TABLE staff
    ADD COLUMN temporary boolean NOT NULL DEFAULT false,
    ADD COLUMN roles text[] NOT NULL DEFAULT '{}';
UPDATE staff SET roles = '{operator}';

CREATE TABLE teams (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE staff_teams (
    staff bigint NOT NULL REFERENCES staff,
    team  text COLLATE "C" NOT NULL REFERENCES teams,
    PRIMARY KEY (staff, team)
);
CREATE INDEX staff_teams_team ON staff_teams (team);
CREATE TABLE staff_territories (
    staff     bigint NOT NULL REFERENCES staff,
    territory text COLLATE "C" NOT NULL REFERENCES territories,
    PRIMARY KEY (staff, territory)
);
CREATE INDEX staff_territories_territory ON staff_territories (territory);

-- The keys of second factors (RFC 6238), sealed by the data key. A pending one
-- has not been confirmed by a code yet and opens nothing; step is the last time
-- step that was used, of either.
CREATE TABLE second_factors (
    staff   bigint NOT NULL REFERENCES staff,
    pending boolean NOT NULL,
    body    bytea NOT NULL,
    sealed  boolean NOT NULL,
    step    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (staff, pending)
);

-- SHA-256 of recovery codes, which have 80 random bits. A used one is deleted.
CREATE TABLE recovery_codes (
    staff bigint NOT NULL REFERENCES staff,
    hash  bytea NOT NULL,
    PRIMARY KEY (staff, hash)
);
