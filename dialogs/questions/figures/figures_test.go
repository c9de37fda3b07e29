package figures_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	cases "okoshko/core/appeal/demo"
	"okoshko/core/appeal/term"
	"okoshko/core/billing/payqr"
	tariffs "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	directory "okoshko/core/knowledge/demo"
	offices "okoshko/core/visit/demo"
	"okoshko/dialogs/questions/figures"
	"okoshko/dialogs/words"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

// facts are those of the demo's supplier.
var facts = &figures.Facts{
	Company: figures.Company{
		Brand: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Hours: map[words.Lang]string{
			words.RU: "пн–пт 08:00–20:00, сб 09:00–15:00", words.EN: "Mon–Fri 08:00–20:00, Sat 09:00–15:00",
		},
		Phone: "8 800 000-01-01", Site: "https://starogorenergosbyt.example",
		Payee: payqr.Payee{
			Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101", Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК",
			BIC: "040000777", Corresp: "30101810900000000777", INN: "0000123450", KPP: "000101001",
		},
		MailPersonalData: "pdn@sesk.example", MailBusiness: "biz@sesk.example",
		KeepDialogs: 12, KeepAppeals: 60,
	},
	Zone: zone, Prices: tariffs.Book(), Days: calendar.Published(), Directory: directory.Directory(),
	Offices: offices.Directory(), Terms: cases.Terms(),
}

func on(t testing.TB, date string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("02.01.2006 15:04", date+" 12:00", zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// row is a row of a table of articles/README.md: figures of one kind, and what
// the first of them looks like.
type row struct {
	names   []string
	list    bool
	example string
}

var quoted = regexp.MustCompile("`([a-z0-9_]+)`")

// readme reads the tables.
func readme(t testing.TB) []row {
	t.Helper()
	text, err := os.ReadFile("../../../core/knowledge/articles/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| `") || len(cells) != 4 {
			continue
		}
		r := row{list: strings.TrimSpace(cells[1]) == "list", example: strings.TrimSpace(cells[3])}
		for _, m := range quoted.FindAllStringSubmatch(cells[0], -1) {
			r.names = append(r.names, m[1])
		}
		family, member, _ := strings.Cut(r.names[0], "_")
		switch {
		case !strings.Contains(cells[0], "…"):
		case member == "u01":
			for n := 2; n <= 14; n++ {
				number := strconv.Itoa(n)
				r.names = append(r.names, family+"_u"+strings.Repeat("0", 2-len(number))+number)
			}
		default:
			for _, l := range facts.Directory.Links() {
				r.names = append(r.names, family+"_"+l.Kind)
			}
		}
		rows = append(rows, r)
	}
	if len(rows) < 70 {
		t.Fatalf("only %d rows are read", len(rows))
	}
	return rows
}

// plain makes every space a usual one.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text)
}

func line(b chat.Block) string {
	var text strings.Builder
	for _, s := range b.Spans {
		text.WriteString(s.Text)
	}
	return plain(text.String())
}

// show says a figure on a line of its own; missing fails.
func show(t testing.TB, name string, at time.Time, r knowledge.Reader) []chat.Block {
	t.Helper()
	r.Day = calendar.DateOf(at, zone)
	text, err := words.ParseText("{" + name + "}")
	if err != nil {
		t.Fatal(err)
	}
	args, missing := facts.Args([]string{name}, at, r)
	if len(missing) > 0 {
		t.Errorf("%s, %s, %+v: no data", name, at.Format(time.DateOnly), r)
	}
	return text.Say(words.Lang(r.Lang), args...)
}

// The examples of the README come out where they stand: on 27.11.2026, but for
// what it shows as of the middle of the month.
func TestExamples(t *testing.T) {
	t.Parallel()
	midMonth := []string{"reading_month", "pay_month", "pay_until"}
	for _, r := range readme(t) {
		at := on(t, "27.11.2026")
		if slices.Contains(midMonth, r.names[0]) {
			at = on(t, "15.11.2026")
		}
		var got []string
		for _, b := range show(t, r.names[0], at, knowledge.Reader{Lang: "ru"}) {
			got = append(got, line(b))
		}
		example, more, several := strings.Cut(r.example, "; У-14: ")
		if !slices.Contains(got, example) || !r.list && len(got) != 1 {
			t.Errorf("%s: %q, want %q", r.names[0], got, r.example)
		}
		if several {
			if text := line(show(t, "term_u14", at, knowledge.Reader{Lang: "ru"})[0]); text != more {
				t.Errorf("term_u14: %q, want %q", text, more)
			}
		}
	}
}

