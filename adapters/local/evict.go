package local

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

// evict stops every process whose command line matches, order by order, and
// returns when none is left. The caller holds the server's lock, so what it
// finds has lost its owner: a server whose parent was killed, or the workers of
// a server that was killed itself and which have yet to notice.
func evict(ctx context.Context, match func(line string) bool, orders []order) error {
	for _, o := range orders {
		asked := make(map[int]bool)
		for until := time.Now().Add(o.wait); ; {
			left, err := matching(match)
			if err != nil || len(left) == 0 {
				return err
			}
			for _, pid := range left {
				if asked[pid] {
					continue
				}
				asked[pid] = true
				if err := syscall.Kill(pid, o.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
					return fmt.Errorf("stop process %d, left from an earlier run: %w", pid, err)
				}
			}
			if time.Now().After(until) {
				break
			}
			if err := pause(ctx, 5*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return errors.New("a process of an earlier run does not end")
}

func matching(match func(line string) bool) ([]int, error) {
	all, err := processes()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	maps.DeleteFunc(all, func(_ int, line string) bool { return !match(line) })
	return slices.Sorted(maps.Keys(all)), nil
}

// program returns the name of the program in a command line, without folder.
func program(line string) string {
	name, _, _ := strings.Cut(line, " ")
	return path.Base(name)
}
