package billing

import "time"

// Case is a row of the intake decision table; its number is the row's (spec
// §2.1, V1–V16). Zero means that nothing has been decided.
type Case uint8

// The rows of the table.
const (
	CaseNormal     Case = iota + 1 // V1 believable
	CaseZero                       // V2 nothing used
	CaseHigh                       // V3 more than usual, but possible
	CaseAbsurd                     // V4 more than the connection can deliver
	CaseRollover                   // V5 the register passed zero
	CaseLower                      // V6 less than the last one
	CaseSwapped                    // V7 right values in the wrong registers
	CaseTotal                      // V8 the sum of all zones given for one
	CaseDigits                     // V9 more digits than the meter has
	CaseFraction                   // V10 digits after the comma: dropped
	CaseRepeated                   // V11 replaces this period's reading
	CaseNextPeriod                 // V12 counts for the next month
	CaseUnverified                 // V13 billed by average all the same
	CaseRemote                     // V14 polled: nothing to submit
	CaseControl                    // V15 an inspector's reading stands above it
	CaseClosed                     // V16 no account or no meter to read for
)

var caseNames = [...]string{
	"none", "normal", "zero", "high", "absurd", "rollover", "lower", "swapped", "total",
	"digits", "fraction", "repeated", "next_period", "unverified", "remote", "control", "closed",
}

// String returns the case's name as it stands in catalogue keys and metrics.
func (c Case) String() string {
	if int(c) >= len(caseNames) {
		return caseNames[0]
	}
	return caseNames[c]
}

// Cases is a set of cases.
type Cases uint32

// Has reports whether c is in the set.
func (s Cases) Has(c Case) bool { return s&(1<<c) != 0 }

func (s *Cases) add(c Case) { *s |= 1 << c }

// Action is what to do with an entry or with a whole submission.
type Action uint8

// The actions, from the least to the most urgent to talk about.
const (
	Accept  Action = iota // store it
	Ask                   // something is still missing: ask for it
	Confirm               // believable only if the customer says so once more
	Offer                 // offer a change of what was entered
	Refuse                // not acceptable as it is
)

var actionNames = [...]string{"accept", "ask", "confirm", "offer", "refuse"}

// String returns the action's name as it stands in catalogue keys and metrics.
func (a Action) String() string {
	if int(a) >= len(actionNames) {
		return "unknown"
	}
	return actionNames[a]
}

// Option is a way on that a dialog may show with an outcome.
type Option string

// The options. Those marked so lead to an application of the customer.
const (
	OptionReenter       Option = "reenter"        // type the value again
	OptionKeep          Option = "keep"           // it is right as entered
	OptionTruncate      Option = "truncate"       // take Line.Truncated
	OptionSwap          Option = "swap"           // take Judgement.Swap
	OptionOtherMeter    Option = "other_meter"    // it is of another meter
	OptionReplaced      Option = "replaced"       // the meter was replaced (application)
	OptionPreviousWrong Option = "previous_wrong" // the last reading was wrong (application)
	OptionCheck         Option = "check"          // have the readings checked (application)
	OptionDispute       Option = "dispute"        // dispute the supplier's own reading (application)
	OptionContact       Option = "contact"        // talk to the contact centre
)

// Entry is a value entered for one register.
type Entry struct {
	Register  string
	Value     KWh
	Fraction  bool // digits after the comma were given and dropped (V10)
	Confirmed Case // what the customer has said yes to: V2, V3 or V5
}

// Intake is everything that a submission for one meter is judged by.
type Intake struct {
	Account Account
	Meter   Meter
	History []Reading      // of this meter, any order, at least the last year
	At      time.Time      // of the customer's message, not of the judgement
	Zone    *time.Location // the company's
	// AsEntered means that the customer declined to swap the values (V7).
	AsEntered bool
}

// Line is the outcome for one entry.
type Line struct {
	Register Register
	Entry    Entry
	Case     Case
	Action   Action   // Ask: it may be a swap, to be told when all are known
	Options  []Option // ways on, the likeliest first; not to be changed
	Baseline Baseline
	// Used is the consumption; zero if there was no reading before or the
	// value is not acceptable as lower.
	Used KWh
	// Truncated is the value without the digits that the meter does not have
	// (V9); zero otherwise.
	Truncated KWh
	Remarks   Cases // V10, V11, V15
}

