package turn_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/dialogs/dialog/turn"
)

// positions of a page.
func positions(p turn.Page) []turn.Position {
	out := make([]turn.Position, len(p.Lines))
	for i, l := range p.Lines {
		out[i] = l.Position
	}
	return out
}

// recorded is what a page should hold: the log from its i-th to before its j-th
// entry.
func (s *stage) recorded(i, j int) []turn.Position {
	var out []turn.Position
	for _, e := range s.memory.Log(anna)[i:j] {
		out = append(out, e.Position)
	}
	return out
}

func mustPage(t *testing.T) func(turn.Page, error) turn.Page {
	return func(p turn.Page, err error) turn.Page {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

func TestTheLogIsReadOnAndBack(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, page := s.run(t), mustPage(t)
		if p := page(r.Log(t.Context(), anna, turn.Position{}, 10)); len(p.Lines) > 0 || p.Older || p.Reset {
			t.Errorf("an empty log: %+v", p)
		}
		for range 4 {
			r.take(t, s.text("/poke"))
			synctest.Wait()
		}
		all := len(s.memory.Log(anna)) // what came, the reply, its receipt
		read := func(where string) {
			t.Helper()
			log := s.memory.Log(anna)
			for i, e := range log {
				p := page(r.Log(t.Context(), anna, e.Position, all))
				if !slices.Equal(positions(p), s.recorded(i+1, all)) || p.Reset || p.Newer {
					t.Errorf("%s, after %s: %v", where, e.Position, positions(p))
				}
				p = page(r.Before(t.Context(), anna, e.Position, 3))
				if !slices.Equal(positions(p), s.recorded(max(0, i-3), i)) || p.Older != (i > 3) {
					t.Errorf("%s, before %s: %v, older %v", where, e.Position, positions(p), p.Older)
				}
				if l, found, err := r.Line(t.Context(), anna, e.Position); err != nil || !found || l.Kind != e.Kind {
					t.Errorf("%s, at %s: %+v, %v, %v", where, e.Position, l, found, err)
				}
			}
			p := page(r.Log(t.Context(), anna, turn.Position{}, 2))
			if !slices.Equal(positions(p), s.recorded(all-2, all)) || !p.Older {
				t.Errorf("%s, the last page: %v", where, positions(p))
			}
			if p = page(r.Log(t.Context(), anna, log[0].Position, 2)); !slices.Equal(positions(p), s.recorded(1, 3)) || !p.Newer {
				t.Errorf("%s, a part: %v, newer %v", where, positions(p), p.Newer)
			}
		}
		read("live")
		time.Sleep(turn.KeepFor + time.Hour) // evicted meanwhile
		synctest.Wait()
		if _, found := s.memory.Live(anna); found {
			t.Fatal("the conversation is still live")
		}
		read("archived")
		r.take(t, s.text("/poke"))
		synctest.Wait()
		all = len(s.memory.Log(anna))
		read("restored")
	})
}

func TestAnUnknownPositionResets(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, page := s.run(t), mustPage(t)
		r.take(t, s.text("/poke"))
		synctest.Wait()
		log := s.memory.Log(anna)
		for _, p := range []turn.Position{
			{Revision: log[0].Position.Revision - 1}, {Revision: log[0].Position.Revision, N: 9}, {Revision: log[0].Position.Revision + 5},
		} {
			if got := page(r.Log(t.Context(), anna, p, 10)); !got.Reset || len(got.Lines) != len(log) {
				t.Errorf("after %s: %+v", p, got)
			}
		}
		s.memory.Erase(anna)
		if got := page(r.Log(t.Context(), anna, log[1].Position, 10)); !got.Reset || len(got.Lines) != 0 {
			t.Errorf("after an erasure: %+v", got)
		}
	})
}

func TestTheLogAfterALoss(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, page := s.run(t), mustPage(t)
		r.take(t, s.text("/poke"))
		time.Sleep(time.Second) // archived
		synctest.Wait()
		rollBack := s.memory.Copy()
		r.take(t, s.text("/poke"))
		synctest.Wait()
		last := s.memory.Log(anna)
		rollBack()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		ack := r.take(t, s.text("/poke"))
		synctest.Wait()
		p := page(r.Before(t.Context(), anna, turn.Position{}, 100))
		if !slices.IsSortedFunc(p.Lines, func(a, b turn.Line) int {
			if a.Position.Before(b.Position) {
				return -1
			}
			return 1
		}) {
			t.Errorf("out of order: %v", positions(p))
		}
		if !ack.Position.Before(p.Lines[len(p.Lines)-1].Position) || !last[len(last)-1].Position.Before(ack.Position) {
			t.Errorf("acknowledged at %s, log %v", ack.Position, positions(p))
		}
	})
}
