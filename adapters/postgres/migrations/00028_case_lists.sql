-- +goose Up

-- Cases that are about somebody are rare: counts leave them out by this index, and
-- read nothing but indexes.
CREATE INDEX cases_about ON cases (id) INCLUDE (about) WHERE about <> '{}';
-- A quarter of all cases is no selection: cases_owed serves as well.
DROP INDEX cases_kind;
