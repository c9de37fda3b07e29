package cases

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// mostFiles is the most files of one message.
const mostFiles = 10

func textWording(t *dialog.Turn) string { return "text." + task.Of(t.Answers) }

func textArgs(t *dialog.Turn) []words.Arg {
	return append(numberArgs(t), words.A("query", words.Of(privacy.Case, query.Of(t.Answers))))
}

// textOptions: times can be declined without a word, files be taken back.
func textOptions(t *dialog.Turn) []dialog.Option {
	switch {
	case len(files.Of(t.Answers)) > 0:
		return dialog.Options("text", "bare")
	case task.Of(t.Answers) == toDecline:
		return dialog.Options("text", "none")
	}
	return nil
}

// takeText takes a message, or files with or without one.
func takeText(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "none":
		return dialog.Do("do", with(t)), nil
	case t.Picked == "bare":
		files.Clear(t)
		return dialog.To(text), nil
	case t.Event.Kind == dialog.Upload:
		return takeFiles(t), nil
	case t.Event.Kind != dialog.Text:
		return dialog.Unclear, nil
	}
	say(t, t.Text)
	return dialog.Next, nil
}

// say keeps what is said; the files that came with it before stay.
func say(t *dialog.Turn, what string) {
	list := files.Of(t.Answers)
	text.Set(t, what)
	if len(list) > 0 {
		files.Set(t, list)
	}
}

// takeFiles keeps files; what stands beside them is a message, which is kept though
// they are not taken.
func takeFiles(t *dialog.Turn) dialog.Move {
	before := files.Of(t.Answers)
	list := slices.Concat(before, t.Event.Files)
	why, args := "", []words.Arg(nil)
	switch {
	case slices.ContainsFunc(t.Event.Files, func(f chat.File) bool { return !registry.Taken(f) }):
		why = "attached.kind"
	case slices.ContainsFunc(t.Event.Files, registry.Void):
		why = "attached.void"
	case len(list) > mostFiles:
		why, args = "attached.too_many", []words.Arg{words.A("n", mostFiles)}
	}
	if why != "" && strings.TrimSpace(t.Text) == "" {
		return dialog.Refuse(why, args...)
	}
	if why != "" {
		t.Say(why, args...)
		list = before
	}
	say(t, strings.TrimSpace(text.Of(t.Answers)+"\n"+t.Text))
	files.Set(t, list)
	return dialog.Next
}

// addition adds what is written or sent while the summary stands.
func addition(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case !writes(t): // what failed is to be tried again
	case t.Event.Kind == dialog.Upload:
		return takeFiles(t), nil
	case t.Event.Kind == dialog.Text:
		say(t, strings.TrimSpace(text.Of(t.Answers)+"\n"+t.Text))
		return dialog.Next, nil
	}
	return dialog.Unclear, nil
}

func showText(t *dialog.Turn) string {
	if said := text.Of(t.Answers); said != "" {
		return said
	}
	return t.Line("text.empty")
}

// notes say of the files how many there are, and what else can be done.
func notes(t *dialog.Turn) []chat.Block {
	var list []chat.Block
	if n := len(files.Of(t.Answers)); n > 0 {
		list = t.Blocks("summary.files", words.A("n", n))
	}
	if task.Of(t.Answers) == toDecline {
		return list
	}
	return append(list, t.Blocks("summary.more")...)
}

func sureOptions(*dialog.Turn) []dialog.Option { return dialog.Options("sure", "yes", "no") }

func takeSure(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case "yes":
		sure.Set(t, true)
		return dialog.Do("do", with(t)), nil
	case "no":
		t.Say("kept", numberArgs(t)...).Offer(back(t), t.Menu())
		return dialog.Close, nil
	}
	return dialog.Unclear, nil
}

func ratingOptions(*dialog.Turn) []dialog.Option {
	var list []dialog.Option
	for stars := 1; stars <= 5; stars++ {
		list = append(list, dialog.Option{ID: strconv.Itoa(stars), Label: strconv.Itoa(stars), Dense: true})
	}
	return list
}

