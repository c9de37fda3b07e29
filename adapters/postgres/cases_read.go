package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

const (
	findCase    = `SELECT ` + caseFields + ` WHERE c.number = $1`
	findOwnCase = `SELECT ` + caseFields + ` WHERE ` + ownCase + ` AND c.number = $3`

	listHistory = `
SELECT n, at, coalesce(staff, 0), role, from_state, to_state, publication, event, body, secret, key
FROM case_history WHERE case_id = $1 AND n > $2 ORDER BY n`
	listCaseFiles = `
SELECT coalesce(file, ''), foreign_id, name, failure, n, at, coalesce(staff, 0) FROM case_files WHERE case_id = $1 ORDER BY id`

	lineFields = `c.number, c.revision, c.kind, c.category, c.audience, c.territory, c.channel, c.state, c.queue, coalesce(c.keeper, 0),
    coalesce(c.assignee, 0), c.registered_at, c.due_at, c.next_at, c.extended, c.reopened, c.moved_at, c.answered_at, c.closed_at,
    c.resolution, c.rating, c.publication, c.id FROM cases c`

	// Each side has an index of its own, which an OR would not use.
	listOwnCases = `SELECT ` + lineFields + ` WHERE c.id IN (
        SELECT id FROM cases WHERE conversation = $1
        UNION SELECT o.id FROM links l JOIN cases o ON o.account = l.account WHERE l.conversation = $1 AND l.used_at > $2)
    AND ($3::timestamptz IS NULL OR (c.registered_at, c.id) < ($3, $4)) ORDER BY c.registered_at DESC, c.id DESC LIMIT $5`

	// Each side has an index of its own. A term is over at the first moment that is too
	// late, which is the end of its last day: one that ends with a span is of that span.
	countedFields = `kind, category, territory, queue, since, answered_at, due_at, extended, rating FROM cases`
	countedCases  = `SELECT ` + countedFields + ` WHERE answered_at >= $1 AND answered_at < $2
    UNION ALL SELECT ` + countedFields + ` WHERE (state NOT IN ('answered', 'closed') OR answered_at >= due_at)
        AND due_at > $1 AND due_at <= least($2::timestamptz, $3::timestamptz)
        AND (answered_at IS NULL OR answered_at < $1 OR answered_at >= $2)`
)

// history reads the lines of a case after one of its revisions, with hidden secret
// answers.
func (d *DB) history(ctx context.Context, q querier, id int64, number string, after int) ([]life.Entry, error) {
	return many(ctx, q, func(row pgx.CollectableRow) (e life.Entry, err error) {
		var n int
		var event, key string
		var body, secret []byte
		err = row.Scan(&n, &e.At, &e.Staff, (*string)(&e.Role), (*string)(&e.From), (*string)(&e.To), (*string)(&e.Publication),
			&event, &body, &secret, &key)
		if err != nil {
			return e, err
		}
		e.At = e.At.UTC()
		if err := d.unsealCase(body, key, caseLabel(lineLabel(number, n)), &e.Do); err != nil {
			return e, err
		}
		e.Do.Event = life.Event(event)
		return e, nil
	}, listHistory, id, after)
}

// record is a case with all that belongs to it.
func (d *DB) record(ctx context.Context, q querier, c caseRow) (r registry.Record, err error) {
	version, _, err := one(ctx, q, pgx.RowTo[int64], findContentVersion)
	if err != nil {
		return r, err
	}
	books, err := d.caseBooks(ctx, q, version)
	if err != nil {
		return r, err
	}
	r = registry.Record{
		Case: c.Case, Revision: len(c.History), Conversation: c.conversation, Account: c.account, Origin: c.origin, Lang: c.lang,
	}
	open, hidden := books.Forms.Part(c.Answers)
	r.Answers = open
	for name := range hidden {
		r.Secret = append(r.Secret, name)
	}
	slices.Sort(r.Secret)
	if r.History, err = d.history(ctx, q, c.id, c.Number.String(), 0); err != nil {
		return r, err
	}
	r.Files, err = many(ctx, q, func(row pgx.CollectableRow) (f registry.File, err error) {
		err = row.Scan(&f.ID, &f.Came, &f.Name, &f.Failed, &f.Revision, &f.At, &f.Staff)
		f.At = f.At.UTC()
		return f, err
	}, listCaseFiles, c.id)
	return r, err
}

// readRecord reads a case as it stands at one moment.
func (d *DB) readRecord(ctx context.Context, sql string, args ...any) (r registry.Record, found bool, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		var c caseRow
		if c, found, err = one(ctx, tx, d.scanCase, sql, args...); err != nil || !found {
			return err
		}
		r, err = d.record(ctx, tx, c)
		return err
	})
	return r, found, wrap("find case", err)
}

// FindCase implements registry.Bureau.
func (d *DB) FindCase(ctx context.Context, n appeal.Number) (registry.Record, error) {
	r, found, err := d.readRecord(ctx, findCase, n.String())
	return r, missing(found, err)
}

