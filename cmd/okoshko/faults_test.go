//go:build faults

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

var (
	faultKills = flag.Int("kills", 100, "how often the server is killed")
	faultQuick = flag.Bool("quick", false, "faults: a tenth of everything, some minutes in all")
	faultSeed  = flag.Uint64("seed", 0, "faults: replay the schedule of this seed; 0 takes one by chance")
)

// scenario is one kind of misfortune.
type scenario struct {
	name string
	run  func(t *testing.T, seed uint64) *trial
	// owed and redelivered are the longest that a customer may wait for an
	// answer: after the incident for what was in Redis, after Telegram's own
	// redelivery for the rest. 0: the scenario itself makes them wait.
	owed, redelivered time.Duration
	// fails: the checker must find something lost, or it is blind.
	fails bool
}

// TestFaults kills, cuts and repeats everything, then counts what was lost.
func TestFaults(t *testing.T) {
	seed := *faultSeed
	if seed == 0 {
		seed = rand.Uint64N(1e9) + 1
	}
	t.Logf("seed %d: replay with -seed %[1]d", seed)
	var rows []string
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) { rows = append(rows, s.judge(t, seed)...) })
	}
	t.Logf("\n%s", tabulate(rows))
}

// tries is how many seeds may pass until a trial that must fail does.
const tries = 5

// judge carries the scenario out and returns its row of the table.
func (s scenario) judge(t *testing.T, seed uint64) (rows []string) {
	for n := range uint64(tries) {
		start := time.Now()
		tr := s.run(t, seed+n)
		l := tr.audit()
		rows = append(rows, l.row(s.name, seed+n, tr, time.Since(start)))
		t.Logf("\n%s", tabulate(rows[len(rows)-1:]))
		for _, note := range l.notes {
			t.Log(note)
		}
		tr.checkLogs()
		if s.fails {
			if l.lost > 0 {
				return rows
			}
			continue
		}
		if l.broken() {
			t.Errorf("a promise was broken: seed %d", seed+n)
		}
		if s.owed > 0 && l.owed > s.owed && !*faultQuick {
			t.Errorf("a reply that was owed came after %v, not %v", l.owed, s.owed)
		}
		if s.redelivered > 0 && l.redelivered > s.redelivered && !*faultQuick {
			t.Errorf("a redelivered update was answered after %v, not %v", l.redelivered, s.redelivered)
		}
		return rows
	}
	t.Errorf("nothing was lost with %d seeds: the checker, or the fault, is blind", tries)
	return rows
}

func (l *ledger) row(name string, seed uint64, tr *trial, took time.Duration) string {
	restarts := 0
	for _, r := range tr.people {
		restarts += r.restarts
	}
	for _, v := range tr.visitors {
		restarts += v.restarts
	}
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d of %d\t%.2f\t%.2f\t%d\t%d\t%d\t%.0f", name, seed,
		l.conversations, l.updates, l.facts, tr.kills, l.lost, l.doubled, l.contradicted, l.disordered,
		l.duplicates, l.inFlight, l.owed.Seconds(), l.redelivered.Seconds(), l.lines, l.resets, restarts, took.Seconds())
}

func tabulate(rows []string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\tseed\tconversations\tupdates\tfacts\tkills\tlost\tdoubled\tcontradicted\tout of order\tduplicates\towed s\tredelivered s\tlines\tresets\trestarts\ttook s")
	for _, row := range rows {
		fmt.Fprintln(w, row)
	}
	_ = w.Flush()
	return b.String()
}
