package local

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// locale makes lower(), ILIKE, pg_trgm and full-text search work for Russian;
// with locale C none of them does.
const locale = "C.UTF-8"

// attributes asks the kernel to send the signal when our thread dies.
func attributes(onOurDeath syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: onOurDeath}
}

// processes lists the command lines of the living by process ID. A zombie has
// none, which is right: it holds nothing any more.
func processes() (map[int]string, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	found := make(map[int]string)
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		line, err := os.ReadFile("/proc/" + name + "/cmdline")
		if err != nil || len(line) == 0 {
			continue
		}
		found[pid] = strings.ReplaceAll(string(line), "\x00", " ")
	}
	return found, nil
}
