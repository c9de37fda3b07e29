package appeal

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// Which account an appeal is about decides who answers it (spec §5.7), who sees it,
// and what is filled in for the customer (R-5.1.3-g). So whoever has linked several
// chooses one, and the summary names it.

// own is the account that the appeal is about: Known, if it is that of link.
var own = fieldSlot("account")

// linked is an account that the conversation is linked to.
type linked struct {
	ID int64 `json:"i"`
	// Title holds no more of its number than messages may show.
	Title    string `json:"t"`
	Contract bool   `json:"c,omitempty"`
}

func linkedTo(l customer.Link) linked { return linked{l.ID, l.Title(), l.Account.Contract()} }

// option names it among the choices.
func (l linked) option() string { return optLinked + strconv.FormatInt(l.ID, 10) }

func (l linked) audience() knowledge.Audience {
	if l.Contract {
		return knowledge.Companies
	}
	return knowledge.Individuals
}

const (
	// optLinked and the link's ID choose a linked account.
	optLinked = "l"
	// optNone: it is about none.
	optNone = "none"
)

// rememberLinks keeps which accounts can be chosen.
func (s *scenario) rememberLinks(ctx context.Context, t *dialog.Turn) error {
	links, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	var list []linked
	for _, l := range links {
		list = append(list, linkedTo(l))
	}
	accounts.Clear(t)
	if len(list) > 0 {
		accounts.Assume(t, list)
	}
	return nil
}

// assumeOnly takes the only linked account for the one that is meant.
func assumeOnly(t *dialog.Turn) {
	if list := accounts.Of(t.Answers); len(list) == 1 {
		link.Assume(t, list[0].ID)
		contract.Assume(t, list[0].Contract)
	}
}

// fitting are the linked accounts of those for whom the form is.
func (s *scenario) fitting(t *dialog.Turn, c *appeal.Category) []linked {
	list := accounts.Of(t.Answers)
	who := s.who(t, c)
	var fit []linked
	for _, l := range list {
		if who == "" || l.audience() == who {
			fit = append(fit, l)
		}
	}
	if len(fit) == 0 {
		return list
	}
	return fit
}

// whose asks which account it is about: of whoever has linked some, and where the
// form has a field for it. item is that field; without one, only linked accounts can
// be named.
func (s *scenario) whose(c *appeal.Category, item appeal.Item) dialog.Question {
	w := whose{field{s, c, item, own}}
	return dialog.Question{
		Slot: string(own), Key: "account", Wording: w.wording, Expect: chat.Text, Args: w.args, Options: w.options, Take: w.take, Show: w.show,
		Fills: []string{"link", "contract", "said", anyField, "pending*", "captions*"}, Holds: privacy.ClassesOf(privacy.Case),
	}
}

// whose is that question on its way.
type whose struct{ field }

// filled reports whether the form has a field for an account.
func (w whose) filled() bool { return w.Field != nil }

func (w whose) wording(t *dialog.Turn) string {
	switch {
	case len(accounts.Of(t.Answers)) == 0:
		return "field"
	case w.filled():
		return "account"
	}
	return "account_linked"
}

func (w whose) args(t *dialog.Turn) []words.Arg {
	if w.filled() {
		return w.field.args(t)
	}
	return nil
}

func (w whose) options(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, l := range w.fitting(t, w.category) {
		out = append(out, dialog.Option{ID: l.option(), Label: l.Title})
	}
	if !w.filled() {
		return append(out, dialog.Option{ID: optNone, Key: "account.none", Apart: true})
	}
	return append(out, w.field.options(t)...)
}

func (w whose) take(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	list, id := accounts.Of(t.Answers), cmp.Or(t.Picked, t.Numbered())
	if i := slices.IndexFunc(list, func(l linked) bool { return l.option() == id }); i >= 0 {
		return dialog.Next, w.concern(ctx, t, w.category, list[i])
	}
	number, named := accountIn(t)
	switch {
	case t.Picked == optNone && !w.filled(), t.Picked == optSkip && w.filled() && w.Need.Optional:
		own.Set(t, answer{Skipped: true})
		forgetKnown(t)
		return dialog.Next, nil
	case !named && w.filled():
		return w.field.take(ctx, t)
	case t.Event.Kind == dialog.Upload:
		if no, ok := w.keepFiles(t); !ok {
			return no, nil
		}
		w.keepCaption(t)
		if !named {
			return dialog.Refuse("attached"), nil
		}
	case !named:
		return dialog.Unclear, nil
	}
	links, err := w.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	i := slices.IndexFunc(links, func(l customer.Link) bool { return l.Account == number })
	switch {
	case i >= 0:
		return dialog.Next, w.concern(ctx, t, w.category, linkedTo(links[i]))
	case !w.filled():
		return dialog.Refuse("account.unlinked"), nil
	}
	own.Set(t, answer{}.with(number.Full(), t.At()))
	forgetKnown(t)
	return dialog.Next, nil
}

// accountIn is the one account number that a message names.
func accountIn(t *dialog.Turn) (billing.AccountNumber, bool) {
	if t.Event.Kind != dialog.Text && t.Event.Kind != dialog.Upload || t.Picked != "" {
		return "", false
	}
	if n, err := billing.ParseAccount(t.Text); err == nil {
		return n, true
	}
	if list := billing.Parse(t.Text).Accounts; len(list) == 1 {
		return list[0], true
	}
	return "", false
}

func (w whose) show(t *dialog.Turn) string {
	a, id := own.Of(t.Answers), link.Of(t.Answers)
	if i := slices.IndexFunc(accounts.Of(t.Answers), func(l linked) bool { return l.ID == id }); a.Known && i >= 0 {
		return accounts.Of(t.Answers)[i].Title
	}
	if !w.filled() {
		return t.Line("account.nowhere")
	}
	return w.field.show(t)
}

// concern makes a linked account the one that the appeal is about, and fills in what
// is on file for it in the place of what was on file for another.
func (s *scenario) concern(ctx context.Context, t *dialog.Turn, c *appeal.Category, l linked) error {
	own.Set(t, answer{Known: true})
	forgetKnown(t)
	link.Assume(t, l.ID)
	contract.Assume(t, l.Contract)
	return s.prefill(ctx, t, c)
}

// forgetKnown empties what a linked account has filled, but for which one it is: the
// appeal is about another.
func forgetKnown(t *dialog.Turn) {
	link.Clear(t)
	contract.Clear(t)
	for name := range t.Answers {
		if slot := dialog.Slot[answer](name); strings.HasPrefix(name, fieldPrefix) && slot != own && slot.Of(t.Answers).Known {
			slot.Clear(t)
		}
	}
}

// fit asks again which account it is about where a form cannot hold the answer: one
// needs an account, another has no field for the number of one that is not linked.
func (s *scenario) fit(t *dialog.Turn, c *appeal.Category) {
	if len(accounts.Of(t.Answers)) == 0 {
		return
	}
	given := own.Of(t.Answers)
	item := itemOf(own, c.Asked(s.answers(t), s.who(t, c)))
	if item.Field == nil && len(given.Values) > 0 || item.Field != nil && given.Skipped && !item.Need.Optional {
		own.Clear(t)
	}
}

// part asks which account it is about once more: the one that was chosen is not linked
// any more.
func (s *scenario) part(ctx context.Context, t *dialog.Turn, c *appeal.Category) error {
	own.Clear(t)
	forgetKnown(t)
	if err := s.rememberLinks(ctx, t); err != nil || c == nil {
		return err
	}
	return s.prefill(ctx, t, c)
}
