package webchat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"okoshko/bots/webchat"
	"okoshko/bots/webchat/webtest"
	"okoshko/core/billing"
	"okoshko/core/privacy"
)

// waitFor waits until something holds of a tab.
func waitFor(t *testing.T, tab *webtest.Tab, what string, holds func(v *webtest.View) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := tab.Await(ctx, holds); err != nil {
		t.Fatalf("%s: %v; the tab has %+v", what, err, tab.View())
	}
}

// answered is a poke with its answer, everything acknowledged.
func answered(v *webtest.View) bool { return len(v.Entries) == 2 && v.Owed == 0 }

func TestOnlyOwnPagesAndKnownVisitorsAreServed(t *testing.T) {
	t.Parallel()
	h := start(t)
	known := h.browser("")
	s, err := known.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{"null", "*", "https://evil.example", page + ".evil.example", "http://localhost:1@evil.example", "http://localhost"} {
		b := h.browser(known.Visitor)
		b.Origin = origin
		if _, err := b.Poll(t.Context(), "", 0); webtest.Status(err) != http.StatusForbidden {
			t.Errorf("origin %q: %v", origin, err)
		}
		if _, err := b.Socket(t.Context(), s.Ticket); webtest.Status(err) != http.StatusForbidden {
			t.Errorf("a socket of origin %q: %v", origin, err)
		}
	}
	if _, _, err := known.Get(t.Context(), "/chat/socket?ticket="+s.Ticket); webtest.Status(err) != http.StatusForbidden {
		t.Errorf("no origin: %v", err)
	}
	if _, err := known.Poll(t.Context(), "", 0); err != nil {
		t.Errorf("own origin: %v", err)
	}
	for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
		if _, err := h.browser(token).Poll(t.Context(), "", 0); webtest.Status(err) != http.StatusUnauthorized {
			t.Errorf("token %q: %v", token, err)
		}
	}
	for name, ticket := range map[string]string{"none": "", "made up": "A" + s.Ticket, "too long": strings.Repeat("A", 65)} {
		if _, err := known.Socket(t.Context(), ticket); webtest.Status(err) != http.StatusUnauthorized {
			t.Errorf("ticket, %s: %v", name, err)
		}
	}
	l, err := known.Socket(t.Context(), s.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if _, err := known.Socket(t.Context(), s.Ticket); webtest.Status(err) != http.StatusUnauthorized {
		t.Errorf("a ticket was good twice: %v", err)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s", 32)
	h := start(t, func(c *webchat.Config) { c.Secret = privacy.NewSecret(secret) })
	sign := func(method jwt.SigningMethod, key any, id, subject string, life time.Duration) string {
		token, err := jwt.NewWithClaims(method, jwt.RegisteredClaims{
			ID: id, Subject: subject, ExpiresAt: jwt.NewNumericDate(time.Now().Add(life)),
		}).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	session := func(visitor, identity string) (webtest.Session, error) {
		return h.browser(visitor).Identify(t.Context(), identity)
	}
	good := sign(jwt.SigningMethodHS256, []byte(secret), "1", "customer-7", time.Minute)
	first, err := session("", good)
	if err != nil || first.Visitor == "" {
		t.Fatalf("a good word: %v", err)
	}
	for name, token := range map[string]string{
		"used before":      good,
		"unsigned":         sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "2", "customer-7", time.Minute),
		"another key":      sign(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), "3", "customer-7", time.Minute),
		"another method":   sign(jwt.SigningMethodHS512, []byte(secret), "4", "customer-7", time.Minute),
		"worn out":         sign(jwt.SigningMethodHS256, []byte(secret), "5", "customer-7", -time.Minute),
		"good for an hour": sign(jwt.SigningMethodHS256, []byte(secret), "6", "customer-7", time.Hour),
		"nobody":           sign(jwt.SigningMethodHS256, []byte(secret), "7", "", time.Minute),
		"without an ID":    sign(jwt.SigningMethodHS256, []byte(secret), "", "customer-7", time.Minute),
		"not a token":      "customer-7",
	} {
		if _, err := session("", token); webtest.Status(err) != http.StatusUnauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again, _ := session(first.Visitor, sign(jwt.SigningMethodHS256, []byte(secret), "8", "customer-7", time.Minute)); again.Visitor != "" || again.Ticket == "" {
		t.Error("the same customer was made anew")
	}
	if other, _ := session(first.Visitor, sign(jwt.SigningMethodHS256, []byte(secret), "9", "customer-8", time.Minute)); other.Visitor == "" {
		t.Error("another customer at the same computer was given the first one's conversation")
	}
	if _, err := start(t).browser("").Identify(t.Context(), good); webtest.Status(err) != http.StatusUnauthorized {
		t.Errorf("a word without a secret to check it: %v", err)
	}
}

// A page vouches for accounts: those that it named last, and only whole lists.
func TestIdentityVouchesForAccounts(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s", 32)
	h := start(t, func(c *webchat.Config) { c.Secret = privacy.NewSecret(secret) })
	visitor, id := "", 0
	say := func(accounts any) error {
		id++
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"jti": strconv.Itoa(id), "sub": "customer-7", "exp": time.Now().Add(time.Minute).Unix(), "accounts": accounts,
		}).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		s, err := h.browser(visitor).Identify(t.Context(), token)
		if s.Visitor != "" {
			visitor = s.Visitor
		}
		return err
	}
	if err := say([]string{"0145201372", "ЭС-0123/26"}); err != nil {
		t.Fatal(err)
	}
	for name, accounts := range map[string]any{
		"no account": []string{"0145201373"}, "no list": "0145201372", "too many": slices.Repeat([]string{"0145201372"}, 41),
	} {
		if err := say(accounts); webtest.Status(err) != http.StatusUnauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
	want := []billing.AccountNumber{"0145201372", "ЭС-0123/26"}
	if got := h.people.vouched(); !slices.Equal(got, want) {
		t.Errorf("vouched for %d accounts", len(got))
	}
	if err := say([]string{"0203118468"}); err != nil || !slices.Equal(h.people.vouched(), []billing.AccountNumber{"0203118468"}) {
		t.Errorf("the later word does not count: %v", err)
	}
	if err := say(nil); err != nil || len(h.people.vouched()) != 0 {
		t.Errorf("a word without accounts leaves some: %v", err)
	}
}

