package files_test

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/files"
	"okoshko/core/fault"
)

func TestALinkIsGoodOnce(t *testing.T) {
	t.Parallel()
	s, _, back := open(t)
	content := picture(piece + 9)
	id := put(t, s, files.File{Name: "bill.jpg"}, content)
	token, err := s.Link(t.Context(), id, "tg:1", noon)
	must(t, err)
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`).MatchString(token) {
		t.Errorf("the token %q does not fit into an address", token)
	}
	if n := back.count(`SELECT count(*) FROM file_links l WHERE l::text LIKE '%' || $1 || '%' OR position($1::bytea IN token) > 0`, token); n != 0 {
		t.Error("the token stands in the database")
	}
	for range 3 { // To look does not use it up.
		must(t, s.CheckLink(t.Context(), token, noon.Add(files.LinkFor-time.Second)))
	}
	const at = 8
	var opened atomic.Int64
	var wg sync.WaitGroup
	for range at {
		wg.Go(func() {
			f, r, err := s.OpenLink(t.Context(), token, noon.Add(time.Minute))
			if err != nil {
				if !fault.Is(err, fault.NotFound) || r != nil {
					t.Error(err)
				}
				return
			}
			opened.Add(1)
			got, err := io.ReadAll(r)
			if err != nil || f.Name != "bill.jpg" || !bytes.Equal(got, content) {
				t.Errorf("%s with %d bytes, %v", f.Name, len(got), err)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 {
		t.Errorf("it was opened %d times", opened.Load())
	}
}

// Used up, run out, deleted, never made: nobody can tell them apart.
func TestLinksThatAreNotGood(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	id, gone := put(t, s, files.File{}, picture(99)), put(t, s, files.File{}, picture(99))
	link := func(id string) string {
		token, err := s.Link(t.Context(), id, "tg:1", noon)
		must(t, err)
		return token
	}
	used, deleted := link(id), link(gone)
	_, r, err := s.OpenLink(t.Context(), used, noon)
	must(t, err)
	must(t, r.Close())
	must(t, s.Delete(t.Context(), gone))
	late := noon.Add(files.LinkFor)
	said := map[string]bool{}
	for name, row := range map[string]struct {
		token string
		now   time.Time
	}{
		"used":     {used, noon},
		"too late": {link(id), late},
		"deleted":  {deleted, noon},
		"never":    {strings.Repeat("A", 43), noon},
		"short":    {"A", noon},
		"long":     {strings.Repeat("A", 4000), noon},
		"empty":    {"", noon},
		"strange":  {"\x00'; --", noon},
	} {
		checked := s.CheckLink(t.Context(), row.token, row.now)
		_, r, opened := s.OpenLink(t.Context(), row.token, row.now)
		if !fault.Is(checked, fault.NotFound) || !fault.Is(opened, fault.NotFound) || r != nil {
			t.Errorf("%s: %v, %v", name, checked, opened)
			continue
		}
		said[checked.Error()], said[opened.Error()] = true, true
	}
	if len(said) != 1 {
		t.Errorf("they can be told apart: %v", said)
	}
	if _, err := s.Link(t.Context(), gone, "tg:1", noon); !fault.Is(err, fault.NotFound) {
		t.Errorf("a link to nothing: %v", err)
	}
}

// What fails on our side costs the customer nothing.
func TestAFileThatCannotBeOpenedLeavesItsLink(t *testing.T) {
	t.Parallel()
	s, d, _ := open(t)
	token, err := s.Link(t.Context(), put(t, s, files.File{}, picture(99)), "tg:1", noon)
	must(t, err)
	if _, _, err := files.New(d, ring(t), largest).OpenLink(t.Context(), token, noon); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the key: %v", err)
	}
	_, r, err := s.OpenLink(t.Context(), token, noon)
	must(t, err)
	must(t, r.Close())
}
