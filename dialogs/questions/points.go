package questions

import (
	"cmp"
	"context"

	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// pointsFigure is the list of payment points: of a territory, else only how many
// there are (R-5.1.2-i).
const pointsFigure = "pay_points"

// keptTerritory is whose payment points were looked at last.
const keptTerritory = "territory"

// located adds the territory to the reader of an article that tells of payment points:
// the one that he chose, else that of his linked account.
func (s *scenario) located(ctx context.Context, t *dialog.Turn, c *Content, a *knowledge.Article, r knowledge.Reader) knowledge.Reader {
	if !c.Local(a) {
		return r
	}
	if r.Territory = t.Kept(keptTerritory); r.Territory == "" {
		r.Territory = s.home(ctx, t)
	}
	return r
}

// home is the territory of his linked account, "" if there is none. Answers do without
// the database: while it is away nobody's territory is known.
func (s *scenario) home(ctx context.Context, t *dialog.Turn) string {
	list, err := s.links.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return ""
	}
	if l, linked := customer.Active(list); linked {
		return l.Account.Territory()
	}
	return ""
}

// points shows the payment points near an office, or asks near which.
func (s *scenario) points(_ context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	r := s.reader(t)
	offices := c.offices.Offices(knowledge.Individuals, "")
	for _, o := range offices {
		if o.Territory == "" || o.Territory != t.Argument() {
			continue
		}
		t.Keep(keptTerritory, o.Territory)
		r.Territory = o.Territory
		args, _ := c.figures.Args([]string{pointsFigure}, t.At(), r)
		t.Say("points.said", append(args, words.A("office", name(o, r.Lang)))...).InPlace().
			Offer(labelled(t.Command("questions.points", ""), t.Line("points.others")), t.Scenario("bill"), t.Resume(), t.Menu())
		return nil
	}
	said := t.Say("points.ask").InPlace()
	for _, o := range offices {
		if o.Territory != "" {
			said.Offer(labelled(t.Command("questions.points", o.Territory), name(o, r.Lang)))
		}
	}
	said.Offer(t.Resume(), t.Menu())
	return nil
}

func name(o *visit.Office, lang string) string { return inLanguage(o.Names, lang) }

// inLanguage returns the text of a language, else the Russian one.
func inLanguage(texts map[string]string, lang string) string {
	return cmp.Or(texts[lang], texts[string(words.RU)])
}
