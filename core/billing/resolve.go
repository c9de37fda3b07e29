package billing

import (
	"strconv"
	"strings"

	"okoshko/core/fault"
)

// Why values of a message cannot be given to registers; all are Invalid.
var (
	// ErrNoValue: there is no number in it that could be a reading.
	ErrNoValue error = &fault.Error{Kind: fault.Invalid, Key: "reading_none"}
	// ErrManyValues: there are more numbers than registers.
	ErrManyValues error = &fault.Error{Kind: fault.Invalid, Key: "reading_many"}
	// ErrUnclear: the numbers can be read in several ways.
	ErrUnclear error = &fault.Error{Kind: fault.Invalid, Key: "reading_unclear"}
	// ErrZone: a zone or T-number was named that the meter does not have.
	ErrZone error = &fault.Error{Kind: fault.Invalid, Key: "reading_zone"}
	// ErrTotal: only the total of all zones was given (V8).
	ErrTotal error = &fault.Error{Kind: fault.Invalid, Key: "reading_total"}
	// ErrNegative: the only number is below zero.
	ErrNegative error = &fault.Error{Kind: fault.Invalid, Key: "reading_negative"}
	// ErrTooLong: the only number is too long for any meter.
	ErrTooLong error = &fault.Error{Kind: fault.Invalid, Key: "reading_long"}
)

// mostGlued bounds the ways to read a row of groups: each group that may
// continue a number or begin one doubles them, and nobody writes more.
const mostGlued = 10

// Entries gives the values to the meter's registers. Values with a zone or a
// T-number beside them go there, whether asked for or not; the others go in
// order to the registers named in open, or to all if none is named, and stand
// after them. A total is left out beside other values of a multi-zone meter.
//
// Groups of digits are read so: no number longer than the meter's digits if
// that is possible; one or two digits before a group of three belong to it;
// then as many numbers as registers are open; "120 345" is thus one number on
// a one-zone meter of six digits and two on a two-zone meter. If two ways are
// still equal, the answer is ErrUnclear: ask for one register at a time.
func (m *Message) Entries(meter Meter, open ...string) ([]Entry, error) {
	if len(m.Values) == 0 {
		return nil, m.empty()
	}
	return entries(m.Values, meter, open)
}

// empty tells why there is no value.
func (m *Message) empty() error {
	switch {
	case m.Negative:
		return ErrNegative
	case m.TooLong:
		return ErrTooLong
	default:
		return ErrNoValue
	}
}

// Assign gives the values to several meters, in the order of meters. If the
// message names meters (by the end of the serial or as first, second…), their
// values follow; otherwise the values must be as many as all the registers
// together and are given in order. A meter without values has no entries.
func (m *Message) Assign(meters []Meter) ([][]Entry, error) {
	switch {
	case len(m.Values) == 0:
		return nil, m.empty()
	case len(meters) == 0:
		return nil, ErrManyValues
	case len(meters) == 1:
		list, err := m.Entries(meters[0])
		return [][]Entry{list}, err
	}
	lists := make([][]Value, len(meters))
	for _, v := range m.Values {
		i := findMeter(meters, v.Meter)
		if i < 0 {
			return m.assignInOrder(meters)
		}
		lists[i] = append(lists[i], v)
	}
	result := make([][]Entry, len(meters))
	for i, list := range lists {
		if len(list) == 0 {
			continue
		}
		es, err := entries(list, meters[i], nil)
		if err != nil {
			return nil, err
		}
		result[i] = es
	}
	return result, nil
}

// assignInOrder lays the values over the registers of all meters in a row.
func (m *Message) assignInOrder(meters []Meter) ([][]Entry, error) {
	var slots []slot
	for i, meter := range meters {
		for _, r := range meter.Registers {
			slots = append(slots, slot{meter: i, register: r.Name, digits: meter.Digits})
		}
	}
	for i := range m.Values {
		if m.Values[i].labelled() || m.Values[i].Meter != "" {
			return nil, ErrUnclear
		}
	}
	placed, err := place(m.Values, slots)
	if err != nil {
		return nil, err
	}
	if len(placed) != len(slots) {
		return nil, ErrUnclear
	}
	result := make([][]Entry, len(meters))
	for i, e := range placed {
		result[slots[i].meter] = append(result[slots[i].meter], e)
	}
	return result, nil
}

