package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

const (
	publicationFields = `c.number, c.kind, p.section, p.audience, p.language, p.question, p.answer, p.stage, coalesce(p.author, 0),
    coalesce(p.decided, 0), p.at, p.published_at, p.reason, c.queue, coalesce(c.assignee, 0), nullif(c.about, '{}') FROM case_publications p JOIN cases c ON c.id = p.case_id`
	findPublication  = `SELECT ` + publicationFields + ` WHERE c.number = $1`
	listPublications = `SELECT ` + publicationFields + ` WHERE p.stage = $1 ORDER BY p.at DESC, p.case_id DESC LIMIT $2`

	proposePublication = `
INSERT INTO case_publications AS old (case_id, section, audience, language, question, answer, stage, author, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (case_id) DO UPDATE SET section = EXCLUDED.section, audience = EXCLUDED.audience, language = EXCLUDED.language,
    question = EXCLUDED.question, answer = EXCLUDED.answer, stage = EXCLUDED.stage, author = EXCLUDED.author, decided = NULL,
    at = EXCLUDED.at, reason = ''`
	decidePublication = `
UPDATE case_publications SET stage = $2, decided = $3, at = $4, reason = $5,
    published_at = CASE WHEN $2 = 'published' THEN $4 ELSE published_at END
WHERE case_id = $1`
	// All that is kept of the customer's: what has ended tells of him as well.
	authorAccounts = `
WITH c AS (SELECT account, conversation FROM cases WHERE number = $1),
    his AS (SELECT account FROM c WHERE account IS NOT NULL
        UNION SELECT l.account FROM links l JOIN c USING (conversation)
        UNION SELECT v.account FROM vouched v JOIN c USING (conversation))
SELECT a.number, a.legal, a.unified, a.house, a.flat, ` + personFields + `, ARRAY(SELECT m.serial FROM meters m WHERE m.account = a.id ORDER BY m.id)
FROM c LEFT JOIN his ON true LEFT JOIN accounts a ON a.id = his.account ORDER BY a.id`
	hasSection = `SELECT EXISTS (SELECT FROM article_categories WHERE id = $1)`
)

func scanPublication(row pgx.CollectableRow) (p registry.Publication, err error) {
	var number string
	var published *time.Time
	err = row.Scan(&number, (*string)(&p.Kind), &p.Section, (*string)(&p.Audience), &p.Lang, &p.Question, &p.Answer, (*string)(&p.Stage),
		&p.By, &p.Decided, &p.At, &published, &p.Reason, &p.Queue, &p.Assignee, &p.About)
	if err != nil {
		return p, err
	}
	p.At, p.Published = p.At.UTC(), instant(published)
	return p, p.Number.UnmarshalText([]byte(number))
}

// PublishCase implements registry.Press.
func (d *DB) PublishCase(ctx context.Context, by registry.Effect, a registry.PublicationAct) (registry.Publication, error) {
	return d.publishCase(ctx, by, a, aloud)
}

func (d *DB) publishCase(ctx context.Context, by registry.Effect, a registry.PublicationAct, how manner) (registry.Publication, error) {
	e := effectOf(by)
	var version int64
	var c caseRow
	var found bool
	var old registry.Publication
	read := func(b *pgx.Batch) {
		queueBooks(b, &version)
		d.queueCase(b, e, a.Number, a.By, how, &c, &found)
		b.Queue(findPublication, a.Number.String()).Query(func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, scanPublication)
			if len(list) > 0 {
				old = list[0]
			}
			return err
		})
	}
	return onceAfter(ctx, d, e, "publish case", read, func(tx pgx.Tx, last *pgx.Batch) (p registry.Publication, err error) {
		if !found {
			return p, registry.ErrNoCase
		}
		if err := d.unmoved(ctx, tx, &c, a.Revision); err != nil {
			return p, err
		}
		books, err := d.caseBooks(ctx, tx, version)
		if err != nil {
			return p, err
		}
		next, out, err := life.Publish(c.Case, a.Step, a.By, after(c.Moved(), e.At))
		if err != nil {
			return p, err
		}
		c.Case = next
		at := next.Publication.At
		if a.Step == life.ProposeIt {
			if err := checkExcerpt(ctx, tx, a.Excerpt); err != nil {
				return p, err
			}
			x := a.Excerpt
			p = registry.Publication{Number: c.Number, Kind: c.Kind, Excerpt: x, Stage: next.Publication.Stage, By: next.Publication.By, At: at}
			last.Queue(proposePublication, c.id, x.Section, string(x.Audience), x.Lang, x.Question, x.Answer, string(p.Stage), p.By, at)
		} else {
			p = old
			p.Stage, p.Decided, p.At, p.Reason = next.Publication.Stage, a.By.Staff, at, a.Reason
			if p.Stage == life.Published {
				p.Published = at
			}
			last.Queue(decidePublication, c.id, string(p.Stage), a.By.Staff, at, a.Reason)
		}
		s := saving{d: d, tx: tx, last: last, books: books, row: &c, effect: e, how: how, act: audit.CasePublish}
		a.Audit.Reason = a.Reason
		return p, s.all(ctx, nil, a.By.Staff, out, a.Audit)
	})
}

