package main

import (
	"bytes"
	"io"
	"testing"
	"time"

	"okoshko/adapters/files"
)

// A data key that was replaced is put aside by the next night's job: after it
// the new key alone opens what was stored before.
func TestTidyReplacesTheDataKey(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	old, err := dataKeys(s.config, true)
	if err != nil {
		t.Fatal(err)
	}
	picture := photo()
	id, err := s.stores.files.Put(t.Context(), files.File{Owner: "test", Conversation: "tg:1"}, bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	fresh := files.Key{ID: "fresh", Key: bytes.Repeat([]byte{9}, 32)}
	both := &stores{db: s.stores.db, files: ringOf(t, s, append([]files.Key{fresh}, old...)...)}
	for _, j := range jobs {
		if err := j.run(t.Context(), tools{stores: both, keepDialogs: 12}, time.Now()); err != nil {
			t.Fatalf("job %s: %v", j.name, err)
		}
	}
	_, content, err := ringOf(t, s, fresh).Open(t.Context(), id)
	if err != nil {
		t.Fatalf("with the new key alone: %v", err)
	}
	defer content.Close()
	if got, err := io.ReadAll(content); err != nil || !bytes.Equal(got, picture) {
		t.Errorf("the file has changed (%v)", err)
	}
	if _, _, err := ringOf(t, s, old...).Open(t.Context(), id); err == nil {
		t.Error("the old key still opens it")
	}
}

func ringOf(t *testing.T, s *server, keys ...files.Key) *files.Store {
	t.Helper()
	ring, err := files.NewRing(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return files.New(s.stores.db, ring, largestUpload)
}
