// Package cases is what a customer has with the company: his cases, with what
// became of them, beside what the other scenarios know (his visits). He answers
// what he is asked, adds messages and files, takes a time or declines it, wants no
// more, rates the answer or has the case opened again (spec §5.6). A case that was
// filed elsewhere he may ask after by its number.
package cases

import (
	"context"
	"embed"
	"slices"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// What the form can be for; most are also the names of commands.
const (
	toList     = "list"
	toSee      = "see"
	toRead     = "reply"
	toText     = "whole" // what the customer has filed
	toForm     = "form"  // that asks what no messenger may carry
	toAnswer   = "answer"
	toWrite    = "write"
	toReopen   = "reopen"
	toDecline  = "decline"
	toConfirm  = "confirm"
	toWithdraw = "withdraw"
	toRate     = "rate"
	toFind     = "find"      // a case that was filed elsewhere
	elsewhere  = "elsewhere" // the channel carries no cases
)

// events are those that the tasks cause.
var events = map[string]life.Event{
	toAnswer: life.Clarify, toWrite: life.Write, toReopen: life.Reopen, toDecline: life.Decline,
	toConfirm: life.Confirm, toWithdraw: life.Withdraw, toRate: life.Rate,
}

// The answers of the form. The first four are filled at its opening.
const (
	task   = dialog.Slot[string]("task")
	number = dialog.Slot[appeal.Number]("number")
	query  = dialog.Slot[string]("query")     // what the customer is asked
	moment = dialog.Slot[time.Time]("moment") // the time that is taken
	text   = dialog.Slot[string]("text")
	files  = dialog.Slot[[]chat.File]("files")
	sure   = dialog.Slot[bool]("sure")
	rating = dialog.Slot[int]("rating")
	word   = dialog.Slot[string]("word")
	sought = dialog.Slot[[]appeal.Number]("sought") // what the typed number may be
	proof  = dialog.Slot[bool]("proof")             // the question after what proves it
)

type scenario struct {
	Ports
	zone *time.Location
}

// New returns the scenario; zone is the company's.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, zone}
	return &dialog.Scenario{
		Name: "cases", Version: 1, Words: catalogue,
		Open: s.open, Hears: hears, Told: s.told,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{
					Slot: "text", Needed: writes, Expect: chat.Text, Prose: true, Wording: textWording, Args: textArgs, Options: textOptions,
					Take: takeText, Fills: []string{"files"}, Goes: []string{"text"}, Show: showText, Holds: privacy.ClassesOf(privacy.Case),
				},
				{Slot: "sure", Needed: is(toWithdraw), Wording: sureWording, Args: textArgs, Options: sureOptions, Keeps: "no", Take: takeSure},
				{Slot: "rating", Needed: is(toRate), Expect: chat.Number, Args: numberArgs, Options: ratingOptions, Take: takeRating},
				{Slot: "word", Needed: rated, Expect: chat.Text, Prose: true, Wording: wordWording, Options: wordOptions, Take: takeWord},
				{
					Slot: "sought", Needed: is(toFind), Expect: chat.Text, Args: s.exampleArgs, Take: s.takeSought,
				},
				{
					Slot: "proof", Needed: is(toFind), Expect: chat.Text, After: []string{"sought"}, Wording: proofWording, Args: proofArgs,
					Options: proofOptions, Take: s.takeProof, Fills: []string{"sought"}, Goes: []string{"sought"},
				},
			},
			Summary: &dialog.Summary{Args: numberArgs, Notes: notes, Take: addition, Fills: []string{"text", "files"}},
			With:    with,
			Submit:  dialog.NewAction("do", s.carryOut, s.carriedOut),
		},
		Commands: []dialog.Command{
			{Name: "mine", Slash: "cases", Leaves: true, Linked: true, Do: s.list},
			{Name: "why", Do: s.why},
			{Name: toSee, Leaves: true, Do: begins(toSee)},
			{Name: toRead, Leaves: true, Do: begins(toRead)},
			{Name: toText, Leaves: true, Do: begins(toText)},
			{Name: toForm, Leaves: true, Do: begins(toForm)},
			{Name: toAnswer, Leaves: true, Do: begins(toAnswer)},
			{Name: toWrite, Leaves: true, Do: begins(toWrite)},
			{Name: toReopen, Leaves: true, Do: begins(toReopen)},
			{Name: toConfirm, Leaves: true, Do: begins(toConfirm)},
			{Name: toDecline, Leaves: true, Do: begins(toDecline)},
			{Name: toWithdraw, Leaves: true, Do: begins(toWithdraw)},
			{Name: toRate, Leaves: true, Do: begins(toRate)},
			{Name: toFind, Leaves: true, Do: begins(toFind)},
		},
	}
}

