package turn_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// untilArchived is longer than a change waits for the archiver.
const untilArchived = 2 * time.Second

func TestAWipedStoreIsFilledFromTheArchive(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		time.Sleep(untilArchived)
		before, _ := s.memory.Live(anna)
		s.memory.Wipe()
		ack := r.take(t, s.text("Отправить"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, done)
		if ack.Position.Revision < before.Revision {
			t.Errorf("revision %d after %d", ack.Position.Revision, before.Revision)
		}
		time.Sleep(untilArchived)
		s.memory.Wipe() // and once more
		if again := r.take(t, s.text("/poke")); again.Position.Revision < ack.Position.Revision {
			t.Errorf("revision %d after %d", again.Position.Revision, ack.Position.Revision)
		}
	})
}

func TestTwoLossesInARowGiveNoPositionTwice(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.open(t) // nothing is archived but by hand
		r.take(t, s.text("/order"))
		synctest.Wait()
		archive(t, r)
		s.memory.Wipe()
		time.Sleep(time.Second)
		first := r.take(t, s.text("лампа")) // lost again before it is archived
		synctest.Wait()
		s.memory.Wipe()
		time.Sleep(time.Second)
		second := r.take(t, s.text("бра"))
		if first.Position == second.Position {
			t.Errorf("%s was given twice", first.Position)
		}
	})
}

func TestAFormThatTheArchiveNeverSawSharesNoEffect(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.open(t)
		for range 2 {
			time.Sleep(time.Second)
			s.fill(t, r)
			r.take(t, s.text("Отправить"))
			synctest.Wait()
			s.memory.Wipe()
		}
		if facts := s.desk.Facts(); len(facts) != 2 {
			t.Errorf("two submissions made %d facts", len(facts))
		}
	})
}

// archive copies everything by hand.
func archive(t *testing.T, r *replica) {
	t.Helper()
	dirty, err := r.stores.Dirty(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	chapters, _ := r.stores.Read(t.Context(), dirty)
	if err := r.stores.Save(t.Context(), chapters); err != nil {
		t.Fatal(err)
	}
	if err := r.stores.Archived(t.Context(), chapters, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func TestARolledBackStoreTakesTheNewerState(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		r.take(t, s.text("/order"))
		synctest.Wait()
		rollBack := s.memory.Copy()
		r.take(t, s.text("лампа"))
		r.take(t, s.text("3"))
		time.Sleep(untilArchived)
		rollBack()
		r.take(t, s.text("Отправить"))
		time.Sleep(5 * time.Second)
		s.expect(t, askWhat, askMany, summary, done)
	})
}

func TestARolledBackCursorRepeatsNothing(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.channel.Trouble(lasting(500 * time.Millisecond))
		r.take(t, s.text("/order"))
		synctest.Wait()
		rollBack := s.memory.Copy()
		time.Sleep(3 * time.Second)
		rollBack() // to the same revision, before its delivery
		time.Sleep(10 * time.Second)
		r.take(t, s.text("лампа"))
		time.Sleep(time.Second)
		s.expect(t, askWhat, askMany)
	})
}

func TestAStoreThatIsAheadOfTheArchiveKeepsItsState(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.open(t)
		s.fill(t, r)
		s.memory.Restart()
		before, _ := s.memory.Live(anna)
		ack := r.take(t, s.text("Отправить"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, done)
		if ack.Position.Revision <= before.Revision {
			t.Errorf("revision %d after %d", ack.Position.Revision, before.Revision)
		}
	})
}

func TestALossBringsBackWhatIsOwed(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, After: 5 * time.Second}, false))
		s.desk.Trouble(slow(4 * time.Second))
		r.take(t, s.text("/poke"))
		r.take(t, s.text("Отправить"))
		time.Sleep(untilArchived)
		s.memory.Wipe() // nobody writes: the watch finds it, the agenda is filled
		time.Sleep(15 * time.Second)
		s.expect(t, askWhat, askMany, summary, poked, done)
	})
}

