package main

import (
	"fmt"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// TestFaultsAreSeen forges books, one page at a time, and wants the checker to
// find each forgery.
func TestFaultsAreSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forge func(v *volume)
		want  string
	}{
		"honest":    {func(*volume) {}, "lost 0 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"text lost": {func(v *volume) { v.came = v.came[1:] }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"text not yet ours": {
			func(v *volume) { v.came, v.shown[0].Delivered = v.came[1:], false },
			"lost 0 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0",
		},
		"text twice":  {func(v *volume) { v.came = append(v.came, v.came[0]) }, "lost 0 doubled 1 contradicted 0 disordered 0 duplicates 0 of 0"},
		"other words": {func(v *volume) { v.came[0].Text = "/stop" }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"press lost": {func(v *volume) {
			v.came = v.came[:1]
			v.slips, v.said, v.sends = nil, v.said[:1], v.sends[:1]
			v.shown = v.shown[:1]
		}, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"press twice":   {func(v *volume) { v.came = append(v.came, v.came[1]) }, "lost 0 doubled 1 contradicted 0 disordered 0 duplicates 0 of 0"},
		"fact lost":     {func(v *volume) { v.slips = nil }, "lost 1 doubled 0 contradicted 2 disordered 0 duplicates 0 of 0"},
		"fact doubled":  {func(v *volume) { s := v.slips[0]; s.Receipt = "ПП-26-000-002-1"; v.slips = append(v.slips, s) }, "lost 0 doubled 1 contradicted 1 disordered 0 duplicates 0 of 0"},
		"fact changed":  {func(v *volume) { v.slips[0].Lines[0].Value++ }, "lost 0 doubled 0 contradicted 2 disordered 0 duplicates 0 of 0"},
		"fact untold":   {func(v *volume) { v.said, v.sends, v.shown = v.said[:1], v.sends[:1], v.shown[:1] }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"cancelled too": {func(v *volume) { v.say(3, cancelWords) }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"never sent":    {func(v *volume) { v.sends = v.sends[:1] }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"no receipt":    {func(v *volume) { v.said[0].noted = nil }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"noted twice":   {func(v *volume) { v.said[0].noted = append(v.said[0].noted, noon) }, "lost 0 doubled 1 contradicted 0 disordered 0 duplicates 0 of 0"},
		"turned round":  {func(v *volume) { v.sends[0], v.sends[1] = v.sends[1], v.sends[0] }, "lost 0 doubled 0 contradicted 0 disordered 1 duplicates 0 of 0"},
		"sent again":    {func(v *volume) { v.sends = append(v.sends, v.sends[1]) }, "lost 0 doubled 0 contradicted 0 disordered 0 duplicates 1 of 0"},
		"sent again, unnoted before the kill": {
			func(v *volume) {
				v.sends = append(v.sends, v.sends[1])
				v.said[1].noted[0] = killed.ready.Add(time.Second)
			},
			"lost 0 doubled 0 contradicted 0 disordered 0 duplicates 1 of 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := honest()
			c.forge(v)
			l := &ledger{}
			l.compare(v, []incident{killed})
			if got := l.count(); got != c.want {
				t.Errorf("found %s, want %s\n%q", got, c.want, l.notes)
			}
		})
	}
}

// count is what was found, in words.
func (l *ledger) count() string {
	return fmt.Sprintf("lost %d doubled %d contradicted %d disordered %d duplicates %d of %d",
		l.lost, l.doubled, l.contradicted, l.disordered, l.duplicates, l.inFlight)
}

var (
	noon   = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
	killed = incident{from: noon.Add(5 * time.Second), to: noon.Add(6 * time.Second), ready: noon.Add(7 * time.Second)}
)

// honest is the book of one customer who greets, sends and gets his receipt.
func honest() *volume {
	const receipt = "ПП-26-000-001-3"
	v := &volume{c: "tg:1", owner: 1, raced: map[pressKey]bool{}}
	send := pressKey{chat: 1, message: 8, token: "a:k3.2:.send"}
	v.presses = map[pressKey]tally{send: {sent: 2, accepted: 2}}
	v.came = []cameEntry{
		{turn.Position{Revision: 1}, "text", "/start", "7"},
		{turn.Position{Revision: 2}, "press", send.token, "8"},
	}
	v.shown = []telegramtest.Message{{ID: 7, Text: "/start", Delivered: true}}
	v.say(1, "Выберите действие")
	v.say(2, receiptWords+". Квитанция "+receipt+", 24 ноября 2026\n• Показание счётчика: 14 920 кВт·ч")
	v.slips = []billing.Slip{{Receipt: receipt, Lines: []billing.SlipLine{{Value: 14920}}}}
	return v
}

// say puts a reply into the log, the chat and Telegram's journal.
func (v *volume) say(revision int64, text string) {
	at := noon.Add(time.Duration(revision) * time.Second)
	v.said = append(v.said, saidEntry{
		Position: turn.Position{Revision: revision, N: 1}, At: at,
		Message: chat.Message{Blocks: []chat.Block{chat.Para(text)}}, text: spaceless(text), noted: []time.Time{at},
	})
	v.sends = append(v.sends, sendCall{at: at, text: spaceless(text)})
	v.shown = append(v.shown, telegramtest.Message{ID: 100 + int(revision), FromBot: true, Text: text})
}
