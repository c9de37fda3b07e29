package dialog

import (
	"log/slog"
	"slices"
	"time"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/desk"
	"okoshko/core/privacy"
)

// Kind tells what happened.
type Kind uint8

// What can happen to a conversation.
const (
	// Text is something that the customer wrote.
	Text Kind = iota
	// Press is a pressed button; Event.Text is the token of its choice.
	Press
	// Upload is one or more files, with a caption in Event.Text.
	Upload
	// Contact is a shared phone number.
	Contact
	// Location is a shared place.
	Location
	// Edited is a changed message of the customer: it never acts.
	Edited
	// Unsupported is a voice message, a sticker and whatever else no step reads.
	Unsupported
	// Arrive is the customer's coming from another channel with Event.Ticket, or
	// along a link whose Start is Event.Text.
	Arrive
	// Timer is a timer of the state that has come due; Event.Text is its name.
	Timer
	// Done is the result of a command; Event.Text is its effect ID.
	Done
	// Delayed says that a command could not be carried out yet; Event.Text is
	// its effect ID.
	Delayed
	// Failed says that a command cannot be carried out, through a mistake of
	// ours; Event.Text is its effect ID.
	Failed
	// Desk is a step in the life of the conversation's hand-off, Event.Change.
	Desk
	// Operator is what somebody of the staff says to the customer: Event.Reply,
	// by Event.By. Only the holder of the dialog may.
	Operator
	// Resend says a reply of the log again, since its delivery has failed.
	Resend
	// Note is a remark for colleagues in Event.Text, by Event.By.
	Note
	// Speaks says that the customer's client has another language from now on:
	// Event.Language. Nothing is said, the next words are in it.
	Speaks
	// Tell says what has come about elsewhere: the words "<scenario>.<key>" of
	// Event.Text, filled with Event.Facts, under the choices of Event.Offers, or what
	// Scenario.Told makes of them.
	Tell
	// Reset is staff's, for a conversation that something of ours keeps failing: what
	// is begun goes, and the customer is told so. See Book.Restart.
	Reset
)

var kinds = [...]string{
	"text", "press", "upload", "contact", "location", "edited", "unsupported", "arrive", "timer", "done", "delayed", "failed",
	"desk", "operator", "resend", "note", "language", "tell", "reset",
}

// String returns the kind's name as it stands in logs and metrics.
func (k Kind) String() string { return kinds[k] }

// ParseKind reads what String writes.
func ParseKind(name string) (Kind, bool) {
	i := slices.Index(kinds[:], name)
	return Kind(max(i, 0)), i >= 0
}

// FromCustomer reports whether a person caused the event, not we ourselves.
func (k Kind) FromCustomer() bool { return k < Timer }

// InChat reports whether the event puts something into the customer's chat,
// below which the last prompt then no longer stands last.
func (k Kind) InChat() bool { return k.FromCustomer() && k != Press && k != Edited }

// Event is one thing that happened to one conversation. A surface makes it
// from what it was sent; everything in it is a value of its own, shared with
// nobody's buffers.
type Event struct {
	// ID is stable: the same happening has the same ID however often it is
	// delivered.
	ID           string
	Conversation chat.Conversation
	Kind         Kind
	// At is the instant that counts for the customer: the channel server's
	// own, or that of receipt. Now is the instant of receipt.
	At, Now time.Time
	Text    string
	Files   []chat.File
	// Album groups files that were sent as one.
	Album string
	Phone *SharedContact
	Place *Place
	// Language is what the customer's client speaks: a hint for the first words,
	// a request for the next ones in an event of kind Speaks.
	Language string
	// Address is the network address that it came from, for limits; "" where the
	// channel knows none.
	Address string
	// Facts fill what is told (kind Tell), by the names of their placeholders;
	// Holds is what they tell of the customer. Offers are the commands under it,
	// "<scenario>.<command>:<argument>"; none: the scenario itself.
	Facts  map[string]string
	Holds  privacy.Classes
	Offers []string
	// Ticket is what the customer has come with (kind Arrive).
	Ticket customer.Ticket
	// Foreign is the channel's own name of the message that came, was pressed
	// or was edited.
	Foreign string
	// Label is what a pressed button said, where the channel tells it.
	Label string
	// Result is what a command returned, as JSON (kind Done).
	Result []byte
	// Change, By and Reply are what the desk does: see the kinds.
	Change *desk.Change
	By     *desk.Member
	Reply  *chat.Message
}

// Mark is one more of something that is counted.
type Mark struct {
	What string `json:"w"`
	Of   string `json:"o"`
}

// SharedContact is a contact card.
type SharedContact struct {
	Phone string
	// Own: the channel's server vouches that it is the sender's own number.
	Own bool
}

// Place is a point on the map, in degrees.
type Place struct{ Latitude, Longitude float64 }

// LogValue hides what the customer wrote and sent.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("id", e.ID),
		slog.String("kind", e.Kind.String()),
		slog.Int("length", len(e.Text)),
		slog.Int("files", len(e.Files)))
}
