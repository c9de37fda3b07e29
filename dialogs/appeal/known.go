package appeal

import (
	"context"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/billing/bill"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
)

// profile is what is on file for an account (R-5.1.3-g).
func profile(l customer.Link, ledger *bill.Ledger) appeal.Profile {
	p := appeal.Profile{appeal.FromAccount: {l.Account.Full()}}
	put := func(from appeal.Source, value string) {
		if value != "" {
			p[from] = append(p[from], value)
		}
	}
	put(appeal.FromAddress, ledger.Payer.Address.Reveal())
	put(appeal.FromPhone, ledger.Payer.Phone.Reveal())
	put(appeal.FromEmail, ledger.Payer.Email.Reveal())
	for _, m := range ledger.Account.Meters {
		put(appeal.FromMeter, m.Serial.Full())
	}
	if ledger.Account.Legal {
		put(appeal.FromCompany, ledger.Payer.Name.Reveal())
		put(appeal.FromTaxID, ledger.Payer.TaxID)
		put(appeal.FromContract, l.Account.Full())
	} else {
		put(appeal.FromName, ledger.Payer.Name.Reveal())
	}
	return p
}

// lookUp returns what is on file for a link; false if there is none any more.
func (s *scenario) lookUp(ctx context.Context, links []customer.Link, id int64) (l customer.Link, p appeal.Profile, found bool, err error) {
	if l, found = customer.Find(links, id); !found {
		return l, nil, false, nil
	}
	ledger, found, err := s.Records.LinkedLedger(ctx, l)
	if err != nil || !found {
		return l, nil, false, err
	}
	return l, profile(l, &ledger), true, nil
}

// prefill fills what the account tells, without showing or keeping it: it is put
// in when the case is registered. What came with the first words answers the first
// question for files.
func (s *scenario) prefill(ctx context.Context, t *dialog.Turn, c *appeal.Category) error {
	if given := said.Of(t.Answers); len(given.Files) > 0 {
		for _, item := range c.Asked(s.answers(t), s.who(t, c)) {
			if slot := fieldSlot(item.Name); item.Type == appeal.Files && !t.Answers.Has(string(slot)) {
				slot.Assume(t, answer{Files: given.Files})
				break
			}
		}
	}
	s.fit(t, c)
	if link.Of(t.Answers) == 0 {
		return nil
	}
	own.Assume(t, answer{Known: true})
	links, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	_, p, found, err := s.lookUp(ctx, links, link.Of(t.Answers))
	if err != nil || !found {
		return err
	}
	for _, item := range c.Form {
		slot := fieldSlot(item.Name)
		if offers := p.Offers(item.Field); !item.Secret && !t.Answers.Has(string(slot)) && len(offers) == 1 {
			if _, err := item.Read(offers[0], s.today(t)); err == nil {
				slot.Assume(t, answer{Known: true})
			}
		}
	}
	return nil
}

// termDepends reports whether the answer to a case has another term for a company.
func (s *scenario) termDepends(t *dialog.Turn, c *appeal.Category) bool {
	terms := s.Shelf.Cases().Terms
	if terms == nil {
		return false
	}
	id := func(a knowledge.Audience) string {
		p, _ := terms.Policy(term.Answer, term.Subject{Kind: c.Kind, Category: c.Code, Audience: a}, s.today(t))
		return p.ID()
	}
	return id(knowledge.Individuals) != id(knowledge.Companies)
}
