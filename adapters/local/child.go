package local

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// spawner starts processes on one thread that lives as long as they may: the
// kernel counts as "the parent's death" (Pdeathsig) the end of the thread that
// forked, and Go ends threads as it likes.
type spawner chan func()

func newSpawner() spawner {
	s := make(spawner)
	go func() {
		runtime.LockOSThread()
		for start := range s {
			start()
		}
	}()
	return s
}

func (s spawner) start(cmd *exec.Cmd) error {
	result := make(chan error, 1)
	s <- func() { result <- cmd.Start() }
	return <-result
}

// close ends the thread, and with it what it started and is still running.
func (s spawner) close() { close(s) }

// order is one step of asking a process to end: a signal, and how long to wait
// before the next one.
type order struct {
	signal syscall.Signal
	wait   time.Duration
}

// child is a process of ours and what it wrote since its start.
type child struct {
	cmd   *exec.Cmd
	log   string
	since int64
	gone  chan struct{} // closed when it has ended and been reaped
	err   error         // how it ended; to be read after gone
}

// startChild starts cmd in a process group of its own, so that Ctrl-C in a
// terminal reaches the program alone and the program decides the order; with
// an environment that holds none of our secrets and none of the user's PG*
// variables; with its output appended to the log file.
func startChild(s spawner, cmd *exec.Cmd, u user, log string, onOurDeath syscall.Signal) (*child, error) {
	out, err := openLog(log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	at, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	if cmd.Dir == "" {
		cmd.Dir = "/"
	}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + locale, "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes(onOurDeath)
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Credential = u.credential
	if err := s.start(cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	c := &child{cmd: cmd, log: log, since: at, gone: make(chan struct{})}
	go func() {
		c.err = cmd.Wait()
		close(c.gone)
	}()
	return c, nil
}

// openLog opens a log for appending; one above 10 MB becomes the last
// generation first. A log lies in a folder that the servers cannot write, so
// its name cannot be turned into a link.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 10<<20 {
		if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("rotate log: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return f, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// stop gives the orders one after the other until the child has ended.
func (c *child) stop(orders []order) {
	for _, o := range orders {
		_ = c.cmd.Process.Signal(o.signal)
		select {
		case <-c.gone:
			return
		case <-time.After(o.wait):
		}
	}
	<-c.gone
}

// death says how a child that has ended did so, with the last lines it wrote.
func (c *child) death() error {
	how := "ended by itself"
	if c.err != nil {
		how = c.err.Error()
	}
	if said := c.lastWords(); said != "" {
		how += ": " + said
	}
	return errors.New(how + " (see " + c.log + ")")
}

func (c *child) lastWords() string {
	const most = 1024
	f, err := os.Open(c.log)
	if err != nil {
		return ""
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	text := make([]byte, end-max(c.since, end-most, 0))
	if _, err := f.ReadAt(text, end-int64(len(text))); err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	last := lines[max(0, len(lines)-4):]
	return strings.ToValidUTF8(string(bytes.Join(last, []byte(" | "))), "")
}
