//go:build bench

package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// What a page of a queue, and a look at all terms, may take at the 95th percentile
// with so many cases.
const (
	casePageLimit = 50 * time.Millisecond
	benchOwed     = 100_000
	benchArchived = 2_000_000
)

// BenchmarkCases asks for the pages that a console asks for, for the counts above
// them, and for the terms that run out, with a hundred thousand cases owed and two
// million archived; "of-limit" is the 95th percentile over what is allowed.
func BenchmarkCases(b *testing.B) {
	o := newBureau(b, "2026-11-20 12:00", func(c *postgres.Config) { c.StatementTimeout = 10 * time.Minute })
	o.fill(b, benchOwed, benchArchived)
	pages := queuePages(o.now())
	limit := casePageLimit
	timed := func(do func() error) func() time.Duration {
		return func() time.Duration {
			began := time.Now()
			if err := do(); err != nil {
				b.Fatal(err)
			}
			return time.Since(began)
		}
	}
	page := func(f registry.Filter) error {
		_, err := o.ListCases(b.Context(), f)
		return err
	}
	for n, f := range pages {
		b.Run(fmt.Sprintf("page=%d", n), func(b *testing.B) { percentiles(b, 1, limit, timed(func() error { return page(f) })) })
	}
	b.Run("any-page-of-8", func(b *testing.B) {
		percentiles(b, 8, limit, timed(func() error { return page(pages[rand.IntN(len(pages))]) }))
	})
	counts := queueCounts(o.now())
	for i, hat := range []string{"watch", "keep", "direct"} {
		tabs := counts[i*len(counts)/3 : (i+1)*len(counts)/3]
		b.Run("counts="+hat, func(b *testing.B) {
			percentiles(b, 1, limit, timed(func() error {
				_, err := o.CountCases(b.Context(), tabs)
				return err
			}))
		})
	}
	b.Run("places", func(b *testing.B) {
		percentiles(b, 1, 0, timed(func() error {
			_, err := o.CasePlaces(b.Context(), 1, o.now())
			return err
		}))
	})
	b.Run("loads", func(b *testing.B) {
		percentiles(b, 1, 0, timed(func() error {
			_, err := o.CaseLoads(b.Context(), 1, o.now(), o.now().AddDate(0, 0, -3))
			return err
		}))
	})
	b.Run("customer", func(b *testing.B) {
		percentiles(b, 1, limit, timed(func() error {
			_, err := o.CustomerCases(b.Context(), "tg:77", "", 0)
			return err
		}))
	})
	b.Run("terms-none-due", func(b *testing.B) {
		percentiles(b, 1, limit, timed(func() error {
			_, err := o.TellAlerts(b.Context(), o.now().AddDate(0, 0, -40), 100)
			return err
		}))
	})
	b.Run("terms-100-due", func(b *testing.B) {
		percentiles(b, 1, 0, timed(func() error {
			_, err := o.TellAlerts(b.Context(), o.now(), 100)
			return err
		}))
	})
	b.Run("register-and-take", func(b *testing.B) {
		percentiles(b, 1, 0, timed(func() error {
			n := o.file(b, appeal.Question)
			o.does(b, "reception", n, life.Do{Event: life.Take})
			return nil
		}))
	})
}
