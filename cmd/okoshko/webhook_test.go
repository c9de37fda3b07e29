package main

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"okoshko/core/privacy"
)

// An update that nobody can read is put aside and acknowledged, however large
// it is: Telegram would bring it for a day, and nothing else of that chat.
func TestLargeUpdatesArePutAside(t *testing.T) {
	t.Parallel()
	const secret = "webhook-of-a-test"
	s := startServer(t, func(c *Config) { c.Telegram.WebhookSecret = privacy.NewSecret(secret) })
	for name, tc := range map[string]struct {
		size    int
		chunked bool
		secret  string
		want    int
	}{
		"above the channel's limit":           {2 << 20, false, secret, http.StatusOK},
		"above the server's limit":            {6 << 20, false, secret, http.StatusOK},
		"far above it":                        {20 << 20, false, secret, http.StatusOK},
		"above the server's limit, in chunks": {6 << 20, true, secret, http.StatusOK},
		"from a stranger":                     {2 << 20, false, "guessed", http.StatusForbidden},
		"from a stranger, above the limit":    {6 << 20, false, "guessed", http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			before := casualties(t, s)
			var body io.Reader = bytes.NewReader(bytes.Repeat([]byte{'x'}, tc.size))
			if tc.chunked {
				body = io.MultiReader(body) // hides its length
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url(t)+"/telegram/webhook", body)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", tc.secret)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tc.want {
				t.Errorf("answered %s, want %d", resp.Status, tc.want)
			}
			more := 0
			if tc.want == http.StatusOK {
				more = 1
			}
			if after := casualties(t, s); after != before+more {
				t.Errorf("%d updates were put aside, want %d", after-before, more)
			}
		})
	}
}

func casualties(t *testing.T, s *server) int {
	t.Helper()
	list, err := s.stores.db.Casualties(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
