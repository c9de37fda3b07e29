package redis_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"okoshko/adapters/redis/redistest"
	"okoshko/core/chat"
)

// BenchmarkCommit loads and commits turns on a server that writes to the disk
// before it answers, one turn at a time and 32 side by side. BenchmarkSet is
// what a bare SET costs on the same server.
func BenchmarkCommit(b *testing.B) {
	for _, parallel := range []int{1, 32} {
		b.Run(strconv.Itoa(parallel), func(b *testing.B) {
			s := redistest.Open(b)
			ctx := context.Background()
			if err := s.SetMark(ctx, mark); err != nil {
				b.Fatal(err)
			}
			spread(b, parallel, func(worker int) error {
				c := chat.Conversation("tg:" + strconv.Itoa(worker))
				snap, err := s.Load(ctx, c)
				if err != nil {
					return err
				}
				_, err = s.Commit(ctx, said(c, snap.Revision, 1))
				return err
			})
		})
	}
}

// BenchmarkSet is the yardstick of BenchmarkCommit.
func BenchmarkSet(b *testing.B) {
	for _, parallel := range []int{1, 32} {
		b.Run(strconv.Itoa(parallel), func(b *testing.B) {
			c := redistest.Client(redistest.Config(b))
			defer c.Close()
			ctx := context.Background()
			spread(b, parallel, func(worker int) error {
				return c.Set(ctx, "k"+strconv.Itoa(worker), "value", 0).Err()
			})
		})
	}
}

// spread does b.N things on so many goroutines.
func spread(b *testing.B, workers int, do func(worker int) error) {
	b.ReportAllocs()
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	done := make(chan error, workers)
	for i := range workers {
		go func() {
			for left.Add(-1) >= 0 {
				if err := do(i); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range workers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}
