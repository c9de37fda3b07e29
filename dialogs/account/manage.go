package account

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// errand is what the form does at its end, but for linking with a code.
type errand struct {
	Task    string                  `json:"task"`
	Link    int64                   `json:"link,omitempty"`
	Block   string                  `json:"block,omitempty"`
	Name    string                  `json:"name,omitempty"`
	Consent customer.Given          `json:"consent,omitzero"`
	Vouched []billing.AccountNumber `json:"vouched,omitempty"`
	Lang    string                  `json:"lang"`
}

func (s *scenario) errand(t *dialog.Turn) any {
	e := errand{
		Task: task.Of(t.Answers), Link: which.Of(t.Answers), Block: block.Of(t.Answers), Name: name.Of(t.Answers),
		Vouched: vouched.Of(t.Answers), Lang: string(t.Language()),
	}
	switch {
	case e.Task == toAgree, e.Task == toLink:
		e.Consent = s.document(t).Give()
	case e.Task == toWithdraw:
		e.Consent = customer.Given{Purpose: purpose.Of(t.Answers), Withdraw: true}
	}
	return e
}

// carryOut makes the fact; the result is whether there was such a link.
func (s *scenario) carryOut(ctx context.Context, e dialog.Effect, what errand) (bool, error) {
	switch what.Task {
	case toShow:
		return s.Desk.Look(ctx, e, what.Link, what.Block)
	case toUse:
		return s.Desk.Activate(ctx, e, what.Link)
	case toRename:
		return s.Desk.Rename(ctx, e, what.Link, what.Name)
	case toUnlink:
		return s.Desk.Unlink(ctx, e, what.Link)
	case toAgree, toWithdraw:
		_, err := s.Desk.Consent(ctx, e, what.Consent)
		return true, err
	case toLink:
		return s.linkVouched(ctx, e, what)
	case elsewhere:
		return true, nil
	}
	return false, fault.New(fault.Internal, "no errand "+what.Task)
}

// linkVouched links the accounts that the page vouches for, each in a
// transaction of its own.
func (s *scenario) linkVouched(ctx context.Context, e dialog.Effect, what errand) (bool, error) {
	all, id := true, e.ID
	for i, n := range what.Vouched {
		l := customer.Linking{Account: n, Vouched: true, Lang: what.Lang}
		if i == 0 {
			l.Consent = what.Consent
		}
		e.ID = id + "." + strconv.Itoa(i)
		done, err := s.Desk.Link(ctx, e, l)
		if err != nil {
			return false, err
		}
		all = all && done.Link != 0
	}
	return all, nil
}

// carriedOut tells what came of it.
func (s *scenario) carriedOut(ctx context.Context, t *dialog.Turn, done bool) (dialog.Move, error) {
	what := task.Of(t.Answers)
	switch {
	case what == elsewhere:
		t.Say("elsewhere.all").Offer(t.Command("carry.site", "account"), t.Menu())
	case !done && what == toLink: // the page's word has run out meanwhile
		t.Say("vouched.late").Offer(t.Scenario("account"), t.Menu())
	case !done:
		t.Say("no_link").Offer(t.Scenario("account"), t.Menu())
	case what == toAgree, what == toWithdraw:
		t.Say("done."+what+"."+string(purpose.Of(t.Answers))).Offer(t.Command("account.consents", ""), t.Menu())
	case what == toUnlink:
		t.Say("unlinked").Offer(t.Scenario("account"), t.Menu())
	case what == toLink:
		for _, n := range vouched.Of(t.Answers) {
			s.welcome(t, n)
		}
		return dialog.Passed, nil
	default:
		return dialog.Close, s.tell(ctx, t, what)
	}
	return dialog.Close, nil
}

// consents: the customer has to agree to something first.
func consents(t *dialog.Turn) bool {
	return task.Of(t.Answers) == toAgree || task.Of(t.Answers) == toLink && asking.Of(t.Answers)
}

func consentWording(t *dialog.Turn) string {
	if len(vouched.Of(t.Answers)) > 0 {
		return "vouched"
	}
	return "consent." + string(purpose.Of(t.Answers))
}

func vouchedArgs(t *dialog.Turn) []words.Arg {
	var list []string
	for _, n := range vouched.Of(t.Answers) {
		list = append(list, n.Masked())
	}
	return append(t.Contacts(), words.A("accounts", strings.Join(list, ", ")), words.A("n", len(list)))
}

// document is the consent as it is shown to this customer.
func (s *scenario) document(t *dialog.Turn) customer.Document {
	return s.Documents.Text(purpose.Of(t.Answers), string(t.Language()))
}

// declined: refusing closes nothing that guests may do (spec §3.1).
func declined(t *dialog.Turn) { t.Say("declined").Offer(t.Scenario("readings"), t.Menu()) }

