package account

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

// open finds out what the form is for. Who has no account linked, links one.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	what, of, _ := strings.Cut(t.Argument(), ":")
	if !carries(t) {
		task.Set(t, elsewhere)
		return nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	active, linked := customer.Active(list)
	switch {
	case what == toAgree || what == toWithdraw:
		purpose.Set(t, purposeOf(of))
	case what == "" && linked:
		what, of = toShow, card
	case !linked && what == toShow: // after it
		t.Through("account", "account.show:"+blockOf(of))
		what = toLink
	case !linked || what == "":
		what = toLink
	}
	task.Set(t, what)
	switch what {
	case toLink:
		return s.openLinking(ctx, t, list)
	case toUse:
		id, err := strconv.ParseInt(of, 10, 64)
		if err != nil { // no link of ours: the effect says so
			id = 0
		}
		which.Set(t, id)
	case toShow:
		block.Set(t, blockOf(of))
		which.Set(t, active.ID)
		if personal(of) && t.May(privacy.Identity) && !active.Fresh(t.Event.Now) {
			return s.openAgain(ctx, t, active)
		}
	default:
		l := meant(t, list, active)
		which.Set(t, l.ID)
		title.Set(t, l.Title())
	}
	return nil
}

// meant returns the link to the account whose number was said with the wish, else
// the active one.
func meant(t *dialog.Turn, list []customer.Link, active customer.Link) customer.Link {
	said := billing.Parse(t.Text).Accounts
	i := slices.IndexFunc(list, func(l customer.Link) bool { return slices.Contains(said, l.Account) })
	if i < 0 {
		return active
	}
	return list[i]
}

// purposeOf reads a purpose; whatever else a button carries means linking.
func purposeOf(arg string) customer.Purpose {
	if customer.Purpose(arg) == customer.ForNews {
		return customer.ForNews
	}
	return customer.ForLinking
}

// openLinking looks whether the consent is still missing, whether the page vouches
// for accounts that are not linked yet, and whether the customer has named one.
func (s *scenario) openLinking(ctx context.Context, t *dialog.Turn, list []customer.Link) error {
	purpose.Set(t, customer.ForLinking)
	given, err := s.Records.Consents(ctx, t.Event.Conversation)
	if err != nil {
		return err
	}
	_, agreed := customer.Agreed(given, customer.ForLinking)
	numbers, err := s.Records.Vouched(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	var fresh []billing.AccountNumber
	for _, n := range numbers {
		if !customer.LinkedTo(list, n) {
			fresh = append(fresh, n)
		}
	}
	if len(fresh) > 0 {
		vouched.Set(t, fresh)
	}
	asking.Set(t, !agreed || len(fresh) > 0)
	if n, _, ok := accountIn(t.Text); ok && len(fresh) == 0 && !customer.LinkedTo(list, n) { // said with the wish
		number.Set(t, n)
	}
	return nil
}

// openAgain asks for another code before personal data is shown. Who has
// nothing on file to send it to is told so in its place.
func (s *scenario) openAgain(ctx context.Context, t *dialog.Turn, l customer.Link) error {
	ways, err := s.Linkers.Reaches(ctx, l)
	if err != nil {
		return err
	}
	if len(ways) == 0 {
		block.Set(t, unreachable)
		return nil
	}
	number.Set(t, l.Account)
	reaches.Set(t, ways)
	stale.Set(t, true)
	return nil
}
