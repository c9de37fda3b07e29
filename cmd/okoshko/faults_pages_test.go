package main

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"okoshko/bots/webchat/webtest"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// diary is what a visitor of the site's chat did and was shown.
type diary struct {
	told  [][]webtest.Message // by tab, in order
	views []webtest.View      // of each tab
	wrong []string
	acts  []act
}

// auditVisitor compares what a visitor did and was shown with the log and the
// facts.
func (tr *trial) auditVisitor(l *ledger, v *visitor) {
	tr.t.Helper()
	d := &diary{told: v.told, acts: v.acts}
	for _, tab := range v.tabs {
		d.views = append(d.views, tab.View())
	}
	v.mu.Lock()
	d.wrong = v.wrong
	v.mu.Unlock()
	book := &volume{c: v.conversation, restarts: v.restarts}
	tr.read(l, book)
	l.compareWeb(book, d)
	l.measureWeb(d, tr.incidents)
	for _, view := range d.views {
		l.resets += view.Resets
		l.lines += view.Lines
	}
}

// compareWeb looks for broken promises to one visitor.
func (l *ledger) compareWeb(v *volume, d *diary) {
	for _, wrong := range d.wrong {
		l.note(&l.disordered, "%s: %s", v.c, wrong)
	}
	for i := range d.views {
		l.checkTold(v, d.told[i], d.views[i])
		l.checkPage(v, i, d.views[i])
	}
	l.checkWebPresses(v, d)
	l.checkFacts(v)
	l.checkForms(v)
}

// checkTold: what a page sent stands in the log once if it was acknowledged,
// there where the ack says, with its words, and in the order in which it was
// sent.
func (l *ledger) checkTold(v *volume, told []webtest.Message, view webtest.View) {
	stands := map[string][]cameEntry{}
	for _, c := range v.came {
		stands[c.Foreign] = append(stands[c.Foreign], c)
	}
	var last turn.Position
	for _, m := range told {
		id, at := m.ID(), stands[m.ID()]
		acked, ok := view.Acked[id]
		if ok {
			l.updates++
		}
		words := m["text"]
		if words == nil {
			words = m["token"]
		}
		switch {
		case len(at) > 1:
			l.note(&l.doubled, "%s: message %s stands in the log %d times", v.c, id, len(at))
		case len(at) == 0 && ok && m["t"] == "say":
			l.note(&l.lost, "%s: message %s was acknowledged and is not in the log", v.c, id)
		case len(at) == 0:
		case at[0].Text != words:
			l.note(&l.contradicted, "%s: the log has other words for message %s", v.c, id)
		case ok && acked != at[0].Position.String():
			l.note(&l.contradicted, "%s: message %s was acknowledged at %s and stands at %s", v.c, id, acked, at[0].Position)
		case !last.Before(at[0].Position) && view.PutOff == 0:
			l.note(&l.disordered, "%s: message %s stands at %s, after one that was sent later", v.c, id, at[0].Position)
		default:
			last = at[0].Position
		}
	}
}

// checkWebPresses: an answer stands in the log once, however often and in how
// many pages it was pressed, if any of these presses was acknowledged at a
// position. One that came too late has none, and is told so.
func (l *ledger) checkWebPresses(v *volume, d *diary) {
	stands, pressed := map[string]int{}, map[string]bool{}
	for _, c := range v.came {
		if c.Kind == dialog.Press.String() && strings.HasPrefix(c.Text, "a:") {
			stands[c.Text]++
		}
	}
	for i, told := range d.told {
		for _, m := range told {
			token, _ := m["token"].(string)
			at, acked := d.views[i].Acked[m.ID()]
			switch {
			case !acked || !strings.HasPrefix(token, "a:"):
			case at != "":
				pressed[token] = true
			case d.views[i].Toasts[m.ID()] == "": // it came too late, and was told so
				l.note(&l.lost, "%s: press %s was acknowledged, left no trace and no word", v.c, token)
			}
		}
	}
	for token := range pressed {
		if stands[token] == 0 {
			l.note(&l.lost, "%s: press %s was acknowledged and is not in the log", v.c, token)
		}
	}
	for token, n := range stands {
		if n > 1 {
			l.note(&l.doubled, "%s: press %s stands in the log %d times", v.c, token, n)
		}
	}
}

