package customer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/privacy"
)

// A conversation is carried to another channel by a ticket: a customer asks for
// one, follows it, and goes on there with the accounts that he is linked to here
// (spec §3.2, §3.6). What a ticket is good for:
//
//   - It is 256 bits of chance, good once and for a quarter of an hour, and the
//     next one of its conversation makes it worthless. Of the real one nothing is
//     kept but its hash, and, sealed, the way to it in the message that offers it.
//   - Whoever follows it is shown masked numbers and asked for a consent of his
//     own before anything is linked: a ticket that was slipped to somebody links
//     nothing unseen.
//   - The accounts come with the rights of a new link: names, addresses and
//     contracts ask for a code to the phone or mailbox on file.
//   - The people on file and the account's other conversations hear of every link.
//     The conversation that it came from hears, too, and ends with one press all
//     that was carried from it.
//   - What was carried is not carried on before a code was entered where it came
//     to, so that a press always reaches everything.

// Ticket is what the house knows of a ticket: the hash of the real one, in
// hexadecimal. It opens nothing; "" is none.
type Ticket string

const (
	// TicketLife is how long a ticket is good (spec §3.6: 15 minutes, one use).
	TicketLife = 15 * time.Minute
	// ticketSize is in bytes: too many to guess.
	ticketSize = 32
)

// NewTicket draws a ticket. The real one is 43 of A-Z, a-z, 0-9, _ and -, fit for
// an address and for Telegram's deep links, which take 64
// (core.telegram.org/bots/features#deep-linking).
func NewTicket() (real privacy.Secret, t Ticket) {
	var chance [ticketSize]byte
	rand.Read(chance[:]) //nolint:errcheck // it never fails
	written := base64.RawURLEncoding.EncodeToString(chance[:])
	t, _ = ReadTicket(written)
	return privacy.NewSecret(written), t
}

// ReadTicket takes what a customer came with; ok is false for what cannot be a
// ticket.
func ReadTicket(text string) (t Ticket, ok bool) {
	chance, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(chance) != ticketSize || len(text) != base64.RawURLEncoding.EncodedLen(ticketSize) {
		return "", false
	}
	sum := sha256.Sum256([]byte(text))
	return Ticket(hex.EncodeToString(sum[:])), true
}

// TicketOrder asks for a ticket: Topic is the scenario to go on with.
type TicketOrder struct {
	Topic string `json:"topic,omitempty"`
}

// TicketMade is a ticket that was made, sealed: the surface that shows it opens
// it.
type TicketMade struct {
	Sealed []byte `json:"sealed"`
}

// Baggage is what a ticket would carry.
type Baggage struct {
	// Channel is the one that it comes from.
	Channel string
	Topic   string
	// Accounts are those that its conversation is linked to and that may be
	// carried.
	Accounts []billing.AccountNumber
}

// Tickets finds tickets without using them up.
type Tickets interface {
	// Ticket returns what a ticket carries to a conversation; false for one that is
	// used up, has run out, never was, or is of the conversation itself. The error
	// is fault.Unavailable.
	Ticket(ctx context.Context, t Ticket, to chat.Conversation, now time.Time) (Baggage, bool, error)
}

// Arrival is what uses a ticket up.
type Arrival struct {
	Ticket Ticket `json:"ticket"`
	// Link: the channel may show accounts and the customer has agreed, in Consent,
	// to their being linked to it.
	Link    bool   `json:"link,omitempty"`
	Consent Given  `json:"consent,omitzero"`
	Lang    string `json:"lang"`
}

// Arrived is what became of it. Good is false for a ticket that opens nothing.
type Arrived struct {
	Good  bool   `json:"good,omitempty"`
	Topic string `json:"topic,omitempty"`
	// Linked is how many accounts were linked, TooMany that there was no room for
	// all.
	Linked  int  `json:"linked,omitempty"`
	TooMany bool `json:"too_many,omitempty"`
}

// Arrivals checks those who come with a ticket. Tickets cannot be guessed;
// limits keep it from being tried.
type Arrivals struct {
	tickets Tickets
	guard   Guard
}

// NewArrivals returns a check within the limits.
func NewArrivals(t Tickets, tries Tries, limits Limits) *Arrivals {
	return &Arrivals{t, NewGuard(tries, limits)}
}

// Check returns what the ticket carries; good is false for one that opens
// nothing, and for everybody who has tried too many: nobody learns which. A try
// is counted before anything is looked up.
func (a *Arrivals) Check(ctx context.Context, t Ticket, c Claim) (b Baggage, good bool, err error) {
	sets := a.guard.arriving(c.try())
	allowed, err := a.guard.reserve(ctx, c.try(), sets)
	if err != nil || !allowed {
		return b, false, err
	}
	b, good, err = a.tickets.Ticket(ctx, t, c.Conversation, c.Now)
	if err != nil || !good {
		return b, false, wrapped("find ticket", err)
	}
	var subjects []string
	for _, set := range sets {
		subjects = append(subjects, set.subjects...)
	}
	return b, true, a.guard.release(ctx, subjects, c.Event)
}

func wrapped(what string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return err
}

// Carried says that accounts of one conversation were linked to another.
type Carried struct {
	// Link is one of those that were made; it names the message.
	Link int64
	From chat.Conversation // that is told
	// Channel is where to.
	Channel string
	At      time.Time
}

// Ended says that a link has ended without its customer's doing.
type Ended struct {
	Link         int64
	Conversation chat.Conversation // that is told
	Account      billing.AccountNumber
	// By is "staff" or "origin", the conversation that the link was carried from.
	By string
}

// Who ends links.
const (
	EndedByStaff  = "staff"
	EndedByOrigin = "origin"
)
