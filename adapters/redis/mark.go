package redis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Mark implements turn.Conversations. The mark is "" when the partitions do
// not carry one and the same.
func (s *Store) Mark(ctx context.Context) (mark, server string, err error) {
	cmds := make([]*redis.StringCmd, 0, Partitions)
	pipe := s.client.Pipeline()
	for i := range s.keys.partitions {
		cmds = append(cmds, pipe.Get(ctx, s.keys.partitions[i].mark))
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for i, cmd := range cmds {
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return "", "", wrap("read mark", err)
		}
		switch {
		case i == 0:
			mark = cmd.Val()
		case cmd.Val() != mark:
			mark = ""
		}
	}
	server, err = s.server(ctx)
	return mark, server, err
}

// SetMark implements turn.Conversations.
func (s *Store) SetMark(ctx context.Context, mark string) error {
	pipe := s.client.Pipeline()
	for i := range s.keys.partitions {
		pipe.Set(ctx, s.keys.partitions[i].mark, mark, 0)
	}
	_, err := pipe.Exec(ctx)
	return wrap("write mark", err)
}

// server names the data of all masters: what they are called changes with a
// restart, and with a failover.
func (s *Store) server(ctx context.Context) (string, error) {
	var mu sync.Mutex
	var ids []string
	err := s.masters(ctx, func(ctx context.Context, node *redis.Client) error {
		id, err := identify(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return "", wrap("identify server", err)
	}
	slices.Sort(ids)
	return strings.Join(ids, ","), nil
}

// informer is a client, or one connection of it.
type informer interface {
	Info(ctx context.Context, sections ...string) *redis.StringCmd
}

// identify returns "<run ID>/<replication ID>": a restart changes the first, a
// failover both.
func identify(ctx context.Context, node informer) (string, error) {
	run, err := info(ctx, node, "server")
	if err != nil {
		return "", err
	}
	replication, err := info(ctx, node, "replication")
	if err != nil {
		return "", err
	}
	return run["run_id"] + "/" + replication["master_replid"], nil
}

// info returns a section of INFO by name.
func info(ctx context.Context, node informer, section string) (map[string]string, error) {
	text, err := node.Info(ctx, section).Result()
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			values[name] = value
		}
	}
	return values, nil
}
