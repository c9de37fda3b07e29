package questions_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/knowledge"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/words"
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

// neighbours are answers that were published on the matters of the articles: each
// asked as customers ask for one of them, in words that none of them claims.
func neighbours(articles []*knowledge.Article) (list []*knowledge.Article) {
	const each = 8
	all := questions.AllExamples()
	taken := map[string]bool{}
	for _, a := range articles {
		for _, q := range append([]string{a.Question}, a.Asks...) {
			taken[words.Normalise(q)] = true
		}
	}
	for _, a := range articles {
		if a.Lang != knowledge.Source {
			continue
		}
		n := 0
		for _, text := range all[questions.ArticleName(a.Slug)] {
			if utf8.RuneCountInString(text) > knowledge.MaxTitle || len(strings.Fields(text)) < 3 || taken[words.Normalise(text)] {
				continue
			}
			if n++; n > each {
				break
			}
			body, _, _ := strings.Cut(a.Body, "\n")
			list = append(list, &knowledge.Article{
				Slug: knowledge.Slug(fmt.Sprintf("v-2026-%d", len(list))), Lang: knowledge.Source, Category: a.Category,
				Audience: a.Audience, Question: text, Body: body,
			})
		}
	}
	return list
}

// Answers that were published on neighbouring matters, however many, take no
// certainty from the articles: what was clear is as clear, what came first comes
// first, and what was refused is refused.
func TestPublishedAnswersTakeNoCertainty(t *testing.T) {
	t.Parallel()
	articles := slices.Collect(knowledge.NewLibrary(knowledge.Published()).All())
	published := neighbours(articles)
	if len(published) < 500 {
		t.Fatalf("only %d answers", len(published))
	}
	none, many := newHouse(t, slices.Values(articles)), newHouse(t, slices.Values(append(articles, published...)))
	right := func(h questions.Heard, m message) bool {
		return slices.ContainsFunc(h.Choices, func(c string) bool { return slices.Contains(m.want, c) })
	}
	for _, name := range seen {
		messages, _ := readMessages(t, name, none.ear.Knows)
		overtaken := 0
		for _, m := range messages {
			before, after := none.hear(m.text), many.hear(m.text)
			switch {
			case before.Clarity == questions.Clear && !cmp.Equal(before, after):
				t.Errorf("%s: was clear as %v, now %v", m.text, before.Choices, after)
			case before.Clarity == questions.Near && (after.Clarity != questions.Near || right(before, m) && !right(after, m)):
				t.Errorf("%s: was %v, now %v", m.text, before, after)
			case before.Clarity == questions.Near && after.Choices[0] != before.Choices[0]:
				overtaken++ // by the very same question
				t.Logf("%s: first was %s, now %v", m.text, before.Choices[0], after.Choices)
			case before.Clarity == questions.Nothing && after.Clarity != questions.Nothing:
				t.Errorf("%s: answered with %v", m.text, after)
			}
		}
		if share(overtaken, len(messages)) > 1 {
			t.Errorf("%s: other answers came first %d times", name, overtaken)
		}
	}
	// Who asks by the title of such an answer gets it.
	for _, p := range published {
		heard := many.ear.Hear(p.Question, knowledge.Reader{})
		if name := questions.ArticleName(p.Slug); heard.Clarity != questions.Clear || heard.Choices[0] != name {
			t.Errorf("%s: %v, want %s", p.Question, heard, name)
		}
	}
}
