package visit_test

import (
	"testing"
	"time"

	"okoshko/core/visit"
)

// BenchmarkDays computes all days that can be booked in an office with six
// windows, most of whose slots are taken.
func BenchmarkDays(b *testing.B) {
	p, now := plan(b, "01", "other"), at(b, "2026-11-09 08:30")
	var busy []visit.Busy
	for _, d := range p.Days(now, nil) {
		for i, s := range d.Slots {
			for _, w := range s.Windows {
				if (i+w)%5 > 0 {
					busy = append(busy, visit.Busy{Window: w, Start: s.Start, End: s.Start.Add(15 * time.Minute)})
				}
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Days(now, busy)
	}
	b.ReportMetric(float64(len(busy)), "taken")
}
