package appeal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"okoshko/core/appeal"
	"okoshko/core/appeal/route"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// The choices that are no answers to a field, but for it.
const (
	optSkip      = "skip"
	optDone      = "done"
	optLater     = "later"
	optBare      = "bare"
	optToday     = "today"
	optYesterday = "yesterday"
	optYes       = "yes"
	optUnsure    = "unsure"
)

// fields are the questions of the category that was chosen, one for each field that
// it asks for by the answers so far. Secret ones are asked for on a page of their
// own, never here (spec §3.6).
func (s *scenario) fields(t *dialog.Turn) []dialog.Question {
	c := s.chosen(t)
	if c == nil {
		return nil
	}
	var questions []dialog.Question
	asked := c.Asked(s.answers(t), s.who(t, c))
	isLinked := len(accounts.Of(t.Answers)) > 0
	if isLinked { // what it fills is asked for after it
		questions = append(questions, s.whose(c, itemOf(own, asked)))
	}
	for _, item := range asked {
		switch slot := fieldSlot(item.Name); {
		case slot == own && isLinked, item.Secret, item.Name == appeal.Body && t.Answers.Has(string(said)):
		case slot == own:
			questions = append(questions, s.whose(c, item))
		default:
			questions = append(questions, s.question(c, item))
		}
	}
	return append(questions, dialog.Question{
		Slot: "territory", Needed: s.asksTerritory, Options: s.territoryOptions, Take: s.takeTerritory, Show: s.showTerritory,
	})
}

// itemOf is the item of a slot, without a field if there is none.
func itemOf(slot dialog.Slot[answer], list []appeal.Item) appeal.Item {
	if i := slices.IndexFunc(list, func(i appeal.Item) bool { return fieldSlot(i.Name) == slot }); i >= 0 {
		return list[i]
	}
	return appeal.Item{}
}

// answers are those that were given so far, without what the account fills in.
func (s *scenario) answers(t *dialog.Turn) appeal.Answers {
	a := appeal.Answers{}
	for slot := range t.Answers {
		if name, ok := strings.CutPrefix(slot, fieldPrefix); ok {
			if given := fieldSlot(appeal.Name(name)).Of(t.Answers); len(given.Values) > 0 {
				a[appeal.Name(name)] = given.Values
			}
		}
	}
	return a
}

// question asks for a field, in the words of its table and by its type.
func (s *scenario) question(c *appeal.Category, item appeal.Item) dialog.Question {
	f := field{s, c, item, fieldSlot(item.Name)}
	q := dialog.Question{
		Slot: string(f.slot), Key: "field", Expect: chat.Text, Args: f.args, Options: f.options, Take: f.take, Show: f.show,
		Fills: []string{"said", anyField, "pending*", "captions*"}, Holds: privacy.ClassesOf(privacy.Case),
	}
	switch item.Type {
	case appeal.Service:
		q.Key = "field_service"
	case appeal.Choice, appeal.Consent:
		q.Expect = chat.Nothing
		if item.Name == appeal.Contact || item.Name == appeal.AnswerWay {
			q.Expect, q.Free = chat.Text, true // see takeMore
		}
	case appeal.Text:
		q.Free = true
	case appeal.Files:
		q.Key, q.Expect = "field_files", chat.Upload
	case appeal.Prose:
		q.Prose = true
		if item.Name == appeal.Body {
			q.Key = "field_body"
		}
	case appeal.Tel:
		q.Expect = chat.Contact
	case appeal.Money, appeal.Count:
		q.Expect = chat.Number
	}
	return q
}

// field is a question on its way.
type field struct {
	*scenario
	category *appeal.Category
	appeal.Item
	slot dialog.Slot[answer]
}

func (f field) args(t *dialog.Turn) []words.Arg {
	return []words.Arg{
		words.A("ask", in(t, f.Asks)), words.A("hint", in(t, f.Hints)), words.A("label", in(t, f.Labels)), words.A("size", mostMegabytes),
	}
}

