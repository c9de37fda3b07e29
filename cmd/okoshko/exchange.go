package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/billing/exchange"
	"okoshko/core/calendar"
)

// errRefused is that some lines of a file were not taken; each was told of.
var errRefused = errors.New("some lines were not taken; mend them and import the file again, what was taken stays as it is")

// mostTold is how many lines that are not taken are told of one by one.
const mostTold = 100

// importCommand takes accounts, meters and readings from a file or from standard
// input. It may run beside a server; doing it again does no harm.
func importCommand(ctx context.Context, p *program, args []string) error {
	f := p.options("import")
	f.names = 1
	check := f.Bool("check", false, "say what would become of the file, and take nothing")
	demo := f.Bool("demo", false, "into the database of a demo; what is new becomes a part of it")
	c, err := p.load(f, args)
	if err != nil {
		return err
	}
	if c.Data.Key.IsZero() && !*demo {
		return &usageError{errors.New("okoshko import: OKOSHKO_DATA_KEY is needed: names and addresses are sealed with it (--demo: with the demo's)")}
	}
	file := p.stdin
	if name := f.Arg(0); name != "" && name != "-" {
		opened, err := os.Open(name)
		if err != nil {
			return &usageError{fmt.Errorf("okoshko import: %w", err)}
		}
		defer func() { _ = opened.Close() }() // it was read only
		file = opened
	}
	zone, err := c.Company.Location()
	if err != nil {
		return err
	}
	in, err := exchange.NewReader(file, zone)
	if err != nil {
		return &usageError{fmt.Errorf("okoshko import: %w", err)}
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, demo: *demo, log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	told := 0
	done, err := s.db.ImportRegister(ctx, in, postgres.ImportOptions{Check: *check, Demo: *demo, Refused: func(r *exchange.RowError) {
		if told++; told <= mostTold {
			fmt.Fprintln(p.stderr, r)
		}
	}})
	if told > mostTold {
		fmt.Fprintf(p.stderr, "and %d more\n", told-mostTold)
	}
	tellImported(p.stdout, done, *check)
	if err == nil && done.Refused > 0 {
		err = errRefused
	}
	return err
}

func tellImported(w io.Writer, done postgres.Imported, check bool) {
	for _, part := range []struct {
		of string
		postgres.Outcome
	}{{"accounts", done.Accounts}, {"meters", done.Meters}, {"readings", done.Readings}} {
		fmt.Fprintf(w, "%-9s %8d added %8d changed %8d as they were\n", part.of, part.Added, part.Changed, part.Same)
	}
	fmt.Fprintf(w, "%-9s %8d not taken\n", "lines", done.Refused)
	if check {
		fmt.Fprintln(w, "Nothing was taken: this was a check.")
	}
}

// exportCommand prints accounts, meters and readings as importCommand takes them.
// They hold names and addresses: whoever may run it may see them all.
func exportCommand(ctx context.Context, p *program, args []string) error {
	f := p.options("export")
	since := f.String("since", "", "the readings alone that were taken from a `day` (2026-11-27) on: what a billing fetches every night")
	c, err := p.load(f, args)
	if err != nil {
		return err
	}
	zone, err := c.Company.Location()
	if err != nil {
		return err
	}
	var day calendar.Date
	if *since != "" {
		if day, err = calendar.ParseDate(*since); err != nil {
			return &usageError{errors.New("okoshko export: --since must be a day such as 2026-11-27")}
		}
	}
	log := newLog(c, p.stderr)
	s, err := openStores(ctx, c, storeOptions{postgres: true, demo: c.Data.Key.IsZero(), log: log, now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	w, err := exchange.NewWriter(p.stdout, zone)
	if err != nil {
		return err
	}
	var done postgres.Exported
	if day.IsZero() {
		done, err = s.db.ExportRegister(ctx, w)
	} else {
		done, err = s.db.ExportReadings(ctx, w, day.At(0, zone))
	}
	log.Info("register exported", "accounts", done.Accounts, "meters", done.Meters, "readings", done.Readings)
	return err
}
