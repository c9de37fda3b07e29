package detect_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"okoshko/core/privacy/detect"
)

func TestScrub(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"мой счёт 0145201372, сколько должен": "мой счёт [лицевой счёт], сколько должен",
		"л/с 0145 201 372": "л/с [лицевой счёт]",
		"позвоните +7 (912) 345-67-89 пожалуйста":          "позвоните [телефон] пожалуйста",
		"пишите на Ivan.Petrov+x@mail.ru":                  "пишите на [e-mail]",
		"я Иванова Мария Петровна, где справка":            "я [имя], где справка",
		"Марья Ивановна сказала прийти":                    "[имя] сказала прийти",
		"это Петров И. И. из дома":                         "это [имя] из дома",
		"живу ул. Садовая, 5, кв. 12 и нет света":          "живу [адрес] и нет света",
		"карта 4111 1111 1111 1111":                        "карта [карта]",
		"договор ЭС-0123/26":                               "договор [договор]",
		"показания 45210 и 12345678901234":                 "показания [номер] и [номер]",
		"показания 4521, день 87, с 25 числа":              "показания 4521, день 87, с 25 числа",
		"почему тариф 6,19 а не 5.56 с 01.10":              "почему тариф 6,19 а не 5.56 с 01.10",
		"  как дела  ":                                     "как дела",
		"Старогорэнергосбыт и Россети, Госуслуги, ГИС ЖКХ": "Старогорэнергосбыт и Россети, Госуслуги, ГИС ЖКХ",
	} {
		if got := detect.Scrub(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("Иванова Мария, 0145201372")
	f.Add("\xff\xfe кв. 1 @ 12345")
	f.Fuzz(func(t *testing.T, text string) {
		got := detect.Scrub(text)
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatalf("%q became no text: %q", text, got)
		}
		run := 0
		for _, r := range got {
			if r >= '0' && r <= '9' {
				run++
			} else {
				run = 0
			}
			if run >= 5 {
				t.Fatalf("%q keeps a number: %q", text, got)
			}
		}
		if strings.Contains(got, "@mail.ru") && strings.Contains(text, "a@mail.ru") {
			t.Fatalf("%q keeps a mailbox: %q", text, got)
		}
	})
}
