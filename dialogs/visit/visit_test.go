package visit_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/core/privacy"
	core "okoshko/core/visit"
	offices "okoshko/core/visit/demo"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/visit"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/alone/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := visit.New(visit.Ports{Diary: b.Agenda, Desk: b.Agenda, Links: b, Invitations: b.Agenda}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"записаться в офис", "мои записи", "офисы", "1", "2", "3", "завтра", "вторник", "30-го", "14:30", "9", "25:99", "Каменноборск",
		"ближайший", "Мария Петрова", "8 999 000-11-22", "да", "нет", "меню", "назад", "отмена", "отменить визит", "english", "🙂", "\x00",
		strings.Repeat("9", 40), "передать показания", "оператор", "согласен", "отправить",
	}
	for seed := range uint64(16) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if seed%2 == 0 {
				b.Order("test:1", dialogstest.Noon, "link 0145201372")
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 250, texts) //nolint:gosec // a repeatable walk
		})
	}
}

// What is told of a visit without having been asked has its words, its figures and
// its answers, in both languages.
func TestTidings(t *testing.T) {
	t.Parallel()
	office, _ := offices.Directory().Office("01")
	service, _ := offices.Directory().Service("charges")
	start := time.Date(2026, time.December, 1, 14, 15, 0, 0, dialogstest.Zone)
	for kind, want := range map[core.Tidings][2]string{
		core.Tomorrow:    {"Напоминаем о визите: вт 1 дек, 14:15", "A reminder of your visit: Tue 1 Dec, 14:15"},
		core.Soon:        {"Сегодня ждём вас: вт 1 дек, 14:15", "We expect you today: Tue 1 Dec, 14:15"},
		core.Rescheduled: {"Было пн 30 ноя, 10:00", "It was Mon 30 Nov, 10:00"},
		core.CalledOff:   {"Визит пн 30 ноя, 10:00 не состоится", "Your visit of Mon 30 Nov, 10:00 cannot take place"},
		core.Offered:     {"Держим его для вас до 09:30", "We keep it for you until 09:30"},
	} {
		for i, lang := range []string{"ru", "en"} {
			book := dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())
			ev := visit.Tidings(core.News{
				Kind: kind, Was: start.Add(-28*time.Hour - 15*time.Minute),
				Booking: core.Booking{
					ID: 17, Conversation: "web:1", Office: "01", Service: "charges", Start: start, Code: "1017", Lang: lang,
					Until: start.Add(-4*time.Hour - 45*time.Minute),
				},
				Office: office, Service: service, Zone: dialogstest.Zone,
			})
			ev.ID, ev.At, ev.Now = "job:visit/17", dialogstest.Noon, dialogstest.Noon
			st, err := dialog.Decode(nil)
			if err != nil {
				t.Fatal(err)
			}
			if lang == "en" {
				st.Language = "en"
			}
			out, err := book.Step(t.Context(), st, 1, ev)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.ReplaceAll(out.Said[0].Plain(), "\u00a0", " ")
			if !strings.Contains(said, want[i]) || strings.ContainsAny(said, "{}‹") {
				t.Errorf("%s in %s: %s", kind, lang, said)
			}
			for _, c := range out.Said[0].Choices {
				if c.Label == "" || len(c.Token) > 64 {
					t.Errorf("%s in %s: choice %+v", kind, lang, c)
				}
			}
			if n := len(out.Said[0].Choices); n < 2 {
				t.Errorf("%s in %s: %d choices", kind, lang, n)
			}
		}
	}
}
