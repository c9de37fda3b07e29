// Package demo holds the directory of the fictional supplier (spec §5.2, §5.5):
// what the demo loads into its database, and what tests of other packages stand
// on. Addresses, hours and telephones that the spec does not fix are invented,
// and so is in how many days each way to pay is credited.
package demo

import (
	"embed"

	"okoshko/core/knowledge"
	"okoshko/core/table"
)

//go:embed *.tsv
var files embed.FS

// Tables returns the tables as they stand in the files.
func Tables() []table.Table {
	t, err := table.Read(files, knowledge.Schema())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return t
}

// Directory returns the tables as a directory.
func Directory() *knowledge.Directory {
	d, err := knowledge.NewDirectory(Tables())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return d
}
