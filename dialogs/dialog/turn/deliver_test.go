package turn_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// once answers the first send with the report, and takes the others.
func once(r turn.Report, lost bool) func(context.Context, turn.Parcel) (turn.Report, bool, bool) {
	first := true
	return func(context.Context, turn.Parcel) (turn.Report, bool, bool) {
		defer func() { first = false }()
		return r, lost, !first
	}
}

// lasting makes every send take a while.
func lasting(d time.Duration) func(context.Context, turn.Parcel) (turn.Report, bool, bool) {
	return func(ctx context.Context, _ turn.Parcel) (turn.Report, bool, bool) {
		select {
		case <-time.After(d):
			return turn.Report{}, false, true
		case <-ctx.Done():
			return turn.Report{Fate: turn.Later, Why: "time-out"}, false, false
		}
	}
}

func TestTroubleHoldsTheConversationNotTheMessage(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, Why: "429", After: 30 * time.Second}, false))
		a.take(t, s.text("/order"))
		synctest.Wait()
		b.take(t, s.text("лампа"))
		a.take(t, s.text("3"))
		a.take(t, s.text("Отправить")) // its promise makes the conversation due, but not its replies
		time.Sleep(29 * time.Second)
		s.expect(t)
		time.Sleep(2 * time.Second)
		s.expect(t, askWhat, askMany, summary, done)
	})
}

func TestTroubleWithoutATimeIsTriedAgainSoon(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, Why: "500"}, false))
		r.take(t, s.text("/order"))
		time.Sleep(1500 * time.Millisecond)
		s.expect(t, askWhat)
	})
}

func TestARefusalMovesOnWithAReceipt(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.channel.Trouble(once(turn.Report{Fate: turn.Refused, Why: "blocked"}, false))
		r.take(t, s.text("/order"))
		r.take(t, s.text("лампа"))
		synctest.Wait()
		s.expect(t, askMany)
		receipts := 0
		for _, e := range s.memory.Log(anna) {
			if e.Kind == turn.Receipt {
				receipts++
			}
			if strings.Contains(string(e.Body), `"blocked"`) && e.Kind != turn.Receipt {
				t.Errorf("the refusal stands in %s", e.Body)
			}
		}
		if receipts != 2 {
			t.Errorf("%d receipts, want 2", receipts)
		}
	})
}

func TestAChannelThatPanicsLosesOneReply(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		first := true
		s.channel.Trouble(func(context.Context, turn.Parcel) (turn.Report, bool, bool) {
			if first {
				first = false
				panic("channel")
			}
			return turn.Report{}, false, true
		})
		r.take(t, s.text("/order"))
		r.take(t, s.text("лампа"))
		synctest.Wait()
		s.expect(t, askMany)
	})
}

func TestAPromptIsPutInPlaceOnlyIfItStandsLast(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		a.take(t, s.text("/poke"))
		synctest.Wait()
		a.take(t, s.press(t, "Толкнуть"))
		synctest.Wait()
		s.expect(t, poked, "~"+poked)
		press := s.press(t, "Толкнуть")
		b.take(t, s.text("/poke"))
		synctest.Wait()
		a.take(t, press) // of the message above
		synctest.Wait()
		s.expect(t, poked, "~"+poked, poked, poked)
	})
}

func TestAMessageThatComesDuringASendKeepsThePromptFromBeingReplaced(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		s.channel.Trouble(lasting(time.Second))
		a.take(t, s.text("/poke"))
		time.Sleep(500 * time.Millisecond)
		album := s.text("")
		album.Kind, album.Album = 2, "album" // taken without a word, it stands below
		b.take(t, album)
		time.Sleep(600 * time.Millisecond)
		b.take(t, s.press(t, "Толкнуть"))
		time.Sleep(1100 * time.Millisecond)
		if got := s.heard(); strings.Contains(got, "~") {
			t.Errorf("a prompt above the customer's photo was replaced:\n%s", got)
		}
	})
}

func TestRepliesKeepTheirOrderAcrossReplicas(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a, b := s.run(t), s.run(t)
		s.channel.Trouble(lasting(time.Second))
		a.take(t, s.text("/order")) // a holds the lease and sends
		synctest.Wait()
		b.take(t, s.text("лампа")) // committed under a's lease
		a.take(t, s.text("3"))     // a's again: what b said stands before it
		time.Sleep(4 * time.Second)
		s.expect(t, askWhat, askMany, summary)
	})
}

func TestTheLeaseOutlivesALongSend(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.run(t)
		s.run(t)
		s.channel.Trouble(lasting(8 * time.Second))
		a.take(t, s.text("/order"))
		time.Sleep(12 * time.Second)
		s.expect(t, askWhat)
	})
}

func TestAReplicaThatDiesIsReplacedAfterItsLease(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.run(t)
		s.run(t)
		s.channel.Trouble(lasting(500 * time.Millisecond))
		for _, words := range []string{"/order", "лампа", "3"} {
			a.take(t, s.text(words))
		}
		time.Sleep(700 * time.Millisecond) // the first is delivered, the second is in flight
		a.stores.Kill()
		time.Sleep(turn.LeaseFor + time.Second + 1500*time.Millisecond)
		s.expect(t, askWhat, askMany, askMany, summary)
	})
}

func TestAReplicaThatWakesUpRepeatsNothing(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.run(t)
		s.run(t)
		awake := time.Now().Add(10 * time.Second)
		a.stores.Trouble(func(c turntest.Call) turntest.Trouble {
			if c.Name == "Delivered" || c.Name == "Renew" || c.Name == "Due" || c.Name == "Dirty" || c.Name == "Mark" {
				time.Sleep(time.Until(awake))
			}
			return turntest.Fine
		})
		for _, words := range []string{"/order", "лампа", "3"} {
			a.take(t, s.text(words))
		}
		time.Sleep(15 * time.Second)
		s.expect(t, askWhat, askWhat, askMany, summary) // the first was in flight
	})
}

func TestAReplyThatCannotBeReadHoldsNothingUp(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		s.channel.Trouble(once(turn.Report{Fate: turn.Later, After: time.Second}, false))
		r.take(t, s.text("/order"))
		synctest.Wait()
		for _, e := range s.memory.Log(anna) {
			if e.Kind == turn.Said {
				clear(e.Body)
			}
		}
		r.take(t, s.text("лампа"))
		time.Sleep(3 * time.Second)
		s.expect(t, askMany)
	})
}

func TestStopLetsWorkFinishAndGivesTheRestBack(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.open(t)
		a.background()
		s.channel.Trouble(lasting(4 * time.Second))
		for _, words := range []string{"/order", "лампа", "3"} {
			a.take(t, s.text(words))
		}
		start := time.Now()
		a.close()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the stop took %v", took)
		}
		s.channel.Trouble(nil)
		s.run(t)
		time.Sleep(time.Second) // at once: no lease has to run out
		s.expect(t, askWhat, askMany, summary)
	})
}

func TestStopDoesNotWaitForWhatHangs(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		a := s.open(t)
		a.background()
		s.fill(t, a)
		s.desk.Trouble(slow(time.Minute))
		a.take(t, s.text("Отправить"))
		start := time.Now()
		a.close()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the stop took %v", took)
		}
		s.desk.Trouble(nil)
		s.run(t)
		time.Sleep(5 * time.Second)
		s.expect(t, askWhat, askMany, summary, done)
	})
}
