package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// ledger is what is found when the three books are laid side by side: what
// Telegram saw, what the conversations' logs say, and the facts.
type ledger struct {
	conversations, updates int
	facts                  int

	lost         int // accepted and not in the log, or in the log and never sent
	doubled      int // taken, told or stored twice
	contradicted int // told and not so, or so and not told
	disordered   int // conversations whose replies left in another order
	duplicates   int // sends that a customer saw again
	inFlight     int // the most that there may be

	lines  int // sockets that the pages of the site's chat opened
	resets int // how often a page had to begin anew
	takes  int // calls for a person that somebody took

	owed        time.Duration // the slowest reply that was owed when an incident ended
	redelivered time.Duration // the slowest reply to an update that had been turned away

	notes []string
}

// broken reports whether a promise was broken.
func (l *ledger) broken() bool {
	return l.lost+l.doubled+l.contradicted+l.disordered > 0 || l.duplicates > l.inFlight
}

func (l *ledger) note(count *int, format string, args ...any) {
	*count++
	const enough = 12
	if len(l.notes) < enough {
		l.notes = append(l.notes, fmt.Sprintf(format, args...))
	}
}

// volume is all that is known of one conversation.
type volume struct {
	c     chat.Conversation
	came  []cameEntry
	said  []saidEntry
	slips []billing.Slip
	sends []sendCall

	// The customer's own side.
	owner    int64
	shown    []telegramtest.Message // his chat
	presses  map[pressKey]tally     // the updates of each press
	raced    map[pressKey]bool
	restarts int
}

// tally counts updates: all, and those that were accepted.
type tally struct{ sent, accepted int }

// cameEntry is what the log says of a customer's act.
type cameEntry struct {
	Position turn.Position `json:"-"`
	Kind     string        `json:"k"`
	Text     string        `json:"t"`
	Foreign  string        `json:"g"`
}

// saidEntry is what the log says of a reply.
type saidEntry struct {
	Position turn.Position `json:"-"`
	At       time.Time     `json:"-"`
	Message  chat.Message  `json:"m"`
	text     string        // without spaces
	noted    []time.Time   // the receipts: when a send was noted
	first    time.Time     // when Telegram first saw it
	again    []time.Time   // when it saw it again
}

// sendCall is a call that showed the customer a reply.
type sendCall struct {
	at   time.Time
	text string // without spaces and markup
	lost bool   // Telegram carried it out and did not say so
	same bool   // an edit that changed nothing
}

// audit reads the books and compares them.
func (tr *trial) audit() *ledger {
	tr.t.Helper()
	l := &ledger{conversations: len(tr.people) + len(tr.visitors)}
	accepted, attempts := acceptedUpdates(tr.tg.Attempts())
	l.updates = len(accepted)
	sends := sendsByChat(tr.tg.Calls())
	for _, r := range tr.people {
		v := &volume{
			c: r.conversation(), sends: sends[r.ID()],
			owner: r.ID(), shown: r.Record(), presses: map[pressKey]tally{}, raced: r.raced, restarts: r.restarts,
		}
		for _, p := range r.presses {
			key := keyOf(p, r.ID())
			n := v.presses[key]
			n.sent++
			if accepted[p.Update] {
				n.accepted++
			}
			v.presses[key] = n
		}
		tr.read(l, v)
		l.compare(v, tr.incidents)
		l.measure(v, tr.incidents, attempts)
	}
	for _, v := range tr.visitors {
		tr.auditVisitor(l, v)
	}
	if len(tr.staff) > 0 {
		tr.auditDesk(l, tr.staff)
	}
	if n := tr.tg.Stats().Impatient; n > 0 && tr.kills == 0 { // a kill may come before the wait is noted
		l.note(&l.contradicted, "%d sends did not wait as long as Telegram had asked", n)
	}
	if n := tr.tg.Stats().Dropped; n > 0 {
		l.note(&l.lost, "Telegram gave %d updates up", n)
		l.lost += int(n) - 1
	}
	return l
}

// compare looks for broken promises to one customer.
func (l *ledger) compare(v *volume, incidents []incident) {
	l.checkTexts(v)
	l.checkPresses(v)
	l.checkFacts(v)
	l.checkForms(v)
	l.checkOrder(v, incidents)
}

