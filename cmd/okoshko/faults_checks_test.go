package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/billing"
	"okoshko/dialogs/dialog"
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
	for _, m := range v.shown { // the log may be forged by a fault, too: what did the customer see?
		slip, ok := readSlip(m.Text)
		if fact, exists := stored[slip.receipt]; ok && m.FromBot && (!exists || !slices.Equal(slip.values, valuesOf(fact))) {
			l.note(&l.contradicted, "%s: the customer holds receipt %s for %v, stored is %v", v.c, slip.receipt, slip.values, valuesOf(fact))
		}
	}
}

// checkForms compares what was sent with what was made of it. The log is read
// in rounds: each begins with /start.
func (l *ledger) checkForms(v *volume) {
	sent, surely := map[string]bool{}, map[string]bool{}
	for _, c := range v.came {
		found := sendShape.FindStringSubmatch(c.Text)
		if found == nil || c.Kind != dialog.Press.String() {
			continue
		}
		sent[found[1]] = true
		if message, _ := strconv.Atoi(c.Foreign); !v.raced[pressKey{v.owner, message, c.Text}] {
			surely[found[1]] = true
		}
	}
	switch n := len(v.slips); {
	case n > len(sent):
		l.note(&l.doubled, "%s: %d facts were made of %d forms that were sent", v.c, n, len(sent))
	case n < len(surely):
		l.note(&l.lost, "%s: only %d facts were made of %d forms that were sent", v.c, n, len(surely))
	}
	if v.restarts > 0 {
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

// What the design promises (docs/faults.md).
const (
	owedLimit        = 3 * time.Second
	redeliveredLimit = time.Second
)

const clockTime = "15:04:05.000"

// slack is how much later than a kill Telegram may still see what a process had
// sent before it.
const slack = 250 * time.Millisecond

// inFlight reports whether the reply was being sent when the incident began:
// Telegram had seen it, since the incident before, and that was not noted.
func (s *saidEntry) inFlight(before, in incident) bool {
	noted := s.noted[0]
	if !noted.After(in.from) {
		return false
	}
	return slices.ContainsFunc(append(s.again, s.first), func(at time.Time) bool {
		late := at.Before(in.to.Add(slack)) && noted.Sub(at) > slack
		return at.After(before.to) && (at.Before(in.to) || late)
	})
}

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
		default:
			again := lastOf(v.said[back:at], s.text)
			if again == nil {
				l.note(&l.disordered, "%s: %.60q was sent after reply %d of %d", v.c, s.text, at, len(v.said))
				return
			}
			again.again = append(again.again, s.at)
			if !s.same { // else the customer saw nothing
				l.duplicates++
			}
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
			var before incident
			for _, in := range incidents {
				if s.inFlight(before, in) {
					l.inFlight++
				}
				before = in
			}
		}
	}
}

// lastOf returns the last reply with these words, nil if there is none.
func lastOf(said []saidEntry, text string) *saidEntry {
	for i := range slices.Backward(said) {
		if said[i].text == text {
			return &said[i]
		}
	}
	return nil
}

// measure finds the slowest answers: of replies that stood in the log when an
// incident ended, and of those that had to wait behind such a one, from that
// moment; of events that came too early, from their own redelivery.
func (l *ledger) measure(v *volume, incidents []incident, attempts map[int64][]telegramtest.Attempt) {
	answers := map[int64]int{} // revision → its first reply
	for i, s := range v.said {
		if s.first.IsZero() || len(s.noted) == 0 {
			return
		}
		if _, known := answers[s.Position.Revision]; !known {
			answers[s.Position.Revision] = i
		}
		l.owe(v, incidents, s)
	}
	updates := map[string]int64{}
	for _, m := range v.shown {
		if !m.FromBot {
			updates[strconv.Itoa(m.ID)] = m.Update
		}
	}
	for _, c := range v.came {
		i, answered := answers[c.Position.Revision]
		all := attempts[updates[c.Foreign]]
		taken := slices.IndexFunc(all, func(a telegramtest.Attempt) bool { return a.Status == 200 })
		if c.Kind != dialog.Text.String() || !answered || taken <= 0 {
			continue
		}
		answer, again := v.said[i], all[taken].At
		if answer.At.Before(again) || i > 0 && v.said[i-1].noted[0].After(again) {
			continue // it was in the log already, or stood behind one that was: it is owed
		}
		if late := answer.first.Sub(again); late > l.redelivered {
			l.redelivered = late
			if late > redeliveredLimit {
				l.notes = append(l.notes, fmt.Sprintf("%s: update %d was turned away with %d, at last at %s, taken at %s, stepped at %s, answered at %s",
					v.c, updates[c.Foreign], all[taken-1].Status, all[taken-1].At.Format(clockTime), again.Format(clockTime),
					answer.At.Format(clockTime), answer.first.Format(clockTime)))
			}
		}
	}
}

// owe notes how long after the last incident before it a reply came, if it was
// made before the end of that incident.
func (l *ledger) owe(v *volume, incidents []incident, s saidEntry) {
	for _, in := range slices.Backward(incidents) {
		if !in.ready.Before(s.first) || !s.At.Before(in.ready) {
			continue
		}
		if late := s.first.Sub(in.ready); late > l.owed {
			l.owed = late
			if late > redeliveredLimit {
				l.notes = append(l.notes, fmt.Sprintf("%s: reply %s was made at %s, owed at %s, first sent at %s, noted at %s",
					v.c, s.Position, s.At.Format(clockTime), in.ready.Format(clockTime), s.first.Format(clockTime), s.noted[0].Format(clockTime)))
			}
		}
		return
	}
}
