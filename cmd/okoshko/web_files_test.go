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
	ctx, cancel := context.WithTimeout(t.Context(), patience)
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

// An upload that no message names within a day goes with the next night's job;
// one that is named stays.
func TestForgottenUploadsGo(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := open(t, s)
	c.greet()
	upload := func() string {
		t.Helper()
		id, err := c.Upload(t.Context(), "счётчик.jpg", photo())
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	began := s.clock.ahead.Load()
	tidy := func(later time.Duration) {
		t.Helper()
		s.clock.ahead.Store(began + int64(later))
		for _, j := range jobs {
			if err := j.run(t.Context(), tools{stores: s.stores, keepDialogs: 12}, s.clock.Now()); err != nil {
				t.Fatalf("job %s: %v", j.name, err)
			}
		}
	}
	stays := func(what, id string, want int) {
		t.Helper()
		if _, _, err := c.Get(t.Context(), "/chat/files/"+id); webtest.Status(err) != want {
			t.Errorf("%s: %v, want %d", what, err, want)
		}
	}
	named, forgotten := upload(), upload()
	c.Tell(webtest.Message{"t": "files", "files": []string{named}})
	c.await("an answer to the file", func(v *webtest.View) bool { return v.Owed == 0 && len(v.Entries) >= 4 })
	tidy(23 * time.Hour)
	stays("a young upload", forgotten, http.StatusOK)
	tidy(26 * time.Hour)
	late := upload() // on the clock as it stands now
	tidy(27 * time.Hour)
	stays("a named file", named, http.StatusOK)
	stays("a forgotten upload", forgotten, http.StatusNotFound)
	stays("an upload of an hour ago", late, http.StatusOK)
	answers, err := c.Send(t.Context(), webtest.Message{"t": "files", "id": "message-9", "files": []string{forgotten}})
	if err != nil || len(answers) != 1 || answers[0].Error != "unknown_file" {
		t.Errorf("a forgotten upload is named: %+v, %v", answers, err)
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
