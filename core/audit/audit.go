// Package audit is the book of who of the staff saw and changed what, when and
// from where (spec §3.1: an append-only access log). Its lines form a chain:
// the hash of each covers the line before, so that a line which was changed,
// removed or slipped in later shows.
package audit

import "time"

// Act is what was done. The console has words for every act
// (bots/web/console/people/names.ts; a test looks for them).
type Act string

// The acts of those who sign in.
const (
	SignIn        Act = "sign_in"
	SignInRefused Act = "sign_in_refused"
	SignOut       Act = "sign_out"
)

// The acts at the desk.
const (
	Look   Act = "look" // read a conversation
	Take   Act = "take"
	Return Act = "returned"
	Close  Act = "closed"
	Say    Act = "say"
	Note   Act = "note"
	Retry  Act = "retry"
	File   Act = "file" // opened a file of a conversation
	Upload Act = "upload"
)

// The acts in an office, and about when and by which rules it receives.
const (
	VisitStep     Act = "visit_step" // arrived, called, served, …
	WalkIn        Act = "walk_in"
	VisitLook     Act = "visit_look" // read who comes, in full
	ClosureAdd    Act = "closure_add"
	ClosureRemove Act = "closure_remove"
	WeekChange    Act = "week_change"    // the usual hours of an office
	WindowsChange Act = "windows_change" // how many, what they serve, from when to when
	WindowShut    Act = "window_shut"
	WindowOpen    Act = "window_open" // took the shutting of one back
	RuleChange    Act = "rule_change" // of booking
	CalendarAdd   Act = "calendar_add"
)

// The acts at what customers' chats hold.
const (
	LinksLook Act = "links_look" // which chats an account is linked to
	LinkEnd   Act = "link_end"
	Erasure   Act = "erasure" // of a conversation; the subject is the number of its act
)

// The acts at cases.
const (
	CaseLook    Act = "case_look"    // read a case
	CaseStep    Act = "case_step"    // let an event happen to it
	CaseReveal  Act = "case_reveal"  // saw a secret answer
	CaseReply   Act = "case_reply"   // wrote an answer
	CaseResend  Act = "case_resend"  // sent an answer once more
	CaseRefund  Act = "case_refund"  // had the bank give money back
	CasePublish Act = "case_publish" // took a step of its publication

	TablesChange Act = "tables_change" // of categories, forms, terms, routes
)

// The acts at what could not be taken.
const (
	QuarantineLook  Act = "quarantine_look"  // read what a customer had sent
	QuarantineAgain Act = "quarantine_again" // had it taken once more
	QuarantineReset Act = "quarantine_reset" // began his conversation anew
	QuarantineDrop  Act = "quarantine_drop"  // put it away
)

// What staff change of their own accounts.
const (
	OwnPassword  Act = "own_password"
	SecondOn     Act = "second_on"     // set up a second factor
	SecondOff    Act = "second_off"    // his own, or a colleague's
	RecoveryNew  Act = "recovery_new"  // made new recovery codes
	RecoveryUsed Act = "recovery_used" // signed in by one
	SessionEnd   Act = "session_end"   // one of his own
	SessionsEnd  Act = "sessions_end"  // all of somebody's
)

// What is done to people and teams, and to the audit itself.
const (
	StaffAdd      Act = "staff_add"
	StaffChange   Act = "staff_change"
	StaffDisable  Act = "staff_disable"
	StaffEnable   Act = "staff_enable"
	StaffPassword Act = "staff_password" // gave somebody a temporary one
	TeamSave      Act = "team_save"
	TeamDrop      Act = "team_drop"
	AuditRead     Act = "audit_read"
	AuditPrune    Act = "audit_prune" // by the daily job: lines whose time is over
)

// Acts lists all of them.
func Acts() []Act {
	return []Act{
		SignIn, SignInRefused, SignOut, Look, Take, Return, Close, Say, Note, Retry, File, Upload,
		VisitStep, WalkIn, VisitLook, ClosureAdd, ClosureRemove, WeekChange, WindowsChange, WindowShut, WindowOpen, RuleChange, CalendarAdd,
		LinksLook, LinkEnd, Erasure,
		CaseLook, CaseStep, CaseReveal, CaseReply, CaseResend, CaseRefund, CasePublish, TablesChange,
		QuarantineLook, QuarantineAgain, QuarantineReset, QuarantineDrop,
		OwnPassword, SecondOn, SecondOff, RecoveryNew, RecoveryUsed, SessionEnd, SessionsEnd,
		StaffAdd, StaffChange, StaffDisable, StaffEnable, StaffPassword, TeamSave, TeamDrop, AuditRead, AuditPrune,
	}
}

// Entry is one line of the book. What was seen or changed stands in Before and
// After under the names of fields, masked as a list of staff would show it
// (spec §3.3): a line stays for three years, so it must not hold what has to go
// before.
type Entry struct {
	// Number and At are given when the line is written.
	Number int64
	At     time.Time
	// Staff is who did it; 0: nobody who has signed in, or somebody at a
	// terminal of the server. Name is his, when a line is read.
	Staff int64
	Name  string
	Act   Act
	// Conversation is the one that it was done in; "": in none.
	Conversation string
	// Subject is what else it was done to: a login, an account's masked number.
	Subject       string
	Before, After map[string]string
	// Reason is why, in the words of who did it, where he was asked.
	Reason string
	// Address is where the request came from.
	Address string
}

// Addresses of what no request has done.
const (
	Terminal = "terminal" // at a terminal of the server
	Schedule = "schedule" // by a scheduled job
)

// Filter says which lines to list, the newest first. Zero values exclude
// nothing.
type Filter struct {
	Staff int64
	Act   Act
	// About is a conversation or a subject, as it stands in the line.
	About    string
	From, To time.Time // From <= at < To
	// Below is the number that listed lines are below, for the next page.
	Below int64
	Limit int
}
