package redis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Due implements turn.Agenda. While part of a cluster is away the rest is
// served.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]chat.Conversation, error) {
	cmds := make([]*redis.ZSliceCmd, 0, Partitions)
	pipe := s.client.Pipeline()
	for i := range s.keys.partitions {
		cmds = append(cmds, pipe.ZRangeByScoreWithScores(ctx, s.keys.partitions[i].due,
			&redis.ZRangeBy{Min: "-inf", Max: micros(now), Count: int64(limit)}))
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	var found []redis.Z
	var failed error
	answered := false
	for _, cmd := range cmds {
		if err := cmd.Err(); err != nil {
			failed = err
			continue
		}
		answered = true
		found = append(found, cmd.Val()...)
	}
	if !answered {
		return nil, wrap("list due conversations", failed)
	}
	slices.SortStableFunc(found, func(a, b redis.Z) int { return cmp.Compare(a.Score, b.Score) })
	due := make([]chat.Conversation, len(found))
	for i, z := range found {
		name, _ := z.Member.(string)
		due[i] = chat.Conversation(name)
	}
	return due, nil
}

// OldestDue returns how long the conversation that waits longest has been due;
// zero if none is. One that was just restored does not count: since when it
// waits is not known here.
func (s *Store) OldestDue(ctx context.Context, now time.Time) (time.Duration, error) {
	cmds := make([]*redis.ZSliceCmd, 0, Partitions)
	pipe := s.client.Pipeline()
	for i := range s.keys.partitions {
		cmds = append(cmds, pipe.ZRangeByScoreWithScores(ctx, s.keys.partitions[i].due,
			&redis.ZRangeBy{Min: "(0", Max: "+inf", Count: 1}))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, wrap("look for what is overdue", err)
	}
	var longest time.Duration
	for _, cmd := range cmds {
		for _, z := range cmd.Val() {
			longest = max(longest, now.Sub(time.UnixMicro(int64(z.Score))))
		}
	}
	return longest, nil
}

// Claim implements turn.Agenda.
func (s *Store) Claim(ctx context.Context, c chat.Conversation, now time.Time) (deliver, ok bool, err error) {
	k := s.keys.of(c)
	ok, deliver, err = pair(s.run(ctx, claimScript, []string{k.record, k.due},
		string(c), micros(now), micros(now.Add(turn.LeaseFor)), s.replica, leaseFor))
	return deliver, ok, wrap("claim conversation", err)
}

// Settle implements turn.Agenda.
func (s *Store) Settle(ctx context.Context, c chat.Conversation, now time.Time, idle time.Duration) error {
	k := s.keys.of(c)
	err := s.run(ctx, settleScript, []string{k.record, k.due}, string(c), micros(now), microseconds(idle)).Err()
	return wrap("settle conversation", err)
}

// Schedule implements turn.Agenda.
func (s *Store) Schedule(ctx context.Context, due map[chat.Conversation]time.Time) error {
	if len(due) == 0 {
		return nil
	}
	var parts [Partitions][]redis.Z
	for c, at := range due {
		p := Partition(c)
		parts[p] = append(parts[p], redis.Z{Score: float64(at.UnixMicro()), Member: string(c)})
	}
	pipe := s.client.Pipeline()
	for p, members := range parts {
		if len(members) > 0 {
			pipe.ZAddLT(ctx, s.keys.partitions[p].due, members...)
		}
	}
	_, err := pipe.Exec(ctx)
	return wrap("schedule conversations", err)
}
