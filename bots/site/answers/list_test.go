package answers_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

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

// A topic with many answers does not bury the others: it has a page of its own.
func TestALongTopic(t *testing.T) {
	t.Parallel()
	var many []knowledge.Article
	for _, letter := range "абвгдежзиклмн" {
		many = append(many, published(func(a *knowledge.Article) {
			a.Slug, a.Question = knowledge.Slug("question-2026-"+string(rune('a'+len(many)))), "Вопрос "+string(letter)
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
