package bill

import "okoshko/core/billing"

// Plotter draws what was used (R-5.1.3-a).
type Plotter interface {
	// Plot returns the chart as a PNG that is read without a magnifier on a phone in
	// the hand: a bar for each month, the first one above. Any number of kWh, month
	// and length of words makes a picture; what does not fit is made smaller. It
	// shows nothing but what the chart holds. The error is Invalid for a chart
	// without bars.
	Plot(c Chart) ([]byte, error)
}

// Chart is what was used by month, in the words of one language.
type Chart struct {
	Title string
	// Zones name what bars are made of, by their place in Bar.KWh; with one of them
	// nothing needs a name.
	Zones []string
	Bars  []Bar
}

// Bar is a month of a chart.
type Bar struct {
	Label string // the month
	Value string // its kWh in all, as people write them
	// Note says how the volume was found if it was not read from the meter: the bar
	// is striped then.
	Note string
	// KWh of each zone; none: nothing is known of the month.
	KWh []billing.KWh
}
