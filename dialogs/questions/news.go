package questions

import (
	"context"

	"okoshko/dialogs/dialog"
)

// newsFigure is the list of what is published today (R-5.1.2-r).
const newsFigure = "news"

// news tells what is published for the territory of a linked account, else for all.
func (s *scenario) news(ctx context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	r := s.reader(t)
	r.Territory = s.home(ctx, t)
	args, _ := c.figures.Args([]string{newsFigure}, t.At(), r)
	t.Say("news.said", args...).InPlace().Offer(t.Command("questions.topics", ""), t.Resume(), t.Menu())
	return nil
}
