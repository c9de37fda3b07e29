package main

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/core/staff"
)

// codeAt is the code of a key, as people type it, for a time step from now: RFC
// 6238 once more, by the book.
func codeAt(t *testing.T, typed string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.ReplaceAll(typed, "-", "")))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, time.Now().Unix()/30+steps)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

func (s *server) idOf(t *testing.T, k *clerk) string {
	t.Helper()
	return strconv.FormatInt(s.accountOf(t, k).ID, 10)
}

// enrol sets up a second factor by the code of now, and returns the key, the
// recovery codes and the code that it has used. That of the next step is good
// already.
func (k *clerk) enrol(t *testing.T) (key string, codes []string, used string) {
	t.Helper()
	begun, err := k.must("POST", "/account/second/begin", map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	key, _ = begun["key"].(string)
	if squares, _ := begun["squares"].([]any); len(squares) < 21 || len(squares) != len(fmt.Sprint(squares[0])) {
		t.Errorf("the square has %d rows", len(squares))
	}
	used = codeAt(t, key, 0)
	done, err := k.must("POST", "/account/second/confirm", map[string]string{"code": used})
	if err != nil {
		t.Fatal(err)
	}
	k.csrf, _ = done["csrf"].(string)
	list, _ := done["recovery"].([]any)
	for _, one := range list {
		codes = append(codes, fmt.Sprint(one))
	}
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	return key, codes, used
}

// half proves the password alone.
func (k *clerk) half(t *testing.T) {
	t.Helper()
	k.cookie, k.csrf = "", ""
	said, err := k.must("POST", "/sign-in", map[string]string{"login": k.login, "password": k.password})
	if err != nil || said["second"] != true || said["staff"] != nil {
		t.Fatalf("after the password: %v, %v", said, err)
	}
	k.csrf, _ = said["csrf"].(string)
}

// code enters a code after the password.
func (k *clerk) code(t *testing.T, code string) (int, string) {
	t.Helper()
	status, said, err := k.ask("POST", "/sign-in/code", map[string]string{"code": code})
	if err != nil {
		t.Fatal(err)
	}
	if csrf, ok := said["csrf"].(string); ok {
		k.csrf = csrf
	}
	fault, _ := said["error"].(string)
	return status, fault
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	k := s.employ(t, "worker", staff.Operator)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	if status, said, _ := k.ask("POST", "/account/second/confirm", map[string]string{"code": "123456"}); status != http.StatusForbidden || said["error"] != "wrong" {
		t.Errorf("confirmed before it was begun: %d %v", status, said)
	}
	before := k.cookie
	key, codes, used := k.enrol(t)
	if status, _, _ := k.ask("GET", "/me", nil); k.cookie == before || status != http.StatusOK {
		t.Errorf("the session goes on under the same secret (%d)", status)
	}
	if got := knock(t, s, "GET", "/me", "Cookie", before); got != http.StatusUnauthorized {
		t.Errorf("the session before is still open: %d", got)
	}

	k.half(t)
	for _, d := range s.doors() {
		if d.Path == "/sign-in/code" || d.Path == "/sign-out" || d.Path == "/nothing" {
			continue
		}
		if status, said, _ := k.ask(d.Method, d.Path, map[string]string{}); status != http.StatusUnauthorized || said["error"] != "second" {
			t.Errorf("%s %s with the password alone: %d %v", d.Method, d.Path, status, said)
		}
	}
	half := k.cookie
	if status, fault := k.code(t, used); status != http.StatusUnauthorized || fault != "wrong" {
		t.Errorf("the code that was used to set it up: %d %s", status, fault)
	}
	used = codeAt(t, key, 1)
	if status, _ := k.code(t, " "+used[:3]+" "+used[3:]); status != http.StatusOK || k.cookie == half {
		t.Errorf("a code: %d, or the secret is that of the password", status)
	}
	if got := knock(t, s, "GET", "/queue", "Cookie", half); got != http.StatusUnauthorized {
		t.Errorf("the half session is still open: %d", got)
	}

	k.half(t)
	if status, fault := k.code(t, used); status != http.StatusUnauthorized || fault != "wrong" {
		t.Errorf("a code twice: %d %s", status, fault)
	}
	if status, _ := k.code(t, strings.ToUpper(strings.ReplaceAll(codes[0], "-", " "))); status != http.StatusOK {
		t.Errorf("a recovery code: %d", status)
	}
	k.half(t)
	if status, fault := k.code(t, codes[0]); status != http.StatusUnauthorized || fault != "wrong" {
		t.Errorf("a recovery code twice: %d %s", status, fault)
	}
}

// Of many who enter one code at once, one is let in.
func TestOneCodeOpensOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	k := s.employ(t, "worker", staff.Operator)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	key, codes, _ := k.enrol(t)
	for what, code := range map[string]string{"a code": codeAt(t, key, 1), "a recovery code": codes[3]} {
		thieves := make([]*clerk, 4)
		for i := range thieves {
			thieves[i] = s.clerk(k.login)
			thieves[i].password = k.password
			thieves[i].half(t)
		}
		var all sync.WaitGroup
		in := make([]bool, len(thieves))
		for i, one := range thieves {
			all.Go(func() {
				status, _, err := one.ask("POST", "/sign-in/code", map[string]string{"code": code})
				in[i] = err == nil && status == http.StatusOK
			})
		}
		all.Wait()
		n := 0
		for _, yes := range in {
			if yes {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s lets %d in", what, n)
		}
	}
}

// Codes cannot be guessed in numbers, whichever kind, from whatever address;
// the words are those of a wrong one until the limit is reached.
func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	k := s.employ(t, "worker", staff.Operator)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	key, codes, _ := k.enrol(t)
	k.half(t)
	for _, guess := range []string{"000000", "aaaa-bbbb-cccc-dddd", "", "12345", strings.Repeat("9", 199)} {
		if guess == codeAt(t, key, 0) {
			guess = "111111"
		}
		if status, fault := k.code(t, guess); status != http.StatusUnauthorized || fault != "wrong" {
			t.Errorf("guess %q: %d %s", guess, status, fault)
		}
	}
	for _, right := range []string{codeAt(t, key, 1), codes[0]} {
		if status, fault := k.code(t, right); status != http.StatusTooManyRequests || fault != "too_many" {
			t.Errorf("the right one after five wrong ones: %d %s", status, fault)
		}
	}
	k.half(t) // a new session, the same limit
	if status, _ := k.code(t, codes[0]); status != http.StatusTooManyRequests {
		t.Errorf("the right one in another session: %d", status)
	}
}