func parseRating(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= 5
}

// takeRating keeps the rating at once: not everybody adds a word.
func takeRating(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	given := t.Picked
	if given == "" && t.Event.Kind == dialog.Text {
		given = t.Text
	}
	stars, ok := parseRating(given)
	if !ok {
		return dialog.Unclear, nil
	}
	rating.Set(t, stars)
	return dialog.Do("do", with(t)), nil
}

func rated(t *dialog.Turn) bool { return task.Of(t.Answers) == toRate && t.Answers.Has(string(rating)) }

// content is the lowest rating of who is content.
const content = 4

func wordWording(t *dialog.Turn) string {
	if rating.Of(t.Answers) >= content {
		return "word.good"
	}
	return "word.poor"
}

func wordOptions(*dialog.Turn) []dialog.Option { return dialog.Options("word", "none") }

func takeWord(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "none":
		thank(t)
		return dialog.Close, nil
	case t.Event.Kind != dialog.Text:
		return dialog.Unclear, nil
	}
	word.Set(t, t.Text)
	return dialog.Do("do", with(t)), nil
}

// errand is what the form does: something about a case, or a look at it.
type errand struct {
	Task   string        `json:"task"`
	Number appeal.Number `json:"number"`
	Do     life.Do       `json:"do"`
	Files  []chat.File   `json:"files,omitempty"`
	Lang   string        `json:"lang"`
}

func with(t *dialog.Turn) any {
	e := errand{Task: task.Of(t.Answers), Number: number.Of(t.Answers), Files: files.Of(t.Answers), Lang: string(t.Language())}
	e.Do = life.Do{Event: events[e.Task], Rating: rating.Of(t.Answers), Time: moment.Of(t.Answers)}
	if said := text.Of(t.Answers) + word.Of(t.Answers); said != "" {
		e.Do.Note = privacy.NewText(said)
	}
	return e
}

// result is what became of it: Refused is the key of why not, Files and Form are
// what was made for him.
type result struct {
	Refused string            `json:"refused,omitempty"`
	Files   []chat.File       `json:"files,omitempty"`
	Form    registry.FormMade `json:"form,omitzero"`
}

// carryOut does it. That somebody was quicker, or that the case is none of his, is
// a result.
func (s *scenario) carryOut(ctx context.Context, e dialog.Effect, what errand) (r result, err error) {
	switch {
	case what.Task == elsewhere, what.Task == toList: // numbers and states are no look
		return r, nil
	case what.Task == toForm:
		r.Form, err = s.Register.OrderForm(ctx, registry.Effect(e), registry.FormOrder{Number: what.Number, Lang: what.Lang})
	case what.Do.Event == "":
		r, err = s.look(ctx, e, what)
	default:
		_, err = s.Register.DoCase(ctx, registry.Effect(e), registry.Act{
			Number: what.Number, Do: what.Do, By: registry.Customer, Files: what.Files,
		})
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Denied:
		if key := keyOf(err); key != "" {
			return result{Refused: key}, nil
		}
	}
	return r, err
}

// look finds out whether a case is his, and notes that it is shown, if it is his
// because of an account. The error is registry.ErrNoCase.
func (s *scenario) look(ctx context.Context, e dialog.Effect, what errand) (out result, err error) {
	r, found, err := s.Register.CustomerCase(ctx, e.Conversation, what.Number)
	if err != nil {
		return out, err
	}
	if found && r.Conversation != e.Conversation {
		if found, err = s.note(ctx, e, r.Account); err != nil {
			return out, err
		}
	}
	if !found {
		return out, registry.ErrNoCase
	}
	if id := given(&r); what.Task == toRead && id != "" {
		reply, err := s.Register.FindReply(ctx, id)
		if err != nil {
			return out, err
		}
		out.Files, err = s.Papers.Letters(ctx, e.Conversation, &r, reply)
		return out, err
	}
	return out, nil
}