// CustomerCase implements registry.Counter.
func (d *DB) CustomerCase(ctx context.Context, c chat.Conversation, n appeal.Number) (registry.Record, bool, error) {
	return d.readRecord(ctx, findOwnCase, string(c), people.UsedSince(d.now()), n.String())
}

// CustomerCases implements registry.Counter.
func (d *DB) CustomerCases(ctx context.Context, c chat.Conversation, after string, limit int) (registry.Page, error) {
	at, id, err := readCursor(after)
	if err != nil {
		return registry.Page{}, err
	}
	limit = pageOf(limit)
	list, err := many(ctx, d.pool, scanLine, listOwnCases, string(c), people.UsedSince(d.now()), at, id, limit+1)
	return pageFrom(list, limit, func(l listed) time.Time { return l.Registered }), wrap("list cases of customer", err)
}

// RevealCase implements registry.Bureau.
func (d *DB) RevealCase(ctx context.Context, by audit.Entry, n appeal.Number, f appeal.Name) (values []privacy.Text, err error) {
	if strings.TrimSpace(by.Reason) == "" {
		return nil, registry.ErrReason
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		c, found, err := one(ctx, tx, d.scanCase, findCase, n.String())
		if err := missing(found, err); err != nil {
			return err
		}
		if slices.Contains(c.About, by.Staff) {
			return life.ErrAbout
		}
		values = c.Answers[f]
		by.Act, by.Subject, by.After = audit.CaseReveal, n.String(), map[string]string{"field": string(f)}
		return d.audit(ctx, tx, by)
	})
	return values, wrap("reveal answer", err)
}

// listed is a line with what pages are cut by.
type listed struct {
	registry.Line
	id int64
}

func scanLine(row pgx.CollectableRow) (l listed, err error) {
	var number string
	var next, answered, closed *time.Time
	err = row.Scan(&number, &l.Revision, (*string)(&l.Kind), &l.Category, (*string)(&l.Audience), &l.Territory, &l.Channel,
		(*string)(&l.State), &l.Queue, &l.Keeper, &l.Assignee, &l.Registered, &l.Due, &next, &l.Extended, &l.Reopened, &l.Moved,
		&answered, &closed, (*string)(&l.Resolution), &l.Rating, (*string)(&l.Publication), &l.id)
	if err != nil {
		return l, err
	}
	l.Registered, l.Due, l.Moved = l.Registered.UTC(), l.Due.UTC(), l.Moved.UTC()
	l.Next, l.Answered, l.Closed = instant(next), instant(answered), instant(closed)
	return l, l.Number.UnmarshalText([]byte(number))
}

// instant turns NULL into the zero time.
func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func pageOf(limit int) int {
	if limit <= 0 {
		return registry.PageSize
	}
	return min(limit, registry.MostPage)
}

// pageFrom makes a page of a list that has one line more if there is a next page.
func pageFrom(list []listed, limit int, key func(listed) time.Time) (p registry.Page) {
	for i, l := range list {
		if i == limit {
			last := list[limit-1]
			p.Next = fmt.Sprintf("%d.%d", key(last).UnixMicro(), last.id)
			break
		}
		p.Lines = append(p.Lines, l.Line)
	}
	return p
}

// readCursor reads the Next of a page; nil for the first one.
func readCursor(s string) (at *time.Time, id int64, err error) {
	if s == "" {
		return nil, 0, nil
	}
	first, second, _ := strings.Cut(s, ".")
	micro, err1 := strconv.ParseInt(first, 10, 64)
	id, err2 := strconv.ParseInt(second, 10, 64)
	if err1 != nil || err2 != nil || micro > 1<<57 || micro < 0 {
		return nil, 0, fault.New(fault.Invalid, "not the Next of a page")
	}
	t := time.UnixMicro(micro).UTC()
	return &t, id, nil
}

// CountedCases implements registry.Figures.
func (d *DB) CountedCases(ctx context.Context, s indicator.Span, now time.Time) ([]indicator.Case, error) {
	list, err := many(ctx, d.pool, scanCounted, countedCases, s.From, s.To, now)
	return list, wrap("list counted cases", err)
}

func scanCounted(row pgx.CollectableRow) (c indicator.Case, err error) {
	var answered *time.Time
	err = row.Scan((*string)(&c.Kind), &c.Category, &c.Territory, &c.Queue, &c.Registered, &answered, &c.Due, &c.Extended, &c.Rating)
	c.Registered, c.Answered, c.Due = c.Registered.UTC(), instant(answered), c.Due.UTC()
	return c, err
}

// namesOf returns codes, such as roles, as texts.
func namesOf[T ~string](codes []T) []string {
	list := make([]string, len(codes))
	for i, r := range codes {
		list[i] = string(r)
	}
	return list
}
