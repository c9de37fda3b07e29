package sms_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/sms"
	"okoshko/adapters/sms/smstest"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

func server(t *testing.T) *smstest.Server {
	t.Helper()
	s, err := smstest.Start(100, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func sender(t *testing.T, url, token string, patience time.Duration) *sms.SMS {
	t.Helper()
	s, err := sms.New(sms.Config{URL: privacy.NewURL(url), Token: privacy.NewSecret(token), From: "SESK", Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func toOne(t *testing.T) notice.Notice {
	t.Helper()
	p, err := privacy.ParsePhone("+7 000 000-00-01")
	if err != nil {
		t.Fatal(err)
	}
	return notice.Notice{Kind: "code", Phone: p}
}

// A message arrives as it was written, and once, however often it is sent.
func TestAMessageArrivesOnce(t *testing.T) {
	t.Parallel()
	s := server(t)
	to := sender(t, s.URL(), smstest.Token, 0)
	for range 3 {
		if err := to.Send(t.Context(), "notice-7", toOne(t), notice.Letter{Text: "Код 042117. «Ёлка» 🎄"}); err != nil {
			t.Fatal(err)
		}
	}
	want := []smstest.Message{{ID: "notice-7", To: "+70000000001", From: "SESK", Text: "Код 042117. «Ёлка» 🎄"}}
	if diff := cmp.Diff(want, s.Messages(), cmpopts.IgnoreFields(smstest.Message{}, "At")); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := server(t)
	to := sender(t, s.URL(), smstest.Token, 0)
	for code, want := range map[int]fault.Kind{
		400: fault.Invalid, 401: fault.Invalid, 422: fault.Invalid, 302: fault.Invalid,
		408: fault.Unavailable, 429: fault.Unavailable, 500: fault.Unavailable, 503: fault.Unavailable,
	} {
		s.Answer(code)
		if err := to.Send(t.Context(), "n", toOne(t), notice.Letter{Text: "t"}); !fault.Is(err, want) {
			t.Errorf("%d: %v is %v, want %v", code, err, fault.Of(err), want)
		}
	}
	if got := s.Messages(); len(got) != 0 {
		t.Errorf("taken all the same: %+v", got)
	}
}

// What goes wrong says neither whom the message was for, nor the provider's key.
func TestErrorsTellNothing(t *testing.T) {
	t.Parallel()
	slow := server(t)
	slow.Pause(time.Second)
	gone := server(t)
	_ = gone.Close()
	for name, url := range map[string]string{"slow": slow.URL(), "gone": gone.URL()} {
		err := sender(t, url+"?key=SECRET", smstest.Token, 100*time.Millisecond).Send(t.Context(), "n", toOne(t), notice.Letter{Text: "t"})
		if !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "7000") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The token is shown to the provider alone, wherever he may point.
func TestATokenIsNotCarriedOn(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
	t.Cleanup(thief.Close)
	provider := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	t.Cleanup(provider.Close)
	if err := sender(t, provider.URL, "t0ken", 0).Send(t.Context(), "n", toOne(t), notice.Letter{Text: "t"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a redirect: %v", err)
	}
	if len(asked) != 0 {
		t.Error("the redirect was followed")
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "ftp://host", "https://", "://"} {
		if _, err := sms.New(sms.Config{URL: privacy.NewURL(bad)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
