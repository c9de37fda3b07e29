// Package journal is the part of the console in which the audit is read: who of the
// staff saw and changed what. A line keeps codes and numbers, since words change
// while it stays; here they become what people call the things.
package journal

import (
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
	"okoshko/core/visit"
)

// Store is where the audit lies, and what its lines name.
type Store interface {
	registry.Tables
	Audit(ctx context.Context, e audit.Entry) error
	ListAudit(ctx context.Context, f audit.Filter) ([]audit.Entry, error)
	ListStaff(ctx context.Context) ([]staff.Account, error)
	Teams(ctx context.Context) ([]staff.Team, error)
	Territories(ctx context.Context) ([]staff.Territory, error)
	OfficesNow(ctx context.Context) (*visit.Directory, error)
}

// Config is what the part stands on.
type Config struct {
	Store Store
	// Organisations lists who else can help: addressees of cases that are not ours.
	Organisations func(ctx context.Context) ([]knowledge.Link, error)
	Address       func(c *fiber.Ctx) string
	Zone          *time.Location // the company's
	Now           func() time.Time
	Log           *slog.Logger
}

// Part is the part.
type Part struct{ Config }

// New returns the part.
func New(c Config) *Part { return &Part{c} }

// Doors lists its addresses, for the console.
func (p *Part) Doors() []console.Door {
	return []console.Door{console.NewDoor("GET", "/audit", staff.SeeAudit, p.list)}
}

// pageSize is how many lines are shown at a time.
const pageSize = 50

// line is one of the audit as the page sees it.
type line struct {
	Number       int64     `json:"number"`
	At           time.Time `json:"at"`
	Staff        int64     `json:"staff"`
	Name         string    `json:"name"`
	Act          audit.Act `json:"act"`
	Conversation string    `json:"conversation"`
	Subject      string    `json:"subject"`
	// About names the parts of a subject such as "category/В-1"; its first is a word
	// of the page.
	About   []text   `json:"about"`
	Changes []change `json:"changes"`
	Reason  string   `json:"reason"`
	Address string   `json:"address"`
}

// list shows who saw and changed what. Whoever reads in it stands there, too;
// turning a page is no new look.
func (p *Part) list(c *fiber.Ctx) error {
	var in struct {
		Staff, Below int64
		Act, About   string
		From, To     string
	}
	if err := c.QueryParser(&in); err != nil {
		return p.fail(c, console.ErrInvalid)
	}
	f := audit.Filter{Staff: in.Staff, Act: audit.Act(console.Line(in.Act)), About: console.Line(in.About), Below: in.Below, Limit: pageSize + 1}
	for text, at := range map[string]*time.Time{in.From: &f.From, in.To: &f.To} {
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return p.fail(c, console.ErrInvalid)
		}
		*at = t
	}
	ctx := c.UserContext()
	if in.Below == 0 {
		look := audit.Entry{Staff: console.Caller(c).ID, Act: audit.AuditRead, Subject: f.About, Address: p.Address(c)}
		if err := p.Store.Audit(ctx, look); err != nil {
			return p.fail(c, err)
		}
	}
	found, err := p.Store.ListAudit(ctx, f)
	if err != nil {
		return p.fail(c, err)
	}
	names, err := p.glossary(ctx)
	if err != nil {
		return p.fail(c, err)
	}
	more := len(found) > pageSize
	lines := make([]line, 0, pageSize)
	for _, e := range found[:min(len(found), pageSize)] {
		lines = append(lines, line{
			Number: e.Number, At: e.At.UTC(), Staff: e.Staff, Name: e.Name, Act: e.Act, Conversation: e.Conversation, Subject: e.Subject,
			About: names.about(&e), Changes: names.changes(&e), Reason: e.Reason, Address: e.Address,
		})
	}
	return c.JSON(fiber.Map{"lines": lines, "more": more, "acts": audit.Acts()})
}

func (p *Part) fail(c *fiber.Ctx, err error) error { return console.Fail(c, p.Log, err, nil) }
