package redis

import (
	"context"
	"time"
)

// Lease takes or renews what only one replica may do at a time, such as
// polling, for d of real time. mine is false while it is another's.
func (s *Store) Lease(ctx context.Context, name string, d time.Duration) (mine bool, err error) {
	mine, err = s.ask(ctx, leaseScript, []string{s.keys.lease(name)}, s.replica, millis(d))
	return mine, wrap("take lease", err)
}

// Release ends a lease of Lease, if it is ours.
func (s *Store) Release(ctx context.Context, name string) error {
	return wrap("release lease", s.run(ctx, releaseScript, []string{s.keys.lease(name)}, s.replica).Err())
}