func TestStrangersOfOneAddressAreLimited(t *testing.T) {
	t.Parallel()
	h := start(t)
	known := h.browser("")
	s, err := known.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var refused *webtest.Refusal
	for i := 0; refused == nil || refused.Status != http.StatusTooManyRequests; i++ {
		_, err := h.browser(fmt.Sprintf("%043d", i)).Poll(t.Context(), "", 0) // guesses
		if !errors.As(err, &refused) || i > 2000 {
			t.Fatalf("the %d. wrong token: %v", i+1, err)
		}
	}
	if refused.Code != "limit" || refused.Retry == 0 {
		t.Errorf("%+v", refused)
	}
	// On a busy machine a place may have come free since: then the newcomer took it.
	for i := 0; ; i++ {
		_, err := h.browser("").Session(t.Context())
		if webtest.Status(err) == http.StatusTooManyRequests {
			break
		}
		if err != nil || i > 2000 {
			t.Fatalf("the %d. newcomer more of that address: %v", i+1, err)
		}
	}
	if _, err := known.Socket(t.Context(), s.Ticket); err != nil { // who is known has a limit of his own
		t.Errorf("a neighbour who is known: %v", err)
	}
	if _, err := known.Poll(t.Context(), "", 0); err != nil {
		t.Errorf("his poll: %v", err)
	}
}

