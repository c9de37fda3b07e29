package redis

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// ForcePipeline makes every call go through the pipeline, as under load.
func (s *Store) ForcePipeline() { s.few = 0 }

// RepeatCalls carries every call out twice, as if the first answer were lost.
func (s *Store) RepeatCalls() { s.client.AddHook(twice{}) }

type twice struct{}

func (twice) DialHook(next redis.DialHook) redis.DialHook { return next }

func (twice) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if err := next(ctx, cmd); err != nil {
			return err
		}
		return next(ctx, cmd)
	}
}

func (twice) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if err := next(ctx, cmds); err != nil {
			return err
		}
		return next(ctx, cmds)
	}
}
