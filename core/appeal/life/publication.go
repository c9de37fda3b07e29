package life

import (
	"slices"
	"time"

	"okoshko/core/fault"
	"okoshko/core/staff"
)

// Publication is how far a case's question and answer have come on their way to
// the public feed. It lives beside the state of the case.
type Publication struct {
	Stage Stage
	// By proposed it; somebody else approves it (spec §1.6, A6).
	By int64
	At time.Time
}

// Stage is a step of the publication.
type Stage string

// The stages.
const (
	Unpublished Stage = ""          // nobody has proposed it
	Proposed    Stage = "proposed"  // a short text was written
	Published   Stage = "published" // everybody can read it
	Refused     Stage = "refused"   // it may be proposed again
	Retracted   Stage = "retracted" // it was published; it may be proposed again
)

// Step is what is done about a publication.
type Step string

// The steps.
const (
	ProposeIt Step = "propose"
	ApproveIt Step = "approve"
	RefuseIt  Step = "refuse"
	RetractIt Step = "retract"
)

// ErrSameEyes says that who proposed a publication cannot approve it. It is of
// kind fault.Denied.
var ErrSameEyes error = &fault.Error{Kind: fault.Denied, Key: "case_same_eyes"}

// PublicationSteps lists the steps.
func PublicationSteps() []Step { return []Step{ProposeIt, ApproveIt, RefuseIt, RetractIt} }

var steps = map[Step]struct {
	from []Stage
	to   Stage
	by   []staff.Role
}{
	ProposeIt: {[]Stage{Unpublished, Refused, Retracted}, Proposed, []staff.Role{keeper, staff.ContentEditor}},
	ApproveIt: {[]Stage{Proposed}, Published, []staff.Role{staff.ContentEditor, staff.Supervisor}},
	RefuseIt:  {[]Stage{Proposed}, Refused, []staff.Role{staff.ContentEditor, staff.Supervisor}},
	RetractIt: {[]Stage{Published}, Retracted, []staff.Role{staff.ContentEditor, staff.Supervisor}},
}

// Publish takes a step of the publication. It returns the case afterwards and
// what must follow; the case given stays as it is. The errors are ErrState for a
// case without an answer, ErrClosed, ErrRole, ErrAbout and ErrSameEyes.
func Publish(c Case, s Step, by Actor, at time.Time) (Case, []Consequence, error) {
	step, ok := steps[s]
	if !ok {
		return Case{}, nil, ErrEvent
	}
	admits := Rule{By: step.by}
	role, _, err := admits.admits(&c, by)
	switch {
	case err != nil:
		return Case{}, nil, err
	case c.about(by):
		return Case{}, nil, ErrAbout
	case c.Answered.IsZero():
		return Case{}, nil, ErrState
	case !slices.Contains(step.from, c.Publication.Stage):
		return Case{}, nil, ErrClosed
	case s == ApproveIt && by.Staff == c.Publication.By:
		return Case{}, nil, ErrSameEyes
	}
	author := c.Publication.By
	if s == ProposeIt {
		author = by.Staff
	}
	c.Publication = Publication{Stage: step.to, By: author, At: at}
	entry := Entry{At: at, Staff: by.Staff, Role: role, From: c.State, To: c.State, Publication: s}
	c.History = append(slices.Clip(c.History), entry)
	if s == ProposeIt {
		return c, []Consequence{Task{What: ToPublish, Role: staff.ContentEditor}}, nil
	}
	return c, nil, nil
}
