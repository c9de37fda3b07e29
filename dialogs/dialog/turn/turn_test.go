package turn_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// in runs a test on its own time.
func in(t *testing.T, do func(t *testing.T, s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { do(t, newStage()) })
}

func TestATurnIsCommittedAnsweredAndLogged(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		ack := r.take(t, s.text("/order"))
		synctest.Wait()
		s.expect(t, askWhat)
		log := s.memory.Log(anna)
		if len(log) != 3 || log[0].Kind != turn.Came || log[1].Kind != turn.Said || log[2].Kind != turn.Receipt || log[0].Position != ack.Position {
			t.Errorf("log of %d entries after %s: %+v", len(log), ack.Position, log)
		}
		if record, _ := s.memory.Live(anna); record.Cursor != log[1].Position || record.Prompt != "m1" {
			t.Errorf("cursor %s, prompt %q", record.Cursor, record.Prompt)
		}
	})
}

func TestARedeliveredEventIsTakenOnce(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, other := s.run(t), s.run(t)
		ev := s.text("/poke")
		first := r.take(t, ev)
		for range 63 { // 64 event IDs are remembered
			r.take(t, s.text("/poke"))
		}
		synctest.Wait()
		if again := other.take(t, ev); again.Position != first.Position {
			t.Errorf("taken at %s and at %s", first.Position, again.Position)
		}
		synctest.Wait()
		if n := len(s.channel.Sent()); n != 64 {
			t.Errorf("%d replies, want 64", n)
		}
		r.take(t, s.text("/poke"))
		if again := other.take(t, ev); again.Position == first.Position {
			t.Error("a 65th event ID is remembered")
		}
	})
}

func TestALateCopyOfARefusedPressDoesNothing(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, other := s.run(t), s.run(t)
		s.fill(t, r)
		shift := func(n int, did desk.Did) {
			ev := s.text("")
			ev.Kind, ev.Change = dialog.Desk, &desk.Change{Handoff: 1, Number: n, Did: did, By: &desk.Member{ID: 7, Name: "Анна"}}
			r.take(t, ev)
			synctest.Wait()
		}
		press := s.press(t, "Отправить")
		shift(1, desk.Taken)
		first := r.take(t, press)
		if again := other.take(t, press); first.Toast == "" || again != first || first.Position != (turn.Position{}) {
			t.Errorf("refused with %+v, its copy with %+v", first, again)
		}
		shift(2, desk.Returned)
		before := s.heard()
		again := other.take(t, press)
		synctest.Wait()
		if again.Position != first.Position || s.heard() != before || len(s.desk.Facts()) > 0 {
			t.Errorf("refused with %q at %s, then taken at %s; heard\n%s", first.Toast, first.Position, again.Position, s.heard())
		}
		r.take(t, s.press(t, "Отправить"))
		synctest.Wait()
		if n := len(s.desk.Facts()); n != 1 {
			t.Errorf("%d facts after a press of its own", n)
		}
		if again := other.take(t, press); again.Toast == "" || again.Position != first.Position {
			t.Errorf("a copy that came after later events was told %q at %s", again.Toast, again.Position)
		}
	})
}

func TestEventIDsOfClientsCannotPassForOthers(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		ev := s.text("/poke")
		ev.ID = "web:1:a\n9 web:1:b"
		r.take(t, ev)
		ev.ID = "web:1:b"
		r.take(t, ev)
		synctest.Wait()
		s.expect(t, poked, poked)
	})
}

