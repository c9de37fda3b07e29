package turn

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
)

// Position is a place in the log of a conversation: the revision of the commit
// that wrote it and its number there (0 what came, 1… the replies, then
// receipts). It is the ID of the entry, and never given twice.
type Position struct {
	Revision int64
	N        int
}

// String returns "<revision>-<n>".
func (p Position) String() string {
	return strconv.FormatInt(p.Revision, 10) + "-" + strconv.Itoa(p.N)
}

// ParsePosition reads what String wrote; "" is the zero position, before all.
func ParsePosition(s string) (Position, error) {
	if s == "" {
		return Position{}, nil
	}
	revision, n, ok := strings.Cut(s, "-")
	r, err1 := strconv.ParseInt(revision, 10, 64)
	k, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || r < 0 || k < 0 {
		return Position{}, fmt.Errorf("position %q is not <revision>-<n>", s)
	}
	return Position{r, k}, nil
}

// Before reports whether p stands before o.
func (p Position) Before(o Position) bool {
	return p.Revision < o.Revision || p.Revision == o.Revision && p.N < o.N
}

// EntryKind tells what an entry of the log is.
type EntryKind string

// The kinds of entries.
const (
	Came    EntryKind = "in"      // what the customer did
	Said    EntryKind = "out"     // a reply of ours
	Receipt EntryKind = "receipt" // what became of a reply
	Event   EntryKind = "event"   // a step of the hand-off, for staff alone
	Note    EntryKind = "note"    // a remark among staff, for them alone
)

// Entry is one line of the log. Body is JSON; stores do not look into it.
type Entry struct {
	Position Position
	Kind     EntryKind
	At       time.Time
	Body     []byte
}

// Record is all that is kept of a conversation beside its log: the hash in
// Redis, the row in the archive.
type Record struct {
	Conversation chat.Conversation
	Revision     int64
	State        []byte
	// Seen is the last events taken, newest last, a line each: the revision in
	// base 36 and what the event is known by. Stores do not look into it.
	Seen string
	// Holder is who answers: see dialog.State.Holder.
	Holder string
	// Cursor is the last reply delivered, Tail the last to be delivered,
	// Archived the last entry that the archive holds.
	Cursor, Tail, Archived Position
	// Prompt is the channel's own ID of our last message, if nothing stands
	// after it in the chat.
	Prompt string
	// Due is when the state itself next wants attention: its earliest timer, or
	// a command that was promised. Zero: never.
	Due time.Time
}

// Snapshot is a record as it was loaded.
type Snapshot struct {
	Record
	// Found is false for a conversation that this store does not know.
	Found bool
	// Mark is the generation of the store in which the record was written.
	Mark string
}

// Commit is one turn's change, carried out as a whole or not at all.
type Commit struct {
	Conversation chat.Conversation
	// Base is the revision that the turn began with, 0 for a conversation that the
	// store does not know; Revision, which is always greater, the one that the
	// commit makes of it. It need not be Base+1: a new conversation begins anywhere.
	Base, Revision int64
	// After names the commit that made Base (Committed.By), if the turn has not
	// loaded it but remembers it: a store that was rolled back gives the same
	// revision to another commit. "": the revision is enough.
	After  string
	State  []byte
	Seen   string
	Holder string
	// Entries are appended in their order; Tail is the last reply among them,
	// zero if there is none.
	Entries []Entry
	Tail    Position
	// Due as in Record, Now on the program's clock.
	Due, Now time.Time
	// InChat: the event put something below our last message. Record.Prompt is
	// emptied, and no reply of an earlier revision becomes it any more.
	InChat bool
	// Followed: somebody may wait for news of the conversation, a client that
	// reads the log itself or staff. A hint tells of the entries.
	Followed bool
	// Mark is the generation in which the conversation was loaded.
	Mark string
}

// Verdict is what became of a commit.
type Verdict uint8

// The verdicts.
const (
	// Won: the change stands. There is nothing to send, or somebody else has to:
	// the holder of the lease, or the sweeper when the lease or a hold runs out.
	Won Verdict = iota
	// WonDelivery: the change stands, it has replies, nothing was unsent before
	// them, and the caller holds the delivery lease.
	WonDelivery
	// WonBehind: as WonDelivery, but replies of earlier commits are unsent and go
	// first; the lease was the caller's own.
	WonBehind
	// Moved: another commit was first; nothing was changed.
	Moved
	// OtherMark: the store is of another generation; nothing was changed.
	OtherMark
)

