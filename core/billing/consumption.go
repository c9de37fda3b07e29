package billing

import "time"

// Numbers of the intake decision table (spec §2.1).
const (
	// averageMonths is how far back the mean consumption looks.
	averageMonths = 12
	// highFactor: consumption above so many means is asked about.
	highFactor = 3
	// highFloor is the monthly consumption that is never asked about, kWh.
	highFloor = 500
	// monthTenths is the mean length of a month, 30.4 days, in tenths of a day.
	monthTenths = 304
)

// Baseline is what a register's new value is measured against.
type Baseline struct {
	Known    bool    // false: nobody has read this register yet
	Previous Reading // the last actual reading before the period judged
	Days     int64   // since Previous, at least 1
	// Limit is the consumption above which the customer is asked: the larger
	// of three means and 500 kWh a month, for the months since Previous.
	Limit KWh
	// Possible is what the permitted power can deliver in Days.
	Possible KWh
	// Average is the mean monthly consumption in this zone over the last
	// year, zero if no month is known.
	Average KWh
	// Earlier is the customer's own reading of the same period, which a new
	// one replaces.
	Earlier  Reading
	Repeated bool // Earlier is set
}

// normal reports whether value passes V1 of the table, and so neither V3 nor V4.
func (b *Baseline) normal(value KWh) bool {
	if !b.Known {
		return true
	}
	used := value - b.Previous.Value
	return used >= 0 && used <= b.Limit && used <= b.Possible
}

// Baseline computes what the register is measured against. The customer's own
// readings of the period judged, and of later ones, do not count: they are
// about to be replaced (V11). A control reading does, whenever it was taken.
func (in *Intake) Baseline(register string) Baseline {
	period := in.Period()
	var b Baseline
	var space [averageMonths + 4]Reading // On the stack for a usual year.
	past := space[:0]
	for _, r := range in.History {
		if r.Register != register || (r.Meter != 0 && r.Meter != in.Meter.ID) || !r.Source.Actual() {
			continue
		}
		if r.Period.IsZero() {
			r.Period = in.periodAt(r.At)
		}
		if r.Source == SourceCustomer && !r.Period.Before(period) {
			if r.Period == period && (!b.Repeated || !r.At.Before(b.Earlier.At)) {
				b.Earlier, b.Repeated = r, true
			}
			continue
		}
		past = insertByTime(past, r)
	}
	if len(past) == 0 {
		return b
	}
	b.Known = true
	b.Previous = past[len(past)-1]
	b.Days = daysBetween(b.Previous.At, in.At, in.Zone)
	used, months := in.usage(past)
	monthly := int64(highFloor)
	tenths := max(b.Days*10, monthTenths) // m is at least one month.
	b.Limit = KWh(monthly * tenths / monthTenths)
	if months > 0 {
		b.Average = (used + KWh(months)/2) / KWh(months)
		byAverage := highFactor * int64(used) * tenths / (int64(months) * monthTenths)
		b.Limit = max(b.Limit, KWh(byAverage))
	}
	power := in.Meter.Power
	if power <= 0 {
		power = DefaultPower
	}
	b.Possible = KWh(int64(power) * 24 * b.Days / 1000)
	return b
}

// insertByTime keeps readings in order of time; of equal times the one that
// stood later in the history is the later one.
func insertByTime(list []Reading, r Reading) []Reading {
	list = append(list, r)
	for i := len(list) - 1; i > 0 && list[i].At.Before(list[i-1].At); i-- {
		list[i], list[i-1] = list[i-1], list[i]
	}
	return list
}

// usage sums what was used over the last year of readings and in how many
// months. A value that falls without the mark of a rollover starts the count
// anew: the meter was changed or a mistake was corrected, and what was used
// in between is not known.
func (in *Intake) usage(past []Reading) (used KWh, months int) {
	last := past[len(past)-1].Period
	first := -1
	for i, r := range past {
		if last.Sub(r.Period) > averageMonths {
			continue
		}
		if first >= 0 {
			step := r.Value - past[i-1].Value
			if step < 0 && r.Rollover {
				step += in.Meter.Capacity()
			}
			if step >= 0 {
				used += step
				continue
			}
		}
		first, used = i, 0
	}
	return used, last.Sub(past[first].Period)
}

// Period returns the billing month to which the entry counts.
func (in *Intake) Period() Period { return in.periodAt(in.At) }

func (in *Intake) periodAt(at time.Time) Period {
	return PeriodAt(at, in.Zone, in.Account.Legal)
}
