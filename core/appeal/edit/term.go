package edit

import (
	"errors"
	"slices"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// Term adds a version of a rule for one clock: cases that are registered from
// its day on are counted by it, all others keep their own (R-5.2.11-a to -d).
type Term struct {
	Clock    term.Clock         `json:"clock"`
	Kind     appeal.Kind        `json:"kind"`
	Category string             `json:"category"`
	Audience knowledge.Audience `json:"audience"`
	Channel  string             `json:"channel"`
	From     calendar.Date      `json:"from"`
	// Company, Legal and Extension are "3 calendar_days"; "" is none.
	Company   string   `json:"company"`
	Legal     string   `json:"legal"`
	Laws      Texts    `json:"law"`
	Extension string   `json:"extension"`
	How       term.How `json:"how"`
}

func (e *Term) subject() string {
	parts := slices.DeleteFunc([]string{"term", string(e.Clock), string(e.Kind), e.Category, string(e.Audience), e.Channel}, func(s string) bool { return s == "" })
	return strings.Join(parts, "/")
}

func (e *Term) write(s *sheet) error {
	c := cell{
		"valid_from": e.From.String(), "clock": string(e.Clock), "kind": string(e.Kind), "category": e.Category, "audience": string(e.Audience),
		"channel": e.Channel, "how": string(e.How),
	}
	switch {
	case !oneOf(e.Clock, term.Clocks()), e.Kind != "" && !e.Kind.Exists(),
		!oneOf(e.Audience, []knowledge.Audience{knowledge.Individuals, knowledge.Companies, knowledge.Everybody}),
		e.Channel != "" && !queueCode.MatchString(e.Channel):
		return ErrUnknown
	}
	if e.Category != "" {
		known := s.find("appeal_categories", cell{"code": e.Category})
		if len(known) == 0 || known[0]["kind"] != string(e.Kind) {
			return ErrUnknown
		}
	}
	company, err1 := span(e.Company, e.Clock != term.Answer)
	legal, err2 := span(e.Legal, false)
	extension, err3 := span(e.Extension, false)
	if errors.Join(err1, err2, err3) != nil {
		return ErrTerm
	}
	if legal.IsZero() != e.Laws.empty() {
		return ErrLaw
	}
	if !legal.IsZero() {
		if err := e.Laws.put(c, "law", mostPlain, ErrLaw); err != nil {
			return err
		}
	}
	if extension.IsZero() != (e.How == "") || !oneOf(e.How, []term.How{term.Add, term.Total, ""}) ||
		extension.Unit == calendar.ClockHours || !extension.IsZero() && e.Clock != term.Answer {
		return ErrExtension
	}
	if err := s.hold(e.From, 1); err != nil {
		return err
	}
	for name, t := range map[string]calendar.Term{"company": company, "legal": legal, "extension": extension} {
		if !t.IsZero() {
			c[name] = t.String()
		}
	}
	law, err := s.later(company, legal)
	if err != nil {
		return err
	}
	s.note(law, LawShorter)
	s.note(beyond(e, company, legal, extension), Beyond)
	s.put("appeal_terms", c)
	return nil
}

// standards are the longest terms that the standard allows for an answer, and by how
// much they may be prolonged (R-5.2.11-b to -d); it names none for applications, and
// no extension for complaints.
var standards = map[appeal.Kind]struct{ answer, extension calendar.Term }{
	appeal.Question:  {calendar.Term{N: 3, Unit: calendar.CalendarDays}, calendar.Term{N: 10, Unit: calendar.CalendarDays}},
	appeal.Review:    {calendar.Term{N: 3, Unit: calendar.CalendarDays}, calendar.Term{N: 10, Unit: calendar.CalendarDays}},
	appeal.Complaint: {calendar.Term{N: 20, Unit: calendar.CalendarDays}, calendar.Term{}},
}

// beyond reports whether a term of an answer, or its extension, is longer than the
// standard allows for one of its kinds. Of the company's term and the law's the
// shorter one counts.
func beyond(e *Term, company, legal, extension calendar.Term) bool {
	return e.Clock == term.Answer && slices.ContainsFunc(appeal.Kinds(), func(k appeal.Kind) bool {
		most, known := standards[k]
		if !known || e.Kind != "" && e.Kind != k {
			return false
		}
		answer := company
		if answer.IsZero() || !legal.IsZero() && longer(answer, legal) {
			answer = legal
		}
		whole := most.extension
		if e.How == term.Total && !whole.IsZero() {
			whole.N += most.answer.N
		}
		return longer(answer, most.answer) || longer(extension, whole)
	})
}

// longer compares terms by the calendar days that they usually take: five working
// days are a week, a month has thirty days. No day on which they would end is rolled.
func longer(x, y calendar.Term) bool {
	hours := map[calendar.Unit]int{calendar.CalendarDays: 5 * 24, calendar.WorkingDays: 7 * 24, calendar.Months: 30 * 5 * 24, calendar.ClockHours: 5}
	return x.N*hours[x.Unit] > y.N*hours[y.Unit]
}

// span reads a term of a year at most; none is zero. none is refused: a clock that
// is a promise to a customer ends on no day of its own.
func span(text string, zero bool) (calendar.Term, error) {
	if strings.TrimSpace(text) == "" {
		return calendar.Term{}, nil
	}
	t, err := calendar.ParseTerm(strings.TrimSpace(text))
	most := map[calendar.Unit]int{calendar.CalendarDays: 366, calendar.WorkingDays: 250, calendar.Months: 12, calendar.ClockHours: 720}
	if err != nil || t.N > most[t.Unit] || t.N == 0 && !zero {
		return calendar.Term{}, ErrTerm
	}
	return t, nil
}

// later reports whether a company's term ends after the law's, counted from the
// day on which the edit begins to hold: then the law's counts (spec §1.6, A10).
func (s *sheet) later(company, legal calendar.Term) (bool, error) {
	if company.IsZero() || legal.IsZero() {
		return false, nil
	}
	p := term.Policy{Company: company, Legal: legal}
	d, err := s.books.machine.Counter.Due(p, s.since.At(noon, s.books.machine.Counter.Zone), calendar.Term{})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(d.Why, func(r term.Reason) bool { return r.Step == term.LegalSmaller }), nil
}

// noon is a moment of a day on which any clock may start.
const noon = 12 * 60

// Alerts sets who hears of a clock, and when: the shares of the term at which he
// is warned, the breach, working days after it.
type Alerts struct {
	Clock term.Clock    `json:"clock"`
	From  calendar.Date `json:"from"`
	Marks []Mark        `json:"marks"`
}

// Mark is "80%", "breach" or "+1", and who is told then.
type Mark struct {
	Mark string          `json:"mark"`
	To   []term.Receiver `json:"to"`
}

func (e *Alerts) subject() string { return "alerts/" + string(e.Clock) }

const mostMarks = 10

func (e *Alerts) write(s *sheet) error {
	if !oneOf(e.Clock, term.Clocks()) {
		return ErrUnknown
	}
	if err := s.hold(e.From, 1); err != nil {
		return err
	}
	if len(e.Marks) == 0 || len(e.Marks) > mostMarks {
		return ErrMark
	}
	s.drop("appeal_alerts", cell{"valid_from": e.From.String(), "clock": string(e.Clock)})
	var seen []string
	for _, m := range e.Marks {
		mark, err := term.ParseMark(strings.TrimSpace(m.Mark))
		if err != nil || slices.Contains(seen, mark.String()) || len(m.To) == 0 {
			return ErrMark
		}
		seen = append(seen, mark.String())
		var to []string
		for _, r := range term.Receivers() {
			if slices.Contains(m.To, r) {
				to = append(to, string(r))
			}
		}
		if len(to) != len(m.To) {
			return ErrMark
		}
		s.put("appeal_alerts", cell{"valid_from": e.From.String(), "clock": string(e.Clock), "mark": mark.String(), "receivers": strings.Join(to, " ")})
	}
	s.note(!slices.Contains(seen, "breach"), "no_breach")
	return nil
}