func TestALostAnswerToACommitIsSuccess(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		lose(r, "Commit")
		r.take(t, s.text("Отправить"))
		synctest.Wait() // at once: no time has passed, the sweeper has not come
		s.expect(t, askWhat, askMany, summary, done)
		if n := len(s.desk.Facts()); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

// lose loses the answer to the next call of that name.
func lose(r *replica, name string) {
	var once sync.Once
	r.stores.Trouble(func(c turntest.Call) (trouble turntest.Trouble) {
		if c.Name == name {
			once.Do(func() { trouble = turntest.Lost })
		}
		return trouble
	})
}

func TestAConflictIsTriedFiveTimes(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r, other := s.run(t), s.run(t)
		commits := 0
		r.stores.Trouble(func(c turntest.Call) turntest.Trouble {
			if c.Name == "Commit" && commits < 6 {
				commits++
				other.take(t, s.text("/poke"))
			}
			return turntest.Fine
		})
		ev := s.text("/order")
		_, err := r.Take(t.Context(), ev)
		if !fault.Is(err, fault.Unavailable) || commits != 5 {
			t.Fatalf("after %d conflicts: %v", commits, err)
		}
		r.take(t, ev) // the sixth conflict, then the commit
		synctest.Wait()
		if got := s.heard(); !strings.HasSuffix(got, askWhat) {
			t.Errorf("heard:\n%s", got)
		}
	})
}

func TestEventsKeepTheirOrderWhileACommandRuns(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		s.desk.Trouble(slow(time.Second))
		r.take(t, s.text("Отправить"))
		var all sync.WaitGroup
		for _, words := range []string{"/order", "бра", "7"} {
			ev := s.text(words)
			all.Go(func() { r.take(t, ev) })
			synctest.Wait()
		}
		all.Wait()
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, done, askWhat, askMany, summary)
	})
}

func slow(d time.Duration) func(context.Context, string, bool) error {
	return func(ctx context.Context, _ string, made bool) error {
		if made {
			return nil
		}
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestAnEventWaitsTwoSecondsForACommand(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		s.desk.Trouble(slow(5 * time.Second))
		start := time.Now()
		r.take(t, s.text("Отправить"))
		if took := time.Since(start); took != 0 {
			t.Errorf("the command held its own event for %v", took)
		}
		r.take(t, s.text("Отмена"))
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("waited %v", took)
		}
		r.take(t, s.text("назад")) // has waited long enough already
		r.take(t, s.text("/poke"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, sending, sending, poked)
		time.Sleep(5 * time.Second)
		s.expect(t, askWhat, askMany, summary, sending, sending, poked, done)
		if n := s.desk.Runs(); n != 1 {
			t.Errorf("the command ran %d times", n)
		}
	})
}

func TestOneFactHoweverOftenItIsSent(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		s.fill(t, a)
		s.desk.Trouble(slow(100 * time.Millisecond))
		press, again := s.press(t, "Отправить"), s.press(t, "Отправить")
		var all sync.WaitGroup
		for _, r := range []*replica{a, b} {
			all.Go(func() { r.take(t, press) })
			all.Go(func() { r.take(t, again) })
		}
		all.Wait()
		time.Sleep(5 * time.Second)
		if facts := s.desk.Facts(); len(facts) != 1 || !strings.HasPrefix(facts[0].Effect, "tg:1/") || !strings.HasSuffix(facts[0].Effect, "/1") {
			t.Errorf("facts: %+v", facts)
		}
		s.expect(t, askWhat, askMany, summary, done)
	})
}

func TestSendAndCancelAtOnce(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		s.fill(t, a)
		send, cancel := s.press(t, "Отправить"), s.press(t, "Отмена")
		var all sync.WaitGroup
		all.Go(func() { a.take(t, send) })
		all.Go(func() { b.take(t, cancel) })
		all.Wait()
		time.Sleep(5 * time.Second)
		told := strings.Contains(s.heard(), done)
		if stored := len(s.desk.Facts()) == 1; stored != told {
			t.Errorf("stored %v, told %v:\n%s", stored, told, s.heard())
		}
	})
}

func TestACommandThatIsPutOffIsDoneLater(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		away := time.Now().Add(20 * time.Second)
		s.desk.Trouble(func(context.Context, string, bool) error {
			if time.Now().Before(away) {
				return fault.New(fault.Unavailable, "away")
			}
			return nil
		})
		r.take(t, s.text("Отправить"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, delayed)
		before := time.Now()
		r.take(t, s.text("/poke"))
		if time.Since(before) != 0 {
			t.Error("who was told that it takes longer is kept waiting")
		}
		time.Sleep(25 * time.Second)
		s.expect(t, askWhat, askMany, summary, delayed, poked, done)
		if n := s.desk.Runs(); n < 8 || n > 12 {
			t.Errorf("%d attempts in 20 s", n)
		}
	})
}

