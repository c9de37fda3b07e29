package casework

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words"
)

// Register is the register of cases.
type Register interface {
	registry.Tables
	registry.Bureau
	registry.Letters
	registry.Loads
}

// Staff is who works here.
type Staff interface {
	ListStaff(ctx context.Context) ([]staff.Account, error)
	Territories(ctx context.Context) ([]staff.Territory, error)
	Audit(ctx context.Context, e audit.Entry) error
	// ListAudit lists lines of the audit, the newest first.
	ListAudit(ctx context.Context, f audit.Filter) ([]audit.Entry, error)
	// Present tells who of the staff is at work now.
	Present(ctx context.Context) (map[int64]bool, error)
}

// Library is what answers can point to.
type Library interface {
	// Articles finds published questions by words, the best first, ten at most.
	Articles(ctx context.Context, text, lang string) ([]Article, error)
	// Article returns a published question, as it is pointed out to a reader of a
	// language; false if nobody can read it today.
	Article(slug knowledge.Slug, lang words.Lang) (Article, bool)
	// Organisations lists who else can help (R-5.1.2-w).
	Organisations(ctx context.Context) ([]knowledge.Link, error)
	// Service returns how the price list of a day calls a service, by language;
	// false if it has none of that code.
	Service(code string, on calendar.Date) (map[string]string, bool)
}

// Article is a published question.
type Article struct {
	Slug    knowledge.Slug `json:"slug"`
	Title   string         `json:"title"`
	Address string         `json:"address"` // where everybody can read it
}

// Files is where the files of cases lie.
type Files interface {
	// Open opens a file of our store. The error is of kind NotFound if it is gone.
	Open(ctx context.Context, id string) (chat.File, io.ReadCloser, error)
	// Enclose keeps a file that is to go with an answer to a case. The error is
	// Invalid with a key (file_kind, file_size, file_empty) for one that is not taken.
	Enclose(ctx context.Context, r *registry.Record, name string, content io.Reader) (chat.File, error)
	// Enclosure says what a file is that was kept for an answer to the case. The
	// error is registry.ErrFile for any other.
	Enclosure(ctx context.Context, n appeal.Number, id string) (chat.File, error)
}

// Letters makes the paper of an answer.
type Letters interface {
	// Render returns the letter as a PDF: with its number if the answer has one.
	Render(ctx context.Context, n appeal.Number, reply string, text privacy.Text) ([]byte, error)
}

// Payments are those of services that cases order.
type Payments interface {
	// PaymentsOfCase returns the payments of a case, the oldest first.
	PaymentsOfCase(ctx context.Context, n appeal.Number) ([]payment.Payment, error)
}

// Config is what the part stands on.
type Config struct {
	Register Register
	Staff    Staff
	Library  Library
	Files    Files
	Payments Payments
	// Refund gives a payment back, once however often it is asked for; nil: nobody
	// takes payments. The errors are those of payment.Provider.
	Refund func(ctx context.Context, n payment.Number) error
	// Letters shows how an answer will look on paper; nil: nobody prints.
	Letters Letters
	// Publish tells the pages of colleagues that something has changed.
	Publish func(ctx context.Context, h turn.Hint) error
	// Open reports whether it is a time at which staff are expected to be there.
	Open func(at time.Time) bool
	// StalledDays is after how many days without a step a case is stalled.
	StalledDays int
	Zone        *time.Location
	Address     func(c *fiber.Ctx) string
	Now         func() time.Time
	Log         *slog.Logger
}