// consents shows what the customer has agreed to.
func (s *scenario) consents(ctx context.Context, t *dialog.Turn) error {
	given, err := s.Records.Consents(ctx, t.Event.Conversation)
	if err != nil {
		return err
	}
	said := t.Say("consents.lead").InPlace()
	for _, p := range []customer.Purpose{customer.ForLinking, customer.ForNews} {
		g, ok := customer.Agreed(given, p)
		title := words.A("title", t.Line("purpose."+string(p)))
		switch {
		case ok:
			said.Append(t.Blocks("consents.given", title, words.A("at", g.At.In(s.zone)), words.A("version", g.Version))...)
			said.Offer(t.Command("account.withdraw", string(p)))
		case p == customer.ForNews:
			said.Append(t.Blocks("consents.none", title)...)
			said.Offer(t.Command("account.agree", string(p)))
		default:
			said.Append(t.Blocks("consents.none", title)...)
		}
	}
	said.Offer(t.Resume(), t.Menu())
	return nil
}

func renames(t *dialog.Turn) bool { return task.Of(t.Answers) == toRename }

func nameArgs(*dialog.Turn) []words.Arg { return []words.Arg{words.A("n", customer.LongestName)} }

func nameOptions(*dialog.Turn) []dialog.Option {
	return dialog.Options("name", "flat", "house", "garage", "dacha")
}

// takeName takes one line of the customer's own.
func takeName(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	own := strings.Join(strings.Fields(t.Text), " ")
	if t.Picked != "" {
		own = t.Line("name." + t.Picked)
	}
	switch {
	case t.Event.Kind != dialog.Text && t.Event.Kind != dialog.Press, own == "":
		return dialog.Unclear, nil
	case utf8.RuneCountInString(own) > customer.LongestName:
		return dialog.Refuse("name.long", nameArgs(t)...), nil
	case strings.ContainsFunc(own, func(r rune) bool { return !unicode.IsPrint(r) }):
		return dialog.Refuse("name.signs"), nil
	}
	name.Set(t, own)
	return dialog.Next, nil
}

func asksIfSure(t *dialog.Turn) bool {
	return task.Of(t.Answers) == toUnlink || task.Of(t.Answers) == toWithdraw
}

func sureWording(t *dialog.Turn) string {
	if task.Of(t.Answers) == toUnlink {
		return "sure.unlink"
	}
	return "sure." + string(purpose.Of(t.Answers))
}

func sureOptions(*dialog.Turn) []dialog.Option { return dialog.Options("sure", "yes", "no") }

func takeSure(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case "yes":
		sure.Set(t, true)
		return dialog.Next, nil
	case "no":
		t.Say("kept").Offer(t.Scenario("account"), t.Menu())
		return dialog.Close, nil
	}
	return dialog.Unclear, nil
}

// settings offer what can be done with the active link.
func (s *scenario) settings(ctx context.Context, t *dialog.Turn) error {
	all, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	l, ok := customer.Active(all)
	if !ok {
		t.Say("list.none").Offer(t.Scenario("account"), t.Menu())
		return nil
	}
	t.Say("settings.lead", words.A("title", l.Title())).InPlace().
		Offer(t.Command("account.rename", ""), t.Command("account.add", ""), t.Command("account.unlink", ""),
			t.Command("account.consents", ""), t.Resume(), t.Scenario("account"), t.Menu())
	return nil
}

// list shows the accounts, to choose the active one.
func (s *scenario) list(ctx context.Context, t *dialog.Turn) error {
	all, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		sayNone(t)
		return nil
	}
	said := t.Say("list.choose").InPlace()
	if l, ok := customer.Active(all); ok {
		said.Append(t.Blocks("list.now", words.A("title", l.Title()))...)
	}
	choices := make([]chat.Choice, len(all))
	for i, l := range all {
		choices[i] = t.Command("account.use", strconv.FormatInt(l.ID, 10))
		choices[i].Label, choices[i].Wide = l.Title(), true
	}
	t.List(said, choices, "account.list", "", t.Argument())
	said.Offer(t.Command("account.add", ""), t.Resume(), t.Menu())
	return nil
}

func sayNone(t *dialog.Turn) {
	t.Say("list.none").Offer(t.Scenario("account"), t.Resume(), t.Menu())
}

// unlink opens the form that unlinks. Who wants it in his own words may have
// nothing linked: he is told so, rather than asked to link first.
func (s *scenario) unlink(ctx context.Context, t *dialog.Turn) error {
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	if len(list) == 0 && carries(t) {
		sayNone(t)
		return nil
	}
	return t.Begin(ctx, toUnlink+":")
}

// sureArgs name the account that is to be unlinked.
func sureArgs(t *dialog.Turn) []words.Arg {
	return []words.Arg{words.A("title", title.Of(t.Answers))}
}
