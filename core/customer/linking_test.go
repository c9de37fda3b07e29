package customer_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// registry is the office with what is on file.
type registry struct{ *office }

func (r registry) Holder(ctx context.Context, number billing.AccountNumber) (customer.Holder, bool, error) {
	a, ok, err := r.Account(ctx, number)
	if err != nil || !ok {
		return customer.Holder{}, false, err
	}
	phone, _ := privacy.ParsePhone("+79991234567")
	return customer.Holder{Account: a, Phone: phone, Paid: 125040}, true, nil
}

func evidence(t *testing.T, text string) customer.Evidence {
	t.Helper()
	e, ok := customer.ParseEvidence(text)
	if !ok {
		t.Fatalf("%q is no evidence", text)
	}
	return e
}

func TestParseEvidence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]customer.Evidence{
		"5093":            {Serial: "5093", Paid: 509300},
		"011845093":       {Serial: "011845093", Paid: 1184509300},
		"1250,40":         {Paid: 125040},
		"1250.4":          {Paid: 125040},
		"1 250,40 ₽":      {Paid: 125040},
		"1\u00a0250 руб.": {Paid: 125000},
		"500р":            {Paid: 50000},
		"1842":            {Serial: "1842", Paid: 184200},
	} {
		got, ok := customer.ParseEvidence(text)
		if !ok || got != want {
			t.Errorf("%q: serial %q, paid %s, %v", text, got.Serial, got.Paid, ok)
		}
	}
	for _, text := range []string{"", "дом 5, кв. 12", "не знаю", "-500", "1250,405", strings.Repeat("9", 40), "5093 и 1250,40", "\x00"} {
		if got, ok := customer.ParseEvidence(text); ok {
			t.Errorf("%q: serial %q, paid %s", text, got.Serial, got.Paid)
		}
	}
}

func TestParseTaxID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0000120139": "0000120139", "ИНН 0000120139": "0000120139", "инн: 7707-083893": "7707083893", "500100732259": "500100732259",
		"": "", "123": "", "ИНН": "", "12345678901": "", "0000120139 и ещё": "",
	} {
		if e, ok := customer.ParseTaxID(text); e.TaxID != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, e.TaxID, ok)
		}
	}
}

func FuzzParseEvidence(f *testing.F) {
	for _, seed := range []string{"5093", "1 250,40 ₽", "ИНН 0000120139", "123-456", "🙂"} {
		f.Add(seed)
	}
	nobody := customer.Holder{}
	f.Fuzz(func(t *testing.T, text string) {
		e, ok := customer.ParseEvidence(text)
		if ok == e.IsZero() || e.Paid < 0 || e.Matches(nobody) {
			t.Errorf("%q: %v", text, ok)
		}
		if e, ok := customer.ParseTaxID(text); ok != (len(e.TaxID) == 10 || len(e.TaxID) == 12) || e.Matches(nobody) {
			t.Errorf("%q: tax number of %d digits", text, len(e.TaxID))
		}
		if code, ok := customer.ParseCode(text); ok && len(code) != customer.CodeDigits {
			t.Errorf("%q: code of %d digits", text, len(code))
		}
	})
}

