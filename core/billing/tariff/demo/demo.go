// Package demo holds the tables of the fictional supplier (spec §5.3, §5.4):
// what the demo loads into its database, and what tests of other packages
// count by. Figures that the spec does not fix are invented: the acts' titles,
// unregulated prices before August 2026, key rates of 2026.
package demo

import (
	"embed"

	"okoshko/core/billing/tariff"
	"okoshko/core/table"
)

//go:embed *.tsv
var files embed.FS

// Tables returns the tables as they stand in the files.
func Tables() []table.Table {
	t, err := table.Read(files, tariff.Schema())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return t
}

// Book returns the tables as a book.
func Book() *tariff.Book {
	b, err := tariff.New(Tables())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return b
}
