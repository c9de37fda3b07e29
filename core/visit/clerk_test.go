package visit_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

// What staff may make of a visit depends on its day: nobody arrives on another
// one, or is missed before he was to come.
func TestSteps(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 5*3600)
	start := time.Date(2026, 11, 26, 10, 0, 0, 0, zone)
	for _, c := range []struct {
		status visit.Status
		walkIn bool
		now    time.Duration // after its beginning
		want   string
	}{
		{visit.Booked, false, -time.Hour, "[arrived]"},
		{visit.Booked, false, 0, "[arrived no_show]"},
		{visit.Moved, false, time.Minute, "[arrived no_show]"},
		{visit.Booked, false, -11 * time.Hour, "[]"}, // the day before
		{visit.Booked, false, 15 * time.Hour, "[no_show]"},
		{visit.Arrived, false, 0, "[called no_show booked]"},
		{visit.Arrived, true, 0, "[called no_show]"},
		{visit.Called, false, 0, "[served no_show arrived]"},
		{visit.Served, false, time.Hour, "[called]"},
		{visit.Served, false, 24 * time.Hour, "[]"},
		{visit.NoShow, false, time.Hour, "[arrived booked]"},
		{visit.NoShow, true, time.Hour, "[arrived]"},
		{visit.Held, false, 0, "[]"},
		{visit.Cancelled, false, 0, "[]"},
	} {
		b := visit.Booking{Status: c.status, Start: start, WalkIn: c.walkIn}
		if got := fmt.Sprint(b.Steps(start.Add(c.now), zone)); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.status, c.now, got, c.want)
		}
	}
	changed := fmt.Errorf("mark: %w", &visit.ChangedError{Status: visit.Called, By: "Нина"})
	if f := new(fault.Error); !errors.As(changed, &f) || f.Kind != fault.Conflict || f.Key != "visit_changed" {
		t.Errorf("%v is %v", changed, f)
	}
}

// Free time is what the hours leave, from now on, in pieces that have room for a
// visit; a break parts it, a visit that was cancelled does not.
func TestFreeTime(t *testing.T) {
	t.Parallel()
	date := calendar.Date{Year: 2026, Month: 11, Day: 26}
	clock := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-26 "+text, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	booked := func(window int, from, to string, s visit.Status) visit.Booking {
		return visit.Booking{Window: window, Start: clock(from), End: clock(to), Status: s}
	}
	day := visit.OfficeDay{
		Office: &visit.Office{Windows: 2}, Zone: time.UTC, Services: []visit.Service{{Length: 30 * time.Minute}, {Length: 15 * time.Minute}},
		Day: visit.Day{Date: date, Hours: []calendar.Span{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 14 * 60}}},
	}
	for _, c := range []struct {
		now  string
		list []visit.Booking
		want string
	}{
		{"08:00", nil, "1 09:00-12:00, 2 09:00-12:00, 1 13:00-14:00, 2 13:00-14:00"},
		{"11:50", nil, "1 13:00-14:00, 2 13:00-14:00"},
		{"14:00", nil, ""},
		{"08:00", []visit.Booking{
			booked(0, "09:00", "09:15", visit.Arrived), // who walked in takes nobody's time
			booked(1, "09:00", "09:30", visit.Served), booked(1, "09:40", "10:00", visit.Held),
			booked(2, "10:00", "10:15", visit.Cancelled), booked(1, "11:30", "12:00", visit.Booked),
			booked(2, "13:00", "14:00", visit.NoShow),
		}, "2 09:00-12:00, 1 10:00-11:30, 1 13:00-14:00"},
	} {
		day.Bookings = c.list
		var got []string
		for _, f := range day.Free(clock(c.now)) {
			got = append(got, fmt.Sprintf("%d %s-%s", f.Window, f.Start.Format("15:04"), f.End.Format("15:04")))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("at %s: %s, want %s", c.now, strings.Join(got, ", "), c.want)
		}
	}
	day.Bookings, day.Office.Shut = nil, []visit.Shutting{
		{Window: 2, First: date.Add(-1), Last: date}, {Window: 1, First: date, Last: date, Spans: []calendar.Span{{From: 12 * 60, To: 13*60 + 30}}},
	}
	if got := fmt.Sprint(len(day.Free(clock("08:00"))), day.Shut()); !strings.HasPrefix(got, "2 [{2 2026-11-26 09:00") || len(day.Shut()) != 3 {
		t.Errorf("with windows that are shut: %s", got)
	}
	day.Services = nil
	if got := day.Free(clock("08:00")); got != nil {
		t.Errorf("an office that serves nothing: %v", got)
	}
}

// A visitor is found by what he says at the desk, and by nothing less.
func TestAnswers(t *testing.T) {
	t.Parallel()
	phone, err := privacy.ParsePhone("+7 912 345-67-89")
	if err != nil {
		t.Fatal(err)
	}
	with := visit.Booking{Code: "0417", Phone: phone}
	for said, want := range map[string]bool{
		"0417": true, " 04 17 ": true, "код 0417": true, "417": false, "04": false, "": false, "код": false, "5555": false,
		"6789": true, "67-89": true, "345 67 89": true, "789": false, "8 (912) 345-67-89": true, "8 912 345-67-80": false, "٠٤١٧": false,
		strings.Repeat("9", 5000): false,
	} {
		if with.Answers(said) != want {
			t.Errorf("%.20q: %v", said, !want)
		}
	}
	var nameless visit.Booking // its visitor was forgotten
	if slices.ContainsFunc([]string{"", "0000", "+7", "12345"}, nameless.Answers) {
		t.Error("somebody is found who is not known")
	}
}
