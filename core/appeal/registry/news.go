package registry

import (
	"cmp"
	"fmt"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// News is something that a customer is told of his case, by the channel that he
// has chosen; of a file that could not be taken where he has sent it.
type News struct {
	// Record's conversation is the one that is told.
	Record
	// Event is what happened; Entry is its line, with what was said (a question, a
	// reason, times), At its moment.
	Event life.Event
	Entry life.Entry
	// Line is the number of the line in the history, from 1.
	Line int
	// Reply is the answer of life.Answer, Typical and OffTopic.
	Reply Reply
	// Again is the attempt of an answer that is sent into the chat once more; 0: it
	// is sent for the first time.
	Again int
}

// ID names the news wherever it is sent.
func (n *News) ID() string {
	if n.Again > 0 {
		return fmt.Sprintf("case/%s/%d/%d", n.Number, n.Line, n.Again)
	}
	return fmt.Sprintf("case/%s/%d", n.Number, n.Line)
}

// Way is the channel by which the customer is told: what he is asked goes the way
// that who asks has chosen (R-5.2.7-c), all else the customer's own.
func (n *News) Way() string {
	if n.Event == life.Ask && n.Entry.Do.Way != "" {
		return n.Entry.Do.Way
	}
	return n.Answers.One(appeal.Contact)
}

// Rings reports whether the news sounds where its customer is, in his chat or as a
// text message, without his having just done something himself: then it keeps to
// quiet hours (calendar.Quiet). A letter by e-mail waits for him in silence.
func (n *News) Rings() bool {
	switch {
	case n.Entry.Staff == 0 && n.Entry.Role == life.Customer:
		return false
	case n.Event == life.Drop || n.Way() != appeal.ByEmail:
		return true
	}
	return n.Brings()
}

// Brings reports whether the news is the answer itself, in the customer's chat, and
// not that it comes another way.
func (n *News) Brings() bool {
	return n.Reply.ID != "" && (n.Again > 0 || cmp.Or(n.Answers.One(appeal.AnswerWay), appeal.InChat) == appeal.InChat)
}

// Heard returns when the news may sound: now, or in the morning. An answer does not
// wait for a morning at which its term is over: who has asked wants it in time more
// than he wants quiet (R-5.2.6, spec §4.4).
func (n *News) Heard(now time.Time, zone *time.Location) time.Time {
	morning := calendar.Awake(now, zone)
	if n.Brings() && !morning.Before(n.Clocks[term.Answer].At) {
		return now
	}
	return morning
}

// Mail is a letter to a role or a queue about a case that has become theirs: a new one
// (R-5.2.7-a, R-5.2.8-a), one to work on (R-5.2.7-d, R-5.2.8-d), or one whose customer's
// money has to go back (R-5.1.3-f). It holds no personal data.
type Mail struct {
	Line
	What life.Work // life.ToCheck, life.ToWork or life.ToRefund
	// One of Role and Queue says whose it is.
	Role  staff.Role
	Queue string
	// Nth is the revision with which it became theirs.
	Nth int
	// Promise is what the customer was promised, Day the direction's own; zero: it has
	// none.
	Promise, Day term.Deadline
}

// ID names the letter wherever it is sent. That money has to go back comes about
// beside a case's lines, so more than one letter may be about the same one.
func (m *Mail) ID() string {
	id := fmt.Sprintf("case/%s/%d/%s", m.Number, m.Nth, cmp.Or(m.Queue, string(m.Role)))
	if m.What == life.ToRefund {
		id += "/" + string(m.What)
	}
	return id
}

// Warning is an alert to one receiver. It holds no personal data.
type Warning struct {
	Line
	Alert
	// Task is the ID of the task that stands for it in the console.
	Task int64
	// Staff is whose task it is, if it is a person's.
	Staff int64
	// One of Queue and Role says whose task it is else, and where he works: by what
	// mailbox colleagues hear of it.
	Queue string
	Role  staff.Role
}

// ID names the warning wherever it is sent.
func (w *Warning) ID() string { return fmt.Sprintf("case-task/%d", w.Task) }

// Dispatch is an answer that goes another way than by the chat.
type Dispatch struct {
	Record
	Reply    Reply
	Delivery Delivery
}
