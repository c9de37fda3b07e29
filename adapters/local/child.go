package local

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// spawner starts processes on one thread that lives as long as they may: the
// kernel counts as "the parent's death" (Pdeathsig) the end of the thread that
// forked, and Go ends a thread whose goroutine ends while it is locked to it.
type spawner chan func()

func newSpawner() spawner {
	s := make(spawner)
	go func() {
		runtime.LockOSThread()
		// The thread is not new: others may have forked on it before, and its end
		// would kill what is theirs.
		defer runtime.UnlockOSThread()
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

// close gives the thread back. What it has started must have ended.
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
	if err := boundLog(log); err != nil {
		return nil, err
	}
	out, err := os.OpenFile(log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
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

// longestLog is where a log becomes the last generation and begins anew.
const longestLog = 10 << 20

// boundLog copies a log that is too long to the last generation and empties it:
// a renamed file would be written on, for the server holds it open. A log lies
// in a folder that the servers cannot write, so its name cannot be turned into
// a link.
func boundLog(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() <= longestLog {
		return nil // the first start has none
	}
	from, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("rotate log: %w", err)
	}
	defer from.Close()
	to, err := os.OpenFile(path+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("rotate log: %w", err)
	}
	_, err = io.Copy(to, from)
	// Emptied even when the copy failed, which means a full disk.
	if err = errors.Join(err, to.Close(), os.Truncate(path, 0)); err != nil {
		return fmt.Errorf("rotate log: %w", err)
	}
	return nil
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
	begin := max(c.since, end-most, 0)
	if c.since > end { // it has begun anew
		begin = max(end-most, 0)
	}
	text := make([]byte, end-begin)
	if _, err := f.ReadAt(text, end-int64(len(text))); err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	last := lines[max(0, len(lines)-8):]
	return strings.ToValidUTF8(string(bytes.Join(last, []byte(" | "))), "")
}
