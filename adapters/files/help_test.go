package files_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
)

const (
	piece   = 256 << 10
	largest = 3*piece + 100
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func key(id string, fill byte) files.Key {
	return files.Key{ID: id, Key: bytes.Repeat([]byte{fill}, 32)}
}

func ring(t testing.TB, keys ...files.Key) *files.Ring {
	t.Helper()
	r, err := files.NewRing(keys...)
	must(t, err)
	return r
}

// backdoor is the database as one sees it who has broken into it.
type backdoor struct {
	// exec must change something.
	exec  func(sql string, args ...any)
	count func(sql string, args ...any) int
}

// open returns a store on a database of its own, and its back door.
func open(t testing.TB) (*files.Store, files.Depot, backdoor) {
	t.Helper()
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	return files.New(d, ring(t, key("one", 1)), largest), d, backdoor{
		exec: func(sql string, args ...any) {
			tag, err := conn.Exec(t.Context(), sql, args...)
			if must(t, err); tag.RowsAffected() == 0 {
				t.Fatalf("nothing was changed by %s", sql)
			}
		},
		count: func(sql string, args ...any) (n int) {
			must(t, conn.QueryRow(t.Context(), sql, args...).Scan(&n))
			return n
		},
	}
}

// picture is a JPEG of that many bytes, different at every place.
func picture(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	copy(b, "\xff\xd8\xff\xe0")
	return b
}

func put(t testing.TB, s *files.Store, f files.File, content []byte) string {
	t.Helper()
	id, err := s.Put(t.Context(), f, bytes.NewReader(content))
	must(t, err)
	return id
}

func read(t testing.TB, s *files.Store, id string) (chat.File, []byte, error) {
	t.Helper()
	f, r, err := s.Open(t.Context(), id)
	if err != nil {
		return f, nil, err
	}
	content, err := io.ReadAll(r)
	must(t, r.Close())
	return f, content, err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
