package redis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/desk"
)

// A session is found by its secret on every replica, until it is ended or has
// not been used for a while.
func TestSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b, ctx := h.replica(t), h.replica(t), t.Context()
		want := desk.Session{Staff: 3, Version: 2, CSRF: "token", Until: noon}
		if err := a.SaveSession(ctx, "secret", want, time.Minute); err != nil {
			t.Fatal(err)
		}
		for _, idle := range []time.Duration{0, time.Minute} {
			got, ok, err := b.Session(ctx, "secret", idle)
			if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
				t.Errorf("found %v, %v (-want +got):\n%s", ok, err, diff)
			}
		}
		if _, ok, err := b.Session(ctx, "secret2", 0); ok || err != nil {
			t.Errorf("another secret opens it: %v, %v", ok, err)
		}
		// Used, it lives for as long as that use says; not used, it does not.
		if _, _, err := a.Session(ctx, "secret", time.Millisecond); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); ; {
			_, ok, err := b.Session(ctx, "secret", 0)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("it outlives its time")
			}
			time.Sleep(time.Millisecond)
		}
		if err := a.SaveSession(ctx, "secret", want, time.Minute); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := b.EndSession(ctx, "secret"); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, err := a.Session(ctx, "secret", time.Minute); ok || err != nil {
			t.Errorf("it outlives its end: %v, %v", ok, err)
		}
	})
}
