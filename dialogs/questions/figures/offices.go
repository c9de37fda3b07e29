package figures

import (
	"cmp"
	"slices"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// changesAhead is for how many days ahead changes of hours are told.
const changesAhead = 30

var ofOffices = map[string]figure{
	"offices":         offices,
	"offices_changes": officesChanges,
	"office_business": officeBusiness,
	"visit_services": func(v *view) any {
		var list words.Blocks
		for _, s := range v.Offices.Services(v.reader.Audience) {
			list = append(list, item(v.say("office.visit", words.A("name", v.in(s.Names)), words.A("time", times.Length(v.lang, s.Length)))))
		}
		return list
	},
	"visit_horizon": func(v *view) any { return v.count("days", v.Offices.Rules().Days) },
	"visit_limit":   func(v *view) any { return v.Offices.Rules().Active },
	"visit_lead":    func(v *view) any { return times.Length(v.lang, v.Offices.Rules().Lead) },
}

func offices(v *view) any {
	var list words.Blocks
	for _, o := range v.Offices.Offices(v.reader.Audience, v.reader.Territory) {
		key, args := "office.line", v.office(o)
		if o.Phone != "" {
			key, args = "office.phoned", append(args, words.A("phone", o.Phone))
		}
		list = append(list, item(v.say(key, args...)))
	}
	return list
}

func (v *view) office(o *visit.Office) []words.Arg {
	return []words.Arg{
		words.A("name", v.in(o.Names)), words.A("address", v.in(o.Addresses)), words.A("hours", times.Week(v.lang, o.Week)),
	}
}

// officeBusiness is the first office for organisations alone.
func officeBusiness(v *view) any {
	for _, o := range v.Offices.Offices(knowledge.Companies, v.reader.Territory) {
		if o.Audience == knowledge.Companies {
			return v.say("office.card", v.office(o)...)
		}
	}
	return nil
}

// change is what differs in some offices in the same way.
type change struct {
	visit.Change
	reason string
	names  []string // of the offices
}

// officesChanges lists the changes of all offices by their first day; those that
// several offices have in common stand together.
func officesChanges(v *view) any {
	served := v.Offices.Offices(v.reader.Audience, v.reader.Territory)
	var changes []change
	for _, o := range served {
		for _, c := range o.Changes(v.Days, v.day, changesAhead) {
			reason := v.reason(c)
			same := slices.IndexFunc(changes, func(other change) bool {
				return other.First == c.First && other.Last == c.Last && slices.Equal(other.Spans, c.Spans) && other.reason == reason
			})
			if same < 0 {
				changes = append(changes, change{Change: c, reason: reason})
				same = len(changes) - 1
			}
			changes[same].names = append(changes[same].names, v.in(o.Names))
		}
	}
	if changes == nil {
		return words.Blocks{item(v.say("office.unchanged"))}
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		return cmp.Or(a.First.Compare(b.First), a.Last.Compare(b.Last))
	})
	list := make(words.Blocks, len(changes))
	for i, c := range changes {
		list[i] = item(v.change(c, len(served)))
	}
	return list
}

// change tells a change of some of so many offices.
func (v *view) change(c change, of int) string {
	names := strings.Join(c.names, ", ")
	if len(c.names) == of && of > 1 {
		names = v.say("office.all")
	}
	// The form that is chosen by n is that of one office, or of several.
	key, several := "office.closed", min(len(c.names), 2)
	args := []words.Arg{words.A("name", names), words.A("days", times.Days(v.lang, c.First, c.Last)), words.A("n", several)}
	if len(c.Spans) > 0 {
		key, args = "office.open", append(args, words.A("hours", times.Spans(v.lang, c.Spans)))
	}
	text := v.say(key, args...)
	if c.reason == "" {
		return text
	}
	return v.say("office.why", words.A("change", text), words.A("why", c.reason))
}

// reason says why hours differ: an exception's own reason, else that of the
// calendar.
func (v *view) reason(c visit.Change) string {
	if c.Why == calendar.Excepted {
		return v.in(c.Reasons)
	}
	return v.say("office." + string(c.Why))
}
