// Package letters holds the words of notices: what goes to phones and mailboxes
// outside of the chats (spec §5.9).
package letters

import (
	"embed"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Words is what letters say.
var Words = words.Must(texts)

// Company is who writes, by language where that matters.
type Company struct {
	Name, Hours, Address map[words.Lang]string
	Phone                string
	// Mail is the mailbox that replies to letters go to; "": nobody reads them.
	Mail string
}

// Write puts a notice into words. The error is Invalid for a kind that has none
// for the notice's way: colleagues get no text messages.
func (c Company) Write(n notice.Notice) (notice.Letter, error) {
	lang := words.Lang(n.Lang)
	if lang != words.EN {
		lang = words.RU
	}
	args := []words.Arg{
		words.A("company", c.Name[lang]), words.A("hours", c.Hours[lang]), words.A("phone", c.Phone), words.A("reply", c.reply(lang)),
		words.A("address", c.Address[lang]),
	}
	for name, fact := range n.Facts {
		if Words.Has(name + "." + fact) { // a name of ours: the customer's word for it
			fact = Words.Line(lang, name+"."+fact)
		}
		args = append(args, words.A(name, words.Fact(fact)))
	}
	if of, err := appeal.ParseNumber(n.Facts["number"], 0); err == nil {
		args = append(args, cases.Named(lang, of)...)
	}
	kind := string(n.Kind)
	text := kind + "." + string(n.Way())
	switch {
	case !Words.Has(text):
		return notice.Letter{}, fault.New(fault.Invalid, "there are no words for notices of kind "+kind+" by "+string(n.Way()))
	case n.Way() == notice.SMS:
		return notice.Letter{Text: Words.Line(lang, text, args...)}, nil
	}
	return notice.Letter{
		Subject: Words.Line(lang, kind+".subject", args...),
		Text:    letter(Words.Say(lang, text, args...)),
	}, nil
}

// reply says what becomes of a reply to a letter.
func (c Company) reply(lang words.Lang) string {
	if c.Mail == "" {
		return Words.Line(lang, "reply.nobody")
	}
	return Words.Line(lang, "reply.office", words.A("mail", c.Mail))
}

// letter writes paragraphs with a line between them; items of a list stand
// together.
func letter(blocks []chat.Block) string {
	var b strings.Builder
	for i, block := range blocks {
		switch {
		case i == 0:
		case block.Kind == chat.Item && blocks[i-1].Kind == chat.Item:
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(chat.Message{Blocks: []chat.Block{block}}.Plain())
	}
	return b.String()
}