func TestACommandThatPanicsIsPutAside(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		s.desk.Trouble(func(context.Context, string, bool) error { panic("desk") })
		r.take(t, s.text("Отправить"))
		time.Sleep(10 * time.Second)
		if got := s.memory.Casualties(); len(got) != 1 || !strings.HasPrefix(got[0], "failed:tg:1/") {
			t.Errorf("quarantine: %v", got)
		}
		s.expect(t, askWhat, askMany, summary, apology, summary)
		s.desk.Trouble(nil)
		r.take(t, s.text("Отправить")) // the answers are still there
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, apology, summary, done)
	})
}

func TestAResultThatCannotBeToldEndsTheForm(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		for _, words := range []string{"/order", "result", "3", "Отправить"} {
			r.take(t, s.text(words))
			synctest.Wait()
		}
		time.Sleep(30 * time.Second)
		if n := s.desk.Runs(); n != 1 {
			t.Errorf("the command ran %d times", n)
		}
		if n := strings.Count(s.heard(), "сломалось"); n != 1 {
			t.Errorf("%d apologies:\n%s", n, s.heard())
		}
	})
}

func TestASweeperFinishesWhatACrashLeft(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.run(t)
		s.fill(t, a)
		a.stores.Trouble(func(c turntest.Call) turntest.Trouble {
			if c.Name == "Commit" {
				a.stores.Kill()
				return turntest.Lost // the commit stands, and nobody is there to go on
			}
			return turntest.Fine
		})
		if _, err := a.Take(t.Context(), s.text("Отправить")); err == nil {
			t.Fatal("a dead replica acknowledged")
		}
		s.run(t)
		time.Sleep(3 * time.Second)
		s.expect(t, askWhat, askMany, summary, done)
	})
}

func TestAStepThatFailsTwiceApologises(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		r.take(t, s.text("/order"))
		ev := s.text("паника")
		ack := r.take(t, ev)
		synctest.Wait()
		s.expect(t, askWhat, apology)
		if got := s.memory.Casualties(); len(got) != 1 || got[0] != ev.ID {
			t.Errorf("quarantine: %v", got)
		}
		if ack.Position.Revision == 0 {
			t.Error("the event left no trace")
		}
		r.take(t, s.text("лампа")) // the form is still open
		synctest.Wait()
		s.expect(t, askWhat, apology, askMany)
	})
}

func TestAnUnreadableStateBeginsAnew(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.fill(t, r)
		spoil := func() { s.memory.Change(anna, func(rec *turn.Record) { rec.State = []byte("{") }) }
		spoil()
		r = s.run(t) // another process: the first remembers it as it was
		r.take(t, s.text("Отправить"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, apology)
		r.take(t, s.text("/order"))
		synctest.Wait()
		s.expect(t, askWhat, askMany, summary, apology, askWhat)
		spoil()
		time.Sleep(25 * time.Hour) // the sweeper finds it by its timer
		if got := s.memory.Casualties(); len(got) != 2 {
			t.Errorf("quarantine: %v", got)
		}
		if record, live := s.memory.Live(anna); live && !record.Due.IsZero() {
			t.Errorf("it would ring for ever: due %v", record.Due)
		}
	})
}

func TestTimersRing(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		s.run(t)
		r := s.run(t)
		time.Sleep(10 * time.Hour) // out of the quiet hours
		r.take(t, s.text("/order"))
		time.Sleep(16 * time.Minute)
		s.expect(t, askWhat, "Вы остановились на полпути, всё введённое сохранено. Продолжим?", askWhat)
		time.Sleep(2 * time.Hour)
		if record, _ := s.memory.Live(anna); strings.Contains(string(record.State), `"f":`) || !record.Due.IsZero() {
			t.Errorf("the form did not expire: due %v, %s", record.Due, record.State)
		}
	})
}
