package term

import (
	"fmt"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// Clock names what is waited for.
type Clock string

// The clocks.
const (
	// Answer is the promise to the customer: the answer, or what he has applied
	// for. It never stops (spec §1.6, A4).
	Answer Clock = "answer"
	// Contact is the first contact on an application (spec §1.6, A3).
	Contact Clock = "contact"
	// Notice is until when a question is answered, or its customer told the term
	// (R-5.2.6-f).
	Notice Clock = "notice"
	// Direction is the answer of the specialist of a direction to the one who
	// keeps the case (R-5.2.6-e). It stops while the customer is asked.
	Direction Clock = "direction"
	// Content is when a page follows what it tells of (R-5.2.11-a); it belongs
	// to no case.
	Content Clock = "content"
)

// Clocks lists the clocks.
func Clocks() []Clock { return []Clock{Answer, Contact, Notice, Direction, Content} }

// ErrNoExtension says that a term cannot be extended: the policy knows no
// extension, or it would not end later. It is of kind fault.Conflict.
var ErrNoExtension error = &fault.Error{Kind: fault.Conflict, Key: "no_extension"}

// Subject is what a policy is chosen by.
type Subject struct {
	Kind     appeal.Kind
	Category string
	Audience knowledge.Audience
	Channel  string // "tg", "web"…
}

// How says what an extension is counted from (spec §1.6, A2).
type How string

// The ways to count an extension.
const (
	Add   How = "add"   // from the first due date
	Total How = "total" // from the day of registration, in place of the first term
)

// Policy is a rule for one clock, for all cases that fit its subject: empty
// parts fit all.
type Policy struct {
	From  calendar.Date // the day since which it holds
	Clock Clock
	Subject
	// Company is the term that the company's standard promises, Legal that of a
	// law; the smaller holds (spec §1.6, A10). Either may be zero. Without both
	// the clock does not run.
	Company, Legal calendar.Term
	Laws           map[string]string // where Legal stands, by language
	// Extension prolongs Company, once; zero: it cannot be prolonged (R-5.2.11-c,
	// -d). Legal is never prolonged.
	Extension calendar.Term
	How       How
}

// ID names this version of the rule. A case keeps it.
func (p *Policy) ID() string {
	parts := []string{p.From.String(), string(p.Clock), string(p.Kind), p.Category, string(p.Audience), p.Channel}
	return strings.TrimRight(strings.Join(parts, "/"), "/")
}

// Runs reports whether the clock runs at all.
func (p *Policy) Runs() bool { return !p.Company.IsZero() || !p.Legal.IsZero() }

// fits reports whether the policy is for the subject, and how closely: a
// category counts more than an audience, that more than a channel, that more
// than a kind.
func (p *Policy) fits(s Subject) (closeness int, ok bool) {
	for _, part := range []struct {
		weight     int
		mine, that string
	}{
		{8, p.Category, s.Category},
		{4, strings.TrimPrefix(string(p.Audience), string(knowledge.Everybody)), string(s.Audience)},
		{2, p.Channel, s.Channel},
		{1, string(p.Kind), string(s.Kind)},
	} {
		switch part.mine {
		case "":
		case part.that:
			closeness += part.weight
		default:
			return 0, false
		}
	}
	return closeness, true
}

// Policy returns the rule of a clock for a subject on a day: of those that fit,
// the closest; of its versions the latest. ok is false if the clock does not run
// for it.
func (b *Book) Policy(c Clock, s Subject, day calendar.Date) (found Policy, ok bool) {
	best := -1
	for _, p := range b.policies {
		closeness, fits := p.fits(s)
		if p.Clock != c || !fits || day.Before(p.From) {
			continue
		}
		// policies are sorted by day: the later version of the same closeness wins.
		if closeness >= best {
			found, best = p, closeness
		}
	}
	return found, best >= 0 && found.Runs()
}

// Quoted returns the terms that articles quote on a day: those of anybody's
// question and complaint. The error is of kind fault.NotFound if there are none.
func (b *Book) Quoted(day calendar.Date) (appeal.Terms, error) {
	question, ok1 := b.Policy(Answer, Subject{Kind: appeal.Question}, day)
	complaint, ok2 := b.Policy(Answer, Subject{Kind: appeal.Complaint}, day)
	if !ok1 || !ok2 {
		return appeal.Terms{}, fault.New(fault.NotFound, fmt.Sprintf("no term of a question or a complaint holds on %s", day))
	}
	return appeal.Terms{Answer: question.Company, Complaint: complaint.Company, More: question.Extension}, nil
}
