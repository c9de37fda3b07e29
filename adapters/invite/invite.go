// Package invite writes a visit as calendars read it (RFC 5545).
package invite

import (
	"bytes"
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"okoshko/core/visit"
)

// Type is the file's media type.
const Type = "text/calendar"

// Event is a visit in its customer's words.
type Event struct {
	visit.Booking
	Title, Place, Text string
}

// Write returns the event as a calendar with one entry; host is the company's,
// written is when it is made. An entry of the same visit with a higher sequence
// takes the place of an earlier one in a calendar, also after the visit was moved
// (RFC 5545 §3.8.7.4).
func Write(e Event, host string, written time.Time) ([]byte, error) {
	c := ics.NewCalendarFor("Okoshko")
	c.SetMethod(ics.MethodPublish)
	entry := c.AddEvent(e.UID(host))
	entry.SetDtStampTime(written)
	entry.SetSequence(e.Sequence)
	entry.SetStartAt(e.Start)
	entry.SetEndAt(e.End)
	entry.SetSummary(e.Title)
	entry.SetLocation(e.Place)
	if e.Text != "" {
		entry.SetDescription(e.Text)
	}
	var b bytes.Buffer
	if err := c.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write the calendar entry of a visit: %w", err)
	}
	return b.Bytes(), nil
}
