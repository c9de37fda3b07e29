package main

import (
	"context"
	"net/url"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/letters"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// caseLetters writes about cases: to roles and queues whose they become, to customers who want
// to be written to or called, and the answers themselves. It implements the hands
// of postgres.Work; the number of a case's event is that of its letter, however
// often it is sent.
type caseLetters struct {
	post    *post
	tables  registry.Tables
	workers *workers
	papers  *casePapers
	places  func() *knowledge.Directory // nil before the first content
	zone    *time.Location
	console string // where staff open a case by its number
}

// newCaseLetters puts the letters about cases on the stores and the post.
func (s *server) newCaseLetters(p *post, papers *casePapers) (*caseLetters, error) {
	zone, err := s.config.Company.Location()
	if err != nil {
		return nil, err
	}
	db := s.stores.db
	return &caseLetters{
		post: p, tables: db, workers: s.workers, zone: zone, console: strings.TrimSuffix(s.config.HTTP.PublicURL, "/") + "/console/#cases/",
		papers: papers,
		places: func() *knowledge.Directory {
			if f := s.librarian.facts.Load(); f != nil {
				return f.Directory
			}
			return nil
		},
	}, nil
}

// mail writes to a role that a case has become its own (R-5.2.7-a, R-5.2.8-a) or holds
// money that has to go back, or to a queue that one lies in it (R-5.2.7-d, R-5.2.8-d).
func (l *caseLetters) mail(ctx context.Context, m registry.Mail) error {
	kind, due := "case_new", m.Promise
	switch m.What {
	case life.ToWork:
		kind = "case_passed"
		if !m.Day.Last.IsZero() {
			due = m.Day
		}
	case life.ToRefund:
		kind = "case_refund"
	}
	return l.toDesk(ctx, m.ID(), kind, &m.Line, m.Role, m.Queue, map[string]string{
		"due": date(words.RU, due.Last), "promise": date(words.RU, m.Promise.Last),
	})
}

// alert writes to a queue or a role that a term runs out, or has. A member of staff
// has no mailbox of his own here: while he is at work, the task in his console is his
// notice of a term that only runs out; whatever he may miss, and every breach, his
// colleagues' mailbox hears of as well.
func (l *caseLetters) alert(ctx context.Context, w registry.Warning) error {
	if w.Staff != 0 && !w.Mark.Breach() {
		here, err := l.workers.Present(ctx)
		if err != nil || here[w.Staff] {
			return err
		}
	}
	return l.toDesk(ctx, w.ID(), "case_due", &w.Line, w.Role, w.Queue, map[string]string{
		"stage": stageOf(w.Mark), "clock": cases.Clock(words.RU, w.Clock), "due": date(words.RU, lastDay(w.Deadline, l.zone)),
	})
}

// lastDay is the day before a moment that is too late.
func lastDay(late time.Time, zone *time.Location) calendar.Date {
	return calendar.DateOf(late.Add(-time.Nanosecond), zone)
}

// nearlyOver is from what share of a term on it is said to end soon.
const nearlyOver = 75

// stageOf names how late it is.
func stageOf(m term.Mark) string {
	switch {
	case m.Later > 0:
		return "late"
	case m.Share == 100:
		return "breach"
	case m.Share >= nearlyOver:
		return "soon"
	}
	return "running"
}

// toDesk writes to the mailbox of a role or a queue. It tells nothing of the
// customer (spec §3.6). One without a mailbox is refused for good.
func (l *caseLetters) toDesk(ctx context.Context, id, kind string, c *registry.Line, role staff.Role, queue string, facts map[string]string) error {
	books, err := l.tables.CaseBooks(ctx)
	if err != nil {
		return err
	}
	desk, found := books.Routes.Queue(queue)
	if !found {
		desk = books.Routes.Desk(role)
	}
	email, err := privacy.ParseEmail(desk.Email)
	if err != nil {
		return fault.New(fault.Invalid, "the queue "+desk.Code+" has no mailbox")
	}
	facts["number"], facts["link"] = c.Number.String(), l.console+url.PathEscape(c.Number.String())
	facts["category"] = categoryName(books, words.RU, c.Category, c.Registered, l.zone)
	facts["territory"] = l.territory(words.RU, c.Territory)
	return l.post.send(ctx, id, notice.Notice{Kind: notice.Kind(kind), Email: email, Lang: string(words.RU), Facts: facts})
}

func (l *caseLetters) territory(lang words.Lang, code string) string {
	if d := l.places(); d != nil {
		if t, ok := d.Territory(code); ok {
			return t.Names[string(lang)]
		}
	}
	if code == "" {
		return "–"
	}
	return code
}

// categoryName is how a category was called when the case was registered.
func categoryName(b registry.Books, lang words.Lang, code string, at time.Time, zone *time.Location) string {
	c, err := b.Forms.Category(code, calendar.DateOf(at, zone))
	if err != nil {
		return code
	}
	return c.Names[string(lang)]
}

// date shows a day.
func date(lang words.Lang, d calendar.Date) string { return words.Show(lang, d.At(0, time.UTC)) }

// kinds are the notices of events that a customer hears of.
var kinds = map[life.Event]notice.Kind{
	life.Register: "case_register", life.Ask: "case_ask", life.Notify: "case_notify", life.Extend: "case_extend",
	life.Propose: "case_propose", life.Confirm: "case_agree", life.Agree: "case_agree", life.Lapse: "case_lapse", life.Duplicate: "case_duplicate",
	life.Withdraw: "case_withdraw", life.Reopen: "case_reopen", life.Posted: "case_posted",
	life.Answer: "case_answer", life.Typical: "case_answer", life.OffTopic: "case_answer",
}

// news tells a customer of his case by a letter or a text message. What he wants to
// hear in his chat, and an answer that he gets as a letter anyhow, is none of it:
// then ok is false.
func (l *caseLetters) news(ctx context.Context, n registry.News) (ok bool, err error) {
	kind, told := kinds[n.Event]
	wanted, way := n.Way(), n.Answers.One(appeal.AnswerWay)
	switch {
	case !told || wanted != appeal.ByEmail && wanted != appeal.ByPhone:
		return false, nil
	case kind != "case_answer":
	case n.Again > 0 || way != appeal.ByEmail && way != appeal.ByPost:
		return false, nil // the answer itself goes into his chat
	case way == appeal.ByEmail:
		return true, nil // answer sends it
	default:
		kind = "case_ready" // that it has gone is told when somebody has posted it
	}
	note := notice.Notice{Kind: kind, Lang: n.Lang}
	if note.Email, note.Phone, err = mailboxOf(&n.Record, wanted); err != nil {
		return true, err
	}
	if note.Facts, err = l.facts(ctx, &n.Record, &n.Entry); err != nil {
		return true, err
	}
	return true, l.post.send(ctx, n.ID(), note)
}

// answer brings an answer to the customer by mail, with the letter on paper
// enclosed; one that goes by post is left to a person, who finds the paper ready.
func (l *caseLetters) answer(ctx context.Context, d registry.Dispatch) error {
	paper, err := l.papers.of(ctx, &d.Record, d.Reply)
	if err != nil {
		return err
	}
	if d.Delivery.Way == appeal.ByPost {
		return registry.ErrByHand
	}
	kind := notice.Kind("case_answer")
	if d.State.Open() {
		kind = "case_former" // it was opened again meanwhile
	}
	note := notice.Notice{Kind: kind, Lang: d.Lang, Files: []notice.File{{ID: paper.ID, Name: paper.Name}}}
	if note.Email, _, err = mailboxOf(&d.Record, appeal.ByEmail); err != nil {
		return err
	}
	if note.Facts, err = l.facts(ctx, &d.Record, &life.Entry{}); err != nil {
		return err
	}
	enclosed, err := l.papers.enclosed(ctx, d.Reply)
	if err != nil {
		return err
	}
	for _, f := range enclosed {
		note.Files = append(note.Files, notice.File{ID: f.ID, Name: f.Name})
	}
	return l.post.send(ctx, "case-answer/"+d.Delivery.ID(), note)
}

// mailboxOf returns where a customer wants to be written to or called.
func mailboxOf(r *registry.Record, wanted string) (email privacy.Email, phone privacy.Phone, err error) {
	if wanted == appeal.ByPhone {
		phone, err = privacy.ParsePhone(r.Answers.One(appeal.Phone))
	} else {
		email, err = privacy.ParseEmail(r.Answers.One(appeal.Email))
	}
	if err != nil { // it was read by the form
		return email, phone, fault.New(fault.Invalid, "a case has no "+wanted)
	}
	return email, phone, nil
}

// facts are what letters to a customer say of his case.
func (l *caseLetters) facts(ctx context.Context, r *registry.Record, e *life.Entry) (map[string]string, error) {
	books, err := l.tables.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	lang := words.ParseLang(r.Lang)
	facts := map[string]string{
		"number": r.Number.String(), "other": e.Do.Other.String(), "note": e.Do.Note.Reveal(),
		"category": categoryName(books, lang, r.Category, r.Registered, l.zone),
		"on":       date(lang, calendar.DateOf(e.At, l.zone)),
		"due":      date(lang, r.Clocks[term.Answer].Last), "day": date(lang, e.Do.Day),
		"time":  words.Show(lang, words.Moment(r.Agreed.In(l.zone))),
		"until": date(lang, calendar.DateOf(r.Answered, l.zone).Add(life.ReopenDays)),
	}
	times := make([]string, 0, len(e.Do.Times))
	for _, t := range e.Do.Times {
		times = append(times, words.Show(lang, words.Moment(t.In(l.zone))))
	}
	facts["times"] = timesOf(lang, times)
	switch e.Do.Event { // whose note is why
	case life.Propose:
		facts["times"] = because(lang, facts["times"], facts["note"])
	case life.Agree:
		facts["time"] = because(lang, facts["time"], facts["note"])
	}
	return facts, nil
}

// because adds why a time is what it is, if that was said.
func because(lang words.Lang, at, note string) string {
	if note == "" {
		return at
	}
	return letters.Words.Line(lang, "because", words.A("time", at), words.A("note", note))
}

// timesOf lists times to choose from.
func timesOf(lang words.Lang, list []string) string {
	return strings.Join(list, " "+letters.Words.Line(lang, "or")+" ")
}
