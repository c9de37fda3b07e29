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

// UnfitError says that a category cannot be offered on a day: it has no term for
// an Audience, or nobody answers its Function. It is of kind fault.Invalid.
type UnfitError struct {
	Day      calendar.Date
	Category string
	Audience knowledge.Audience
	Function string
}

// Error says what is missing, for operators.
func (e *UnfitError) Error() string {
	if e.Function != "" {
		return fmt.Sprintf("on %s nobody answers function %q of category %s", e.Day, e.Function, e.Category)
	}
	return fmt.Sprintf("on %s category %s has no term for %s", e.Day, e.Category, e.Audience)
}

// Unwrap gives it its kind, and the key of what is said about it.
func (e *UnfitError) Unwrap() error {
	if e.Function != "" {
		return &fault.Error{Kind: fault.Invalid, Key: "tables_unanswered"}
	}
	return &fault.Error{Kind: fault.Invalid, Key: "tables_no_term"}
}

// Check refuses tables that do not fit each other on a day: a category that
// customers can choose must have a term, and a function that somebody answers.
// The error is an UnfitError. Whoever saves an edited table asks it first.
func (m *Machine) Check(routes *route.Book, day calendar.Date) error {
	for _, kind := range appeal.Kinds() {
		for _, c := range m.Forms.Offered(kind, "", day) {
			for _, who := range []knowledge.Audience{knowledge.Individuals, knowledge.Companies} {
				s := term.Subject{Kind: kind, Category: c.Code, Audience: who}
				if _, ok := m.Terms.Policy(term.Answer, s, day); !ok && c.Audience.Meets(who) {
					return &UnfitError{Day: day, Category: c.Code, Audience: who}
				}
			}
			if !routes.Answered(c.Function, day) {
				return &UnfitError{Day: day, Category: c.Code, Function: c.Function}
			}
		}
	}
	return nil
}
