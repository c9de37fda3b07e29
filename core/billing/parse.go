package billing

import (
	"log/slog"
	"strconv"
	"strings"
)

// longestNumber is how many digits in one piece a number may have, leading
// zeros not counted, to be looked at as a reading: no meter has as many.
const longestNumber = 12

// Value is a number in a message that may be a reading, not yet a reading of
// any register. It can be kept in a dialog's state until the meter is known.
type Value struct {
	// Groups are its digits as written, cut where spaces stood. More than one
	// group is one number with thousands set apart, or several numbers: only
	// the meter tells, and Entries decides.
	Groups   []string
	Fraction bool   // digits after a comma were written and dropped
	Number   int    // of the T-number beside it, 0 if none
	Zone     Zone   // of the zone's name beside it
	Total    bool   // called the total of all zones
	Meter    string // the meter that it was said to be of: end of the serial, or 1, 2…
}

// labelled reports whether the customer said which register the value is of.
func (v *Value) labelled() bool { return v.Number != 0 || v.Zone != ZoneUnknown || v.Total }

// Message is what was found in a customer's text.
type Message struct {
	Accounts   []AccountNumber
	Mistyped   bool // something looks like an account number, but is not one
	Values     []Value
	Readings   bool   // words, units or zones say that the values are readings
	Correction bool   // words say that an earlier answer was wrong
	Negative   bool   // a number below zero was given and left out
	TooLong    bool   // a number too long for any meter was left out
	Place      string // house and flat, for ParseProof
	Rest       string // words that nothing is known about
}

// LogValue tells how much was found, nothing of what: the rest of a message may
// be names and addresses.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("accounts", len(m.Accounts)), slog.Int("values", len(m.Values)))
}

// Parse finds account numbers and readings in free text, of any meter. It
// leaves out what only looks like a reading: phone numbers, dates, hours,
// e-mail addresses, previous values, consumption, numbers of other things.
//
// One number or two? Digits with one space between them are kept together if
// they can be one number with its thousands apart (at most three digits, then
// groups of three); Entries decides. "12,345" and "12.345" count as thousands
// too; one or two digits after a comma or point, or three after a longer
// number, are a fraction; four and more are another number.
func Parse(text string) Message {
	p := parser{scan: newScan(text).dictated()}
	for i := range p.scan {
		r := p.scan[i].role
		p.Correction = p.Correction || r == roleCorrection
		p.Readings = p.Readings || r == roleReading || r == roleUnits
	}
	p.takeLinks()
	p.takeContracts()
	for _, t := range p.scan {
		if t.role == roleNone && t.kind == word {
			p.rest = append(p.rest, t.text)
		}
	}
	p.takeMoments()
	p.takeLong()
	p.takeWeakDates()
	p.takeOthers()
	p.collect()
	p.Rest = strings.Join(p.rest, " ")
	p.Place = strings.Join(p.place, " ")
	return p.Message
}

// parser takes what it recognises out of the scan, the surest things first;
// the numbers that stay are values.
type parser struct {
	Message
	scan  scan
	rest  []string
	place []string
	items []item
}

// item is a label or a value, in the order of the text.
type item struct {
	value bool
	Value      // of a label: what it says about the value beside it
	used  bool // of a label: it has found its value
}

// collect reads labels and values from what is left and joins them.
func (p *parser) collect() {
	meter := ""
	for i := 0; i < len(p.scan); {
		if hint, n := p.meterHint(i); n > 0 {
			meter = hint
			i += n
			continue
		}
		if l, n := p.label(i); n > 0 {
			p.addLabel(l)
			i += n
			continue
		}
		if p.scan[i].kind != number {
			i++
			continue
		}
		v, n := p.value(i)
		if p.fitting(i, v) {
			v.Meter = meter
			p.items = append(p.items, item{value: true, Value: v})
		}
		i += n
	}
	p.join()
	for _, it := range p.items {
		if it.value {
			p.Values = append(p.Values, it.Value)
			p.Readings = p.Readings || it.labelled()
		}
	}
	p.Readings = p.Readings && len(p.Values) > 0
}

