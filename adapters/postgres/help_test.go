package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// eventually waits until something is so.
func eventually(t testing.TB, so func() bool) {
	t.Helper()
	// A queue whose clock has jumped elects its leader anew, which takes it some
	// ten seconds, and more on a busy machine.
	deadline := time.Now().Add(time.Minute)
	for !so() {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func exec(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, conn *pgx.Conn, sql string, args ...any) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
