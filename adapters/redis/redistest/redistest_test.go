package redistest_test

import (
	"testing"

	"okoshko/adapters/redis/redistest"
)

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	a, b := redistest.Config(t), redistest.Config(t)
	one, two := redistest.Client(a), redistest.Client(b)
	defer one.Close()
	defer two.Close()
	if err := one.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := two.Exists(t.Context(), "k").Val(); n != 0 {
		t.Error("a test sees the keys of another")
	}
}

func TestAKilledServerComesBackWithItsData(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := redistest.Client(s.Config())
	defer c.Close()
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Kill(t)
	if got := c.Get(t.Context(), "k").Val(); got != "v" {
		t.Errorf("after the kill k is %q", got)
	}
}

func TestTheClusterServesEverySlot(t *testing.T) {
	t.Parallel()
	store := redistest.Connect(t, redistest.Cluster(t))
	if err := store.SetMark(t.Context(), "m"); err != nil { // a key in every partition
		t.Fatal(err)
	}
	if mark, _, err := store.Mark(t.Context()); err != nil || mark != "m" {
		t.Errorf("mark is %q, %v", mark, err)
	}
}
