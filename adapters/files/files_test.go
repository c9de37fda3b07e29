package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/files"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

func TestWhatIsPutIsRead(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	for _, size := range []int{26, 100, piece - 1, piece, piece + 1, 2 * piece, largest - 1, largest} {
		content := picture(size)
		// A reader that gives little at a time, and its end with the last of it.
		id, err := s.Put(t.Context(), files.File{Conversation: "tg:1", Name: "Счёт.JPG"},
			iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(content))))
		must(t, err)
		f, got, err := read(t, s, id)
		want := chat.File{ID: id, Name: "Счёт.jpg", Type: "image/jpeg", Size: int64(size), Image: true}
		if diff := cmp.Diff(want, f); diff != "" || err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: %d came back, %v (-want +got):\n%s", size, len(got), err, diff)
		}
		if n := back.count(`SELECT count(*) FROM file_chunks WHERE file = $1`, id); n != (size+piece-1)/piece {
			t.Errorf("%d bytes lie in %d pieces", size, n)
		}
	}
	if n := back.count(`SELECT count(*) FROM files WHERE position('jpg'::bytea IN head) > 0`); n != 0 {
		t.Error("a name can be read in the database")
	}
}

// Staff open tables in a program that may run what stands in them: a text that a
// customer calls .csv is a text, one of ours keeps its name; what is no text is
// never called a table.
func TestOnlyOurTablesAreTables(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	for _, c := range []struct {
		name, content, want string
		table               bool
	}{
		{"Цены.csv", "\ufeffДата;Час\r\n01.10.2026;0\r\n", "Цены.csv", true},
		{"Цены", "\ufeffДата;Час\r\n", "Цены.csv", true},
		{"Цены.csv", "=cmd|' /C calc'!A0", "Цены.csv.txt", false},
		{"Цены.csv", "%PDF-1.4\n%", "Цены.csv.pdf", true},
	} {
		id, err := s.Put(t.Context(), files.File{Conversation: "tg:1", Name: c.name, Table: c.table}, strings.NewReader(c.content))
		must(t, err)
		f, _, err := read(t, s, id)
		if err != nil || f.Name != c.want {
			t.Errorf("%q became %q, %v", c.name, f.Name, err)
		}
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	broken := errors.New("reset by peer")
	for name, row := range map[string]struct {
		r    io.Reader
		want error
	}{
		"nothing":             {bytes.NewReader(nil), files.ErrEmpty},
		"one byte too many":   {bytes.NewReader(picture(largest + 1)), files.ErrSize},
		"far too many":        {bytes.NewReader(picture(largest + 5*piece)), files.ErrSize},
		"a program":           {bytes.NewReader([]byte("\x7fELF\x02\x01\x01\x00")), files.ErrKind},
		"breaks at once":      {iotest.ErrReader(broken), broken},
		"breaks in between":   {io.MultiReader(bytes.NewReader(picture(piece+9)), iotest.ErrReader(broken)), broken},
		"breaks at a border":  {io.MultiReader(bytes.NewReader(picture(piece)), iotest.ErrReader(broken)), broken},
		"breaks near the end": {io.MultiReader(bytes.NewReader(picture(largest)), iotest.ErrReader(broken)), broken},
	} {
		id, err := s.Put(t.Context(), files.File{Owner: "evidence/1", Conversation: "tg:1"}, row.r)
		if !errors.Is(err, row.want) || id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		if refused := row.want != broken; refused != fault.Is(err, fault.Invalid) {
			t.Errorf("%s is of kind %v", name, fault.Of(err))
		}
	}
	if n := back.count(`SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM file_chunks)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	// The owner may still come with a better one.
	put(t, s, files.File{Owner: "evidence/1"}, picture(99))
}

// The caller gives up in the middle: what was begun goes all the same.
func TestAnInterruptedPutLeavesNothing(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	begun := 0
	stop := readerFunc(func(p []byte) (int, error) {
		if begun++; begun == 3 {
			cancel()
		}
		return copy(p, picture(len(p))), nil
	})
	if _, err := s.Put(ctx, files.File{}, io.LimitReader(stop, largest)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("cancelled: %v", err)
	}
	if n := back.count(`SELECT count(*) FROM files`); n != 0 || begun < 3 {
		t.Errorf("%d files are left after %d reads", n, begun)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAnOwnerHasOneFile(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	mine := files.File{Owner: "evidence/7", Conversation: "tg:1"}
	const at = 8
	ids := make([]string, at)
	var wg sync.WaitGroup
	for i := range at {
		wg.Go(func() {
			id, err := s.Put(t.Context(), mine, bytes.NewReader(picture(piece+i)))
			if err != nil {
				t.Error(err)
			}
			ids[i] = id
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("files %q and %q of one owner", id, ids[0])
		}
	}
	if n := back.count(`SELECT count(*) FROM files`); n != 1 {
		t.Errorf("%d files of one owner", n)
	}
	// Nothing is read for an owner who has his.
	id, err := s.Put(t.Context(), mine, iotest.ErrReader(errors.New("read")))
	if err != nil || id != ids[0] {
		t.Errorf("again: %q, %v", id, err)
	}
	if a, b := put(t, s, files.File{}, picture(99)), put(t, s, files.File{}, picture(99)); a == b {
		t.Error("files without an owner are the same")
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	id := put(t, s, files.File{}, picture(2*piece))
	must(t, s.Delete(t.Context(), id))
	must(t, s.Delete(t.Context(), id))
	if _, _, err := s.Open(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("a deleted file: %v", err)
	}
	if n := back.count(`SELECT count(*) FROM file_chunks`); n != 0 {
		t.Errorf("%d pieces are left", n)
	}
}

// Whoever can write the database can destroy a file, but not change it.
func TestNoChangeGoesUnnoticed(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	const (
		bytesSQL = `UPDATE file_chunks SET body = set_byte(body, $3, get_byte(body, $3) # 1) WHERE file = $1 AND n = $2`
		whole    = `WITH other AS (SELECT * FROM files WHERE id = $2)
			UPDATE files SET wrapped = other.wrapped, head = other.head FROM other WHERE files.id = $1`
	)
	for name, change := range map[string]func(id, other string){
		"a byte of the first piece": func(id, _ string) { back.exec(bytesSQL, id, 0, 0) },
		"a byte of the last one":    func(id, _ string) { back.exec(bytesSQL, id, 2, 50) },
		"a byte of a tag":           func(id, _ string) { back.exec(bytesSQL, id, 1, piece+15) },
		"pieces change places": func(id, _ string) {
			back.exec(`UPDATE file_chunks SET n = 9 WHERE file = $1 AND n = 0`, id)
			back.exec(`UPDATE file_chunks SET n = 0 WHERE file = $1 AND n = 1`, id)
			back.exec(`UPDATE file_chunks SET n = 1 WHERE file = $1 AND n = 9`, id)
		},
		"the last piece is missing": func(id, _ string) { back.exec(`DELETE FROM file_chunks WHERE file = $1 AND n = 2`, id) },
		"the first is missing":      func(id, _ string) { back.exec(`DELETE FROM file_chunks WHERE file = $1 AND n = 0`, id) },
		"the last piece is cut": func(id, _ string) {
			back.exec(`UPDATE file_chunks SET body = substr(body, 1, 40) WHERE file = $1 AND n = 2`, id)
		},
		"a piece is empty": func(id, _ string) { back.exec(`UPDATE file_chunks SET body = '' WHERE file = $1 AND n = 1`, id) },
		"a piece of another file": func(id, other string) {
			back.exec(`DELETE FROM file_chunks WHERE file = $1 AND n = 1`, id)
			back.exec(`UPDATE file_chunks SET file = $1 WHERE file = $2 AND n = 1`, id, other)
		},
		"another file's key and head": func(id, other string) { back.exec(whole, id, other) },
		"another file's head": func(id, other string) {
			back.exec(`UPDATE files SET head = (SELECT head FROM files WHERE id = $2) WHERE id = $1`, id, other)
		},
		"a byte of the head": func(id, _ string) {
			back.exec(`UPDATE files SET head = set_byte(head, 5, get_byte(head, 5) # 1) WHERE id = $1`, id)
		},
		"a byte of the key": func(id, _ string) {
			back.exec(`UPDATE files SET wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1) WHERE id = $1`, id)
		},
		"no key at all": func(id, _ string) { back.exec(`UPDATE files SET wrapped = NULL WHERE id = $1`, id) },
		"its last piece in the place of its head": func(id, _ string) {
			back.exec(`UPDATE files SET head = (SELECT body FROM file_chunks WHERE file = $1 AND n = 0) WHERE id = $1`, id)
		},
	} {
		content := picture(2*piece + 100)
		id, other := put(t, s, files.File{}, content), put(t, s, files.File{}, content)
		change(id, other)
		_, got, err := read(t, s, id)
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(content, got) {
			t.Errorf("%s: something was given out that was never put in", name)
		}
	}
}

func TestKeysAreReplaced(t *testing.T) {
	t.Parallel()
	old, d, back := open(t)
	contents := map[string][]byte{}
	for size := range 5 {
		content := picture(100 + size)
		contents[put(t, old, files.File{}, content)] = content
	}
	one, two := key("one", 1), key("two", 2)
	both := files.New(d, ring(t, two, one), largest)
	content := picture(99)
	contents[put(t, both, files.File{}, content)] = content
	for _, want := range []int{5, 0} { // The sixth has the new key already.
		n, err := both.Rewrap(t.Context())
		if n != want || err != nil {
			t.Errorf("%d keys were wrapped anew, want %d: %v", n, want, err)
		}
	}
	if n := back.count(`SELECT count(*) FROM files WHERE key_id = 'two'`); n != 6 {
		t.Errorf("%d files have the new key", n)
	}
	alone := files.New(d, ring(t, two), largest)
	for id, content := range contents {
		if _, got, err := read(t, alone, id); err != nil || !bytes.Equal(got, content) {
			t.Errorf("with the new key alone: %v", err)
		}
		if _, _, err := old.Open(t.Context(), id); !fault.Is(err, fault.Unavailable) {
			t.Errorf("with the old key alone: %v", err)
		}
		// A key of the same name that is another one.
		if _, _, err := files.New(d, ring(t, key("two", 3)), largest).Open(t.Context(), id); !fault.Is(err, fault.Internal) {
			t.Errorf("with a wrong key: %v", err)
		}
	}
	none := files.New(d, ring(t), largest)
	if _, err := none.Rewrap(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("rewrap without a key: %v", err)
	}
	if _, err := none.Put(t.Context(), files.File{}, bytes.NewReader(content)); !fault.Is(err, fault.Invalid) {
		t.Errorf("put without a key: %v", err)
	}
}

func TestAClosedReader(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	_, r, err := s.Open(t.Context(), put(t, s, files.File{}, picture(100)))
	must(t, err)
	must(t, r.Close())
	if n, err := r.Read(make([]byte, 10)); n != 0 || err == nil || errors.Is(err, io.EOF) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func BenchmarkPut(b *testing.B) {
	s, _, _ := open(b)
	content := picture(largest)
	b.SetBytes(largest)
	for b.Loop() {
		put(b, s, files.File{}, content)
	}
}

func BenchmarkRead(b *testing.B) {
	s, _, _ := open(b)
	id := put(b, s, files.File{}, picture(largest))
	b.SetBytes(largest)
	for b.Loop() {
		if _, _, err := read(b, s, id); err != nil {
			b.Fatal(err)
		}
	}
}
