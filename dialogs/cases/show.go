package cases

import (
	"context"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
	"okoshko/dialogs/words/times"
)

const (
	// page is how many cases are listed at once: each has a button. dialog.Turn.List
	// cannot cut this list: the register hands out a page after a case, and nobody
	// reads the rest to count it.
	page = 6
)

// list shows what the customer has with the company: his cases, a page of them,
// and what the other scenarios know of.
func (s *scenario) list(ctx context.Context, t *dialog.Turn) error {
	return s.showList(ctx, t, t.Resume())
}

// showList offers resume, the way back to what is open, if there is any.
func (s *scenario) showList(ctx context.Context, t *dialog.Turn, resume chat.Choice) error {
	if !t.May(privacy.Case) {
		return t.Begin(ctx, "") // which says so
	}
	found, err := s.Register.CustomerCases(ctx, t.Event.Conversation, t.Argument(), page)
	if err != nil {
		return err
	}
	books, err := s.Register.CaseBooks(ctx)
	if err != nil && len(found.Lines) > 0 {
		return err
	}
	m := t.Say("mine.lead").InPlace()
	for i := range found.Lines {
		l := &found.Lines[i]
		m.Append(t.Blocks("mine.case", words.A("number", l.Number.String()), words.A("about", about(t, books, l.Category, l.Registered, s.zone)),
			words.A("state", t.Line(stateKey(l.State, l.Resolution, l.Answered))), words.A("until", s.until(t, l)))...)
	}
	none := len(found.Lines) == 0
	if none {
		m.Append(t.Blocks("mine.none")...)
	}
	for i := range found.Lines {
		open := t.Command("cases.see", found.Lines[i].Number.Code())
		open.Label = found.Lines[i].Number.String()
		m.Offer(open)
	}
	if found.Next != "" {
		m.Offer(more(t, found.Next))
	}
	if err := t.Mine(ctx, m); err != nil {
		return err
	}
	m.Offer(resume, t.Command("cases."+toFind, ""))
	if none {
		m.Offer(t.Scenario("account"))
	}
	m.Offer(t.Scenario("appeal"), t.Menu())
	return nil
}

// more leads to the next page.
func more(t *dialog.Turn, after string) chat.Choice {
	c := t.Command("cases.mine", after)
	c.Label = t.Line("mine.more")
	return c
}

// until says of a case in the list by when it is answered, or that the customer is to
// answer; "" if it was answered.
func (s *scenario) until(t *dialog.Turn, l *registry.Line) string {
	switch {
	case !l.State.Open():
		return ""
	case l.State == life.NeedInfo:
		return t.Line("mine.need_info")
	}
	last := calendar.DateOf(l.Due.Add(-time.Nanosecond), s.zone)
	key := "mine.until"
	if l.Kind == appeal.Review {
		key = "mine.review"
	}
	if l.Late(t.Event.Now) {
		key = "mine.late"
	}
	return t.Line(key, words.A("day", words.DayMonth(last.At(0, s.zone))))
}

// about names the category of a case, by the tables of the day on which it was
// registered.
func about(t *dialog.Turn, b registry.Books, category string, registered time.Time, zone *time.Location) string {
	if b.Forms != nil {
		if c, err := b.Forms.Category(category, calendar.DateOf(registered, zone)); err == nil {
			return c.Names[string(t.Language())]
		}
	}
	return category
}

// facts are the arguments that tell of a case.
func (s *scenario) facts(t *dialog.Turn, r *registry.Record) []words.Arg {
	return append(said.Named(t.Language(), r.Number), words.A("until", words.DayMonth(r.Clocks[term.Answer].Last.At(0, s.zone))))
}

