package questions_test

import (
	"slices"
	"testing"

	"okoshko/core/knowledge"
	"okoshko/dialogs/questions"
)

// An answer to one customer that was published has no examples beside its question:
// topics that have hundreds do not outvote it where the words speak for it
// (R-5.2.10-e).
func TestPublishedAnswersAreHeard(t *testing.T) {
	t.Parallel()
	articles := slices.Collect(knowledge.NewLibrary(knowledge.Published()).All())
	articles = append(articles, &knowledge.Article{
		Slug: "published", Lang: knowledge.Source, Category: "bills", Question: "Почему квитанция пришла на старое имя пса?",
		Body: "Мы берём имя плательщика из договора, клички собак в нём нет.",
	})
	ear := questions.NewEar(slices.Values(articles), nil)
	for _, text := range []string{"почему квитанция на имя пса", "квитанция на имя пса", "почему квитанция пришла на старое имя пса"} {
		if heard := ear.Hear(text, knowledge.Reader{}); !slices.Contains(heard.Choices, questions.ArticleName("published")) {
			t.Errorf("%s: %v", text, heard.Choices)
		}
	}
}
