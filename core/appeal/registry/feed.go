package registry

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/knowledge"
)

// Excerpt is what of a case everybody can read: a short question and a short
// answer, written apart from the letter and without personal data (R-5.2.10-c,
// -d, -e).
type Excerpt struct {
	// Section is a category of articles, Audience whom it concerns.
	Section  string
	Audience knowledge.Audience
	// Lang is the language of both texts.
	Lang     string
	Question string
	Answer   string
}

// Publication is a case's excerpt on its way to the feed.
type Publication struct {
	Number appeal.Number
	Kind   appeal.Kind
	Excerpt
	Stage life.Stage
	// By proposed it, Decided is who approved, refused or retracted it last; 0:
	// nobody yet.
	By, Decided int64
	// At is when the stage was reached, Published when it came into the feed first.
	At, Published time.Time
	// Reason is why it was refused or retracted.
	Reason string
	// Queue and Assignee have the case; About are those whom it is about, nil: nobody.
	Queue    string
	Assignee int64
	About    []int64
}

// SeenBy reports whether somebody may read it: as its case says.
func (p *Publication) SeenBy(a life.Actor) bool {
	c := life.Case{Kind: p.Kind, Queue: p.Queue, Assignee: p.Assignee, About: p.About, Publication: life.Publication{Stage: p.Stage}}
	return c.PublicationSeenBy(a)
}

// PublicationAct is a step of a publication.
type PublicationAct struct {
	Number   appeal.Number
	Revision int // as in Act
	Step     life.Step
	// Excerpt is that of life.ProposeIt.
	Excerpt Excerpt
	// Reason of life.RefuseIt and RetractIt.
	Reason string
	By     life.Actor
	Audit  audit.Entry // as in Act
}