// Where a role needs a second factor, its holder sets one up before anything
// else; so does one with a temporary password set his own.
func TestDebtsComeFirst(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.console.Demo = false
	admin := s.employ(t, "chief", staff.Admin)
	if err := admin.come(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(admin.cookie, "__Host-") {
		t.Errorf("the cookie is %s", admin.cookie)
	}
	refused := func(k *clerk, when string) {
		t.Helper()
		for _, d := range s.doors() {
			switch d.Needs {
			case "proven", "owing":
				continue
			}
			if status, said, _ := k.ask(d.Method, d.Path, map[string]string{}); status != http.StatusForbidden || said["error"] != "owes" {
				t.Errorf("%s %s %s: %d %v", d.Method, d.Path, when, status, said)
			}
		}
	}
	refused(admin, "without a second factor")
	admin.enrol(t)
	made, err := admin.must("POST", "/people", map[string]any{"login": "Newcomer", "name": "Новый", "roles": []string{"operator"}})
	if err != nil {
		t.Fatal(err)
	}
	k := s.clerk("newcomer")
	k.password, _ = made["password"].(string)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	refused(k, "with a temporary password")
	if status, said, _ := k.ask("POST", "/account/second/begin", map[string]string{}); status != http.StatusForbidden || said["error"] != "owes" {
		t.Errorf("a second factor on a temporary password: %d %v", status, said)
	}
	for fresh, want := range map[string]string{k.password: "same", "short": "weak"} {
		if status, said, _ := k.ask("POST", "/account/password", map[string]string{"new": fresh}); status != http.StatusBadRequest || said["error"] != want {
			t.Errorf("%s: %d %v", want, status, said)
		}
	}
	done, err := k.must("POST", "/account/password", map[string]string{"new": "words of my own"})
	if err != nil {
		t.Fatal(err)
	}
	k.csrf, _ = done["csrf"].(string)
	if status, said, _ := k.ask("GET", "/queue", nil); status != http.StatusOK {
		t.Errorf("after that: %d %v", status, said)
	}
	if status, said, _ := admin.ask("POST", "/account/second/drop", map[string]string{"password": admin.password}); status != http.StatusConflict || said["error"] != "required" {
		t.Errorf("an administrator drops his second factor: %d %v", status, said)
	}
}

// A session ends with the password, by its owner's hand, by an administrator's.
func TestSessionsAreEnded(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	admin, k, other := s.employ(t, "chief", staff.Admin), s.employ(t, "worker", staff.Operator), s.employ(t, "other", staff.Operator)
	for _, one := range []*clerk{admin, k, other} {
		if err := one.come(); err != nil {
			t.Fatal(err)
		}
	}
	again := func() *clerk {
		t.Helper()
		twin := s.clerk(k.login)
		twin.password = k.password
		if err := twin.come(); err != nil {
			t.Fatal(err)
		}
		return twin
	}
	alive := func(one *clerk) bool { return knock(t, s, "GET", "/me", "Cookie", one.cookie) == http.StatusOK }
	listed := func() (ids []string) {
		t.Helper()
		mine, err := k.must("GET", "/account", nil)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := mine["sessions"].([]any)
		for _, one := range list {
			v, _ := one.(map[string]any)
			if v["own"] != true {
				ids = append(ids, fmt.Sprint(v["id"]))
			}
		}
		return ids
	}
	twin := again()
	ids := listed()
	if len(ids) != 1 {
		t.Fatalf("other sessions: %v", ids)
	}
	if status, _, _ := other.ask("POST", "/account/sessions/"+ids[0]+"/end", nil); status != http.StatusNotFound || !alive(twin) {
		t.Errorf("a colleague ends it: %d", status)
	}
	if _, err := k.must("POST", "/account/sessions/"+ids[0]+"/end", nil); err != nil || alive(twin) || !alive(k) {
		t.Errorf("its owner cannot end it alone: %v", err)
	}
	step := func(what, path string, body any) {
		t.Helper()
		twin := again()
		done, err := k.must("POST", path, body)
		if err != nil || alive(twin) || !alive(k) {
			t.Errorf("%s: the other is alive %v, his own %v, %v", what, alive(twin), alive(k), err)
		}
		k.csrf, _ = done["csrf"].(string)
	}
	step("ending the others", "/account/sessions/end", nil)
	step("changing the password", "/account/password", map[string]string{"password": k.password, "new": "another password"})
	k.password = "another password"
	if status, said, _ := k.ask("POST", "/account/password", map[string]string{"password": "a guess", "new": "yet another"}); status != http.StatusForbidden || said["error"] != "wrong" {
		t.Errorf("changing it by a guess: %d %v", status, said)
	}
	if _, err := admin.must("POST", "/people/"+s.idOf(t, k)+"/sessions", nil); err != nil || alive(k) || !alive(other) {
		t.Errorf("ended by an administrator: %v", err)
	}
	for _, verb := range []string{"disable", "password", "second"} {
		if status, said, _ := admin.ask("POST", "/people/"+s.idOf(t, admin)+"/"+verb, nil); status != http.StatusConflict || said["error"] != "self" {
			t.Errorf("an administrator does %s to himself: %d %v", verb, status, said)
		}
	}
}
