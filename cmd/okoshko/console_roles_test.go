package main

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// employ adds somebody to a server's staff, who signs in by himself.
func (s *server) employ(t *testing.T, login string, roles ...staff.Role) *clerk {
	t.Helper()
	const password = "a password of his own"
	hash, err := console.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.stores.db.AddStaff(t.Context(), audit.Entry{}, login, hash, false, staff.Card{Name: login, Roles: roles}); err != nil {
		t.Fatal(err)
	}
	k := s.clerk(login)
	k.password = password
	return k
}

// Every route that the server serves says whom it is for, in a word that means
// something, and every permission opens something.
func TestEveryDoorIsDeclared(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	words := append(staff.Permissions(), "anybody", "proven", "owing", "signed_in")
	declared, asked := map[string]bool{}, map[staff.Permission]bool{}
	for _, d := range s.console.Doors() {
		declared[d.Method+" "+console.Path+d.Path] = true
		asked[d.Needs] = true
		if !slices.Contains(words, d.Needs) {
			t.Errorf("%s %s needs %q, which nobody can have", d.Method, d.Path, d.Needs)
		}
	}
	served := 0
	for _, r := range s.app.GetRoutes(true) {
		if strings.HasPrefix(r.Path, console.Path) {
			served++
			if !declared[r.Method+" "+r.Path] {
				t.Errorf("%s %s is served and not declared", r.Method, r.Path)
			}
		}
	}
	if served != len(declared) {
		t.Errorf("%d routes are declared, %d served", len(declared), served)
	}
	for _, p := range staff.Permissions() {
		if !asked[p] {
			t.Errorf("nothing asks for %s", p)
		}
	}
}

// Every address is tried by somebody of every role, and of none: what his role
// does not allow is refused as such, before anything else is looked at.
func TestEveryDoorForEveryRole(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for _, role := range append(staff.Roles(), "") {
		var roles []staff.Role
		if role != "" {
			roles = append(roles, role)
		}
		k := s.employ(t, "one-"+strings.ReplaceAll(string(role), "_", "-")+"x", roles...)
		for _, d := range s.doors() {
			if err := k.come(); err != nil {
				t.Fatal(err)
			}
			status, said, err := k.ask(d.Method, d.Path, map[string]string{})
			if err != nil {
				t.Fatal(err)
			}
			open := role.May(d.Needs) || !slices.Contains(staff.Permissions(), d.Needs)
			refused := status == http.StatusForbidden && said["error"] == "permission"
			if open == refused {
				t.Errorf("%s %s for %q: %d %v", d.Method, d.Path, role, status, said)
			}
			if csrf, ok := said["csrf"].(string); ok {
				k.csrf = csrf
			}
			if d.Path == "/sign-out" {
				k.cookie = ""
			}
		}
	}
}

// A role that is given or taken counts at once: sessions are over, and the next
// one has the new rights.
func TestRolesChangeSessions(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	admin, k := s.employ(t, "chief", staff.Admin), s.employ(t, "worker", staff.Operator)
	for _, one := range []*clerk{admin, k} {
		if err := one.come(); err != nil {
			t.Fatal(err)
		}
	}
	path := "/people/" + s.idOf(t, k)
	for _, c := range []struct {
		roles  []string
		queue  int
		signed bool
	}{
		{[]string{"dpo"}, http.StatusForbidden, false},
		{[]string{"operator", "dpo"}, http.StatusOK, false},
		{[]string{"dpo", "operator"}, http.StatusOK, true}, // the same
		{[]string{}, http.StatusForbidden, false},
	} {
		if _, err := admin.must("POST", path, map[string]any{"name": "Работник", "roles": c.roles}); err != nil {
			t.Fatal(err)
		}
		if status, _, _ := k.ask("GET", "/me", nil); (status == http.StatusOK) != c.signed {
			t.Errorf("a session under the roles before %v: %d", c.roles, status)
		}
		old := k.cookie
		k.cookie = ""
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
		if status, _, _ := k.ask("GET", "/queue", nil); status != c.queue || k.cookie == old {
			t.Errorf("the queue for %v: %d", c.roles, status)
		}
	}
	for _, own := range []map[string]any{
		{"roles": []string{}},
		{"roles": []string{"admin", "supervisor"}},
		{"roles": []string{"admin"}, "territories": []string{"01"}},
	} {
		own["name"] = "x"
		if status, said, _ := admin.ask("POST", "/people/"+s.idOf(t, admin), own); status != http.StatusConflict || said["error"] != "self" {
			t.Errorf("he changes his own rights to %v: %d %v", own, status, said)
		}
	}
	if a := s.accountOf(t, admin); a.May(staff.SeeCases) || len(a.Territories) > 0 {
		t.Errorf("he has made himself %+v", a)
	}
	if status, said, _ := admin.ask("POST", path, map[string]any{"name": "x", "roles": []string{"root"}}); status != http.StatusBadRequest || said["error"] != "role" {
		t.Errorf("a role that is none: %d %v", status, said)
	}
}

