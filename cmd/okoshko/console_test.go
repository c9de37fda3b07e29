package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// accountOf finds the account of a clerk.
func (s *server) accountOf(t *testing.T, k *clerk) staff.Account {
	t.Helper()
	a, found, err := s.stores.db.FindStaff(t.Context(), k.login)
	if err != nil || !found {
		t.Fatalf("%s is found: %v, %v", k.login, found, err)
	}
	return a
}

// doors are all addresses of the console's API but the sign-in, filled in, and
// one that is none.
func (s *server) doors() []console.Door {
	fill := strings.NewReplacer(":office", "03", ":id", "1", ":c", "tg:1001", "*", "tg:1001/1-0.0")
	var out []console.Door
	for _, d := range s.console.Doors() {
		if d.Path != "/sign-in" {
			d.Path = fill.Replace(d.Path)
			out = append(out, d)
		}
	}
	return append(out, console.Door{Method: "GET", Path: "/nothing", Needs: "proven"})
}

// knock sends a request with the headers given and returns the status.
func knock(t *testing.T, s *server, method, path string, headers ...string) int {
	t.Helper()
	req := httptest.NewRequest(method, console.Path+path, strings.NewReader("{}"))
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.app.Test(req, 30_000)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func arrive(t *testing.T, s *server, n int) *clerk {
	t.Helper()
	k := s.clerk(demoStaff[n].login)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	return k
}

// Every route is closed to who has not signed in, and what changes something to
// who is not on our own page.
func TestConsoleDoors(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	anna, pavel := arrive(t, s, 0), arrive(t, s, 1)
	const own = "same-origin"
	for _, r := range s.doors() {
		if got := knock(t, s, r.Method, r.Path, "Sec-Fetch-Site", own); got != http.StatusUnauthorized {
			t.Errorf("%s %s without a session: %d", r.Method, r.Path, got)
		}
		made := "okoshko-staff=" + strings.Repeat("A", 43)
		if got := knock(t, s, r.Method, r.Path, "Sec-Fetch-Site", own, "Cookie", made); got != http.StatusUnauthorized {
			t.Errorf("%s %s with a session that was made up: %d", r.Method, r.Path, got)
		}
		if r.Method == http.MethodGet {
			continue
		}
		for what, headers := range map[string][]string{
			"without a token":             {"Sec-Fetch-Site", own},
			"with another's token":        {"Sec-Fetch-Site", own, "X-CSRF-Token", pavel.csrf},
			"from another site":           {"Sec-Fetch-Site", "cross-site", "X-CSRF-Token", anna.csrf},
			"from a sister site":          {"Sec-Fetch-Site", "same-site", "X-CSRF-Token", anna.csrf},
			"from another origin":         {"Origin", "https://evil.example", "X-CSRF-Token", anna.csrf},
			"from an origin like ours":    {"Origin", s.config.HTTP.PublicURL + ".evil.example", "X-CSRF-Token", anna.csrf},
			"from nowhere":                {"X-CSRF-Token", anna.csrf},
			"from a sandbox":              {"Origin", "null", "X-CSRF-Token", anna.csrf},
			"from elsewhere, it pretends": {"Origin", s.config.HTTP.PublicURL, "Sec-Fetch-Site", "cross-site", "X-CSRF-Token", anna.csrf},
		} {
			if got := knock(t, s, r.Method, r.Path, append(headers, "Cookie", anna.cookie)...); got != http.StatusForbidden {
				t.Errorf("%s %s %s: %d", r.Method, r.Path, what, got)
			}
		}
	}
	if got := knock(t, s, "GET", "/me", "Cookie", anna.cookie); got != http.StatusOK {
		t.Errorf("nobody has been let in: %d", got)
	}
	if got := knock(t, s, "POST", "/sign-in", "Origin", "https://evil.example"); got != http.StatusForbidden {
		t.Errorf("sign-in from another origin: %d", got)
	}
}

// A session ends when its holder goes, changes the password, or is shut out.
func TestConsoleSessions(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ctx := t.Context()
	in := func(k *clerk) int { return knock(t, s, "GET", "/me", "Cookie", k.cookie) }

	gone := arrive(t, s, 0)
	cookie := gone.cookie
	if err := gone.leave(); err != nil {
		t.Fatal(err)
	}
	if got := knock(t, s, "GET", "/me", "Cookie", cookie); got != http.StatusUnauthorized {
		t.Errorf("after the sign-out: %d", got)
	}
	first, second := arrive(t, s, 0), arrive(t, s, 0)
	if first.cookie == second.cookie || first.csrf == second.csrf || in(first) != http.StatusOK || in(second) != http.StatusOK {
		t.Error("two sessions of one account are not two")
	}
	hash, err := console.HashPassword("another password")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.stores.db.SetPassword(ctx, audit.Entry{Act: audit.StaffPassword}, s.accountOf(t, first).ID, hash, false); err != nil {
		t.Fatal(err)
	}
	if in(first) != http.StatusUnauthorized || in(second) != http.StatusUnauthorized {
		t.Error("sessions outlive the password")
	}
	other := arrive(t, s, 1)
	if _, err := s.stores.db.SetDisabled(ctx, audit.Entry{}, s.accountOf(t, other).ID, true); err != nil {
		t.Fatal(err)
	}
	if in(other) != http.StatusUnauthorized {
		t.Error("a session outlives its account")
	}
	if err := s.clerk(other.login).come(); err == nil {
		t.Error("a disabled account signs in")
	}
}

// Passwords cannot be guessed in numbers, and an unknown login looks like a
// wrong password.
func TestConsoleGuesses(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	try := func(login, password string) (int, string) {
		k := s.clerk("")
		status, said, err := k.ask("POST", "/sign-in", map[string]string{"login": login, "password": password})
		if err != nil {
			t.Fatal(err)
		}
		if k.cookie != "" && status != http.StatusOK {
			t.Error("a refusal sets a cookie")
		}
		code, _ := said["error"].(string)
		return status, code
	}
	for range 5 {
		status, code := try("anna", "wrong password")
		nobody, same := try("nobody", "wrong password")
		if status != http.StatusUnauthorized || code != "wrong" || nobody != status || same != code {
			t.Fatalf("%d %s, of nobody %d %s", status, code, nobody, same)
		}
	}
	if status, code := try("anna", s.demoStaff["anna"]); status != http.StatusTooManyRequests || code != "too_many" {
		t.Errorf("the sixth guess was right: %d %s", status, code)
	}
	if status, _ := try("pavel", s.demoStaff["pavel"]); status != http.StatusOK {
		t.Errorf("a colleague is locked out: %d", status)
	}
}
