package turn_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// BenchmarkTake is a turn of a customer with a form open, on stores that cost
// nothing, to its commit and through its delivery.
func BenchmarkTake(b *testing.B) {
	for name, channels := range map[string]string{"delivered": "tg", "read by its client": "web"} {
		b.Run(name, func(b *testing.B) {
			s := newStage()
			r := s.open(b)
			now := time.Now()
			ev := dialog.Event{Conversation: chat.Conversation(channels + ":1"), Kind: dialog.Text, At: now, Now: now, Foreign: "1"}
			s.channel.Trouble(func(context.Context, turn.Parcel) (turn.Report, bool, bool) {
				return turn.Report{Fate: turn.Sent, Foreign: "1"}, false, false
			})
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				ev.ID, ev.Text = "tg:1:"+strconv.Itoa(n), "лампа"
				if n%2 == 0 {
					ev.Text = "/order"
				}
				if _, err := r.Take(b.Context(), ev); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
