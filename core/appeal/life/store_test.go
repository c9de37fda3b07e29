package life_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
)

// A case comes back from a store as it went there, and goes on as if it had
// stayed.
func TestCaseSurvivesAStore(t *testing.T) {
	t.Parallel()
	s := begin(t, appeal.Complaint, "Ж-6")
	s.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Act, Note: note("Запрос в сети")})
	s.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Name, Person: 9})
	s.does(compRouter, "2026-11-20 13:00", life.Do{Event: life.Route, Queue: "raschet-01", Waive: true, Note: note("всё есть")})
	s.does(specialist, "2026-11-20 14:00", life.Do{Event: life.Accept})
	s.does(specialist, "2026-11-20 15:00", life.Do{Event: life.Ask, Note: note("Какая сумма?")})
	stored, err := json.Marshal(s.Case)
	if err != nil {
		t.Fatal(err)
	}
	var back life.Case
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Case, back); diff != "" {
		t.Errorf("(-went +came back):\n%s", diff)
	}
	do, when := life.Do{Event: life.Clarify, Answers: appeal.Answers{}.With("damage_sum", "4500.00")}, at("2026-11-25 10:00")
	want, _, err1 := machine.Apply(s.Case, do, customer, when)
	got, _, err2 := machine.Apply(back, do, customer, when)
	if diff := cmp.Diff(want, got); err1 != nil || err2 != nil || diff != "" {
		t.Errorf("%v, %v (-as if it stayed +from the store):\n%s", err1, err2, diff)
	}
}

func BenchmarkApply(b *testing.B) {
	c := life.Case{Number: appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 1}, Kind: appeal.Complaint, Category: "Ж-1", State: life.Draft}
	when := at("2026-11-20 12:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := machine.Apply(c, life.Do{Event: life.Register}, customer, when); err != nil {
			b.Fatal(err)
		}
	}
}
