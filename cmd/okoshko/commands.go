package main

import (
	"context"
	"fmt"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/customer"
	"okoshko/dialogs"
)

func migrateCommand(ctx context.Context, p *program, args []string) error {
	c, err := p.load(p.options("migrate"), args)
	if err != nil {
		return err
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "The database is at the version of this program.")
	return err
}

// demoCommand fills the demo; the CSV is the contract of design §6.
func demoCommand(ctx context.Context, p *program, args []string) error {
	o := p.options("demo")
	n := o.Int("accounts", 0, "how many plausible accounts to add, printed as CSV")
	seed := o.Uint64("seed", 0, "make the same accounts again; 0: others each time")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, demo: true, log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	if err := s.db.LoadDemo(ctx); err != nil {
		return err
	}
	start := time.Now()
	if err := s.db.AddDemoAccounts(ctx, *n, *seed, p.stdout); err != nil {
		return err
	}
	if took := time.Since(start).Seconds(); *n > 0 {
		fmt.Fprintf(p.stderr, "%d accounts in %.1f s, %.0f a second\n", *n, took, float64(*n)/took)
	}
	return nil
}

// dialogsCommand draws the scenarios. Their stores are not needed for that.
func dialogsCommand(_ context.Context, p *program, args []string) error {
	c, err := p.load(p.options("dialogs"), args)
	if err != nil {
		return err
	}
	zone, err := c.Company.Location()
	if err != nil {
		return err
	}
	var nothing *postgres.DB
	ports := dialogs.Ports{
		Meters: nothing, Desk: nothing, Sent: nothing, Staff: nothing, Records: nothing, Links: nothing, Visits: nothing,
		Till:    &till{},
		Linkers: customer.NewLinkers(nothing, nil, customer.Limits{}),
	}
	for _, s := range dialogs.Scenarios(ports, zone) {
		if _, err := fmt.Fprintf(p.stdout, "## %s\n\n```mermaid\n%s```\n\n", s.Name, s.Diagram()); err != nil {
			return err
		}
	}
	return nil
}

func checkConfigCommand(_ context.Context, p *program, args []string) error {
	o := p.options("check-config")
	demo := o.Bool("demo", false, "check what `serve --demo` would need")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	if !*demo {
		if err := c.ValidateLive(); err != nil {
			return &usageError{err}
		}
	}
	if says := c.Misleading(); says != "" {
		fmt.Fprintf(p.stderr, "warn  %s\n", says)
	}
	return c.Print(p.stdout)
}
