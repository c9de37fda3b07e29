package visit

import (
	"log/slog"
	"strconv"
	"time"

	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
)

// Status is how far a visit has come.
type Status string

// The statuses of a visit.
const (
	// Held: its slot is kept for somebody who is about to book it.
	Held Status = "held"
	// Booked: the customer is expected.
	Booked Status = "booked"
	// Moved: its office does not receive then any more, so we have put it to
	// another time, and the customer has not answered yet whether it suits him.
	Moved Status = "moved"
	// Arrived: the visitor waits in the office. Called: a window receives him.
	Arrived Status = "arrived"
	Called  Status = "called"
	// Served, NoShow and Cancelled are its ends.
	Served    Status = "served"
	NoShow    Status = "no_show"
	Cancelled Status = "cancelled"
)

// Active reports whether the visit is still to come, or under way: it counts
// against a person's limit, as a slot that is only held does not.
func (s Status) Active() bool { return s.Expected() || s == Arrived || s == Called }

// Expected reports whether the visit is booked and has not begun: it can be
// moved and cancelled, and is reminded of.
func (s Status) Expected() bool { return s == Booked || s == Moved }

// Booking is a visit: a slot of an office that is somebody's. Personal fields
// are left out of JSON, because results of effects are kept as JSON.
type Booking struct {
	// ID is the same however often the visit is moved.
	ID int64 `json:"id"`
	// Conversation in which it was booked, and the account for which, "" if it
	// was a guest: whoever is linked to that account may see and change it.
	Conversation chat.Conversation     `json:"conversation,omitempty"`
	Account      billing.AccountNumber `json:"account,omitempty"`
	Office       string                `json:"office"`
	Service      string                `json:"service"`
	// Window is where it is planned, 0 for a walk-in; CalledTo where the visitor
	// was called to, 0 before that.
	Window   int `json:"window,omitempty"`
	CalledTo int `json:"called_to,omitempty"`
	// Start and End are UTC; those of a walk-in begin when he came.
	Start  time.Time          `json:"start"`
	End    time.Time          `json:"end"`
	Status Status             `json:"status"`
	Name   privacy.PersonName `json:"-"`
	Phone  privacy.Phone      `json:"-"`
	// Lang is the language in which the customer is told of it.
	Lang string `json:"lang,omitempty"`
	// Sequence counts its changes from 0, as calendars ask (RFC 5545 §3.8.7.4);
	// its number there is UID.
	Sequence int `json:"sequence"`
	// Code is what the visitor says in the office, four digits: of one office and
	// day each is given once. "" if it was cancelled.
	Code string `json:"code,omitempty"`
	// Confirmed: the customer has said since its last change that he will come.
	Confirmed bool `json:"confirmed,omitempty"`
	// Until is when a slot that is held is free again; zero for others.
	Until time.Time `json:"until,omitzero"`
	// WalkIn came without a booking.
	WalkIn bool `json:"walk_in,omitempty"`
}

// UID names the visit in calendars, the same however often it is moved; host is
// the company's.
func (b Booking) UID(host string) string { return "visit-" + strconv.FormatInt(b.ID, 10) + "@" + host }

// LogValue hides everything but which visit it is and how far it has come.
func (b Booking) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", b.ID), slog.String("status", string(b.Status)))
}

// Refusal says why a visit was not held, booked, moved or cancelled, as a key of
// the scenario's words; "" if it was.
type Refusal string

// The refusals.
const (
	// Taken: somebody was faster, or the time is left for those who walk in.
	Taken Refusal = "taken"
	// TooSoon: less than the lead time ahead, or past. TooFar: beyond the horizon.
	TooSoon Refusal = "too_soon"
	TooFar  Refusal = "too_far"
	// OfficeClosed: the office does not receive then.
	OfficeClosed Refusal = "closed"
	// NotServed: the office, or the service, is not there, or no window of the
	// office serves it.
	NotServed Refusal = "not_served"
	// TooMany: the person has as many visits ahead as the rules allow, or waits
	// for as many.
	TooMany Refusal = "too_many"
	// Started: the visit has begun, so that it cannot be changed any more.
	Started Refusal = "started"
	// Gone: there is no such visit of that customer, or it is over.
	Gone Refusal = "gone"
	// Waited: he waits for that already.
	Waited Refusal = "waited"
)

// Outcome is what became of a wish: the visit as it is now, or why nothing was
// done. Then the visit is the one that was to be changed, if there is one.
type Outcome struct {
	Booking Booking `json:"booking,omitzero"`
	Refused Refusal `json:"refused,omitempty"`
	// Left is the office that the visit was moved away from, if to another one.
	Left string `json:"left,omitempty"`
}

// Choice is a slot that a customer has chosen.
type Choice struct {
	Office  string    `json:"office"`
	Service string    `json:"service"`
	Start   time.Time `json:"start"`
	// Moving is the visit that is to be moved there, 0 for a new one.
	Moving int64 `json:"moving,omitempty"`
}

// Order is a visit to be booked.
type Order struct {
	Choice
	// Link is the customer's link for whose account he comes, 0 for a guest.
	Link  int64              `json:"link,omitempty"`
	Name  privacy.PersonName `json:"name"`
	Phone privacy.Phone      `json:"phone,omitzero"`
	Lang  string             `json:"lang"`
}

// LogValue hides who comes.
func (o Order) LogValue() slog.Value {
	return slog.GroupValue(slog.String("office", o.Office), slog.String("service", o.Service), slog.Time("start", o.Start))
}

// Wish is what somebody waits for: a free slot of an office for a service on one
// of the days.
type Wish struct {
	Office  string        `json:"office"`
	Service string        `json:"service"`
	First   calendar.Date `json:"first"`
	Last    calendar.Date `json:"last"`
	Lang    string        `json:"lang"`
}

// Waiting is a wish on the waiting list.
type Waiting struct {
	ID int64 `json:"id"`
	Wish
	Since time.Time `json:"since"`
}

// WaitOutcome is what became of a wish to wait.
type WaitOutcome struct {
	Waiting Waiting `json:"waiting,omitzero"`
	Refused Refusal `json:"refused,omitempty"`
}

// Tidings are what a customer is told of his visit without having asked.
type Tidings string

// The kinds of tidings.
const (
	// Tomorrow and Soon remind of the visit: see Reminders.
	Tomorrow Tidings = "tomorrow"
	Soon     Tidings = "soon"
	// Rescheduled: the office does not receive then, the visit was Moved.
	Rescheduled Tidings = "rescheduled"
	// CalledOff: the same, but no other slot was found.
	CalledOff Tidings = "called_off"
	// Offered: a slot that he waits for is free, and held for him until
	// Booking.Until.
	Offered Tidings = "offered"
)

// Wording is what a customer's calendar is told of a visit, in his words, and the name of
// its file.
type Wording struct {
	Title string `json:"title"`
	Place string `json:"place"`
	Text  string `json:"text,omitempty"`
	File  string `json:"file"`
}

// News is what one conversation is told of one visit.
type News struct {
	Kind    Tidings
	Booking Booking
	// Office and Service are those of the visit.
	Office  *Office
	Service Service
	// Zone is the office's.
	Zone *time.Location
	// Was is when the visit was to begin before it was moved or called off.
	Was time.Time
	// At is when it came about.
	At time.Time
}