// Judgement is the outcome for a meter.
type Judgement struct {
	Action   Action
	Case     Case     // what decides
	Register string   // whose value decides; empty if the meter's or all
	Options  []Option // ways on; not to be changed
	Period   Period   // for which the readings count
	Lines    []Line   // one for each entry, in the meter's order
	Missing  []string // registers without an entry, in the meter's order
	Swap     []Entry  // the entries rearranged (V7)
	Remarks  Cases    // of the lines, and V12 and V13
	Used     KWh      // in all zones
}

// Line returns the outcome for a register, nil if it has no entry.
func (j *Judgement) Line(register string) *Line {
	for i := range j.Lines {
		if j.Lines[i].Register.Name == register {
			return &j.Lines[i]
		}
	}
	return nil
}

var (
	optionsClosed   = []Option{OptionContact}
	optionsRemote   = []Option{OptionDispute}
	optionsTruncate = []Option{OptionTruncate, OptionReenter}
	optionsSwap     = []Option{OptionSwap, OptionKeep, OptionReenter}
	optionsTotal    = []Option{OptionReenter, OptionContact}
	optionsConfirm  = []Option{OptionKeep, OptionReenter}
	optionsLower    = []Option{OptionReenter, OptionOtherMeter, OptionReplaced, OptionPreviousWrong}
	optionsControl  = []Option{OptionReenter, OptionOtherMeter, OptionReplaced, OptionDispute}
	optionsAbsurd   = []Option{OptionReenter, OptionCheck}
)

// Judge applies the intake decision table to the entries given so far: none,
// some or all of the meter's registers. Entries of unknown registers are
// ignored; of two for one register the later counts.
//
// The first row that holds decides, in the order V16, V14, V9, V7, V8, then V5
// and V6 for a value below the last one, then V2, V4, V3, V1; V10 is applied
// beforehand (the fraction is dropped and the rest is judged) and stands among
// the remarks. Of several entries one with too many digits decides (V9), else
// the one with the most urgent action.
// While registers are missing, a value that may yet prove to belong to another
// one is left open (Action Ask) instead of being questioned too early, so the
// outcome does not depend on whether values come one by one or together.
//
// Accept means that everything may be stored now.
func (in *Intake) Judge(entries ...Entry) Judgement {
	j := Judgement{Period: in.Period()}
	switch {
	case in.Account.Closed || !in.Meter.Exists():
		j.Action, j.Case, j.Options = Refuse, CaseClosed, optionsClosed
		return j
	case in.Meter.Remote || in.Meter.Hourly:
		j.Action, j.Case, j.Options = Refuse, CaseRemote, optionsRemote
		return j
	}
	if !in.Account.Legal && j.Period != periodOfMonth(in.At, in.Zone) {
		j.Remarks.add(CaseNextPeriod)
	}
	if !in.Meter.Billable(in.At, in.Zone) {
		j.Remarks.add(CaseUnverified)
	}
	in.judgeLines(&j, entries)
	in.judgeSwap(&j)
	j.decide()
	return j
}

// judgeLines fills in the lines and what is missing, each register alone.
func (in *Intake) judgeLines(j *Judgement, entries []Entry) {
	var space [3]Baseline
	bases := space[:0]
	var sum KWh // of the previous values of all zones (V8)
	summed := len(in.Meter.Registers) > 1
	for _, r := range in.Meter.Registers {
		b := in.Baseline(r.Name)
		sum += b.Previous.Value
		summed = summed && b.Known // A zone that was never read has no part in a total.
		bases = append(bases, b)
	}
	j.Lines = make([]Line, 0, len(bases))
	for i, r := range in.Meter.Registers {
		e, ok := entryFor(entries, r.Name)
		if !ok {
			j.Missing = append(j.Missing, r.Name)
			continue
		}
		l := Line{Register: r, Entry: e, Baseline: bases[i]}
		l.judge(in, summed, sum)
		j.Remarks |= l.Remarks
		j.Used += l.Used
		j.Lines = append(j.Lines, l)
	}
}