func (f field) options(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	switch f.Type {
	case appeal.Choice:
		for _, o := range f.Choices {
			out = append(out, dialog.Option{ID: o.Code, Label: in(t, o.Names)})
		}
	case appeal.Consent:
		out = append(out, dialog.Option{ID: optYes, Key: "field.yes"})
	case appeal.Past, appeal.Moment:
		out = append(out, dialog.Option{ID: optToday, Key: "field.today"}, dialog.Option{ID: optYesterday, Key: "field.yesterday"})
	case appeal.Months:
		now := billing.Period{Year: f.today(t).Year, Month: f.today(t).Month}
		for back := range 3 {
			p := now.Add(-back)
			label := words.Show(t.Language(), words.Month(time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC)))
			out = append(out, dialog.Option{ID: p.String(), Label: label})
		}
	case appeal.Service:
		out = f.serviceOptions(t)
	case appeal.Files:
		switch given := f.slot.Of(t.Answers); {
		case len(given.Files) > 0:
			return []dialog.Option{{ID: optDone, Key: "field_files.done"}}
		case !f.Need.Optional:
			return []dialog.Option{{ID: optLater, Key: "field_files.later"}}
		}
	case appeal.Prose:
		if f.Name == appeal.Body && f.category.Kind == appeal.Application {
			out = append(out, dialog.Option{ID: optBare, Key: "field_body.bare"})
		}
	}
	switch {
	case f.Need.Optional:
		out = append(out, dialog.Option{ID: optSkip, Key: "field.skip", Apart: true})
	case f.Need.Unsure:
		out = append(out, dialog.Option{ID: optUnsure, Key: f.unsure(), Apart: true})
	}
	return out
}

// take reads the answer, and says what is wrong with it.
func (f field) take(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if f.Type == appeal.Files {
		return f.takeFiles(t), nil
	}
	switch t.Picked {
	case optSkip:
		if f.Need.Optional {
			f.slot.Set(t, answer{Skipped: true})
			return dialog.Next, nil
		}
	case optBare:
		if f.Name == appeal.Body {
			text := appeal.Bare
			if under := captions.Of(t.Answers).one(); under != "" {
				text = under
			}
			captions.Clear(t)
			f.slot.Set(t, answer{}.with(text, t.At()))
			return dialog.Next, nil
		}
	}
	if t.Event.Kind == dialog.Upload {
		return f.takeUpload(t), nil
	}
	text, ok := f.written(t)
	if !ok {
		return f.takeMore(t), nil
	}
	if f.Need.Optional && f.Type != appeal.Prose && cases.Unsure(text) {
		f.slot.Set(t, answer{Skipped: true})
		return dialog.Next, nil
	}
	value, err := cases.Read(f.Item, text, f.today(t))
	if err != nil {
		return f.refuse(t, err), nil //nolint:nilerr // it is told to the customer
	}
	f.fill(t, value)
	return dialog.Next, nil
}

// fill takes a value for the answer.
func (f field) fill(t *dialog.Turn, value string) {
	if f.Name == appeal.Body {
		value = captioned(t, value)
	}
	if f.Type == appeal.Prose || f.Type == appeal.Text {
		value = discreet(t, value)
	}
	f.slot.Set(t, answer{}.with(value, t.At()))
}

// written is what was answered, as Field.Read takes it; false for what is no
// answer at all.
func (f field) written(t *dialog.Turn) (string, bool) {
	if t.Event.Kind == dialog.Contact && t.Event.Phone != nil {
		return t.Event.Phone.Phone, f.Type == appeal.Tel
	}
	if t.Picked == "" && t.Event.Kind != dialog.Text {
		return "", false
	}
	today := f.today(t)
	switch {
	case t.Picked == optToday:
		return today.String(), true
	case t.Picked == optYesterday:
		return today.Add(-1).String(), true
	case t.Picked == optUnsure:
		return appeal.Unknown, true
	case t.Picked != "" && f.Type == appeal.Service:
		return f.serviceOf(t, t.Picked)
	case t.Picked != "":
		return t.Picked, true
	case f.Type == appeal.Choice, f.Type == appeal.Consent:
		return "", false
	case f.Type == appeal.Service:
		return f.named(t)
	case f.Type == appeal.Prose && !telling(t.Text):
		return "", false
	case f.Type != appeal.Prose && strings.HasSuffix(t.Text, "?"): // a question of his own
		return "", false
	}
	return t.Text, true
}

// refuse says what is wrong with an answer.
func (f field) refuse(t *dialog.Turn, err error) dialog.Move {
	why, known := cases.Refused(t.Language(), err)
	if !known {
		var e *fault.Error
		errors.As(err, &e)
		return dialog.Unclear
	}
	hint := "" // of other types, the words of the refusal tell what it says
	if errors.Is(err, appeal.ErrDate) {
		hint = in(t, f.Hints)
	}
	if cases.Unsure(t.Text) {
		why = t.Line("field.must") + " " + why
	}
	if f.Need.Optional {
		why += " " + t.Line("field.may")
	}
	args := []words.Arg{words.A("why", why), words.A("hint", hint)}
	if f.measured() && !strings.ContainsFunc(t.Text, unicode.IsDigit) {
		return dialog.Unread("field.refused", args...)
	}
	return dialog.Refuse("field.refused", args...)
}

