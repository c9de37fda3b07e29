package console

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
)

// pageOfBook is how many lines of the audit are shown at a time.
const pageOfBook = 50

// line makes one line of what was typed.
func line(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
}

// book shows who saw and changed what. Whoever reads in it stands there, too;
// turning a page is no new look.
func (s *Console) book(c *fiber.Ctx) error {
	var in struct {
		Staff, Below int64
		Act, About   string
		From, To     string
	}
	if err := c.QueryParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	f := audit.Filter{Staff: in.Staff, Act: audit.Act(line(in.Act)), About: line(in.About), Below: in.Below, Limit: pageOfBook + 1}
	for text, at := range map[string]*time.Time{in.From: &f.From, in.To: &f.To} {
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return refuse(c, fiber.StatusBadRequest, "invalid")
		}
		*at = t
	}
	if in.Below == 0 {
		if err := s.noteDown(c, audit.Entry{Act: audit.AuditRead, Subject: f.About}); err != nil {
			return s.fail(c, err)
		}
	}
	list, err := s.Staff.ListAudit(c.UserContext(), f)
	if err != nil {
		return s.fail(c, err)
	}
	more := len(list) > pageOfBook
	list = list[:min(len(list), pageOfBook)]
	lines := make([]fiber.Map, len(list))
	for i, e := range list {
		lines[i] = fiber.Map{
			"number": e.Number, "at": e.At.UTC(), "staff": e.Staff, "name": e.Name, "act": e.Act, "conversation": e.Conversation,
			"subject": e.Subject, "before": e.Before, "after": e.After, "reason": e.Reason, "address": e.Address,
		}
	}
	return c.JSON(fiber.Map{"lines": lines, "more": more, "acts": audit.Acts()})
}