// Committed is the answer to a commit.
type Committed struct {
	Verdict Verdict
	// By names the commit, no other has the same name; "" if nothing was changed.
	By string
	// Prompt is Record.Prompt as the commit leaves it.
	Prompt string
}

// Conversations is the store of live conversations. All errors are of kind
// fault.Unavailable; a call that failed may have been carried out.
//
// A conversation is due at the earliest of what it owes: Record.Due; for unsent
// replies the end of the delivery lease, or of a hold, or at once; and KeepFor
// after its last change, to be evicted. Every call that changes what is owed
// sets that time by this rule, on the program's clock where it is given one.
// Nobody but the holder prolongs a lease, and nothing but time ends a hold.
type Conversations interface {
	// Load returns what the store has; only Found, Conversation and Mark (the
	// store's own) mean anything when it has nothing.
	Load(ctx context.Context, c chat.Conversation) (Snapshot, error)
	// Commit checks Mark against the store's generation and then Base and After,
	// writes the record in that generation, appends the entries and makes the
	// conversation dirty. The lease goes to the caller as the verdicts say.
	Commit(ctx context.Context, c Commit) (Committed, error)
	// Restore writes a whole record in generation mark, and appends the entries
	// that are still to be delivered and are not in the log yet, if the store's
	// revision is still base (0: it knows nothing) and its generation mark. It
	// reports whether it did. The lease and a hold stay, and so does a cursor
	// that stands further already, with its prompt: a send may be in flight. The
	// conversation is dirty, and due at once. A record without a state begins a
	// new life: the log, the cursor and the lease that were there are removed.
	Restore(ctx context.Context, base int64, r Record, unsent []Entry, mark string) (bool, error)
	// Mark returns the generation that the store itself carries in every
	// partition ("" if any has none), and the identity of the server's data,
	// which changes with every restart and failover.
	Mark(ctx context.Context) (mark, server string, err error)
	// SetMark writes the generation into every partition.
	SetMark(ctx context.Context, mark string) error
}

// Delivery is what became of one reply, to be recorded.
type Delivery struct {
	Conversation chat.Conversation
	Position     Position
	Receipt      Entry // its Position is chosen by the store
	Prompt       string
	Now          time.Time
}

// Outbox is the part of the log that is not delivered yet. Whoever holds the
// delivery lease of a conversation sends, in order; the lease lasts LeaseFor.
type Outbox interface {
	// Unsent returns the replies after the cursor, oldest first.
	Unsent(ctx context.Context, c chat.Conversation, limit int) ([]Entry, error)
	// Delivered moves the cursor, appends the receipt after the last entry and
	// keeps the prompt (see Commit.InChat), unless the lease is not the caller's
	// or the cursor is there already; mine is false then. A lease that has run
	// out is still its holder's until somebody takes it. The lease is prolonged,
	// or ends with the last reply; more says that there are others after this
	// one. The revision stays, the conversation is dirty. If the conversation has
	// a holder, a hint tells of the receipt.
	Delivered(ctx context.Context, d Delivery) (mine, more bool, err error)
	// Renew prolongs the lease while a send is in flight; mine as in Delivered.
	Renew(ctx context.Context, c chat.Conversation) (mine bool, err error)
	// Hold gives the lease back if it is the caller's: nothing is sent, and no
	// lease is given, before until (program's clock), whatever is committed.
	Hold(ctx context.Context, c chat.Conversation, until time.Time) error
}

// LeaseFor is how long a delivery lease lasts without renewal; design limit of
// the wait after a crash.
const LeaseFor = 2 * time.Second

// KeepFor is how long the live store keeps what is archived and delivered, and
// a conversation that owes nothing.
const KeepFor = 24 * time.Hour

// Agenda is the list of conversations that want attention at some time.
type Agenda interface {
	// Due lists conversations whose time has come, the longest overdue first, at
	// most limit a partition.
	Due(ctx context.Context, now time.Time, limit int) ([]chat.Conversation, error)
	// Claim takes a due conversation for LeaseFor. deliver says that it has
	// unsent replies whose lease is now the caller's; replies on hold are left
	// alone. ok is false when it is no longer due or being delivered by another.
	// A conversation that the store does not know can be claimed: it may be in
	// the archive.
	Claim(ctx context.Context, c chat.Conversation, now time.Time) (deliver, ok bool, err error)
	// Settle sets the time at which the conversation is due again, from what
	// it owes (see Conversations), with idle for KeepFor. One that the store does
	// not know leaves the agenda.
	Settle(ctx context.Context, c chat.Conversation, now time.Time, idle time.Duration) error
	// Schedule makes conversations due, for a store that has lost its agenda;
	// one that is due earlier stays as it is.
	Schedule(ctx context.Context, due map[chat.Conversation]time.Time) error
}

