package casework

import (
	"context"
	"slices"
	"strings"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// letter is the text that goes to the customer with an event: the one that it names,
// or what the direction has prepared. "" if there is neither: life says so.
func (w *Casework) letter(ctx context.Context, r *registry.Record, do *life.Do) (string, error) {
	id := do.Reply
	if id == "" && r.State == life.Prepared {
		id = r.Reply
	}
	if id == "" {
		return "", nil
	}
	reply, err := w.Register.FindReply(ctx, id)
	return reply.Text.Reveal(), err
}

// pointed refuses a letter that does not lead to every question that it is said to
// point to (R-5.2.6-c): one that is gone, or whose address was lost while the text
// was written.
func (w *Casework) pointed(ctx context.Context, r *registry.Record, do *life.Do) error {
	text, err := w.letter(ctx, r, do)
	if err != nil || text == "" {
		return err
	}
	for _, slug := range do.Links {
		// In Russian it is the beginning of what it is in any other language.
		article, found := w.Library.Article(knowledge.Slug(slug), words.RU)
		if !found || !strings.Contains(text, article.Address) {
			return life.HasLinks.Err()
		}
	}
	return nil
}

// disclaimed refuses a letter that closes a case as off-topic and does not say that
// nothing of substance can be said, nor who can help, in one of our languages
// (R-5.2.6-b); and an organisation that is none.
func (w *Casework) disclaimed(ctx context.Context, r *registry.Record, do *life.Do) error {
	text, err := w.letter(ctx, r, do)
	if err != nil || text == "" || do.Addressee == "" {
		return err
	}
	others, err := w.Library.Organisations(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(others, func(l knowledge.Link) bool { return l.Kind == do.Addressee })
	if i < 0 {
		return life.HasAddressee.Err()
	}
	text = oneLine(text)
	for _, lang := range []words.Lang{words.RU, words.EN} {
		who := others[i].Names[string(lang)]
		if who != "" && strings.Contains(text, oneLine(who)) && strings.Contains(text, oneLine(cases.NotOurs(lang))) {
			return nil
		}
	}
	return errNotOurs
}

// oneLine is a text however its lines are broken.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
