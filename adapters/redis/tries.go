package redis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// triesKey hides the subject, which may be an account's number.
func (s *Store) triesKey(subject string) string {
	sum := sha256.Sum256([]byte("okoshko tries\n" + subject))
	return s.keys.tries(hex.EncodeToString(sum[:]))
}

// Reserve implements customer.Tries: the window slides.
func (s *Store) Reserve(ctx context.Context, subjects []string, event string, now time.Time, window time.Duration, limit int) ([]string, error) {
	args := []any{event, micros(now), micros(now.Add(-window)), strconv.Itoa(limit), millis(window)}
	calls := make([]call, len(subjects))
	for i, subject := range subjects {
		calls[i] = call{keys: []string{s.triesKey(subject)}, args: args}
	}
	counted := make([]string, 0, len(subjects))
	for i, cmd := range s.batch(ctx, reserveScript, calls) {
		n, err := cmd.Int()
		if err != nil {
			return nil, wrap("reserve try", err)
		}
		if n == 1 {
			counted = append(counted, subjects[i])
		}
	}
	return counted, nil
}

// Forgive implements customer.Tries.
func (s *Store) Forgive(ctx context.Context, subjects []string, event string) error {
	pipe := s.client.Pipeline()
	for _, subject := range subjects {
		pipe.ZRem(ctx, s.triesKey(subject), event)
	}
	_, err := pipe.Exec(ctx)
	return wrap("forgive try", err)
}