// begins opens the form for a task with the case that the command names.
func begins(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+":"+t.Argument()) }
}

// hears: a text that holds the number of a case asks for the case.
func hears(text string) bool {
	_, found := appeal.FindNumber(text)
	return found
}

func is(what string) func(*dialog.Turn) bool {
	return func(t *dialog.Turn) bool { return task.Of(t.Answers) == what }
}

// writes: the task is something said in words.
func writes(t *dialog.Turn) bool {
	return slices.Contains([]string{toAnswer, toWrite, toReopen, toDecline}, task.Of(t.Answers))
}

// open finds out what is to be done, and with which case.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	if !t.May(privacy.Case) {
		task.Set(t, elsewhere)
		t.First("do", with(t))
		return nil
	}
	what, named, _ := strings.Cut(t.Argument(), ":")
	if what == "" {
		what, named = toList, t.Text
		if hears(t.Text) {
			what = toSee
		}
	}
	which, more, _ := strings.Cut(named, "_")
	n, found := findNumber(which) // tokens can be made up
	if !found && what != toList && what != toFind {
		what = toSee
	}
	task.Set(t, what)
	number.Set(t, n)
	if what == toFind {
		return s.openFind(ctx, t)
	}
	if events[what] == "" {
		t.First("do", with(t))
		return nil
	}
	return s.openCase(ctx, t, more)
}

// openCase begins to do something about a case. What is not his, and what is not
// possible any more, is looked at instead.
func (s *scenario) openCase(ctx context.Context, t *dialog.Turn, named string) error {
	what := task.Of(t.Answers)
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, number.Of(t.Answers))
	if err != nil {
		return err
	}
	at, timed := parseTime(named)
	stars, marked := parseRating(named)
	switch {
	case !found:
		lookInstead(t, "")
	case what == toReopen && !r.Left().IsZero() && !s.reopens(t, &r):
		lookInstead(t, "refused."+tooLate)
	case !slices.Contains(life.Possible(&r.Case, registry.Customer), events[what]), what == toConfirm && !timed:
		lookInstead(t, "changed")
	case what == toAnswer:
		query.Set(t, s.bare(t, asked(&r)))
	case what == toConfirm:
		moment.Set(t, at)
		t.First("do", with(t))
	case what == toWithdraw:
		return s.warnOfMoney(ctx, t, &r)
	case what == toRate && marked:
		rating.Set(t, stars)
		t.First("do", with(t))
	}
	return nil
}

// lookInstead shows the case, below why nothing else is done.
func lookInstead(t *dialog.Turn, why string) {
	if why != "" {
		m := t.Say(why, numberArgs(t)...)
		if why == "refused."+tooLate {
			m.Offer(t.Scenario("appeal"))
		}
	}
	task.Set(t, toSee)
	t.First("do", with(t))
}

// gone says that there is no such case: the same of somebody else's and of one
// that never was.
func gone(t *dialog.Turn) {
	sought := ""
	if n := number.Of(t.Answers); !n.IsZero() {
		sought = n.Code()
	}
	t.Say("gone", t.Contacts()...).Offer(t.Command("cases."+toFind, sought), t.Scenario("account"), t.Command("cases.mine", ""), t.Scenario("appeal"), t.Menu())
}

func numberArgs(t *dialog.Turn) []words.Arg {
	return said.Named(t.Language(), number.Of(t.Answers))
}
