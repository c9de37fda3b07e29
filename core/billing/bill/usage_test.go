package bill_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
)

// A chart shows the latest months, the newest first, as recalculations left them.
func TestUsage(t *testing.T) {
	t.Parallel()
	may := billing.Period{Year: 2026, Month: time.May}
	line := func(z billing.Zone, n billing.KWh, m charge.Method) charge.Line {
		return charge.Line{Zone: z, KWh: n, Method: m}
	}
	vol := func(z billing.Zone, n billing.KWh, m charge.Method) charge.Volume {
		return charge.Volume{Zone: z, KWh: n, Method: m}
	}
	month := func(i int, lines ...charge.Line) bill.Statement {
		return bill.Statement{Period: may.Add(i), Lines: lines}
	}
	correction := func(i int, why charge.Reason, before, after billing.KWh) charge.Recalculation {
		return charge.Recalculation{Period: may.Add(i), Reason: why, Before: before, After: after, Sum: 1}
	}
	l := bill.Ledger{Statements: []bill.Statement{
		month(0, line(billing.ZoneSingle, 100, charge.ByReadings)),
		month(1, line(billing.ZoneDay, 20, charge.ByAverage), line(billing.ZoneNight, 10, charge.ByAverage), line(billing.ZoneDay, 10, charge.ByAverage)),
		month(2),
		month(3, line(billing.ZoneSingle, 77, charge.ByNorm)),
		{Period: may.Add(4), Legal: &charge.LegalLine{KWh: 900, Method: charge.ByPriorYear}},
	}}
	l.Statements[3].Recalculations = []charge.Recalculation{correction(1, charge.LateReading, 40, 61), correction(2, charge.Absence, 0, 5)}
	l.Statements[4].Recalculations = []charge.Recalculation{correction(3, charge.Absence, 77, 0), correction(1, charge.Control, 61, 41)}
	all := []bill.Usage{
		{may.Add(4), []charge.Volume{vol(billing.ZoneSingle, 900, charge.ByPriorYear)}, charge.ByPriorYear},
		{may.Add(3), []charge.Volume{vol(billing.ZoneSingle, 0, charge.ByNorm)}, charge.ByNorm},
		{may.Add(2), []charge.Volume{vol(billing.ZoneSingle, 5, "")}, ""},
		{may.Add(1), []charge.Volume{vol(billing.ZoneDay, 31, charge.ByReadings), vol(billing.ZoneNight, 10, charge.ByReadings)}, charge.ByReadings},
		{may, []charge.Volume{vol(billing.ZoneSingle, 100, charge.ByReadings)}, charge.ByReadings},
	}
	for _, most := range []int{0, 1, 3, 5, 13} {
		if diff := cmp.Diff(all[:min(most, len(all))], l.Usage(most), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%d months (-want +got):\n%s", most, diff)
		}
	}
	if l.Statements[1].Lines[0].KWh != 20 {
		t.Error("the statement itself was changed")
	}
}
