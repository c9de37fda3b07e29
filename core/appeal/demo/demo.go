// Package demo holds what can be written to the fictional supplier, by which
// terms and by whom it is answered (spec §5.6, §5.7): what the demo loads into
// its database, and what tests of other packages stand on.
package demo

import (
	"embed"

	"okoshko/core/appeal"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/table"
)

//go:embed *.tsv
var files embed.FS

// Tables returns the tables of kinds, categories and forms as they stand in the
// files.
func Tables() []table.Table { return read(appeal.Schema()) }

// Book returns those tables as a book.
func Book() *appeal.Book { return made(appeal.New(Tables())) }

// TermTables returns the tables of terms and alerts as they stand in the files.
func TermTables() []table.Table { return read(term.Schema()) }

// Terms returns those tables as a book.
func Terms() *term.Book { return made(term.New(TermTables())) }

// RouteTables returns the tables of functions, queues, routes and places as they
// stand in the files.
func RouteTables() []table.Table { return read(route.Schema()) }

// Routes returns those tables as a book.
func Routes() *route.Book { return made(route.New(RouteTables())) }

func read(schema []table.Layout) []table.Table {
	return made(table.Read(files, schema))
}

func made[T any](v T, err error) T {
	if err != nil {
		panic(err) // the files are part of the program
	}
	return v
}
