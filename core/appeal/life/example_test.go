package life_test

import (
	"fmt"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
)

// A question comes on a Friday and is answered on the last day.
func Example() {
	c := life.Case{
		Number: appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 7}, Kind: appeal.Question, Category: "В-0", State: life.Draft,
	}
	c, follows, err := machine.Apply(c, life.Do{Event: life.Register}, customer, at("2026-11-20 18:30"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range follows {
		switch f := f.(type) {
		case life.Tell:
			fmt.Println("tell the customer:", f.Event)
		case life.SetClock:
			fmt.Println("wait for", f.Clock, "until", f.Last)
		case life.Task:
			fmt.Println("task for", f.Role, "-", f.What)
		}
	}
	c, _, err = machine.Apply(c, life.Do{Event: life.Answer, Reply: "letter 1"}, reception, at("2026-11-23 23:59"))
	promise := c.Clocks[term.Answer]
	fmt.Println(c.Number, "is", c.State, "- late:", promise.Late(c.Answered), err)
	// Output:
	// tell the customer: register
	// wait for answer until 2026-11-23
	// wait for notice until 2026-11-23
	// task for vp_specialist - check
	// ОБ-2026-000007 is answered - late: false <nil>
}
