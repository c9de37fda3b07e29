package turn_test

import (
	"testing"
	"testing/synctest"
	"time"

	"okoshko/dialogs/dialog/turn"
)

// What was said in a turn is on its way until the channel has taken it, or refused it
// for good; what stands in no log has reached nobody.
func TestFateOfATurn(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		fate := func(what string, at turn.Position, want turn.Fate, why string) {
			t.Helper()
			got, err := r.Fate(t.Context(), anna, at)
			if err != nil || got.Fate != want || got.Why != why {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, Why: "429", After: 30 * time.Second}, false))
		held := r.take(t, s.text("/order")).Position
		synctest.Wait()
		fate("while the channel is held", held, turn.Later, "")
		for range 120 { // more than is read at a time
			r.take(t, s.text("/poke"))
		}
		fate("behind others", held, turn.Later, "")
		time.Sleep(time.Minute)
		fate("afterwards", held, turn.Sent, "")
		s.channel.Trouble(once(turn.Report{Fate: turn.Refused, Why: "blocked"}, false))
		blocked := r.take(t, s.text("/poke")).Position
		next := r.take(t, s.text("/poke")).Position
		synctest.Wait()
		fate("to one who has blocked us", blocked, turn.Refused, "blocked")
		fate("the next one", next, turn.Sent, "")
		fate("a turn that no store knows", turn.Position{Revision: next.Revision + 9}, turn.Refused, "lost")
		time.Sleep(3 * turn.KeepFor) // the archive alone has it
		fate("long ago", held, turn.Sent, "")
		fate("long ago, blocked", blocked, turn.Refused, "blocked")
	})
}

// A client that reads the log itself has what stands there.
func TestFateWhereTheLogIsRead(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.open(t)
		r.Channels = nil
		at := r.take(t, s.text("/poke")).Position
		if got, err := r.Fate(t.Context(), anna, at); err != nil || got.Fate != turn.Sent {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