// Every figure has a value in both languages, on any day and for everybody, and
// English ones are English.
func TestEveryFigure(t *testing.T) {
	t.Parallel()
	// Numbers of acts and requisites stand as documents have them.
	asInDocuments := []string{"tariff_act", "requisites"}
	for _, r := range readme(t) {
		for _, name := range r.names {
			for _, date := range []string{"15.11.2026", "27.11.2026", "01.12.2026", "31.12.2026"} {
				for _, reader := range []knowledge.Reader{
					{Lang: "ru"},
					{Lang: "en"},
					{Lang: "en", Audience: knowledge.Individuals, Territory: "06"},
					{Lang: "ru", Audience: knowledge.Companies, Territory: "01"},
					{Lang: "en", Audience: knowledge.Companies, Territory: "99"},
				} {
					for _, b := range show(t, name, on(t, date), reader) {
						text := line(b)
						if strings.ContainsAny(text, "‹<{") || strings.TrimSpace(text) != text || text == "" || r.list != (b.Kind == chat.Item) {
							t.Errorf("%s on %s: %q, item %v", name, date, text, b.Kind == chat.Item)
						}
						foreign := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
						if reader.Lang == "en" && foreign && !slices.Contains(asInDocuments, name) {
							t.Errorf("%s in English: %q", name, text)
						}
					}
				}
			}
		}
	}
}

// What depends on the day, the territory or the audience.
func TestFigures(t *testing.T) {
	t.Parallel()
	everybody := knowledge.Reader{Lang: "ru"}
	north := knowledge.Reader{Lang: "ru", Audience: knowledge.Individuals, Territory: "03"}
	company := knowledge.Reader{Lang: "ru", Audience: knowledge.Companies}
	english := knowledge.Reader{Lang: "en"}
	for _, c := range []struct {
		name, date string
		reader     knowledge.Reader
		want       string // lines, joined by |
	}{
		{"reading_month", "25.11.2026", everybody, "ноябрь 2026"},
		{"reading_month", "26.11.2026", everybody, "декабрь 2026"},
		{"reading_month", "31.12.2026", everybody, "январь 2027"},
		{"pay_month", "16.11.2026", everybody, "октябрь 2026"}, // the due date itself
		{"pay_month", "17.11.2026", everybody, "ноябрь 2026"},
		{"pay_until", "31.12.2026", everybody, "15 января 2027"},
		{"appeal_until", "31.12.2026", everybody, "11 января 2027"}, // the third day is a holiday
		{"complaint_until", "15.11.2026", everybody, "7 декабря 2026"},
		{"appeal_until", "27.11.2026", english, "30 November 2026"},
		{"b2b_month", "15.10.2026", everybody, "сентябрь 2026"}, // October's are not known to anybody yet
		{"tariff_from", "30.09.2026", everybody, "1 января 2026"},
		{"heating_season", "15.07.2026", english, "from 1 October to 30 April"},
		{"heating_one", "15.07.2026", everybody, "7 020 кВт·ч"},
		{"heating_example_sum", "15.07.2026", everybody, "20 880,00 ₽"},
		{"price_u14", "27.11.2026", everybody, "до 5 000 ₽"},
		{"price_u09", "27.11.2026", everybody, "бесплатно"},
		{"price_u01", "27.11.2026", english, "3,900 ₽"},
		{"term_u10", "27.11.2026", everybody, "сразу"},
		{"term_u05", "27.11.2026", english, "5 working days"},
		{"zones_three", "27.11.2026", everybody, "Т1, пик: 07:00–10:00 и 17:00–21:00|Т2, ночь: 23:00–07:00|Т3, полупик: 10:00–17:00 и 21:00–23:00"},
		{"pay_fee", "27.11.2026", everybody, "Почта: 2 %|Платёжный терминал: 1,5 %"},
		{"pay_points", "27.11.2026", north, "Терминал, Лесоозёрск, ул. Лыжная, 12: ежедневно 08:00–21:00|" +
			"Почта, Лесоозёрск, ул. Лыжная, 2: пн–пт 09:00–18:00, сб 09:00–14:00"},
		{"pay_points", "27.11.2026", everybody, "14 в области: ближайшие по кнопке «Кассы рядом»"},
		{"pay_credit", "27.11.2026", company, "Сайт и личный кабинет: до 1 рабочего дня|СБП по QR-коду из счёта: до 1 рабочего дня|" +
			"Банк-партнёр (приложение, касса, банкомат): до 1 рабочего дня|Касса нашего офиса: до 1 рабочего дня|" +
			"Почта: до 5 рабочих дней|Платёжный терминал: до 3 рабочих дней"},
		{"pay_free", "27.11.2026", english, "Right in the chat, by the button “Pay”|Site and personal cabinet|" +
			"Faster Payments by the QR code of the bill|Partner bank (app, cash desk, ATM)|Cash desk of our office"},
		{"pay_free", "27.11.2026", knowledge.Reader{Lang: "en", NoMoney: true}, "Site and personal cabinet|" +
			"Faster Payments by the QR code of the bill|Partner bank (app, cash desk, ATM)|Cash desk of our office"},
		{"norms_gas", "27.11.2026", everybody, "1 комната: 96 / 60 / 46 / 38 / 33|2 комнаты: 124 / 77 / 60 / 48 / 42|" +
			"3 комнаты и больше: 140 / 87 / 67 / 55 / 48"},
		{"tariff_archive", "27.11.2026", english, "1 January – 30 September 2026: 5.56 / 4.73 / 4.06 ₽|" +
			"1 July – 31 December 2025: 5.47 / 4.49 / 3.94 ₽|1 January – 30 June 2025: 4.86 / 3.89 / 3.40 ₽"},
		{"b2b_prices", "27.11.2026", everybody, "ВН: 6,97 ₽|СН1: 7,61 ₽|СН2: 8,79 ₽|НН: 10,38 ₽"},
		{"visit_services", "27.11.2026", company, "Договор с организацией: 45 минут|Акт сверки: 20 минут|Другой вопрос: 15 минут"},
		{"offices_changes", "16.12.2026", company, "Все офисы: закрыты 31 декабря 2026 – 8 января 2027, праздничные дни|" +
			"Все офисы: закрыты 9 января 2027, новогодние каникулы"},
		{"outage_news", "26.11.2026", everybody, "сейчас таких объявлений нет"},
		{"outage_news", "27.11.2026", english, "Planned outage in Lyzhnaya Street. On 3 December 2026, 10:00–16:00, the grid company repairs " +
			"the line in Lyzhnaya Street, Lesoozyorsk. Unplug what is sensitive."},
	} {
		var got []string
		for _, b := range show(t, c.name, on(t, c.date), c.reader) {
			got = append(got, line(b))
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("%s on %s: %q, want %q", c.name, c.date, text, c.want)
		}
	}
	if first := line(show(t, "offices", on(t, "27.11.2026"), north)[0]); first !=
		"«Лесоозёрск», Лесоозёрск, ул. Лыжная, 7: вт–сб 09:00–13:00 и 14:00–18:00; 8 800 000-01-13" {
		t.Errorf("the first office of the north: %q", first)
	}
}

