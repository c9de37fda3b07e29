package life

import (
	"fmt"

	"okoshko/core/appeal"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// Check refuses tables that do not fit each other on a day: a category that
// customers can choose must have a term, and a function that somebody answers.
// The error is of kind fault.Invalid and names the category. Whoever saves an
// edited table asks it first.
func (m *Machine) Check(routes *route.Book, day calendar.Date) error {
	for _, kind := range appeal.Kinds() {
		for _, c := range m.Forms.Offered(kind, "", day) {
			for _, who := range []knowledge.Audience{knowledge.Individuals, knowledge.Companies} {
				s := term.Subject{Kind: kind, Category: c.Code, Audience: who}
				if _, ok := m.Terms.Policy(term.Answer, s, day); !ok && c.Audience.Meets(who) {
					return fault.New(fault.Invalid, fmt.Sprintf("on %s category %s has no term for %s", day, c.Code, who))
				}
			}
			if !routes.Answered(c.Function, day) {
				return fault.New(fault.Invalid, fmt.Sprintf("on %s nobody answers function %q of category %s", day, c.Function, c.Code))
			}
		}
	}
	return nil
}
