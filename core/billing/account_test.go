package billing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/billing"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// demoAccounts are the numbers of spec §5.1.
var demoAccounts = []string{
	"0145201372", "0203118468", "0344172085", "0477002158", "0561209347", "0633084512",
	"0755190626", "0822067138", "0104552013", "0207319443", "0207319526", "0309188274", "0412003659",
	"ЭС-0123/26", "ЭС-0456/25", "ЭС-0789/26",
}

func TestParseAccount(t *testing.T) {
	t.Parallel()
	for _, number := range demoAccounts {
		if got, err := billing.ParseAccount(number); err != nil || got.Full() != number {
			t.Errorf("demo account %s: got %s, %v", number, got.Full(), err)
		}
	}
	for _, tc := range []struct {
		text string
		want string
		err  error
	}{
		{" 0145 201 372 ", "0145201372", nil},
		{"0145\u00a0201\u00a0372", "0145201372", nil},
		{"0145-201-372", "0145201372", nil},
		{"0145—201–372", "0145201372", nil},
		{"０１４５２０１３７２", "0145201372", nil},
		{"л/с 0145201372", "0145201372", nil},
		{"Лицевой счёт: № 0145201372.", "0145201372", nil},
		{"мой 0145201372 спасибо", "0145201372", nil},
		{"0️⃣1️⃣4️⃣5️⃣2️⃣0️⃣1️⃣3️⃣7️⃣2️⃣", "0145201372", nil},
		{"0145201373", "", billing.ErrAccountDigits},
		{"0154201372", "", billing.ErrAccountDigits},
		{"014520137", "", billing.ErrAccountForm},
		{"01452013722", "", billing.ErrAccountForm},
		{"0000000000", "", billing.ErrAccountForm},
		{"01452 дом 01372", "", billing.ErrAccountForm},
		{"", "", billing.ErrAccountForm},
		{"не знаю", "", billing.ErrAccountForm},
		{"эс-0123/26", "ЭС-0123/26", nil},
		{"ЭC-0123/26", "ЭС-0123/26", nil},
		{"3C-0123/26", "ЭС-0123/26", nil},
		{"3С0123/26", "ЭС-0123/26", nil},
		{"ES 0123/26", "ЭС-0123/26", nil},
		{"ЭС № 0123 / 26", "ЭС-0123/26", nil},
		{"ЭС-123/2026", "ЭС-0123/26", nil},
		{"ЭС-0123-26", "ЭС-0123/26", nil},
		{"договор ЭС–0123/26", "ЭС-0123/26", nil},
		{"0123/26", "ЭС-0123/26", nil},
		{"0123/1926", "", billing.ErrAccountForm},
		{"ЭС-01234/26", "", billing.ErrAccountForm},
		{"ЭС-0123/26 и ЭС-0456/25", "", billing.ErrAccountForm},
		{"ЭС", "", billing.ErrAccountForm},
	} {
		got, err := billing.ParseAccount(tc.text)
		if got.Full() != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%q: got %q, %v, want %q, %v", tc.text, got.Full(), err, tc.want, tc.err)
		}
	}
}

func TestNewPersonalAccount(t *testing.T) {
	t.Parallel()
	if got := billing.NewPersonalAccount(1, 4520137); got != "0145201372" {
		t.Errorf("got %s", got.Full())
	}
	if got := billing.AccountNumber("0822067138").Territory(); got != "08" {
		t.Errorf("territory %q", got)
	}
	if got := billing.AccountNumber("ЭС-0123/26"); got.Territory() != "" || !got.Contract() {
		t.Errorf("contract taken for a personal account")
	}
}

// Every personal value must mask itself wherever it is printed or logged, and
// keep its whole in JSON, which is how states and stores hold it.
func TestMasking(t *testing.T) {
	t.Parallel()
	account := billing.Account{
		Number: "0145201372", House: "5", Flat: "12",
		Meters: []billing.Meter{{ID: 1, Serial: "011845093"}},
	}
	values := map[string]any{
		"******1372": account.Number, "****5093": account.Meters[0].Serial,
		"ЭС-****/26": billing.AccountNumber("ЭС-0123/26"), "****": billing.Proof{Serial: "5093", Place: "5 12"},
		"******": billing.AccountNumber("1372"),
	}
	for want, v := range values {
		for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); got != want {
				t.Errorf("%s of %s: got %q", verb, want, got)
			}
		}
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("seen", "account", account, "number", account.Number,
			"serial", account.Meters[0].Serial, "proof", billing.Proof{Serial: "5093", Place: "5 12"},
			"message", billing.Parse("Садовая дом 5 кв 12, счётчик 011845093: 4521"))
	}
	out := fmt.Sprintf("%v %+v %#v", account, account, account.Meters) + log.String()
	for _, secret := range []string{"0145201372", "011845093", "5 12", "садовая"} {
		if strings.Contains(out, secret) {
			t.Errorf("%q leaked: %s", secret, out)
		}
	}
	kept, err := json.Marshal(account)
	if err != nil || !bytes.Contains(kept, []byte(`"0145201372"`)) || !bytes.Contains(kept, []byte(`"011845093"`)) {
		t.Errorf("JSON must keep the whole: %s, %v", kept, err)
	}
}
