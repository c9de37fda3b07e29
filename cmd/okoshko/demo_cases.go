package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/bots/site/answers"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
)

// What has happened to the cases of the demo before it was started: a line an
// event, by its moment, counted back from now, who caused it, and what he said.
//
//   - back is how many working days ago, at a time of the company's zone; "0" with
//     "-2h" is two hours ago.
//   - event is one of life, or "publish-" and a step of a publication.
//   - what is name=value; names of a form's fields are its answers, "reply" is the
//     text of an answer that is written first, "via" the channel of a filing.
//   - in values "@9" is the day nine working days ago, "^1" the month before that
//     of the line, "+3 15:00" a time three working days ahead.
//
//go:embed demo_cases.tsv
var demoCasesTable string

// demoLine is a line of the table.
type demoLine struct {
	key   string // of the case
	nth   int    // within the case
	at    time.Time
	who   string
	event string
	what  map[string]string
}

// demoPast fills the register with the demo's cases.
type demoPast struct {
	db      *postgres.DB
	now     time.Time
	days    *calendar.Production
	zone    *time.Location
	books   registry.Books
	people  map[string]life.Actor
	numbers map[string]appeal.Number
	replies map[string]int // how many answers of a case were written
	site    string         // the address of the public pages
}

// addDemoCases lets the demo's cases happen, once: what has happened before, at
// whatever moment it was, is what it was. A case whose term lies beyond the
// production calendar goes as far as that.
func addDemoCases(ctx context.Context, db *postgres.DB, now time.Time, zone *time.Location, site string) error {
	books, err := db.CaseBooks(ctx)
	if err != nil {
		return err
	}
	p := demoPast{
		db: db, now: now, days: books.Machine.Counter.Days, zone: zone, books: books, people: map[string]life.Actor{
			"customer": registry.Customer, "schedule": {Roles: []staff.Role{life.System}},
		}, numbers: map[string]appeal.Number{}, replies: map[string]int{}, site: site,
	}
	accounts, err := db.ListStaff(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		p.people[a.Login] = life.By(a, books.Routes)
	}
	lines, err := p.lines(demoCasesTable)
	if err != nil {
		return fmt.Errorf("read the demo's cases: %w", err)
	}
	ended := map[string]bool{}
	for _, l := range lines {
		if ended[l.key] {
			continue
		}
		err := p.happen(ctx, l)
		if errors.Is(err, calendar.ErrUnpublished) {
			ended[l.key] = true
			continue
		}
		if err != nil {
			return fmt.Errorf("case %s of the demo, %s: %w", l.key, l.event, err)
		}
	}
	return nil
}

// lines reads the table in the order in which everything happened.
func (p *demoPast) lines(table string) ([]demoLine, error) {
	r := csv.NewReader(strings.NewReader(table))
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var lines []demoLine
	seen := map[string]int{}
	for _, row := range rows[1:] {
		l := demoLine{key: row[0], nth: seen[row[0]], who: row[3], event: row[4], what: map[string]string{}}
		seen[l.key]++
		back, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, err
		}
		if l.at, err = p.moment(-back, row[2]); err != nil {
			return nil, err
		}
		for pair := range strings.SplitSeq(row[5], "; ") {
			name, value, _ := strings.Cut(pair, "=")
			if l.what[name], err = p.value(value, l.at); err != nil {
				return nil, err
			}
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(x, y demoLine) int { return x.at.Compare(y.at) })
	return lines, nil
}

// day is a working day so many after today, or before it.
func (p *demoPast) day(n int) (calendar.Date, error) {
	step := cmp.Compare(n, 0)
	day := calendar.DateOf(p.now, p.zone)
	for n != 0 {
		day = day.Add(step)
		working, err := p.days.Working(day)
		if err != nil {
			return day, err
		}
		if working {
			n -= step
		}
	}
	return day, nil
}

// moment is a time of such a day, or a while ago.
func (p *demoPast) moment(n int, clock string) (time.Time, error) {
	if ago, err := time.ParseDuration(clock); err == nil {
		return p.now.Add(ago), nil
	}
	day, err := p.day(n)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse("15:04", clock)
	return day.At(calendar.Minutes(at.Hour()*60+at.Minute()), p.zone), err
}

// value puts days and months in the place of what counts them.
func (p *demoPast) value(s string, at time.Time) (string, error) {
	if n, err := strconv.Atoi(strings.TrimPrefix(s, "@")); err == nil && strings.HasPrefix(s, "@") {
		day, err := p.day(-n)
		return day.String(), err
	}
	if !strings.HasPrefix(s, "^") {
		return s, nil
	}
	parts := strings.Split(s, "/")
	for i, part := range parts {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "^"))
		if err != nil {
			return "", err
		}
		then := calendar.DateOf(at, p.zone)
		parts[i] = billing.Period{Year: then.Year, Month: then.Month}.Add(-n).String()
	}
	return strings.Join(parts, "/"), nil
}

