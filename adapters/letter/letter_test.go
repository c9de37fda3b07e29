package letter_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/letter"
	"okoshko/adapters/paper/papertest"
	"okoshko/core/fault"
)

func usual() letter.Letter {
	return letter.Letter{
		Lang: "ru", At: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC),
		Company:  "АО «Старогорская энергосбытовая компания»",
		Contacts: []string{"г. Старогорск, ул. Лыжная, д. 1", "8 800 000-01-01, пн–пт 08:00–20:00", "sesk.example"},
		References: []string{
			"Исх. № ОБ-2026-000123/1 от 30.11.2026", "На обращение № ОБ-2026-000123 от 27.11.2026",
		},
		To:      []string{"Ивановой Марии Петровне", "г. Старогорск, ул. Лыжная, д. 14, кв. 20"},
		Subject: "Ответ на обращение «Начисления и расчёты»",
		Text: "Здравствуйте, Мария Петровна!\n\nМы проверили начисления за октябрь. Показание 12 210 учтено 26 октября, " +
			"поэтому оно вошло в счёт за ноябрь:\n- за октябрь начислено по среднему, 305 кВт·ч;\n- в ноябре сделан перерасчёт на −85 кВт·ч.\n\n" +
			"Перерасчёт уже виден в счёте. Ничего делать не нужно.",
		Enclosed: "Приложение:", Enclosures: []string{"Расчёт за октябрь.pdf"},
		Signature: []string{"С уважением,", "Специалист виртуальной приёмной"}, Name: "Ольга Смирнова",
		Executor: "Исполнитель: Роман, тел. 8 800 000-01-01",
		Foot:     func(n, of int) string { return fmt.Sprintf("ОБ-2026-000123/1 · страница %d из %d", n, of) },
	}
}

// A letter holds everything that it must, on one page if it is short.
func TestPrint(t *testing.T) {
	t.Parallel()
	l := usual()
	file, err := letter.Print(l)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OKOSHKO_TEST_KEEP"); dir != "" {
		if err := os.WriteFile(dir+"/letter.pdf", file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, pages := papertest.Text(t, file)
	if pages != 1 {
		t.Errorf("%d pages", pages)
	}
	want := append([]string{l.Company, l.Subject, "305 кВт·ч", "Ничего делать не нужно.", l.Enclosed, l.Name, l.Executor, l.Foot(1, 1)}, l.Contacts...)
	for _, lines := range [][]string{l.References, l.To, l.Enclosures, l.Signature} {
		want = append(want, lines...)
	}
	for _, line := range want {
		if !strings.Contains(text, papertest.Squeeze(line)) {
			t.Errorf("%q is missing", line)
		}
	}
	papertest.Fits(t, file)
	if again, err := letter.Print(l); err != nil || string(again) != string(file) {
		t.Errorf("the same letter is another file (%v)", err)
	}
	// Whoever reads the file's properties learns nothing of the customer.
	for _, secret := range []string{"Иванов", "Лыжная"} {
		if strings.Contains(string(file), secret) {
			t.Errorf("%q stands in the file's properties", secret)
		}
	}
}

// Signs that the fonts lack are written another way: a sum keeps its roubles.
func TestSigns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, written, printed string }{
		{"ru", "Платёж 1 250,00 ₽ учтён", "Платёж 1 250,00 руб. учтён"},
		{"ru", "Всего 1250₽.", "Всего 1250 руб."},
		{"ru", "Доплата: 85 ₽, возврат: 40 ₽", "Доплата: 85 руб., возврат: 40 руб."},
		{"ru", "Сумма в ₽", "Сумма в руб."},
		{"en", "You paid 1,250.00 ₽.", "You paid 1,250.00 RUB."},
		{"ru", "Свои\u0306 счётчик ✓, 12\u202f210 кВт·ч, из\u2011за, №\u20095", "Свой счётчик √, 12 210 кВт·ч, из-за, № 5"},
		{"ru", "≈ ≥ ± · № → −85 €", "≈ ≥ ± · № → −85 €"},
		{"ru", "Привет 🙂", "Привет ?"},
	} {
		l := usual()
		l.Lang, l.Text = c.lang, c.written
		file, err := letter.Print(l)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := papertest.Text(t, file); !strings.Contains(text, papertest.Squeeze(c.printed)) {
			t.Errorf("%q is printed as %s", c.written, text)
		}
	}
}

// Who reads a letter on a screen can press the addresses in it, without the mark
// behind them; half of one leads nowhere, and nothing but the web is led to.
func TestLinks(t *testing.T) {
	t.Parallel()
	l := usual()
	long := "https://okoshko.example/" + strings.Repeat("a", 200)
	l.Text = "Как платить? https://okoshko.example/answers/pay-how.\n- счёт: (https://okoshko.example/счёт)\n" + long + "\njavascript:alert(1) https://okoshko.example/\\)>>/JS"
	file, err := letter.Print(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"(https://okoshko.example/answers/pay-how)", "(https://okoshko.example/%D1%81%D1%87%D1%91%D1%82)"} {
		if strings.Count(string(file), "/URI "+want) != 1 {
			t.Errorf("nothing leads to %s", want)
		}
	}
	for _, bad := range []string{"/aaa", "(javascript", ")>>/JS"} {
		if strings.Contains(string(file), bad) {
			t.Errorf("%q stands in the file", bad)
		}
	}
	papertest.Fits(t, file)
}

// A long letter goes on; no line of it is lost, and its signature stays together.
func TestLong(t *testing.T) {
	t.Parallel()
	l := usual()
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "Пункт %d: %s.\n\n", i, strings.Repeat("слово ", i%40))
	}
	l.Text = text.String()
	file, err := letter.Print(l)
	if err != nil {
		t.Fatal(err)
	}
	papertest.Fits(t, file)
	got, pages := papertest.Text(t, file)
	if pages < 5 {
		t.Errorf("%d pages", pages)
	}
	for i := range 300 {
		if !strings.Contains(got, fmt.Sprintf("Пункт%d:", i)) {
			t.Errorf("line %d is lost", i)
		}
	}
	last := papertest.Words(t, file)[pages-1]
	var end strings.Builder
	for _, w := range last {
		end.WriteString(w.Text)
	}
	for _, line := range l.Signature {
		if !strings.Contains(end.String(), line) {
			t.Errorf("%q is not on the last page", line)
		}
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	l := usual()
	for _, text := range []string{"", " \n\n\t "} {
		l.Text = text
		if _, err := letter.Print(l); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Nothing that people write breaks a letter.
func FuzzPrint(f *testing.F) {
	for _, text := range []string{
		"Здравствуйте!", strings.Repeat("Щ", 3000), "日本語 🙂 \x00\x1b \u202e عربى", `)Tj ET <</JS (x)>> \ (`, "\xff\xfe\xed\xa0\x80",
		"\xd0", "- \n• \n\n\n-", strings.Repeat("\n", 5000), "\r\n\r\nа\r\n- б",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := usual()
		l.Company, l.Contacts, l.To, l.Subject, l.Text = text, []string{text, text}, []string{text, text}, text, text
		l.References, l.Enclosures, l.Signature = []string{text}, []string{text}, []string{text, text}
		file, err := letter.Print(l)
		if err != nil {
			if strings.TrimSpace(text) == "" && fault.Is(err, fault.Invalid) {
				return
			}
			t.Fatal(err)
		}
		papertest.Fits(t, file)
	})
}
