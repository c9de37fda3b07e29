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
	// Seen is the last events taken, newest last, "<revision> <event ID>" a line.
	Seen string
	// Holder is who answers: "" the bot, else an operator.
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
	// Base is the revision that was loaded, Revision the one that the commit
	// makes of it.
	Base, Revision int64
	State          []byte
	Seen           string
	Holder         string
	// Entries are appended in their order; Tail is the last reply among them,
	// zero if there is none.
	Entries []Entry
	Tail    Position
	// Due as in Record, Now on the program's clock.
	Due, Now time.Time
	// InChat: the event put something below our last message.
	InChat bool
	// Mark is the generation that the caller believes in.
	Mark string
}

// Verdict is what became of a commit.
type Verdict uint8

// The verdicts.
const (
	// Won: the change stands, and somebody else delivers what is unsent.
	Won Verdict = iota
	// WonDelivery: the change stands, and the caller holds the delivery lease.
	WonDelivery
	// Moved: another commit was first; nothing was changed.
	Moved
	// OtherMark: the store is of another generation; nothing was changed.
	OtherMark
)

// Conversations is the store of live conversations. All errors are of kind
// fault.Unavailable; a call that failed may have been carried out.
type Conversations interface {
	Load(ctx context.Context, c chat.Conversation) (Snapshot, error)
	Commit(ctx context.Context, c Commit) (Verdict, error)
	// Restore writes a whole record, and the entries that are still to be
	// delivered, if the store's revision is still base (0: it knows nothing).
	// It reports whether it did.
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
	// Delivered moves the cursor and appends the receipt, unless the lease is
	// another's or the cursor is there already; mine is false then. The lease
	// ends with the last reply; more says that there are others after this one.
	Delivered(ctx context.Context, d Delivery) (mine, more bool, err error)
	// Renew prolongs the lease while a send is in flight.
	Renew(ctx context.Context, c chat.Conversation) (mine bool, err error)
	// Hold gives the lease back; the conversation is due again at until.
	Hold(ctx context.Context, c chat.Conversation, until time.Time) error
}

// LeaseFor is how long a delivery lease lasts without renewal; design limit of
// the wait after a crash.
const LeaseFor = 2 * time.Second

// Agenda is the list of conversations that want attention at some time.
type Agenda interface {
	// Due lists conversations whose time has come, at most limit a partition.
	Due(ctx context.Context, now time.Time, limit int) ([]chat.Conversation, error)
	// Claim takes a due conversation for LeaseFor. deliver says that it has
	// unsent replies whose lease is now the caller's. ok is false when it is no
	// longer due or being delivered by another.
	Claim(ctx context.Context, c chat.Conversation, now time.Time) (deliver, ok bool, err error)
	// Settle sets the time at which the conversation is due again, from what
	// it owes: unsent replies, its state's due time, eviction after idle.
	Settle(ctx context.Context, c chat.Conversation, now time.Time, idle time.Duration) error
	// Schedule makes conversations due, for a store that has lost its agenda.
	Schedule(ctx context.Context, due map[chat.Conversation]time.Time) error
}

// Backlog is what the archive does not hold yet.
type Backlog interface {
	// Dirty lists conversations with changes to copy. Only one replica at a
	// time is given those of a partition.
	Dirty(ctx context.Context, limit int) ([]chat.Conversation, error)
	// Read returns records with their entries after Record.Archived.
	Read(ctx context.Context, cs []chat.Conversation) ([]Chapter, error)
	// Archived notes what the archive holds, trims entries that are archived,
	// delivered and older than before, and cleans the conversation unless it
	// has changed since.
	Archived(ctx context.Context, saved []Chapter, before time.Time) error
	// Evict removes a conversation that owes nothing, has not changed since
	// before and is archived; ok is false if it stays.
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
	// was erased has none.
	Find(ctx context.Context, c chat.Conversation) (Record, bool, error)
	// Entries returns the log after a position, oldest first.
	Entries(ctx context.Context, c chat.Conversation, after Position, limit int) ([]Entry, error)
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
	// one, and returns the current one either way.
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
