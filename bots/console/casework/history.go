package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// step is a line of the history.
type step struct {
	At          time.Time  `json:"at"`
	By          *person    `json:"by"`
	Role        staff.Role `json:"role"`
	Event       life.Event `json:"event"`
	Publication life.Step  `json:"publication"`
	From        life.State `json:"from"`
	To          life.State `json:"to"`
	Note        string     `json:"note"`
	Details     []detail   `json:"details"`
	// Replaced: times that were proposed or agreed, and others since in their place.
	Replaced bool `json:"replaced,omitempty"`
	// Refund: money went back, or is to, in place of an event.
	Refund bool `json:"refund,omitempty"`
}

// detail is something that belongs to an event, such as where it was routed to.
type detail struct {
	Name  text `json:"name"`
	Value text `json:"value"`
}

// history is what has happened, the newest first.
func (w *Casework) history(ctx context.Context, r *registry.Record, books *registry.Books, people map[int64]string, places map[string]text) ([]step, error) {
	others, err := w.organisations(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]step, 0, len(r.History))
	for i := range slices.Backward(r.History) {
		e := &r.History[i]
		if r.Reworded(i) {
			continue
		}
		s := step{
			At: e.At, By: someone(e.Staff, people), Role: e.Role, Event: e.Do.Event, Publication: e.Publication,
			From: e.From, To: e.To, Note: e.Do.Note.Reveal(), Replaced: r.Replaced(i),
		}
		s.Details = w.details(&e.Do, r, books, people)
		if code := e.Do.Addressee; code != "" {
			s.Details = append(s.Details, detail{inEvery("addressee"), nameOf(others, code)})
		}
		if code := e.Do.Territory; code != "" {
			s.Details = append(s.Details, detail{inEvery("territory"), places[code].or(code)})
		}
		list = append(list, s)
	}
	return list, nil
}

// nameOf is what an organisation is called; one that is listed no more keeps its code.
func nameOf(list []organisation, code string) text {
	if i := slices.IndexFunc(list, func(o organisation) bool { return o.Code == code }); i >= 0 {
		return list[i].Name
	}
	return words.Plain(code)
}

// inEvery is a word of details in every language.
func inEvery(key string) text {
	return words.InEach(func(lang words.Lang) string { return cases.Detail(lang, key) })
}

// details say what belongs to an event.
func (w *Casework) details(do *life.Do, r *registry.Record, books *registry.Books, people map[int64]string) []detail {
	list := []detail{}
	add := func(key string, value text) { list = append(list, detail{inEvery(key), value}) }
	yes := inEvery("yes")
	if do.Way != "" {
		add("way", wayName(books, do))
	}
	if do.Why != "" {
		add("why", words.InEach(func(lang words.Lang) string { return cases.Undelivered(lang, do.Why) }))
	}
	if do.Category != "" {
		name := text{}
		if c, err := books.Forms.Category(do.Category, w.day(r.Registered)); err == nil {
			name = c.Names
		}
		add("category", name.or(do.Category))
	}
	if do.Queue != "" {
		q, _ := books.Routes.Queue(do.Queue)
		add("queue", text(q.Names).or(do.Queue))
	}
	if do.Override {
		add("override", yes)
	}
	if do.Waive {
		add("waive", yes)
	}
	if do.Unmanned {
		add("unmanned", yes)
	}
	if do.Person != 0 {
		add("person", words.Plain(people[do.Person]))
	}
	for _, id := range do.Named {
		add("named", words.Plain(people[id]))
	}
	for _, slug := range do.Links {
		add("article", w.title(slug))
	}
	for _, one := range [][2]string{{"reply", do.Reply}, {"other_case", do.Other.String()}} {
		if one[1] != "" {
			add(one[0], words.Plain(one[1]))
		}
	}
	if !do.Day.IsZero() {
		add("day", words.InEach(func(lang words.Lang) string { return words.Show(lang, do.Day.At(0, time.UTC)) }))
	}
	if !do.Time.IsZero() {
		add("time", w.moments(do.Time))
	}
	if len(do.Times) > 0 {
		add("times", w.moments(do.Times...))
	}
	if i := slices.IndexFunc(r.Actions, func(a life.Action) bool { return a.ID == do.Action }); i >= 0 {
		add("action", words.Plain(r.Actions[i].What.Reveal()))
	}
	for _, f := range do.Lost {
		add("file", words.InEach(func(lang words.Lang) string { return cases.Lost(lang, f) }))
	}
	if do.Rating != 0 {
		add("rating", words.Plain(strconv.Itoa(do.Rating)))
	}
	return append(list, w.said(do, r, books)...)
}

// moments are times in one line, by the company's clocks.
func (w *Casework) moments(times ...time.Time) text {
	return words.InEach(func(lang words.Lang) string {
		list := make([]string, len(times))
		for i, at := range times {
			list[i] = words.Show(lang, words.Moment(at.In(w.Zone)))
		}
		return strings.Join(list, "; ")
	})
}

// title is the question that an article answers; one that nobody can read any more
// keeps its name in the address.
func (w *Casework) title(slug string) text {
	return words.InEach(func(lang words.Lang) string {
		if a, found := w.Library.Article(knowledge.Slug(slug), lang); found {
			return a.Title
		}
		return slug
	})
}

// said are the answers that came with an event; secret ones stay hidden.
func (w *Casework) said(do *life.Do, r *registry.Record, books *registry.Books) []detail {
	list := []detail{}
	names := make([]appeal.Name, 0, len(do.Answers))
	for name := range do.Answers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, ok := books.Forms.Field(name)
		if !ok || f.Secret || f.Type == appeal.Files {
			continue
		}
		for _, value := range do.Answers.All(name) {
			list = append(list, detail{f.Labels, w.say(f, value)})
		}
	}
	return list
}

// wayName is what customers call the way to them that an event has gone.
func wayName(books *registry.Books, do *life.Do) text {
	if do.Event == life.Resend || do.Event == life.Posted || do.Event == life.Undelivered && do.Reply != "" {
		return answerWayName(books, do.Way)
	}
	return contactName(books, do.Way)
}

// contactName is what customers call a channel.
func contactName(books *registry.Books, code string) text {
	if f, ok := books.Forms.Field(appeal.Contact); ok {
		if o, ok := f.Option(code); ok {
			return o.Names
		}
	}
	return words.Plain(code)
}

// or returns the text, or a code where there is none.
func (t text) or(code string) text {
	if len(t) == 0 {
		return words.Plain(code)
	}
	return t
}
