package cases_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
	"okoshko/dialogs/words/wordstest"
)

func TestWords(t *testing.T) {
	t.Parallel()
	c, err := words.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Check(t, c, ".", "term.*", "why.*", "came.*", "state.*", "resolution.*", "event.*", "publication.*", "work.*", "clock.*", "refused.*", "detail.*", "frame.*", "no_day.*", "unsure", "lost.*", "money.*", "undelivered.*", "named.*")
}

var languages = []words.Lang{words.RU, words.EN}

// Every state, event, refusal and step of the business has its words.
func TestEverythingIsNamed(t *testing.T) {
	t.Parallel()
	for _, lang := range languages {
		said := map[string]string{}
		for _, s := range life.States() {
			said["state "+string(s)] = cases.State(lang, s)
		}
		for _, r := range life.Rules() {
			said["event "+string(r.Event)] = cases.Event(lang, r.Event)
			for _, g := range r.Guards {
				said["guard "+string(g)], _ = cases.Refused(lang, g.Err())
			}
		}
		for _, r := range []life.Resolution{life.ByAnswer, life.ByTypical, life.AsOffTopic, life.AsDuplicate, life.AsWithdrawn} {
			said["resolution "+string(r)] = cases.Resolution(lang, r)
		}
		for _, s := range life.PublicationSteps() {
			said["publication "+string(s)] = cases.Published(lang, s)
		}
		for _, w := range life.Works() {
			said["work "+string(w)] = cases.Work(lang, w)
		}
		for _, c := range term.Clocks() {
			said["clock "+string(c)] = cases.Clock(lang, c)
		}
		for _, u := range calendar.Units() {
			said["unit "+string(u)] = cases.Term(lang, calendar.Term{N: 3, Unit: u})
		}
		for _, s := range term.Steps() {
			d := term.Deadline{Why: []term.Reason{{Step: s, Term: calendar.Term{N: 3, Unit: calendar.WorkingDays}}}}
			said["step "+string(s)] = plain(cases.Why(lang, d))
		}
		for _, w := range route.Whys() {
			r := route.Route{Why: []route.Step{{Why: w, Origin: route.ByAddress, Function: "F1", Territory: "03", Queue: "raschet-03"}}}
			said["route "+string(w)] = plain(cases.Came(lang, r, demo.Routes(), strings.ToUpper))
		}
		for _, err := range append(appeal.Refusals(), life.ErrState, life.ErrRole, life.ErrAbout, life.ErrTaken, life.ErrKind, life.ErrClosed, life.ErrOtherKind, life.ErrOtherEnded, registry.ErrOtherCustomer, registry.ErrChannel,
			life.ErrSameEyes, term.ErrNoExtension, appeal.ErrNoCategory, appeal.ErrNumber,
			registry.ErrNoCase, &registry.MovedError{}, &registry.FlawsError{}, registry.ErrFile, registry.ErrReply, registry.ErrFinal,
			registry.ErrReason, registry.ErrExcerpt, registry.ErrWay, registry.ErrSending, registry.ErrDelivered, registry.ErrNoLetter, calendar.ErrUnpublished, registry.ErrByHand, registry.ErrTask, registry.ErrNoBooks) {
			said[err.Error()], _ = cases.Refused(lang, err)
		}
		for _, err := range edit.Refusals() {
			said[err.Key], _ = cases.Refused(lang, err)
		}
		for _, err := range []error{&life.UnfitError{Category: "В-1"}, &life.UnfitError{Category: "В-1", Function: "F1"}} {
			said[err.Error()], _ = cases.Refused(lang, err)
		}
		for _, d := range []string{
			"way", "category", "queue", "override", "waive", "person", "reply", "article", "addressee", "other_case", "day", "time", "action", "rating", "why", "yes", "unsure", "bare", "file",
		} {
			said["detail "+d] = cases.Detail(lang, d)
		}
		for _, why := range life.Losses() {
			said["loss "+string(why)] = cases.Lost(lang, life.Lost{Why: why})
		}
		for _, why := range []string{"blocked", "deactivated", "forbidden", "chat not found", "not_found", "malformed"} {
			said["undelivered "+why] = cases.Undelivered(lang, why)
		}
		said["not ours"] = cases.NotOurs(lang)
		said["turn"] = cases.TurnTo(lang, "МРСК", "https://example.org")
		for _, e := range []life.Event{life.Answer, life.Typical, life.OffTopic} {
			said["frame "+string(e)] = cases.Frame(lang, e, "ОБ-2026-000123")
			if strings.Count(said["frame "+string(e)], cases.Body) != 1 {
				t.Errorf("%s: the frame of %s has no place for the answer: %q", lang, e, said["frame "+string(e)])
			}
		}
		for what, text := range said {
			if text == "" || strings.Contains(text, "‹") {
				t.Errorf("%s: %s is called %q", lang, what, text)
			}
		}
	}
	if said, ok := cases.Refused(words.RU, os.ErrNotExist); ok {
		t.Errorf("a missing file is refused with %q", said)
	}
}

