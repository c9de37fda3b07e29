package postgres_test

import "testing"

// fillCases adds $2 cases that are owed and $3 closed ones of ten years, each
// with an alert that was told. Their bodies are never read by lists.
const (
	fillCases = `
INSERT INTO cases (number, revision, kind, category, audience, territory, origin, channel, language, conversation, state, queue, keeper,
    assignee, about, registered_at, since, due_at, next_at, moved_at, answered_at, closed_at, resolution, extended, reopened, rating, publication,
    body, key)
SELECT 'ОБ-' || CASE WHEN owed THEN '2026-9' ELSE '2025-' END || lpad(n::text, 8, '0'), 4, (ARRAY['question', 'complaint', 'application', 'review'])[1 + n % 4],
    'В-' || n % 10, 'fl', lpad((1 + n % 8)::text, 2, '0'), 'account', 'tg', 'ru', 'tg:' || n % 500000,
    CASE WHEN owed THEN (ARRAY['registered', 'need_info', 'routed', 'in_work', 'prepared'])[1 + n / 4 % 5] ELSE 'closed' END,
    CASE WHEN n / 4 % 5 < 2 THEN '' ELSE (ARRAY['raschet-01', 'raschet-03', 'uslugi-01', 'biz', 'uchet-01', 'lgoty'])[1 + n / 7 % 6] END,
    CASE WHEN n % 3 = 0 THEN NULL ELSE 1 + n % 8 END, CASE WHEN n / 4 % 5 = 3 THEN 1 + n % 8 END, '{}', at, at, at + interval '3 days',
    CASE WHEN owed THEN at + CASE WHEN n / 4 % 5 IN (2, 3) THEN interval '1 day' ELSE interval '3 days' END END, at + interval '1 day', CASE WHEN NOT owed THEN at + interval '2 days' END, CASE WHEN NOT owed THEN at + interval '17 days' END,
    CASE WHEN owed THEN '' ELSE 'answered' END, false, 0, CASE WHEN owed THEN 0 ELSE n % 6 END, '', sha512(n::text::bytea), ''
FROM (SELECT n, n <= $2::int AS owed, CASE WHEN n <= $2::int THEN $1::timestamptz - n % 40 * interval '4 hours'
    ELSE $1::timestamptz - interval '20 days' - n * 3650.0 / ($2::int + $3::int) * interval '1 day' END AS at
    FROM generate_series(1, $2::int + $3::int) n) s ORDER BY at`
	fillClocks = `
INSERT INTO case_clocks (case_id, clock, since, at) SELECT id, 'answer', since, due_at FROM cases WHERE state <> 'closed'
UNION ALL SELECT id, 'direction', since, since + interval '1 day' FROM cases WHERE state IN ('routed', 'in_work')`
	fillAlerts = `
INSERT INTO case_alerts (case_id, clock, deadline, mark, at, receivers, told_at)
SELECT id, 'answer', due_at, mark, due_at, '{keeper}', CASE WHEN state = 'closed' THEN due_at END
FROM cases, unnest(ARRAY['80%', 'breach']) mark WHERE state <> 'closed' OR mark = '80%'`
)

// fill adds so many cases that are owed, and archived ones.
func (b *bureau) fill(t testing.TB, owed, archived int) {
	t.Helper()
	exec(t, b.conn, fillCases, b.now(), owed, archived)
	exec(t, b.conn, fillClocks)
	exec(t, b.conn, fillAlerts)
	exec(t, b.conn, `VACUUM ANALYZE cases`)
	exec(t, b.conn, `VACUUM ANALYZE case_clocks`)
	exec(t, b.conn, `VACUUM ANALYZE case_alerts`)
}
