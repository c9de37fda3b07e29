package redis

import (
	"context"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// seam is the one way to Redis. While few calls are under way each goes
// straight, which is quickest for it; above that go-redis pipelines the calls
// of different turns, which saves a third of the servers' work.
type seam struct {
	client redis.UniversalClient
	auto   *redis.AutoPipeliner // nil: never
	few    int64
	inside atomic.Int64
}

// few is the number of calls under way from which pipelining gains more than
// it delays.
const few = 12

// way returns how a call goes; leave has to be called after it.
func (s *seam) way(ctx context.Context) (redis.UniversalClient, error) {
	// AutoPipeline does not look at contexts: an ended one must not begin.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.inside.Add(1) > s.few && s.auto != nil {
		return s.auto, nil
	}
	return s.client, nil
}

func (s *seam) leave() { s.inside.Add(-1) }

// run carries a script out. Run loads it where the server has lost it.
func (s *seam) run(ctx context.Context, script *redis.Script, keys []string, args ...any) *redis.Cmd {
	way, err := s.way(ctx)
	if err != nil {
		cmd := redis.NewCmd(ctx)
		cmd.SetErr(err)
		return cmd
	}
	defer s.leave()
	return script.Run(ctx, way, keys, args...)
}

// ask runs a script that answers yes or no.
func (s *seam) ask(ctx context.Context, script *redis.Script, keys []string, args ...any) (bool, error) {
	n, err := s.run(ctx, script, keys, args...).Int64()
	return n == 1, err
}

// call is a script with what it is given, for batch.
type call struct {
	keys []string
	args []any
}

// batch carries a script out for many keys, in one round trip to each node. A
// server that has lost the script refuses every call of a pipeline; they are
// made again one by one.
func (s *seam) batch(ctx context.Context, script *redis.Script, calls []call) []*redis.Cmd {
	cmds := make([]*redis.Cmd, len(calls))
	pipe := s.client.Pipeline()
	for i, c := range calls {
		cmds[i] = pipe.EvalSha(ctx, script.Hash(), c.keys, c.args...)
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for i, c := range calls {
		if redis.HasErrorPrefix(cmds[i].Err(), "NOSCRIPT") {
			cmds[i] = script.Run(ctx, s.client, c.keys, c.args...)
		}
	}
	return cmds
}

// masters calls do with every server that takes writes, on a cluster side by
// side.
func (s *seam) masters(ctx context.Context, do func(context.Context, *redis.Client) error) error {
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, do)
	}
	return do(ctx, s.client.(*redis.Client)) // connect makes no other
}
