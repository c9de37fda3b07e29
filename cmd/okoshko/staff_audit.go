package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/audit"
)

// errTampered ends a check that has found something.
var errTampered = errors.New("the audit is not as it was written")

// auditStaff shows the end of the audit, or checks all of it.
func auditStaff(ctx context.Context, p *program, db *postgres.DB, _ string, o staffOptions) error {
	if *o.verify {
		return p.verifyAudit(ctx, db, *o.mark)
	}
	if *o.lines < 1 || *o.lines > 10_000 {
		return &usageError{errors.New("--lines is 1 to 10000")}
	}
	list, err := db.ListAudit(ctx, audit.Filter{Limit: *o.lines})
	if err != nil {
		return err
	}
	slices.Reverse(list)
	for _, e := range list {
		who := e.Name
		if who == "" {
			who = "-"
		}
		_, err := fmt.Fprintf(p.stdout, "%d %s %s %s %s%s\n", e.Number, e.At.UTC().Format(time.RFC3339), who, e.Act,
			strings.Join(slices.DeleteFunc([]string{e.Conversation, e.Subject, e.Address}, func(s string) bool { return s == "" }), " "), changes(e))
		if err != nil {
			return err
		}
	}
	return nil
}

// changes says what was changed, and why.
func changes(e audit.Entry) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(e.After)) {
		fmt.Fprintf(&b, ", %s: %q -> %q", name, e.Before[name], e.After[name])
	}
	if e.Reason != "" {
		fmt.Fprintf(&b, ", because %q", e.Reason)
	}
	return b.String()
}

// verifyAudit goes along the chain and prints its end, which a later check can
// be given: kept elsewhere, it shows a book that was written anew as a whole.
func (p *program) verifyAudit(ctx context.Context, db *postgres.DB, mark string) error {
	var check audit.Check
	if mark != "" {
		m, err := audit.ParseMark(mark)
		if err != nil {
			return &usageError{err}
		}
		check.Marks = append(check.Marks, m)
	}
	end, err := db.CheckAudit(ctx, &check)
	if err != nil {
		return err
	}
	for _, b := range check.Breaches {
		says := map[audit.BreachKind]string{
			audit.Changed: "line %d is not the one that was written",
			audit.Missing: "line %d is missing",
			audit.Gone:    "line %d of a mark has gone with its three years: give a later mark",
			audit.Cut:     "the book does not end where it ended: line %d is missing, or was slipped in",
			audit.Other:   "line %d is not the one that the mark names",
		}[b.Kind]
		if _, err := fmt.Fprintf(p.stdout, "FAIL  "+says+"\n", b.Number); err != nil {
			return err
		}
	}
	if len(check.Breaches) > 0 {
		return errTampered
	}
	_, err = fmt.Fprintf(p.stdout, "ok    %d lines, none changed or missing; keep this mark elsewhere: %s\n", end.Number, end)
	return err
}
