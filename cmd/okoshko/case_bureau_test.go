package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"okoshko/adapters/mail/mailtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
)

// bureau is a server whose cases are worked on without a console.
type bureau struct {
	*server
	t      *testing.T
	clicks int
}

func (o *bureau) click(c chat.Conversation) registry.Effect {
	o.clicks++
	return registry.Effect{ID: fmt.Sprintf("test/%d", o.clicks), Conversation: c, At: o.clock.Now()}
}

const writer chat.Conversation = "web:writer"

// file registers a case whose customer wants to be reached and answered in ways.
func (o *bureau) file(category string, k appeal.Kind, contact, way string) appeal.Number {
	o.t.Helper()
	return o.fileFrom(writer, category, k, contact, way)
}

func (o *bureau) fileFrom(from chat.Conversation, category string, k appeal.Kind, contact, way string) appeal.Number {
	o.t.Helper()
	answers := appeal.Answers{}.With(appeal.Body, "Почему вырос счёт? Живу на Лыжной, 14.").With(appeal.Contact, contact).
		With(appeal.AnswerWay, way).With("name", "Иванова Мария Петровна").With(appeal.Email, "demo01@post.example").
		With(appeal.Phone, "+70000000001").With("post_address", "г. Старогорск, ул. Лыжная, д. 14, кв. 20")
	filed, err := o.stores.db.RegisterCase(o.t.Context(), o.click(from), registry.Filing{
		Kind: k, Category: category, Audience: knowledge.Individuals, Lang: "ru", Answers: answers,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return filed.Number
}

// does lets one of the demo's staff do something.
func (o *bureau) does(login string, n appeal.Number, do life.Do) {
	o.t.Helper()
	a, found, err := o.stores.db.FindStaff(o.t.Context(), login)
	if err != nil || !found {
		o.t.Fatalf("%s: %v", login, err)
	}
	if _, err := o.stores.db.DoCase(o.t.Context(), o.click(""), registry.Act{Number: n, Do: do, By: life.By(a, nil)}); err != nil {
		o.t.Fatalf("%s cannot %s %s: %v", login, do.Event, n, err)
	}
}

// answers gives an answer, and returns its number.
func (o *bureau) answers(login string, n appeal.Number, text string) string {
	o.t.Helper()
	a, _, err := o.stores.db.FindStaff(o.t.Context(), login)
	if err != nil {
		o.t.Fatal(err)
	}
	o.does(login, n, life.Do{Event: life.Take})
	reply, err := o.stores.db.SaveReply(o.t.Context(), audit.Entry{Staff: a.ID}, registry.Reply{Number: n, Text: privacy.NewText(text)})
	if err != nil {
		o.t.Fatal(err)
	}
	o.does(login, n, life.Do{Event: life.Answer, Reply: reply.ID})
	return reply.ID
}

// letter waits for a letter to a mailbox with a text in its subject.
func (o *bureau) letter(to, subject string) mailtest.Letter {
	o.t.Helper()
	var got mailtest.Letter
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	err := eventually(ctx, func() (bool, error) {
		for _, l := range o.boxes.mail.Letters() {
			if l.To == to && strings.Contains(l.Subject, subject) {
				got = l
				return true, nil
			}
		}
		return false, nil
	})
	if err != nil {
		o.t.Fatalf("no letter to %s about %q: %v; there are %+v", to, subject, err, o.boxes.mail.Letters())
	}
	return got
}
