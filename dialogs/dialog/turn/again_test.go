package turn_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// What was put aside can be taken again, once; a conversation can begin anew, also
// when its state is a mess.
func TestWhatWasPutAsideIsTakenAgain(t *testing.T) {
	in(t, func(t *testing.T, s *stage) {
		r := s.run(t)
		r.take(t, s.text("/order"))
		r.take(t, s.text("паника"))
		synctest.Wait()
		aside, _ := s.memory.Casualty(s.memory.Casualties()[0])
		if ev, ok := aside.Event(); !ok || ev.Text != "паника" || ev.Kind != dialog.Text {
			t.Fatalf("what was kept: %+v, %t", ev, ok)
		}
		if ok, err := r.Again(t.Context(), aside); ok || err != nil {
			t.Errorf("it fails again: %t, %v", ok, err)
		}
		synctest.Wait()
		s.expect(t, askWhat, apology, apology)
		if got := s.memory.Casualties(); len(got) != 2 || got[0] != "again:"+aside.ID {
			t.Errorf("quarantine: %v", got)
		}
		aside.Payload = bytes.ReplaceAll(aside.Payload, []byte("паника"), []byte("лампа"))
		aside.ID = "mended"
		for range 2 {
			if ok, err := r.Again(t.Context(), aside); !ok || err != nil {
				t.Errorf("it is mended: %t, %v", ok, err)
			}
		}
		synctest.Wait()
		s.expect(t, askWhat, apology, apology, askMany)
		for _, payload := range []string{"", "{", "лампа", `{"kind":"nosuch","event":{"ID":"x"}}`, strings.Replace(string(aside.Payload), `"text"`, `"timer"`, 1)} {
			if _, err := r.Again(t.Context(), turn.Casualty{ID: "x", Conversation: anna, Payload: []byte(payload)}); !errors.Is(err, turn.ErrNotAgain) {
				t.Errorf("%q: %v", payload, err)
			}
		}
		s.memory.Change(anna, func(rec *turn.Record) { rec.State = []byte("{") })
		r = s.run(t)
		reset := dialog.Event{ID: "reset:1", Conversation: anna, Kind: dialog.Reset, At: time.Now(), Now: time.Now()}
		for range 2 {
			r.take(t, reset)
		}
		synctest.Wait()
		if n := strings.Count(s.heard(), "начали его заново"); n != 1 {
			t.Errorf("told %d times:\n%s", n, s.heard())
		}
		if got := s.memory.Casualties(); len(got) != 2 {
			t.Errorf("a reset fails: %v", got)
		}
	})
}
