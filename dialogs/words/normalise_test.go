package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"okoshko/dialogs/words"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"":            "",
		"да":          "да",
		" Да! ":       "да",
		"✅ Отправить": "отправить",
		"«Передать   показания»":  "передать показания",
		"Счёт\u00a0и\u202fоплата": "счет и оплата",
		"СЧЕ\u0308Т, И\u0306ОД":   "счет йод",
		"показа\u0301ния":         "показания",
		"M\u200bеню\ufeff":        "меню",
		"HЕТ":                     "нет", // Latin H
		"ещ\u00eb":                "еще", // Latin ë
		"HET":                     "het", // wholly Latin: English is left alone
		"IP-адрес":                "ip-адрес",
		"Language / Язык":         "language язык",
		"кол\u2014во":             "кол-во",
		"л/с № 12":                "л/с 12",
		"10.11.2026, 12,5":        "10.11.2026 12,5",
		"да,конечно":              "да конечно",
		"да...нет":                "да нет",
		"O\u2019clock":            "o'clock",
		"/start":                  "start",
		"да👍🏽нет":                 "да нет",
		"👨\u200d👩\u200d👧":         "",
		"1\ufe0f\u20e3":           "1",
		"\xffда\xff":              "да",
		"…":                       "",
		"передать показания 4 521": "передать показания 4 521",
	} {
		if got := words.Normalise(input); got != want {
			t.Errorf("%q: got %q, want %q", input, got, want)
		}
	}
}

func TestNormaliseAllocatesLittle(t *testing.T) {
	for input, most := range map[string]float64{
		"передать показания 4521":    0,
		"submit a reading":           0,
		"«Передать показания», Ёлка": 1,
	} {
		if got := testing.AllocsPerRun(100, func() { words.Normalise(input) }); got > most {
			t.Errorf("%q costs %v allocations, more than %v", input, got, most)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{"Да, конечно!", "M\u200bеню", "и \u0306", "12,5", "a,5", "HЕТ", "\xff", "İ", "e\u0308ё", "А\u200b-\u200bБ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := words.Normalise(text)
		if twice := words.Normalise(once); twice != once {
			t.Errorf("%q gives %q, then %q", text, once, twice)
		}
		if !utf8.ValidString(once) || strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Errorf("%q gives %q", text, once)
		}
	})
}

func BenchmarkNormaliseNormal(b *testing.B) {
	for b.Loop() {
		words.Normalise("передать показания 4521")
	}
}

func BenchmarkNormaliseTyped(b *testing.B) {
	for b.Loop() {
		words.Normalise("  «Передать показания», счёт 4521! 👍")
	}
}
