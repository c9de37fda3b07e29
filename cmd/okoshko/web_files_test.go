package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/webchat/webtest"
)

// A photo of the meter that comes with a reading is kept as evidence: the store
// fetches it from where the web channel put it.
func TestWebPhotoIsEvidence(t *testing.T) {
	t.Parallel()
	var database string
	s := startServer(t, func(c *Config) { database = c.Postgres.URL.Reveal() })
	c := open(t, s)
	waits := func(words string) {
		t.Helper()
		c.await(words, func(v *webtest.View) bool {
			return v.Owed == 0 && len(v.Entries) > 0 && strings.Contains(v.Entries[len(v.Entries)-1].Words(), words)
		})
	}
	for _, step := range [][2]string{{"0145201372", "последние 4 цифры"}, {"5093", "показание счётчика"}} {
		c.Say(step[0])
		waits(step[1])
	}
	id, err := c.Upload(t.Context(), "счётчик.jpg", photo())
	if err != nil {
		t.Fatal(err)
	}
	c.Tell(webtest.Message{"t": "files", "files": []string{id}, "text": "14920"})
	waits("Приложен 1 файл")
	db := pgtest.Conn(t, database)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var file string
	if err := eventually(ctx, func() (bool, error) {
		var failure string
		err := db.QueryRow(ctx, `SELECT coalesce(file, ''), failure FROM evidence WHERE foreign_id = $1`, id).Scan(&file, &failure)
		if failure != "" {
			t.Errorf("not fetched: %s", failure)
		}
		return file != "" || failure != "", err
	}); err != nil {
		t.Fatal(err)
	}
	f, content, err := s.stores.files.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if got, err := io.ReadAll(content); err != nil || !bytes.Equal(got, photo()) || !f.Image {
		t.Errorf("%d bytes of %s, %v", len(got), f.Type, err)
	}
}

// Bodies are streamed to uploads alone; everywhere else http.body_limit holds,
// whether the sender says how much comes or not.
func TestBodies(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *Config) { c.HTTP.BodyLimit = 64 << 10 })
	c := open(t, s)
	for name, row := range map[string]struct {
		path    string
		size    int
		chunked bool
		want    int
	}{
		"small":                {"/chat/poll", 0, false, http.StatusOK},
		"more than prefetched": {"/chat/poll", 20 << 10, false, http.StatusOK},
		"in chunks":            {"/chat/poll", 20 << 10, true, http.StatusOK},
		"too large":            {"/chat/poll", 80 << 10, false, http.StatusRequestEntityTooLarge},
		"too large in chunks":  {"/chat/poll", 80 << 10, true, http.StatusRequestEntityTooLarge},
		"not an upload":        {"/chat/files/x", 80 << 10, false, http.StatusRequestEntityTooLarge},
	} {
		var body io.Reader = strings.NewReader(`{"wait":0}` + strings.Repeat(" ", row.size))
		if row.chunked {
			body = io.MultiReader(body) // its length is unknown
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base+row.path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", c.Base)
		r.Header.Set("Authorization", "Bearer "+c.Visitor)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode != row.want {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, row.want)
		}
	}
	if _, err := c.Upload(t.Context(), "large.pdf", append([]byte("%PDF-1.7\n"), make([]byte, 1<<20)...)); err != nil {
		t.Errorf("an upload above the limit of other bodies: %v", err)
	}
	for range 3 { // refused after its first piece, and heard all the same
		if _, err := c.Upload(t.Context(), "film.bin", make([]byte, 4<<20)); webtest.Status(err) != http.StatusUnsupportedMediaType {
			t.Errorf("a large file of a kind that is not taken: %v", err)
		}
	}
}