// checkPage: a page shows the log, from its first entry to the end, each entry
// once and in order.
func (l *ledger) checkPage(v *volume, tab int, view webtest.View) {
	type shown struct {
		at    turn.Position
		words string
	}
	var log []shown
	for _, c := range v.came {
		log = append(log, shown{c.Position, ""})
	}
	for _, s := range v.said {
		if !s.Message.Empty() {
			log = append(log, shown{s.Position, s.text})
		}
	}
	slices.SortFunc(log, func(a, b shown) int {
		return cmp.Or(cmp.Compare(a.at.Revision, b.at.Revision), cmp.Compare(a.at.N, b.at.N))
	})
	if len(view.Entries) == 0 {
		if len(log) > 0 {
			l.note(&l.lost, "%s: page %d shows nothing of %d entries", v.c, tab, len(log))
		}
		return
	}
	for len(log) > 0 && view.Resets > 0 && log[0].at.String() != view.Entries[0].Position {
		log = log[1:] // after a reset a page begins with the last page of the log
	}
	for i, e := range view.Entries {
		switch {
		case i >= len(log):
			l.note(&l.contradicted, "%s: page %d shows %s, which is not in the log", v.c, tab, e.Position)
			return
		case e.Position != log[i].at.String():
			l.note(&l.lost, "%s: page %d shows %s in place of %s", v.c, tab, e.Position, log[i].at)
			return
		case e.Kind == "out" && spaceless(e.Words()) != log[i].words:
			l.note(&l.contradicted, "%s: page %d shows other words at %s", v.c, tab, e.Position)
		}
	}
	if missing := len(log) - len(view.Entries); missing > 0 {
		l.note(&l.lost, "%s: page %d lacks the last %d entries", v.c, tab, missing)
	}
}

// measureWeb finds the slowest answer among those that waited when something
// broke, from the moment when everything was ready again.
func (l *ledger) measureWeb(d *diary, incidents []incident) {
	for _, a := range d.acts {
		for _, in := range incidents {
			if !in.ready.Before(a.from) && in.ready.Before(a.to) {
				l.owed = max(l.owed, a.to.Sub(in.ready))
			}
		}
	}
}

// restWeb waits until the pages show everything that stands in the log.
func (tr *trial) restWeb(ctx context.Context, v *visitor) {
	tr.t.Helper()
	if err := eventually(ctx, func() (bool, error) {
		if ok, err := tr.owesNothing(ctx, v.conversation); !ok || err != nil {
			return false, err
		}
		entries, err := tr.db.Entries(ctx, v.conversation, turn.Position{}, math.MaxInt32)
		if err != nil {
			return false, err
		}
		last := ""
		for _, e := range entries {
			if e.Kind == turn.Came || e.Kind == turn.Said {
				last = e.Position.String()
			}
		}
		for _, tab := range v.tabs {
			if view := tab.View(); view.Owed > 0 || view.After != last {
				return false, nil
			}
		}
		return true, nil
	}); err != nil {
		for i, tab := range v.tabs {
			view := tab.View()
			tr.t.Errorf("page %d of %s does not come to rest: %v; %d owed, after %s, %d lines", i, v.conversation, err, view.Owed, view.After, view.Lines)
		}
	}
}

// answeredBetween counts what the bot told visitors in a time.
func (tr *trial) answeredBetween(from, to time.Time) (answers, told int) {
	for _, v := range tr.visitors {
		for _, e := range v.tabs[0].View().Entries {
			if e.Message == nil || e.At.Before(from) || e.At.After(to) {
				continue
			}
			answers++
			if strings.Contains(e.Words(), "Отправляем") {
				told++
			}
		}
	}
	return answers, told
}
