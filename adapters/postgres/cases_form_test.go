package postgres_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
)

// gcm is a Sealer that nobody deceives, with a key that nobody keeps.
type gcm struct{ cipher.AEAD }

func (g gcm) Seal(plain []byte, label string) ([]byte, error) {
	return g.AEAD.Seal(nil, nil, plain, []byte(label)), nil
}

func (g gcm) Unseal(sealed []byte, label string) ([]byte, error) {
	return g.Open(nil, nil, sealed, []byte(label))
}

func (gcm) Digests(plain []byte, label string) [][]byte {
	return [][]byte{[]byte(label + string(plain))}
}

func (gcm) Current() string { return "gcm" }

func sealed(t testing.TB) func(*postgres.Config) {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // it never fails
	block, err := aes.NewCipher(key)
	must(t, err)
	aead, err := cipher.NewGCMWithRandomNonce(block)
	must(t, err)
	return func(c *postgres.Config) { c.Sealer = gcm{aead} }
}

// order makes a form ready and returns its ticket.
func (b *bureau) order(t testing.TB, c chat.Conversation, o registry.FormOrder) string {
	t.Helper()
	made, err := b.OrderForm(t.Context(), b.click(c), o)
	must(t, err)
	ticket, ok := b.FormTicket(c, made.Sealed)
	if !ok {
		t.Fatalf("%+v opens nothing", made)
	}
	return ticket
}

var claim = registry.FormOrder{Category: "Ж-5", Audience: knowledge.Individuals, Lang: "ru"}

// filled is a form of Ж-5 as its page reads it.
func filled() appeal.Answers {
	a := appeal.Answers{}
	for name, value := range map[appeal.Name]string{
		"name": "Иванова Мария Петровна", "address": "г. Старогорск, ул. Садовая, 5-12", "event_at": "2026-11-20 18:30",
		"demand": "Проверьте линию", "birth_date": "1980-05-04", "birth_place": "г. Старогорск", "passport": "4500123456", "phone": "+79990001122",
		"email": "m@post.example", "text": "Мигает свет каждый вечер", "contact": "chat", "answer_way": "chat",
	} {
		a = a.With(name, value)
	}
	return a
}

// A form makes one case, however often and by however many it is sent; its secrets
// stand in no record.
func TestFormMakesOneCase(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00", sealed(t))
	f, err := b.FindForm(t.Context(), b.order(t, asker, claim))
	must(t, err)
	var wg sync.WaitGroup
	numbers := make([]appeal.Number, 4)
	for i := range numbers {
		wg.Go(func() {
			done, err := b.SendForm(t.Context(), f, filled())
			if err != nil {
				t.Error(err)
			}
			numbers[i] = done.Number
		})
	}
	wg.Wait()
	for _, n := range numbers {
		if n != numbers[0] || n.IsZero() {
			t.Errorf("sent as %s and as %s", numbers[0], n)
		}
	}
	r, found, err := b.CustomerCase(t.Context(), asker, numbers[0])
	must(t, err)
	if !found || r.Channel != registry.FormChannel || len(r.Secret) != 3 || strings.Contains(r.Answers.One("passport"), "4500") {
		t.Errorf("found %v, %s, secrets %v, passport %q", found, r.Channel, r.Secret, r.Answers.One("passport"))
	}
	page, err := b.CustomerCases(t.Context(), asker, "", 10)
	must(t, err)
	if len(page.Lines) != 1 {
		t.Errorf("%d cases", len(page.Lines))
	}
}

// What is secret of a case that there is comes by a form, too, once.
func TestFormOfACase(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00", sealed(t))
	bare := filled().With("passport").With("birth_date").With("birth_place")
	filed, err := b.RegisterCase(t.Context(), b.click(asker), registry.Filing{
		Kind: appeal.Complaint, Category: "Ж-5", Audience: knowledge.Individuals, Lang: "ru", Answers: bare,
	})
	must(t, err)
	ticket := b.order(t, asker, registry.FormOrder{Number: filed.Number, Lang: "ru"})
	f, err := b.FindForm(t.Context(), ticket)
	must(t, err)
	if len(f.Fields) != 3 {
		t.Errorf("it asks %d questions", len(f.Fields))
	}
	secrets := appeal.Answers{}.With("passport", "4500123456").With("birth_date", "1980-05-04").With("birth_place", "г. Старогорск")
	done, err := b.SendForm(t.Context(), f, secrets)
	must(t, err)
	if f, err = b.FindForm(t.Context(), ticket); err != nil || f.Done == nil || f.Done.Number != filed.Number || done.Number != filed.Number {
		t.Errorf("%+v, %v", f.Done, err)
	}
	if r, _, err := b.CustomerCase(t.Context(), asker, filed.Number); err != nil || len(r.Secret) != 3 {
		t.Errorf("secrets %v, %v", r.Secret, err)
	}
	made, err := b.OrderForm(t.Context(), b.click(asker), registry.FormOrder{Number: filed.Number})
	if err != nil || !made.Needless {
		t.Errorf("asked for once more: %+v, %v", made, err)
	}
}

// Tickets that were changed, made up, cut or are somebody else's open nothing; an
// old one cannot be sent.
func TestFormsThatOpenNothing(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-24 10:00", sealed(t))
	ticket := b.order(t, asker, claim)
	for _, wrong := range []string{"", "x", ticket[:40], ticket + "A", "A" + ticket[1:], strings.Repeat("A", 5000), ticket[:60] + "B" + ticket[61:], "'; --"} {
		if _, err := b.FindForm(t.Context(), wrong); wrong != ticket && !errors.Is(err, registry.ErrNoForm) {
			t.Errorf("%.50q: %v", wrong, err)
		}
	}
	made, err := b.OrderForm(t.Context(), b.click(asker), claim)
	must(t, err)
	if _, ok := b.FormTicket("tg:200", made.Sealed); ok {
		t.Error("another conversation is shown the way")
	}
	for _, o := range []registry.FormOrder{
		{Category: "Я-1", Audience: knowledge.Individuals},
		{Number: appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 7}},
	} {
		if made, err := b.OrderForm(t.Context(), b.click(asker), o); err != nil || !made.Unknown {
			t.Errorf("%+v: %+v, %v", o, made, err)
		}
	}
	if made, err := b.OrderForm(t.Context(), b.click(asker), registry.FormOrder{Category: "В-0", Audience: knowledge.Individuals}); err != nil || !made.Needless {
		t.Errorf("%+v, %v", made, err)
	}
	f, err := b.FindForm(t.Context(), ticket)
	must(t, err)
	b.set(t, "2026-11-24 10:30")
	if _, err := b.SendForm(t.Context(), f, filled()); !errors.Is(err, registry.ErrLate) || f.Until.Sub(b.now()) > time.Minute {
		t.Errorf("sent half an hour later: %v", err)
	}
}
