package dialog

import (
	"context"
	"strings"

	"okoshko/core/customer"
	"okoshko/dialogs/words"
)

// Link is a way from outside into a conversation, for pages that speak of what can be
// done in it.
type Link struct {
	// Label is what the button says that it stands for.
	Label string
	// Start is what it carries, as Telegram's deep links do (t.me/<bot>?start=…,
	// core.telegram.org/bots/features#deep-linking): at most 64 of a-z, 0-9, _ and -;
	// never what could be a customer.Ticket.
	Start string
}

// longestStart is Telegram's limit.
const longestStart = 64

// Link returns the link that opens a scenario, or gives a command that a link may
// give, "<scenario>.<name>", with an argument if it has one; false if the house has no
// such.
func (b *Book) Link(name, arg string, lang words.Lang) (l Link, ok bool) {
	if s := b.scenarios[name]; s != nil {
		return Link{Label: s.Words.Line(lang, "label"), Start: name}, true
	}
	s, c := b.command(name)
	if c == nil || !c.Linked {
		return Link{}, false
	}
	l = Link{Label: s.commandLabel(c, arg, lang), Start: s.Name + "-" + c.Name}
	if arg != "" {
		l.Start += "-" + arg
	}
	if _, ticket := customer.ReadTicket(l.Start); ticket {
		l.Start += "-"
	}
	return l, len(l.Start) <= longestStart
}

// Linked reports whether the customer has come along a link: what he said before is
// then hardly what he comes for.
func (t *Turn) Linked() bool { return t.linked }

// follow goes where a link leads; false if that is nowhere. Nothing in the names of
// scenarios and commands is a dash.
func (t *Turn) follow(ctx context.Context, start string) (bool, error) {
	scenario, rest, _ := strings.Cut(strings.TrimSuffix(start, "-"), "-")
	command, arg, _ := strings.Cut(rest, "-")
	name := scenario
	if command != "" {
		name += "." + command
	}
	l, ok := t.book.Link(name, arg, t.lang)
	if !ok {
		return false, nil
	}
	t.inWords, t.linked = l.Label, true
	return true, t.command(ctx, name, arg)
}