// showCase shows the customer's case whole, with what he can do.
func (s *scenario) showCase(ctx context.Context, t *dialog.Turn) error {
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, number.Of(t.Answers))
	if err != nil {
		return err
	}
	if !found {
		gone(t)
		return nil
	}
	books, err := s.Register.CaseBooks(ctx)
	if err != nil {
		return err
	}
	m := t.Say("card", append(s.facts(t, &r), words.A("about", about(t, books, r.Category, r.Registered, s.zone)),
		words.A("state", t.Line(stateKey(r.State, r.Resolution, r.Answered))), words.A("next", t.Line(s.nextKey(t, &r), s.nextArgs(t, &r)...)))...)
	due := r.Clocks[term.Answer]
	if (r.State == life.Scheduling || r.State == life.Scheduled) && due.Late(t.Event.Now) {
		m.Append(t.Blocks("next.overdue", s.facts(t, &r)...)...)
	}
	s.addText(t, m, &r)
	m.Append(s.timeline(t, &r)...).Holding(privacy.Case)
	if s.lacksSecrets(books, &r) {
		m.Append(t.Blocks("form.ahead")...).Offer(t.Command("cases."+toForm, r.Number.Code()))
	}
	if err := s.addPayment(ctx, t, m, &r); err != nil {
		return err
	}
	s.offer(t, m, &r)
	m.Offer(t.Command("cases.mine", ""), t.Menu())
	return nil
}

// lacksSecrets reports whether something is missing that only the secure form may
// ask for.
func (s *scenario) lacksSecrets(b registry.Books, r *registry.Record) bool {
	c, err := b.Forms.Category(r.Category, calendar.DateOf(r.Registered, s.zone))
	return err == nil && r.State.Open() && len(registry.Ask(c, r.Audience, r)) > 0
}

func stateKey(state life.State, as life.Resolution, answered time.Time) string {
	if state == life.Closed && as != "" && answered.IsZero() {
		return "state.closed_as." + string(as)
	}
	return "state." + string(state)
}

// nextKey says what comes next, and whose turn it is.
func (s *scenario) nextKey(t *dialog.Turn, r *registry.Record) string {
	due := r.Clocks[term.Answer]
	switch {
	case r.State == life.Closed && r.Resolution == life.AsDuplicate:
		if s.reopens(t, r) {
			return "next.duplicate"
		}
		return "next.duplicate_over"
	case r.State == life.Answered || r.State == life.Closed && !r.Answered.IsZero():
		if s.reopens(t, r) {
			return "next.answered"
		}
		return "next.closed"
	case r.State == life.Closed:
		return "next.closed"
	case r.State == life.NeedInfo && due.Late(t.Event.Now):
		return "next.need_info_late"
	case r.State == life.NeedInfo, r.State == life.Scheduling, r.State == life.Scheduled:
		return "next." + string(r.State)
	case due.Late(t.Event.Now):
		return "next.late"
	case r.Kind == appeal.Review:
		return "next.review"
	default:
		return "next.open"
	}
}

func (s *scenario) nextArgs(t *dialog.Turn, r *registry.Record) []words.Arg {
	return append(append(t.Contacts(), s.facts(t, r)...), words.A("at", s.when(t, r.Agreed)), words.A("other", r.Other.String()),
		words.A("reopen", words.DayMonth(s.lastDay(r).At(0, s.zone))))
}

// lastDay is the last on which a case that has ended can be opened again.
func (s *scenario) lastDay(r *registry.Record) calendar.Date {
	return calendar.DateOf(r.Left(), s.zone).Add(life.ReopenDays)
}

func (s *scenario) reopens(t *dialog.Turn, r *registry.Record) bool {
	return !r.Left().IsZero() && !s.lastDay(r).Before(calendar.DateOf(t.Event.Now, s.zone))
}

// when says a moment: «вт 1 дек, 14:15».
func (s *scenario) when(t *dialog.Turn, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return times.Moment(t.Language(), at.In(s.zone))
}

// acts are the buttons of what a customer may do, in their order. Who is asked
// something answers, which is better than to add.
var acts = []struct {
	event   life.Event
	command string
}{
	{life.Clarify, toAnswer}, {life.Rate, toRate}, {life.Reopen, toReopen}, {life.Write, toWrite}, {life.Withdraw, toWithdraw},
}

