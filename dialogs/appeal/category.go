package appeal

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"okoshko/core/appeal"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// offered are the categories that the customer may choose among.
func (s *scenario) offered(t *dialog.Turn) []*appeal.Category {
	if k, known := kind.In(t.Answers); known {
		return s.of(t, k)
	}
	return s.of(t, appeal.Kinds()...)
}

// of are the categories of kinds.
func (s *scenario) of(t *dialog.Turn, kinds ...appeal.Kind) []*appeal.Category {
	var all []*appeal.Category
	for _, k := range kinds {
		all = append(all, s.forms().Offered(k, s.reader(t), s.today(t))...)
	}
	return all
}

// takeNamed takes the categories that an answer names, as far as they are for this
// customer.
func (s *scenario) takeNamed(t *dialog.Turn, answer knowledge.Slug) {
	all := s.of(t, appeal.Kinds()...)
	codes := slices.DeleteFunc(slices.Clone(s.Shelf.Forms(answer, s.today(t))), func(code string) bool { return len(among(all, code)) == 0 })
	if len(codes) > 0 {
		named.Set(t, codes)
	}
}

// among are the categories of a list that the codes name, in the order of these.
func among(all []*appeal.Category, codes ...string) (found []*appeal.Category) {
	for _, code := range codes {
		if i := slices.IndexFunc(all, func(c *appeal.Category) bool { return c.Code == code }); i >= 0 {
			found = append(found, all[i])
		}
	}
	return found
}

// reader is to whom categories are offered: somebody with an account is known.
func (s *scenario) reader(t *dialog.Turn) knowledge.Audience { return s.who(t, nil) }

// near are the categories that the answer he comes from names, whatever their kind,
// and those that his words may be about, the likeliest first; all of the kind if he
// wants to see them, or if nothing fits.
func (s *scenario) near(t *dialog.Turn) (offers []*appeal.Category, few bool) {
	all := s.offered(t)
	if list.Of(t.Answers) {
		return all, false
	}
	codes := named.Of(t.Answers)
	offers = among(s.of(t, appeal.Kinds()...), codes...)
	if len(offers) == 0 && len(all) <= shortList {
		return all, false
	}
	for _, c := range among(all, s.finder.find(s.forms(), s.today(t), said.Of(t.Answers).one())...) {
		if len(offers) < mostNear && !slices.Contains(codes, c.Code) {
			offers = append(offers, c)
		}
	}
	if len(offers) > 0 {
		return offers, true
	}
	if !t.Answers.Has(string(kind)) { // thirty are too many
		all = s.forms().Offered(appeal.Question, s.reader(t), s.today(t))
	}
	return all, false
}

func (s *scenario) categoryWording(t *dialog.Turn) string {
	switch _, few := s.near(t); {
	case !few && s.unfound(t):
		return "category_unfound"
	case !few:
		return "category_list"
	case !t.Answers.Has(string(said)):
		return "category_named"
	}
	return "category"
}

// unfound reports whether his words were searched for a topic, and tell of none.
func (s *scenario) unfound(t *dialog.Turn) bool {
	return t.Answers.Has(string(said)) && !list.Of(t.Answers) && len(s.offered(t)) > shortList
}

// title is a category's name, with its kind unless that is known.
func (s *scenario) title(t *dialog.Turn, c *appeal.Category) string {
	name := in(t, c.Names)
	if kind.Of(t.Answers) == c.Kind {
		return name
	}
	for _, k := range s.forms().Kinds() {
		if k.Kind == c.Kind {
			return t.Line("category.kinded", words.A("kind", in(t, k.Names)), words.A("name", name))
		}
	}
	return name
}

// plainID names a code on buttons, which take no Russian letters: each is its
// number in Unicode.
func plainID(code string) string {
	var b strings.Builder
	for _, r := range code {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strconv.FormatInt(int64(r), 36))
	}
	return b.String()
}

func (s *scenario) categoryOptions(t *dialog.Turn) []dialog.Option {
	offers, few := s.near(t)
	var out []dialog.Option
	for _, c := range offers {
		title := s.title(t, c)
		out = append(out, dialog.Option{
			ID: plainID(c.Code), Label: title,
			Line: "category.item", Args: []words.Arg{words.A("name", title), words.A("plain", lowered(in(t, c.Plain)))},
		})
	}
	other := optKind
	switch {
	case few && !t.Answers.Has(string(said)):
		other = optOwn
	case few || !t.Answers.Has(string(kind)):
		other = optOther
	}
	return append(out, dialog.Option{ID: other, Key: "category." + other, Apart: true})
}

func (s *scenario) takeCategory(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == optOwn:
		return dialog.To(kind), nil
	case t.Picked == optKind || t.Picked == optOther && !t.Answers.Has(string(kind)):
		list.Set(t, true)
		return dialog.To(kind), nil
	case t.Picked == optOther:
		list.Set(t, true)
		return dialog.To(category), nil
	case t.Picked == "":
		return s.sayMore(t)
	}
	offers, _ := s.near(t)
	i := slices.IndexFunc(offers, func(c *appeal.Category) bool { return plainID(c.Code) == t.Picked })
	if i < 0 {
		return dialog.Unclear, nil
	}
	c := offers[i]
	category.Set(t, c.Code)
	return dialog.Next, s.choose(ctx, t, c)
}

// sayMore takes what comes while a category is asked for as more of the text.
func (s *scenario) sayMore(t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind == dialog.Text && (!telling(t.Text) || s.strange(t) || strings.HasSuffix(t.Text, "?") && t.Answers.Has(string(said))) {
		return dialog.Unclear, nil
	}
	more := t.Answers.Has(string(said))
	move, taken := s.takeWords(t)
	if !taken {
		return move, nil
	}
	list.Clear(t)
	if more {
		t.Say("added")
	}
	return dialog.To(category), nil
}

// strange reports whether a text is a single word that no topic is about: he has
// tried to choose with it, and it tells nobody anything.
func (s *scenario) strange(t *dialog.Turn) bool {
	return len(strings.Fields(t.Text)) == 1 && len(s.finder.find(s.forms(), s.today(t), t.Text)) == 0
}

// choose opens the form of a category, with what the account tells.
func (s *scenario) choose(ctx context.Context, t *dialog.Turn, c *appeal.Category) error {
	if !t.Answers.Has(string(category)) {
		category.Assume(t, c.Code)
	}
	if kind.Of(t.Answers) != c.Kind {
		kind.Assume(t, c.Kind)
	}
	s.warn(t, c)
	return s.prefill(ctx, t, c)
}

// warn says where secrets are asked for, before anybody writes them here.
func (s *scenario) warn(t *dialog.Turn, c *appeal.Category) {
	if c != nil && c.Secure(s.who(t, c)) {
		t.Say("secure.ahead")
	}
}

func (s *scenario) showCategory(t *dialog.Turn) string {
	c := s.chosen(t)
	if c == nil {
		return category.Of(t.Answers)
	}
	for _, k := range s.forms().Kinds() {
		if k.Kind == c.Kind {
			return t.Line("category.kinded", words.A("kind", in(t, k.Names)), words.A("name", in(t, c.Names)))
		}
	}
	return in(t, c.Names)
}
