package enquiry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/enquiry"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
)

var (
	byPhone = appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 1}
	byEmail = appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 1}
	bare    = appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 2} // of who has left neither
	never   = appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 777}

	noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
)

// register has three cases and counts tries; it notes what it is asked for.
type register struct {
	tries map[string]map[string]time.Time
	calls []string
	away  bool
}

func (r *register) AskedCases(_ context.Context, numbers []appeal.Number) ([]registry.Asked, error) {
	r.calls = append(r.calls, fmt.Sprintf("%d cases", len(numbers)))
	if r.away {
		return nil, errors.New("away")
	}
	list := make([]registry.Asked, len(numbers))
	for i, n := range numbers {
		answers := appeal.Answers{}
		switch n {
		case byPhone:
			answers = answers.With(appeal.Phone, "+79991234567")
		case byEmail:
			answers = answers.With(appeal.Email, "Anna@post.example")
		case bare:
		default:
			continue
		}
		list[i] = registry.AskedOf(&life.Case{Number: n, State: life.InWork, Answers: answers})
	}
	return list, nil
}

func (r *register) Reserve(_ context.Context, subjects []string, event string, now time.Time, window time.Duration, limit int) (counted []string, err error) {
	r.calls = append(r.calls, fmt.Sprintf("count against %d", len(subjects)))
	for _, s := range subjects {
		if r.tries[s] == nil {
			r.tries[s] = map[string]time.Time{}
		}
		n := 0
		for id, at := range r.tries[s] {
			if id != event && now.Sub(at) < window {
				n++
			}
		}
		if n < limit {
			r.tries[s][event] = now
			counted = append(counted, s)
		}
	}
	return counted, nil
}

func (r *register) Forgive(_ context.Context, subjects []string, event string) error {
	r.calls = append(r.calls, "forgive")
	for _, s := range subjects {
		delete(r.tries[s], event)
	}
	return nil
}

// desk is a check at a register of its own.
func desk() (*register, *enquiry.Askers) {
	r := &register{tries: map[string]map[string]time.Time{}}
	return r, enquiry.NewAskers(r, r, customer.Limits{Tries: 5, Address: 7})
}

func contact(t *testing.T, text string) enquiry.Contact {
	t.Helper()
	c, ok := enquiry.Parse(text)
	if !ok {
		t.Fatalf("%q is no contact", text)
	}
	return c
}

