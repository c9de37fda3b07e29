package console

import (
	"context"
	"io"
	"time"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/desk"
	"okoshko/core/staff"
	visits "okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// Engine takes turns and reads their log.
type Engine interface {
	Take(ctx context.Context, ev dialog.Event) (turn.Ack, error)
	Log(ctx context.Context, c chat.Conversation, after turn.Position, limit int) (turn.Page, error)
	Before(ctx context.Context, c chat.Conversation, before turn.Position, limit int) (turn.Page, error)
	Line(ctx context.Context, c chat.Conversation, p turn.Position) (turn.Line, bool, error)
}

// Desk is the hand-offs.
type Desk interface {
	// Handoffs lists the open ones, the oldest call first.
	Handoffs(ctx context.Context, limit int) ([]desk.Handoff, error)
	// LatestHandoff returns the conversation's, open or not, if it ever had one.
	LatestHandoff(ctx context.Context, c chat.Conversation) (desk.Handoff, bool, error)
	// TakeHandoff and EndHandoff refuse with a *desk.TakenError, desk.ErrClosed or
	// desk.ErrNotHolder; NotFound for one that never was.
	TakeHandoff(ctx context.Context, id, staff int64) (desk.Handoff, error)
	EndHandoff(ctx context.Context, id, staff int64, did desk.Did) (desk.Handoff, error)
}

// Staff is the accounts of those who may come in, and what they did.
type Staff interface {
	FindStaff(ctx context.Context, login string) (staff.Account, bool, error)
	StaffByID(ctx context.Context, id int64) (staff.Account, bool, error)
	// Seen and Gone note who is at the desk: estimates of the wait count them.
	Seen(ctx context.Context, id int64) error
	Gone(ctx context.Context, id int64) error
	Audit(ctx context.Context, e audit.Entry) error
	seconds
	people
}

// seconds is the second factors of staff. What changes an account writes down
// by whom.
type seconds interface {
	BeginSecond(ctx context.Context, id int64, key []byte) error
	SecondKey(ctx context.Context, id int64, pending bool) ([]byte, bool, error)
	// SpendStep and SpendRecovery tell one of all who try the same that it is good.
	SpendStep(ctx context.Context, id, step int64) (bool, error)
	SpendRecovery(ctx context.Context, id int64, hash []byte) (bool, error)
	RecoveryLeft(ctx context.Context, id int64) (int, error)
	// ConfirmSecond refuses a step that was used with Conflict (used).
	ConfirmSecond(ctx context.Context, by audit.Entry, id, step int64, hashes [][]byte) (staff.Account, error)
	DropSecond(ctx context.Context, by audit.Entry, id int64) (staff.Account, error)
	SetRecovery(ctx context.Context, by audit.Entry, id int64, hashes [][]byte) error
}

// people is what administrators do to accounts; each writes down by whom.
type people interface {
	ListStaff(ctx context.Context) ([]staff.Account, error)
	Teams(ctx context.Context) ([]staff.Team, error)
	Territories(ctx context.Context) ([]staff.Territory, error)
	AddStaff(ctx context.Context, by audit.Entry, login, hash string, temporary bool, card staff.Card) (staff.Account, error)
	ChangeStaff(ctx context.Context, by audit.Entry, id int64, card staff.Card) (staff.Account, error)
	SetPassword(ctx context.Context, by audit.Entry, id int64, hash string, temporary bool) (staff.Account, error)
	SetDisabled(ctx context.Context, by audit.Entry, id int64, disabled bool) (staff.Account, error)
	EndSessions(ctx context.Context, by audit.Entry, id int64) (staff.Account, error)
	SaveTeam(ctx context.Context, by audit.Entry, t staff.Team) error
	DropTeam(ctx context.Context, by audit.Entry, code string) error
}

// Visits are the visits to offices. Each act is written down by whom.
type Visits interface {
	OfficesNow(ctx context.Context) (*visits.Directory, error)
	// OfficeDay, SeekVisits and LookAtVisit refuse an office, a day or a visit that
	// is not there with visit.ErrUnknown.
	OfficeDay(ctx context.Context, office string, date calendar.Date) (visits.OfficeDay, error)
	SeekVisits(ctx context.Context, office string, first, last calendar.Date, said string) ([]visits.Booking, error)
	LookAtVisit(ctx context.Context, by audit.Entry, office string, id int64) (visits.Booking, error)
	// MarkVisit refuses with visit.ErrUnknown, ErrStep, ErrWindow or a
	// *visit.ChangedError.
	MarkVisit(ctx context.Context, by audit.Entry, m visits.Mark) (visits.Booking, error)
	// AddWalkIn takes what is sent twice under one ID once; it refuses with
	// visit.ErrUnknown or ErrWindow.
	AddWalkIn(ctx context.Context, by audit.Entry, id string, w visits.WalkIn) (visits.Booking, error)
}

// Live is what is kept for a time: sessions, tries, hints.
type Live interface {
	turn.Hints
	SaveSession(ctx context.Context, secret string, v staff.Session, idle time.Duration) error
	// Session prolongs the session by idle, unless that is zero. Of one that its holder
	// has ended elsewhere ok is false, and Ended says so.
	Session(ctx context.Context, secret string, idle time.Duration) (staff.Session, bool, error)
	EndSession(ctx context.Context, secret string) error
	// Sessions lists those of one of the staff, and marks that of the secret.
	Sessions(ctx context.Context, holder int64, secret string) ([]staff.OpenSession, error)
	EndSessionOf(ctx context.Context, holder int64, id string) (found bool, err error)
	customer.Tries
}

// Files is where operators' files go, and everybody's come from.
type Files interface {
	// Upload stores a file of the conversation. The error is Invalid with a key
	// (file_kind, file_size, file_empty) for one that is not taken.
	Upload(ctx context.Context, c chat.Conversation, name string, r io.Reader) (chat.File, error)
	// Stored says what a file of our store is that a message is to name, if it
	// belongs to the conversation; NotFound otherwise. What was never asked for
	// is not kept.
	Stored(ctx context.Context, c chat.Conversation, id string) (chat.File, error)
	// Fetch opens a file of the log: one of our store, or, with came, one that
	// the channel may still have.
	Fetch(ctx context.Context, c chat.Conversation, f chat.File, came bool) (chat.File, io.ReadCloser, error)
}
