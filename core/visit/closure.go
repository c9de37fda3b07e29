package visit

import (
	"time"

	"okoshko/core/calendar"
)

// Closure is days on which an office is to have other hours than usual, or
// none, as staff enter it.
type Closure struct {
	Office string `json:"office"`
	Exception
}

// Impact is what a closure changes: the preview of it, or what was done.
type Impact struct {
	// Days are those of the closure whose hours become others.
	Days []ChangedDay `json:"days"`
	// Hit are the visits that cannot take place as they are booked.
	Hit []Hit `json:"hit"`
}

// ChangedDay is a day's hours before and after, and how many visits of the
// shortest service the office could receive.
type ChangedDay struct {
	Date          calendar.Date   `json:"date"`
	Before, After []calendar.Span `json:"-"`
	SlotsBefore   int             `json:"slots_before"`
	SlotsAfter    int             `json:"slots_after"`
}

// Hit is a visit that a closure hits, and the slot that it is moved to; zero if
// none was found and it is called off.
type Hit struct {
	Booking Booking   `json:"booking"`
	To      time.Time `json:"to,omitzero"`
}
