package billing

import "okoshko/core/calendar"

// hours is the national scheme of zones (spec §2.1; a region may be given
// another one). A span whose end is not after its begin passes midnight.
var hours = map[Zone][]calendar.Span{
	ZoneDay:      {{From: 7 * 60, To: 23 * 60}},
	ZoneNight:    {{From: 23 * 60, To: 7 * 60}},
	ZonePeak:     {{From: 7 * 60, To: 10 * 60}, {From: 17 * 60, To: 21 * 60}},
	ZoneHalfPeak: {{From: 10 * 60, To: 17 * 60}, {From: 21 * 60, To: 23 * 60}},
}

// Hours returns when the zone counts, local time of the region. A span whose
// end is not after its begin passes midnight; none: round the clock. The list is
// read only.
func (z Zone) Hours() []calendar.Span { return hours[z] }