// read opens the log and the facts at a conversation's pages.
func (tr *trial) read(l *ledger, v *volume) {
	ctx := tr.t.Context()
	log, err := tr.db.Entries(ctx, v.c, turn.Position{}, math.MaxInt32)
	if err != nil {
		tr.t.Fatal(err)
	}
	if v.slips, err = tr.db.SentReadings(ctx, v.c, math.MaxInt32); err != nil {
		tr.t.Fatal(err)
	}
	l.facts += len(v.slips)
	at := map[string]int{}
	for _, e := range log {
		switch e.Kind {
		case turn.Came:
			c := cameEntry{Position: e.Position}
			if err := json.Unmarshal(e.Body, &c); err != nil {
				tr.t.Fatal(err)
			}
			v.came = append(v.came, c)
		case turn.Said:
			s := saidEntry{Position: e.Position, At: e.At}
			if err := json.Unmarshal(e.Body, &s); err != nil {
				tr.t.Fatal(err)
			}
			s.text = spaceless(s.Message.Plain())
			at[e.Position.String()] = len(v.said)
			v.said = append(v.said, s)
		case turn.Receipt:
			var body struct {
				Position string `json:"p"`
				Fate     string `json:"s"`
				Why      string `json:"w"`
			}
			if err := json.Unmarshal(e.Body, &body); err != nil {
				tr.t.Fatal(err)
			}
			i, known := at[body.Position]
			if !known {
				l.note(&l.contradicted, "%s: a receipt for %s, which the log does not have", v.c, body.Position)
				continue
			}
			if body.Fate != turn.Sent.String() {
				l.note(&l.lost, "%s: reply %s was %s: %s", v.c, body.Position, body.Fate, body.Why)
			}
			v.said[i].noted = append(v.said[i].noted, e.At)
		}
	}
}

// acceptedUpdates lists the updates that were answered with 200, and every
// attempt at each.
func acceptedUpdates(all []telegramtest.Attempt) (accepted map[int64]bool, attempts map[int64][]telegramtest.Attempt) {
	accepted, attempts = map[int64]bool{}, map[int64][]telegramtest.Attempt{}
	for _, a := range all {
		attempts[a.Update] = append(attempts[a.Update], a)
		if a.Status == 200 {
			accepted[a.Update] = true
		}
	}
	return accepted, attempts
}

var markup = regexp.MustCompile(`<[^>]*>`)

// sendsByChat lists what customers were shown, in the order of time.
func sendsByChat(calls []telegramtest.Call) map[int64][]sendCall {
	sends := map[int64][]sendCall{}
	for _, c := range calls {
		same := strings.Contains(c.Description, "not modified")
		if c.Method != "sendMessage" && c.Method != "editMessageText" || !c.Effect && !same {
			continue
		}
		text := html.UnescapeString(markup.ReplaceAllString(c.Params["text"], ""))
		sends[c.Chat] = append(sends[c.Chat], sendCall{at: c.At, text: spaceless(text), lost: c.Lost, same: same})
	}
	for _, list := range sends {
		slices.SortStableFunc(list, func(a, b sendCall) int { return a.at.Compare(b.at) })
	}
	return sends
}

// spaceless drops what a channel may add or take away: spaces of every kind.
func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// checkTexts: every text that was accepted stands in the log exactly once, with
// its words.
func (l *ledger) checkTexts(v *volume) {
	stands := map[string][]cameEntry{}
	for _, c := range v.came {
		if c.Kind == dialog.Text.String() {
			stands[c.Foreign] = append(stands[c.Foreign], c)
		}
	}
	for _, m := range v.shown {
		if m.FromBot || !m.Delivered {
			continue
		}
		switch at := stands[strconv.Itoa(m.ID)]; {
		case len(at) == 0:
			l.note(&l.lost, "%s: the text of update %d was accepted and is not in the log", v.c, m.Update)
		case len(at) > 1:
			l.note(&l.doubled, "%s: the text of update %d stands in the log %d times", v.c, m.Update, len(at))
		case at[0].Text != m.Text:
			l.note(&l.contradicted, "%s: the log has other words for update %d", v.c, m.Update)
		}
	}
}

// checkPresses: every press that was accepted stands in the log: an answer
// exactly once however often it was sent, a command at most as often as that. A
// press that raced with a text may have come too late: it then means nothing, or
// brings the open question up again.
func (l *ledger) checkPresses(v *volume) {
	stands := map[pressKey]int{}
	for _, c := range v.came {
		if c.Kind == dialog.Press.String() {
			message, _ := strconv.Atoi(c.Foreign)
			stands[pressKey{v.owner, message, c.Text}]++
		}
	}
	for key, n := range v.presses {
		most := n.sent // Telegram may have given one up whose acceptance it never heard of
		if strings.HasPrefix(key.token, "a:") && !v.raced[key] {
			most = 1
		}
		switch at := stands[key]; {
		case at == 0 && n.accepted > 0 && !v.raced[key]:
			l.note(&l.lost, "%s: press %s on message %d was accepted and is not in the log", v.c, key.token, key.message)
		case at > most:
			l.note(&l.doubled, "%s: press %s stands in the log %d times, not %d", v.c, key.token, at, most)
		}
	}
}