// What is not known is said kindly, and told to the caller.
func TestMissing(t *testing.T) {
	t.Parallel()
	bare := *facts
	bare.Company.MailBusiness, bare.Company.KeepDialogs, bare.Terms = "", 0, new(term.Book)
	for _, c := range []struct {
		name, date string
	}{
		{"figure_of_nobody", "27.11.2026"},
		{"price_u99", "27.11.2026"},
		{"price_", "27.11.2026"},
		{"term_u01", "15.09.2026"}, // the price list is of October
		{"phone_cat", "27.11.2026"},
		{"mail_business", "27.11.2026"},
		{"keep_dialogs", "27.11.2026"},
		{"appeal_days", "27.11.2026"},
		{"complaint_until", "27.11.2026"},
		{"certificate_days", "27.11.2026"},
		{"penalty_rate", "01.01.2027"}, // nobody has published it
		{"penalty_sum", "01.01.2027"},
		{"pay_until", "17.12.2027"}, // the calendar of 2028 is not published
		{"tariffs", "15.11.2020"},
		{"range_one", "15.11.2024"}, // consumption had no ranges
	} {
		args, missing := bare.Args([]string{"phone", c.name}, on(t, c.date), knowledge.Reader{Lang: "ru"})
		if len(args) != 2 || !slices.Equal(missing, []string{c.name}) {
			t.Errorf("%s: missing %v of %d", c.name, missing, len(args))
		}
		text, err := words.ParseText("{" + c.name + "}")
		if err != nil {
			t.Fatal(err)
		}
		if got := line(text.Say(words.RU, args...)[0]); got != "уточните по телефону 8 800 000-01-01" {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// Every article can be said whole.
func TestArticles(t *testing.T) {
	t.Parallel()
	library := knowledge.NewLibrary(knowledge.Published())
	for a := range library.All() {
		body, err := words.ParseText(a.Body)
		if err != nil {
			t.Fatalf("%s/%s: %v", a.Lang, a.Slug, err)
		}
		at := on(t, "27.11.2026")
		args, missing := facts.Args(body.Args(), at, knowledge.Reader{Day: calendar.DateOf(at, zone), Lang: a.Lang})
		if len(missing) > 0 {
			t.Errorf("%s/%s: no data for %v", a.Lang, a.Slug, missing)
		}
		letters := 0
		for _, b := range body.Say(words.Lang(a.Lang), args...) {
			text := line(b)
			if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "‹{") {
				t.Errorf("%s/%s: %q", a.Lang, a.Slug, text)
			}
			letters += len([]rune(text)) + 1
		}
		// Telegram's limit of a message; a longer answer would come in pieces.
		if letters > 4096 {
			t.Errorf("%s/%s: %d letters", a.Lang, a.Slug, letters)
		}
	}
}

func BenchmarkArgs(b *testing.B) {
	at := on(b, "27.11.2026")
	for _, c := range []struct {
		name  string
		names []string
	}{
		{"five", []string{"phone", "reading_day", "tariff_from", "range_example_sum", "appeal_until"}},
		{"offices", []string{"offices", "offices_changes"}},
		{"payment", []string{"pay_ways", "pay_points", "requisites", "pay_day"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				facts.Args(c.names, at, knowledge.Reader{Lang: "ru"})
			}
		})
	}
}