// unsure is the key of what one says who cannot answer: a day is forgotten, all else
// was never known.
func (f field) unsure() string {
	if slices.Contains([]appeal.Type{appeal.Past, appeal.Moment, appeal.Months}, f.Type) {
		return "field.forgotten"
	}
	return "field.unsure"
}

// measured reports whether an answer has figures in it, or names a day: words
// without either are something else, which a name or an address is not.
func (f field) measured() bool {
	return slices.Contains([]appeal.Type{
		appeal.Past, appeal.Future, appeal.Moment, appeal.Months, appeal.Money, appeal.Count, appeal.Figures, appeal.Account, appeal.Contract, appeal.Tel,
	}, f.Type)
}

// appending is for how long after its last part more of a text may come: people
// write in several messages, and messengers cut long ones.
const appending = 2 * time.Minute

// takeMore takes what comes right after the text, and answers no question, as more
// of the text.
func (f field) takeMore(t *dialog.Turn) dialog.Move {
	if t.Event.Kind != dialog.Text || f.Name != appeal.Contact || strings.HasSuffix(t.Text, "?") || !telling(t.Text) {
		return dialog.Unclear
	}
	slot := said
	if !t.Answers.Has(string(said)) {
		slot = fieldSlot(appeal.Body)
	}
	a, given := slot.In(t.Answers)
	if !given || t.At().Sub(a.At) > appending {
		return dialog.Unclear
	}
	slot.Set(t, a.with(discreet(t, joined(a, t.Text)), t.At()))
	return dialog.Stay("added")
}

// show returns the answer for the summary. What tells who somebody is stands there
// as messages may have it (spec §3.3), unless the channel may show it whole.
func (f field) show(t *dialog.Turn) string {
	a := f.slot.Of(t.Answers)
	switch {
	case a.Known:
		return t.Line("field.known")
	case a.Skipped:
		return t.Line("field.skipped")
	case a.Late:
		return t.Line("field_files.late")
	case f.Type == appeal.Files:
		return t.Line("field_files.count", words.A("n", len(a.Files)))
	case f.Type == appeal.Prose:
		return showText(t, a)
	}
	return f.shown(t, a.one())
}

// asksTerritory: somebody in the right part of the region has to have it, and
// neither the account nor the address tells (spec §5.7).
func (s *scenario) asksTerritory(t *dialog.Turn) bool {
	c, books := s.chosen(t), s.Shelf.Cases()
	if c == nil || books.Routes == nil || s.Shelf.Offices() == nil || link.Of(t.Answers) != 0 {
		return false
	}
	a := s.answers(t)
	if where, _ := books.Routes.Locate(billing.AccountNumber(a.One("account")), a.One("address"), ""); where != "" {
		return false
	}
	r := books.Routes.Find(route.Ask{Function: c.Function, Day: s.today(t)})
	return slices.ContainsFunc(r.Why, func(step route.Step) bool { return step.Why == route.NoRule })
}

func (s *scenario) territoryOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, o := range s.Shelf.Offices().Offices("", "") {
		if o.Territory != "" {
			out = append(out, dialog.Option{ID: o.Code, Label: s.office(t, o.Code)})
		}
	}
	return out
}

func (s *scenario) takeTerritory(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	o, found := s.Shelf.Offices().Office(t.Picked)
	if !found || o.Territory == "" {
		return dialog.Unclear, nil
	}
	territory.Set(t, o.Code)
	return dialog.Next, nil
}

func (s *scenario) showTerritory(t *dialog.Turn) string { return s.office(t, territory.Of(t.Answers)) }

// office names an office with the place it is in.
func (s *scenario) office(t *dialog.Turn, code string) string {
	o, found := s.Shelf.Offices().Office(code)
	if !found {
		return code
	}
	name, address := strings.Trim(in(t, o.Names), "«»"), in(t, o.Addresses)
	town, _, _ := strings.Cut(address, ",")
	if t.Language() == words.EN {
		town = strings.TrimSpace(address[strings.LastIndexByte(address, ',')+1:])
	}
	if strings.Contains(town, name) {
		return town
	}
	return t.Line("territory.item", words.A("name", name), words.A("town", town))
}

// isContract reports whether an account is an organisation's.
func isContract(number string) bool {
	a, err := billing.ParseAccount(number)
	return err == nil && a.Contract()
}