// note writes down that something of an account is shown; false if the link to it
// has ended meanwhile.
func (s *scenario) note(ctx context.Context, e dialog.Effect, n billing.AccountNumber) (bool, error) {
	links, err := s.Links.Links(ctx, e.Conversation, e.At)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(links, func(l customer.Link) bool { return l.Account == n })
	if i < 0 {
		return false, nil
	}
	return s.Looks.Look(ctx, e, links[i].ID, "case")
}

var (
	noCase  = keyOf(registry.ErrNoCase)
	tooLate = keyOf(life.InWindow.Err())
)

func keyOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// carriedOut tells what came of it.
func (s *scenario) carriedOut(ctx context.Context, t *dialog.Turn, out result) (dialog.Move, error) {
	what := task.Of(t.Answers)
	switch {
	case what == elsewhere:
		t.Say("elsewhere", t.Contacts()...).Offer(t.Command("carry.site", "cases"), t.Menu())
	case what == toList:
		return dialog.Close, s.showList(ctx, t, chat.Choice{})
	case out.Refused == noCase, out.Form.Unknown:
		gone(t)
	case out.Refused != "":
		return s.refused(ctx, t, out.Refused)
	case what == toForm && out.Form.Needless:
		t.Say("form.needless", numberArgs(t)...).Offer(back(t), t.Menu())
	case what == toForm:
		t.Say("form.made", append(numberArgs(t), words.A("length", times.Length(t.Language(), registry.FormLife)))...).
			Offer(chat.Choice{Label: t.Line("form.open"), Ticket: out.Form.Sealed, Wide: true}, back(t), t.Menu())
	case what == toSee:
		return dialog.Close, s.showCase(ctx, t)
	case what == toRead:
		return dialog.Close, s.showReply(ctx, t, out.Files)
	case what == toText:
		return dialog.Close, s.showText(ctx, t)
	case what == toRate && !t.Answers.Has(string(word)):
		return dialog.Next, nil
	case what == toRate:
		thank(t)
	default:
		return dialog.Close, s.tellDone(ctx, t)
	}
	return dialog.Close, nil
}

// tellDone tells that the case has taken what the customer did.
func (s *scenario) tellDone(ctx context.Context, t *dialog.Turn) error {
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, number.Of(t.Answers))
	if err != nil || !found {
		return err
	}
	key := "done." + task.Of(t.Answers)
	if due := r.Clocks[term.Answer]; task.Of(t.Answers) == toAnswer && due.Late(t.Event.Now) {
		key = "late_answer"
	}
	m := t.Say(key, append(s.facts(t, &r), words.A("at", s.when(t, moment.Of(t.Answers))))...)
	if task.Of(t.Answers) == toWithdraw {
		if err := s.addPayment(ctx, t, m, &r); err != nil {
			return err
		}
	}
	m.Offer(back(t), t.Command("cases.mine", ""), t.Menu())
	return nil
}

// refused says why not; the case stands below, as it is now.
func (s *scenario) refused(ctx context.Context, t *dialog.Turn, key string) (dialog.Move, error) {
	why := "changed"
	if catalogue.Has("refused." + key) {
		why = "refused." + key
	}
	m := t.Say(why, append(t.Contacts(), numberArgs(t)...)...)
	if key == tooLate {
		if said := s.bare(t, text.Of(t.Answers)); said != "" { // for a new case
			m.Append(t.Blocks("written", words.A("text", said))...)
		}
		m.Holding(privacy.Case).Offer(t.Scenario("appeal"))
	}
	return dialog.Close, s.showCase(ctx, t)
}

func thank(t *dialog.Turn) {
	key := "rated.good"
	n := number.Of(t.Answers)
	said := []chat.Choice{t.Command("cases.mine", ""), t.Menu()}
	if rating.Of(t.Answers) < content {
		key = "rated.poor"
		said = append([]chat.Choice{t.Command("cases.reopen", n.Code())}, said...)
	}
	t.Say(key, numberArgs(t)...).Offer(said...)
}

// back leads back to the case.
func back(t *dialog.Turn) chat.Choice {
	return t.Command("cases.see", number.Of(t.Answers).Code())
}
