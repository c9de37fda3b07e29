package redis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/staff"
)

// A session is found by its secret on every replica, until it is ended or has
// not been used for a while.
func TestSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b, ctx := h.replica(t), h.replica(t), t.Context()
		want := staff.Session{Staff: 3, Version: 2, CSRF: "token", Until: time.Now().Add(time.Hour).UTC().Truncate(time.Second), Half: true, Address: "10.0.0.1"}
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
		for deadline := time.Now().Add(time.Minute); ; {
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

// Sessions are listed for their holder alone, and ended by him alone.
func TestSessionsOfOne(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s, ctx, start := h.replica(t), t.Context(), time.Now().UTC().Truncate(time.Second)
		save := func(secret string, holder int64, since time.Duration) {
			t.Helper()
			v := staff.Session{Staff: holder, Since: start.Add(since), Until: start.Add(time.Hour)}
			if err := s.SaveSession(ctx, secret, v, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		save("first", 3, 0)
		save("second", 3, time.Minute)
		save("gone", 3, time.Second)
		save("other", 4, 0)
		if err := s.EndSession(ctx, "gone"); err != nil {
			t.Fatal(err)
		}
		list, err := s.Sessions(ctx, 3, "first")
		if err != nil || len(list) != 2 || !list[0].Since.After(list[1].Since) || list[0].Own || !list[1].Own {
			t.Fatalf("%+v, %v", list, err)
		}
		if found, err := s.EndSessionOf(ctx, 4, list[0].ID); found || err != nil {
			t.Errorf("a colleague ends it: %v, %v", found, err)
		}
		if _, ok, err := s.Session(ctx, "second", 0); !ok || err != nil {
			t.Errorf("it is gone: %v, %v", ok, err)
		}
		if found, err := s.EndSessionOf(ctx, 3, list[0].ID); !found || err != nil {
			t.Errorf("it is not found: %v, %v", found, err)
		}
		if v, ok, err := s.Session(ctx, "second", time.Minute); ok || err != nil || v.Ended != staff.EndedByOwner {
			t.Errorf("it outlives its end, or its holder is not told: %+v, %v, %v", v, ok, err)
		}
		if left, err := s.Sessions(ctx, 3, "first"); err != nil || len(left) != 1 {
			t.Errorf("what was ended is listed: %+v, %v", left, err)
		}
		if _, ok, err := s.Session(ctx, list[0].ID, 0); ok || err != nil {
			t.Errorf("an ID opens a session: %v, %v", ok, err)
		}
	})
}
