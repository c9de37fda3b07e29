package webchat_test

import (
	"context"
	"testing"
	"time"

	"okoshko/bots/webchat/webtest"
)

// What happened while hints were lost is shown as soon as they come again. The
// round that looks after every socket needs fifteen seconds for fifteen of them,
// less those in which the messages are being taken.
func TestNewsComeWithTheFirstHintAfterALoss(t *testing.T) {
	t.Parallel()
	const round = 15
	h := start(t)
	tabs := make([]*webtest.Tab, round)
	for i := range tabs {
		tabs[i] = h.tab()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all := func(what string, holds func(v *webtest.View) bool) {
		t.Helper()
		for _, tab := range tabs {
			if err := tab.Await(ctx, holds); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	h.live.deaf.Store(true)
	for _, tab := range tabs {
		tab.Say("hello")
	}
	all("taken", func(v *webtest.View) bool { return v.Owed == 0 })
	h.live.deaf.Store(false)
	again := time.Now()
	(*h.live.anew.Load())()
	all("shown", func(v *webtest.View) bool { return len(v.Entries) >= 2 })
	if took := time.Since(again); took >= (round-5)*time.Second {
		t.Errorf("the news came after %s: the round brought them", took)
	}
}