// fitting reports whether a value can be a reading at all, and notes why not.
func (p *parser) fitting(i int, v Value) bool {
	first := p.scan.is(i-1, "-") && !p.scan[i].space && i == 1
	if first || p.scan.at(i-1).role == roleMinus {
		p.Negative = true
		return false
	}
	for _, g := range v.Groups {
		if len(strings.TrimLeft(g, "0")) > longestNumber {
			p.TooLong = true
			return false
		}
	}
	return true
}

// value reads the number that begins at token i and tells how many tokens it
// takes.
func (p *parser) value(i int) (Value, int) {
	v := Value{Groups: []string{p.scan[i].text}}
	n := 1
	for {
		next := p.scan.at(i + n)
		last := v.Groups[len(v.Groups)-1]
		switch {
		case next.kind == number && next.space && joinable(last, next.text):
			v.Groups = append(v.Groups, next.text)
			n++
			continue
		case p.chain(i + n):
			return v, n
		case p.point(i + n):
			digits := p.scan.at(i + n + 1).text
			if joinable(last, digits) {
				v.Groups[len(v.Groups)-1] += digits
				return v, n + 2
			}
			if len(digits) <= 3 {
				v.Fraction = true
				return v, n + 2
			}
		}
		return v, n
	}
}

// joinable reports whether next can be the thousands group after last.
func joinable(last, next string) bool { return len(last) <= 3 && len(next) == 3 }

// point reports whether token i is a comma or point right between two numbers.
func (p *parser) point(i int) bool {
	return (p.scan.is(i, ",") || p.scan.is(i, ".")) && !p.scan[i].space &&
		p.scan.at(i-1).kind == number && p.scan.at(i+1).kind == number && !p.scan[i+1].space
}

// chain reports whether the point at token i is one of several in a row, as in
// a list of values.
func (p *parser) chain(i int) bool {
	return p.point(i) && (p.point(i+2) || p.point(i-2))
}

// label reads a T-number, the name of a zone or of the total at token i and
// tells how many tokens it takes, 0 if there is none.
func (p *parser) label(i int) (Value, int) {
	t, s := p.scan[i], p.scan
	switch t.role {
	case roleHalfPeak:
		return Value{Zone: ZoneHalfPeak}, 1
	case rolePeak:
		return Value{Zone: ZonePeak}, 1
	case roleDay:
		return Value{Zone: ZoneDay}, 1
	case roleNight:
		return Value{Zone: ZoneNight}, 1
	case roleTotal:
		return Value{Total: true}, 1
	case roleHalf:
		k := i + 1
		if s.is(k, "-") {
			k++
		}
		if s.at(k).role == rolePeak {
			return Value{Zone: ZoneHalfPeak}, k + 1 - i
		}
	case roleRegister, roleTariff:
		k := i + 1
		for s.is(k, "-") || s.is(k, ".") || s.at(k).role == roleOrdinal {
			k++
		}
		if n := small(s.at(k)); n > 0 {
			return Value{Number: n}, k + 1 - i
		}
	case roleFirst, roleSecond, roleThird:
		return p.ordinalLabel(i)
	case roleFrom:
		return p.hoursLabel(i)
	}
	return p.listLabel(i)
}

// ordinalLabel reads "first 4120" or "first tariff 4120".
func (p *parser) ordinalLabel(i int) (Value, int) {
	n := map[role]int{roleFirst: 1, roleSecond: 2, roleThird: 3}[p.scan[i].role]
	switch next := p.scan.at(i + 1); {
	case next.role == roleTariff:
		return Value{Number: n}, 2
	case next.kind == number, next.kind == sign:
		return Value{Number: n}, 1
	}
	return Value{}, 0
}

// hoursLabel reads "from 7 till 23", the day, and "from 23 till 7", the night.
func (p *parser) hoursLabel(i int) (Value, int) {
	const morning, evening = 7, 23 // Where the zones meet (spec §2.1).
	s := p.scan
	if s.at(i+2).role != roleTill {
		return Value{}, 0
	}
	switch from, till := atoi(s.at(i+1)), atoi(s.at(i+3)); {
	case from == morning && till == evening:
		return Value{Zone: ZoneDay}, 4
	case from == evening && till == morning:
		return Value{Zone: ZoneNight}, 4
	}
	return Value{}, 0
}

