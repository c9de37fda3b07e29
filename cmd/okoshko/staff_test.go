package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
	"okoshko/core/privacy"
)

// What is done to an account at a terminal counts at once for a server that
// runs.
func TestStaffOfARunningServer(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s := startServer(t, func(c *Config) { c.Postgres.URL = privacy.NewURL(database) })
	environ := []string{
		"OKOSHKO_POSTGRES_URL=" + database, "OKOSHKO_REDIS_URL=" + redistest.URL(t), "OKOSHKO_DATA_DIR=" + t.TempDir(),
	}
	const first, second = "first password", "second password"
	staff := func(stdin string, args ...string) string {
		t.Helper()
		code, out, said := run(t, environ, stdin, append([]string{"staff"}, args...)...)
		if code != 0 {
			t.Fatalf("staff %v: exit code %d: %s", args, code, said)
		}
		if strings.Contains(out+said, first) || strings.Contains(out+said, second) {
			t.Errorf("staff %v shows the password", args)
		}
		return out
	}
	enters := func(password string) int {
		t.Helper()
		status, _, err := s.clerk("").ask(http.MethodPost, "/sign-in", map[string]string{"login": "Vera", "password": password})
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	staff(first+"\n", "add", "Vera", "--name", "Вера")
	if got := enters(first); got != http.StatusOK {
		t.Errorf("a new account: %d", got)
	}
	if out := staff("", "list"); !strings.Contains(out, "vera") || !strings.Contains(out, "Вера") || !strings.Contains(out, "active") {
		t.Errorf("listed:\n%s", out)
	}
	staff(second, "reset", "vera") // a pipe may end without a line
	if old, now := enters(first), enters(second); old != http.StatusUnauthorized || now != http.StatusOK {
		t.Errorf("after the reset: the old password %d, the new one %d", old, now)
	}
	staff("", "disable", "vera")
	if got := enters(second); got != http.StatusUnauthorized {
		t.Errorf("a disabled account: %d", got)
	}
	if out := staff("", "list"); !strings.Contains(out, "disabled") {
		t.Errorf("listed:\n%s", out)
	}
	staff("", "enable", "vera")
	if got := enters(second); got != http.StatusOK {
		t.Errorf("an account that is open again: %d", got)
	}
}

// The demo's passwords are made up on the machine, kept, and work after a
// restart; who loses the file gets new ones.
func TestDemoStaff(t *testing.T) {
	t.Parallel()
	d, dir := pgtest.Open(t), filepath.Join(t.TempDir(), "new")
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, err := addDemoStaff(t.Context(), d, dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := addDemoStaff(t.Context(), d, dir)
	if err != nil || len(first) != len(demoStaff) {
		t.Fatalf("%v, %v", first, err)
	}
	for login, password := range first {
		if again[login] != password || len(password) < 12 {
			t.Errorf("%s: %q, then %q", login, password, again[login])
		}
	}
	path := filepath.Join(dir, "demo-staff.json")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", path, info, err)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the test's own
	if err != nil || !json.Valid(text) || bytes.Contains(text, []byte("argon2id")) {
		t.Errorf("%s, %v", text, err)
	}
	before, _, err1 := d.FindStaff(t.Context(), "anna")
	err2 := os.Remove(path)
	renewed, err3 := addDemoStaff(t.Context(), d, dir)
	after, _, err4 := d.FindStaff(t.Context(), "anna")
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || renewed["anna"] == first["anna"] ||
		after.Version != before.Version+1 || after.ID != before.ID {
		t.Errorf("from %+v to %+v (%v, %v, %v, %v)", before.Version, after.Version, err1, err2, err3, err4)
	}
}
