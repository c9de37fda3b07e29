package turn_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/dialogs/dialog/turn/turntest"
)

// counted has the calls of a port counted that a replica makes.
func (r *replica) counted(name string) *atomic.Int64 {
	var n atomic.Int64
	r.stores.Trouble(func(c turntest.Call) turntest.Trouble {
		if c.Name == name && c.Conversation == anna {
			n.Add(1)
		}
		return turntest.Fine
	})
	return &n
}

func TestWhoCommittedLastNeedNotLoad(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		loads := r.counted("Load")
		s.fill(t, r)
		r.take(t, s.press(t, "Отправить"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, done)
		if n := loads.Load(); n > 2 { // the first turn, and the one that waits for its command
			t.Errorf("five turns loaded %d times", n)
		}
		time.Sleep(3 * time.Minute)
		before := loads.Load()
		r.take(t, s.text("/order"))
		if loads.Load() == before {
			t.Error("it is remembered for ever")
		}
	})
}

// TestWhatAnotherCommittedIsSeen: one replica remembers a conversation that
// another has taken further.
func TestWhatAnotherCommittedIsSeen(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		a.take(t, s.text("/order"))
		b.take(t, s.text("лампа"))
		synctest.Wait()
		a.take(t, s.text("3"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary)
		b.take(t, s.text("меню")) // b is at the question before; by now, another word
		a.take(t, s.press(t, "Отправить"))
		synctest.Wait()
		if n := len(s.desk.Facts()); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

// TestAPressThatMeantNothingIsLookedAtAgain: by what the replica remembers the
// button does not exist; nothing would be committed, so nothing would tell.
func TestAPressThatMeantNothingIsLookedAtAgain(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		a.take(t, s.text("/order"))
		b.take(t, s.text("лампа"))
		b.take(t, s.text("3"))
		synctest.Wait()
		ack := a.take(t, s.press(t, "Отправить"))
		synctest.Wait()
		if ack.Position.Revision == 0 {
			t.Errorf("nothing was committed: %q", ack.Toast)
		}
		s.expect(t, askWhat, askMany, summary, done)
	})
}

func TestAnEventThatWasTakenIsNotTakenAgain(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		ev := s.text("/order")
		first := r.take(t, ev)
		if again := r.take(t, ev); again.Position != first.Position {
			t.Errorf("taken at %s and again at %s", first.Position, again.Position)
		}
		synctest.Wait()
		s.expect(t, askWhat)
	})
}

// TestTwoReplicasDoNotStepInVain: where both take turns of a conversation, memory
// is not trusted for a while after it was wrong once.
func TestTwoReplicasDoNotStepInVain(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		commits := a.counted("Commit")
		const turns = 20
		for range turns {
			a.take(t, s.text("/order"))
			b.take(t, s.text("отмена"))
			synctest.Wait()
		}
		if n := commits.Load(); n > turns+2 {
			t.Errorf("%d turns tried %d commits", turns, n)
		}
	})
}
