package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/table"
	"okoshko/core/visit"
)

const (
	articlesLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko articles'))`

	putCategory = `
INSERT INTO article_categories AS old (id, place, title_ru, title_en) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET place = EXCLUDED.place, title_ru = EXCLUDED.title_ru, title_en = EXCLUDED.title_en
WHERE (old.place, old.title_ru, old.title_en) <> (EXCLUDED.place, EXCLUDED.title_ru, EXCLUDED.title_en)`

	// What an editor has written stays; what is the same already, too.
	addArticle = `
WITH newest AS (SELECT version, editor, content FROM articles WHERE slug = $1 AND lang = $2 ORDER BY version DESC LIMIT 1)
INSERT INTO articles (slug, lang, version, published_at, content)
SELECT $1, $2, coalesce((SELECT version FROM newest), 0) + 1, $3, $4
WHERE NOT EXISTS (SELECT FROM newest WHERE editor IS NOT NULL OR content = $4)`

	listCategories = `SELECT id, title_ru, title_en FROM article_categories ORDER BY place, id`

	// A version that is to hold from a later day leaves its place to the one before.
	listArticles = `
SELECT DISTINCT ON (slug, lang) slug, lang, version, published_at, content FROM articles
WHERE coalesce(content->>'from', '') <= $1
ORDER BY slug, lang, version DESC`

	findContentVersion = `SELECT n FROM content_version`
)

// articleContent is what an article says, as it is kept.
type articleContent struct {
	Category      string             `json:"category"`
	Place         int                `json:"place"`
	Audience      knowledge.Audience `json:"audience"`
	Territories   []string           `json:"territories,omitempty"`
	From          calendar.Date      `json:"from,omitzero"`
	Until         calendar.Date      `json:"until,omitzero"`
	Owner         string             `json:"owner"`
	Basis         string             `json:"basis,omitempty"`
	SourceChanged calendar.Date      `json:"source_changed"`
	Question      string             `json:"question"`
	Asks          []string           `json:"asks,omitempty"`
	Body          string             `json:"body"`
	Actions       []string           `json:"actions,omitempty"`
	Forms         []string           `json:"forms,omitempty"`
	Related       []knowledge.Slug   `json:"related,omitempty"`
}

// AddArticles adds an edition that came with the program: articles that are not
// there yet, and new versions of those that it has changed. What an editor has
// written is never replaced, what the edition no longer has stays.
func (d *DB) AddArticles(ctx context.Context, e knowledge.Edition) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, articlesLock); err != nil {
			return err
		}
		var b pgx.Batch
		for place, c := range e.Categories {
			b.Queue(putCategory, c.ID, place, c.Titles["ru"], c.Titles["en"])
		}
		for _, a := range e.Articles {
			content, err := json.Marshal(articleContent{
				a.Category, a.Place, a.Audience, a.Territories, a.From, a.Until, a.Owner, a.Basis, a.SourceChanged,
				a.Question, a.Asks, a.Body, a.Actions, a.Forms, a.Related,
			})
			if err != nil {
				return fmt.Errorf("encode article %s: %w", a.Slug, err)
			}
			b.Queue(addArticle, string(a.Slug), a.Lang, d.now(), content)
		}
		return tx.SendBatch(ctx, &b).Close()
	})
	return wrap("add articles", err)
}

// Content is all that answers are made of, as of one moment.
type Content struct {
	// Version goes up with every change.
	Version   int64
	Articles  knowledge.Edition
	Prices    *tariff.Book
	Directory *knowledge.Directory
	Offices   *visit.Directory
	// Years are those of the production calendar beside the program's own.
	Years []calendar.Year
}

// ContentVersion returns the number of what answers are made of: if it is that
// of a Content, nothing has changed since.
func (d *DB) ContentVersion(ctx context.Context) (n int64, err error) {
	err = d.pool.QueryRow(ctx, findContentVersion).Scan(&n)
	return n, wrap("look for changes of content", err)
}

// Content reads all that answers are made of: a thousand rows or so, to be kept
// for the day. The error is Invalid if the tables do not fit together.
func (d *DB) Content(ctx context.Context) (c Content, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, findContentVersion).Scan(&c.Version); err != nil {
			return err
		}
		if c.Articles, err = readEdition(ctx, tx, calendar.DateOf(d.now(), d.zone)); err != nil {
			return err
		}
		prices, err := readTables(ctx, tx, tariff.Schema())
		if err != nil {
			return err
		}
		if c.Prices = new(tariff.Book); published(prices) { // a new supplier has none yet
			if c.Prices, err = tariff.New(prices); err != nil {
				return err
			}
		}
		directory, err := readTables(ctx, tx, knowledge.Schema())
		if err != nil {
			return err
		}
		if c.Directory, err = knowledge.NewDirectory(directory); err != nil {
			return err
		}
		offices, err := readTables(ctx, tx, visit.Schema())
		if err != nil {
			return err
		}
		if c.Offices, err = visit.New(offices); err != nil {
			return err
		}
		c.Years, err = readYears(ctx, tx)
		return err
	})
	return c, wrap("read content", err)
}

// published reports whether any table has a row.
func published(list []table.Table) bool {
	return slices.ContainsFunc(list, func(t table.Table) bool { return len(t.Rows) > 0 })
}

func readEdition(ctx context.Context, tx pgx.Tx, today calendar.Date) (e knowledge.Edition, err error) {
	e.Categories, err = many(ctx, tx, func(row pgx.CollectableRow) (c knowledge.Category, err error) {
		var ru, en string
		err = row.Scan(&c.ID, &ru, &en)
		c.Titles = map[string]string{"ru": ru, "en": en}
		return c, err
	}, listCategories)
	if err != nil {
		return e, err
	}
	e.Articles, err = many(ctx, tx, scanArticle, listArticles, today.String())
	return e, err
}

func scanArticle(row pgx.CollectableRow) (a knowledge.Article, err error) {
	var slug string
	var published time.Time
	var c articleContent
	if err = row.Scan(&slug, &a.Lang, &a.Version, &published, &c); err != nil {
		return a, err
	}
	return knowledge.Article{
		Slug: knowledge.Slug(slug), Lang: a.Lang, Version: a.Version, Published: published.UTC(),
		Category: c.Category, Place: c.Place, Audience: c.Audience, Territories: c.Territories, From: c.From, Until: c.Until,
		Owner: c.Owner, Basis: c.Basis, SourceChanged: c.SourceChanged, Question: c.Question, Asks: c.Asks, Body: c.Body,
		Actions: c.Actions, Forms: c.Forms, Related: c.Related,
	}, nil
}
