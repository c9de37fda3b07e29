package appeal

import "okoshko/core/calendar"

// Terms are how soon a letter is answered, counted from the day on which it
// came.
type Terms struct {
	// Answer is the term of a question or an appeal, Complaint that of a
	// complaint.
	Answer, Complaint calendar.Term
	// More is by how much Answer may be extended, once.
	More calendar.Term
}

// DefaultTerms are those of R-5.2.11-b, -c and -d, in calendar days, as spec
// §1.6 reads them (A1).
var DefaultTerms = Terms{
	Answer:    calendar.Term{N: 3, Unit: calendar.CalendarDays},
	Complaint: calendar.Term{N: 20, Unit: calendar.CalendarDays},
	More:      calendar.Term{N: 10, Unit: calendar.CalendarDays},
}
