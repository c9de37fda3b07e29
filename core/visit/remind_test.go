package visit_test

import (
	"strings"
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/visit"
)

func TestReminders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, booked, start, want string }{
		{"a day before and two hours before", "2026-11-20 10:00", "2026-11-26 14:00", "tomorrow 11-25 14:00, soon 11-26 12:00"},
		{"two hours before an early visit people sleep", "2026-11-20 10:00", "2026-11-26 10:00", "tomorrow 11-25 10:00"},
		{"09:00 is no quiet hour", "2026-11-20 10:00", "2026-11-26 11:00", "tomorrow 11-25 11:00, soon 11-26 09:00"},
		{"a minute before it is", "2026-11-20 10:00", "2026-11-26 10:59", "tomorrow 11-25 10:59"},
		{"a day before a very early visit they sleep, too", "2026-11-20 10:00", "2026-11-26 08:00", "tomorrow 11-25 09:00"},
		{"booked in the afternoon before: in the evening", "2026-11-25 15:00", "2026-11-26 10:00", "tomorrow 11-25 20:00"},
		{"booked in the evening before", "2026-11-25 20:30", "2026-11-26 10:00", ""},
		{"booked in the morning before", "2026-11-25 08:30", "2026-11-26 08:00", "tomorrow 11-25 09:00"},
		{"booked on the same day", "2026-11-26 09:30", "2026-11-26 14:00", "soon 11-26 12:00"},
		{"booked an hour before", "2026-11-26 13:00", "2026-11-26 14:00", ""},
		{"booked exactly a day before", "2026-11-25 14:00", "2026-11-26 14:00", "soon 11-26 12:00"},
		{"late in the evening", "2026-11-20 10:00", "2026-11-26 22:30", "tomorrow 11-25 20:00, soon 11-26 20:30"},
		{"at night", "2026-11-20 10:00", "2026-11-26 23:30", "tomorrow 11-25 20:00"},
		{"booked on the same day, at night", "2026-11-26 10:00", "2026-11-26 23:30", "tomorrow 11-26 20:00"},
	} {
		var list []string
		for _, r := range visit.Reminders(at(t, c.booked), at(t, c.start), zone) {
			list = append(list, string(r.Kind)+" "+r.At.In(zone).Format("01-02 15:04"))
		}
		if got := strings.Join(list, ", "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// FuzzReminders: whenever a visit is booked and begins, in whatever zone, it is
// reminded of at most twice, in order, after it was booked and before it begins,
// while people are awake; and somebody who booked two days ahead is always
// reminded.
func FuzzReminders(f *testing.F) {
	f.Add(int64(1_795_000_000), int64(1_795_100_000), uint8(0))
	f.Add(int64(1_774_700_000), int64(1_774_745_000), uint8(1)) // the night in which clocks go forward
	f.Add(int64(1_792_800_000), int64(1_792_890_000), uint8(1)) // and back
	zones := []*time.Location{zone}
	for _, name := range []string{"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"} {
		if z, err := time.LoadLocation(name); err == nil {
			zones = append(zones, z)
		}
	}
	f.Fuzz(func(t *testing.T, booked, start int64, z uint8) {
		const years = 4_000_000_000
		in := zones[int(z)%len(zones)]
		from, to := time.Unix(booked%years, 0), time.Unix(start%years, 0)
		list := visit.Reminders(from, to, in)
		last := from
		for _, r := range list {
			if !r.At.After(last) || !r.At.Before(to) || calendar.Quiet(r.At, in) || r.Kind != visit.Tomorrow && r.Kind != visit.Soon {
				t.Errorf("booked %s for %s: %s at %s", from.In(in), to.In(in), r.Kind, r.At.In(in))
			}
			last = r.At
		}
		if len(list) > 2 || len(list) == 0 && to.Sub(from) > 48*time.Hour {
			t.Errorf("booked %s for %s: %d reminders", from.In(in), to.In(in), len(list))
		}
		if awake := calendar.Awake(from, in); calendar.Quiet(awake, in) || awake.Before(from) || awake.Sub(from) > 13*time.Hour {
			t.Errorf("%s: awake at %s", from.In(in), awake.In(in))
		}
	})
}