// judge applies the rows that look at one register; sum is that of the
// previous values of all zones, if summed.
func (l *Line) judge(in *Intake, summed bool, sum KWh) {
	b, value := &l.Baseline, l.Entry.Value
	if l.Entry.Fraction {
		l.Remarks.add(CaseFraction)
	}
	if b.Repeated {
		l.Remarks.add(CaseRepeated)
	}
	if b.Known && b.Previous.Source == SourceControl &&
		(b.Previous.At.After(in.At) || value < b.Previous.Value) {
		l.Remarks.add(CaseControl)
	}
	capacity := in.Meter.Capacity()
	if value < 0 { // No parser lets it through; it must not pass for a rollover.
		l.set(CaseLower, Refuse, optionsLower)
		return
	}
	if value >= capacity {
		l.set(CaseDigits, Offer, optionsTruncate)
		l.truncate(capacity)
		return
	}
	if !b.Known {
		l.set(CaseNormal, Accept, nil)
		return
	}
	used := value - b.Previous.Value
	switch {
	case used > b.Limit && summed && value >= sum:
		l.set(CaseTotal, Refuse, optionsTotal)
	case used < 0 && used+capacity <= b.Limit:
		used += capacity
		l.confirm(CaseRollover)
	case used < 0:
		used = 0
		l.set(CaseLower, Refuse, optionsLower)
		if l.Remarks.Has(CaseControl) {
			l.Options = optionsControl
		}
	case used == 0:
		l.confirm(CaseZero)
	case used > b.Possible:
		l.set(CaseAbsurd, Refuse, optionsAbsurd)
	case used > b.Limit:
		l.confirm(CaseHigh)
	default:
		l.set(CaseNormal, Accept, nil)
	}
	l.Used = used
}

// decimals is how many digits after the comma a meter has at most.
const decimals = 3

// truncate finds the value without the digits after its comma: the longest
// that is believable, since leading zeros are often left out, else the longest
// that the meter can show.
func (l *Line) truncate(capacity KWh) {
	short := l.Entry.Value
	for range decimals {
		short /= 10
		if short < capacity && l.Baseline.normal(short) {
			l.Truncated = short
			return
		}
	}
	for l.Truncated = l.Entry.Value; l.Truncated >= capacity; {
		l.Truncated /= 10
	}
}

func (l *Line) set(c Case, a Action, options []Option) {
	l.Case, l.Action, l.Options = c, a, options
}

// confirm asks for the customer's yes unless it was given to this very case.
func (l *Line) confirm(c Case) {
	if l.Entry.Confirmed == c {
		l.set(c, Accept, nil)
		return
	}
	l.set(c, Confirm, optionsConfirm)
}

// decide picks the line that is talked about first.
func (j *Judgement) decide() {
	if j.Case != 0 {
		return
	}
	if len(j.Missing) > 0 {
		j.Action = Ask
	}
	for i := range j.Lines {
		l := &j.Lines[i]
		if l.Case == CaseDigits { // Nothing can be said of the others before the comma is found.
			j.Action, j.Case, j.Register, j.Options = l.Action, l.Case, l.Register.Name, l.Options
			return
		}
		better := l.Action > j.Action || (l.Action == j.Action && l.Case.rank() < j.Case.rank())
		if l.Action != Ask && better {
			j.Action, j.Case, j.Register, j.Options = l.Action, l.Case, l.Register.Name, l.Options
		}
	}
}

// rank is the place of a case in the order of the table; the undecided case
// comes last.
func (c Case) rank() int {
	order := [...]Case{
		CaseClosed, CaseRemote, CaseFraction, CaseDigits, CaseSwapped, CaseTotal,
		CaseRollover, CaseLower, CaseZero, CaseAbsurd, CaseHigh, CaseNormal,
	}
	for i, o := range order {
		if o == c {
			return i
		}
	}
	return len(order)
}

// entryFor returns the last entry for a register.
func entryFor(entries []Entry, register string) (Entry, bool) {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Register == register {
			return entries[i], true
		}
	}
	return Entry{}, false
}

// periodOfMonth returns the calendar month of the instant.
func periodOfMonth(at time.Time, zone *time.Location) Period {
	year, month, _ := at.In(zone).Date()
	return Period{year, month}
}

// Readings returns what is to be stored when the judgement accepts: a reading
// for each line, at the time of the entry. It returns nothing otherwise.
func (in *Intake) Readings(j Judgement) []Reading {
	if j.Action != Accept {
		return nil
	}
	readings := make([]Reading, 0, len(j.Lines))
	for i := range j.Lines {
		l := &j.Lines[i]
		readings = append(readings, Reading{
			Meter: in.Meter.ID, Register: l.Register.Name, Value: l.Entry.Value,
			At: in.At, Source: SourceCustomer, Period: j.Period,
			Rollover: l.Case == CaseRollover, High: l.Case == CaseHigh,
		})
	}
	return readings
}
