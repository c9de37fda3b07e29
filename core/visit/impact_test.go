package visit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/visit"
	"okoshko/core/visit/demo"
)

// What a closure hits is moved to the next free slot of the office.
func TestImpact(t *testing.T) {
	t.Parallel()
	d, now := demo.Directory(), at(t, "2026-11-24 09:00")
	expect := func(id int64, service, start string, minutes int) visit.Booking {
		from := at(t, start)
		return visit.Booking{
			ID: id, Office: "06", Service: service, Window: 1, Start: from, End: from.Add(time.Duration(minutes) * time.Minute), Status: visit.Booked,
		}
	}
	expected := []visit.Booking{
		expect(1, "account", "2026-11-26 13:00", 30), expect(2, "charges", "2026-11-26 10:00", 15), expect(3, "charges", "2026-11-26 12:45", 15),
	}
	busy := []visit.Busy{{1, at(t, "2026-12-17 10:00"), at(t, "2026-12-17 10:30")}}
	for _, b := range expected {
		busy = append(busy, visit.Busy{Window: 1, Start: b.Start, End: b.End})
	}
	here := func() visit.Here {
		return visit.Here{Now: now, Days: calendar.Published(), Company: zone, Expected: expected, Busy: busy}
	}
	impact := func(first, last string, spans ...calendar.Span) string {
		c := visit.Closure{Exception: visit.Exception{First: day(t, first), Last: day(t, last), Spans: spans}}
		_, i, err := d.Impact("06", c, here())
		if err != nil {
			return err.Error()
		}
		var list []string
		for _, day := range i.Days {
			for _, s := range day.Services {
				if s.Code == "charges" {
					list = append(list, fmt.Sprintf("%s %d→%d", day.Date, s.Before, s.After))
				}
			}
		}
		for _, h := range i.Hit {
			to := "called off"
			if h.Window > 0 {
				to = h.To.Start.In(zone).Format("01-02 15:04")
			}
			list = append(list, fmt.Sprintf("%d: %s", h.Booking.ID, to))
		}
		return strings.Join(list, ", ")
	}
	for _, c := range []struct {
		what, first, last string
		spans             []calendar.Span
		want              string
	}{
		// The office is closed until the 15th of December as it is.
		{"closed", "2026-11-26", "2026-11-26", nil, "2026-11-26 16→0, 2: 12-17 10:45, 3: 12-17 11:15, 1: 12-17 11:30"},
		{"an hour less", "2026-11-26", "2026-11-26", []calendar.Span{{From: 600, To: 780}}, "2026-11-26 16→12, 1: 12-17 10:30"},
		{"the same hours", "2026-11-26", "2026-11-26", []calendar.Span{{From: 600, To: 840}}, ""},
		{"longer hours", "2026-11-25", "2026-11-27", []calendar.Span{{From: 540, To: 900}}, "2026-11-25 0→24, 2026-11-26 16→24, 2026-11-27 0→24"},
		{"no place for a month", "2026-11-26", "2026-11-30", nil, "2026-11-26 16→0, 2: 12-17 10:45, 3: 12-17 11:15, 1: 12-17 11:30"},
		{"turned", "2026-11-27", "2026-11-26", nil, "it lasts from 2026-11-27 to 2026-11-26: closure_period"},
		{"over", "2026-11-20", "2026-11-23", nil, "it is over, or years ahead: closure_period"},
		{"in ten years", "2036-11-20", "2036-11-23", nil, "it is over, or years ahead: closure_period"},
		{"overlaps", "2026-11-26", "2026-12-01", nil, "it overlaps the exception from 2026-12-01: closure_overlaps"},
	} {
		if got := impact(c.first, c.last, c.spans...); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	// Where nothing is free within a month it is called off.
	for date := day(t, "2026-12-17"); date.Before(day(t, "2027-01-01")); date = date.Add(1) {
		busy = append(busy, visit.Busy{Window: 1, Start: date.At(600, zone), End: date.At(840, zone)})
	}
	if got := impact("2026-11-26", "2026-11-26"); got != "2026-11-26 16→0, 2: called off, 3: called off, 1: called off" {
		t.Errorf("everything is taken: %s", got)
	}
	if _, _, err := d.Impact("99", visit.Closure{}, here()); !errors.Is(err, visit.ErrNoClosure) {
		t.Errorf("an office that is not there: %v", err)
	}
}
