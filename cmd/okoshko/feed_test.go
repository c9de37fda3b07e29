package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/knowledge"
)

// publishes takes a step of a publication as one of the demo's staff.
func (o *bureau) publishes(login string, n appeal.Number, step life.Step, x registry.Excerpt) {
	o.t.Helper()
	a, _, err := o.stores.db.FindStaff(o.t.Context(), login)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.stores.db.PublishCase(o.t.Context(), o.click(""), registry.PublicationAct{Number: n, Step: step, Excerpt: x, By: life.By(a, nil)}); err != nil {
		o.t.Fatalf("%s cannot %s %s: %v", login, step, n, err)
	}
}

// An answer that was published is found by whoever asks the same, stands in its
// section, and is gone when it is withdrawn (R-5.2.10-e; spec §3.5, step 6).
func TestPublishedAnswers(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	o.answers("olga", n, "Ответ с подробностями о вашей даче.")
	x := registry.Excerpt{
		Section: "bills", Audience: knowledge.Everybody, Lang: "ru", Question: "Почему квитанция пришла на старое имя пса?",
		Answer: "Мы берём имя плательщика из договора, клички собак в нём нет.",
	}
	o.publishes("olga", n, life.ProposeIt, x)
	if o.listed(x) {
		t.Error("what was only proposed can be read")
	}
	o.publishes("lidia", n, life.ApproveIt, registry.Excerpt{})
	o.await("is published", func() bool { return o.listed(x) })
	anna := o.emulator.Customer(2002, telegramtest.Profile{First: "Анна", Language: "ru"})
	anna.Say("почему квитанция на имя пса")
	var offered telegramtest.Message
	label := ""
	o.await("is found", func() bool {
		offered = anna.Last()
		i := slices.IndexFunc(offered.Labels(), func(l string) bool { return strings.HasSuffix(l, " · "+x.Question) })
		if i >= 0 {
			label = offered.Labels()[i]
		}
		return i >= 0
	})
	if _, err := anna.PressOn(offered, label); err != nil {
		t.Fatal(err)
	}
	o.await("is shown", func() bool { return strings.Contains(anna.Last().Text, "клички собак в нём нет") })
	if !strings.Contains(anna.Last().Text, "Ответ на вопрос клиента") {
		t.Errorf("it does not say what it is: %s", anna.Last().Text)
	}
	if _, text := o.reads("/answers?of=customers"); !strings.Contains(text, x.Question) {
		t.Error("it is not in the feed")
	}
	if strings.Contains(anna.Last().Text, "даче") {
		t.Error("the letter itself is shown")
	}
	// It has a page of its own, as long as it is published.
	page := fmt.Sprintf("/answers/question-%d-%d", n.Year, n.Serial)
	if status, text := o.reads(page); status != http.StatusOK || !strings.Contains(text, x.Answer) {
		t.Errorf("its page: %d\n%s", status, text)
	}
	o.publishes("lidia", n, life.RetractIt, registry.Excerpt{})
	o.await("is withdrawn", func() bool { return !o.listed(x) })
	if status, text := o.reads(page); status != http.StatusNotFound || strings.Contains(text, x.Answer) {
		t.Errorf("its page, withdrawn: %d\n%s", status, text)
	}
	anna.Say("почему квитанция на имя пса?")
	o.await("is answered otherwise", func() bool {
		return anna.Last().ID > offered.ID+2 && !slices.Contains(anna.Last().Labels(), label)
	})
}

// listed reports whether an excerpt is among what can be read.
func (o *bureau) listed(x registry.Excerpt) bool {
	return slices.ContainsFunc(o.librarian.content.Load().Articles.Articles, func(a knowledge.Article) bool {
		return a.Question == x.Question && a.Body == x.Answer && a.Category == x.Section
	})
}

// reads opens a public page in Russian.
func (o *bureau) reads(path string) (status int, text string) {
	o.t.Helper()
	request, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.url(o.t)+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.StatusCode, html.UnescapeString(string(body))
}

// await waits until something holds.
func (o *bureau) await(what string, holds func() bool) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) { return holds(), nil }); err != nil {
		o.t.Fatalf("it never %s: %v", what, err)
	}
}
