package redis

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// PutTicket keeps a value under a name for d of real time; fresh is false, and
// nothing changes, if there is one. Only a hash of the name is kept.
func (s *Store) PutTicket(ctx context.Context, name, value string, d time.Duration) (fresh bool, err error) {
	fresh, err = s.client.SetNX(ctx, s.keys.ticket(name), value, d).Result()
	return fresh, wrap("put ticket", err)
}

// TakeTicket returns the value and removes it: of many callers one gets it.
func (s *Store) TakeTicket(ctx context.Context, name string) (value string, ok bool, err error) {
	value, err = s.client.GetDel(ctx, s.keys.ticket(name)).Result()
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	return value, err == nil, wrap("take ticket", err)
}
