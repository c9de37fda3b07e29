package life

import (
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/staff"
)

// SeenBy reports whether somebody may open a case: who answers for its kind, who
// works on it or in its queue, and the supervisor. Nobody sees one that is about
// him (spec §1.6, A8).
func (c *Case) SeenBy(a Actor) bool {
	if c.about(a) {
		return false
	}
	return a.Keeps(c.Kind) || a.WorksIn(c.Queue) || c.Assignee == a.Staff && a.has(staff.DirectionSpecialist)
}

// KeptBy reports whether somebody does the work of who keeps a case: he who does,
// anyone who may while nobody does, and the supervisor.
func (c *Case) KeptBy(a Actor) bool {
	_, _, err := (&Rule{By: by{keeper}}).admits(c, a)
	return err == nil && !c.about(a)
}

// PublicationSeenBy reports whether somebody may read what is to be published of a
// case, or was: who may open it, and, once it was proposed, who decides about
// publications (spec §1.6, A6).
func (c *Case) PublicationSeenBy(a Actor) bool {
	return c.SeenBy(a) || !c.about(a) && c.Publication.Stage != Unpublished && a.Decides()
}

// Keeps reports whether somebody answers for cases of a kind.
func (a Actor) Keeps(k appeal.Kind) bool { return a.has(staff.Supervisor) || a.has(KeeperOf(k)) }

// Decides reports whether somebody decides about publications of others.
func (a Actor) Decides() bool { return slices.ContainsFunc(steps[ApproveIt].by, a.has) }
