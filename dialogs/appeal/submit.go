package appeal

import (
	"context"
	"errors"
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
	"okoshko/dialogs/words/rates"
)

// filing is what is sent.
type filing struct {
	Kind      appeal.Kind        `json:"kind"`
	Category  string             `json:"category"`
	Audience  knowledge.Audience `json:"audience,omitempty"`
	Territory string             `json:"territory,omitempty"`
	Lang      string             `json:"lang"`
	Answers   appeal.Answers     `json:"answers"`
	Files     []chat.File        `json:"files,omitempty"`
	Term      calendar.Term      `json:"term,omitzero"`
	Price     money.Kopecks      `json:"price,omitempty"`
	// Link is for whose account it is, Known are the fields that it fills.
	Link  int64         `json:"link,omitempty"`
	Known []appeal.Name `json:"known,omitempty"`
	// Handoff is the wish for a person that it stands for.
	Handoff int64 `json:"handoff,omitempty"`
}

// filing gathers the answers to the questions that are asked now: one that belongs
// to another category stays behind.
func (s *scenario) filing(t *dialog.Turn) any {
	c := s.chosen(t)
	if c == nil { // what was to be said first could not be
		return filing{}
	}
	f := filing{
		Kind: c.Kind, Category: c.Code, Audience: s.who(t, c), Lang: string(t.Language()), Link: link.Of(t.Answers), Answers: appeal.Answers{},
		Handoff: handoff.Of(t.Answers),
	}
	for _, item := range c.Asked(s.answers(t), s.who(t, c)) {
		a := fieldSlot(item.Name).Of(t.Answers)
		if given, ok := said.In(t.Answers); ok && item.Name == appeal.Body {
			a = given
		}
		switch {
		case item.Secret:
		case a.Known:
			f.Known = append(f.Known, item.Name)
		case item.Type == appeal.Files:
			for _, file := range a.Files {
				f.Answers = f.Answers.With(item.Name, append(f.Answers.All(item.Name), file.ID)...)
			}
		case len(a.Values) > 0:
			f.Answers = f.Answers.With(item.Name, a.one())
		}
		f.Files = append(f.Files, a.Files...)
	}
	f.Files = append(f.Files, pending.Of(t.Answers)...)
	seen := map[string]bool{}
	f.Files = slices.DeleteFunc(f.Files, func(file chat.File) bool {
		twice := seen[file.ID]
		seen[file.ID] = true
		return twice
	})
	if s.asksTerritory(t) {
		if o, found := s.Shelf.Offices().Office(territory.Of(t.Answers)); found {
			f.Territory = o.Territory
		}
	}
	if one, found := s.service(t); found && orders(c) {
		f.Term, f.Price = termOf(one), advance(one)
	}
	return f
}

// Why a case is not registered.
const (
	twin   = "twin"   // the same was sent a moment ago
	hourly = "hourly" // he has sent many
	flawed = "flaws"  // answers cannot stay
	gone   = "gone"   // the category is not there any more
	apart  = "apart"  // the account is not linked any more
)

// filed is what became of a filing.
type filed struct {
	registry.Filed
	Refused string `json:"refused,omitempty"`
	// Twin is the case that says the same.
	Twin appeal.Number `json:"twin,omitzero"`
	// Fields are those whose answers cannot stay.
	Fields []string `json:"fields,omitempty"`
}

