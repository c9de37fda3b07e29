package casework

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

// shelf knows one organisation, one article and one service.
type shelf struct{ Library }

func (shelf) Organisations(context.Context) ([]knowledge.Link, error) {
	return []knowledge.Link{{Kind: "grid", Names: text{"ru": "Сетевая компания", "en": "Grid company"}}}, nil
}

func (shelf) Article(slug knowledge.Slug, lang words.Lang) (Article, bool) {
	return Article{Slug: slug, Title: text{"ru": "Как передать показания?", "en": "How do I send readings?"}[string(lang)]}, true
}

func (shelf) Service(string, calendar.Date) (map[string]string, bool) {
	return text{"ru": "Замена счётчика", "en": "A new meter"}, true
}

// everything is what an event can hold, each field filled.
func everything(at time.Time) life.Do {
	return life.Do{
		Note: privacy.NewText("потому что"), Category: "Ж-1", Territory: "01",
		Answers: appeal.Answers{}.With("certificate", "account").With("happened", "2026-11-20").With("months", "2026-10"),
		Queue:   "raschet-01", Override: true, Waive: true, Unmanned: true, Person: 3, Reply: "ОБ-2026-000001/1", Again: true, Links: []string{"how-to-send"}, Addressee: "grid",
		Other: appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 2}, Day: calendar.Date{Year: 2026, Month: 11, Day: 30},
		Times: []time.Time{at}, Time: at, Action: 1, Rating: 5, Term: calendar.Term{N: 3, Unit: calendar.WorkingDays},
		Named: []int64{3}, Line: 1, Why: "blocked", Lost: []life.Lost{{Name: privacy.NewText("квитанция"), Why: life.TooBig}},
	}
}

// A history shows no code, whatever has happened and whatever belongs to it: each
// event, with each field of what an event can hold, by each way.
func TestHistoryShowsNoCodes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	books := &registry.Books{Forms: demo.Book(), Routes: demo.Routes()}
	w := New(Config{Library: shelf{}, Zone: time.UTC, Now: func() time.Time { return at }})
	full := everything(at)
	for i := range reflect.TypeFor[life.Do]().NumField() {
		f := reflect.TypeFor[life.Do]().Field(i)
		if f.Name != "Event" && f.Name != "Way" && reflect.ValueOf(full).Field(i).IsZero() {
			t.Errorf("the test says nothing of %s", f.Name)
		}
	}
	var history []life.Entry
	for _, r := range life.Rules() {
		name := appeal.Contact
		if r.Event == life.Resend || r.Event == life.Posted || r.Event == life.Undelivered {
			name = appeal.AnswerWay
		}
		field, _ := books.Forms.Field(name)
		for _, way := range field.Choices {
			do := full
			do.Event, do.Way = r.Event, way.Code
			history = append(history, life.Entry{At: at, Staff: 3, To: life.Routed, Do: do})
		}
	}
	r := &registry.Record{Case: life.Case{Registered: at, History: history, Actions: []life.Action{{ID: 1, What: privacy.NewText("перерасчёт")}}}}
	steps, err := w.history(t.Context(), r, books, map[int64]string{3: "Анна"}, map[string]text{"01": {"ru": "Центральная", "en": "Central"}})
	if err != nil || len(steps) != len(history) {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	latin := regexp.MustCompile(`[A-Za-z_]{2,}`)
	for _, s := range steps {
		if len(s.Details) < 17 {
			t.Errorf("%s has %d details: %v", s.Event, len(s.Details), s.Details)
		}
		for _, d := range s.Details {
			if d.Value["ru"] == "" || d.Value["en"] == "" || d.Name["en"] == "" || latin.MatchString(d.Name["ru"]+d.Value["ru"]) {
				t.Errorf("%s: %v: %v", s.Event, d.Name, d.Value)
			}
		}
	}
}

// A rating with a word is one line, the one that has the word.
func TestHistoryTellsARatingOnce(t *testing.T) {
	t.Parallel()
	w := New(Config{Library: shelf{}, Zone: time.UTC})
	rate := life.Do{Event: life.Rate, Rating: 2}
	worded := rate
	worded.Note = privacy.NewText("Не ответили")
	r := &registry.Record{Case: life.Case{History: []life.Entry{{Do: rate}, {Do: worded}}}}
	steps, err := w.history(t.Context(), r, &registry.Books{Forms: demo.Book(), Routes: demo.Routes()}, nil, nil)
	if err != nil || len(steps) != 1 || steps[0].Note != "Не ответили" {
		t.Errorf("%+v, %v", steps, err)
	}
}

// Each proposal is one line with its times; one that gave way to others says so, and one
// that did not suit, or went by, has the line of that after it (R-5.2.7-e).
func TestHistoryTellsTimesApart(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	w := New(Config{Library: shelf{}, Zone: time.UTC, Now: func() time.Time { return at }})
	times := []time.Time{at, at.Add(2 * time.Hour)}
	r := &registry.Record{}
	for _, do := range []life.Do{
		{Event: life.Propose, Times: times},
		{Event: life.Write},
		{Event: life.Propose, Times: times},
		{Event: life.Decline},
		{Event: life.Propose, Times: times},
		{Event: life.Confirm, Time: at},
		{Event: life.Agree, Time: times[1]},
		{Event: life.Agree, Time: at},
		{Event: life.Prepare},
	} {
		r.History = append(r.History, life.Entry{At: at, Do: do})
	}
	steps, err := w.history(t.Context(), r, &registry.Books{Forms: demo.Book(), Routes: demo.Routes()}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, s := range slices.Backward(steps) {
		said += "\n" + string(s.Event)
		for _, d := range s.Details {
			said += ", " + d.Name["ru"] + ": " + d.Value["ru"]
		}
		if s.Replaced {
			said += " (заменено)"
		}
	}
	const both, first, second = ", Варианты времени: 28 ноября 2026, 09:00; 28 ноября 2026, 11:00", ", Время: 28 ноября 2026, 09:00", ", Время: 28 ноября 2026, 11:00"
	want := "\npropose" + both + " (заменено)\nwrite\npropose" + both + "\ndecline\npropose" + both +
		"\nconfirm" + first + " (заменено)\nagree" + second + " (заменено)\nagree" + first + "\nprepare"
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
}
