//go:build faults

package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/billing"
)

// What the customer is told when a submission is stored, and when it is not.
const (
	receiptWords = "Показания приняты"
	cancelWords  = "Отменили. Ничего не отправлено"
)

var (
	receiptShape = regexp.MustCompile(`Квитанция\s+(ПП-[0-9-]+)`)
	amountShape  = regexp.MustCompile(`•[^:]*:([0-9]+)кВт·ч`) // without spaces
	sendShape    = regexp.MustCompile(`^a:([0-9a-z]+)\.[0-9a-z]+:\.send$`)
)

// slipText is a receipt as a customer reads it.
type slipText struct {
	receipt string
	values  []int64
}

// readSlip finds a receipt in a reply.
func readSlip(text string) (s slipText, ok bool) {
	found := receiptShape.FindStringSubmatch(text)
	if found == nil || !strings.Contains(text, receiptWords) {
		return s, false
	}
	s.receipt = strings.Trim(found[1], "-")
	for _, amount := range amountShape.FindAllStringSubmatch(spaceless(text), -1) {
		n, _ := strconv.ParseInt(amount[1], 10, 64)
		s.values = append(s.values, n)
	}
	return s, true
}

func valuesOf(s billing.Slip) (values []int64) {
	for _, line := range s.Lines {
		values = append(values, int64(line.Value))
	}
	return values
}

// checkFacts: every form that was sent made one fact, every fact was told once
// and with its values, nothing was told that is not stored, and whoever was told
// that nothing was sent was told the truth.
func (l *ledger) checkFacts(v *volume) {
	stored := map[string]billing.Slip{}
	for _, s := range v.slips {
		if _, again := stored[s.Receipt]; again {
			l.note(&l.doubled, "%s: receipt %s is stored twice", v.c, s.Receipt)
		}
		stored[s.Receipt] = s
	}
	told := map[string]bool{}
	for _, said := range v.said {
		slip, ok := readSlip(said.Message.Plain())
		if !ok {
			continue
		}
		fact, exists := stored[slip.receipt]
		switch {
		case told[slip.receipt]:
			l.note(&l.doubled, "%s: receipt %s stands in the log twice", v.c, slip.receipt)
		case !exists:
			l.note(&l.contradicted, "%s: receipt %s was told and is not stored", v.c, slip.receipt)
		case !slices.Equal(slip.values, valuesOf(fact)):
			l.note(&l.contradicted, "%s: receipt %s was told as %v and is stored as %v", v.c, slip.receipt, slip.values, valuesOf(fact))
		}
		told[slip.receipt] = true
	}
	for receipt := range stored {
		if !told[receipt] {
			l.note(&l.contradicted, "%s: receipt %s is stored and was never told", v.c, receipt)
		}
	}
	for _, m := range v.resident.Record() { // the log may be forged by a fault, too: what did the customer see?
		slip, ok := readSlip(m.Text)
		if fact, exists := stored[slip.receipt]; ok && m.FromBot && (!exists || !slices.Equal(slip.values, valuesOf(fact))) {
			l.note(&l.contradicted, "%s: the customer holds receipt %s for %v, stored is %v", v.c, slip.receipt, slip.values, valuesOf(fact))
		}
	}
	l.checkForms(v)
}

