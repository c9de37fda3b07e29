package detect_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

// FuzzFind says that nothing panics, that findings lie in the text at letters'
// borders, in order and apart, and that redacting twice is redacting once.
func FuzzFind(f *testing.F) {
	for _, file := range []string{tuningFile, unseenFile} {
		for _, l := range readLetters(f, file) {
			f.Add(l.text)
		}
	}
	f.Add("8 (9 1 2) 345\u00a067 89 \xff\xfe И\u0306ванов[имя] кв. 1 @ [телефон]7 ١٢٣٤٥٦٧٨٩٠ собака a.b")
	f.Add("третьего мая пятьдесят второго года рождения, в вк: id_1 a @ b . ru (dot) vk.com/я 55.7558, 37°37′ Ли Мин 3-го 52-м г. р.")
	f.Add("35/10 кВ\" 1 из сорок первой 2-я 9 Мая 15-3 сто сороковая квартира № АВ-00451 МСЭ-2019 № 1234567")
	f.Add("гаражный кооператив по 5 д. Ёжиков А.Б.В. восемь девятьсот двенадцать")
	d := detect.New(supplier)
	author := readAuthor(f, 0, "name: Иванова Мария Петровна; street: Садовая; house: 5; flat: 12; account: 0145201372; phone: +79123456789; email: ivanova@mail.example")
	f.Fuzz(func(t *testing.T, text string) {
		found := d.Find(text, author)
		at := 0
		for _, f := range found {
			if f.Start < at || f.End <= f.Start || f.End > len(text) {
				t.Fatalf("%q: finding %+v after %d", text, f, at)
			}
			if utf8.ValidString(text) && (!utf8.RuneStart(text[f.Start]) || f.End < len(text) && !utf8.RuneStart(text[f.End])) {
				t.Fatalf("%q: %+v cuts a letter", text, f)
			}
			at = f.End
		}
		once := detect.Redact(text, found)
		if again := d.Find(once, author); len(again) > 0 {
			t.Fatalf("%q became %q, where %v is found: %q", text, once, again[0].Kind, once[again[0].Start:again[0].End])
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := detect.New(supplier)
	author := readAuthor(t, 0, "name: Кравец Павел Ильич; street: Новая; house: 9; flat: 14; account: 0324; phone: +79123456789; email: kravets77@mail.example")
	for text, want := range map[string]string{
		// Looks: spaced digits, other digits, lookalikes, invisible signs.
		"8 (9 1 2) 3 4 5 - 6 7 - 8 9":                 "phone! 8 (9 1 2) 3 4 5 - 6 7 - 8 9",
		"тел.８９１２３４５６７８９":                             "phone! ８９１２３４５６７８９",
		"Ива\u00adно\u0301ва И. П. и ПETPOB A. A.":    "name Ива\u00adно\u0301ва И. П.|name ПETPOB A. A.",
		"Иванова-Петрова Мария":                       "name Иванова-Петрова Мария",
		"пишите ivanov собака mail точка ru":          "email! ivanov собака mail точка ru",
		"звони (8 912 345-67-89) или (34369) 4-17-52": "phone! 8 912 345-67-89|phone! (34369) 4-17-52",
		"вчера видели Гуза у щитка":                   "name Гуза",
		"через Сбер и Яндекс, как в Казани":           "",
		// Checks.
		"112-233-445 95":               "document! 112-233-445 95",
		"112-233-445 96":               "document 112-233-445 96",
		"500100732259 и 500100732258":  "inn! 500100732259|number 500100732258",
		"ИНН 7707083893":               "",
		"ОГРН 1347887838484":           "",
		"0145201372, а не 0145201373":  "account! 0145201372|number 0145201373",
		"паспорт 45 10 № 123987 выдан": "document! 45 10 № 123987",
		// The author's own words, in any case form.
		"о Кравце и кравцу":          "name! Кравце|name! кравцу",
		"у меня 9-14":                "address! 9-14",
		"звоните 345-67-89":          "phone! 345-67-89",
		"на Новой темно, kravets77?": "address! Новой|email! kravets77",
		// What is public.
		"офис на Садовой, 14 и на ул. Садовая, 14":         "",
		"ул. Садовая, 14, кв. 3":                           "address ул. Садовая, 14, кв. 3",
		"8 800 000-01-01, lgoty@sesk.example":              "",
		"р/с 40702810900000012345":                         "",
		"обращение ОБ-2026-000123 от 12.11.2026":           "",
		"тариф 6,19 с 01.10.2026, показания 14712 и 12210": "",
		"сказали [имя], [телефон], [адрес]":                "",
		// Numbers with owners.
		"карта 2200 0000 0000 0004":         "card! 2200 0000 0000 0004",
		"ЕЛС 75АА533315-01":                 "account! 75АА533315-01",
		"машина А 123 ВС 96":                "plate! А 123 ВС 96",
		"счётчик № 01184":                   "meter! 01184",
		"р. 1962-04-03, принято 2026-04-03": "birth 1962-04-03",
		"родился 3 апреля 1962 года":        "birth! 3 апреля 1962",
		"участок 66:41:0204016:1187":        "address! 66:41:0204016:1187",
		"t.me/ivan_petrov и @ivan_petrov":   "nick! t.me/ivan_petrov|nick! @ivan_petrov",
		"тел. девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять": "phone! девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять",
	} {
		if got := told(d, text, author); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

// told lists what is found in a text: kinds, those that are certain with a !, and
// words.
func told(d *detect.Detector, text string, author detect.Author) string {
	var list []string
	for _, f := range d.Find(text, author) {
		certain := ""
		if f.Certain {
			certain = "!"
		}
		list = append(list, f.Kind.String()+certain+" "+text[f.Start:f.End])
	}
	return strings.Join(list, "|")
}

// TestAuthorForms looks for an author's words in the forms of all cases, amid a
// sentence and with nothing else to tell them by.
func TestAuthorForms(t *testing.T) {
	t.Parallel()
	d := detect.New(detect.Allow{})
	for own, forms := range map[string]string{
		"name: Кравец":               "Кравец Кравца Кравцу Кравцом Кравце",
		"name: Лев":                  "Лев Льва Льву Львом Льве",
		"name: Орёл Пётр":            "Орёл Орла Орлу Орлом Орле Пётр Петра Петру Петром Петре",
		"name: Соловей Илья":         "Соловей Соловья Соловью Соловьём Соловье Илья Ильи Илье Илью Ильёй",
		"name: Толстая Любовь":       "Толстая Толстой Толстую Любовь Любови Любовью",
		"name: Черных Мария Львовна": "Черных Мария Марии Марию Марией Львовна Львовны Львовне Львовну Львовной",
		"name: Римский-Корсаков":     "Римский Римского Римскому Римским Римском Корсаков Корсакова Корсакову Корсаковым Корсакове",
		"name: Ли Соня":              "Ли Соня Сони Соне Соню Соней",
		"name: Достоевская":          "Достоевская Достоевской Достоевскую достоевской",
		"name: ДЗЮБА":                "Дзюба Дзюбы Дзюбе Дзюбу Дзюбой ДЗЮБОЙ дзюбе",
		"street: Речная":             "Речная Речной Речную речной",
		"street: Строителей":         "Строителей",
		"street: Карла Маркса":       "Маркса Карла",
	} {
		author := readAuthor(t, 0, own)
		for form := range strings.FieldsSeq(forms) {
			text := "что на " + form + " опять темно"
			found := d.Find(text, author)
			if !slices.ContainsFunc(found, func(f detect.Finding) bool {
				return strings.Contains(text[f.Start:f.End], form) && f.Certain
			}) {
				t.Errorf("%s: %s gives %+v", own, form, found)
			}
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	text := "Иванова, 8 912 345-67-89"
	phone := strings.Index(text, "8")
	for name, row := range map[string]struct {
		found []detect.Finding
		want  string
	}{
		"nothing": {nil, text},
		"both, in any order": {[]detect.Finding{
			{Start: phone, End: len(text), Kind: detect.Phone}, {End: len("Иванова"), Kind: detect.Name},
		}, "[имя], [телефон]"},
		"overlapping": {[]detect.Finding{
			{Start: phone, End: len(text), Kind: detect.Phone}, {Start: phone + 2, End: len(text), Kind: detect.Number},
		}, "Иванова, [телефон]"},
		"not of this text": {[]detect.Finding{{Start: 3, End: 999}, {Start: 5, End: 5}, {Start: -1, End: 2}}, text},
	} {
		if got := detect.Redact(text, row.found); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
}

// TestPublicTexts says that what the house publishes anyway is left alone: no
// certain finding in any article, and hardly a likely one.
func TestPublicTexts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../knowledge/articles/ru/*.md")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d articles, %v", len(files), err)
	}
	d := detect.New(supplier)
	likely := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, f := range d.Find(text, detect.Author{}) {
			if f.Certain {
				t.Errorf("%s: %v %q", name, f.Kind, text[f.Start:f.End])
			}
			likely++
			t.Logf("%s: %v %q", name, f.Kind, text[f.Start:f.End])
		}
	}
	if likely*20 > len(files) {
		t.Errorf("%d false alarms in %d articles", likely, len(files))
	}
}

// BenchmarkFind reads a letter of 5 KB, the longest that people write.
func BenchmarkFind(b *testing.B) {
	var text strings.Builder
	letters := readLetters(b, tuningFile)
	for i := 0; text.Len() < 5<<10; i++ {
		text.WriteString(letters[i].text)
		text.WriteByte('\n')
	}
	letter := text.String()[:5<<10]
	d := detect.New(supplier)
	author := detect.Author{Names: []privacy.PersonName{privacy.NewPersonName("Иванова Мария Петровна")}, Addresses: []privacy.Text{privacy.NewText("ул. Садовая, 5")}}
	b.SetBytes(int64(len(letter)))
	b.ReportAllocs()
	for b.Loop() {
		d.Find(letter, author)
	}
}

// TestHomes reads the address of every account of the demo as the author's own: in
// any case form, in words, and with nothing but its numbers.
func TestHomes(t *testing.T) {
	t.Parallel()
	said := map[string][]string{ // what of it somebody may write
		"0145201372": {"садовой пять", "Садовой, 5-12", "5-12", "доме пять, квартира двенадцать"},
		"0203118468": {"энергетиков восемнадцать", "пр. Энергетиков 18-40", "Энергетиков", "18-40", "доме 18", "восемнадцать сорок"},
		"0344172085": {"Сосновке", "полевой три", "Полевую"},
		"0477002158": {"Ключах", "луговой двадцать один", "Луговую, 21"},
		"0561209347": {"Синем Мосту", "заводской семь квартира три", "7-3"},
		"0633084512": {"Верхними Полянами", "мира четырнадцать", "Мира"},
		"0755190626": {"набережной Озёрной", "озерной два", "2-8"},
		"0822067138": {"Рудной Горе", "кедровой одиннадцать", "11-20"},
		"0104552013": {"ладожской девять", "Ладожскую", "9-77"},
		"0207319443": {"Речников 1", "1-15"},
		"0207319526": {"Речников", "гараже 44"},
		"0309188274": {"лыжной тридцать", "30-5"},
		"0412003659": {"площади Труда", "труда шесть", "6-31"},
		"ЭС-0123/26": {"Ладожскую, 4"},
		"ЭС-0456/25": {"Заводскому, 1"},
		"ЭС-0789/26": nil, // a district may be told
	}
	data, err := os.ReadFile("../../../adapters/postgres/demo_accounts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	d := detect.New(detect.Allow{})
	rows := 0
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(line, "\t")
		if fields[0] == "nn" {
			continue
		}
		rows++
		list, known := said[fields[1]]
		if !known {
			t.Errorf("nothing is said of %s", fields[1])
		}
		author := detect.Author{Addresses: []privacy.Text{privacy.NewText("Тюмень, ул. Правды, 90"), privacy.NewText(fields[5])}}
		for _, words := range list {
			text := "Вчера на " + words + " опять не было света."
			found := slices.DeleteFunc(d.Find(text, author), func(f detect.Finding) bool { return !f.Certain })
			at := strings.Index(text, words)
			if rest := uncovered(text, detect.Finding{Start: at, End: at + len(words)}, found); rest != "" {
				t.Errorf("%s, %s: %q is left of %q", fields[1], fields[5], rest, text)
			}
		}
	}
	if rows != len(said) {
		t.Errorf("%d rows", rows)
	}
}
