package billing

import "slices"

// judgeSwap looks for values that stand in the wrong registers (V7). A swap is
// offered if the entries as they stand do not all pass V1 and some
// rearrangement of them does. Of several the one that moves the fewest values
// is offered. While registers are missing, a swap that is still possible only
// keeps the doubtful lines open.
func (in *Intake) judgeSwap(j *Judgement) {
	n := len(in.Meter.Registers)
	if in.AsEntered || n < 2 || len(j.Lines) == 0 {
		return
	}
	doubtful := false
	for i := range j.Lines {
		l := &j.Lines[i]
		if l.Case == CaseDigits {
			return // V9 comes first.
		}
		doubtful = doubtful || !l.Baseline.normal(l.Entry.Value)
	}
	if !doubtful {
		return
	}
	s := swap{in: in, lines: j.Lines, place: make([]int, len(j.Lines)), fewest: n + 1}
	for _, r := range in.Meter.Registers {
		s.bases = append(s.bases, s.base(r.Name))
	}
	s.try(0, 0, 0)
	switch {
	case s.best == nil:
	case len(j.Missing) > 0:
		for i := range j.Lines {
			l := &j.Lines[i]
			if !l.Baseline.normal(l.Entry.Value) {
				l.Action, l.Options = Ask, nil
			}
		}
	default:
		j.Action, j.Case, j.Options = Offer, CaseSwapped, optionsSwap
		j.Swap = make([]Entry, len(j.Lines))
		for i, to := range s.best {
			e := j.Lines[i].Entry
			e.Register, e.Confirmed = in.Meter.Registers[to].Name, 0
			j.Swap[to] = e
		}
	}
}

// swap is a search over the places where each line's value could belong.
type swap struct {
	in     *Intake
	lines  []Line
	bases  []Baseline
	place  []int // register index for each line, being built
	best   []int
	fewest int // values moved by best
}

// base returns a register's baseline, from the line that already has it.
func (s *swap) base(register string) Baseline {
	for i := range s.lines {
		if s.lines[i].Register.Name == register {
			return s.lines[i].Baseline
		}
	}
	return s.in.Baseline(register)
}

// try places line i; taken is the set of registers in use, moved the number of
// values that left their own.
func (s *swap) try(i int, taken uint, moved int) {
	if moved >= s.fewest {
		return
	}
	if i == len(s.lines) {
		if moved > 0 {
			s.best, s.fewest = slices.Clone(s.place), moved
		}
		return
	}
	for to, r := range s.in.Meter.Registers {
		b, own := &s.bases[to], r.Name == s.lines[i].Register.Name
		// A register that was never read takes anything, which is no evidence
		// that another one's value belongs there.
		if taken&(1<<to) != 0 || !b.normal(s.lines[i].Entry.Value) || (!b.Known && !own) {
			continue
		}
		s.place[i] = to
		away := 1
		if own {
			away = 0
		}
		s.try(i+1, taken|1<<to, moved+away)
	}
}