// after returns the later of two instants: what comes second happened second.
func after(x, y time.Time) time.Time {
	if y.Before(x) {
		return x
	}
	return y
}

// checkExcerpt refuses what could not be read by itself.
func checkExcerpt(ctx context.Context, q querier, x registry.Excerpt) error {
	if strings.TrimSpace(x.Question) == "" || strings.TrimSpace(x.Answer) == "" || x.Lang != "ru" && x.Lang != "en" ||
		x.Audience != knowledge.Individuals && x.Audience != knowledge.Companies && x.Audience != knowledge.Everybody {
		return registry.ErrExcerpt
	}
	there, _, err := one(ctx, q, pgx.RowTo[bool], hasSection, x.Section)
	if err == nil && !there {
		err = fmt.Errorf("section %q: %w", x.Section, registry.ErrExcerpt)
	}
	return err
}

// FindPublication implements registry.Press.
func (d *DB) FindPublication(ctx context.Context, n appeal.Number) (registry.Publication, bool, error) {
	p, found, err := one(ctx, d.pool, scanPublication, findPublication, n.String())
	return p, found, wrap("find publication", err)
}

// Publications implements registry.Press.
func (d *DB) Publications(ctx context.Context, s life.Stage, limit int) ([]registry.Publication, error) {
	list, err := many(ctx, d.pool, scanPublication, listPublications, string(s), limit)
	return list, wrap("list publications", err)
}

// CaseAuthor implements registry.Press.
func (d *DB) CaseAuthor(ctx context.Context, n appeal.Number) (author detect.Author, err error) {
	list, err := many(ctx, d.pool, d.scanAuthor, authorAccounts, n.String())
	if err == nil && len(list) == 0 {
		err = registry.ErrNoCase
	}
	for _, one := range list {
		author = author.With(one)
	}
	return author, wrap("find author of case", err)
}

// scanAuthor reads what an account tells of its customer; a case has none, or some.
func (d *DB) scanAuthor(row pgx.CollectableRow) (a detect.Author, err error) {
	var number, unified, house, flat, key *string
	var legal *bool
	var body []byte
	var meters []string
	err = row.Scan(&number, &legal, &unified, &house, &flat, &body, &key, &meters)
	if err != nil || number == nil {
		return a, err
	}
	who, err := d.person(keptPerson{*number, body, *key})
	if err != nil {
		return a, err
	}
	if *legal { // what an organisation is called is public (spec §3.3)
		a.Contracts = texts(*number)
	} else {
		a.Names, a.Accounts = []privacy.PersonName{who.Name}, texts(*number, *unified)
	}
	a.Addresses, a.Homes = texts(who.Address.Reveal()), []detect.Home{{House: privacy.NewText(*house), Flat: privacy.NewText(*flat)}}
	a.Phones, a.Emails, a.Meters = []privacy.Phone{who.Phone}, []privacy.Email{who.Email}, texts(meters...)
	return a, nil
}

// texts are those that are not empty, each under its mask.
func texts(list ...string) (out []privacy.Text) {
	for _, s := range list {
		if s != "" {
			out = append(out, privacy.NewText(s))
		}
	}
	return out
}