// register makes the case. What the rules refuse is a result.
func (s *scenario) register(ctx context.Context, e dialog.Effect, f filing) (filed, error) {
	if f.Category == "" {
		return filed{Refused: gone}, nil
	}
	var done filed
	out := registry.Filing{
		Kind: f.Kind, Category: f.Category, Audience: f.Audience, Lang: f.Lang, Answers: f.Answers, Territory: f.Territory, Files: f.Files,
		Term: f.Term, Price: f.Price, Handoff: f.Handoff, Limits: s.Limits,
	}
	if f.Link != 0 {
		links, err := s.Records.Links(ctx, e.Conversation, e.At)
		if err != nil {
			return filed{}, err
		}
		l, p, found, err := s.lookUp(ctx, links, f.Link)
		if err != nil {
			return filed{}, err
		}
		if !found {
			return filed{Refused: apart}, nil
		}
		out.Account = l.Account
		out.Answers = fill(out.Answers, s.forms(), f.Known, p)
	}
	var err error
	done.Filed, err = s.Registry.RegisterCase(ctx, registry.Effect(e), out)
	var flaws *registry.FlawsError
	var same *registry.TwinError
	switch {
	case errors.As(err, &same):
		return filed{Refused: twin, Twin: same.Number}, nil
	case errors.Is(err, registry.ErrMany):
		return filed{Refused: hourly}, nil
	case errors.As(err, &flaws):
		for name := range flaws.Fields {
			done.Fields = append(done.Fields, name)
		}
		slices.Sort(done.Fields)
		done.Refused = flawed
		return done, nil
	case errors.Is(err, appeal.ErrNoCategory):
		return filed{Refused: gone}, nil
	}
	return done, err
}

// fill puts in what the account tells.
func fill(a appeal.Answers, b *appeal.Book, known []appeal.Name, p appeal.Profile) appeal.Answers {
	for _, name := range known {
		if f, found := b.Field(name); found && len(p.Offers(f)) == 1 {
			a = a.With(name, p.Offers(f)[0])
		}
	}
	return a
}

// registered tells the number, until when, why that day, and what happens next.
func (s *scenario) registered(ctx context.Context, t *dialog.Turn, f filed) (dialog.Move, error) {
	switch f.Refused {
	case twin:
		t.Say("refused.twin", words.A("number", f.Twin.String())).Offer(t.Command("cases.see", f.Twin.Code()), t.Command("cases.mine", ""), t.Menu())
		return dialog.Close, nil
	case hourly:
		t.Say("refused.hourly", t.Contacts()...)
		return dialog.Next, nil
	case flawed:
		t.Say("refused.flaws")
		for _, name := range f.Fields {
			fieldSlot(appeal.Name(name)).Clear(t)
		}
		if slices.Contains(f.Fields, string(appeal.Body)) {
			said.Clear(t)
		}
		return dialog.Next, nil
	case gone:
		t.Say("refused.gone")
		return dialog.To(category), nil
	}
	c := s.chosen(t)
	switch {
	case f.Refused == apart:
		t.Say("refused.apart")
		return dialog.Next, s.part(ctx, t, c)
	case c == nil:
		return dialog.Close, fault.New(fault.Internal, "a case without a category")
	}
	forgetNoted(t)
	k := string(c.Kind)
	telling := t.Say("registered."+k, words.A("number", f.Number.String()), words.A("due", rates.Day(f.Due.Last)))
	telling.Append(cases.Why(t.Language(), f.Due)...)
	telling.Append(t.Blocks("registered.next." + k)...)
	if way := fieldSlot(appeal.AnswerWay).Of(t.Answers).one(); catalogue.Has("answer." + way) {
		telling.Append(t.Blocks("answer." + way)...)
	}
	if s.owesFiles(t, c) {
		telling.Append(t.Blocks("registered.late_files")...)
	}
	if c.Secure(s.who(t, c)) {
		telling.Append(t.Blocks("registered.secure")...).Offer(t.Command("cases.form", f.Number.Code()))
	}
	s.offerPayment(t, telling, c, f.Number)
	switch {
	case f.LeftDesk:
		t.Release()
		telling.Append(t.Blocks("registered.left_desk")...)
	case t.Waiting():
		telling.Append(t.Blocks("registered.waits")...).Offer(t.Command("operator.leave", ""))
	}
	telling.Offer(t.Command("cases.see", f.Number.Code()), t.Command("cases.mine", ""), t.Menu())
	return dialog.Close, nil
}

// owesFiles reports whether he has promised files.
func (s *scenario) owesFiles(t *dialog.Turn, c *appeal.Category) bool {
	return slices.ContainsFunc(c.Asked(s.answers(t), s.who(t, c)), func(i appeal.Item) bool { return fieldSlot(i.Name).Of(t.Answers).Late })
}
