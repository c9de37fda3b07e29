package postgres

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

// saving is a case on its way into the database, with all that follows from what
// has happened to it.
type saving struct {
	d      *DB
	tx     pgx.Tx
	last   *pgx.Batch // what is carried out with the commit
	books  *registry.Books
	row    *caseRow
	effect dialog.Effect
	how    manner
	fresh  bool // it is not there yet
	act    audit.Act
	was    string // its territory before
}

// manner says whether anybody is told, and whether it is an act of today.
type manner bool

const (
	aloud  manner = true
	silent manner = false // what happened elsewhere, long ago (see Past), or is forgotten
)

// all saves the case, its newest line, and what follows. The audit comes last:
// others wait for the end of its chain until the commit.
func (s *saving) all(ctx context.Context, files []chat.File, staff int64, out []life.Consequence, a audit.Entry) error {
	if err := s.save(); err != nil {
		return err
	}
	entry := s.row.History[len(s.row.History)-1]
	if err := s.line(entry); err != nil {
		return err
	}
	if err := s.attach(ctx, files, entry, staff); err != nil {
		return err
	}
	if err := s.settle(entry); err != nil {
		return err
	}
	if err := s.follow(ctx, entry, out); err != nil {
		return err
	}
	if err := s.carry(ctx, entry); err != nil {
		return err
	}
	if entry.To == life.Closed && s.row.Price > 0 {
		if err := s.d.mindMoney(ctx, s.tx, s.row, entry.At); err != nil {
			return err
		}
	}
	if staff != 0 && s.how == aloud {
		a.Staff, a.Act, a.Subject = staff, cmp.Or(s.act, audit.CaseStep), s.row.Number.String()
		a.Before = map[string]string{"state": string(entry.From)}
		a.After = map[string]string{"state": string(entry.To), "event": what(entry)}
		told(&a, &entry.Do)
		if entry.Do.Event == life.Locate {
			a.Before["territory"], a.After["territory"] = s.was, s.row.Territory
		}
		s.d.queueAudit(s.last, a)
	}
	return nil
}

// what names the event of a line, or the step of a publication.
func what(e life.Entry) string {
	if e.Publication != "" {
		return string(e.Publication)
	}
	return string(e.Do.Event)
}

// save queues the row of the case.
func (s *saving) save() error {
	c, d, number := s.row, s.d, s.row.Number.String()
	kept := c.Case
	kept.History = nil
	var secret []byte
	open, hidden := s.books.Forms.Part(c.Answers)
	kept.Answers = open
	body, key, err := d.sealCase(kept, caseLabel(number))
	if err == nil && hidden != nil {
		secret, key, err = d.sealCase(hidden, secretLabel(number))
	}
	if err != nil {
		return err
	}
	promise := c.Clocks[term.Answer]
	about := c.About
	if about == nil {
		about = []int64{}
	}
	if s.fresh {
		s.last.Queue(addCase, c.id, number, len(c.History), string(c.Kind), c.Category, string(c.Audience), c.Territory, string(c.origin),
			c.Channel, c.lang, string(c.conversation), c.account.Full(), string(c.State), c.Queue, c.Keeper, c.Assignee, about,
			c.Registered, promise.From, promise.At, optional(c.Next()), c.Moved(), optional(c.Answered), optional(c.Closed), string(c.Resolution),
			c.Extended, c.Reopened, c.Rating, string(c.Publication.Stage), body, secret, key)
		return nil
	}
	s.last.Queue(saveCase, c.id, len(c.History), string(c.Kind), c.Category, c.Territory, string(c.origin), string(c.State), c.Queue,
		c.Keeper, c.Assignee, about, promise.From, promise.At, optional(c.Next()), c.Moved(), optional(c.Answered), optional(c.Closed),
		string(c.Resolution), c.Extended, c.Reopened, c.Rating, string(c.Publication.Stage), body, secret, key, string(c.Audience))
	return nil
}

// line queues the newest line of the history.
func (s *saving) line(e life.Entry) error {
	n := len(s.row.History)
	label := lineLabel(s.row.Number.String(), n)
	open, hidden := s.books.Forms.Part(e.Do.Answers)
	do := e.Do
	do.Answers = open
	body, key, err := s.d.sealCase(do, caseLabel(label))
	var secret []byte
	if err == nil && hidden != nil {
		secret, key, err = s.d.sealCase(hidden, secretLabel(label))
	}
	if err != nil {
		return err
	}
	s.last.Queue(addHistory, s.row.id, n, e.At, e.Staff, string(e.Role), string(e.From), string(e.To), string(e.Do.Event),
		string(e.Publication), body, secret, key)
	return nil
}

func lineLabel(number string, n int) string { return fmt.Sprintf("%s#%d", number, n) }
