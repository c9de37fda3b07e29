package redis_test

import (
	"testing"
	"time"

	"okoshko/adapters/redis/redistest"
)

func TestTickets(t *testing.T) {
	t.Parallel()
	s, ctx := redistest.Open(t), t.Context()
	if fresh, err := s.PutTicket(ctx, "a", "anna", time.Minute); !fresh || err != nil {
		t.Fatalf("put: %v, %v", fresh, err)
	}
	if fresh, err := s.PutTicket(ctx, "a", "boris", time.Minute); fresh || err != nil {
		t.Errorf("put again: %v, %v", fresh, err)
	}
	if value, ok, err := s.TakeTicket(ctx, "a"); value != "anna" || !ok || err != nil {
		t.Errorf("taken: %q, %v, %v", value, ok, err)
	}
	if value, ok, err := s.TakeTicket(ctx, "a"); value != "" || ok || err != nil {
		t.Errorf("taken twice: %q, %v, %v", value, ok, err)
	}
	if fresh, err := s.PutTicket(ctx, "short", "", time.Millisecond); !fresh || err != nil {
		t.Fatal(fresh, err)
	}
	eventually(t, "it runs out", func() bool {
		_, ok, err := s.TakeTicket(ctx, "short")
		return !ok && err == nil
	})
}
