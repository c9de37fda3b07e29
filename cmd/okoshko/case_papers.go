package main

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/adapters/files"
	"okoshko/adapters/letter"
	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/letters"
	"okoshko/dialogs/words"
)

// casePapers prints answers to cases as letters, and keeps them (R-5.2.10-a).
type casePapers struct {
	cases   *postgres.DB
	files   *files.Store
	company CompanyConfig
	zone    *time.Location
	now     func() time.Time
}

func newCasePapers(c Config, s *stores, now func() time.Time) (*casePapers, error) {
	zone, err := c.Company.Location()
	if err != nil {
		return nil, err
	}
	return &casePapers{cases: s.db, files: s.files, company: c.Company, zone: zone, now: now}, nil
}

// of returns the paper of an answer that was given, made once.
func (p *casePapers) of(ctx context.Context, r *registry.Record, reply registry.Reply) (chat.File, error) {
	if reply.Paper != "" {
		return p.open(ctx, reply.Paper)
	}
	made, err := p.print(ctx, r, reply)
	if err != nil {
		return chat.File{}, err
	}
	name := letters.Words.Line(words.ParseLang(r.Lang), "paper.file", words.A("number", strings.ReplaceAll(reply.ID, "/", "-")))
	file, err := putFile(ctx, p.files, files.File{Owner: "reply/" + reply.ID, Conversation: r.Conversation, Name: name}, bytes.NewReader(made))
	if err != nil {
		return chat.File{}, err
	}
	file.Personal = true
	return file, p.cases.KeepPaper(ctx, reply.ID, file.ID)
}

// enclosed returns the files that go with an answer.
func (p *casePapers) enclosed(ctx context.Context, reply registry.Reply) (list []chat.File, err error) {
	for _, id := range reply.Files {
		f, err := p.open(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (p *casePapers) open(ctx context.Context, id string) (chat.File, error) {
	f, content, err := p.files.Open(ctx, id)
	if err != nil {
		return chat.File{}, err
	}
	f.Personal = true
	return f, content.Close()
}

// print returns an answer as a PDF. A draft is dated today, one that was given the
// day on which it was.
func (p *casePapers) print(ctx context.Context, r *registry.Record, reply registry.Reply) ([]byte, error) {
	enclosed, err := p.enclosed(ctx, reply)
	if err != nil {
		return nil, err
	}
	hand, err := p.signs(ctx, r, reply)
	if err != nil {
		return nil, err
	}
	lang := words.ParseLang(r.Lang)
	say := func(key string, args ...words.Arg) string { return letters.Words.Line(lang, "paper."+key, args...) }
	at := reply.Final
	if at.IsZero() {
		at = reply.At
	}
	figures := func(at time.Time) string { return at.In(p.zone).Format("02.01.2006") }
	number := say("unnumbered")
	if reply.ID != "" {
		number = say("number", words.A("number", reply.ID), words.A("day", figures(at)))
	}
	l := letter.Letter{
		Lang: string(lang), At: at, Company: byLanguage(p.company.Name)[lang],
		Contacts: []string{
			byLanguage(p.company.Address)[lang],
			say("contacts", words.A("phone", p.company.Phone), words.A("hours", byLanguage(p.company.Hours)[lang])),
			p.company.Mail + ", " + p.company.Site,
		},
		References: []string{
			number,
			say("answers", words.A("number", r.Number.String()), words.A("day", figures(r.Registered))),
		},
		To:      addressee(r),
		Subject: say("subject", words.A("number", r.Number.String())),
		Text:    reply.Text.Reveal(), Enclosed: say("enclosed"),
		Signature: []string{say("regards")}, Name: hand.signer,
		Foot: func(n, of int) string {
			return say("page", words.A("number", reply.ID), words.A("n", strconv.Itoa(n)), words.A("of", strconv.Itoa(of)))
		},
	}
	if title := "paper.role." + string(hand.role); letters.Words.Has(title) {
		l.Signature = append(l.Signature, say("role."+string(hand.role)))
	}
	l.Signature = append(l.Signature, byLanguage(p.company.Brand)[lang])
	if hand.author != "" && hand.author != hand.signer {
		l.Executor = say("executor", words.A("name", hand.author), words.A("phone", p.company.Phone))
	}
	for _, f := range enclosed {
		l.Enclosures = append(l.Enclosures, f.Name)
	}
	return letter.Print(l)
}

// hand is by whom an answer goes: who has sent it, in what role, and who has
// written it.
type hand struct {
	signer, author string
	role           staff.Role
}

// signs says by whom an answer goes. A draft will be sent by who keeps its case;
// what nobody keeps, by who writes it.
func (p *casePapers) signs(ctx context.Context, r *registry.Record, reply registry.Reply) (hand, error) {
	by, h := r.Keeper, hand{role: life.KeeperOf(r.Kind)}
	for i := len(r.History) - 1; i >= 0; i-- {
		e := &r.History[i]
		if slices.Contains([]life.Event{life.Answer, life.Typical, life.OffTopic}, e.Do.Event) && e.At.Equal(reply.Final) {
			by, h.role = e.Staff, e.Role
			break
		}
	}
	author, _, err := p.cases.StaffByID(ctx, reply.Author)
	if err != nil {
		return h, err
	}
	h.author, h.signer = author.Name, author.Name
	switch by {
	case 0:
		h.role = "" // what he is who will send it is not known yet
	case reply.Author:
	default:
		var signer staff.Account
		signer, _, err = p.cases.StaffByID(ctx, by)
		h.signer = signer.Name
	}
	return h, err
}

// Render prints a draft as it would go out: what colleagues look at before they
// send it. The error is registry.ErrNoCase.
func (p *casePapers) Render(ctx context.Context, n appeal.Number, reply string, text privacy.Text) ([]byte, error) {
	r, err := p.cases.FindCase(ctx, n)
	if err != nil {
		return nil, err
	}
	draft := registry.Reply{Number: n, At: p.now()}
	if reply != "" {
		if draft, err = p.cases.FindReply(ctx, reply); err != nil {
			return nil, err
		}
	}
	draft.Text = text
	return p.print(ctx, &r, draft)
}

// addressee are the lines of an envelope's window: a name, and the address to which
// the answer was asked for, or the one that the case is about.
func addressee(r *registry.Record) (lines []string) {
	for _, names := range [][]appeal.Name{{"organisation", "name"}, {"post_address", "address"}} {
		for _, name := range names {
			if value := r.Answers.One(name); value != "" {
				lines = append(lines, value)
				break
			}
		}
	}
	return lines
}