// checkForms compares what was sent with what was made of it. The log is read
// in rounds: each begins with /start.
func (l *ledger) checkForms(v *volume) {
	sent := map[string]bool{}
	for _, c := range v.came {
		if found := sendShape.FindStringSubmatch(c.Text); found != nil && c.Kind == "press" {
			sent[found[1]] = true
		}
	}
	switch n := len(v.slips); {
	case n > len(sent):
		l.note(&l.doubled, "%s: %d facts were made of %d forms that were sent", v.c, n, len(sent))
	case n < len(sent):
		l.note(&l.lost, "%s: only %d facts were made of %d forms that were sent", v.c, n, len(sent))
	}
	if v.resident.restarts > 0 {
		return // who begins anew may get the receipt of one round in the next
	}
	said := v.said
	for i, c := range v.came {
		if c.Text != "/start" {
			continue
		}
		end := i + 1
		for end < len(v.came) && v.came[end].Text != "/start" {
			end++
		}
		receipts, cancelled := 0, false
		for len(said) > 0 && (end == len(v.came) || said[0].Position.Before(v.came[end].Position)) {
			if _, ok := readSlip(said[0].Message.Plain()); ok {
				receipts++
			}
			cancelled = cancelled || strings.Contains(said[0].Message.Plain(), cancelWords)
			said = said[1:]
		}
		if receipts > 1 || receipts == 1 && cancelled {
			l.note(&l.contradicted, "%s: round at %s was told %d receipts, cancelled: %v", v.c, c.Position, receipts, cancelled)
		}
	}
}

// slack is how much later than a kill something may still be seen to happen
// that a process had done before it.
const slack = 250 * time.Millisecond

// checkOrder: what the customer was shown is the log's replies in their order,
// each of them; what he was shown again was in flight when something broke.
func (l *ledger) checkOrder(v *volume, incidents []incident) {
	const window = 24 // how far a late send of a stopped process may lie behind
	at := 0
	for _, s := range v.sends {
		back := max(0, at-window)
		switch {
		case at < len(v.said) && v.said[at].text == s.text:
			v.said[at].first = s.at
			at++
		case s.same: // the customer saw nothing
		case slices.ContainsFunc(v.said[back:at], func(e saidEntry) bool { return e.text == s.text }):
			l.duplicates++
		default:
			l.note(&l.disordered, "%s: %.60q was sent after reply %d of %d", v.c, s.text, at, len(v.said))
			return
		}
		if s.lost && !s.same {
			l.inFlight++
		}
	}
	if at < len(v.said) {
		l.note(&l.lost, "%s: reply %s was never sent (%d of %d were)", v.c, v.said[at].Position, at, len(v.said))
	}
	for i := range v.said {
		s := &v.said[i]
		switch {
		case len(s.noted) > 1:
			l.note(&l.doubled, "%s: reply %s has %d receipts", v.c, s.Position, len(s.noted))
		case len(s.noted) == 0:
			l.note(&l.lost, "%s: reply %s has no receipt", v.c, s.Position)
		case s.first.IsZero():
		default:
			for _, in := range incidents {
				if s.first.Before(in.to.Add(slack)) && s.noted[0].After(in.from) {
					l.inFlight++
				}
			}
		}
	}
}

// measure finds the slowest answers: of replies that stood in the log when an
// incident ended, from that moment; of events that came too early, from their
// own redelivery.
func (l *ledger) measure(v *volume, incidents []incident, attempts map[int64][]telegramtest.Attempt) {
	first := map[int64]time.Time{} // revision → its first reply
	for _, s := range v.said {
		if s.first.IsZero() {
			continue
		}
		if _, known := first[s.Position.Revision]; !known {
			first[s.Position.Revision] = s.first
		}
		for _, in := range slices.Backward(incidents) {
			if in.ready.Before(s.first) && s.At.Before(in.ready) {
				l.owed = max(l.owed, s.first.Sub(in.ready))
				break
			}
		}
	}
	updates := map[string]int64{}
	for _, m := range v.resident.Record() {
		if !m.FromBot {
			updates[strconv.Itoa(m.ID)] = m.Update
		}
	}
	for _, c := range v.came {
		sent, answered := first[c.Position.Revision]
		all := attempts[updates[c.Foreign]]
		if c.Kind != "text" || !answered || len(all) < 2 || all[0].Status == 200 {
			continue
		}
		if i := slices.IndexFunc(all, func(a telegramtest.Attempt) bool { return a.Status == 200 }); i > 0 {
			l.redelivered = max(l.redelivered, sent.Sub(all[i].At))
		}
	}
}
