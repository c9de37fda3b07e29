package account

import (
	"context"

	"okoshko/core/billing"
	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// finds: the account is found out in the conversation, since no page vouches
// for it.
func finds(t *dialog.Turn) bool {
	return task.Of(t.Answers) == toLink && len(vouched.Of(t.Answers)) == 0
}

// takeAccount reads the number of the account to be linked. That it is linked
// already is no secret to its own conversation.
func (s *scenario) takeAccount(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	n, wrong, ok := accountIn(t.Text)
	switch {
	case wrong:
		return dialog.Refuse("account.mistyped"), nil
	case !ok:
		return dialog.Unclear, nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	if customer.LinkedTo(list, n) {
		t.Say("account.linked", words.A("account", n.Masked())).Offer(t.Scenario("account"), t.Command("account.list", ""), t.Menu())
		return dialog.Close, nil
	}
	number.Set(t, n)
	return dialog.Next, nil
}

// accountIn finds the one account that a text names; wrong is for a number with
// a typing mistake.
func accountIn(text string) (n billing.AccountNumber, wrong, ok bool) {
	if n, err := billing.ParseAccount(text); err == nil {
		return n, false, true
	}
	said := billing.Parse(text)
	if len(said.Accounts) == 1 {
		return said.Accounts[0], false, true
	}
	return "", said.Mistyped, false
}

// isNumber reports whether a text is the number of an account and nothing else.
func isNumber(text string) bool {
	_, err := billing.ParseAccount(text)
	return err == nil
}

func proofWording(t *dialog.Turn) string {
	if number.Of(t.Answers).Contract() {
		return "tax"
	}
	return "proof"
}

// sharing reports whether the channel can vouch for the customer's own number.
func sharing(t *dialog.Turn) bool { return t.Event.Conversation.Channel() == privacy.Telegram }

func proofOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	if sharing(t) && !number.Of(t.Answers).Contract() {
		out = append(out, dialog.Option{ID: "share", Key: "proof.share"})
	}
	return append(out, dialog.Option{ID: "another", Key: "proof.another"})
}

// takeProof checks what the customer shows. An unknown account and a wrong proof
// get the same words after the same work.
func (s *scenario) takeProof(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "another":
		return dialog.To(number), nil
	case t.Picked == "share":
		return dialog.To(phone), nil
	case t.Event.Kind == dialog.Contact:
		return s.takeContact(ctx, t)
	case t.Event.Kind != dialog.Text:
		return dialog.Unclear, nil
	}
	parse := customer.ParseEvidence
	if number.Of(t.Answers).Contract() {
		parse = customer.ParseTaxID
	} else if n, _, ok := accountIn(t.Text); ok { // the account once more, or another one
		number.Set(t, n)
		return dialog.Next, nil
	}
	shown, ok := parse(t.Text)
	if !ok {
		return dialog.Unclear, nil
	}
	return s.check(ctx, t, shown, "proof.wrong")
}

func phoneOptions(*dialog.Turn) []dialog.Option {
	return []dialog.Option{{ID: "meter", Key: "phone.meter"}}
}

// takePhone takes the customer's own number instead, as the messenger vouches
// for it.
func (s *scenario) takePhone(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "meter":
		return dialog.To(proof), nil
	case t.Event.Kind == dialog.Contact:
		return s.takeContact(ctx, t)
	}
	return dialog.Unclear, nil
}

// takeContact: a card of somebody else, and a forwarded one, prove nothing.
func (s *scenario) takeContact(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Phone == nil || !t.Event.Phone.Own || number.Of(t.Answers).Contract() {
		return dialog.Refuse("phone.foreign"), nil
	}
	own, err := privacy.ParsePhone(t.Event.Phone.Phone)
	if err != nil {
		return dialog.Refuse("phone.foreign"), nil //nolint:nilerr // a number that nobody has on file
	}
	return s.check(ctx, t, customer.Evidence{Phone: own}, "phone.wrong")
}

// check compares the proof within the limits, and goes on to the code.
func (s *scenario) check(ctx context.Context, t *dialog.Turn, shown customer.Evidence, wrong string) (dialog.Move, error) {
	h, verdict, err := s.Linkers.Check(ctx, customer.LinkClaim{Claim: claim(t, number.Of(t.Answers)), Evidence: shown})
	switch {
	case err != nil:
		return dialog.Unclear, err
	case verdict == customer.Blocked:
		return dialog.Refuse("blocked", t.Contacts()...), nil
	case verdict != customer.Proven:
		return dialog.Refuse(wrong), nil
	}
	ways := h.Reaches()
	if len(ways) == 0 {
		t.Say("nothing_on_file", t.Contacts()...).Offer(t.Scenario("readings"), t.Menu())
		return dialog.Close, nil
	}
	if len(ways) > 1 {
		proof.Set(t, true)
		reaches.Set(t, ways)
		return dialog.Next, nil
	}
	move, ordered, err := s.order(ctx, t, ways[0].Way)
	if ordered {
		proof.Set(t, true)
		reaches.Set(t, ways)
		way.Set(t, string(ways[0].Way))
	}
	return move, err
}