// times reads times ahead.
func (p *demoPast) times(s string) (list []time.Time, err error) {
	for one := range strings.SplitSeq(s, ",") {
		days, clock, _ := strings.Cut(one, " ")
		n, err := strconv.Atoi(days)
		if err != nil {
			return nil, err
		}
		at, err := p.moment(n, clock)
		if err != nil {
			return nil, err
		}
		list = append(list, at)
	}
	return list, nil
}

// happen lets one line happen.
func (p *demoPast) happen(ctx context.Context, l demoLine) error {
	by, known := p.people[l.who]
	if !known {
		return errors.New("nobody is called " + l.who)
	}
	past := p.db.Past()
	effect := registry.Effect{ID: fmt.Sprintf("demo-case/%s/%d", l.key, l.nth), At: l.at}
	if l.event == string(life.Register) {
		filing, err := p.filing(l)
		if err != nil {
			return err
		}
		done, err := past.RegisterCase(ctx, effect, filing)
		p.numbers[l.key] = done.Number
		return err
	}
	number := p.numbers[l.key]
	if step, ok := strings.CutPrefix(l.event, "publish-"); ok {
		_, err := past.PublishCase(ctx, effect, registry.PublicationAct{Number: number, Step: life.Step(step), By: by, Excerpt: registry.Excerpt{
			Section: l.what["section"], Audience: knowledge.Audience(l.what["audience"]), Lang: "ru",
			Question: l.what["question"], Answer: l.what["answer"],
		}})
		return err
	}
	do, err := p.do(ctx, l, number, by)
	if err == nil {
		_, err = past.DoCase(ctx, effect, registry.Act{Number: number, Do: do, By: by})
	}
	return err
}

// filing is what a line registers.
func (p *demoPast) filing(l demoLine) (f registry.Filing, err error) {
	f = registry.Filing{
		Category: l.what["category"], Audience: cmp.Or(knowledge.Audience(l.what["audience"]), knowledge.Individuals), Lang: "ru",
		Channel: cmp.Or(l.what["via"], "web"), Account: billing.AccountNumber(l.what["account"]), Territory: l.what["territory"],
	}
	category, err := p.books.Forms.Category(f.Category, calendar.DateOf(l.at, p.zone))
	if err != nil {
		return f, err
	}
	f.Kind = category.Kind
	for _, item := range category.Form {
		f.Answers = f.Answers.With(item.Name, l.what[string(item.Name)])
	}
	for _, name := range []appeal.Name{appeal.Contact, appeal.AnswerWay} {
		if f.Answers.One(name) == "" {
			f.Answers = f.Answers.With(name, appeal.InChat)
		}
	}
	return f, nil
}

// do is the event of a line. Its answer is written first, if it was not before.
func (p *demoPast) do(ctx context.Context, l demoLine, n appeal.Number, by life.Actor) (do life.Do, err error) {
	w := l.what
	do = life.Do{
		Event: life.Event(l.event), Way: w["way"], Queue: w["queue"], Waive: w["waive"] != "", Addressee: w["addressee"],
		Other: p.numbers[w["other"]], Note: privacy.NewText(w["note"]),
	}
	if text := w["text"]; text != "" {
		do.Answers = appeal.Answers{}.With(appeal.Body, text)
	}
	if w["links"] != "" {
		do.Links = []string{w["links"]}
	}
	for name, to := range map[string]*int{"action": &do.Action, "rating": &do.Rating} {
		if w[name] != "" {
			if *to, err = strconv.Atoi(w[name]); err != nil {
				return do, err
			}
		}
	}
	if w["times"] != "" {
		if do.Times, err = p.times(w["times"]); err != nil {
			return do, err
		}
	}
	if w["time"] != "" {
		times, err := p.times(w["time"])
		if err != nil {
			return do, err
		}
		do.Time = times[0]
	}
	if w["reply"] == "" {
		return do, nil
	}
	written, err := p.db.Replies(ctx, n)
	if err != nil {
		return do, err
	}
	nth := p.replies[l.key]
	p.replies[l.key]++
	if nth < len(written) {
		do.Reply = written[nth].ID
		return do, nil
	}
	reply, err := p.db.Past().SaveReply(ctx, by.Staff, registry.Reply{Number: n, Text: privacy.NewText(w["reply"] + p.pointer(do.Links))}, l.at)
	do.Reply = reply.ID
	return do, err
}

// pointer is the end of a letter that points to frequent questions.
func (p *demoPast) pointer(slugs []string) (lines string) {
	for _, a := range knowledge.Published().Articles {
		if a.Lang == knowledge.Source && slices.Contains(slugs, string(a.Slug)) {
			lines += "\n\n" + a.Question + " " + answers.Address(p.site, a.Slug, words.RU)
		}
	}
	return lines
}
