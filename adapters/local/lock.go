package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock is an flock on a file. The kernel drops it with its process, so that no
// kill leaves one behind; Go opens files close-on-exec, so that no child keeps
// one. The zero file means that it is not held.
type lock struct {
	path string
	file *os.File
}

const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// try takes the lock in the given mode and reports whether it is held now.
func (l *lock) try(mode int) (bool, error) {
	if l.file != nil {
		return true, nil
	}
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, fmt.Errorf("open lock: %w", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), mode|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		l.file = f
		return true, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return false, fmt.Errorf("lock %s: %w", l.path, err)
}

// take waits for the lock until ctx ends.
func (l *lock) take(ctx context.Context, mode int) error {
	for {
		held, err := l.try(mode)
		if held || err != nil {
			return err
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
}

// drop gives the lock back, if it is held.
func (l *lock) drop() {
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
}

// pause waits for d, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
