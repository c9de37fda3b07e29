package local_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"okoshko/adapters/local"
)

var (
	kills = flag.Int("kills", 16, "how often the torture kills")
	seed  = flag.Uint64("seed", 0, "seed of the torture; 0 chooses one")
)

// TestTorture kills the program, PostgreSQL or Redis at random moments, starts
// the program again at once, and wants every acknowledged number back. More:
//
//	go test ./adapters/local -run TestTorture -kills 500
func TestTorture(t *testing.T) {
	t.Parallel()
	plan := *seed
	if plan == 0 {
		plan = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", plan)
	dice := rand.New(rand.NewPCG(plan, 1)) //nolint:gosec // a plan of kills is no secret
	dir := warmDir(t)
	first := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	if _, err := query(first.PostgresURL(), makeRow); err != nil {
		t.Fatal(err)
	}
	shut(t, first)

	p := startProgram(t, dir, sight{})
	defer func() { p.kill() }()
	inThisLife, early := 0, 0
	for n := range *kills {
		// One in three programs dies while it is still starting.
		before := p.seen()
		if inThisLife > 0 || dice.IntN(3) > 0 {
			if !p.countsOn(t, before) {
				t.Fatalf("kill %d: the program does not go on: %s", n, p.words())
			}
			if eventually(t.Context(), "one of each runs", func() bool { return oneOfEach(t, dir) }) != nil {
				t.Fatalf("kill %d: more than one server on a folder: %v", n, serversOf(t, dir))
			}
		} else {
			early++
		}
		<-time.After(time.Duration(dice.IntN(120)) * time.Millisecond) // any moment
		now := p.seen()
		victim := []int{0, now.postgres, now.redis}[dice.IntN(3)]
		// Five quick deaths are a server that cannot live.
		if victim != 0 && inThisLife < 3 {
			inThisLife++
			_ = syscall.Kill(victim, syscall.SIGKILL) // it may have died meanwhile
			continue
		}
		p.kill()
		inThisLife = 0
		last := p.seen()
		if last.backwards != "" {
			t.Fatal(last.backwards)
		}
		p = startProgram(t, dir, last)
	}
	if !p.countsOn(t, p.seen()) {
		t.Fatalf("the program does not go on: %s", p.words())
	}
	p.stop(t)
	last := p.seen()
	if last.backwards != "" {
		t.Fatal(last.backwards)
	}
	noneLeft(t, dir)
	t.Logf("%d kills, %d of them early: %d rows, %d increments", *kills, early, last.row, last.incr)

	after := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	if row, err := number(query(after.PostgresURL(), "SELECT n FROM counter")); err != nil || row < last.row {
		t.Errorf("the row is %d, %v, and %d was acknowledged", row, err, last.row)
	}
	counter, err := command(after.RedisURL(), "INCRBY counter 0")
	if n, _ := strconv.Atoi(counter); err != nil || n < last.incr {
		t.Errorf("the counter is %s, %v, and %d was acknowledged", counter, err, last.incr)
	}
	shut(t, after)
}

// countsOn waits until both servers have acknowledged numbers since before.
func (p *running) countsOn(t *testing.T, before sight) bool {
	t.Helper()
	return eventually(t.Context(), "it counts", func() bool {
		now := p.seen()
		return now.row > before.row && now.incr > before.incr && now.postgres != 0 && now.redis != 0
	}) == nil
}

// oneOfEach reports whether one PostgreSQL and one Redis run on the folder. What
// they have forked, and what has yet to give itself a title, has one of them as
// parent, or none any more for the moment that it takes to notice.
func oneOfEach(t *testing.T, dir string) bool {
	t.Helper()
	postgres, redis := 0, 0
	all := serversOf(t, dir)
	for pid, line := range all {
		if _, forked := all[parentOf(pid)]; forked {
			continue
		}
		switch {
		case strings.Contains(line, "cluster_name="):
			postgres++
		case strings.HasPrefix(line, "redis-server") || strings.Contains(line, "/redis-server"):
			redis++
		}
	}
	return postgres == 1 && redis == 1
}

func parentOf(pid int) int {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	var state string
	var parent int
	_, _ = fmt.Sscan(rest, &state, &parent)
	return parent
}