func TestParse(t *testing.T) {
	t.Parallel()
	phone, err := privacy.ParsePhone("+79991234567")
	if err != nil {
		t.Fatal(err)
	}
	mailbox, err := privacy.ParseEmail("anna@post.example")
	if err != nil {
		t.Fatal(err)
	}
	for want, texts := range map[enquiry.Contact][]string{
		{Tail: "4567"}:    {"4567", "45-67", "45 67", " 4567.", "последние 4 цифры 45-67", "４５６７", "last four digits: 4567"},
		{Tail: "1234567"}: {"123-45-67"},
		{Phone: phone}:    {"+7 999 123-45-67", "89991234567", "9991234567", "мой телефон +7 (999) 123-45-67, спасибо"},
		{Email: mailbox}:  {"anna@post.example", "моя почта: Anna@POST.example.", "<anna@post.example>"},
		{}: {
			"", "4", "456", "4567 или 4568", "не помню", "anna@", "@", "@@@", "анна@почта", strings.Repeat("9", 5000), "🙂", "\x00", "'; drop table cases",
		},
	} {
		for _, text := range texts {
			if got, ok := enquiry.Parse(text); got != want || ok != (want != enquiry.Contact{}) {
				t.Errorf("%.40q: %+v, %t", text, got.Tail, ok)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		about  []appeal.Number
		proof  string
		proven []appeal.Number
	}{
		{[]appeal.Number{byPhone}, "4567", []appeal.Number{byPhone}},
		{[]appeal.Number{byPhone}, "8 999 123 45 67", []appeal.Number{byPhone}},
		{[]appeal.Number{byEmail}, "anna@post.example", []appeal.Number{byEmail}},
		{[]appeal.Number{never, byPhone, byEmail, bare}, "4567", []appeal.Number{byPhone}},
		{[]appeal.Number{byPhone}, "1234", nil}, // its middle
		{[]appeal.Number{byPhone}, "4568", nil},
		{[]appeal.Number{byPhone}, "anna@post.example", nil},
		{[]appeal.Number{byEmail}, "ann@post.example", nil},
		{[]appeal.Number{byEmail}, "4567", nil},
		{[]appeal.Number{bare}, "4567", nil},
		{[]appeal.Number{never}, "4567", nil},
		{nil, "4567", nil},
	} {
		_, askers := desk()
		got, verdict, err := askers.Check(t.Context(), enquiry.Claim{Numbers: c.about, Contact: contact(t, c.proof), Conversation: "a", Event: "e", Now: noon})
		var numbers []appeal.Number
		for _, s := range got {
			numbers = append(numbers, s.Number)
		}
		if err != nil || !slices.Equal(numbers, c.proven) || (verdict == customer.Proven) != (len(c.proven) > 0) || verdict == customer.Blocked {
			t.Errorf("%v by %s: %v, %d, %v", c.about, c.proof, numbers, verdict, err)
		}
	}
}

// Wrong tries close the case for everybody, and the chat, where those at accounts
// count, too; a right one is not counted, and a turn that is taken again is.
func TestAskingIsLimited(t *testing.T) {
	t.Parallel()
	try := func(a *enquiry.Askers, event, proof string, c chat.Conversation, address string, about ...appeal.Number) customer.Verdict {
		claim := enquiry.Claim{Numbers: about, Contact: contact(t, proof), Conversation: c, Address: address, Event: event, Now: noon}
		_, v, err := a.Check(t.Context(), claim)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	r, a := desk()
	for i := range 5 {
		for range 2 {
			if v := try(a, fmt.Sprint(i), "0000", "a", "", byPhone); v != customer.Wrong {
				t.Fatalf("try %d: %d", i, v)
			}
		}
	}
	guests := customer.NewGuard(r, customer.Limits{Tries: 5})
	admitted, err := guests.Admit(t.Context(), customer.Try{At: []string{"account:1"}, Conversation: "a", Event: "g", Now: noon})
	if err != nil || admitted {
		t.Error("whoever has guessed at cases goes on with accounts")
	}
	for name, v := range map[string]customer.Verdict{
		"the case is closed for others":     try(a, "x", "4567", "b", "", byPhone),
		"in a list of candidates, too":      try(a, "y", "4567", "c", "", never, byPhone),
		"the chat is closed for other ones": try(a, "z", "anna@post.example", "a", "", byEmail),
	} {
		if v != customer.Blocked {
			t.Errorf("%s: %d", name, v)
		}
	}
	if v := try(a, "w", "anna@post.example", "b", "", byEmail); v != customer.Proven {
		t.Errorf("others go on: %d", v)
	}
	_, b := desk()
	for i := range 9 {
		if v := try(b, fmt.Sprint(i), "4567", "a", "net", byPhone); v != customer.Proven {
			t.Errorf("a right one counted: %d", v)
		}
	}
	for i := range 8 { // from one address at many cases
		n := never
		n.Serial += i
		want := customer.Wrong
		if i == 7 {
			want = customer.Blocked
		}
		if v := try(b, fmt.Sprint("n", i), "0000", chat.Conversation(fmt.Sprint("chat", i)), "net", n); v != want {
			t.Errorf("try %d of an address: %d", i, v)
		}
	}
}

// A case that there is not, one with another contact and one without are worked
// on alike.
func TestAskingIsEqualWork(t *testing.T) {
	t.Parallel()
	calls := func(n appeal.Number) []string {
		r, a := desk()
		if _, v, err := a.Check(t.Context(), enquiry.Claim{Numbers: []appeal.Number{n}, Contact: contact(t, "0000"), Conversation: "a", Event: "e", Now: noon}); v != customer.Wrong || err != nil {
			t.Fatalf("%d, %v", v, err)
		}
		return r.calls
	}
	for _, n := range []appeal.Number{byEmail, bare, never} {
		if diff := cmp.Diff(calls(byPhone), calls(n)); diff != "" {
			t.Errorf("%v is worked on differently:\n%s", n, diff)
		}
	}
}

func TestCheckWithoutRegister(t *testing.T) {
	t.Parallel()
	r, a := desk()
	r.away = true
	got, v, err := a.Check(t.Context(), enquiry.Claim{Numbers: []appeal.Number{byPhone}, Contact: contact(t, "4567"), Conversation: "a", Event: "e", Now: noon})
	if err == nil || v == customer.Proven || got != nil {
		t.Errorf("%v, %d, %v", got, v, err)
	}
}

func TestAskersAreNotLogged(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	claim := enquiry.Claim{Numbers: []appeal.Number{byPhone}, Contact: contact(t, "4567"), Conversation: "tg:1", Event: "e", Now: noon}
	slog.New(slog.NewTextHandler(&out, nil)).Info("asked", "claim", claim, "contact", claim.Contact)
	fmt.Fprintf(&out, "%v %+v %s", claim.Contact, claim.Contact, claim.Contact)
	for _, secret := range []string{"4567", "000001"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q leaked: %s", secret, out.String())
		}
	}
}

// Whatever is read proves nothing about a case that there is not.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"4567", "45-67", "+7 999 123-45-67", "anna@post.example", "４５６７", "4567 или 4568", "\xff", "@@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := enquiry.Parse(text)
		if ok == (c == enquiry.Contact{}) {
			t.Fatalf("%q: %v", text, ok)
		}
		_, a := desk()
		if _, v, err := a.Check(t.Context(), enquiry.Claim{Numbers: []appeal.Number{never, bare}, Contact: c, Conversation: "a", Event: "e", Now: noon}); v != customer.Wrong || err != nil {
			t.Errorf("%q proves what nobody can: %d, %v", text, v, err)
		}
	})
}
