package dialog

import (
	"fmt"
	"strings"
)

// Diagram draws the scenario as a Mermaid flowchart: what opens it, the
// questions in their order, where answers may lead back, the command that makes
// its fact. It is drawn from the declaration that the engine walks, so it
// cannot be out of date.
func (s *Scenario) Diagram() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	b.WriteString("flowchart TD\n")
	for _, c := range s.Commands {
		line("%s([%q])", "cmd_"+c.Name, s.Name+"."+c.Name)
	}
	if s.Form == nil {
		line("open([%q]) --> said[%q]", s.Name, "says its piece")
		return b.String()
	}
	before := "open"
	line("open([%q])", s.Name)
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		shape := "[%q]"
		if q.Needed != nil {
			shape = "{{%q}}" // asked only where it is needed
		}
		line("%s"+shape, "q_"+q.Slot, q.Slot)
		line("%s --> %s", before, "q_"+q.Slot)
		for _, to := range q.Goes {
			line("%s -.-> %s", "q_"+q.Slot, "q_"+to)
		}
		before = "q_" + q.Slot
	}
	if s.Form.More != nil {
		line("more{{%q}}", "what the data ask for")
		line("%s --> more", before)
		before = "more"
	}
	if s.Form.Summary != nil {
		line("summary[/%q/]", "summary")
		line("%s --> summary", before)
		for i := range s.Form.Questions {
			if q := &s.Form.Questions[i]; q.Show != nil {
				line("summary -. change .-> %s", "q_"+q.Slot)
			}
		}
		before = "summary"
	}
	for _, a := range s.Form.Actions {
		line("do_%s[[%q]]", a.Name, a.Name)
	}
	if s.Form.Tell != nil {
		line("%s --> told[%q]", before, "says what they come to")
		return b.String()
	}
	line("do_%s[[%q]]", s.Form.Submit.Name, s.Form.Submit.Name)
	line("%s --> do_%s --> done((done))", before, s.Form.Submit.Name)
	return b.String()
}
