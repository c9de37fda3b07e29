package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/payment/demobank"
	"okoshko/adapters/payment/paymenttest"
	"okoshko/adapters/payment/sandbox"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/core/privacy"
)

// patience is how long an answer is waited for that comes, haste for one that does not.
const patience, haste = time.Minute, 100 * time.Millisecond

func bank(t testing.TB) *demobank.Bank {
	t.Helper()
	b, err := demobank.Start(demobank.Config{Page: "https://bank.example/pay/", Keep: 100, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func gateway(t testing.TB, url string) *sandbox.Gateway { return waiting(t, url, patience) }

func waiting(t testing.TB, url string, patience time.Duration) *sandbox.Gateway {
	t.Helper()
	g, err := sandbox.New(sandbox.Config{
		URL: privacy.NewURL(url), Token: privacy.NewSecret(demobank.Token), Secret: privacy.NewSecret(demobank.Secret), Timeout: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// bench is the bank's, for the suite.
type bench struct{ *demobank.Bank }

func (b bench) Act(n payment.Number, to payment.State) error {
	return b.Bank.Act(string(n), demobank.State(to))
}

func (b bench) Sending(n payment.Number) (http.Header, []byte, bool) {
	s, ok := b.Bank.Sending(string(n))
	return s.Header, s.Body, ok
}

func TestProvider(t *testing.T) {
	t.Parallel()
	paymenttest.Provider(t, func(t *testing.T) paymenttest.Subject {
		t.Helper()
		b := bank(t)
		return paymenttest.Subject{Provider: gateway(t, b.URL()), Bench: bench{b}, Hasty: waiting(t, b.URL(), haste), Patience: haste}
	})
}

func order() payment.Order {
	return payment.Order{Number: payment.NewNumber(), Account: "0145201372", Sum: 100, Until: time.Now().Add(time.Hour)}
}

// An answer that makes no sense is refused, and never taken for a page.
func TestAnswersOfNoSense(t *testing.T) {
	t.Parallel()
	o := order()
	for name, answer := range map[string]string{
		"no JSON": "<html>", "empty": "", "a list": "[]", "no page": `{"order":"` + string(o.Number) + `","state":"open","kopecks":100}`,
		"a script for a page": `{"order":"` + string(o.Number) + `","state":"open","kopecks":100,"page":"javascript:alert(1)"}`,
		"another order":       `{"order":"482109375516","state":"open","kopecks":100,"page":"https://bank.example/1"}`,
		"another sum":         `{"order":"` + string(o.Number) + `","state":"open","kopecks":1,"page":"https://bank.example/1"}`,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
		t.Cleanup(s.Close)
		if page, err := gateway(t, s.URL).Start(t.Context(), o); err == nil || page != "" {
			t.Errorf("%s: %q, %v", name, page, err)
		}
		if r, err := gateway(t, s.URL).Find(t.Context(), o.Number); !fault.Is(err, fault.Invalid) || r.State != "" {
			t.Errorf("%s: found %+v, %v", name, r, err)
		}
	}
}

// What goes wrong says neither whose payment it is nor the provider's key, and
// the token is shown to the provider alone.
func TestErrorsTellNothing(t *testing.T) {
	t.Parallel()
	gone := bank(t)
	_ = gone.Close()
	_, err := gateway(t, gone.URL()+"?key=SECRET").Start(t.Context(), order())
	if !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "0145201372") {
		t.Error(err)
	}
	asked := make(chan string, 1)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
	t.Cleanup(thief.Close)
	leads := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	t.Cleanup(leads.Close)
	if _, err := gateway(t, leads.URL).Start(t.Context(), order()); !fault.Is(err, fault.Invalid) || len(asked) != 0 {
		t.Errorf("a redirect: %v", err)
	}
}

// What is signed and makes no sense is refused as such.
func TestNotificationsOfNoSense(t *testing.T) {
	t.Parallel()
	g := gateway(t, "https://bank.example")
	good := map[string]any{"id": "n1", "order": string(payment.NewNumber()), "state": "paid", "kopecks": 100, "at": time.Now()}
	with := func(key string, value any) []byte {
		changed := map[string]any{}
		for k, v := range good {
			changed[k] = v
		}
		changed[key] = value
		body, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	read := func(body []byte) error {
		s := demobank.Sign(demobank.Secret, time.Now(), body)
		_, err := g.Read(s.Header.Get, s.Body, time.Now())
		return err
	}
	if err := read(with("more", "than we know")); err != nil {
		t.Error(err)
	}
	for name, body := range map[string][]byte{
		"no JSON": []byte("x"), "null": []byte("null"), "a list": []byte("[1]"), "no id": with("id", ""), "a long id": with("id", strings.Repeat("n", 65)),
		"an id of letters": with("id", "н1"), "an id with a line": with("id", "a\nb"), "no order": with("order", "1234"), "a state of ours": with("state", "disputed"),
		"no state": with("state", ""), "a part of a kopeck": with("kopecks", 1.5), "a negative sum": with("kopecks", -1), "a sum in words": with("kopecks", "100"),
		"a huge sum": with("kopecks", 1e30), "no time": with("at", time.Time{}), "a time of no sense": with("at", "yesterday"),
	} {
		if err := read(body); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := read(make([]byte, 17<<10)); !fault.Is(err, fault.Denied) {
		t.Errorf("a large one: %v", err)
	}
	unset, err := sandbox.New(sandbox.Config{URL: privacy.NewURL("https://bank.example")})
	if err != nil {
		t.Fatal(err)
	}
	s := demobank.Sign("", time.Now(), with("id", "n1"))
	if _, err := unset.Read(s.Header.Get, s.Body, time.Now()); !fault.Is(err, fault.Denied) {
		t.Errorf("without a secret: %v", err)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "ftp://host", "https://", "://"} {
		if _, err := sandbox.New(sandbox.Config{URL: privacy.NewURL(bad)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzRead: whatever is sent, signed or not, is read or refused.
func FuzzRead(f *testing.F) {
	f.Add("1764230400", "00", []byte(`{"id":"n1","order":"482109375516","state":"paid","kopecks":100,"at":"2026-11-27T12:00:00Z"}`), true)
	f.Add("", "zz", []byte("{"), false)
	g := gateway(f, "https://bank.example")
	now := time.Unix(1764230400, 0)
	f.Fuzz(func(t *testing.T, stamp, signature string, body []byte, sign bool) {
		h := http.Header{sandbox.Timestamp: {stamp}, sandbox.Signature: {signature}}
		if sign {
			h = demobank.Sign(demobank.Secret, now, body).Header
		}
		n, err := g.Read(h.Get, body, now)
		if err == nil && (!sign || n.ID == "" || n.Sum < 0 || n.State == "" || n.State == payment.Disputed) {
			t.Errorf("taken: %+v", n)
		}
	})
}
