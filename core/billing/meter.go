package billing

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// KWh is an amount of energy or the state of a register, whole kilowatt-hours:
// digits after the comma are not billed (spec §2.1).
type KWh int64

// Watts is electric power.
type Watts int64

// DefaultPower is the permitted power of a connection that states none (spec
// §2.1, P).
const DefaultPower Watts = 15_000

// MeterID names a meter inside the house; zero is no meter. It is not the
// serial number and tells nothing about a person.
type MeterID int64

// MeterSerial is the number on the face of a meter. It belongs to a person:
// fmt and slog show the last four digits only. Full is for stores and letters,
// and JSON and SQL, which see the plain string, hold it whole.
//
// It has no String method, because a database driver would then store the mask.
type MeterSerial string

// Full returns the whole serial number.
func (s MeterSerial) Full() string { return string(s) }

// Masked returns the serial as ****5093 (spec §3.3).
func (s MeterSerial) Masked() string { return "****" + tail(string(s), 4) }

// Format writes the mask for every verb, %#v and %d included.
func (s MeterSerial) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.Masked())) }

// LogValue masks the serial in logs.
func (s MeterSerial) LogValue() slog.Value { return slog.StringValue(s.Masked()) }

// tail returns the last n bytes of s, nothing if s is not longer than that: a
// short number must not be shown whole.
func tail(s string, n int) string {
	if len(s) <= n {
		return ""
	}
	return s[len(s)-n:]
}

// Zone is the part of the day that a register counts (spec §2.1).
type Zone uint8

// The zones of one-, two- and three-zone meters. Statements keep the numbers:
// they never change.
const (
	ZoneUnknown  Zone = iota
	ZoneSingle        // round the clock
	ZoneDay           // 07:00–23:00
	ZoneNight         // 23:00–07:00
	ZonePeak          // 07:00–10:00 and 17:00–21:00
	ZoneHalfPeak      // 10:00–17:00 and 21:00–23:00
)

var zoneNames = [...]string{"unknown", "single", "day", "night", "peak", "half_peak"}

// String returns the zone's name as it stands in stores and catalogue keys.
func (z Zone) String() string {
	if int(z) >= len(zoneNames) {
		return zoneNames[ZoneUnknown]
	}
	return zoneNames[z]
}

// ParseZone returns the zone with the name that String gives, ZoneUnknown for
// any other name.
func ParseZone(name string) Zone {
	for i, n := range zoneNames {
		if n == name {
			return Zone(i)
		}
	}
	return ZoneUnknown
}

// Register is one counter of a meter. The mapping of T-numbers to zones is the
// meter's own: it depends on how it was programmed (spec §2.1).
type Register struct {
	Name string // T1, T2, T3
	Zone Zone
}

// Registers returns the usual mapping for a meter of one, two or three zones:
// T1 day, T2 night; T1 peak, T2 night, T3 half-peak. Other counts have none.
func Registers(zones int) []Register {
	switch zones {
	case 1:
		return []Register{{"T1", ZoneSingle}}
	case 2:
		return []Register{{"T1", ZoneDay}, {"T2", ZoneNight}}
	case 3:
		return []Register{{"T1", ZonePeak}, {"T2", ZoneNight}, {"T3", ZoneHalfPeak}}
	default:
		return nil
	}
}

// Meter is a metering device of an account.
type Meter struct {
	ID        MeterID
	Serial    MeterSerial
	Digits    int // before the comma
	Registers []Register
	Power     Watts // permitted for the connection; zero means DefaultPower
	// Remote meters are polled by the supplier: their owner need not submit.
	Remote bool
	// Hourly meters give a profile in a file and have no registers to read.
	Hourly bool
	// VerifiedUntil is the last day on which the verification holds, as a
	// date at midnight UTC; zero if unknown.
	VerifiedUntil time.Time
	// OutOfServiceSince is the instant from which the meter does not count
	// (broken, lost, removed); zero while it works.
	OutOfServiceSince time.Time
}

// Exists reports whether there is a meter at all.
func (m Meter) Exists() bool { return m.ID != 0 && (m.Hourly || len(m.Registers) > 0) }

// Register returns the meter's register with that name.
func (m Meter) Register(name string) (Register, bool) {
	for _, r := range m.Registers {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return Register{}, false
}

// Capacity returns the value after which the meter starts again from zero,
// 10^Digits; Digits outside 1–12 count as the nearest of these.
func (m Meter) Capacity() KWh {
	capacity := KWh(1)
	for range min(max(m.Digits, 1), 12) {
		capacity *= 10
	}
	return capacity
}

// Billable reports whether readings at that instant are billed by value:
// the verification holds and the meter is in service (spec §2.1, V13).
func (m Meter) Billable(at time.Time, zone *time.Location) bool {
	if !m.OutOfServiceSince.IsZero() && !at.Before(m.OutOfServiceSince) {
		return false
	}
	return m.VerifiedUntil.IsZero() || !civil(at, zone).After(civil(m.VerifiedUntil, time.UTC))
}

// Source is where a reading comes from.
type Source uint8

// The sources of readings.
const (
	SourceCustomer     Source = iota + 1
	SourceControl             // taken by an inspector
	SourceRemote              // polled
	SourceEstimate            // calculated: average or norm
	SourceInstallation        // of the act of installation
)

var sourceNames = [...]string{"unknown", "customer", "control", "remote", "estimate", "installation"}

// String returns the source's name as it stands in stores and catalogue keys.
func (s Source) String() string {
	if int(s) >= len(sourceNames) {
		return sourceNames[0]
	}
	return sourceNames[s]
}

// ParseSource returns the source with the name that String gives, zero for any
// other name.
func ParseSource(name string) Source {
	for i, n := range sourceNames[1:] {
		if n == name {
			return Source(i + 1)
		}
	}
	return 0
}

// Actual reports whether somebody or something looked at the meter: an
// estimate is never the base of consumption (spec §2.1, prev).
func (s Source) Actual() bool { return s != 0 && s != SourceEstimate }

// Reading is the state of one register at one moment.
type Reading struct {
	Meter    MeterID
	Register string
	Value    KWh
	At       time.Time
	Source   Source
	Period   Period // the month for which it counts
	Rollover bool   // the register passed zero since the reading before
	High     bool   // accepted though unusually high
}
