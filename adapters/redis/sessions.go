package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/staff"
)

// SaveSession keeps a session of the console under the secret that its holder
// has, for idle of real time; only a hash of the secret is kept.
func (s *Store) SaveSession(ctx context.Context, secret string, v staff.Session, idle time.Duration) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	id, list := sessionID(secret), s.keys.sessions(v.Staff)
	pipe := s.client.Pipeline()
	pipe.SAdd(ctx, list, id) // before the session: one that is open can be found
	pipe.ExpireAt(ctx, list, v.Until)
	pipe.Set(ctx, s.keys.session(id), text, idle)
	_, err = pipe.Exec(ctx)
	return wrap("save session", err)
}

// Session returns the session of a secret, if there is one, and prolongs it by
// idle, unless that is zero. One that its holder has ended elsewhere is not open: ok is
// false, and Ended says so, for as long as it would have lasted unused.
func (s *Store) Session(ctx context.Context, secret string, idle time.Duration) (v staff.Session, ok bool, err error) {
	return s.sessionAt(ctx, sessionID(secret), idle)
}

func (s *Store) sessionAt(ctx context.Context, id string, idle time.Duration) (v staff.Session, ok bool, err error) {
	get := s.client.Get
	if idle > 0 {
		get = func(ctx context.Context, key string) *redis.StringCmd { return s.client.GetEx(ctx, key, idle) }
	}
	text, err := get(ctx, s.keys.session(id)).Bytes()
	if errors.Is(err, redis.Nil) {
		return v, false, nil
	}
	if err != nil {
		return v, false, wrap("find session", err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return v, false, nil //nolint:nilerr // of another version: its holder signs in again
	}
	return v, v.Ended == "", nil
}

// EndSession ends a session; one that has ended is no error.
func (s *Store) EndSession(ctx context.Context, secret string) error {
	return wrap("end session", s.client.Del(ctx, s.keys.session(sessionID(secret))).Err())
}

// Sessions lists the open sessions of one of the staff, the newest first, and
// says which is that of the secret. Those that have ended are forgotten.
func (s *Store) Sessions(ctx context.Context, holder int64, secret string) (list []staff.OpenSession, err error) {
	ids, err := s.client.SMembers(ctx, s.keys.sessions(holder)).Result()
	if err != nil {
		return nil, wrap("list sessions", err)
	}
	own := sessionID(secret)
	for _, id := range ids {
		v, ok, err := s.sessionAt(ctx, id, 0)
		if err != nil {
			return nil, err
		}
		if !ok {
			if err := s.client.SRem(ctx, s.keys.sessions(holder), id).Err(); err != nil {
				return nil, wrap("forget session", err)
			}
			continue
		}
		list = append(list, staff.OpenSession{ID: id, Own: id == own, Session: v})
	}
	slices.SortFunc(list, func(a, b staff.OpenSession) int { return b.Since.Compare(a.Since) })
	return list, nil
}

// EndSessionOf ends a session of one of the staff by its ID; found is false if
// he has none such.
func (s *Store) EndSessionOf(ctx context.Context, holder int64, id string) (found bool, err error) {
	n, err := s.client.SRem(ctx, s.keys.sessions(holder), id).Result()
	if err != nil || n == 0 {
		return false, wrap("end session", err)
	}
	v, ok, err := s.sessionAt(ctx, id, 0)
	if err != nil || !ok {
		return true, err
	}
	text, err := json.Marshal(staff.Session{Staff: v.Staff, Until: v.Until, Ended: staff.EndedByOwner})
	if err != nil {
		return false, fmt.Errorf("encode session: %w", err)
	}
	err = s.client.SetArgs(ctx, s.keys.session(id), text, redis.SetArgs{Mode: "XX", KeepTTL: true}).Err()
	if errors.Is(err, redis.Nil) { // it has run out at this moment
		err = nil
	}
	return true, wrap("end session", err)
}
