package appeal_test

import (
	"errors"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/fault"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       appeal.Type
		text, want string
		err        error
	}{
		{appeal.Text, "  Окно  № 3 ", "Окно № 3", nil},
		{appeal.Text, " ", "", appeal.ErrEmpty},
		{appeal.Text, strings.Repeat("я", 301), "", appeal.ErrLong},
		{appeal.Text, "a\x00b", "", appeal.ErrSigns},
		{appeal.Text, "\xff", "", appeal.ErrSigns},
		{appeal.Prose, " Строка\r\n\r\nи ещё ", "Строка\n\nи ещё", nil},
		{appeal.Prose, strings.Repeat("я", 50_000), strings.Repeat("я", 50_000), nil},
		{appeal.Prose, strings.Repeat("я", 50_001), "", appeal.ErrLong},
		{appeal.Person, "иванова  Мария", "иванова Мария", nil},
		{appeal.Person, "Иванова", "", appeal.ErrName},
		{appeal.Person, "Иванова 2", "", appeal.ErrName},
		{appeal.Address, "Старогорск, ул. Садовая, 5-12", "Старогорск, ул. Садовая, 5-12", nil},
		{appeal.Address, "Старогорск", "", appeal.ErrAddress},
		{appeal.Account, "01 452 013 72", "0145201372", nil},
		{appeal.Account, "эс-123/26", "ЭС-0123/26", nil},
		{appeal.Account, "0145201373", "", appeal.ErrAccount},
		{appeal.Contract, "эс 123 / 26", "ЭС-0123/26", nil},
		{appeal.Contract, "ЭC-0123/26", "ЭС-0123/26", nil}, // a Latin C
		{appeal.Contract, "договор № ЭС-0123/26", "ЭС-0123/26", nil},
		{appeal.Contract, "0145201372", "0145201372", nil},
		{appeal.Contract, "К-77/2011", "К-77/2011", nil},
		{appeal.Contract, "№ 123 от 1 марта 2009", "№ 123 от 1 марта 2009", nil},
		{appeal.Contract, "не помню", "", appeal.ErrContract},
		{appeal.Contract, "не помню, кажется 5", "", appeal.ErrContract},
		{appeal.Contract, "где-то был 77", "", appeal.ErrContract},
		{appeal.Contract, "<b>1", "", appeal.ErrContract},
		{appeal.Contract, strings.Repeat("1", 41), "", appeal.ErrContract},
		{appeal.Meter, "0118 45093", "011845093", nil},
		{appeal.Meter, "№№", "", appeal.ErrSerial},
		{appeal.Tel, "8 (912) 345-67-89", "+79123456789", nil},
		{appeal.Tel, "12", "", appeal.ErrPhone},
		{appeal.Mailbox, "Ivanova@MAIL.ru", "Ivanova@mail.ru", nil},
		{appeal.Mailbox, "ivanova", "", appeal.ErrEmail},
		{appeal.Past, "24.11.2026", "2026-11-24", nil},
		{appeal.Past, "5.6.85", "1985-06-05", nil},
		{appeal.Past, "27.11.2026", "2026-11-27", nil},
		{appeal.Past, "28.11.2026", "", appeal.ErrFuture},
		{appeal.Past, "31.02.2026", "", appeal.ErrDate},
		{appeal.Past, "вчера", "", appeal.ErrDate},
		{appeal.Future, "2026-12-01", "2026-12-01", nil},
		{appeal.Future, "26.11.2026", "", appeal.ErrPast},
		{appeal.Future, "01.12.2028", "", appeal.ErrPast},
		{appeal.Moment, "24.11.2026, 18:30", "2026-11-24 18:30", nil},
		{appeal.Moment, "24.11.2026", "2026-11-24", nil},
		{appeal.Moment, "24.11.2026 25:00", "", appeal.ErrDate},
		{appeal.Months, "10.2026", "2026-10", nil},
		{appeal.Months, "08.2026 / 2026-10", "2026-08/2026-10", nil},
		{appeal.Months, "2026-10/2026-08", "", appeal.ErrMonths},
		{appeal.Months, "12.2026", "", appeal.ErrFuture},
		{appeal.Money, "1 604,6", "1604.60", nil},
		{appeal.Money, "0", "", appeal.ErrMoney},
		{appeal.Money, "-5", "", appeal.ErrMoney},
		{appeal.Count, "3", "3", nil},
		{appeal.Count, "0", "", appeal.ErrCount},
		{appeal.Count, "три", "", appeal.ErrCount},
		{appeal.Figures, "T1 210, T2 95", "T1 210, T2 95", nil},
		{appeal.Figures, "не знаю", "", appeal.ErrFigures},
		{appeal.Choice, "single", "single", nil},
		{appeal.Choice, "quadruple", "", appeal.ErrChoice},
		{appeal.Consent, "yes", "yes", nil},
		{appeal.Consent, "no", "", appeal.ErrConsent},
		{appeal.Service, "У-01", "У-01", nil},
		{appeal.Service, "?", "", appeal.ErrService},
		{appeal.TaxID, "ИНН 0000120139", "0000120139", nil},
		{appeal.TaxID, "123", "", appeal.ErrTaxID},
		{appeal.TaxID, "7707083894", "", appeal.ErrTaxCheck},
		{appeal.TaxID, "500100732259", "500100732259", nil},
		{appeal.TaxID, "500100732295", "", appeal.ErrTaxCheck},
		{appeal.OGRN, "1027700132159", "", appeal.ErrCodeCheck},
		{appeal.OGRN, "304500116000157", "304500116000157", nil},
		{appeal.KPP, "7701 01 001", "770101001", nil},
		{appeal.KPP, "77", "", appeal.ErrCode},
		{appeal.OGRN, "1027700132195", "1027700132195", nil},
		{appeal.OGRN, "10277001321950", "", appeal.ErrCode},
		{appeal.Passport, "65 09 123456", "6509123456", nil},
		{appeal.Passport, "65", "", appeal.ErrCode},
		{appeal.Case, "об 123", "ОБ-2026-000123", nil},
		{appeal.Case, "123", "", appeal.ErrCase},
		{appeal.Files, "0191f1c2-aa", "0191f1c2-aa", nil},
		{appeal.Files, "что-то <b>", "", appeal.ErrFile},
	} {
		field := appeal.Field{Type: c.kind, Choices: []appeal.Option{{Code: "single"}}}
		got, err := field.Read(c.text, today)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s %.40q: %.40q (%v), want %.40q (%v)", c.kind, c.text, got, err, c.want, c.err)
		}
	}
}

