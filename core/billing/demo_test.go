package billing_test

import (
	"testing"
	"time"

	"okoshko/core/billing"
)

// zone is the fictional supplier's (spec §5.1).
var zone = time.FixedZone("UTC+5", 5*60*60)

// local returns an instant by the supplier's clock.
func local(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, zone).UTC()
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// reading is a customer's reading taken on the 24th of a month of 2026.
func reading(register string, month time.Month, value billing.KWh) billing.Reading {
	return billing.Reading{
		Meter: 1, Register: register, Value: value, At: local(2026, month, 24, 12),
		Source: billing.SourceCustomer, Period: billing.Period{Year: 2026, Month: month},
	}
}

// intake is a submission on 24.11.2026 for a meter with these readings.
func intake(zones, digits int, history ...billing.Reading) billing.Intake {
	return billing.Intake{
		Meter:   billing.Meter{ID: 1, Digits: digits, Registers: billing.Registers(zones)},
		History: history, At: local(2026, time.November, 24, 18), Zone: zone,
	}
}

// The accounts of spec §5.1 with what a customer would hear on 24.11.2026.
func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	expired, remote, hourly, legal := func(in *billing.Intake) {
		in.Meter.VerifiedUntil = day(2026, time.August, 31)
	}, func(in *billing.Intake) {
		in.Meter.Remote = true
	}, func(in *billing.Intake) {
		in.Meter.Hourly, in.Meter.Registers = true, nil
	}, func(in *billing.Intake) {
		in.Account.Legal = true
	}
	oct := func(register string, value billing.KWh) billing.Reading {
		return reading(register, time.October, value)
	}
	for _, tc := range []struct {
		name   string
		in     billing.Intake
		change func(*billing.Intake)
		values []billing.KWh
		action billing.Action
		c      billing.Case
		used   billing.KWh
	}{
		{"1 one zone", intake(1, 5, oct("T1", 14712)), nil, []billing.KWh{14920}, billing.Accept, billing.CaseNormal, 208},
		{"1 lower", intake(1, 5, oct("T1", 14712)), nil, []billing.KWh{14000}, billing.Refuse, billing.CaseLower, 0},
		{"1 six digits", intake(1, 5, oct("T1", 14712)), nil, []billing.KWh{147205}, billing.Offer, billing.CaseDigits, 0},
		{
			"2 two zones", intake(2, 6, reading("T1", time.September, 12000), reading("T2", time.September, 5000),
				oct("T1", 12210), oct("T2", 5095)), nil,
			[]billing.KWh{12420, 5190},
			billing.Accept, billing.CaseNormal, 305,
		},
		{
			"2 swapped", intake(2, 6, oct("T1", 12210), oct("T2", 5095)), nil,
			[]billing.KWh{5190, 12420},
			billing.Offer, billing.CaseSwapped, 12420 - 5095,
		},
		{
			"2 total", intake(2, 6, oct("T1", 12210), oct("T2", 5095)), nil,
			[]billing.KWh{17610, 5190},
			billing.Refuse, billing.CaseTotal, 17610 - 12210 + 95,
		},
		{
			"3 three zones", intake(3, 6, oct("T1", 4120), oct("T2", 6030), oct("T3", 8455)), nil,
			[]billing.KWh{4200, 6100, 8600},
			billing.Accept, billing.CaseNormal, 295,
		},
		{"4 winter", intake(1, 5, reading("T1", time.September, 57400), oct("T1", 61900)), nil, []billing.KWh{66400}, billing.Accept, billing.CaseNormal, 4500},
		{"5 since August", intake(1, 5, reading("T1", time.August, 23340)), nil, []billing.KWh{24700}, billing.Accept, billing.CaseNormal, 1360},
		{"6 since June", intake(1, 5, reading("T1", time.June, 8117)), nil, []billing.KWh{10600}, billing.Accept, billing.CaseNormal, 2483},
		{"7 expired", intake(1, 5, oct("T1", 31006)), expired, []billing.KWh{31200}, billing.Accept, billing.CaseNormal, 194},
		{"8 smart", intake(2, 7, oct("T1", 20418), oct("T2", 9377)), remote, nil, billing.Refuse, billing.CaseRemote, 0},
		{"9 rollover", intake(1, 5, oct("T1", 99850)), nil, []billing.KWh{120}, billing.Confirm, billing.CaseRollover, 270},
		{"10 flat", intake(2, 6, oct("T1", 7640), oct("T2", 3310)), nil, []billing.KWh{7700, 3350}, billing.Accept, billing.CaseNormal, 100},
		{"10 garage", intake(1, 5, oct("T1", 1204)), nil, []billing.KWh{1204}, billing.Confirm, billing.CaseZero, 0},
		{"11 high", intake(1, 5, oct("T1", 45118)), nil, []billing.KWh{46500}, billing.Confirm, billing.CaseHigh, 1382},
		{"12 absurd", intake(1, 6, oct("T1", 17902)), nil, []billing.KWh{170000}, billing.Refuse, billing.CaseAbsurd, 152098},
		{"13 legal", intake(1, 6, oct("T1", 88310)), legal, []billing.KWh{88700}, billing.Accept, billing.CaseNormal, 390},
		{"14 hourly", intake(1, 6), hourly, nil, billing.Refuse, billing.CaseRemote, 0},
		{"15 equated", intake(1, 6, oct("T1", 204750)), legal, []billing.KWh{205100}, billing.Accept, billing.CaseNormal, 350},
	} {
		if tc.change != nil {
			tc.change(&tc.in)
		}
		j := tc.in.Judge(entries(tc.values...)...)
		if j.Action != tc.action || j.Case != tc.c || j.Used != tc.used {
			t.Errorf("%s: got %v %v, used %d (%+v)", tc.name, j.Action, j.Case, j.Used, j)
		}
		if j.Remarks.Has(billing.CaseUnverified) != (tc.name == "7 expired") {
			t.Errorf("%s: remark on verification: %b", tc.name, j.Remarks)
		}
	}
}

// entries are values for T1, T2, T3 in order.
func entries(values ...billing.KWh) []billing.Entry {
	list := make([]billing.Entry, 0, len(values))
	for i, v := range values {
		list = append(list, billing.Entry{Register: "T" + itoa(int64(i+1)), Value: v})
	}
	return list
}
