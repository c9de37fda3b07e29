package cases

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
)

// The facts of an event that tells of a case.
const (
	factNumber = "number"
	factLine   = "line"  // of the history, from 1
	factReply  = "reply" // the ID of the answer
	factAgain  = "again" // it is sent here once more, whatever way was chosen
)

// Tidings is what a conversation is told of its case without having asked: letters
// are the documents of an answer. The caller gives the event its times.
func Tidings(n registry.News, letters []chat.File) dialog.Event {
	facts := map[string]string{factNumber: n.Number.String(), factLine: strconv.Itoa(n.Line), factReply: n.Reply.ID}
	if n.Again > 0 {
		facts[factAgain] = strconv.Itoa(n.Again)
	}
	return dialog.Event{
		ID: "job:" + n.ID(), Conversation: n.Conversation, Kind: dialog.Tell, Text: "cases." + string(n.Event), Files: letters, Facts: facts,
	}
}

// tells are the events that a customer hears of.
var tells = map[string]func(s *scenario, ctx context.Context, t *dialog.Turn, n *news) error{
	string(life.Register): (*scenario).tellPlainly, string(life.Notify): (*scenario).tellPlainly,
	string(life.Extend): (*scenario).tellPlainly, string(life.Duplicate): (*scenario).tellPlainly,
	string(life.Confirm): (*scenario).tellPlainly, string(life.Agree): (*scenario).tellPlainly,
	string(life.Lapse):    (*scenario).tellPlainly,
	string(life.Withdraw): (*scenario).tellPlainly, string(life.Reopen): (*scenario).tellPlainly,
	string(life.Posted): (*scenario).tellPlainly, string(life.Drop): (*scenario).tellLost,
	string(life.Write): (*scenario).tellReceived, string(life.Clarify): (*scenario).tellReceived,
	string(life.Ask): (*scenario).tellQuestion, string(life.Propose): (*scenario).tellTimes,
	string(life.Answer): (*scenario).tellAnswer, string(life.Typical): (*scenario).tellAnswer, string(life.OffTopic): (*scenario).tellAnswer,
}

// news is what is told: a line of a case's history.
type news struct {
	registry.Record
	life.Entry
}

// told says what has happened to a case. Where the channel may not carry it, that
// something has.
func (s *scenario) told(ctx context.Context, t *dialog.Turn, event string) error {
	tell, ok := tells[event]
	n, err := appeal.ParseNumber(t.Event.Facts[factNumber], 0)
	if !ok || err != nil {
		return fmt.Errorf("a case cannot be told of as %q", event)
	}
	if !t.May(privacy.Case) {
		t.Say("told.elsewhere", said.Named(t.Language(), n)...).Offer(t.Command("carry.site", "cases"), t.Menu())
		return nil
	}
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, n)
	if err != nil || !found { // it was erased meanwhile
		return err
	}
	line, err := strconv.Atoi(t.Event.Facts[factLine])
	if err != nil || line < 1 || line > len(r.History) {
		return fmt.Errorf("case has no line %q", t.Event.Facts[factLine])
	}
	what := &news{r, r.History[line-1]}
	vain := s.overtake(t, what)
	if err := tell(s, ctx, t, what); err != nil || vain == "" {
		return err
	}
	t.Say("written", words.A("text", vain)).Holding(privacy.Case).Offer(t.Scenario("appeal"), t.Menu())
	return nil
}

// resettled are the events after which nobody is asked any more which other time
// suits him.
var resettled = []life.Event{life.Propose, life.Confirm, life.Agree, life.Lapse}

// overtake ends an open question about the case that what is told has answered. What
// was written becomes a message to the case, still to be sent; where none is taken any
// more, it is returned.
func (s *scenario) overtake(t *dialog.Turn, n *news) (vain string) {
	t.Overtake(func() bool {
		what, possible := task.Of(t.Answers), life.Possible(&n.Case, registry.Customer)
		stands := slices.Contains(possible, events[what]) && (what != toDecline || !slices.Contains(resettled, n.Do.Event))
		if number.Of(t.Answers) != n.Number || events[what] == "" || stands {
			return false
		}
		written := text.Of(t.Answers)
		if written == "" && len(files.Of(t.Answers)) == 0 {
			return true
		}
		if slices.Contains(possible, life.Write) {
			task.Assume(t, toWrite)
			return false
		}
		vain = s.bare(t, written)
		return true
	})
	return vain
}

// tellPlainly says the words of the event.
func (s *scenario) tellPlainly(ctx context.Context, t *dialog.Turn, n *news) error {
	m := s.tell(t, n)
	if n.Do.Event == life.Withdraw {
		if err := s.addPayment(ctx, t, m, &n.Record); err != nil {
			return err
		}
	}
	if n.Do.Event == life.Duplicate && s.reopens(t, &n.Record) {
		m.Offer(t.Command("cases."+toReopen, n.Number.Code()))
	}
	m.Offer(t.Command("cases."+toSee, n.Number.Code()), t.Menu())
	return nil
}

