package appeal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/fault"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number  appeal.Number
		printed string
	}{
		{appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 123}, "ОБ-2026-000123"},
		{appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 1}, "ЖБ-2026-000001"},
		{appeal.Number{Kind: appeal.Application, Year: 2027, Serial: 999_999}, "ЗВ-2027-999999"},
		{appeal.Number{Kind: appeal.Review, Year: 2026, Serial: 1_234_567}, "ОТ-2026-1234567"},
		{appeal.Number{}, ""},
	} {
		if got := c.number.String(); got != c.printed {
			t.Errorf("%+v is printed %q, want %q", c.number, got, c.printed)
		}
		var back appeal.Number
		if err := back.UnmarshalText([]byte(c.printed)); err != nil || back != c.number {
			t.Errorf("%q comes back as %+v (%v)", c.printed, back, err)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	const this = 2026
	for printed, typed := range map[string][]string{
		"ОБ-2026-000123": {
			"ОБ-2026-000123", "об-2026-000123", "ОБ 2026 000123", "ОБ-2026-123", "об2026000123", "OБ-2026-000123", "OB-2026-000123", // Latin O, B
			"0Б-2026-123", "Об—2026–000 123", "№ ОБ-2026-000123.", "номер ОБ-2026-000123, где ответ?", "ОБ-26-123", "ОБ № 123", "ОБ-000123", "об 000 123",
			"вопрос 2026-000123", "обращение № ОБ-2026-000123", "ОБ-2О26-ООО123", "ОБ-2026-0OO123", "ОБ/2026/000123", " ОБ -\u00a02026 - 000123 ", "ОБ\u200b-2026-000123",
		},
		"ЖБ-2026-000007":   {"ЖБ-2026-7", "жб7", "ZHB-2026-000007", "jb-2026-000007", "жалоба 7", "жалобу 2026/7"},
		"ЗВ-2026-000045":   {"ЗВ-2026-45", "3B-2026-000045", "3в 45", "ZV-2026-000045", "заявка № 45", "зв-2026-0000045"},
		"ОТ-2025-000001":   {"ОТ-2025-000001", "OT-2025-000001", "0Т-2025-1", "отзыв 2025-1", "ОТ-2025-00000l"},
		"ОТ-2026-12345678": {"ОТ-2026-12345678"},
	} {
		for _, text := range typed {
			got, err := appeal.ParseNumber(text, this)
			if err != nil || got.String() != printed {
				t.Errorf("%q: %v (%v), want %s", text, got, err, printed)
			}
		}
	}
	for _, text := range []string{
		"", "ОБ", "ОБ-", "ОБ-2026", "ОБ-2026-", "ОБ-2026-0", "ОБ-2026-000000", "2026-000123", "АБ-2026-000123", "ПП-2026-000123", "ОБ-1999-000123",
		"ОБ-2026-1234567890", "ОБ-2026-000123 и ОБ-2026-000124", "позвоните 123 ОБ-2026-000001", "робот 2026", "🙂", "ОБОБ-2026-1", "ОБ-2026-1а",
		strings.Repeat("ОБ-", 10_000),
	} {
		if got, err := appeal.ParseNumber(text, this); !errors.Is(err, appeal.ErrNumber) || !fault.Is(err, fault.Invalid) {
			t.Errorf("%.40q: %v (%v), want ErrNumber", text, got, err)
		}
	}
	if got, err := appeal.ParseNumber("ОБ-123", 0); err == nil {
		t.Errorf("a number without a year became %v", got)
	}
}

// Where a number is asked for, less than a whole one is taken.
func TestParseNumbers(t *testing.T) {
	t.Parallel()
	const this = 2027
	every := "ОБ-2026-000123 ЖБ-2026-000123 ЗВ-2026-000123 ОТ-2026-000123"
	for want, typed := range map[string][]string{
		"ОБ-2026-000123":                {"ОБ-2026-000123", "ob-2026-123", "вопрос 2026-123", " об 2026 000 123."},
		"ЖБ-2027-000007 ЖБ-2026-000007": {"жб7", "ЖБ-000007", "жалоба № 7", "JB 7"},
		every:                           {"2026-000123", "2026-123", "2026000123", "26-123", "№ 2026/000123", "номер 2026-000123", "２０２６-１２３"},
		strings.ReplaceAll(every, "2026", "2027") + " " + every: {"123", "000123", "№123", "номер 000 123", "number 123"},
		"": {
			"", "ОБ", "2026", "0", "№", "у меня 2 счётчика", "123 или 124", "0145201372", "1234567", "а123", "123а", "🙂", "12.11.2026", "+7 912 345-67-89",
			strings.Repeat("1", 100), strings.Repeat("ОБ ", 1000),
		},
	} {
		for _, text := range typed {
			var got []string
			for _, n := range appeal.ParseNumbers(text, this) {
				got = append(got, n.String())
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%.40q may mean %v, want %s", text, got, want)
			}
		}
	}
}

func TestFindNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Где ответ на ЖБ-2026-000007? Жду с 3 ноября":  "ЖБ-2026-000007",
		"обращение ob-2026-123 от 24.11.2026":          "ОБ-2026-000123",
		"ОБ-2026-000123 15 марта":                      "ОБ-2026-000123",
		"счёт от 2026-11-24":                           "",
		"от 2026-11":                                   "",
		"показания от 2026-11-24: 4521":                "",
		"вопрос 5":                                     "",
		"жалоба 2026 года":                             "",
		"":                                             "",
		"заявление зв 2026 000001 и зв 2026 000002":    "ЗВ-2026-000001",
		"оплатил счёт 0145201372 от 03.11.2026 на 500": "",
	} {
		got, found := appeal.FindNumber(text)
		if got.String() != want || found != (want != "") {
			t.Errorf("%q: %v, %t; want %q", text, got, found, want)
		}
	}
}

// What is read is printed and read again the same; what is printed is found in
// any text.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"ОБ-2026-000123", "3b 45", "жалоба № 7", "от 2026-11-24", "ОБ-2О26-ООО123", "zhb\u2011000 001", "\xff", "об26-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := appeal.ParseNumber(text, 2026)
		if found, ok := appeal.FindNumber(text); ok && (found.Year == 0 || found.Serial == 0 || !found.Kind.Exists()) {
			t.Errorf("%q holds %+v", text, found)
		}
		for _, n := range appeal.ParseNumbers(text, 2026) {
			if again, err := appeal.ParseNumber(n.String(), 0); err != nil || again != n {
				t.Errorf("%q may be %v, which is read as %v (%v)", text, n, again, err)
			}
		}
		if err != nil {
			return
		}
		again, err := appeal.ParseNumber(n.String(), 0)
		if err != nil || again != n {
			t.Errorf("%q is %v, which is read as %v (%v)", text, n, again, err)
		}
		if found, ok := appeal.FindNumber(fmt.Sprintf("что с %s?", n)); !ok || found != n {
			t.Errorf("%v is not found in a text: %v", n, found)
		}
	})
}
