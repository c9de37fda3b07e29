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
func (s *Store) Reserve(ctx context.Context, subject, event string, now time.Time, window time.Duration, limit int) (bool, error) {
	allowed, err := s.ask(ctx, reserveScript, []string{s.triesKey(subject)},
		event, micros(now), micros(now.Add(-window)), strconv.Itoa(limit), millis(window))
	return allowed, wrap("reserve try", err)
}

// Forgive implements customer.Tries.
func (s *Store) Forgive(ctx context.Context, subject, event string) error {
	return wrap("forgive try", s.client.ZRem(ctx, s.triesKey(subject), event).Err())
}
