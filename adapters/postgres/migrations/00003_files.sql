-- +goose Up

-- Stored files. Key and head are sealed; what is not complete is invisible and
-- swept away after a while.
CREATE TABLE files (
    id           text COLLATE "C" PRIMARY KEY,
    owner        text COLLATE "C",
    conversation text COLLATE "C" NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    complete     boolean NOT NULL DEFAULT false,
    size         bigint NOT NULL DEFAULT 0,
    key_id       text NOT NULL DEFAULT '',
    wrapped      bytea,
    head         bytea
);
-- An owner has one file: storing it again finds it.
CREATE UNIQUE INDEX files_owner ON files (owner) WHERE complete AND owner IS NOT NULL;
CREATE INDEX files_conversation ON files (conversation) WHERE conversation <> '';
CREATE INDEX files_incomplete ON files (at) WHERE NOT complete;

CREATE TABLE file_chunks (
    file text COLLATE "C" NOT NULL REFERENCES files ON DELETE CASCADE,
    n    integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (file, n)
);
-- Sealed bytes do not compress.
ALTER TABLE file_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- Files that customers attached, before and after they were fetched from the
-- channel.
CREATE TABLE evidence (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account      bigint NOT NULL REFERENCES accounts,
    effect       text COLLATE "C" NOT NULL,
    conversation text COLLATE "C",
    foreign_id   text NOT NULL,
    name         text NOT NULL,
    at           timestamptz NOT NULL,
    file         text COLLATE "C" REFERENCES files ON DELETE SET NULL,
    failure      text NOT NULL DEFAULT ''
);
CREATE INDEX evidence_account ON evidence (account);
CREATE INDEX evidence_file ON evidence (file);
CREATE INDEX evidence_conversation ON evidence (conversation) WHERE conversation IS NOT NULL;