// Those who sit in no queue are not counted as being at the desk.
func TestOnlyOperatorsAreAtTheDesk(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for _, k := range []*clerk{s.employ(t, "chief", staff.Admin), s.employ(t, "worker", staff.Operator)} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
		if a := s.accountOf(t, k); (a.SeenAt != nil) != (k.login == "worker") {
			t.Errorf("%s is at the desk: %v", k.login, a.SeenAt)
		}
	}
}

// What is typed about people is refused by name, whatever it is.
func TestHostilePeople(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	k := s.employ(t, "chief", staff.Admin)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	good := map[string]any{"login": "vera", "name": "Вера", "roles": []string{"operator"}}
	for what, c := range map[string]struct {
		field, code string
		value       any
	}{
		"a login in Russian":      {"login", "login", "вера"},
		"a login that is taken":   {"login", "login_taken", "ANNA"},
		"a long login":            {"login", "login", strings.Repeat("a", 5000)},
		"no name":                 {"name", "name", " \t"},
		"a name that turns round": {"name", "name", "Вера\u202e"},
		"a name with a zero":      {"name", "name", "Вера\x00"},
		"a role that is none":     {"roles", "role", []string{"operator", "root"}},
		"a team with a zero":      {"teams", "team", []string{"vp\x00"}},
		"a team that is none":     {"teams", "team", []string{"none"}},
		"a territory of nowhere":  {"territories", "territory", []string{"99"}},
		"roles as a text":         {"roles", "invalid", "admin"},
	} {
		card := maps.Clone(good)
		card[c.field] = c.value
		status, said, err := k.ask("POST", "/people", card)
		if err != nil || status < 400 || status >= 500 || said["error"] != c.code {
			t.Errorf("%s: %d %v, %v", what, status, said, err)
		}
	}
	if _, found, err := s.stores.db.FindStaff(t.Context(), "vera"); found || err != nil {
		t.Errorf("she was added all the same: %v", err)
	}
	for _, query := range []string{"?about=%00", "?about=%ff%27--", "?act=nothing%00", "?staff=99"} {
		if said, err := k.must("GET", "/audit"+query, nil); err != nil || said["more"] != false {
			t.Errorf("%s: %v, %v", query, said, err)
		}
	}
	for _, query := range []string{"?staff=x", "?below=x", "?from=yesterday", "?to=2026-13-01T00:00:00Z"} {
		if status, said, _ := k.ask("GET", "/audit"+query, nil); status != http.StatusBadRequest || said["error"] != "invalid" {
			t.Errorf("%s: %d %v", query, status, said)
		}
	}
	for _, path := range []string{"/teams/%00/drop", "/teams/none/drop", "/people/99/disable", "/people/x/enable", "/people/99999999999999999999/sessions"} {
		if status, _, _ := k.ask("POST", path, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
