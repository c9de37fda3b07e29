package privacy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/fault"
	"okoshko/core/privacy"
)

func TestMasks(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		value                interface{ Reveal() string }
		full, inLog, inLists string
	}{
		"phone":               {phone(t, "8 (912) 345-67-89"), "+79123456789", "***89", "+7 912 ***-**-89"},
		"foreign phone":       {phone(t, "+48 501 234 567"), "+48501234567", "***67", "***67"},
		"e-mail":              {email(t, "ivanova@Mail.ru"), "ivanova@mail.ru", "i***@m***", "iv***@mail.ru"},
		"short e-mail":        {email(t, "iv@mail.ru"), "iv@mail.ru", "i***@m***", "i***@mail.ru"},
		"damaged e-mail":      {scanned[privacy.Email](t, "ivanova"), "ivanova", "***", "***"},
		"name":                {privacy.NewPersonName(" Иванова  Мария Петровна"), "Иванова Мария Петровна", "Мария И.", "Иванова М. П."},
		"two names":           {privacy.NewPersonName("Иванова Мария"), "Иванова Мария", "Мария И.", "Иванова М."},
		"one name":            {privacy.NewPersonName("Мария"), "Мария", "М.", "Мария"},
		"address":             {privacy.NewAddress("г. Старогорск", "ул. Садовая", "5", "кв. 12"), "г. Старогорск, ул. Садовая, 5, кв. 12", "г. Старогорск", "г. Старогорск, ул. Садовая, 5"},
		"address, town alone": {privacy.NewAddress("Старогорск"), "Старогорск", "***", "***"},
		"address, no town":    {scanned[privacy.Address](t, "ул. Садовая 5, кв. 12"), "ул. Садовая 5, кв. 12", "***", "ул. Садовая 5"},
		"text":                {privacy.NewText("Привет, я Мария"), "Привет, я Мария", "[15 letters]", "[15 letters]"},
		"nothing":             {privacy.Phone{}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := []string{
				row.value.Reveal(),
				row.value.(fmt.Stringer).String(),
				row.value.(interface{ Listed() string }).Listed(),
			}
			if diff := cmp.Diff([]string{row.full, row.inLog, row.inLists}, got); diff != "" {
				t.Errorf("full, log, list (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothingPrintsTheFullValue tries every way from a value to a text that
// does not say Reveal.
func TestNothingPrintsTheFullValue(t *testing.T) {
	t.Parallel()
	type card struct {
		phone  privacy.Phone
		Name   privacy.PersonName
		secret privacy.Secret
		token  *privacy.Secret
		Store  privacy.URL
	}
	secret := privacy.NewSecret("123456:SECRET-part")
	c := card{
		phone: phone(t, "+79123456789"), Name: privacy.NewPersonName("Иванова Мария"),
		secret: secret, token: &secret, Store: privacy.NewURL("redis://user:SECRET-part@store:6379/1?x=SECRET-part"),
	}
	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%10.3v"} {
		for _, value := range []any{c, &c, c.phone, c.Name, c.secret, c.token, c.Store, []any{c}, map[string]card{"c": c}} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&printed, nil), slog.NewJSONHandler(&printed, nil)} {
		slog.New(handler).Info("all", "phone", c.phone, "name", c.Name, "secret", c.secret, "token", c.token,
			"store", c.Store, "error", fmt.Errorf("call %v: %w", c.phone, errors.New(c.secret.String())))
	}
	for _, full := range []string{"9123456789", "Иванова", "SECRET", fmt.Sprintf("%x", "Иванова"), fmt.Sprintf("%x", "SECRET")} {
		if strings.Contains(printed.String(), full) {
			t.Errorf("%q was printed:\n%s", full, printed.String())
		}
	}
	if !strings.Contains(printed.String(), "Мария И.") || !strings.Contains(printed.String(), "***89") {
		t.Errorf("the masks are missing:\n%s", printed.String())
	}
}

func TestStoresHoldTheFullValue(t *testing.T) {
	t.Parallel()
	type card struct {
		Phone privacy.Phone `json:"phone"`
		Email privacy.Email `json:"email,omitzero"`
	}
	want := card{Phone: phone(t, "+79123456789")}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"phone":"+79123456789"}`, string(data)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	var got card
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("JSON gave back %q", got.Phone.Reveal())
	}
	stored, err := want.Phone.Value()
	if err != nil || stored != "+79123456789" {
		t.Errorf("the database gets %v, %v", stored, err)
	}
	if back := scanned[privacy.Phone](t, []byte("+79123456789")); back != want.Phone {
		t.Errorf("the database gave back %q", back.Reveal())
	}
	if absent := scanned[privacy.Phone](t, nil); !absent.IsZero() {
		t.Errorf("NULL became %q", absent.Reveal())
	}
	var p privacy.Phone
	if err := p.Scan(7); err == nil {
		t.Error("a number was scanned as a phone")
	}
	if err := json.Unmarshal([]byte(`["+79123456789"]`), &p); err == nil || strings.Contains(err.Error(), "9123456789") {
		t.Errorf("a list as a phone: %v", err)
	}
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"+7 912 345-67-89":   "+79123456789",
		"8 912 345 67 89":    "+79123456789",
		"8(912)345‑67‑89":    "+79123456789",
		"7.912.345.67.89":    "+79123456789",
		"912\u00a0345–67–89": "+79123456789",
		"+8 912 345 67 89":   "+79123456789",
		"8 800 000-01-01":    "+78000000101",
		"+7 000 000-00-07":   "+70000000007",
		"0048 501 234 567":   "+48501234567",
		"+86 138 1234 5678":  "+8613812345678",
		"":                   "",
		"+":                  "",
		"0145201372":         "", // an account, not a phone
		"495 123-45-67":      "",
		"+7 912 345 67 8":    "",
		"+7912345678900":     "",
		"+1234567":           "",
		"+1234567890123456":  "",
		"912 345 67 89 доб1": "",
		"++79123456789":      "",
	} {
		got, err := privacy.ParsePhone(written)
		if got.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", written, got.Reveal(), err, want)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: kind %v", written, fault.Of(err))
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, seed := range []string{"+7 912 345-67-89", "8(912)3456789", "0048501234567", "٣٣٣", "+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		got, err := privacy.ParsePhone(written)
		if err != nil {
			if !got.IsZero() {
				t.Fatalf("%q: a value beside an error", written)
			}
			return
		}
		again, err := privacy.ParsePhone(got.Reveal())
		if err != nil || again != got {
			t.Fatalf("%q became %q, which is read as %q, %v", written, got.Reveal(), again.Reveal(), err)
		}
	})
}

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		" demo01@Post.Example ":           "demo01@post.example",
		"Ivan.Petrov+x@mail.ru":           "Ivan.Petrov+x@mail.ru",
		"почта@пример.рф":                 "почта@пример.рф",
		"":                                "",
		"ivanova":                         "",
		"ivanova@localhost":               "",
		"Мария <m@mail.ru>":               "",
		"<m@mail.ru>":                     "",
		"a@b.ru, c@d.ru":                  "",
		"\"a b\"@mail.ru":                 "",
		"a@b.ru\nbcc: c@d.ru":             "",
		strings.Repeat("a", 251) + "@b.r": "",
	} {
		got, err := privacy.ParseEmail(written)
		if got.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", written, got.Reveal(), err, want)
		}
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	for full, want := range map[string]string{"0145201372": "******1372", "011845093": "*****5093", "1372": "***", "": "***"} {
		if got := privacy.Tail(full, 4); got != want {
			t.Errorf("%q: got %q, want %q", full, got, want)
		}
	}
}

func phone(t *testing.T, s string) privacy.Phone {
	t.Helper()
	p, err := privacy.ParsePhone(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return p
}

func email(t *testing.T, s string) privacy.Email {
	t.Helper()
	e, err := privacy.ParseEmail(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return e
}

func scanned[T any, P interface {
	*T
	Scan(any) error
}](t *testing.T, stored any) T {
	t.Helper()
	var value T
	if err := P(&value).Scan(stored); err != nil {
		t.Fatal(err)
	}
	return value
}