// findMeter returns the only meter that a customer's words fit, -1 if none or
// several do: four digits or more of the serial's end, or a place in the list.
func findMeter(meters []Meter, hint string) int {
	if len(hint) == 1 {
		n := int(hint[0] - '1')
		if n < 0 || n >= len(meters) {
			return -1
		}
		return n
	}
	found := -1
	for i, m := range meters {
		if len(hint) < 4 || !strings.HasSuffix(string(m.Serial), hint) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// entries gives values to one meter's registers.
func entries(values []Value, meter Meter, open []string) ([]Entry, error) {
	var list []Entry
	var free []Value
	total := false
	for _, v := range values {
		if !v.labelled() {
			free = append(free, v)
			continue
		}
		if v.Total && len(meter.Registers) > 1 {
			total = true
			continue
		}
		r, ok := registerOf(meter, v)
		if !ok {
			return nil, ErrZone
		}
		es, err := place([]Value{v}, []slot{{register: r, digits: meter.Digits}})
		if err != nil {
			return nil, err
		}
		if before, twice := entryFor(list, r); twice && before != es[0] {
			return nil, ErrUnclear
		}
		list = append(list, es...)
	}
	if len(free) > 0 {
		es, err := place(free, openSlots(meter, open, list))
		if err != nil {
			return nil, err
		}
		list = append(list, es...)
	}
	if len(list) == 0 && total {
		return nil, ErrTotal
	}
	return list, nil
}

// registerOf returns the register that a labelled value names.
func registerOf(meter Meter, v Value) (string, bool) {
	if v.Total && len(meter.Registers) > 0 {
		return meter.Registers[0].Name, true
	}
	for _, r := range meter.Registers {
		byNumber := v.Number == 0 || strings.EqualFold(r.Name, "T"+strconv.Itoa(v.Number))
		byZone := v.Zone == ZoneUnknown || v.Zone == r.Zone
		if byNumber && byZone {
			return r.Name, true
		}
	}
	return "", false
}

// slot is a register that waits for a value.
type slot struct {
	meter    int
	register string
	digits   int
}

// openSlots returns the registers that are asked for and not yet filled.
func openSlots(meter Meter, open []string, filled []Entry) []slot {
	if len(open) == 0 {
		for _, r := range meter.Registers {
			open = append(open, r.Name)
		}
	}
	slots := make([]slot, 0, len(open))
	for _, name := range open {
		if _, ok := entryFor(filled, name); !ok {
			slots = append(slots, slot{register: name, digits: meter.Digits})
		}
	}
	return slots
}

// place gives values to slots in order.
func place(values []Value, slots []slot) ([]Entry, error) {
	w, glued := ways{slots: slots}, 0
	for _, v := range values {
		for i, g := range v.Groups {
			glued += min(i, 1)
			w.groups = append(w.groups, group{
				digits: g, glued: i > 0, fraction: v.Fraction && i == len(v.Groups)-1,
			})
		}
	}
	switch {
	case len(slots) == 0:
		return nil, ErrManyValues
	case glued > mostGlued:
		return nil, ErrUnclear
	}
	w.try(0, nil, 0)
	switch {
	case w.tied:
		return nil, ErrUnclear
	case w.best == nil:
		return nil, ErrManyValues
	}
	return w.best, nil
}

// group is a row of digits; glued ones may continue the number before.
type group struct {
	digits   string
	glued    bool
	fraction bool
}

// ways searches the best way to read groups as numbers for the slots.
type ways struct {
	slots  []slot
	groups []group
	best   []Entry
	score  int
	tied   bool
}

// What makes a way worse, in order of weight: a number longer than the meter's
// digits, one or two digits parted from their thousands, a register left empty.
const (
	worseLong   = 1000
	worseParted = 100
	worseEmpty  = 1
)

// try reads a number at group i in each way that is possible; list and score
// are what was read before.
func (w *ways) try(i int, list []Entry, score int) {
	if i == len(w.groups) {
		w.weigh(list, score+worseEmpty*(len(w.slots)-len(list)))
		return
	}
	if len(list) == len(w.slots) {
		return
	}
	s, digits := w.slots[len(list)], ""
	for k := i; k < len(w.groups) && (k == i || w.groups[k].glued); k++ {
		digits += w.groups[k].digits
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return
		}
		worse := 0
		if KWh(n) >= (Meter{Digits: s.digits}).Capacity() {
			worse += worseLong
		}
		if k == i && len(digits) < 3 && k+1 < len(w.groups) && w.groups[k+1].glued {
			worse += worseParted
		}
		e := Entry{Register: s.register, Value: KWh(n), Fraction: w.groups[k].fraction}
		w.try(k+1, append(list[:len(list):len(list)], e), score+worse)
	}
}

// weigh keeps the better way; two that are equally good tie.
func (w *ways) weigh(list []Entry, score int) {
	switch {
	case w.best == nil || score < w.score:
		w.best, w.score, w.tied = list, score, false
	case score == w.score:
		w.tied = true
	}
}
