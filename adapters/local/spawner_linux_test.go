package local

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestSpawnerKillsNobodyElse begins and ends spawners on threads that have forked
// before, a browser in a test for one: the end of such a thread would be "the
// parent's death" to processes that have nothing to do with ours.
func TestSpawnerKillsNobodyElse(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // so that spawners meet that thread
	others := make(chan error, 10)
	var running []*exec.Cmd
	for range cap(others) {
		cmd := exec.Command("sleep", "60")
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
		go func() { others <- cmd.Wait() }()
		s := newSpawner()
		ours := exec.Command("true")
		if err := s.start(ours); err != nil {
			t.Fatal(err)
		}
		if err := ours.Wait(); err != nil {
			t.Fatal(err)
		}
		s.close()
	}
	select {
	case err := <-others:
		t.Errorf("a process of somebody else has ended: %v", err)
		others <- err
	case <-time.After(100 * time.Millisecond): // a signal takes no time
	}
	for _, cmd := range running {
		_ = cmd.Process.Kill()
	}
	for range running {
		<-others
	}
}