// listLabel reads "1 tariff", "1) 4120" and, at the beginning of a line,
// "1. 4120" and "1 - 4120".
func (p *parser) listLabel(i int) (Value, int) {
	s, n := p.scan, small(p.scan[i])
	if n == 0 {
		return Value{}, 0
	}
	begins := i == 0 || s[i-1].kind == line
	follows := s.at(i+2).kind == number && s[i+2].space
	switch {
	case s.at(i+1).role == roleTariff:
		return Value{Number: n}, 2
	case s.is(i+1, ")"), begins && follows && (s.is(i+1, ".") || s.is(i+1, "-") || s.is(i+1, ":")):
		return Value{Number: n}, 2
	}
	return Value{}, 0
}

// small returns the value of a number token 1, 2 or 3, else 0.
func small(t token) int {
	if t.kind != number || len(t.text) != 1 || t.text > "3" {
		return 0
	}
	return int(t.text[0] - '0')
}

// meterHint reads the name of a meter at token i: the word with a number that
// cannot be its reading, or a bare serial of nine digits.
func (p *parser) meterHint(i int) (string, int) {
	const serial = 8 // No reading has as many digits, a serial rarely fewer.
	s := p.scan
	if s[i].kind == number && len(s[i].text) == serial+1 && s[i].text[0] == '0' {
		return s[i].text, 1
	}
	if s[i].role != roleMeter {
		return "", 0
	}
	k, named := i+1, false
	for s.is(k, ".") || s.at(k).role == roleOrdinal {
		named = named || s.at(k).role == roleOrdinal
		k++
	}
	t := s.at(k)
	colon := (s.is(k+1, ":") || s.is(k+1, "-")) && s.at(k+2).kind == number
	if t.kind == number && (named || colon || len(t.text) >= serial || len(t.text) == 1) {
		return t.text, k + 1 - i
	}
	return "", 0
}

// addLabel appends a label; a T-number and a zone side by side are one label.
func (p *parser) addLabel(l Value) {
	if n := len(p.items); n > 0 && !p.items[n-1].value {
		last := &p.items[n-1]
		if last.Number != 0 && last.Zone == ZoneUnknown && l.Zone != ZoneUnknown {
			last.Zone = l.Zone
			return
		}
		if last.Number == 0 && last.Zone != ZoneUnknown && l.Number != 0 {
			last.Number = l.Number
			return
		}
	}
	p.items = append(p.items, item{Value: l})
}

// join gives each label its value: "day 1 night 2", "1 day 2 night",
// "day night 1 2", "1 2 day night".
func (p *parser) join() {
	var labels, values []int
	for i, it := range p.items {
		if it.value {
			values = append(values, i)
		} else {
			labels = append(labels, i)
		}
	}
	if len(labels) == 0 || len(values) == 0 {
		return
	}
	apart := labels[len(labels)-1] < values[0] || values[len(values)-1] < labels[0]
	if apart && len(labels) > 1 {
		for k := range min(len(labels), len(values)) {
			p.give(labels[k], values[k])
		}
		return
	}
	step := 1 // A label stands before its value,
	if labels[0] > values[0] && labels[len(labels)-1] > values[len(values)-1] {
		step = -1 // or after it.
	}
	for _, step := range []int{step, -step} {
		for _, l := range labels {
			p.give(l, l+step)
		}
	}
}

// give writes a free label on an unlabelled value.
func (p *parser) give(label, value int) {
	if value < 0 || value >= len(p.items) {
		return
	}
	l, v := &p.items[label], &p.items[value]
	if l.used || !v.value || v.labelled() {
		return
	}
	v.Number, v.Zone, v.Total, l.used = l.Number, l.Zone, l.Total, true
}

// atoi returns the value of a short number token, -1 if it is none.
func atoi(t token) int {
	if t.kind != number || len(t.text) > 9 {
		return -1
	}
	n, err := strconv.Atoi(t.text)
	if err != nil {
		return -1
	}
	return n
}
