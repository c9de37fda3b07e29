package answers_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"okoshko/core/knowledge"
)

// Every answer is reached from the list, in both languages.
func TestAllAnswersAreListed(t *testing.T) {
	t.Parallel()
	s := open(t, "", published(nil))
	for _, lang := range []string{"ru", "en"} {
		r, page := s.get(t, "/answers?lang="+lang)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%d", r.StatusCode)
		}
		n := 0
		for a := range s.texts.Library().All() {
			if a.Lang == lang || a.Slug == "question-2026-7" {
				n++
				shows(t, page, `<a href="/answers/`+string(a.Slug)+`?lang=`+lang+`">`+html.EscapeString(a.Question)+"</a>")
			}
		}
		if n < 60 {
			t.Errorf("only %d answers", n)
		}
	}
	_, page := s.get(t, "/answers?topic=bills&lang=ru")
	shows(t, page, "<h1>Счёт и начисления</h1>", `aria-current="page">Счёт и начисления`, "на имя пса", `canonical" href="https://okoshko.example/answers?topic=bills"`)
	lacks(t, page, "Какой сейчас тариф")
	for _, bad := range []string{"nothing", "%22%3E%3Cscript%3E", strings.Repeat("a", 3000)} {
		_, page := s.get(t, "/answers?lang=ru&topic="+bad)
		shows(t, page, "<h1>Ответы на вопросы</h1>", "Какой сейчас тариф")
		lacks(t, page, "<script", "aaaaa")
	}
}

// What customers have asked stands apart from the articles, the newest first, with its
// day and topic, of all topics or of one; each says what it is (R-5.1.2-p).
func TestTheFeed(t *testing.T) {
	t.Parallel()
	older := published(func(a *knowledge.Article) {
		a.Slug, a.Question, a.Category = "question-2026-3", "Старый вопрос?", "meters"
		a.Published = now.Add(-20 * 24 * time.Hour)
	})
	s := open(t, "", older, published(nil))
	r, page := s.get(t, "/answers?of=customers&lang=ru")
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%d", r.StatusCode)
	}
	shows(t, page, "<h1>Ответы на вопросы клиентов</h1>", "23 ноября 2026 · Счёт и начисления", "5 ноября 2026 · Счётчик",
		`canonical" href="https://okoshko.example/answers?of=customers"`, `href="/answers?of=customers&amp;topic=meters&amp;lang=ru"`)
	lacks(t, page, "Какой сейчас тариф", "topic=tariffs")
	if strings.Index(page, "на имя пса") > strings.Index(page, "Старый вопрос") {
		t.Error("the older one stands first")
	}
	_, page = s.get(t, "/answers?of=customers&topic=meters&lang=ru")
	shows(t, page, "Ответы на вопросы клиентов: Счётчик", "Старый вопрос")
	lacks(t, page, "на имя пса")
	_, page = s.get(t, "/answers?lang=ru")
	shows(t, page, "<h2>Ответы на вопросы клиентов</h2>", "23 ноября 2026 · Счёт и начисления")
	if strings.Count(page, "на имя пса") != 1 {
		t.Error("it stands among the articles as well")
	}
	_, page = s.get(t, "/answers/question-2026-7?lang=en")
	shows(t, page, "answer to a customer&#39;s question, 23 November 2026", `href="/answers?of=customers&amp;lang=en"`)
	_, page = s.get(t, "/answers/readings-how?lang=ru")
	lacks(t, page, "Ответ на вопрос клиента")
	// Where nobody has asked there is no feed.
	s.put(t)
	for _, path := range []string{"/answers?of=customers&lang=ru", "/answers?lang=ru"} {
		_, page = s.get(t, path)
		shows(t, page, "<h1>Ответы на вопросы</h1>")
		lacks(t, page, "вопросы клиентов")
	}
}

// A topic with many answers does not bury the others: it has a page of its own.
func TestALongTopic(t *testing.T) {
	t.Parallel()
	var many []knowledge.Article
	for _, letter := range "абвгдежзиклмн" {
		many = append(many, published(func(a *knowledge.Article) {
			a.Slug, a.Question = knowledge.Slug("question-2026-"+string(rune('a'+len(many)))), "Вопрос "+string(letter)
			a.Asked = false
		}))
	}
	s := open(t, "", many...)
	_, page := s.get(t, "/answers?lang=ru")
	lacks(t, page, "Вопрос н")
	shows(t, page, `<a href="/answers?topic=bills&amp;lang=ru">Все вопросы темы: 24</a>`)
	_, page = s.get(t, "/answers?lang=ru&topic=bills")
	shows(t, page, "Вопрос а", "Вопрос н")
	lacks(t, page, "Все вопросы темы")
}
