package redis_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/redis"
	"okoshko/adapters/redis/redistest"
)

func TestTriesSlide(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const subject, hour = "account:0145201372", time.Hour
		reserve := func(event string, now time.Time, want bool) {
			t.Helper()
			got, err := s.Reserve(t.Context(), []string{subject}, event, now, hour, 2)
			if err != nil || (len(got) == 1) != want {
				t.Errorf("try %s: %v, %v", event, got, err)
			}
		}
		reserve("a", noon, true)
		reserve("a", noon, true) // the same try
		reserve("b", noon.Add(time.Minute), true)
		reserve("c", noon.Add(2*time.Minute), false)
		reserve("c", noon.Add(hour), true) // a has slid out
		reserve("d", noon.Add(hour), false)
		if err := s.Forgive(t.Context(), []string{subject}, "b"); err != nil {
			t.Fatal(err)
		}
		reserve("d", noon.Add(hour), true)
		got, err := s.Reserve(t.Context(), []string{subject, "chat:1"}, "e", noon.Add(hour), hour, 2)
		if err != nil || len(got) != 1 || got[0] != "chat:1" {
			t.Errorf("of two subjects, one full: %q, %v", got, err)
		}
	})
}

func TestParallelTriesDoNotPassTheLimit(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		var allowed atomic.Int64
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				got, err := s.Reserve(t.Context(), []string{"chat:1"}, string(rune('a'+i)), noon, time.Hour, 5)
				if err != nil {
					t.Error(err)
				}
				if len(got) == 1 {
					allowed.Add(1)
				}
			})
		}
		all.Wait()
		if allowed.Load() != 5 {
			t.Errorf("%d tries of 5 were allowed", allowed.Load())
		}
	})
}

func TestNoKeyShowsWhoIsGuessedAt(t *testing.T) {
	t.Parallel()
	c := redistest.Config(t)
	s := redistest.Connect(t, c)
	if _, err := s.Reserve(t.Context(), []string{"account:0145201372"}, "e", noon, time.Hour, 5); err != nil {
		t.Fatal(err)
	}
	conn := redistest.Client(c)
	defer conn.Close()
	keys := conn.Keys(t.Context(), "*").Val()
	if len(keys) != 1 || strings.Contains(keys[0], "0145201372") {
		t.Fatalf("keys %q", keys)
	}
	if ttl := conn.TTL(t.Context(), keys[0]).Val(); ttl <= 0 || ttl > time.Hour {
		t.Errorf("it lives for %s", ttl)
	}
}

func TestALeaseIsOneReplicas(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b := h.replica(t), h.replica(t)
		take := func(s *redis.Store, want bool) {
			t.Helper()
			if got, err := s.Lease(t.Context(), "poller", time.Minute); err != nil || got != want {
				t.Errorf("lease: %v, %v", got, err)
			}
		}
		take(a, true)
		take(a, true)
		take(b, false)
		if err := b.Release(t.Context(), "poller"); err != nil { // it is not b's
			t.Fatal(err)
		}
		take(b, false)
		if err := a.Release(t.Context(), "poller"); err != nil {
			t.Fatal(err)
		}
		take(b, true)
		if mine, err := a.Lease(t.Context(), "short", time.Millisecond); err != nil || !mine {
			t.Fatal(mine, err)
		}
		eventually(t, "it runs out", func() bool {
			mine, err := b.Lease(t.Context(), "short", time.Minute)
			return err == nil && mine
		})
	})
}

func TestDurability(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := redistest.Connect(t, server.Config())
	conn := redistest.Client(server.Config())
	defer conn.Close()
	for _, step := range []struct {
		setting, value string
		want           redis.Verdict
	}{
		{"appendfsync", "always", redis.KeepsAll},
		{"maxmemory-policy", "volatile-ttl", redis.KeepsAll},
		{"appendfsync", "everysec", redis.LosesSeconds},
		{"appendonly", "no", redis.LosesMinutes},
		{"maxmemory-policy", "allkeys-lru", redis.Evicts},
	} {
		if err := conn.ConfigSet(t.Context(), step.setting, step.value).Err(); err != nil {
			t.Fatal(err)
		}
		d, err := s.Durability(t.Context())
		if err != nil || d.Verdict != step.want || d.Safe() != (step.want == redis.KeepsAll) {
			t.Errorf("%s %s: %s, %v", step.setting, step.value, d, err)
		}
	}
	for _, command := range [][]any{ // a managed server that forbids CONFIG
		{"CONFIG", "SET", "maxmemory-policy", "noeviction"},
		{"CONFIG", "SET", "appendonly", "yes"},
		{"ACL", "SETUSER", "default", "-config"},
	} {
		if err := conn.Do(t.Context(), command...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	d, err := s.Durability(t.Context())
	if err != nil || d.Verdict != redis.Unknown || d.AppendOnly != "yes" || d.AppendFsync != "unknown" {
		t.Errorf("without CONFIG: %s, %v", d, err)
	}
	d, err = redistest.Connect(t, redistest.Cluster(t)).Durability(t.Context())
	if err != nil || !d.Safe() {
		t.Errorf("cluster: %s, %v", d, err)
	}
}
