package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/desk"
)

// SaveSession keeps a session of the console under the secret that its holder
// has, for idle of real time; only a hash of the secret is kept.
func (s *Store) SaveSession(ctx context.Context, secret string, v desk.Session, idle time.Duration) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	return wrap("save session", s.client.Set(ctx, s.keys.session(secret), text, idle).Err())
}

// Session returns the session of a secret, if there is one, and prolongs it by
// idle, unless that is zero.
func (s *Store) Session(ctx context.Context, secret string, idle time.Duration) (v desk.Session, ok bool, err error) {
	get := s.client.Get
	if idle > 0 {
		get = func(ctx context.Context, key string) *redis.StringCmd { return s.client.GetEx(ctx, key, idle) }
	}
	text, err := get(ctx, s.keys.session(secret)).Bytes()
	if errors.Is(err, redis.Nil) {
		return v, false, nil
	}
	if err != nil {
		return v, false, wrap("find session", err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return v, false, nil //nolint:nilerr // of another version: its holder signs in again
	}
	return v, true, nil
}

// EndSession ends a session; one that has ended is no error.
func (s *Store) EndSession(ctx context.Context, secret string) error {
	return wrap("end session", s.client.Del(ctx, s.keys.session(secret)).Err())
}
