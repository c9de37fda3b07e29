package life_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
)

// Whatever is tried on a case, in whatever order and by whom, its promises hold.
func FuzzLife(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 1, 10, 200, 9, 4, 20, 60})
	f.Add([]byte{1, 0, 0, 0, 22, 3, 3, 1, 25, 3, 9, 2, 31, 8, 1, 1})
	f.Add([]byte{2, 0, 0, 0, 8, 2, 7, 9, 10, 4, 1, 1, 17, 4, 1, 1, 18, 0, 2, 2})
	lots := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same walks every time
	for range 300 {
		walk := make([]byte, 400)
		for i := range walk {
			walk[i] = byte(lots.Uint32())
		}
		f.Add(walk)
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		kinds := appeal.Kinds()
		if len(script) < 4 || len(script) > 400 {
			return
		}
		k := kinds[int(script[0])%len(kinds)]
		category := map[appeal.Kind]string{appeal.Question: "В-1", appeal.Complaint: "Ж-6", appeal.Application: "З-8", appeal.Review: "О-2"}[k]
		c := life.Case{
			Number: appeal.Number{Kind: k, Year: 2026, Serial: 1}, Kind: k, Category: category, Audience: knowledge.Individuals, State: life.Draft,
		}
		now := at("2026-03-03 10:00")
		for ; len(script) >= 4 && now.Before(at("2027-06-01 00:00")); script = script[4:] {
			do, by := pick(script, now)
			now = now.Add(time.Duration(script[3]) * 13 * time.Minute)
			before, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			next, out, err := machine.Apply(c, do, by, now)
			if after, _ := json.Marshal(c); string(after) != string(before) {
				t.Fatalf("%s changed the case that it was given", do.Event)
			}
			if err != nil {
				if fault.Is(err, fault.Internal) {
					t.Fatalf("%s: %v", do.Event, err)
				}
				continue
			}
			promises(t, &c, &next, do, by, out)
			c = next
		}
	})
}

// pick reads an event, who causes it and what he says out of four bytes.
func pick(b []byte, now time.Time) (life.Do, life.Actor) {
	rules := life.Rules()
	actors := []life.Actor{customer, reception, appRouter, compRouter, specialist, stranger, supervisor, editor, schedule}
	say, by := int(b[2]), actors[int(b[1])%len(actors)]
	times := []time.Time{now.Add(48 * time.Hour).Truncate(24 * time.Hour), now.Add(96 * time.Hour).Truncate(24 * time.Hour)}
	do := life.Do{
		Event: rules[int(b[0])%len(rules)].Event, Waive: say%3 > 0, Note: privacy.NewText("почему"), Queue: []string{"raschet-01", "biz"}[say%2],
		Person: int64(say % 8), Reply: "r", Way: []string{"", "chat", "phone"}[say%3], Links: []string{"bill-read"}, Addressee: "gas", Line: say % 12,
		Territory: []string{"", "01", "03"}[say%3],
		Category:  []string{"В-0", "Ж-3", "З-6", "О-2"}[say%4], Other: appeal.Number{Kind: appeal.Review, Year: 2026, Serial: 9},
		Day: calendar.DateOf(now, zone).Add(say % 5), Times: times, Time: times[say%2], Action: 1 + say%3, Rating: say % 7,
	}
	if say%11 == 0 {
		do.Note, do.Reply = privacy.Text{}, ""
	}
	return do, by
}

func promises(t *testing.T, c, next *life.Case, do life.Do, by life.Actor, out []life.Consequence) {
	t.Helper()
	answer, had := next.Clocks[term.Answer], c.Clocks[term.Answer]
	switch {
	case len(next.History) != len(c.History)+1 || next.History[len(c.History)].To != next.State:
		t.Errorf("%s left no line in the history", do.Event)
	case by.Staff != 0 && slices.Contains(c.About, by.Staff):
		t.Errorf("%d did %s with a case about himself", by.Staff, do.Event)
	case next.Keeper != 0 && slices.Contains(next.About, next.Keeper) || next.Assignee != 0 && slices.Contains(next.About, next.Assignee):
		t.Errorf("after %s somebody has a case about himself", do.Event)
	case next.State.Open() == !answer.Met.IsZero():
		t.Errorf("after %s it is %s and the answer was given: %s", do.Event, next.State, answer.Met)
	case do.Event != life.Extend && do.Event != life.Reopen && had.At.Before(answer.At) && !had.At.IsZero():
		t.Errorf("%s put the promise off from %s to %s", do.Event, had.At, answer.At)
	case do.Event == life.Extend && c.Extended:
		t.Error("extended twice")
	case (do.Event == life.Close || do.Event == life.Duplicate) && len(next.OpenActions()) > 0:
		t.Errorf("%s over an open action", do.Event)
	case (next.State == life.NeedInfo) != (next.Back != ""):
		t.Errorf("after %s it is %s and goes back to %q", do.Event, next.State, next.Back)
	}
	for _, o := range out {
		switch o := o.(type) {
		case life.SetClock:
			if r := next.Clocks[o.Clock]; r.At.IsZero() || !r.At.Equal(o.At) && do.Event != life.Reclassify {
				t.Errorf("%s sets %s to %s, the case says %s", do.Event, o.Clock, o.At, r.At)
			}
		case life.StopClock:
			if next.Clocks[o.Clock].Runs() {
				t.Errorf("%s stops %s, which runs", do.Event, o.Clock)
			}
		case life.Task:
			if o.Staff != 0 && slices.Contains(next.About, o.Staff) || o.Staff == 0 && o.Queue == "" && o.Role == "" {
				t.Errorf("%s gives %s to %d", do.Event, o.What, o.Staff)
			}
		}
	}
	if slices.Contains(life.Possible(next, by), do.Event) && next.State == life.Closed && do.Event == life.Close {
		t.Error("it can be closed twice")
	}
}
