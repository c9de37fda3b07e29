// Package postgres keeps what must never be lost: the facts (accounts, meters,
// readings, evidence), the archive of conversations, the queue of jobs, and
// the sealed chunks of files.
//
// SQL is written by hand and stands beside the method that runs it; migrations/
// makes the schema, schema.golden.sql shows its present shape. A method is one
// transaction at most. A fact is made through an effect (see once in
// effects.go): its ID is looked for first and its result stored with it, so
// that carrying it out again, on this replica or another, changes nothing.
//
// Errors have the kinds of core/fault. An Unavailable one says that the call
// may be repeated, though it may have been carried out: the connection can be
// lost after a commit. No error shows a value of a row.
package postgres
