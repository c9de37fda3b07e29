package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// grounds are why a person's data may have to go (152-ФЗ, art. 20 and 21): he
// asks for it, he takes his consent back, the purpose is reached.
var grounds = []string{"request", "consent", "purpose"}

// eraseOptions say whose data, why, and who answers for it.
type eraseOptions struct {
	number, account, conversation, ground, by *string
	sure                                      *bool
}

// eraseCommand erases conversations for good (spec §3.1). Without --sure it only
// says what there is. It may run beside a server; doing it again does no harm, and
// finishes what was broken off.
func eraseCommand(ctx context.Context, p *program, args []string) error {
	f := p.options("erase")
	o := eraseOptions{
		number:       f.String("case", "", "the `number` of a case that was registered in the conversation"),
		account:      f.String("account", "", "the `number` of an account: every conversation that is linked to it"),
		conversation: f.String("conversation", "", "the `ID` of the conversation, as the audit names it"),
		ground:       f.String("ground", "", "why: "+strings.Join(grounds, ", ")),
		by:           f.String("by", "", "the `login` of who answers for it"),
		sure:         f.Bool("sure", false, "erase, instead of saying what would be"),
	}
	c, err := p.load(f, args)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	s, err := openStores(ctx, c, storeOptions{postgres: true, redis: true, demo: c.Data.Key.IsZero(), log: newLog(c, p.stderr), now: time.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	who, err := find(ctx, s.db, *o.by)
	if err != nil {
		return err
	}
	list, err := o.conversations(ctx, s.db)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := p.erase(ctx, s, c, "op:"+strconv.FormatInt(who.ID, 10), o); err != nil {
			return err
		}
	}
	if !*o.sure {
		_, err = fmt.Fprintln(p.stdout, "Nothing was erased. Readings, charges and payments would stay with their account, numbers and times of cases in the register. Add --sure to erase.")
		return err
	}
	if err := s.live.Rewrite(ctx); err != nil {
		_, err = fmt.Fprintf(p.stdout, "Redis did not take the order to write its log anew (%v); what was erased stays in that log until it does so by itself.\n", err)
		return err
	}
	return nil
}

func (o eraseOptions) check() error {
	var named int
	for _, name := range []string{*o.number, *o.account, *o.conversation} {
		if name != "" {
			named++
		}
	}
	_, err := staff.ParseLogin(*o.by)
	switch {
	case named != 1:
		return &usageError{errors.New("okoshko erase: say whose conversation by one of --case, --account and --conversation")}
	case !slices.Contains(grounds, *o.ground):
		return &usageError{fmt.Errorf("okoshko erase: --ground must be one of %s", strings.Join(grounds, ", "))}
	case err != nil:
		return &usageError{errors.New("okoshko erase: --by must be the login of one of the staff, who answers for the erasure")}
	}
	return nil
}

// conversations finds those that were named. The error is NotFound if there is none.
func (o eraseOptions) conversations(ctx context.Context, db *postgres.DB) ([]chat.Conversation, error) {
	switch {
	case *o.number != "":
		n, err := appeal.ParseNumber(*o.number, time.Now().Year())
		if err != nil {
			return nil, &usageError{fmt.Errorf("okoshko erase: --case must be the number of a case: %w", err)}
		}
		r, err := db.FindCase(ctx, n)
		if err != nil {
			return nil, err
		}
		if r.Conversation == "" {
			return nil, fault.New(fault.NotFound, "case "+n.String()+" belongs to no conversation, or to one that was erased")
		}
		return []chat.Conversation{r.Conversation}, nil
	case *o.account != "":
		n, err := billing.ParseAccount(*o.account)
		if err != nil {
			return nil, &usageError{fmt.Errorf("okoshko erase: --account must be the number of an account: %w", err)}
		}
		links, _, err := db.AccountLinks(ctx, n, time.Now())
		if err != nil {
			return nil, err
		}
		if len(links) == 0 {
			return nil, fault.New(fault.NotFound, "no conversation is linked to account "+n.Masked())
		}
		list := make([]chat.Conversation, 0, len(links))
		for _, l := range links {
			list = append(list, l.Conversation)
		}
		return list, nil
	default:
		return []chat.Conversation{chat.Conversation(*o.conversation)}, nil
	}
}

// erase erases one conversation and prints the act, or says what there is.
func (p *program) erase(ctx context.Context, s *stores, c chat.Conversation, by string, o eraseOptions) error {
	kept, err := s.db.Kept(ctx, c)
	if err != nil {
		return err
	}
	before, err := s.db.Erasures(ctx, c)
	if err != nil {
		return err
	}
	live, err := s.live.Load(ctx, c)
	if err != nil {
		return err
	}
	if !kept.Known && !live.Found && len(before) == 0 {
		return fault.New(fault.NotFound, "there is no conversation "+string(c))
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %d messages, %d files, %d links to accounts, %d cases, %d visits\n",
		c, kept.Messages, kept.Files, kept.Links, kept.Cases, kept.Visits)
	if err != nil || !*o.sure {
		return err
	}
	if err := s.db.Erase(ctx, c, live.Revision, by, *o.ground); err != nil {
		return err
	}
	if err := s.live.Erase(ctx, c); err != nil {
		return fmt.Errorf("it is erased but for what Redis holds of it; give the order again: %w", err)
	}
	acts, err := s.db.Erasures(ctx, c)
	if err != nil || len(acts) == 0 {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Act %d: erased at %s by %s (%s), on the ground of %s: %d messages and %d files\n",
		acts[0].Number, acts[0].At.UTC().Format(time.RFC3339), *o.by, by, acts[0].Reason, acts[0].Messages, acts[0].Files)
	return err
}
