package redis

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// From implements turn.History.
func (s *Store) From(ctx context.Context, c chat.Conversation, p turn.Position, limit int) (turn.Stretch, error) {
	return s.stretch(ctx, c, "from", p, limit)
}

// Ahead implements turn.History.
func (s *Store) Ahead(ctx context.Context, c chat.Conversation, p turn.Position, limit int) (turn.Stretch, error) {
	stretch, err := s.stretch(ctx, c, "ahead", p, limit)
	slices.Reverse(stretch.Entries)
	return stretch, err
}

func (s *Store) stretch(ctx context.Context, c chat.Conversation, way string, p turn.Position, limit int) (turn.Stretch, error) {
	k := s.keys.of(c)
	reply, err := s.run(ctx, stretchScript, []string{k.record, k.log}, way, position(p), strconv.Itoa(limit)).Slice()
	if err != nil {
		return turn.Stretch{}, wrap("read log", err)
	}
	stretch, err := decodeStretch(reply)
	return stretch, wrap("decode log", err)
}

func decodeStretch(reply []any) (s turn.Stretch, err error) {
	if len(reply) != 4 {
		return s, errReply
	}
	found, _ := reply[0].(int64)
	s.Found = found == 1
	s.Mark, _ = reply[1].(string)
	floor, _ := reply[2].(string)
	if s.Floor, err = turn.ParsePosition(floor); err != nil {
		return s, err
	}
	s.Entries, err = decodeEntries(reply[3])
	return s, err
}

// Newest implements turn.History, in one round trip to each node.
func (s *Store) Newest(ctx context.Context, cs []chat.Conversation) ([]turn.Position, error) {
	if len(cs) == 0 {
		return nil, nil
	}
	cmds := make([]*redis.StringCmd, len(cs))
	pipe := s.client.Pipeline()
	for i, c := range cs {
		cmds[i] = pipe.HGet(ctx, s.keys.of(c).record, "last")
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	newest := make([]turn.Position, len(cs))
	for i, cmd := range cmds {
		last, err := cmd.Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return nil, wrap("look for news", err)
		}
		if newest[i], err = turn.ParsePosition(last); err != nil {
			return nil, wrap("look for news", err)
		}
	}
	return newest, nil
}
