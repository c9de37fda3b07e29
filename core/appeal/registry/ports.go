package registry

import (
	"context"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

// Tables tells by what cases live.
type Tables interface {
	// CaseBooks returns the tables as they are now. They are read again only when
	// something has changed. The error is ErrNoBooks while there are none.
	CaseBooks(ctx context.Context) (Books, error)
}

// Counter is where customers file their cases and find them again.
type Counter interface {
	// RegisterCase makes a case. Errors: a FlawsError, a TwinError, ErrMany,
	// appeal.ErrNoCategory, ErrFile, those of life.Machine.Apply for life.Register.
	RegisterCase(ctx context.Context, e Effect, f Filing) (Filed, error)
	// DoCase lets an event happen to a case. Errors: ErrNoCase, a MovedError, a
	// FlawsError for Do.Answers, ErrFile, ErrReply, for life.Resend and
	// life.Posted ErrWay, ErrSending, ErrDelivered, ErrNoLetter, ErrChannel, those of life.Machine.Apply; for
	// life.Duplicate those of Repeats, that of life.HasOther if there is no such case.
	DoCase(ctx context.Context, e Effect, a Act) (Outcome, error)
	// CustomerCases lists the cases of a conversation and of the accounts that it
	// is linked to, the newest first. after is the Next of the page before.
	CustomerCases(ctx context.Context, c chat.Conversation, after string, limit int) (Page, error)
	// CustomerCase returns a case of his; found is false for any other.
	CustomerCase(ctx context.Context, c chat.Conversation, n appeal.Number) (r Record, found bool, err error)
	// AskedCases returns what there is of each of the numbers, in their order; the
	// zero value stands for a case that there is not. It is as much work for one as
	// for the other.
	AskedCases(ctx context.Context, numbers []appeal.Number) ([]Asked, error)
}

// Bureau is where staff work on cases. What somebody may see is the business of
// its caller; looking at a case is written down by him (audit.CaseLook).
type Bureau interface {
	// DoCase is that of Counter.
	DoCase(ctx context.Context, e Effect, a Act) (Outcome, error)
	// FindCase returns a case by its number. The error is ErrNoCase.
	FindCase(ctx context.Context, n appeal.Number) (Record, error)
	// RevealCase returns a secret answer and writes down who has seen it, and why:
	// by.Reason. The errors are ErrReason, ErrNoCase, and life.ErrAbout for whom the
	// case is about.
	RevealCase(ctx context.Context, by audit.Entry, n appeal.Number, f appeal.Name) ([]privacy.Text, error)
	// ListCases lists cases. The error is of kind fault.Invalid for an After that
	// was not a Next.
	ListCases(ctx context.Context, f Filter) (Page, error)
	// CountCases counts what ListCases would list, in all its pages; MostCounted at
	// most.
	CountCases(ctx context.Context, filters []Filter) ([]int, error)
	// CaseTasks lists what somebody has to do, by himself or as one of his queues
	// and roles, unless a colleague has taken it on, the oldest first; none about
	// cases that are about him. after is the last ID of the page before.
	CaseTasks(ctx context.Context, by life.Actor, after int64, limit int) ([]Task, error)
	// TasksOfCase lists what is to be done about a case.
	TasksOfCase(ctx context.Context, n appeal.Number) ([]Task, error)
	// FinishTask marks a task as done. The error is ErrTask if there is none such of
	// his; one that is done already is no error.
	FinishTask(ctx context.Context, by life.Actor, id int64, at time.Time) error
}

// Watch is what looks after terms.
type Watch interface {
	// TellAlerts claims alerts that are due, the oldest first, gives each receiver a
	// task in the place of the one before it, and promises him a Warning; it returns
	// how many alerts that were. Each is told once for its case, clock, deadline and
	// mark, whoever else tells alerts at the same time; to whom a later one is due as
	// well, that one says it all.
	TellAlerts(ctx context.Context, now time.Time, limit int) (int, error)
}

// Letters is where answers are written and sent.
type Letters interface {
	// SaveReply keeps a draft: a new one, or in the place of the one with its ID.
	// The errors are ErrNoCase, ErrReply, ErrFinal, ErrFile, and
	// life.ErrAbout for whom the case is about. An event that names
	// it (life.Answer and its like) makes it final and queues its delivery, by the
	// way that the customer has chosen.
	SaveReply(ctx context.Context, by audit.Entry, r Reply) (Reply, error)
	// FindReply returns an answer. The error is ErrReply.
	FindReply(ctx context.Context, id string) (Reply, error)
	// Replies lists the answers to a case, the first one first.
	Replies(ctx context.Context, n appeal.Number) ([]Reply, error)
	// KeepPaper notes the file that was made of an answer; twice is once. The error
	// is ErrReply or ErrFile.
	KeepPaper(ctx context.Context, id, file string) error
	// Deliveries lists the attempts to send an answer, the first one first.
	Deliveries(ctx context.Context, reply string) ([]Delivery, error)
	// MarkDelivery notes what became of an attempt: status Sent, or Failed with
	// why. One that is settled stays as it is. The error is ErrReply.
	MarkDelivery(ctx context.Context, d Delivery) error
}

// Press is where answers are published. Whatever is published, changed or
// withdrawn makes a new version of the content (postgres.DB.ContentVersion).
type Press interface {
	// PublishCase takes a step of a publication. Errors: ErrNoCase, a MovedError,
	// ErrExcerpt, those of life.Publish.
	PublishCase(ctx context.Context, e Effect, a PublicationAct) (Publication, error)
	// FindPublication returns what was written about a case; found is false if
	// nothing was.
	FindPublication(ctx context.Context, n appeal.Number) (p Publication, found bool, err error)
	// CaseAuthor returns what the accounts tell of the customer who wrote a case: its
	// own account and those that its conversation is linked with (spec §3.5, step 3).
	// The error is ErrNoCase.
	CaseAuthor(ctx context.Context, n appeal.Number) (detect.Author, error)
	// Publications lists them by stage, the latest first.
	Publications(ctx context.Context, s life.Stage, limit int) ([]Publication, error)
}

// Figures is what indicators are counted of.
type Figures interface {
	// CountedCases returns the cases that were answered in a span, and those whose term
	// ended in it, by now, before they were answered.
	CountedCases(ctx context.Context, s indicator.Span, now time.Time) ([]indicator.Case, error)
}
