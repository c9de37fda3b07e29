package main

import (
	"context"

	"okoshko/adapters/files"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/dialogs/cases"
)

// tellCase tells a customer of his case, by the channel that he has chosen.
func (s *server) tellCase(ctx context.Context, n registry.News) error {
	written, err := s.letters.news(ctx, n)
	if err != nil || written && !fromForm(&n) {
		return err
	}
	return s.tellInChat(ctx, n)
}

// tellInChat tells the conversation of a case what has happened to it. What a
// customer has done in a chat he was told there.
func (s *server) tellInChat(ctx context.Context, n registry.News) error {
	own := n.Entry.Staff == 0 && n.Entry.Role == life.Customer
	if n.Conversation == "" || own && !fromForm(&n) {
		return nil
	}
	var letters []chat.File
	if n.Reply.ID != "" && (n.Again > 0 || n.Answers.One(appeal.AnswerWay) == appeal.InChat) {
		var err error
		if letters, err = s.letters.papers.Letters(ctx, n.Conversation, &n.Record, n.Reply); err != nil {
			return err
		}
	}
	ev := cases.Tidings(n, letters)
	ev.At, ev.Now = n.Entry.At, s.clock.Now()
	_, err := s.engine.Take(ctx, ev)
	return err
}

// fromForm: the customer has filed the case, or added to it, by the secure form, on a
// page: his chat hears of it in any case. What he adds in the chat is no news.
func fromForm(n *registry.News) bool {
	return n.Event == life.Register && n.Channel == registry.FormChannel || n.Event == life.Write || n.Event == life.Clarify
}

// Letters implements the scenario's Papers: what is another conversation's, or of
// none, is kept once more for the one that asks.
func (p *casePapers) Letters(ctx context.Context, c chat.Conversation, r *registry.Record, reply registry.Reply) ([]chat.File, error) {
	paper, err := p.of(ctx, r, reply)
	if err != nil {
		return nil, err
	}
	enclosed, err := p.enclosed(ctx, reply)
	if err != nil {
		return nil, err
	}
	list := append([]chat.File{paper}, enclosed...)
	for i, f := range list {
		if list[i], err = p.lend(ctx, c, f); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// lend gives a file to a conversation.
func (p *casePapers) lend(ctx context.Context, c chat.Conversation, f chat.File) (chat.File, error) {
	if _, of, err := p.cases.FileOwner(ctx, f.ID); err != nil || of == c {
		return f, err
	}
	_, content, err := p.files.Open(ctx, f.ID)
	if err != nil {
		return f, err
	}
	defer content.Close()
	owner := files.File{Owner: madePrefix + string(c) + "/case/" + f.ID, Conversation: c, Name: f.Name}
	lent, err := putFile(ctx, p.files, owner, content)
	lent.Personal = true
	return lent, err
}
