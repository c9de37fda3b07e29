//go:build bench

package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/visit"
)

// slotPageLimit is what a page of free slots may take at the 95th percentile,
// with so many offices and visits.
const (
	slotPageLimit = 20 * time.Millisecond
	benchOffices  = 100
	benchVisits   = 1_000_000
)

// fillOffices adds offices with six windows that are open from 08:00 to 20:00 on
// all days, and a quarter of a year of visits to them; two weeks of it lie ahead.
const (
	fillOffices = `
INSERT INTO offices (code, territory, audience, windows, ramp, name_ru, name_en, address_ru, address_en, note_ru, note_en,
    phone, hours, sanitary, zone, latitude, longitude)
SELECT 'b' || n, '', 'both', 6, true, 'о', 'o', 'а', 'a', '', '', '', 'Mon-Sun 08:00-20:00', '', '', 56, 60
FROM generate_series(1, $1) n`
	fillVisits = `
INSERT INTO visits (office, service, window_number, day, starts_at, ends_at, status, code, conversation, at)
SELECT 'b' || o, 'charges', w, d, t, t + interval '15 minutes', CASE WHEN t < $1 THEN 'served' ELSE 'booked' END,
    lpad(((w - 1) * 24 + s)::text, 4, '0'), 'tg:' || (o * 1000 + extract(epoch FROM d)::bigint % 1000), $1
FROM generate_series(1, $2) o, generate_series($3::date, $4::date, '1 day') d,
    generate_series(1, 6) w, generate_series(0, 23) s,
    LATERAL (SELECT (d + time '03:00' + s * interval '30 minutes') AT TIME ZONE 'UTC' AS t) at`
)

// BenchmarkSlotPage asks for all days that can be booked in one of a hundred
// offices with a million visits; "of-limit" is the 95th percentile over what is
// allowed.
func BenchmarkSlotPage(b *testing.B) {
	url := pgtest.URL(b)
	now := noon
	d := pgtest.Connect(b, url, func(c *postgres.Config) {
		c.Now = func() time.Time { return now }
		c.StatementTimeout = 10 * time.Minute
	})
	must(b, d.LoadDemo(b.Context()))
	conn := pgtest.Conn(b, url)
	exec(b, conn, fillOffices, benchOffices)
	const perDay = 6 * 24
	days := benchVisits / benchOffices / perDay
	// It would take minutes to fill, and whoever reads does not read it.
	exec(b, conn, `ALTER TABLE visits DROP CONSTRAINT visits_office_window_number_tstzrange_excl`)
	exec(b, conn, fillVisits, now, benchOffices, now.AddDate(0, 0, 14-days), now.AddDate(0, 0, 14))
	exec(b, conn, `VACUUM ANALYZE visits`)
	if n := count(b, conn, `SELECT count(*) FROM visits`); n < benchVisits {
		b.Fatalf("only %d visits", n)
	}
	services := []string{"charges", "account", "meter", "contract"}
	page := func() time.Duration {
		began := time.Now()
		q := visit.Query{Office: fmt.Sprintf("b%d", 1+rand.IntN(benchOffices)), Service: services[rand.IntN(len(services))], Now: now}
		list, refused, err := d.VisitDays(b.Context(), q)
		if err != nil || refused != "" || len(list) != 15 {
			b.Fatal(len(list), refused, err)
		}
		return time.Since(began)
	}
	b.Run("customers=1", func(b *testing.B) { percentiles(b, 1, slotPageLimit, page) })
	b.Run("customers=8", func(b *testing.B) { percentiles(b, 8, slotPageLimit, page) })
}

// percentiles runs something n at a time and reports how long it took, and how much
// of its limit that is, if it has one.
func percentiles(b *testing.B, n int, limit time.Duration, do func() time.Duration) {
	var mu sync.Mutex
	var took []time.Duration
	work := make(chan struct{})
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for range work {
				d := do()
				mu.Lock()
				took = append(took, d)
				mu.Unlock()
			}
		})
	}
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
	slices.Sort(took)
	p95 := took[len(took)*95/100]
	b.ReportMetric(float64(took[len(took)/2])/float64(time.Millisecond), "p50-ms")
	b.ReportMetric(float64(p95)/float64(time.Millisecond), "p95-ms")
	if limit > 0 {
		b.ReportMetric(float64(p95)/float64(limit), "of-limit")
	}
}
