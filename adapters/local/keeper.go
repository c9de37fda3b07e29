package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// server is what the keeper needs to know about PostgreSQL or Redis.
type server interface {
	name() string
	url() string
	prepare(ctx context.Context) error              // makes the files of a first start
	matches(line string) bool                       // is this command line one of its processes?
	start() (*child, error)                         // nothing of it runs at this moment
	probe(ctx context.Context) (pid int, err error) // no error: it would take a query now
	stopping() []order
}

const (
	// probeEvery: a start takes tens of milliseconds.
	probeEvery = 5 * time.Millisecond
	// logEvery: how often the length of a server's log is looked at.
	logEvery = time.Minute
	// standbyEvery: how often those in line look whether the owner is gone.
	standbyEvery = 50 * time.Millisecond
	// handoverWait is how long a closing owner waits for the others to finish
	// before it leaves the server to the next in line.
	handoverWait = 5 * time.Second
	// A server that dies five times in a row, each time before it has served
	// for five seconds, is not started again. One that serves longer in between
	// is started again for ever: that is somebody with kill, not a broken disk.
	mostQuickDeaths = 5
	quickDeath      = 5 * time.Second
)

// keeper keeps one server within reach: as its owner, or in line behind him.
type keeper struct {
	server server
	owner  lock // exclusive: who started the server
	users  lock // shared: who uses a server that another program started
	log    *slog.Logger
	pid    atomic.Int64 // of the server, if it is our child and ready
}

// run returns when ctx has ended and all is given back, or with the reason why
// the server cannot be kept. ready is called each time the server has become
// reachable.
func (k *keeper) run(ctx context.Context, ready func()) error {
	defer k.users.drop()
	attached := false
	for {
		mine, err := k.owner.try(exclusive)
		if err != nil {
			return err
		}
		if mine {
			k.users.drop()
			defer k.owner.drop()
			return k.own(ctx, ready)
		}
		wait := probeEvery
		switch {
		case attached:
			wait = standbyEvery
		case k.attach(ctx):
			attached = true
			k.log.Debug("using a running server", "server", k.server.name())
			ready()
		}
		if pause(ctx, wait) != nil {
			return nil
		}
	}
}

// attach reports whether another program's server answers, and holds it.
func (k *keeper) attach(ctx context.Context) bool {
	// Not held while the owner is stopping: then it is our turn in a moment.
	if held, err := k.users.try(shared); err != nil || !held {
		return false
	}
	_, err := k.server.probe(ctx)
	return err == nil
}

// own starts the server, again and again, until ctx ends.
func (k *keeper) own(ctx context.Context, ready func()) error {
	if err := k.server.prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	for quick := 0; ; {
		served, err := k.live(ctx, ready)
		if errors.Is(err, context.Canceled) || ctx.Err() != nil && err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("stop %s: %w", k.server.name(), err)
		}
		if served > quickDeath {
			quick = 0
		}
		if quick++; quick == mostQuickDeaths {
			return fmt.Errorf("%s died %d times in a row: %w", k.server.name(), quick, err)
		}
		k.log.Error("a private server died and is started again", "server", k.server.name(), "error", err)
	}
}

// live is one life of the server: from its start to its death, or to the end
// of ctx. It returns how long the server served.
func (k *keeper) live(ctx context.Context, ready func()) (time.Duration, error) {
	if err := evict(ctx, k.server.matches, k.server.stopping()); err != nil {
		return 0, err
	}
	c, err := k.server.start()
	if err != nil {
		return 0, err
	}
	if err := k.awaitReady(ctx, c); err != nil {
		c.stop(k.server.stopping())
		return 0, err
	}
	since := time.Now()
	k.pid.Store(int64(c.pid()))
	defer k.pid.Store(0)
	k.log.Info("private server ready", "server", k.server.name(), "pid", c.pid())
	ready()
	logs := time.NewTicker(logEvery)
	defer logs.Stop()
	for serving := true; serving; {
		select {
		case <-c.gone:
			return time.Since(since), c.death()
		case <-ctx.Done():
			serving = false
		case <-logs.C:
			if err := boundLog(c.log); err != nil {
				k.log.Warn("a private server's log cannot be bounded", "server", k.server.name(), "error", err)
			}
		}
	}
	k.awaitUsers(c)
	c.stop(k.server.stopping())
	if c.err != nil {
		return time.Since(since), c.death()
	}
	return time.Since(since), nil
}

// awaitReady waits as long as the server lives: a recovery after a crash, or a
// large file to load, takes what it takes.
func (k *keeper) awaitReady(ctx context.Context, c *child) error {
	began := time.Now()
	said := began
	for {
		pid, err := k.server.probe(ctx)
		if err == nil && pid != c.pid() {
			return fmt.Errorf("process %d answers in place of our %s, process %d", pid, k.server.name(), c.pid())
		}
		if err == nil {
			return nil
		}
		select {
		case <-c.gone:
			return c.death()
		default:
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			k.log.Warn("still waiting for a private server", "server", k.server.name(), "waited", time.Since(began), "answer", err)
		}
		wait := probeEvery
		if time.Since(began) > time.Second { // each question is a line in the log
			wait = standbyEvery
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// awaitUsers waits until no other program uses our server, and then keeps new
// ones from attaching to it; but not for longer than handoverWait.
func (k *keeper) awaitUsers(c *child) {
	ctx, cancel := context.WithTimeout(context.Background(), handoverWait)
	defer cancel()
	go func() {
		select {
		case <-c.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := k.users.take(ctx, exclusive); errors.Is(err, context.DeadlineExceeded) {
		k.log.Info("leaving a private server to another program", "server", k.server.name())
	}
}

// url and process answer for a server that is not wanted, too.
func (k *keeper) url() string {
	if k == nil {
		return ""
	}
	return k.server.url()
}

func (k *keeper) process() int {
	if k == nil {
		return 0
	}
	return int(k.pid.Load())
}