// offer adds what the customer may do with the case.
func (s *scenario) offer(t *dialog.Turn, m dialog.Said, r *registry.Record) {
	possible := life.Possible(&r.Case, registry.Customer)
	n := r.Number.Code()
	if slices.Contains(possible, life.Confirm) {
		s.offerTimes(t, m, r.Number, r.Proposed)
	}
	if slices.Contains(possible, life.Decline) {
		m.Offer(t.Command("cases."+toDecline, n))
	}
	if given(r) != "" {
		m.Offer(t.Command("cases."+toRead, n))
	}
	for _, a := range acts {
		switch {
		case !slices.Contains(possible, a.event),
			a.event == life.Write && slices.Contains(possible, life.Clarify),
			a.event == life.Rate && (r.Answered.IsZero() || judged(r)),
			a.event == life.Reopen && !s.reopens(t, r):
		default:
			m.Offer(t.Command("cases."+a.command, n))
		}
	}
	if r.State.Open() {
		m.Offer(t.Command("cases.why", n))
	}
}

// offerTimes offers the proposed times that are still ahead.
func (s *scenario) offerTimes(t *dialog.Turn, m dialog.Said, n appeal.Number, proposed []time.Time) {
	for _, at := range proposed {
		if at.After(t.Event.Now) {
			c := t.Command("cases."+toConfirm, n.Code()+"_"+timeID(at))
			c.Label = s.when(t, at)
			m.Offer(c)
		}
	}
}

// why says how the day of the answer was found.
func (s *scenario) why(ctx context.Context, t *dialog.Turn) error {
	n, ok := findNumber(t.Argument())
	if !ok || !t.May(privacy.Case) {
		return t.Begin(ctx, "")
	}
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, n)
	if err != nil {
		return err
	}
	if !found {
		gone(t)
		return nil
	}
	m := t.Say("why.lead", s.facts(t, &r)...)
	due := r.Clocks[term.Answer]
	m.Append(said.Why(t.Language(), due.Deadline)...)
	if !due.Late(t.Event.Now) {
		m.Append(t.Blocks("why.end")...)
	}
	m.Offer(t.Resume(), t.Command("cases."+toSee, n.Code()), t.Menu())
	return nil
}

// showReply shows the answer again.
func (s *scenario) showReply(ctx context.Context, t *dialog.Turn, letters []chat.File) error {
	r, found, err := s.Register.CustomerCase(ctx, t.Event.Conversation, number.Of(t.Answers))
	if err != nil {
		return err
	}
	if !found || given(&r) == "" {
		return s.showCase(ctx, t)
	}
	reply, err := s.Register.FindReply(ctx, given(&r))
	if err != nil {
		return err
	}
	s.sayReply(t, &r, reply, letters)
	return nil
}

// sayReply says the answer as far as the channel may carry it (spec §3.6): where
// it tells of a person what a messenger may not show, the letter alone, by a link
// that works once.
func (s *scenario) sayReply(t *dialog.Turn, r *registry.Record, reply registry.Reply, letters []chat.File) {
	m := t.Say("reply.lead", s.facts(t, r)...)
	if text := reply.Text.Reveal(); s.bare(t, text) != text {
		m.Append(t.Blocks("reply.personal")...)
		if len(letters) == 0 {
			m.Append(t.Blocks("reply.site")...).Offer(t.Command("carry.site", "cases"))
		}
	} else {
		for _, para := range paragraphs(text) {
			m.Append(chat.Linked(para))
		}
	}
	if r.State.Open() { // it was opened again: this is what he disputes, or never got
		m.Append(t.Blocks("reply.former", s.facts(t, r)...)...)
	}
	m.Holding(privacy.Case).Attach(letters...)
	if t.May(privacy.Case) {
		s.offerVerdict(t, m, r)
	}
	m.Offer(t.Menu())
}

// offerVerdict offers to rate an answer and to disagree with it.
func (s *scenario) offerVerdict(t *dialog.Turn, m dialog.Said, r *registry.Record) {
	n := r.Number.Code()
	if !judged(r) && !r.Answered.IsZero() {
		m.Offer(t.Command("cases."+toRate, n))
	}
	if s.reopens(t, r) {
		m.Offer(t.Command("cases."+toReopen, n))
	}
	m.Offer(t.Command("cases."+toSee, n))
}

// judged reports whether the latest answer was rated.
func judged(r *registry.Record) bool {
	for _, e := range slices.Backward(r.History) {
		switch e.Do.Event {
		case life.Rate:
			return true
		case life.Answer, life.Typical, life.OffTopic:
			return false
		}
	}
	return false
}
