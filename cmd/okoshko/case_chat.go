package main

import (
	"context"

	"okoshko/adapters/files"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/cases"
	"okoshko/dialogs/dialog/turn"
)

// tellCase tells a customer of his case, by the channel that he has chosen. It returns
// where his conversation says so, if it does.
func (s *server) tellCase(ctx context.Context, n registry.News) (turn.Position, error) {
	written, err := s.letters.news(ctx, n)
	if err != nil || written && !fromForm(&n) {
		return turn.Position{}, err
	}
	return s.tellInChat(ctx, n)
}

// tellInChat tells the conversation of a case what has happened to it. What a
// customer has done in a chat he was told there.
func (s *server) tellInChat(ctx context.Context, n registry.News) (turn.Position, error) {
	own := n.Entry.Staff == 0 && n.Entry.Role == life.Customer
	switch {
	case own && !fromForm(&n):
		return turn.Position{}, nil
	case n.Conversation == "":
		return turn.Position{}, fault.New(fault.NotFound, "the case has no conversation")
	}
	var letters []chat.File
	if n.Brings() {
		var err error
		if letters, err = s.letters.papers.Letters(ctx, n.Conversation, &n.Record, n.Reply); err != nil {
			return turn.Position{}, err
		}
	}
	ev := cases.Tidings(n, letters)
	ev.At, ev.Now = n.Entry.At, s.clock.Now()
	ack, err := s.engine.Take(ctx, ev)
	return ack.Position, err
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
