// Package demo holds the offices of the fictional supplier (spec §5.2): what the
// demo loads into its database, and what tests of other packages stand on.
// Telephones, coordinates and notes, which the spec does not fix, are invented.
package demo

import (
	"embed"

	"okoshko/core/table"
	"okoshko/core/visit"
)

//go:embed *.tsv
var files embed.FS

// Tables returns the tables as they stand in the files.
func Tables() []table.Table {
	t, err := table.Read(files, visit.Schema())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return t
}

// Directory returns the tables as a directory.
func Directory() *visit.Directory {
	d, err := visit.New(Tables())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return d
}
