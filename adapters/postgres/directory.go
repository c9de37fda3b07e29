package postgres

import (
	"context"

	"okoshko/core/knowledge"
	"okoshko/core/visit"
)

// Directory reads what the company tells beside articles: a hundred rows or so,
// to be kept. The error is Invalid if they do not fit together.
func (d *DB) Directory(ctx context.Context) (*knowledge.Directory, error) {
	list, err := d.tables(ctx, knowledge.Schema())
	if err != nil {
		return nil, wrap("read the directory", err)
	}
	directory, err := knowledge.NewDirectory(list)
	return directory, wrap("read the directory", err)
}

// Offices reads the offices and what they can be visited for, to be kept. The
// error is Invalid if they do not fit together.
func (d *DB) Offices(ctx context.Context) (*visit.Directory, error) {
	list, err := d.tables(ctx, visit.Schema())
	if err != nil {
		return nil, wrap("read the offices", err)
	}
	directory, err := visit.New(list)
	return directory, wrap("read the offices", err)
}