// order has a code sent, if the limits allow it.
func (s *scenario) order(ctx context.Context, t *dialog.Turn, by notice.Way) (move dialog.Move, ordered bool, err error) {
	allowed, err := s.Linkers.AllowCode(ctx, claim(t, number.Of(t.Answers)))
	if err != nil {
		return dialog.Unclear, false, err
	}
	if !allowed {
		return dialog.Refuse("code.enough", t.Contacts()...), false, nil
	}
	return dialog.Do("send", customer.CodeOrder{
		Account: number.Of(t.Answers), Way: by, Lang: string(t.Language()), Again: stale.Of(t.Answers),
	}), true, nil
}

// choosesWay: there are several, or the customer has to ask for a code that
// nobody has announced.
func choosesWay(t *dialog.Turn) bool {
	return stale.Of(t.Answers) || finds(t) && len(reaches.Of(t.Answers)) > 1
}

func wayWording(t *dialog.Turn) string {
	if stale.Of(t.Answers) {
		return "again"
	}
	return "way"
}

func wayOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, r := range reaches.Of(t.Answers) {
		out = append(out, dialog.Option{ID: string(r.Way), Key: "way." + string(r.Way), Args: []words.Arg{words.A("to", r.To)}})
	}
	return out
}

func (s *scenario) takeWay(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == "" {
		return dialog.Unclear, nil
	}
	picked := t.Picked
	move, ordered, err := s.order(ctx, t, notice.Way(picked))
	if ordered {
		way.Set(t, picked)
	}
	return move, err
}

// sent goes on to the code.
func (s *scenario) sent(_ context.Context, t *dialog.Turn, c customer.CodeSent) (dialog.Move, error) {
	if c.To == "" { // taken off the file meanwhile
		t.Say("nothing_on_file", t.Contacts()...).Offer(t.Scenario("readings"), t.Menu())
		return dialog.Close, nil
	}
	sentTo.Set(t, c.To)
	return dialog.Next, nil
}

func needsCode(t *dialog.Turn) bool { return finds(t) || stale.Of(t.Answers) }

func sentArgs(t *dialog.Turn) []words.Arg { return []words.Arg{words.A("to", sentTo.Of(t.Answers))} }

func codeOptions(t *dialog.Turn) []dialog.Option {
	out := []dialog.Option{{ID: "anew", Key: "code.anew"}}
	if len(reaches.Of(t.Answers)) > 1 {
		out = append(out, dialog.Option{ID: "elsewhere", Key: "code.elsewhere"})
	}
	return out
}

// takeCode hands what was entered to the transaction that knows the code.
func (s *scenario) takeCode(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "anew":
		move, _, err := s.order(ctx, t, notice.Way(way.Of(t.Answers)))
		return move, err
	case t.Picked == "elsewhere":
		return dialog.To(way), nil
	case t.Event.Kind != dialog.Text:
		return dialog.Unclear, nil
	}
	if s.words.Matches("code.lost", words.Normalise(t.Text)) {
		return dialog.Refuse("code.wait", t.Contacts()...), nil
	}
	entered, ok := customer.ParseCode(t.Text)
	if !ok {
		return dialog.Unclear, nil
	}
	if stale.Of(t.Answers) {
		return dialog.Do("confirm", customer.Again{Link: which.Of(t.Answers), Code: entered}), nil
	}
	l := customer.Linking{Account: number.Of(t.Answers), Code: entered, Lang: string(t.Language())}
	if asking.Of(t.Answers) {
		l.Consent = s.document(t).Give()
	}
	return dialog.Do("link", l), nil
}

// linked tells what became of the code.
func (s *scenario) linked(_ context.Context, t *dialog.Turn, done customer.Linked) (dialog.Move, error) {
	switch {
	case done.TooMany:
		t.Say("too_many", words.A("n", customer.MostLinks)).Offer(t.Command("account.list", ""), t.Menu())
		return dialog.Close, nil
	case done.Code == customer.CodeRight:
		s.welcome(t, number.Of(t.Answers))
		return dialog.Passed, nil
	}
	return refused(done.Code), nil
}

// confirmed goes on to what the code was asked for.
func (s *scenario) confirmed(_ context.Context, t *dialog.Turn, done customer.Linked) (dialog.Move, error) {
	if done.Code != customer.CodeRight {
		return refused(done.Code), nil
	}
	stale.Set(t, false)
	return dialog.Next, nil
}

func refused(r customer.Redeemed) dialog.Move {
	if r == customer.CodeWrong {
		return dialog.Refuse("code.wrong")
	}
	return dialog.Refuse("code.gone")
}

// welcome says what can be done with accounts that are linked now, unless
// something has waited for that.
func (s *scenario) welcome(t *dialog.Turn, n billing.AccountNumber) {
	t.Say("linked", words.A("account", n.Masked())).
		Offer(t.Scenario("bill"), t.Scenario("readings"), t.Scenario("account"), t.Command("account.rename", ""), t.Menu())
}
