package main

import (
	"slices"
	"testing"

	"okoshko/bots/webchat/webtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// TestFaultsOfTheSiteAreSeen forges the books of a visitor of the site's chat,
// one page at a time, and wants the checker to find each forgery.
func TestFaultsOfTheSiteAreSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forge func(v *volume, d *diary)
		want  string
	}{
		"honest":           {func(*volume, *diary) {}, "lost 0 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"complaint":        {func(_ *volume, d *diary) { d.wrong = []string{"entry 1-0 after 1-0"} }, "lost 0 doubled 0 contradicted 0 disordered 1 duplicates 0 of 0"},
		"message lost":     {func(v *volume, d *diary) { v.came = v.came[1:]; d.drop(0) }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"not acknowledged": {func(v *volume, d *diary) { v.came = v.came[1:]; d.drop(0); delete(d.views[0].Acked, "m-1") }, "lost 0 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"message twice": {func(v *volume, d *diary) {
			d.show(4, 9, "")
			v.came = append(v.came, v.came[0])
			v.came[2].Position.Revision = 9
		}, "lost 0 doubled 1 contradicted 0 disordered 0 duplicates 0 of 0"},
		"other words":   {func(v *volume, _ *diary) { v.came[0].Text = "/stop" }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"ack elsewhere": {func(_ *volume, d *diary) { d.views[0].Acked["m-1"] = "7-0" }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"turned round":  {func(_ *volume, d *diary) { slices.Reverse(d.told[0]) }, "lost 0 doubled 0 contradicted 0 disordered 1 duplicates 0 of 0"},
		"press lost": {func(v *volume, d *diary) {
			v.came, v.slips = v.came[:1], nil
			v.said = v.said[:1]
			d.views[0].Entries = d.views[0].Entries[:2]
		}, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"press without a word": {func(v *volume, d *diary) {
			d.told[0] = append(d.told[0], webtest.Message{"t": "press", "id": "m-3", "token": "a:k2.1:no", "on": "1-1"})
			d.views[0].Acked["m-3"] = ""
		}, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"press twice": {func(v *volume, d *diary) {
			v.came = append(v.came, v.came[1])
			v.came[2].Position.Revision, v.came[2].Foreign = 9, "m-9"
			d.show(4, 9, "")
		}, "lost 0 doubled 1 contradicted 0 disordered 0 duplicates 0 of 0"},
		"reply not shown":     {func(_ *volume, d *diary) { d.drop(1) }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"last not shown":      {func(_ *volume, d *diary) { d.drop(3) }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"nothing shown":       {func(_ *volume, d *diary) { d.views[0].Entries = nil }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"shown out of air":    {func(_ *volume, d *diary) { d.show(4, 9, "да") }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"other words shown":   {func(_ *volume, d *diary) { d.views[0].Entries[1].Message.Blocks = nil }, "lost 0 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
		"after a reset":       {func(_ *volume, d *diary) { d.drop(0); d.drop(0); d.views[0].Resets = 1 }, "lost 0 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"short, and no reset": {func(_ *volume, d *diary) { d.drop(0); d.drop(0) }, "lost 1 doubled 0 contradicted 0 disordered 0 duplicates 0 of 0"},
		"fact lost":           {func(v *volume, _ *diary) { v.slips = nil }, "lost 1 doubled 0 contradicted 1 disordered 0 duplicates 0 of 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, d := honestVisitor()
			c.forge(v, d)
			l := &ledger{}
			l.compareWeb(v, d)
			if got := l.count(); got != c.want {
				t.Errorf("found %s, want %s\n%q", got, c.want, l.notes)
			}
		})
	}
}

// honestVisitor is the book of one who greets, sends and gets his receipt.
func honestVisitor() (*volume, *diary) {
	const token, receipt = "a:k3.2:.send", "ПП-26-000-001-3"
	words := receiptWords + ". Квитанция " + receipt + ", 24 ноября 2026\n• Показание счётчика: 14 920 кВт·ч"
	v := &volume{c: "web:1", came: []cameEntry{
		{turn.Position{Revision: 1}, "text", "/start", "m-1"},
		{turn.Position{Revision: 2}, "press", token, "m-2"},
	}}
	v.say(1, "Выберите действие")
	v.say(2, words)
	v.sends, v.shown = nil, nil // Telegram saw nothing of it
	v.slips = []billing.Slip{{Receipt: receipt, Lines: []billing.SlipLine{{Value: 14920}}}}
	d := &diary{
		told:  [][]webtest.Message{{{"t": "say", "id": "m-1", "text": "/start"}, {"t": "press", "id": "m-2", "token": token, "on": "1-1"}}},
		views: []webtest.View{{Acked: map[string]string{"m-1": "1-0", "m-2": "2-0"}}},
	}
	d.show(0, 1, "")
	d.show(1, 1, "Выберите действие")
	d.show(2, 2, "")
	d.show(3, 2, words)
	return v, d
}

// show puts an entry into the page: what came, or, with words, a reply.
func (d *diary) show(at int, revision int64, words string) {
	e := webtest.Entry{Position: turn.Position{Revision: revision}.String(), Kind: "in"}
	if at%2 == 1 {
		e.Position, e.Kind = turn.Position{Revision: revision, N: 1}.String(), "out"
		e.Message = &chat.Message{Blocks: []chat.Block{chat.Para(words)}}
	}
	d.views[0].Entries = slices.Insert(d.views[0].Entries, at, e)
}

func (d *diary) drop(at int) {
	d.views[0].Entries = slices.Delete(d.views[0].Entries, at, at+1)
}