// tellReceived confirms what came by the secure form: what it was, and no value of it
// (spec §3.6).
func (s *scenario) tellReceived(ctx context.Context, t *dialog.Turn, n *news) error {
	books, err := s.Register.CaseBooks(ctx)
	if err != nil {
		return err
	}
	var received []string
	if c, err := books.Forms.Category(n.Category, calendar.DateOf(n.Registered, s.zone)); err == nil {
		for _, item := range c.Form {
			if slices.Contains(n.Secret, item.Name) {
				received = append(received, item.Labels[string(t.Language())])
			}
		}
	}
	t.Say("told.received", append(s.facts(t, &n.Record), words.A("what", strings.Join(received, "; ")))...).
		Holding(privacy.Case).Offer(t.Command("cases."+toSee, n.Number.Code()), t.Menu())
	return nil
}

// explained are the words of events for which a reason may be given.
var explained = map[life.Event]string{life.Agree: "agree_why", life.Propose: "propose_why"}

func (s *scenario) tell(t *dialog.Turn, n *news) dialog.Said {
	args := append(s.facts(t, &n.Record), words.A("note", s.bare(t, n.Do.Note.Reveal())), words.A("at", s.when(t, n.Do.Time)),
		words.A("day", words.DayMonth(n.Do.Day.At(0, s.zone))), words.A("other", n.Do.Other.String()),
		words.A("on", words.DayMonth(n.Entry.At.In(s.zone))))
	event := string(n.Do.Event)
	if why := explained[n.Do.Event]; why != "" && !n.Do.Note.IsZero() {
		event = why
	}
	return t.Say("told."+event, append(args, t.Contacts()...)...).Holding(privacy.Case)
}

// tellQuestion asks what is missing. Whoever is in the middle of nothing answers
// by writing; else there is a button.
func (s *scenario) tellQuestion(ctx context.Context, t *dialog.Turn, n *news) error {
	if n.State == life.NeedInfo && !t.Amid() && !t.Waiting() {
		return t.Begin(ctx, toAnswer+":"+n.Number.Code())
	}
	m := s.tell(t, n)
	if n.State == life.NeedInfo {
		m.Offer(t.Command("cases."+toAnswer, n.Number.Code()))
	}
	m.Offer(t.Command("cases."+toSee, n.Number.Code()), t.Menu())
	return nil
}

// tellLost says which files could not be taken, and how to send them again.
func (s *scenario) tellLost(_ context.Context, t *dialog.Turn, n *news) error {
	m := s.tell(t, n)
	for _, f := range n.Do.Lost {
		m.Append(t.Blocks("lost.file", words.A("file", said.Lost(t.Language(), f)))...)
	}
	if slices.Contains(life.Possible(&n.Case, registry.Customer), life.Write) {
		m.Append(t.Blocks("lost.again")...).Offer(t.Command("cases."+toWrite, n.Number.Code()))
	} else {
		m.Append(t.Blocks("lost.over", s.facts(t, &n.Record)...)...).Offer(t.Scenario("appeal"))
	}
	m.Offer(t.Command("cases."+toSee, n.Number.Code()), t.Menu())
	return nil
}

// tellTimes proposes times.
func (s *scenario) tellTimes(_ context.Context, t *dialog.Turn, n *news) error {
	m := s.tell(t, n)
	if n.State == life.Scheduling {
		s.offerTimes(t, m, n.Number, n.Do.Times)
		m.Offer(t.Command("cases."+toDecline, n.Number.Code()))
	}
	m.Offer(t.Menu())
	return nil
}

// tellAnswer brings the answer, or says where it has gone.
func (s *scenario) tellAnswer(ctx context.Context, t *dialog.Turn, n *news) error {
	if way := n.Answers.One(appeal.AnswerWay); way != appeal.InChat && way != "" && t.Event.Facts[factAgain] == "" {
		m := t.Say("told.answered."+way, s.facts(t, &n.Record)...)
		s.offerVerdict(t, m, &n.Record)
		m.Offer(t.Menu())
		return nil
	}
	reply, err := s.Register.FindReply(ctx, t.Event.Facts[factReply])
	if err != nil {
		return err
	}
	s.sayReply(t, &n.Record, reply, t.Event.Files)
	return nil
}

// asked is what the customer is asked, the latest.
func asked(r *registry.Record) string {
	for i := len(r.History) - 1; i >= 0; i-- {
		if e := &r.History[i]; e.Do.Event == life.Ask {
			return e.Do.Note.Reveal()
		}
	}
	return ""
}

// paragraphs cuts a text at its empty lines and ends of lines.
func paragraphs(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