func plain(blocks []chat.Block) string {
	return strings.TrimSpace((&chat.Message{Blocks: blocks}).Plain())
}

// A promised day explains itself in both languages.
func TestWhy(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("UTC+5", 5*60*60)
	counter := term.Counter{Days: calendar.Published(), Zone: zone}
	received := time.Date(2026, 12, 18, 10, 0, 0, 0, zone)
	p, _ := demo.Terms().Policy(term.Answer, term.Subject{Kind: appeal.Complaint, Category: "Ж-6", Audience: knowledge.Individuals}, calendar.DateOf(received, zone))
	d, err := counter.Due(p, received, calendar.Term{})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[words.Lang]string{
		words.RU: "Считаем 10 календарных дней, начиная со дня после 18 декабря 2026: получается 28 декабря 2026. " +
			"По нашему стандарту срок был бы до 11 января 2027, но закон требует раньше: до 28 декабря 2026 (Закон о защите прав потребителей, ст. 22).",
		words.EN: "10 calendar days, counted from the day after 18 December 2026: 28 December 2026. " +
			"By our standard it would be 11 January 2027, but the law wants it sooner: 28 December 2026 (Consumer Protection Act, art. 22).",
	} {
		if diff := cmp.Diff(want, flat(cases.Why(lang, d))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	r := demo.Routes().Find(route.Ask{Function: "F1", Territory: "05", Origin: route.ByAccount, Day: calendar.DateOf(received, zone), Present: map[string][]int64{"raschet-01": {3}}})
	got := flat(cases.Came(words.RU, r, demo.Routes(), func(code string) string { return "Восточная" }))
	want := "Территория: Восточная, по номеру лицевого счёта. Направление «Расчёты с населением», Восточная: очередь «Расчёты, Северная». " +
		"«Расчёты, Северная»: сейчас никого нет. Замещает «Расчёты, Центральная»."
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A term that passes over a holiday of the region says so.
func TestWhyInTheRegion(t *testing.T) {
	t.Parallel()
	years, err := calendar.ReadYears("year 2026 Акт\nmove 03.01=09.01 04.01=31.12\ntotal 247 1972\nregional 06 25.11 День села / Village Day\n")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("UTC+5", 5*60*60)
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, zone)
	counter := term.Counter{Days: calendar.NewProduction(years...).In("06"), Zone: zone}
	d, err := counter.Due(term.Policy{Company: calendar.Term{N: 1, Unit: calendar.WorkingDays}}, at, calendar.Term{})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[words.Lang]string{
		words.RU: "Считаем 1 рабочий день, начиная со дня после 24 ноября 2026: получается 26 ноября 2026. " +
			"25 ноября 2026 — праздник в регионе (День села), это нерабочий день.",
		words.EN: "1 working day, counted from the day after 24 November 2026: 26 November 2026. " +
			"25 November 2026 is a holiday of the region (Village Day) and not a working day.",
	} {
		if diff := cmp.Diff(want, flat(cases.Why(lang, d))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// flat is the text of blocks without their marks of lists.
func flat(blocks []chat.Block) string {
	return strings.Join(strings.Fields(strings.NewReplacer("•", " ", "—", "—", "\n-", " ", "\n", " ").Replace(" "+fmt.Sprint(plain(blocks)))), " ")
}