func TestFlaws(t *testing.T) {
	t.Parallel()
	c := category(t, "В-7")
	good := appeal.Answers{}.With("account", "0145201372").With("receipt", "f1", "f2").With("paid_sum", "1604.60")
	if got := c.Flaws(good, today); len(got) != 0 {
		t.Errorf("right answers have %v", got)
	}
	bad := good.With("account", "1", "2").With("paid_on", "2027-01-01").With("colour", "red").With("receipt", strings.Split(strings.Repeat("f ", 21), " ")...)
	var keys []string
	for _, f := range c.Flaws(bad, today) {
		keys = append(keys, string(f.Field)+":"+f.Key)
	}
	if got := strings.Join(keys, " "); got != "account:field_too_many colour:field_unknown paid_on:field_future receipt:field_too_many" {
		t.Errorf("wrong answers have %s", got)
	}
}

// Whatever somebody types is refused with a key and without being quoted, or
// comes out in a form that is read the same again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "0145201372", "24.11.2026 18:30", "10.2026/2026-10", "+7 912 345-67-89", "1 604,60", "ОБ-2026-1", "\x00", "Иванова Мария", "🙂"} {
		f.Add(seed)
	}
	plan, _ := demo.Book().Field("plan")
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range appeal.Types() {
			field := appeal.Field{Type: kind, Choices: plan.Choices}
			got, err := field.Read(text, today)
			if err != nil {
				if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "field_") {
					t.Errorf("%s: %v says more than its key", kind, err)
				}
				continue
			}
			if again, err := field.Read(got, today); err != nil || again != got {
				t.Errorf("%s: %q became %q, then %q (%v)", kind, text, got, again, err)
			}
		}
	})
}
