package postgres_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/dialogs/dialog/turn"
)

var update = flag.Bool("update", false, "rewrite schema.golden.sql")

// shape lists what our migrations made: columns, then indexes, then other
// constraints. Partitions of months are left out, and the tables of the queue
// and of goose, which are theirs.
const shape = `
WITH ours AS (
    SELECT c.oid, c.relname, c.relkind FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
      AND c.relname !~ '^(river_|goose_|messages_[0-9])'
)
SELECT line FROM (
    SELECT 1 AS part, relname AS a, a.attnum AS n, format('%s.%s %s%s%s%s', relname, a.attname,
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN k.collname = 'C' THEN ' COLLATE "C"' ELSE '' END,
        CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
        CASE WHEN a.attidentity <> '' THEN ' IDENTITY' WHEN d.oid IS NOT NULL
             THEN CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' ELSE ' DEFAULT ' END || pg_get_expr(d.adbin, d.adrelid)
             ELSE '' END) AS line
    FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = ours.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation k ON k.oid = a.attcollation
    WHERE relkind <> 'S'
    UNION ALL
    SELECT 2, relname, 0, pg_get_indexdef(i.indexrelid) FROM ours JOIN pg_index i ON i.indrelid = ours.oid
    UNION ALL
    SELECT 3, relname, 0, format('%s: %s', relname, pg_get_constraintdef(c.oid)) FROM ours
    JOIN pg_constraint c ON c.conrelid = ours.oid AND c.contype IN ('c', 'f')
    UNION ALL
    SELECT 4, relname, 0, 'SEQUENCE ' || relname FROM ours
    WHERE relkind = 'S' AND relname !~ '_id_seq$'
) s ORDER BY part, a, n, line`

// The golden file is the present shape on one page; a diff of it is the review
// of a migration.
func TestSchema(t *testing.T) {
	t.Parallel()
	conn := pgtest.Conn(t, pgtest.URL(t))
	rows, err := conn.Query(t.Context(), shape)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("-- The schema that migrations/ make; written by go test -update.\n")
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		b.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	const golden = "schema.golden.sql"
	if *update {
		must(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the schema changed; if that is meant, run go test -update (-want +got):\n%s", diff)
	}
}

func TestMigrateIsSafeForReplicasAndRepeats(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	var replicas []*postgres.DB
	for range 3 {
		replicas = append(replicas, pgtest.Connect(t, url))
	}
	together(len(replicas), func(i int) {
		if err := replicas[i].Migrate(t.Context()); err != nil {
			t.Error(err)
		}
	})
	must(t, replicas[0].Migrate(t.Context()))
	save(t, replicas[0], chapter("tg:1", 1))
	if n := count(t, pgtest.Conn(t, url), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); n != 0 {
		t.Errorf("%d locks are left", n)
	}
}

func TestPartitions(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url)
	conn := pgtest.Conn(t, url)
	far := time.Date(2031, 3, 31, 23, 59, 59, 0, time.UTC)
	c := chapter("tg:1", 1)
	c.Entries[0].At, c.Entries[1].At, c.Entries[2].At = far, far.Add(time.Second), far.AddDate(0, -4, 0)
	save(t, d, c)
	if n := count(t, conn, `SELECT count(*) FROM messages_default`); n != 3 {
		t.Fatalf("%d messages of a month that is not made lie in the default partition", n)
	}
	together(2, func(int) {
		if err := d.EnsurePartitions(t.Context(), far); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []struct {
		name string
		n    int
	}{{"default", 1}, {"2031_02", 0}, {"2031_03", 1}, {"2031_04", 1}, {"2031_06", 0}} {
		if n := count(t, conn, `SELECT count(*) FROM messages_`+p.name); n != p.n {
			t.Errorf("partition %s holds %d messages, want %d", p.name, n, p.n)
		}
	}
	save(t, d, c)
	if n := len(entries(t, d, "tg:1", turn.Position{}, 10)); n != 3 {
		t.Errorf("%d entries after moving and saving again", n)
	}
}

// Migrations are numbered without gaps and are never undone.
func TestMigrationsOnlyGoForward(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	name := regexp.MustCompile(`^(\d{5})_[a-z_]+\.sql$`)
	for i, file := range files {
		m := name.FindStringSubmatch(filepath.Base(file))
		if m == nil || m[1] != fmt.Sprintf("%05d", i+1) {
			t.Errorf("%s is not number %d", file, i+1)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "+goose Down") {
			t.Errorf("%s can be undone", file)
		}
	}
}
