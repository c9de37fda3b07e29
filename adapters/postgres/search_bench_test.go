//go:build bench

package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/knowledge"
	"okoshko/core/search"
)

// question is a message of the evaluation set's open part that an article answers.
type question struct{ text, want string }

func questions(b *testing.B) (list []question) {
	b.Helper()
	file, err := os.ReadFile("../../dialogs/questions/testdata/evaluation/seen.tsv")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		want, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if slug, ok := strings.CutPrefix(want, "topic:"); ok {
			list = append(list, question{text, slug})
		}
	}
	return list
}

// BenchmarkSearch finds the articles, by their own words alone, as the search
// in memory and as PostgreSQL's full-text search do, with the same messages:
// right is the share of those that find one of the articles that answer them
// first. 2,000 documents are the 64 again and again.
func BenchmarkSearch(b *testing.B) {
	var articles []knowledge.Article
	for _, a := range knowledge.Published().Articles {
		if a.Lang == knowledge.Source {
			articles = append(articles, a)
		}
	}
	asked := questions(b)
	for _, n := range []int{len(articles), 2000} {
		var documents []search.Document
		conn := pgtest.Conn(b, pgtest.Empty(b))
		exec(b, conn, `CREATE TABLE article (id text, words tsvector)`)
		for i := range n {
			a := articles[i%len(articles)]
			d := search.Document{ID: string(a.Slug), Fields: []search.Field{{Text: a.Question, Weight: 1.5}, {Text: a.Body, Weight: 0.2}}}
			for _, ask := range a.Asks {
				d.Fields = append(d.Fields, search.Field{Text: ask, Weight: 1})
			}
			documents = append(documents, d)
			exec(b, conn, `INSERT INTO article VALUES ($1, setweight(to_tsvector('russian', $2), 'A') ||
				setweight(to_tsvector('russian', $3), 'B') || setweight(to_tsvector('russian', $4), 'D'))`,
				string(a.Slug), a.Question, strings.Join(a.Asks, ". "), a.Body)
		}
		exec(b, conn, `CREATE INDEX ON article USING gin (words)`)
		exec(b, conn, `ANALYZE article`)
		index := search.New(documents)
		run(b, fmt.Sprintf("memory/documents=%d", n), asked, func(text string) string {
			if hits := index.Search(text, 3); len(hits) > 0 {
				return hits[0].ID
			}
			return ""
		})
		run(b, fmt.Sprintf("postgres/documents=%d", n), asked, func(text string) (id string) {
			rows, err := conn.Query(b.Context(), `
				SELECT id FROM article, (SELECT replace(plainto_tsquery('russian', $1)::text, '&', '|')::tsquery q) asked
				WHERE words @@ q ORDER BY ts_rank(words, q) DESC LIMIT 3`, text)
			if err != nil {
				b.Fatal(err)
			}
			defer rows.Close()
			if rows.Next() {
				if err := rows.Scan(&id); err != nil {
					b.Fatal(err)
				}
			}
			return id
		})
	}
}

func run(b *testing.B, name string, asked []question, find func(string) string) {
	b.Run(name, func(b *testing.B) {
		right := 0
		for _, q := range asked {
			for want := range strings.SplitSeq(q.want, "|") {
				if strings.TrimPrefix(want, "topic:") == find(q.text) {
					right++
					break
				}
			}
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			find(asked[i%len(asked)].text)
		}
		b.ReportMetric(100*float64(right)/float64(len(asked)), "%right")
	})
}
