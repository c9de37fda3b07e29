package cases

import (
	"slices"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
)

// longest is the most lines of a timeline; what came before them is left out.
const longest = 12

// inTimeline are the events that a customer sees in the timeline, which names nobody of
// the staff and tells nothing of how they work.
var inTimeline = []life.Event{
	life.Register, life.Ask, life.Clarify, life.Write, life.Drop, life.Route, life.Accept, life.Notify, life.Extend, life.Contact, life.Propose, life.Confirm,
	life.Decline, life.Lapse, life.Agree, life.Answer, life.Typical, life.OffTopic, life.Posted, life.Duplicate, life.Withdraw, life.Rate, life.Reopen, life.Close,
}

// timeline tells what has happened, a line for each event; of ratings and routes in
// a row the last, and of times no proposal that gave way to another.
func (s *scenario) timeline(t *dialog.Turn, r *registry.Record) []chat.Block {
	var lines []life.Entry
	for i, e := range r.History {
		if e.Publication != "" || !slices.Contains(inTimeline, e.Do.Event) || e.Do.Event == life.Propose && r.Replaced(i) {
			continue
		}
		again := e.Do.Event == life.Route || e.Do.Event == life.Rate
		if n := len(lines); n > 0 && again && lines[n-1].Do.Event == e.Do.Event {
			lines[n-1] = e
			continue
		}
		lines = append(lines, e)
	}
	out := t.Blocks("timeline.lead")
	if len(lines) > longest {
		lines = lines[len(lines)-longest:]
		out = append(out, t.Blocks("timeline.before")...)
	}
	for i := range lines {
		e := &lines[i]
		out = append(out, t.Blocks("timeline.line", words.A("at", s.when(t, e.At)), words.A("what", s.happened(t, r.Number, e)))...)
	}
	return out
}

// happened says what has, in the customer's words.
func (s *scenario) happened(t *dialog.Turn, of appeal.Number, e *life.Entry) string {
	key := "event." + string(e.Do.Event)
	args := append(
		said.Named(t.Language(), of),
		words.A("note", brief(s.bare(t, e.Do.Note.Reveal()))), words.A("n", e.Do.Rating), words.A("at", s.when(t, e.Do.Time)), words.A("other", e.Do.Other.String()),
		words.A("day", words.DayMonth(e.Do.Day.At(0, s.zone))), words.A("files", lost(t, e)), words.A("times", s.times(t, e.Do.Times)),
	)
	if catalogue.Has(key+".ours") && e.Staff != 0 && e.Role != staff.Operator { // who writes for the customer is he
		key += ".ours"
	} else if catalogue.Has(key+".said") && !e.Do.Note.IsZero() {
		key += ".said"
	} else if catalogue.Has(key + ".plain") {
		key += ".plain"
	}
	return t.Line(key, args...)
}

// times are several in one line.
func (s *scenario) times(t *dialog.Turn, list []time.Time) string {
	said := make([]string, len(list))
	for i, at := range list {
		said[i] = s.when(t, at)
	}
	return strings.Join(said, "; ")
}

// lost says which files could not be taken, and why.
func lost(t *dialog.Turn, e *life.Entry) string {
	var list []string
	for _, f := range e.Do.Lost {
		list = append(list, said.Lost(t.Language(), f))
	}
	return strings.Join(list, "; ")
}

// bare is a text as the channel may carry it.
func (s *scenario) bare(t *dialog.Turn, text string) string {
	if s.Redact == nil || t.May(privacy.Identity) {
		return text
	}
	return s.Redact(text)
}

// brief cuts what was said to a line.
func brief(text string) string {
	const most = 160
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