func TestEvidenceMatches(t *testing.T) {
	t.Parallel()
	phone, _ := privacy.ParsePhone("+79991234567")
	other, _ := privacy.ParsePhone("+79991234568")
	person := customer.Holder{
		Account: billing.Account{Number: known, Meters: []billing.Meter{{Serial: "011845093"}, {Serial: "027710462"}}},
		Phone:   phone, Paid: 125040, TaxID: "0000120139",
	}
	company := person
	company.Account.Legal = true
	for name, try := range map[string]struct {
		e    customer.Evidence
		h    customer.Holder
		want bool
	}{
		"meter":                   {evidence(t, "5093"), person, true},
		"the other meter":         {evidence(t, "0462"), person, true},
		"whole serial":            {evidence(t, "011845093"), person, true},
		"three digits":            {customer.Evidence{Serial: ""}, person, false},
		"payment":                 {evidence(t, "1250,40"), person, true},
		"payment without kopecks": {evidence(t, "1250"), person, false},
		"own phone":               {customer.Evidence{Phone: phone}, person, true},
		"somebody's phone":        {customer.Evidence{Phone: other}, person, false},
		"tax number of a person":  {customer.Evidence{TaxID: "0000120139"}, person, false},
		"tax number of a company": {customer.Evidence{TaxID: "0000120139"}, company, true},
		"meter of a company":      {evidence(t, "5093"), company, false},
		"nothing":                 {customer.Evidence{}, person, false},
		"nothing on file":         {customer.Evidence{Phone: phone}, customer.Holder{Account: person.Account}, false},
		"no payment on file":      {customer.Evidence{Paid: 0}, customer.Holder{Account: billing.Account{Number: known}}, false},
		"an account that is not":  {evidence(t, "5093"), customer.Holder{}, false},
		"an empty tax number":     {customer.Evidence{}, customer.Holder{Account: billing.Account{Legal: true}}, false},
	} {
		if got := try.e.Matches(try.h); got != try.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func linkClaim(n billing.AccountNumber, proof, c, address, event string, at time.Time) customer.LinkClaim {
	e, _ := customer.ParseEvidence(proof)
	return customer.LinkClaim{
		Claim:    customer.Claim{Number: n, Conversation: chat.Conversation(c), Address: address, Event: event, Now: at},
		Evidence: e,
	}
}

var limits = customer.Limits{Tries: 5, Address: 8, Codes: 3}

// Guessing is limited at the account, the chat and the network address, and
// counts together with that of guests.
func TestLinkingIsLimited(t *testing.T) {
	t.Parallel()
	o := newOffice()
	linkers := customer.NewLinkers(registry{o}, o, limits)
	guests := customer.NewGuests(o, o, limits)
	check := func(n billing.AccountNumber, proof, c, address string, i int, at time.Time) customer.Verdict {
		h, v, err := linkers.Check(t.Context(), linkClaim(n, proof, c, address, fmt.Sprint("e", i), at))
		if err != nil || (h.Account.Number != "") != (v == customer.Proven) {
			t.Fatalf("try %d: %v, %v", i, v, err)
		}
		return v
	}
	for i := range 3 {
		if v := check(known, "1111", "a", "net", i, noon); v != customer.Wrong {
			t.Fatalf("try %d: %d", i, v)
		}
	}
	for i := range 2 {
		if _, v, _ := guests.Check(t.Context(), claim(known, "1111", "b", fmt.Sprint("g", i), noon)); v != customer.Wrong {
			t.Fatalf("guest %d: %d", i, v)
		}
	}
	if v := check(known, "5093", "c", "other", 10, noon); v != customer.Blocked {
		t.Errorf("the account is not closed: %d", v)
	}
	for i := range 5 { // an account each, a chat each, from one address
		if v := check(billing.NewPersonalAccount(9, i), "1111", fmt.Sprint("d", i), "net", 20+i, noon); v != customer.Wrong {
			t.Fatalf("try %d: %d", i, v)
		}
	}
	if v := check(other, "0462", "e", "net", 30, noon); v != customer.Blocked {
		t.Errorf("the address is not closed: %d", v)
	}
	if n := o.counted("chat:e") + o.counted("account:"+other.Full()); n != 0 {
		t.Errorf("%d tries stand against those who were not looked at", n)
	}
	if v := check(other, "0462", "e", "elsewhere", 31, noon); v != customer.Proven {
		t.Errorf("from elsewhere: %d", v)
	}
	if v := check(known, "1250,40", "c", "net", 40, noon.Add(time.Hour)); v != customer.Proven {
		t.Errorf("after an hour: %d", v)
	}
}

// The same is done for an account that does not exist.
func TestLinkingIsEqualWork(t *testing.T) {
	t.Parallel()
	calls := func(n billing.AccountNumber) []string {
		o := newOffice()
		if _, v, err := customer.NewLinkers(registry{o}, o, limits).Check(t.Context(), linkClaim(n, "1111", "a", "net", "e", noon)); v != customer.Wrong || err != nil {
			t.Fatalf("%d, %v", v, err)
		}
		return o.calls
	}
	if diff := cmp.Diff(calls(known), calls(unknown)); diff != "" {
		t.Errorf("known and unknown accounts are worked on differently (-known +unknown):\n%s", diff)
	}
}

// Codes are limited as they are sent, a repeated turn counts once.
func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	o := newOffice()
	linkers := customer.NewLinkers(registry{o}, o, limits)
	allow := func(n billing.AccountNumber, c, event string, at time.Time) bool {
		ok, err := linkers.AllowCode(t.Context(), linkClaim(n, "", c, "net", event, at).Claim)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for i := range 3 {
		for range 2 {
			if !allow(known, "a", fmt.Sprint("e", i), noon) {
				t.Fatalf("code %d was refused", i)
			}
		}
	}
	for name, refused := range map[string]bool{
		"the same chat, another account": allow(other, "a", "x1", noon),
		"another chat, the same account": allow(known, "b", "x2", noon),
	} {
		if refused {
			t.Errorf("%s: a fourth code", name)
		}
	}
	if !allow(other, "b", "x3", noon) || !allow(known, "a", "x4", noon.Add(time.Hour)) {
		t.Error("others, and later ones, are refused")
	}
	// Codes and tries are counted apart.
	if _, v, _ := linkers.Check(t.Context(), linkClaim(known, "5093", "a", "net", "p", noon)); v != customer.Proven {
		t.Errorf("proof: %d", v)
	}
}

func TestLinkingWithoutStores(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"reserve account", "reserve chat", "reserve address", "account", "forgive account"} {
		o := newOffice()
		o.failing = call
		h, v, err := customer.NewLinkers(registry{o}, o, limits).Check(t.Context(), linkClaim(known, "5093", "a", "net", "e", noon))
		if err == nil || v == customer.Proven && h.Account.Number != "" {
			t.Errorf("%s fails: %d, %v", call, v, err)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[customer.Code]bool{}
	for range 200 {
		c := customer.NewCode()
		if got, ok := customer.ParseCode(string(c)); !ok || !got.Equal(c) {
			t.Fatalf("a code of %d digits", len(c))
		}
		seen[c] = true
	}
	if len(seen) < 190 {
		t.Errorf("of 200 codes %d differ", len(seen))
	}
	for text, want := range map[string]string{
		"123 456": "123456", "123-456": "123456", "код 123456": "123456", "１２３４５６": "123456", "12345": "", "1234567": "", "абвгде": "",
		"мой код от чата 123456": "", "": "",
	} {
		if got, ok := customer.ParseCode(text); ok != (want != "") || ok && string(got) != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
	sent := customer.Sent{Code: "042117", Until: noon.Add(customer.CodeLife)}
	for name, try := range map[string]struct {
		sent customer.Sent
		code customer.Code
		at   time.Time
		want customer.Redeemed
	}{
		"right":           {sent, "042117", noon, customer.CodeRight},
		"at the last":     {sent, "042117", noon.Add(customer.CodeLife - 1), customer.CodeRight},
		"worn out":        {sent, "042117", noon.Add(customer.CodeLife), customer.CodeGone},
		"wrong":           {sent, "042118", noon, customer.CodeWrong},
		"the fifth wrong": {customer.Sent{Code: "042117", Until: sent.Until, Tries: 4}, "042118", noon, customer.CodeGone},
		"right the fifth": {customer.Sent{Code: "042117", Until: sent.Until, Tries: 4}, "042117", noon, customer.CodeRight},
		"spent":           {customer.Sent{Code: "042117", Until: sent.Until, Tries: 5}, "042117", noon, customer.CodeGone},
		"never sent":      {customer.Sent{}, "", noon, customer.CodeGone},
	} {
		if got := try.sent.Redeem(try.code, try.at); got != try.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	l := customer.Link{ID: 1, Used: noon, Confirmed: noon}
	for after, want := range map[time.Duration][2]bool{ // holds, is fresh
		0: {true, true}, customer.FreshFor - 1: {true, true}, customer.FreshFor: {true, false},
		364 * 24 * time.Hour: {true, false}, 366 * 24 * time.Hour: {false, false},
	} {
		if got := [2]bool{l.Holds(noon.Add(after)), l.Fresh(noon.Add(after))}; got != want {
			t.Errorf("after %s: %v", after, got)
		}
	}
	if (customer.Link{Used: noon}).Fresh(noon) {
		t.Error("fresh without a code")
	}
	list := []customer.Link{{ID: 1}, {ID: 2, Active: true}}
	if a, ok := customer.Active(list); !ok || a.ID != 2 {
		t.Errorf("active: %v", a.ID)
	}
	if _, ok := customer.Active(nil); ok {
		t.Error("nothing is active")
	}
	if f, ok := customer.Find(list, 1); !ok || f.ID != 1 {
		t.Errorf("found: %v", f.ID)
	}
}

// Each purpose has a document of its own in both languages, whose hash tells
// what was shown.
func TestDocuments(t *testing.T) {
	t.Parallel()
	d := customer.Documents{"ru": "АО «Сбыт»", "en": "Power Co"}
	hashes := map[string]bool{}
	for _, p := range []customer.Purpose{customer.ForLinking, customer.ForNews, customer.ForVisit} {
		for _, lang := range []string{"ru", "en"} {
			doc := d.Text(p, lang)
			if doc.Version < 1 || !strings.Contains(doc.Text, d[lang]) || strings.ContainsAny(doc.Text, "{}") || len(doc.Blocks()) < 3 {
				t.Errorf("%s, %s: version %d", p, lang, doc.Version)
			}
			if slices.ContainsFunc(doc.Blocks(), func(b chat.Block) bool { return strings.Contains(b.Spans[0].Text, "\n") }) {
				t.Errorf("%s, %s: a paragraph is broken", p, lang)
			}
			hashes[doc.Hash] = true
			if g := doc.Give(); g.Hash != doc.Hash || g.Withdraw {
				t.Errorf("given: %+v", g)
			}
		}
	}
	if len(hashes) != 6 || d.Text(customer.ForNews, "fr").Lang != "ru" {
		t.Errorf("%d different documents", len(hashes))
	}
	if other := (customer.Documents{"ru": "ООО"}).Text(customer.ForLinking, "ru"); hashes[other.Hash] {
		t.Error("another supplier's consent has the same hash")
	}
}

// Nothing of what a linker shows, and no code, is in a log.
func TestLinkersAreNotLogged(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, nil))
	c := linkClaim(known, "5093", "tg:1", "10.1.2.3", "e", noon)
	h, _, _ := registry{newOffice()}.Holder(t.Context(), known)
	l := customer.Linking{Account: known, Code: "042117"}
	log.Info("x", "claim", c, "evidence", c.Evidence, "holder", h, "code", l.Code, "linking", l, "link", customer.Link{Account: known, Name: "Дача"})
	out.WriteString(fmt.Sprintf("%v %+v %#v %s %d", c.Evidence, l.Code, l.Code, l.Code, l.Code))
	for _, secret := range []string{"014520", "5093", "042117", "1250", "9991234", "10.1.2.3", "Дача"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q leaked: %s", secret, out.String())
		}
	}
	if got := h.Reaches(); len(got) != 1 || got[0].Way != notice.SMS || strings.Contains(got[0].To, "1234") {
		t.Errorf("reaches: %+v", got)
	}
}
