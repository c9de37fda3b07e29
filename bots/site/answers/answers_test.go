package answers_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/answers"
	"okoshko/bots/site/page"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/words"
)

// now is in the company's zone, where it is a day later than in Greenwich.
var now = time.Date(2026, time.November, 25, 1, 0, 0, 0, time.FixedZone("UTC+5", 5*60*60))

// site is the pages over a library that a test may change.
type site struct {
	app   *fiber.App
	texts *questions.Texts
}

// open serves the answers of the program and those that are given.
func open(t *testing.T, chatPage string, more ...knowledge.Article) *site {
	t.Helper()
	s := &site{app: fiber.New(fiber.Config{Immutable: true})}
	page.Mount(s.app)
	book := dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())
	answers.Mount(s.app, answers.Config{
		Content: func() answers.Content {
			if s.texts == nil {
				return nil
			}
			return s.texts
		},
		Links: func(a *knowledge.Article, lang words.Lang) []dialog.Link {
			return questions.Links(book, a, lang)
		},
		Public: "https://okoshko.example/", Chat: chatPage,
		Brand: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Now:   func() time.Time { return now },
	})
	s.put(t, more...)
	return s
}

// put changes what is on the shelf.
func (s *site) put(t *testing.T, more ...knowledge.Article) {
	t.Helper()
	e := knowledge.Published()
	e.Articles = append(e.Articles, more...)
	f := dialogstest.Facts()
	var err error
	if s.texts, err = questions.NewTexts(e, f, f.Offices); err != nil {
		t.Fatal(err)
	}
}

// get fetches a page; headers are pairs of names and values.
func (s *site) get(t *testing.T, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	r, err := s.app.Test(request, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(body))
}

// shows fails for what a page lacks.
func shows(t *testing.T, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
}

// lacks fails for what a page should not have.
func lacks(t *testing.T, page string, bads ...string) {
	t.Helper()
	for _, bad := range bads {
		if strings.Contains(page, bad) {
			t.Errorf("%q stands in\n%s", bad, page)
		}
	}
}

// published is an answer to a customer as it comes into the library.
func published(change func(*knowledge.Article)) knowledge.Article {
	a := knowledge.Article{
		Slug: "question-2026-7", Lang: "ru", Category: "bills", Place: 1 << 20, Audience: knowledge.Everybody, Asked: true,
		Published: now.Add(-48 * time.Hour), SourceChanged: calendar.Date{Year: 2026, Month: 11, Day: 23},
		Question: "Почему квитанция на имя пса?", Body: "Мы берём имя из договора.",
	}
	if change != nil {
		change(&a)
	}
	return a
}

// Every line of the catalogue stands on some page, and no page says a line that the
// catalogue has not.
func TestWords(t *testing.T) {
	t.Parallel()
	var many []knowledge.Article
	for i := range 29 {
		many = append(many, published(func(a *knowledge.Article) {
			a.Slug, a.Audience, a.Asked = knowledge.Slug("question-2026-"+strconv.Itoa(i)), knowledge.Companies, i >= 9
		}))
	}
	s := open(t, "", many...)
	for _, lang := range []words.Lang{words.RU, words.EN} {
		var said strings.Builder
		for _, path := range []string{"/answers", "/answers?topic=bills", "/answers/pay-how", "/answers/tariff-current", "/answers/bill-high", "/answers/question-2026-0", "/answers/question-2026-9", "/answers?of=customers", "/answers/nothing"} {
			_, page := s.get(t, path, "Accept-Language", string(lang))
			said.WriteString(page)
		}
		texts := s.texts
		s.texts = nil
		_, page := s.get(t, "/answers", "Accept-Language", string(lang))
		s.texts = texts
		all := html.UnescapeString(said.String() + page)
		if strings.Contains(all, "‹") {
			t.Errorf("%s: a line is missing", lang)
		}
		for _, key := range answers.Words.Keys() {
			if key == "untranslated" && lang == words.RU {
				continue // Russian is the source
			}
			line := answers.Words.Line(lang, key, words.A("n", 20), words.A("day", now))
			if key == "updated" || strings.HasPrefix(key, "feed.") {
				line, _, _ = strings.Cut(line, "25") // of another day
			}
			if !strings.Contains(all, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(line)) {
				t.Errorf("%s: nobody says %s: %q", lang, key, line)
			}
		}
	}
}

// An answer says what the chat says, with the figures of the day, and leads on.
func TestAnAnswer(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	r, page := s.get(t, "/answers/tariff-current")
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%d", r.StatusCode)
	}
	shows(t, page, `<html lang="ru">`, "<title>Какой сейчас тариф? · Старогорэнергосбыт</title>", "<h1 lang=\"ru\">Какой сейчас тариф?</h1>",
		"6,19 ₽", "<li>", `href="/answers?topic=tariffs&amp;lang=ru"`, "верны на 25 ноября 2026", "Основание:",
		`rel="canonical" href="https://okoshko.example/answers/tariff-current"`, `hreflang="en" href="https://okoshko.example/answers/tariff-current?lang=en"`,
		`href="/?lang=ru#okoshko"`, "Похожие вопросы")
	// Word by word what the content says to a reader of whom nothing is known.
	c := s.texts
	reader := knowledge.Reader{Day: calendar.DateOf(now, now.Location()), Lang: "ru"}
	a, _ := c.Library().Article("tariff-current", reader)
	said := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, ""))
	for _, b := range c.Body(a, now, reader) {
		var line strings.Builder
		for _, span := range b.Spans {
			line.WriteString(span.Text)
		}
		shows(t, said, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(line.String()))
	}
	for _, other := range c.Library().Related(a, reader) {
		shows(t, page, `<a href="/answers/`+string(other.Slug)+`?lang=ru">`+html.EscapeString(other.Question)+"</a>")
	}
}

