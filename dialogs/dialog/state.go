package dialog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"okoshko/core/chat"
)

// stateVersion is raised when the shape of State itself changes.
const stateVersion = 1

// depth is how many forms may lie open on each other. Opening one more closes
// the lowest, whose answers become a draft.
const depth = 3

// State is all that a conversation remembers between turns. It is saved as
// JSON in one field of the store; short keys keep it small.
type State struct {
	Version  int    `json:"v"`
	Language string `json:"l,omitempty"`
	// Frames are the open forms; the last is the one at work.
	Frames []*Frame `json:"f,omitempty"`
	// Drafts are forms that timed out, by scenario; each lives for House.SetAsideAfter.
	Drafts map[string]*Draft  `json:"d,omitempty"`
	Timers map[string]Timeout `json:"t,omitempty"`
	// Offer holds the tokens of the last message's choices, for customers who
	// answer with a number.
	Offer []string `json:"o,omitempty"`
	// Labels are fingerprints of what the choices of Offer say, for customers who
	// answer with their words; 0: its words mean the choice at any time. None at
	// all: all are 0.
	Labels []uint32 `json:"w,omitempty"`
	// Misses counts the texts in a row that nothing understood outside a form.
	Misses int `json:"m,omitempty"`
	// Album collects the files of an album until it is complete.
	Album *Album `json:"a,omitempty"`
	// Kept is what scenarios remember beyond their forms: see Turn.Keep.
	Kept map[string]string `json:"k,omitempty"`
	// Noted is a question as it was asked: see Turn.Note. It lives as long as a draft.
	Noted *Noted `json:"n,omitempty"`
	// Latest is the scenario that was opened last, but for the ways to others.
	Latest string `json:"s,omitempty"`
	// Errand waits for another scenario: see Turn.Through.
	Errand *Errand `json:"e,omitempty"`
	// Desk is the latest hand-off to a person, nil before the first.
	Desk *Handoff `json:"h,omitempty"`
	// Toasted is the latest press that a toast has answered, until the next event
	// of the customer's.
	Toasted *Toasted `json:"i,omitempty"`
}

// Toasted is a press, by the ID of its event, and the toast that answered it.
type Toasted struct {
	Press string `json:"i"`
	Toast string `json:"t"`
}

// Frame is one open form.
type Frame struct {
	Scenario string `json:"s"`
	Version  int    `json:"v"`
	// Form is the revision of the commit that opened it: its name for ever.
	Form int64 `json:"r"`
	// Asked is the slot of the question at work, "" for the summary.
	Asked string `json:"q,omitempty"`
	// Turns counts the askings that were answered: their buttons are stale.
	Turns    int               `json:"n,omitempty"`
	Answers  Answers           `json:"a,omitempty"`
	Trail    []string          `json:"b,omitempty"` // slots in the order they were answered
	Said     map[string]string `json:"w,omitempty"` // slot → the channel's ID of the answer
	Changing bool              `json:"c,omitempty"` // Asked is being changed from the summary
	Listing  bool              `json:"k,omitempty"` // the summary asks which answer to change
	Misses   int               `json:"m,omitempty"`
	Page     int               `json:"p,omitempty"` // of the choices that are shown; 0: the first
	Reminded bool              `json:"e,omitempty"`
	Resumed  bool              `json:"u,omitempty"` // asked whether to go on with a draft
	// Submissions counts the commands that the form has named.
	Submissions int    `json:"k2,omitempty"`
	Doing       *Doing `json:"x,omitempty"`
}

// Doing is a command that a commit has promised and whose result has not come
// back yet.
type Doing struct {
	Effect string          `json:"e"`
	Action string          `json:"n"`
	Args   json.RawMessage `json:"a,omitempty"`
	At     time.Time       `json:"t"`
	// Told: the customer knows that it takes longer.
	Told bool `json:"d,omitempty"`
}

// Draft is a form that timed out, as it was: the buttons of its open question
// still take it up. One that an older version saved has no name (Form is 0), and
// is taken up by its scenario alone.
type Draft struct {
	Frame
	At time.Time `json:"t"`
	// Told: the customer knows that the form is kept.
	Told bool `json:"o,omitempty"`
}

// Timeout is a timer of the state.
type Timeout struct {
	At time.Time `json:"t"`
	// Revision of the commit that set it: part of the timer's event ID.
	Revision int64 `json:"r"`
}

// Noted are a customer's words, and when he wrote them.
type Noted struct {
	Text string    `json:"x"`
	At   time.Time `json:"t"`
}

// Album is a group of files that is still arriving.
type Album struct {
	ID      string      `json:"i"`
	Files   []chat.File `json:"f"`
	Text    string      `json:"t,omitempty"`
	Foreign string      `json:"g,omitempty"`
}

// Decode reads a saved state; nothing saved is the state of a newcomer. Of one
// saved by a newer build only the version is read: Step leaves it alone.
func Decode(saved []byte) (*State, error) {
	st := &State{Version: stateVersion}
	if len(saved) == 0 {
		return st, nil
	}
	if err := json.Unmarshal(saved, st); err != nil {
		var newer struct {
			Version int `json:"v"`
		}
		if json.Unmarshal(saved, &newer) == nil && newer.Version > stateVersion {
			return &State{Version: newer.Version}, nil
		}
		return nil, fmt.Errorf("decode state: %w", err)
	}
	if slices.Contains(st.Frames, nil) {
		return nil, errors.New("decode state: a form is null")
	}
	return st, nil
}

// Encode returns the state as it is saved.
func (s *State) Encode() ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	return b, nil
}

// Pending returns the commands whose results are awaited, oldest form first.
func (s *State) Pending() []*Doing {
	var out []*Doing
	for _, f := range s.Frames {
		if f.Doing != nil {
			out = append(out, f.Doing)
		}
	}
	return out
}

// NextTimer returns the name and the time of the earliest timer.
func (s *State) NextTimer() (name string, t Timeout, ok bool) {
	for n, c := range s.Timers {
		if !ok || c.At.Before(t.At) || c.At.Equal(t.At) && n < name {
			name, t, ok = n, c, true
		}
	}
	return name, t, ok
}

func (s *State) top() *Frame {
	if len(s.Frames) == 0 {
		return nil
	}
	return s.Frames[len(s.Frames)-1]
}

func (s *State) find(scenario string) int {
	return slices.IndexFunc(s.Frames, func(f *Frame) bool { return f.Scenario == scenario })
}

func (s *State) frameDoing(effect string) *Frame {
	for _, f := range s.Frames {
		if f.Doing != nil && f.Doing.Effect == effect {
			return f
		}
	}
	return nil
}

func (s *State) drop(f *Frame) {
	s.Frames = slices.DeleteFunc(s.Frames, func(o *Frame) bool { return o == f })
}
