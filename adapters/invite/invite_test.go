package invite_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"okoshko/adapters/invite"
	"okoshko/core/visit"
)

var start = time.Date(2026, time.December, 1, 9, 15, 0, 0, time.UTC)

func written(t testing.TB, e invite.Event) []byte {
	t.Helper()
	file, err := invite.Write(e, "chat.example", start.Add(-72*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func event(title, place, text string) invite.Event {
	return invite.Event{
		Booking: visit.Booking{ID: 17, Start: start, End: start.Add(15 * time.Minute), Sequence: 2, Code: "1017"},
		Title:   title, Place: place, Text: text,
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	file := written(t, event("Старогорэнергосбыт: консультация, 15 минут", "«Центральный»; ул. Садовая, 14", "паспорт"))
	for _, line := range []string{
		"BEGIN:VCALENDAR", "METHOD:PUBLISH", "UID:visit-17@chat.example", "SEQUENCE:2", "DTSTART:20261201T091500Z", "DTEND:20261201T093000Z", "END:VEVENT",
	} {
		if !bytes.Contains(file, []byte(line+"\r\n")) {
			t.Errorf("%q is missing in\n%s", line, file)
		}
	}
	for line := range strings.SplitSeq(string(file), "\r\n") {
		if len(line) > 75 { // octets, RFC 5545 §3.1
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}

// FuzzWrite: whatever an office is called, another reader of calendars reads the
// same, and nothing of it becomes a property.
func FuzzWrite(f *testing.F) {
	f.Add("Визит", "ул. Садовая, 14; «Центральный»", "паспорт\nи счёт")
	f.Add("a\r\nATTACH:x", "\\;,:", "")
	f.Add(strings.Repeat("щ", 200), "", "🙂")
	f.Fuzz(func(t *testing.T, title, place, text string) {
		if !utf8.ValidString(title+place+text) || strings.ContainsFunc(title+place+text, func(r rune) bool { return r < ' ' && r != '\n' }) {
			return // the words of catalogues and tables are text
		}
		c, err := ics.ParseCalendar(bytes.NewReader(written(t, event(title, place, text))))
		if err != nil {
			t.Fatal(err)
		}
		entries := c.Events()
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		for property, want := range map[ics.ComponentProperty]string{
			ics.ComponentPropertySummary: title, ics.ComponentPropertyLocation: place, ics.ComponentPropertyDescription: text,
		} {
			got := entries[0].GetProperty(property)
			if got == nil && want == "" {
				continue
			}
			if got == nil || got.Value != want {
				t.Errorf("%s: %+v, want %q", property, got, want)
			}
		}
		if entries[0].GetProperty(ics.ComponentPropertyAttach) != nil {
			t.Error("a text became an attachment")
		}
	})
}
