package dialogstest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// The clerk keeps every case and works in every queue; her colleagues are none.
var (
	clerk  = life.Actor{Staff: 7, Roles: []staff.Role{staff.ReceptionSpecialist, staff.ApplicationRouter, staff.ComplaintRouter}}
	expert = life.Actor{Staff: 8, Roles: []staff.Role{staff.DirectionSpecialist}, Queues: map[string]staff.Role{queue: staff.DirectionSpecialist}}
)

const queue = "raschet-01"

// Order carries out what happens to cases behind the customer's back; all but the
// first do something to the newest case:
//
//	! case В-0                  somebody files a case here
//	! case В-0 0145201372       elsewhere, for an account
//	! case В-0 +79990001122     elsewhere, where he can be reached by phone, or x@post.example, or both
//	! case ask Какой номер?     the clerk asks; also extend
//	! case work                 it goes to a specialist, who takes it on
//	! case propose 2026-12-01T10:00 2026-12-02T14:00
//	! case lapse                what was proposed is over
//	! case agree 2026-12-01T10:00 Заболел монтёр
//	! case notify 2026-12-01
//	! case answer Ответ.        also typical, off_topic; with "by email" before the text: it went that way
//	! case duplicate            it repeats the case before
//	! case form                 the customer has sent what is missing by the secure form
//	! case withdraw             the customer has withdrawn it elsewhere
//	! case drop kind акт.pdf    a file of his could not be taken, and why: also size, empty, gone
//	! case says Почему так?     it says that, in place of what cases here say
func (b *Casebook) Order(c chat.Conversation, now time.Time, what string) bool {
	f := strings.Fields(what)
	if f[0] != "case" || len(f) < 2 {
		return false
	}
	rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(what, "case")), f[1]))
	if category, err := b.books.Forms.Category(f[1], calendar.DateOf(now, Zone)); err == nil {
		b.file(c, now, category, f[2:])
		return true
	}
	if len(b.records) == 0 {
		return true
	}
	r := b.records[len(b.records)-1]
	do := life.Do{Event: life.Event(f[1])}
	by := clerk
	switch do.Event {
	case "form":
		b.sendForm(c, now, r)
		return true
	case life.Ask, life.Extend:
		do.Note = privacy.NewText(rest)
	case "work":
		b.act(now, r, clerk, life.Do{Event: life.Route, Queue: queue, Waive: true, Note: privacy.NewText("есть всё")})
		do.Event, by = life.Accept, expert
	case life.Propose:
		by = expert
		times, why, _ := strings.Cut(rest, " because ")
		for text := range strings.FieldsSeq(times) {
			do.Times = append(do.Times, parse(text))
		}
		do.Note = privacy.NewText(why)
	case life.Agree:
		by, do.Time, do.Note = expert, parse(f[2]), privacy.NewText(strings.Join(f[3:], " "))
	case life.Lapse:
		by = life.Actor{Roles: []staff.Role{life.System}}
	case life.Notify:
		do.Day = must(calendar.ParseDate(f[2]))
	case life.Answer, life.Typical, life.OffTopic:
		if way, after, ok := strings.Cut(strings.TrimPrefix(rest, "by "), " "); ok && strings.HasPrefix(rest, "by ") {
			r.Answers, rest = r.Answers.With(appeal.AnswerWay, way), after
		}
		do.Reply, do.Links, do.Addressee = registry.ReplyID(r.Number, r.Reopened+1), []string{"bill-read"}, "grid"
		b.replies[do.Reply] = registry.Reply{ID: do.Reply, Number: r.Number, Text: privacy.NewText(rest), Paper: "letters/" + do.Reply, Final: now}
	case life.Duplicate:
		do.Other = b.records[max(0, len(b.records)-2)].Number
	case "says":
		r.Answers = r.Answers.With(appeal.Body, rest)
		return true
	case life.Drop:
		name := strings.TrimSpace(strings.TrimPrefix(rest, f[2]))
		by, do.Lost = life.Actor{Roles: []staff.Role{life.System}}, []life.Lost{{Name: privacy.NewText(name), Why: life.Loss(f[2])}}
		if i := slices.IndexFunc(r.Files, func(f registry.File) bool { return f.Name == name }); i >= 0 {
			r.Files[i].Failed = do.Lost[0].Why
		}
	case life.Withdraw:
		by = life.Actor{Staff: 9, Roles: []staff.Role{staff.Operator}}
	}
	b.act(now, r, by, do)
	return true
}

// sendForm gives every secret answer that is missing, as SendForm does.
func (b *Casebook) sendForm(c chat.Conversation, now time.Time, r *registry.Record) {
	category := must(b.books.Forms.Category(r.Category, calendar.DateOf(r.Registered, Zone)))
	for _, item := range registry.Ask(category, r.Audience, r) {
		r.Secret = append(r.Secret, item.Name)
	}
	do := life.Do{Event: life.Write}
	if r.State == life.NeedInfo {
		do.Event = life.Clarify
	}
	_, _ = b.DoCase(context.Background(), registry.Effect{ID: "form/" + r.Number.Code(), Conversation: c, At: now}, registry.Act{
		Number: r.Number, Do: do, By: registry.Customer, FromForm: true,
	})
}

func parse(text string) time.Time {
	return must(time.ParseInLocation("2006-01-02T15:04", text, Zone))
}

// act does something to a case. What its state does not allow means nothing: a
// transcript that is taken up in its middle has done less.
func (b *Casebook) act(now time.Time, r *registry.Record, by life.Actor, do life.Do) {
	id := "op:" + strconv.Itoa(len(b.effects))
	_, err := b.DoCase(context.Background(), registry.Effect{ID: id, At: now}, registry.Act{Number: r.Number, Do: do, By: by})
	if err != nil && fault.Is(err, fault.Internal) {
		panic(err)
	}
}

// file files a case in a conversation, or in another one, with what is said of its
// customer.
func (b *Casebook) file(c chat.Conversation, now time.Time, category *appeal.Category, who []string) {
	f := registry.Filing{
		Kind: category.Kind, Category: category.Code, Audience: knowledge.Individuals, Lang: "ru",
		Answers: appeal.Answers{}.With(appeal.Body, "Проверьте, пожалуйста.").With(appeal.Contact, appeal.InChat).With(appeal.AnswerWay, appeal.InChat),
	}
	for _, word := range who {
		c = "test:elsewhere"
		if a, reached := ReachedBy(f.Answers, word); reached {
			f.Answers = a
			continue
		}
		f.Account = must(billing.ParseAccount(word))
	}
	must(b.RegisterCase(context.Background(), registry.Effect{ID: "op:" + strconv.Itoa(len(b.effects)), Conversation: c, At: now}, f))
}

// ReachedBy returns the answers of a customer who wants to be reached by a phone or a
// mailbox; false if the word is neither.
func ReachedBy(a appeal.Answers, word string) (appeal.Answers, bool) {
	switch {
	case strings.HasPrefix(word, "+"):
		return a.With(appeal.Contact, appeal.ByPhone).With(appeal.Phone, word), true
	case strings.Contains(word, "@"):
		return a.With(appeal.Contact, appeal.ByEmail).With(appeal.AnswerWay, appeal.ByEmail).With(appeal.Email, word), true
	}
	return a, false
}