func TestTheAgendaIsFilledBeforeTheStoreIsMarked(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.run(t)
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, After: 3 * time.Second}, false))
		a.take(t, s.text("/order"))
		time.Sleep(untilArchived)
		s.memory.Wipe()
		a.stores.Trouble(func(c turntest.Call) turntest.Trouble { // dies in the middle of it
			if c.Name == "Owing" {
				a.stores.Kill()
			}
			return turntest.Fine
		})
		time.Sleep(5 * time.Second)
		s.run(t)
		time.Sleep(5 * time.Second)
		s.expect(t, askWhat)
	})
}

// away keeps the archive away.
func away(c turntest.Call) turntest.Trouble {
	switch c.Name {
	case "Find", "Save", "Entries", "Owing", "Marks.Mark", "NewMark", "Put":
		return turntest.Refused
	}
	return turntest.Fine
}

func TestLiveConversationsGoOnWithoutTheArchive(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		r.take(t, s.text("/order"))
		r.stores.Trouble(away)
		time.Sleep(10 * time.Second)
		r.take(t, s.text("лампа"))
		stranger := s.text("/order")
		stranger.Conversation = "tg:2"
		if _, err := r.Take(t.Context(), stranger); !fault.Is(err, fault.Unavailable) {
			t.Errorf("an unknown conversation without the archive: %v", err)
		}
		synctest.Wait()
		s.expect(t, askWhat, askMany)
		r.stores.Trouble(nil)
		r.take(t, stranger)
	})
}

func TestALostStoreWaitsForTheArchive(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		r.take(t, s.text("/order"))
		time.Sleep(untilArchived)
		r.stores.Trouble(away)
		s.memory.Restart() // perhaps it has forgotten something: only the archive knows
		ev := s.text("лампа")
		if _, err := r.Take(t.Context(), ev); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a restarted store without the archive: %v", err)
		}
		r.stores.Trouble(nil)
		r.take(t, ev)
	})
}

func TestManyTurnsCompareTheMarksOnce(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.open(t)
		r.take(t, s.text("/poke"))
		marks := 0
		r.stores.Trouble(func(c turntest.Call) turntest.Trouble {
			if c.Name == "Mark" {
				marks++
				time.Sleep(time.Second)
			}
			return turntest.Fine
		})
		r.Suspect()
		var all sync.WaitGroup
		for n := range 100 {
			ev := s.text("/poke")
			ev.Conversation += turnName(n)
			all.Go(func() { r.take(t, ev) })
		}
		all.Wait()
		if marks > 2 {
			t.Errorf("the marks were compared %d times", marks)
		}
	})
}

func TestAnErasedConversationBeginsAboveItsFormerLife(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		before := r.take(t, s.text("/order"))
		time.Sleep(untilArchived)
		rollBack := s.memory.Copy()
		s.memory.Erase(anna)
		after := r.take(t, s.text("/poke"))
		if after.Position.Revision <= before.Position.Revision {
			t.Errorf("%s after %s", after.Position, before.Position)
		}
		s.memory.Erase(anna)
		rollBack() // what was erased has come back
		last := r.take(t, s.text("лампа"))
		if last.Position.Revision <= after.Position.Revision || strings.Contains(s.heard(), askMany) {
			t.Errorf("the former life goes on at %s:\n%s", last.Position, s.heard())
		}
		for _, e := range s.memory.Log(anna) {
			if e.Position.Revision <= after.Position.Revision {
				t.Errorf("%s of the former life is still there", e.Position)
			}
		}
	})
}

func TestAnIdleConversationLeavesAndComesBack(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		before := r.take(t, s.text("/poke"))
		time.Sleep(turn.KeepFor + time.Minute)
		if _, live := s.memory.Live(anna); live {
			t.Error("it is still live")
		}
		again := r.take(t, s.text("/poke"))
		if again.Position.Revision <= before.Position.Revision {
			t.Errorf("%s after %s", again.Position, before.Position)
		}
		if n := len(s.memory.Log(anna)); n != 5 && n != 6 {
			t.Errorf("%d entries in the log", n)
		}
	})
}
