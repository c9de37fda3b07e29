//go:build unix && !linux

package local

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// locale is one that macOS has; C.UTF-8 is missing there.
const locale = "en_US.UTF-8"

// attributes: only Linux tells a child of its parent's death. Elsewhere a
// child outlives a kill -9 and is stopped by the next start.
func attributes(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// processes lists the command lines of the living by process ID.
func processes() (map[int]string, error) {
	out, err := exec.Command("ps", "-axww", "-o", "pid=,stat=,command=").Output()
	if err != nil {
		return nil, err
	}
	found := make(map[int]string)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || strings.HasPrefix(fields[1], "Z") {
			continue
		}
		if pid, err := strconv.Atoi(fields[0]); err == nil {
			found[pid] = strings.Join(fields[2:], " ")
		}
	}
	return found, nil
}
