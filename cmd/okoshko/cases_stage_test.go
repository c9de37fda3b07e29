package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// TestCaseTranscripts plays what customers do about their cases on whole servers,
// in Telegram and on the site.
func TestCaseTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/cases/testdata/server/*.chat", pgtest.Zone, newCaseStage)
}

// caseStage has a clerk behind it, who does what "! case" lines say: see
// dialogstest.Casebook.Order. The cases of a transcript are №1, №2 in it, for the
// demo has cases of its own.
type caseStage struct {
	transcript.Stage
	s            *server
	conversation func(context.Context) (chat.Conversation, error)
	clerk        life.Actor
	cases        []appeal.Number
	acts         int
}

func newCaseStage(t *testing.T, s *transcript.Script) transcript.Stage {
	t.Helper()
	sample(t)
	var g *caseStage
	if strings.Contains(s.Path, "web") {
		web := newWebStage(t, 20261128)
		g = &caseStage{Stage: web, s: web.s, conversation: web.conversation}
	} else {
		tg := newTelegramStage(t)
		g = &caseStage{Stage: tg, s: tg.s, conversation: func(context.Context) (chat.Conversation, error) { return tg.conversation(), nil }}
	}
	card := staff.Card{Name: "Вера Клерк", Roles: []staff.Role{staff.ReceptionSpecialist, staff.ComplaintRouter, staff.ApplicationRouter}}
	account, err := g.s.stores.db.AddStaff(t.Context(), audit.Entry{Address: audit.Terminal}, "clerk-of-cases", "hash", false, card)
	if err != nil {
		t.Fatal(err)
	}
	g.clerk = life.By(account, nil)
	return g
}

func (g *caseStage) effect(c chat.Conversation) registry.Effect {
	g.acts++
	return registry.Effect{ID: "clerk/" + strconv.Itoa(g.acts), Conversation: c, At: g.Now()}
}

// Order implements transcript.Stage.
func (g *caseStage) Order(ctx context.Context, what string) error {
	rest, ok := strings.CutPrefix(what, "case ")
	if !ok {
		return g.Stage.Order(ctx, what)
	}
	verb, text, _ := strings.Cut(rest, " ")
	db := g.s.stores.db
	books, err := db.CaseBooks(ctx)
	if err != nil {
		return err
	}
	if category, err := books.Forms.Category(verb, calendar.DateOf(g.Now(), pgtest.Zone)); err == nil {
		c, err := g.conversation(ctx)
		if err != nil {
			return err
		}
		if text != "" { // somebody files it elsewhere
			c = "tg:4040"
		}
		answers := appeal.Answers{}.With(appeal.Body, "Проверьте, пожалуйста.").With(appeal.Contact, appeal.InChat).With(appeal.AnswerWay, appeal.InChat)
		answers, _ = dialogstest.ReachedBy(answers, text)
		filed, err := db.RegisterCase(ctx, g.effect(c), registry.Filing{
			Kind: category.Kind, Category: verb, Audience: knowledge.Individuals, Lang: "ru",
			Answers: answers,
		})
		g.cases = append(g.cases, filed.Number)
		return err
	}
	n := g.cases[len(g.cases)-1]
	do := life.Do{Event: life.Event(verb), Note: privacy.NewText(text)}
	if do.Event == life.Answer {
		reply, err := db.SaveReply(ctx, audit.Entry{Staff: g.clerk.Staff, Address: audit.Terminal}, registry.Reply{
			Number: n, Text: privacy.NewText(text), Author: g.clerk.Staff, At: g.Now(),
		})
		if err != nil {
			return err
		}
		do.Note, do.Reply = privacy.Text{}, reply.ID
	}
	_, err = db.DoCase(ctx, g.effect(""), registry.Act{
		Number: n, Do: do, By: g.clerk, Audit: audit.Entry{Staff: g.clerk.Staff, Address: audit.Terminal},
	})
	return err
}

func alias(i int) string { return fmt.Sprintf("№%d", i+1) }

// Do implements transcript.Stage.
func (g *caseStage) Do(ctx context.Context, what string) error {
	for i, n := range g.cases {
		what = strings.ReplaceAll(what, alias(i), n.String())
	}
	return g.Stage.Do(ctx, what)
}

// Hear implements transcript.Stage.
func (g *caseStage) Hear(ctx context.Context, want int) ([]transcript.Heard, error) {
	heard, err := g.Stage.Hear(ctx, want)
	for k := range heard {
		for i, n := range g.cases {
			heard[k].Text = strings.ReplaceAll(heard[k].Text, n.String(), alias(i))
			for b := range heard[k].Buttons {
				heard[k].Buttons[b] = strings.ReplaceAll(heard[k].Buttons[b], n.String(), alias(i))
			}
			for f := range heard[k].Files {
				heard[k].Files[f] = strings.ReplaceAll(heard[k].Files[f], n.String(), alias(i))
			}
		}
	}
	return heard, err
}
