package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

var _ interface {
	registry.Tables
	registry.Counter
	registry.Bureau
	registry.Watch
	registry.Letters
	registry.Press
	registry.Figures
} = (*DB)(nil)

// CaseBooks implements registry.Tables.
func (d *DB) CaseBooks(ctx context.Context) (registry.Books, error) {
	version, _, err := one(ctx, d.pool, pgx.RowTo[int64], findContentVersion)
	if err != nil {
		return registry.Books{}, wrap("find version", err)
	}
	b, err := d.caseBooks(ctx, d.pool, version)
	if err != nil {
		return registry.Books{}, wrap("read tables of cases", err)
	}
	return *b, nil
}

// caseBooks returns the tables of cases as of a version of the content; what is
// said at officesOf holds here, too.
func (d *DB) caseBooks(ctx context.Context, q querier, version int64) (*registry.Books, error) {
	if read := d.books.Load(); read != nil && read.Version == version {
		return read, nil
	}
	b := &registry.Books{Version: version}
	forms, err := readTables(ctx, q, appeal.Schema())
	if err != nil {
		return nil, err
	}
	if !published(forms) {
		return nil, registry.ErrNoBooks
	}
	terms, err := readTables(ctx, q, term.Schema())
	if err != nil {
		return nil, err
	}
	routes, err := readTables(ctx, q, route.Schema())
	if err != nil {
		return nil, err
	}
	years, err := readYears(ctx, q)
	if err != nil {
		return nil, err
	}
	if b.Forms, err = appeal.New(forms); err != nil {
		return nil, err
	}
	if b.Terms, err = term.New(terms); err != nil {
		return nil, err
	}
	if b.Routes, err = route.New(routes); err != nil {
		return nil, err
	}
	b.Machine = &life.Machine{
		Forms: b.Forms, Routes: b.Routes, Terms: b.Terms, Counter: term.Counter{Days: calendar.NewProduction(years...), Zone: d.zone},
	}
	d.books.Store(b)
	return b, nil
}

// caseRow is a case as it stands in the database: whole, but for its history, of
// which only the number of lines and the moment of the last are known.
type caseRow struct {
	id           int64
	origin       route.Origin
	lang         string
	conversation chat.Conversation
	account      billing.AccountNumber
	life.Case
}

const caseFields = `c.id, c.origin, c.language, coalesce(c.conversation, ''), coalesce(a.number, ''), c.revision, c.moved_at,
    c.body, c.secret, c.key, c.number FROM cases c LEFT JOIN accounts a ON a.id = c.account`

func caseLabel(number string) string { return "case/" + number }

func secretLabel(number string) string { return "case-secret/" + number }

// sealCase seals what has a name of its own; key is "" if nothing is sealed.
func (d *DB) sealCase(v any, label string) (body []byte, key string, err error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, "", errors.New("a case cannot be written") // the cause may quote it
	}
	return d.sealUnder(plain, label)
}

func (d *DB) sealUnder(plain []byte, label string) (body []byte, key string, err error) {
	body, sealed, err := d.seal(plain, label)
	if err != nil {
		return nil, "", fmt.Errorf("seal: %w", err)
	}
	if sealed {
		key = d.sealer.Current()
	}
	return body, key, nil
}

// unsealCase reads what sealCase has sealed; nil is nothing.
func (d *DB) unsealCase(body []byte, key, label string, v any) error {
	if body == nil {
		return nil
	}
	plain, err := d.unseal(body, key != "", label)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	if json.Unmarshal(plain, v) != nil {
		return errors.New("a case that was stored cannot be read")
	}
	return nil
}

func (d *DB) scanCase(row pgx.CollectableRow) (c caseRow, err error) {
	var body, secret []byte
	var key, number string
	var revision int
	var moved time.Time
	err = row.Scan(&c.id, (*string)(&c.origin), &c.lang, (*string)(&c.conversation), (*string)(&c.account), &revision, &moved,
		&body, &secret, &key, &number)
	if err != nil {
		return c, err
	}
	if err := d.unsealCase(body, key, caseLabel(number), &c.Case); err != nil {
		return c, err
	}
	var hidden appeal.Answers
	if err := d.unsealCase(secret, key, secretLabel(number), &hidden); err != nil {
		return c, err
	}
	if len(hidden) > 0 && c.Answers == nil {
		c.Answers = appeal.Answers{}
	}
	for name, values := range hidden {
		c.Answers[name] = values
	}
	c.History = make([]life.Entry, revision)
	c.History[revision-1].At = moved.UTC()
	return c, nil
}

// flaws refuses answers that cannot stay.
func flaws(c *appeal.Category, a appeal.Answers, m *life.Machine, at time.Time) error {
	list := c.Flaws(a, dayOf(m, at))
	if len(list) == 0 {
		return nil
	}
	e := &registry.FlawsError{Fields: map[string]string{}}
	for _, f := range list {
		e.Fields[string(f.Field)] = f.Key
	}
	return e
}

// ownCase is what makes a case a customer's own: $1 is his conversation, $2 the
// instant since which a link must have been used.
const ownCase = `(c.conversation = $1 OR c.account IN (SELECT account FROM links WHERE conversation = $1 AND used_at > $2))`

// missing turns no row into ErrNoCase.
func missing(found bool, err error) error {
	if err == nil && !found {
		return registry.ErrNoCase
	}
	return err
}

var errInternal = fault.New(fault.Internal, "a case is not as it was read")
