package questions_test

import (
	"fmt"
	"testing"
	"time"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

// published are the articles with answers to customers, a day apart, the first the
// newest.
func published(t *testing.T) *questions.Shelf {
	t.Helper()
	e := knowledge.Published()
	for i, q := range []struct{ topic, question, answer string }{
		{"bills", "Почему квитанция пришла на старое имя пса?", "Мы берём имя плательщика из договора, клички собак в нём нет."},
		{"meters", "Чем протереть стекло счётчика?", "Сухой мягкой тканью. Пломбу не трогайте."},
		{"bills", "Можно ли получать счёт на двух языках?", "Счёт печатаем на русском."},
	} {
		e.Articles = append(e.Articles, knowledge.Article{
			Slug: knowledge.Slug(fmt.Sprintf("question-2026-%d", i)), Lang: knowledge.Source, Category: q.topic, Audience: knowledge.Everybody, Asked: true,
			Published: time.Date(2026, time.November, 23-i, 12, 0, 0, 0, dialogstest.Zone), Question: q.question, Body: q.answer,
		})
	}
	f := dialogstest.Facts()
	content, err := questions.NewContent(e, f, f.Prices, f.Offices, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	shelf := new(questions.Shelf)
	shelf.Put(content)
	return shelf
}

// What customers have asked is browsed by its day and its topic, and says what it is
// wherever it is found (R-5.1.2-p, R-5.2.4-a).
func TestFeed(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/feed/*.chat", dialogstest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		w, ports := transcript.NewWindow(), dialogstest.Ports()
		ports.Answers = published(t)
		return transcript.NewEngine(dialogstest.OpenAs(t, ports, w), nil).Behind(w)
	})
}