func TestRequestsOfOneVisitorAreLimited(t *testing.T) {
	t.Parallel()
	h := start(t)
	b := h.browser("")
	if _, err := b.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	var err error
	for i := 0; err == nil && i < 2000; i++ {
		_, err = b.Poll(t.Context(), "", 0)
	}
	if webtest.Status(err) != http.StatusTooManyRequests {
		t.Fatalf("polls without end: %v", err)
	}
	if err := h.tab().Await(t.Context(), func(v *webtest.View) bool { return v.Live }); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

func TestPollsThatWaitAreCounted(t *testing.T) {
	t.Parallel()
	h := start(t)
	b := h.browser("")
	if _, err := b.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	const most = 16 + 8 // sockets and polls of one visitor
	for range most + 1 {
		go func() {
			_, err := b.Poll(ctx, "", 20)
			ended <- err
		}()
	}
	if err := <-ended; webtest.Status(err) != http.StatusTooManyRequests {
		t.Errorf("one poll too many: %v", err)
	}
	cancel()
	for range most {
		<-ended
	}
}

func TestPolls(t *testing.T) {
	t.Parallel()
	h := start(t)
	tab := webtest.NewTab(*h.browser(""), func(err error) { t.Error(err) })
	if _, err := tab.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	poll := func(wait float64) (kinds []string) {
		frames, err := tab.Poll(t.Context(), tab.View().After, wait)
		if err != nil {
			t.Error(err)
		}
		for _, f := range frames {
			kinds = append(kinds, f.T)
			tab.Hear(f)
		}
		return kinds
	}
	if kinds := poll(0); !slices.Equal(kinds, []string{"live"}) {
		t.Errorf("before anything is said: %v", kinds)
	}
	heard := make(chan struct{})
	go func() { defer close(heard); poll(25) }()
	for range 2 {
		answers, err := tab.Send(t.Context(), webtest.Say("message-1", "/poke"))
		if err != nil || len(answers) != 1 || answers[0].T != "ack" {
			t.Fatalf("answers %+v, %v", answers, err)
		}
		tab.Hear(answers[0])
	}
	<-heard
	poll(0)
	if v := tab.View(); len(v.Entries) != 2 || v.Entries[0].ID != "message-1" {
		t.Errorf("entries %+v", v.Entries)
	}
}

func TestATabStaysByPolls(t *testing.T) {
	t.Parallel()
	h := start(t)
	tab := webtest.NewTab(*h.browser(""), func(err error) { t.Error(err) })
	if _, err := tab.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan struct{})
	go func() { defer close(left); tab.StayByPolls(ctx, func() string { return h.url }) }()
	tab.Say("/poke")
	waitFor(t, tab, "the answer", answered)
	leave()
	<-left
}

func TestAMessageSurvivesABrokenLine(t *testing.T) {
	t.Parallel()
	tab := start(t).tab()
	tab.Cut()
	tab.Say("/poke") // with nobody to hear it
	if err := tab.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, tab, "the answer, once", answered)
}

func TestAStopSendsEverybodyAway(t *testing.T) {
	t.Parallel()
	h := start(t)
	tab := h.tab()
	tab.Say("/poke")
	waitFor(t, tab, "the answer", answered)
	polled := make(chan []webtest.Frame)
	go func() {
		frames, _ := tab.Poll(t.Context(), tab.View().After, 25)
		polled <- frames
	}()
	ended := tab.Ended()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	h.chat.Close(ctx)
	<-ended
	if v := tab.View(); !slices.Equal(v.Byes, []string{"restart"}) {
		t.Errorf("byes %v", v.Byes)
	}
	if frames := <-polled; len(frames) > 0 && (frames[0].T != "bye" || frames[0].Error != "restart") {
		t.Errorf("a poll heard %+v", frames)
	}
	if err := tab.Connect(t.Context()); webtest.Status(err) != http.StatusServiceUnavailable {
		t.Errorf("a socket during the stop: %v", err)
	}
	if _, err := tab.Send(t.Context(), webtest.Say("message-9", "/poke")); webtest.Status(err) != http.StatusServiceUnavailable {
		t.Errorf("a message during the stop: %v", err)
	}
}
