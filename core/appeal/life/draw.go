package life

import (
	"fmt"
	"slices"
	"strings"

	"okoshko/core/appeal"
)

// Diagram draws the machine as a Mermaid state diagram: what docs show. Events
// that change no state are left out; Table has all of them.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> draft\n")
	for _, from := range States() {
		for _, to := range States() {
			if events := leading(from, to); len(events) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(events, ", "))
			}
		}
	}
	b.WriteString("    closed --> [*]\n")
	return b.String()
}

// leading lists the events that lead from a state to another one.
func leading(from, to State) []string {
	var events []string
	for i := range rules {
		r := &rules[i]
		if slices.Contains(r.From, from) && slices.Contains(r.targets(), to) && (from != to || r.To != Stay) {
			events = append(events, string(r.Event))
		}
	}
	return events
}

// targets are the states to which a rule can lead, but for the one it stays in.
func (r *Rule) targets() []State {
	switch r.To {
	case Stay:
		return nil
	case BackTo: // wherever the customer can be asked
		return askedFrom()
	default:
		return []State{r.To}
	}
}

func askedFrom() []State {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Event == Ask })
	return rules[i].From
}

// Table prints the machine as a Markdown table, a line for each rule.
func Table() string {
	var b strings.Builder
	b.WriteString("| event | from | to | by | kinds | must be true |\n|---|---|---|---|---|---|\n")
	for i := range rules {
		r := &rules[i]
		to := string(r.To)
		switch r.To {
		case Stay:
			to = "—"
		case BackTo:
			to = joined(askedFrom(), " or ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.Event, states(r.From), to, joined(r.By, ", "), kinds(r.Kinds), joined(r.Guards, ", "))
	}
	return b.String()
}

func states(list []State) string {
	if n := len(open()); len(list) >= n && slices.Equal(list[:n], open()) {
		return joined(append([]State{"any open"}, list[n:]...), ", ")
	}
	return joined(list, ", ")
}

func kinds(list []appeal.Kind) string {
	if len(list) == 0 {
		return "all"
	}
	return joined(list, ", ")
}

func joined[T ~string](list []T, by string) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, by)
}
