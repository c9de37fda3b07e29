// Package testdir finds the place for the data of servers that tests start.
package testdir

import (
	"os"
	"syscall"
)

const (
	memory = "/dev/shm"
	// enough is the room, in bytes, that the servers of a test binary may need.
	enough = 2 << 30
)

// New makes a folder, which its user removes. It lies in memory where the machine
// has the room: what a server writes there outlives its kill, but not the
// machine's. OKOSHKO_TEST_FSYNC=on puts it on the disk, as a measurement wants it.
func New(prefix string) (string, error) {
	if os.Getenv("OKOSHKO_TEST_FSYNC") == "on" || !roomy(memory) {
		return os.MkdirTemp("", prefix)
	}
	dir, err := os.MkdirTemp(memory, prefix)
	if err != nil { // not for us
		return os.MkdirTemp("", prefix)
	}
	return dir, nil
}

func roomy(dir string) bool {
	var fs syscall.Statfs_t
	return syscall.Statfs(dir, &fs) == nil && uint64(fs.Bavail)*uint64(fs.Bsize) > enough //nolint:gosec,unconvert // other systems count in other types
}