// What the answer tells people to press stands under it, and opens the chat with that
// wish; what the house has not built is not offered.
func TestActs(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	for path, wants := range map[string][]string{
		"/answers/readings-how?lang=ru":     {`<a href="/?lang=ru#okoshko=readings">Передать показания</a>`, `<a href="/?lang=ru#okoshko=operator">Позвать оператора</a>`},
		"/answers/readings-how?lang=en":     {`<a href="/?lang=en#okoshko=readings">Submit a reading</a>`},
		"/answers/calculator?lang=ru":       {`#okoshko=calculator">Калькулятор</a>`},
		"/answers/b2b-price-month?lang=ru":  {`#okoshko=tariffs-business">Цены для организаций</a>`},
		"/answers/debt-installment?lang=ru": {`#okoshko=appeal-heard-debt-installment">Оформить обращение</a>`},
	} {
		_, page := s.get(t, path)
		shows(t, page, wants...)
	}
	_, page := s.get(t, "/answers/outage-what?lang=ru")
	lacks(t, page, "okoshko=outage")
	s = open(t, "https://supplier.example/help", published(nil))
	_, page = s.get(t, "/answers/readings-how?lang=ru")
	shows(t, page, `href="https://supplier.example/help#okoshko=readings"`)
	_, page = s.get(t, "/answers/question-2026-7?lang=ru")
	lacks(t, page, "Сделать в чате")
}

// Links lead where the data say, telephones included, and never where scripts run.
func TestLinks(t *testing.T) {
	t.Parallel()
	s := open(t, "", published(func(a *knowledge.Article) {
		a.Body = "На [сайте](https://starogorenergosbyt.example) или по [телефону](tel:88000000101), **[почте](mailto:a@b.example)**.\n- один\n- два\nконец"
	}))
	_, page := s.get(t, "/answers/question-2026-7")
	shows(t, page, `<a href="https://starogorenergosbyt.example">сайте</a>`, `<a href="tel:88000000101">телефону</a>`,
		`<a href="mailto:a@b.example"><b>почте</b></a>`, "<ul>\n<li>один</li>\n<li>два</li>\n</ul>\n<p>конец</p>", "Обновлено 23 ноября 2026")
	lacks(t, page, "Zgotmpl", "верны на", "Основание", "Похожие")
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	s := open(t, "", published(nil))
	for _, headers := range [][]string{{"Accept-Language", "en-GB"}, {}} {
		path := "/answers/readings-how"
		if len(headers) == 0 {
			path += "?lang=en"
		}
		r, page := s.get(t, path, headers...)
		shows(t, page, `<html lang="en">`, "Ask in the chat", `rel="canonical" href="https://okoshko.example/answers/readings-how?lang=en"`, `href="/answers/readings-how?lang=ru" hreflang="ru"`, "Starogorenergosbyt")
		lacks(t, page, "in Russian only")
		if r.Header.Get("Vary") != "Accept-Language" {
			t.Errorf("it varies by %q", r.Header.Get("Vary"))
		}
	}
	// What is not translated says so, and is read aloud as what it is.
	_, page := s.get(t, "/answers/question-2026-7?lang=en")
	shows(t, page, "in Russian only", `<article lang="ru">`, `<h1 lang="ru">Почему`)
}

// Payment points are those of a territory that the reader chooses.
func TestPaymentPoints(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	_, page := s.get(t, "/answers/pay-how?lang=ru")
	shows(t, page, "14 в области", `<h2>Кассы рядом</h2>`, `href="/answers/pay-how?near=03&amp;lang=ru">«Лесоозёрск»`)
	_, page = s.get(t, "/answers/pay-how?lang=ru&near=03")
	shows(t, page, "Лесоозёрск, ул. Лыжная, 12", `aria-current="true">«Лесоозёрск»`)
	lacks(t, page, "14 в области")
	for _, bad := range []string{"99", "", "%22%3E%3Cscript%3E", strings.Repeat("9", 3000)} {
		r, page := s.get(t, "/answers/pay-how?lang=ru&near="+bad)
		if r.StatusCode != http.StatusOK {
			t.Errorf("near %.10q: %d", bad, r.StatusCode)
		}
		shows(t, page, "14 в области")
		lacks(t, page, "<script", "9999")
	}
	_, page = s.get(t, "/answers/readings-how?near=03")
	lacks(t, page, "Кассы рядом")
}