// Backlog is what the archive does not hold yet.
type Backlog interface {
	// Dirty lists conversations with changes to copy. Only one replica at a
	// time is given those of a partition; one that stops asking loses them to
	// the next after LeaseFor.
	Dirty(ctx context.Context, limit int) ([]chat.Conversation, error)
	// Read returns records with their entries after Record.Archived, each as it
	// stood at one moment; those that the store does not know are left out.
	Read(ctx context.Context, cs []chat.Conversation) ([]Chapter, error)
	// Archived notes what the archive holds (the last entry of each chapter),
	// trims entries that are archived, delivered and older than before, and
	// cleans the conversation unless it has changed since.
	Archived(ctx context.Context, saved []Chapter, before time.Time) error
	// Evict removes a conversation that owes nothing (no Record.Due, nothing
	// unsent), has not changed since before and is clean; ok is false if it stays.
	Evict(ctx context.Context, c chat.Conversation, before time.Time) (ok bool, err error)
}

// Chapter is a record and a stretch of its log.
type Chapter struct {
	Record
	Entries []Entry
}

// Archive is the permanent copy. Errors are of kind fault.Unavailable.
type Archive interface {
	// Save copies chapters; what is there already stays as it is, and an older
	// record never replaces a newer one.
	Save(ctx context.Context, chapters []Chapter) error
	// Find returns the record, and whether there is one. A conversation that
	// was erased has none; Record.Revision is then the one that its next life
	// must begin above.
	Find(ctx context.Context, c chat.Conversation) (Record, bool, error)
	// Entries returns the log after a position, oldest first.
	Entries(ctx context.Context, c chat.Conversation, after Position, limit int) ([]Entry, error)
	// EntriesBefore returns the last entries before a position, or, before the
	// zero position, of all; oldest first.
	EntriesBefore(ctx context.Context, c chat.Conversation, before Position, limit int) ([]Entry, error)
	// Owing lists, in order of their names after a name, conversations that
	// have something undelivered or due, with the time at which they want
	// attention.
	Owing(ctx context.Context, after chat.Conversation, limit int) ([]Record, error)
}

// Marks keeps the generation of the live store beside the archive.
type Marks interface {
	// Mark returns the generation and the server it was given to.
	Mark(ctx context.Context) (mark, server string, err error)
	// NewMark gives a new generation to server if mark is still the current
	// one ("" before the first), and returns the current one either way.
	NewMark(ctx context.Context, mark, server string) (string, error)
}

// Casualty is an event that could not be taken.
type Casualty struct {
	ID           string
	Conversation chat.Conversation // may be empty: it could not be decoded
	At           time.Time
	// Cause is for operators: it holds no personal data.
	Cause string
	// Payload is the event as it came; it may be personal.
	Payload []byte
}

// Quarantine keeps casualties for people to look at.
type Quarantine interface {
	// Put keeps a casualty; the same ID is kept once.
	Put(ctx context.Context, c Casualty) error
}

// Parcel is one reply on its way to a customer.
type Parcel struct {
	Conversation chat.Conversation
	Message      chat.Message
	// Replaces is the channel's ID of the message to put it in place of, ""
	// to send it anew.
	Replaces string
}

// Fate is what became of a parcel.
type Fate uint8

// The fates.
const (
	// Sent: the channel took it.
	Sent Fate = iota
	// Refused: it will never be taken (blocked by the customer, malformed).
	Refused
	// Later: try this conversation again after Report.After.
	Later
)

// Report is a channel's word on a parcel.
type Report struct {
	Fate Fate
	// Foreign is the channel's ID of the message as it stands in the chat.
	Foreign string
	// Why, for Refused and Later: a short constant, without personal data.
	Why string
	// After: how long to wait; 0: as the courier thinks best.
	After time.Duration
}

// Channel sends replies. Send never takes longer than ten seconds.
type Channel interface {
	Caps() chat.Caps
	Send(ctx context.Context, p Parcel) Report
}
