package dialog

import (
	"slices"

	"okoshko/core/fault"
)

// upgrade brings what older versions saved to the current ones. What a newer
// version saved is left to a replica that knows it.
func (t *Turn) upgrade() error {
	if t.state.Version > stateVersion {
		return fault.New(fault.Unavailable, "state of a newer version")
	}
	for name, d := range t.state.Drafts {
		s := t.book.scenarios[name]
		if s == nil || s.Form == nil {
			delete(t.state.Drafts, name)
			continue
		}
		if d.Answers == nil {
			d.Answers = Answers{}
		}
		if err := s.upgrade(&d.Version, d.Answers, &d.Trail); err != nil {
			return err
		}
	}
	for _, f := range slices.Clone(t.state.Frames) {
		if err := t.upgradeFrame(f); err != nil {
			return err
		}
	}
	return nil
}

func (t *Turn) upgradeFrame(f *Frame) error {
	s := t.book.scenarios[f.Scenario]
	if s == nil || s.Form == nil {
		t.state.drop(f)
		t.renewed = true
		if f.Doing != nil { // nobody can tell any more what became of it
			t.house("apology")
		} else {
			t.house("gone")
		}
		return nil
	}
	if f.Answers == nil {
		f.Answers = Answers{}
	}
	if err := s.upgrade(&f.Version, f.Answers, &f.Trail); err != nil {
		return err
	}
	if f.Asked == "" {
		return nil
	}
	if t.enter(f); t.question(f.Asked) == nil {
		t.replace(f)
	}
	return nil
}

// upgrade carries answers from the version that saved them to the current one.
func (s *Scenario) upgrade(version *int, answers Answers, trail *[]string) error {
	if *version > s.Version {
		return fault.New(fault.Unavailable, "state of a newer version of "+s.Name)
	}
	if *version == s.Version {
		return nil
	}
	for ; *version < s.Version; *version++ {
		if up := s.Upgrade[*version]; up != nil {
			up(answers)
		}
	}
	*trail = slices.DeleteFunc(*trail, func(slot string) bool {
		return s.Form.More == nil && s.Form.question(slot) == nil || !answers.Has(slot)
	})
	for _, q := range s.Form.Questions { // an upgrade may have filled or renamed slots
		if answers.Has(q.Slot) && !slices.Contains(*trail, q.Slot) {
			*trail = append(*trail, q.Slot)
		}
	}
	return nil
}

// replace finds another question for a form whose own no longer exists, and
// says so once.
func (t *Turn) replace(f *Frame) {
	f.turn()
	f.Changing, f.Listing = false, false
	t.enter(f)
	f.Asked = t.next(f)
	t.renewed, t.moved = true, f
	t.house("changed")
}
