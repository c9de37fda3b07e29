package bank_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/bank"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

// counter is a bank with one payment.
type counter struct {
	payment bank.Payment
	done    []string
}

func (c *counter) Payments() []bank.Payment { return []bank.Payment{c.payment} }

func (c *counter) Payment(token string) (bank.Payment, bool) {
	return c.payment, token == c.payment.Token
}

func (c *counter) Act(token, act string) error {
	switch {
	case token != c.payment.Token:
		return fault.New(fault.NotFound, "no such payment")
	case act == bank.Refund:
		return fault.New(fault.Conflict, "it is not paid")
	}
	c.done = append(c.done, act)
	return nil
}

func (c *counter) ask(t *testing.T, method, path string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	bank.New(c, map[words.Lang]string{words.RU: "АО «Сбыт» <b>", words.EN: "Sales"}, time.FixedZone("UTC+5", 5*60*60)).Mount(app, "/demo/pay")
	r, err := app.Test(httptest.NewRequest(method, path, nil), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

func one(state string) *counter {
	return &counter{payment: bank.Payment{
		Token: "T0KEN", Number: "4821-0000-0017", Account: "******8468", Sum: 160460, State: state, Return: "https://chat.example/", Told: 2, Heard: true,
		At: time.Date(2026, 11, 27, 7, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 27, 7, 30, 0, 0, time.UTC),
	}}
}

// Each state says itself and offers its acts; what comes from outside is text.
func TestStates(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"open":     {"Ждёт оплаты", "Оплатить 1\u202f604,60\u00a0₽", "Отказать", "Дать времени истечь", "до 12:30", "/demo/pay/T0KEN/pay?lang=ru"},
		"paid":     {"Оплачен", "Вернуть деньги", "ещё раз", "отправок: 2", "Вернуться в чат"},
		"refused":  {"Отказано", "Оплатить 1\u202f604,60", "27 ноября 2026, 12:00"},
		"expired":  {"Время вышло"},
		"refunded": {"Возвращён"},
	} {
		r, body := one(state).ask(t, http.MethodGet, "/demo/pay/T0KEN?lang=ru")
		for _, text := range append(want, "4821-0000-0017", "******8468", "АО «Сбыт» &lt;b&gt;") {
			if !strings.Contains(body, text) {
				t.Errorf("%s: %q is missing in\n%s", state, text, body)
			}
		}
		if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Content-Security-Policy"), "form-action 'self'") {
			t.Errorf("%s: %d, %v", state, r.StatusCode, r.Header)
		}
	}
}

// A way back that is no address of the web is not offered.
func TestBack(t *testing.T) {
	t.Parallel()
	c := one("paid")
	c.payment.Return = "javascript:alert(1)"
	if _, body := c.ask(t, http.MethodGet, "/demo/pay/T0KEN?lang=ru"); strings.Contains(body, "javascript") || strings.Contains(body, "Вернуться в чат") {
		t.Error(body)
	}
}

func TestActs(t *testing.T) {
	t.Parallel()
	c := one("open")
	r, _ := c.ask(t, http.MethodPost, "/demo/pay/T0KEN/pay?lang=en")
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/demo/pay/T0KEN?lang=en" || strings.Join(c.done, "") != "pay" {
		t.Errorf("%d, %v, %v", r.StatusCode, r.Header, c.done)
	}
	// What is not possible any more shows the state instead.
	if r, _ := c.ask(t, http.MethodPost, "/demo/pay/T0KEN/refund"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", r.StatusCode)
	}
	if r, _ := c.ask(t, http.MethodGet, "/demo/pay/T0KEN/pay"); r.StatusCode == http.StatusOK || len(c.done) != 1 {
		t.Errorf("paid by being looked at: %d, %v", r.StatusCode, c.done)
	}
	if r, body := c.ask(t, http.MethodGet, "/demo/pay/other?lang=ru"); r.StatusCode != http.StatusNotFound || !strings.Contains(body, "Такого платежа нет") {
		t.Errorf("%d, %s", r.StatusCode, body)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	if _, body := one("paid").ask(t, http.MethodGet, "/demo/pay?lang=en"); !strings.Contains(body, `href="/demo/pay/T0KEN?lang=en"`) || !strings.Contains(body, "1,604.60") {
		t.Error(body)
	}
	if r, _ := one("paid").ask(t, http.MethodGet, "/demo/pay/page.css"); r.StatusCode != http.StatusOK {
		t.Errorf("style: %d", r.StatusCode)
	}
}

// What is paid for a case names the case in the place of an account.
func TestACase(t *testing.T) {
	t.Parallel()
	c := one("open")
	c.payment.Account, c.payment.Case = "", "ЗВ-2026-000001"
	if _, body := c.ask(t, http.MethodGet, "/demo/pay/T0KEN?lang=ru"); !strings.Contains(body, "ЗВ-2026-000001") || strings.Contains(body, "Лицевой счёт") {
		t.Error(body)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, bank.Words, ".", "state.*", "act.*", "untold", "heard", "unheard",
		"title", "note", "payee", "account", "case", "number", "back", "all", "gone.*", "list.*")
}
