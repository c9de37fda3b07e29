package term_test

import (
	"fmt"

	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
)

// Twenty days from 18 December end in the holidays.
func Example() {
	p, _ := demo.Terms().Policy(term.Answer, complaint, day("2026-12-18"))
	d, err := counter.Due(p, at("2026-12-18 10:00"), calendar.Term{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range d.Why {
		fmt.Println(r.Step, r.From, "->", r.To)
	}
	fmt.Println("until", d.Last, "by", d.Policy)
	// Output:
	// calendar_days 2026-12-18 -> 2027-01-07
	// moved 2027-01-07 -> 2027-01-11
	// until 2027-01-11 by 2013-01-01/answer/complaint//both
}
