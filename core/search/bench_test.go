package search_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"okoshko/core/search"
)

// queries are a few of every kind.
var queries = []string{
	"как передать показания", "нет света уже второй час, когда дадут", "почему такой большой счет за октябрь???", "жировка не пришла",
	"паказания щетчика", "kak peredat pokazaniya", "gjxtve cxtn ,jkmit", "хочу поменять счетчик на двухтарифный", "ремонт холодильника",
	"здравствуйте, подскажите пожалуйста до какого числа нужно оплатить квитанцию чтобы не было пеней",
}

// library makes n documents of texts like those of an article.
func library(b *testing.B, n int) *search.Index {
	b.Helper()
	return search.New(documents(b, n))
}

func documents(b *testing.B, n int) []search.Document {
	b.Helper()
	words := vocabulary(b)
	var out []search.Document
	seed := uint32(1)
	next := func() string {
		seed = seed*1664525 + 1013904223
		// Few words are common, most are rare, as in a language.
		r := float64(seed>>8) / (1 << 24)
		return words[int(r*r*r*float64(len(words)))]
	}
	text := func(n int) string {
		var t strings.Builder
		for range n {
			t.WriteString(next() + " ")
		}
		return t.String()
	}
	for i := range n {
		d := search.Document{ID: fmt.Sprint("document", i), Fields: []search.Field{{Text: text(5), Weight: 2.5}}}
		for range 12 {
			d.Fields = append(d.Fields, search.Field{Text: text(6), Weight: 2})
		}
		out = append(out, search.Document{ID: d.ID, Fields: append(d.Fields, search.Field{Text: text(80), Weight: 0.3})})
	}
	return out
}

// vocabulary is words of the trade: those of the language files, and of the
// stems' samples.
func vocabulary(b *testing.B) []string {
	b.Helper()
	var out []string
	for _, name := range []string{"synonyms.txt", "testdata/stems.tsv", "roles.txt"} {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		for s := bufio.NewScanner(f); s.Scan(); {
			for w := range strings.FieldsSeq(s.Text()) {
				if !strings.ContainsAny(w, "_#") {
					out = append(out, w)
				}
			}
		}
		f.Close() //nolint:errcheck,gosec // read only
	}
	return out
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{64, 2000} {
		index := library(b, n)
		b.Run(fmt.Sprint("documents=", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				index.Search(queries[i%len(queries)], 3)
			}
		})
	}
}

// BenchmarkLongest measures the longest text that a customer can send.
func BenchmarkLongest(b *testing.B) {
	index := library(b, 64)
	text := strings.Repeat(strings.Join(queries, ". ")+". ", 10)
	b.ReportAllocs()
	for b.Loop() {
		index.Search(text, 3)
	}
}

func BenchmarkNew(b *testing.B) {
	for _, n := range []int{64, 2000} {
		list := documents(b, n)
		b.Run(fmt.Sprint("documents=", n), func(b *testing.B) {
			for b.Loop() {
				search.New(list)
			}
		})
	}
}
