package cases

import (
	"context"
	"strings"
	"unicode/utf8"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
)

// shortest is how many letters of a text a card shows before it offers the rest.
const shortest = 300

// addText adds to a card what the customer has filed, with the names of the files
// that came with it; of a long text the beginning, with the way to the rest.
func (s *scenario) addText(t *dialog.Turn, m dialog.Said, r *registry.Record) {
	if text := strings.Join(strings.Fields(s.filed(t, r)), " "); text != "" {
		if utf8.RuneCountInString(text) > shortest {
			text = string([]rune(text)[:shortest]) + "…"
			m.Offer(t.Command("cases."+toText, r.Number.Code()))
		}
		m.Append(t.Blocks("card_text", words.A("text", text))...)
	}
	var names []string
	for _, f := range r.Files {
		if f.Staff == 0 && f.Failed == "" {
			names = append(names, said.FileName(t.Language(), f.Name))
		}
	}
	if len(names) > 0 {
		m.Append(t.Blocks("card_files", words.A("n", len(names)), words.A("names", strings.Join(names, ", ")))...)
	}
}

// filed is the text of a case as the channel may carry it; "" if its customer had
// nothing to add to the form.
func (s *scenario) filed(t *dialog.Turn, r *registry.Record) string {
	text := r.Answers.One(appeal.Body)
	if text == appeal.Bare {
		return ""
	}
	return s.bare(t, text)
}

// showText shows the whole text.
func (s *scenario) showText(ctx context.Context, t *dialog.Turn) error {
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, number.Of(t.Answers))
	if err != nil {
		return err
	}
	if !found {
		gone(t)
		return nil
	}
	m := t.Say("text_whole", s.facts(t, &r)...).Holding(privacy.Case)
	for _, para := range paragraphs(s.filed(t, &r)) {
		m.Append(chat.Para(para))
	}
	m.Offer(back(t), t.Command("cases.mine", ""), t.Menu())
	return nil
}
