package main

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// Who holds the secret of a session that somebody has ended is told why, and nobody
// else is told anything.
func TestSessionsSayWhyTheyEnd(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	chief := s.hire(t, "ends-chief", "Вера", nil, staff.Admin)
	worker := s.hire(t, "ends-worker", "Игорь", nil, staff.ComplaintRouter)
	path := "/people/" + s.idOf(t, worker)
	why := func(k *clerk) any {
		t.Helper()
		status, said, err := k.ask(http.MethodGet, "/me", nil)
		if err != nil || status != http.StatusUnauthorized || said["error"] != "session" {
			t.Errorf("%d %v, %v", status, said, err)
		}
		return said["why"]
	}
	// again signs in anew, with a session of its own.
	again := func(password string) *clerk {
		t.Helper()
		k := s.clerk(worker.login)
		k.password = password
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
		return k
	}
	stranger := s.clerk(worker.login)
	if got := why(stranger); got != nil {
		t.Errorf("without a session: %v", got)
	}
	stranger.cookie = worker.cookie[:len(worker.cookie)-4] + "AAAA"
	for _, one := range []struct {
		want staff.Ending
		ends func()
	}{
		{staff.EndedByOther, func() { _, _ = chief.must("POST", path+"/sessions", nil) }},
		{staff.EndedRoles, func() {
			_, _ = chief.must("POST", path, map[string]any{"name": "Игорь", "roles": []string{"operator"}})
		}},
		{staff.EndedByOwner, func() { _, _ = again(worker.password).must("POST", "/account/sessions/end", nil) }},
		{staff.EndedPassword, func() {
			hash, err := console.HashPassword(worker.password)
			if err != nil {
				t.Fatal(err)
			}
			id := s.accountOf(t, worker).ID
			if _, err := s.stores.db.SetPassword(t.Context(), audit.Entry{Staff: id, Act: audit.OwnPassword}, id, hash, false); err != nil {
				t.Fatal(err)
			}
		}},
		{staff.EndedAccount, func() { _, _ = chief.must("POST", path+"/disable", nil) }},
	} {
		k := again(worker.password)
		one.ends()
		if got := why(k); got != string(one.want) {
			t.Errorf("%v, want %s", got, one.want)
		}
		if got := why(stranger); got != nil {
			t.Errorf("%s: a stranger is told %v", one.want, got)
		}
	}
	if _, err := chief.must("POST", path+"/enable", nil); err != nil {
		t.Fatal(err)
	}
	// One of several, from another device; and one that its holder has left.
	k, other := again(worker.password), again(worker.password)
	account, err := other.must(http.MethodGet, "/account", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range account["sessions"].([]any) {
		if session := one.(map[string]any); session["own"] != true {
			if _, err := other.must("POST", "/account/sessions/"+session["id"].(string)+"/end", nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := why(k); got != string(staff.EndedByOwner) {
		t.Errorf("ended from another device: %v", got)
	}
	cookie := other.cookie
	if err := other.leave(); err != nil {
		t.Fatal(err)
	}
	other.cookie = cookie
	if got := why(other); got != nil {
		t.Errorf("signed out: %v", got)
	}
}

// The page says why it asks to sign in: over what was begun, and when it is opened.
func TestSessionEndPages(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	chief := s.hire(t, "page-ender", "Вера", nil, staff.Admin)
	igor := s.hire(t, "page-ended", "Игорь", nil, staff.ComplaintRouter)
	end := func() {
		t.Helper()
		if _, err := chief.must("POST", "/people/"+s.idOf(t, igor)+"/sessions", nil); err != nil {
			t.Fatal(err)
		}
	}
	o := s.desk(t, igor, "ended")
	end()
	o.do("he is told", see("dialog", "Администратор завершил ваш вход"), see("dialog", "на месте"))
	o.at("62-ended")
	o.do("he signs in again", fill("#password", igor.password), press("dialog .act", "Войти"), chromedp.WaitNotPresent("dialog .credentials"))
	end()
	o.do("he opens the page", chromedp.Reload(), see(".sign-in", "Администратор завершил ваш вход"))
	o.at("63-ended-door")
}
