package press

import (
	"context"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/fault"
)

// ErrOpen says that something in the excerpt still tells of a person. It is of kind
// fault.Conflict.
var ErrOpen error = &fault.Error{Kind: fault.Conflict, Key: "excerpt_open"}

// Register is what the desk needs of the register of cases.
type Register interface {
	registry.Tables
	registry.Press
	FindCase(ctx context.Context, n appeal.Number) (registry.Record, error)
}

// Desk is the one way to the feed: nothing goes past its censor.
type Desk struct {
	cases  Register
	censor *Censor
}

// NewDesk returns the desk of a register.
func NewDesk(r Register, c *Censor) *Desk { return &Desk{r, c} }

// Look finds what in an excerpt of a case tells of a person; see Censor.Look. Who
// wrote it is known by the case and by the accounts of its customer (spec §3.5). The
// error is registry.ErrNoCase.
func (d *Desk) Look(ctx context.Context, n appeal.Number, x registry.Excerpt, dismissed []Dismissal, second bool) ([]Finding, error) {
	r, err := d.cases.FindCase(ctx, n)
	if err != nil {
		return nil, err
	}
	books, err := d.cases.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	known, err := d.cases.CaseAuthor(ctx, n)
	if err != nil {
		return nil, err
	}
	return d.censor.Look(x, known.With(Author(books.Forms, r.Answers)), dismissed, second), nil
}

// Take takes a step. To propose and to approve is refused with ErrOpen, and with
// what was found, as long as a finding stands that nobody who may has let stand; why
// it was let stand is written down with the step. The other errors are those of
// Check and of registry.Press.
func (d *Desk) Take(ctx context.Context, e registry.Effect, a registry.PublicationAct, dismissed []Dismissal) (registry.Publication, []Finding, error) {
	r, err := d.cases.FindCase(ctx, a.Number)
	if err != nil {
		return registry.Publication{}, nil, err
	}
	if _, _, err := life.Publish(r.Case, a.Step, a.By, e.At); err != nil && a.Revision == r.Revision {
		return registry.Publication{}, nil, err // whatever is written
	}
	x, second := a.Excerpt, false
	switch a.Step {
	case life.ProposeIt:
		if err := Check(x); err != nil {
			return registry.Publication{}, nil, err
		}
	case life.ApproveIt:
		p, found, err := d.cases.FindPublication(ctx, a.Number)
		if err != nil {
			return p, nil, err
		}
		if !found {
			return p, nil, life.ErrClosed
		}
		x, second = p.Excerpt, p.By != a.By.Staff
	default:
		p, err := d.cases.PublishCase(ctx, e, a)
		return p, nil, err
	}
	found, err := d.Look(ctx, a.Number, x, dismissed, second)
	if err != nil {
		return registry.Publication{}, nil, err
	}
	if Unresolved(found) {
		return registry.Publication{}, found, ErrOpen
	}
	a.Reason = reasons(a.Reason, found, dismissed)
	p, err := d.cases.PublishCase(ctx, e, a)
	return p, found, err
}

// reasons adds to a reason why each finding was let stand.
func reasons(reason string, found []Finding, dismissed []Dismissal) string {
	list := []string{}
	if reason = strings.TrimSpace(reason); reason != "" {
		list = append(list, reason)
	}
	told := map[Dismissal]bool{}
	for _, f := range found {
		for _, d := range dismissed {
			if d.Kind == f.Kind && d.Words == f.Words && !told[d] {
				told[d] = true
				list = append(list, "«"+d.Words+"»: "+strings.TrimSpace(d.Reason))
			}
		}
	}
	return strings.Join(list, "; ")
}
