package calendar_test

import (
	"testing"
	"time"

	"okoshko/core/calendar"
)

// The night ends at 09:00 where the customer is, whatever the hour of the company.
func TestAwake(t *testing.T) {
	t.Parallel()
	here, east := time.FixedZone("UTC+5", 5*60*60), time.FixedZone("UTC+7", 7*60*60)
	for _, c := range []struct {
		at, want string
		zone     *time.Location
	}{
		{"2026-11-26 20:59", "2026-11-26 20:59", here},
		{"2026-11-26 21:00", "2026-11-27 09:00", here},
		{"2026-11-26 23:59", "2026-11-27 09:00", here},
		{"2026-11-26 00:00", "2026-11-26 09:00", here},
		{"2026-11-26 08:59", "2026-11-26 09:00", here},
		{"2026-11-26 09:00", "2026-11-26 09:00", here},
		{"2026-12-31 22:00", "2027-01-01 09:00", here},
		{"2026-11-26 19:00", "2026-11-27 07:00", east}, // 21:00 there
		{"2026-11-26 07:30", "2026-11-26 07:30", east}, // 09:30 there
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, here)
		if err != nil {
			t.Fatal(err)
		}
		got := calendar.Awake(at, c.zone)
		if s := got.In(here).Format("2006-01-02 15:04"); s != c.want {
			t.Errorf("%s in %s: %s, want %s", c.at, c.zone, s, c.want)
		}
		if calendar.Quiet(at, c.zone) == got.Equal(at) || calendar.Quiet(got, c.zone) {
			t.Errorf("%s in %s: quiet %t, %t", c.at, c.zone, calendar.Quiet(at, c.zone), calendar.Quiet(got, c.zone))
		}
	}
}
