package webtest

import (
	"testing"
	"time"
)

// TestATabIsStrict tells a page what a server may not say, and wants a
// complaint about each.
func TestATabIsStrict(t *testing.T) {
	t.Parallel()
	entry := func(position, id string) Frame {
		return Frame{T: "entry", Entry: Entry{Position: position, Kind: "in", ID: id}}
	}
	ack := func(id, position string) Frame {
		return Frame{T: "ack", Entry: Entry{ID: id, Position: position}}
	}
	for name, row := range map[string]struct {
		frames  []Frame
		patient bool
		want    int // complaints
	}{
		"in order":             {frames: []Frame{entry("1-0", "a"), ack("a", "1-0"), entry("1-1", ""), {T: "live"}}},
		"an entry twice":       {frames: []Frame{entry("1-0", ""), entry("1-0", "")}, want: 1},
		"an entry too early":   {frames: []Frame{entry("2-0", ""), entry("1-0", "")}, want: 1},
		"again after a reset":  {frames: []Frame{entry("2-0", ""), {T: "reset"}, entry("1-0", "")}},
		"no position":          {frames: []Frame{entry("x", "")}, want: 1},
		"an ack twice":         {frames: []Frame{ack("a", "1-0"), ack("a", "1-0")}},
		"two acks of one":      {frames: []Frame{ack("a", "1-0"), ack("a", "2-0")}, want: 1},
		"an ack without trace": {frames: []Frame{ack("a", ""), ack("a", "2-0")}},
		"an entry elsewhere":   {frames: []Frame{ack("a", "1-0"), entry("2-0", "a")}, want: 1},
		"an edit":              {frames: []Frame{ack("a", "1-0"), {T: "entry", Entry: Entry{Position: "2-0", ID: "a", Did: "edited"}}}},
		"an unknown frame":     {frames: []Frame{{T: "dance"}}, want: 1},
		"a refusal":            {frames: []Frame{{T: "nack", Error: "invalid"}}, want: 1},
		"put off":              {frames: []Frame{{T: "nack", Error: "unavailable", Retry: 1}}, want: 1},
		"put off, patiently":   {frames: []Frame{{T: "nack", Error: "unavailable", Retry: 1}}, patient: true},
		"refused, patiently":   {frames: []Frame{{T: "nack", Error: "invalid"}}, patient: true, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := 0
			tab := NewTab(Browser{}, func(error) { got++ })
			tab.Patient = row.patient
			for _, f := range row.frames {
				tab.Hear(f)
			}
			if got != row.want {
				t.Errorf("%d complaints, want %d", got, row.want)
			}
		})
	}
}

// What is put off is sent again when the server says, and what comes after it
// waits.
func TestATabHoldsBackWhatIsPutOff(t *testing.T) {
	t.Parallel()
	tab := NewTab(Browser{}, func(err error) { t.Error(err) })
	tab.Patient = true
	first := tab.Say("один")
	tab.Hear(Frame{T: "nack", Entry: Entry{ID: first}, Error: "unavailable", Retry: 1})
	tab.Say("два")
	tab.mu.Lock()
	held := tab.held
	tab.mu.Unlock()
	if v := tab.View(); !held || v.Owed != 2 || v.PutOff != 1 {
		t.Errorf("held %v, %+v", held, v)
	}
	for end := time.Now().Add(time.Minute); held && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		tab.mu.Lock()
		held = tab.held
		tab.mu.Unlock()
	}
	if held {
		t.Error("it is held for ever")
	}
}
