package account_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/account"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/bureau/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := account.New(account.Ports{Linkers: b, Records: b, Desk: b}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

var said = []string{
	"лицевой счёт", "0145201372", "0203118468", "ЭС-0123/26", "0000120139", "5093", "4321,09", "0001", "123456", "меню", "назад",
	"отмена", "да", "нет", "согласен", "не согласен", "1", "2", "3", "мои счета", "english", "Моя <b>квартира</b>", "🙂",
	strings.Repeat("д", 60), "показания", "оператор", "абракадабра", "\x00", strings.Repeat("9", 40),
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if seed%2 == 0 {
				b.Order("test:1", dialogstest.Noon, "fill")
			}
			ports := b.Serve(dialogstest.Ports())
			transcript.Wander(t, dialogstest.Open(t, ports, transcript.NewWindow()), rand.New(rand.NewPCG(seed, 1)), 300, said)
		})
	}
}

// The policy of each channel holds whatever a linked customer presses: planted
// values of a class that the channel does not carry are in no reply.
func TestEveryChannelKeepsToItsPolicy(t *testing.T) {
	t.Parallel()
	house := privacy.HousePolicy()
	for channel, row := range house {
		if channel == privacy.StaffMail || channel == privacy.Mail {
			continue
		}
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			shown := map[privacy.Class]int{}
			for _, first := range []string{"0145201372", "ЭС-0123/26"} {
				s := dialogstest.OpenStage(t, channel)
				must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
				s.Bureau.Order(s.In, s.Now(), "vouch "+first)
				acts := []string{
					"Лицевой счёт", "[Согласен]", "[Лицевой счёт]", "[Счета и начисления]", "[Лицевой счёт]", "[Платежи]", "[Лицевой счёт]", "[Показания]",
					"[Лицевой счёт]", "[Тариф]", "[Лицевой счёт]", "[Льготы и субсидии]", "[Лицевой счёт]", "[Плательщик и контакты]",
				}
				for _, act := range append(acts, again...) {
					_ = s.Do(t.Context(), act) // on some channels there is no such button
					heard, err := s.Hear(t.Context(), 0)
					must(t, err)
					for _, h := range heard {
						for class, planted := range dialogstest.Planted {
							for _, value := range planted {
								if !strings.Contains(h.Text, value) {
									continue
								}
								shown[class]++
								if !row.Shows.Has(class) {
									t.Errorf("after %q: %s, of class %s, in %q", act, value, class, h.Text)
								}
							}
						}
					}
				}
			}
			for class := range dialogstest.Planted {
				if row.Shows.Has(class) && shown[class] == 0 {
					t.Errorf("nothing of class %s was shown: the search finds nothing", class)
				}
			}
		})
	}
}

// again goes through what another code is asked for.
var again = []string{
	"[Письмом на p***@p***]", "[Письмом на o***@p***]", "(code)", "[Лицевой счёт]", "[Плательщик и контакты]", "[Лицевой счёт]", "[Договор]",
	"[Лицевой счёт]", "[Реквизиты счёта]",
}

// What waits for the linking follows it alone: not when it was given up, declined
// or cancelled, not a day later, and not a second time.
func TestWhatWaitsIsForgotten(t *testing.T) {
	t.Parallel()
	link := []string{"0145201372", "5093", "[СМС на ***22]", "(code)"}
	for name, c := range map[string]struct {
		before []string
		pause  time.Duration
		shown  bool
	}{
		"at once":       {nil, 0, true},
		"an hour later": {nil, time.Hour, true},
		"declined":      {[]string{"[Не согласен]", "лицевой счёт"}, 0, false},
		"cancelled":     {[]string{"отмена", "лицевой счёт"}, 0, false},
		"a day later":   {[]string{"меню"}, 25 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := dialogstest.OpenStage(t, privacy.Web)
			must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
			acts := append([]string{"сколько я должен", "[Лицевой счёт]"}, c.before...)
			for _, act := range acts {
				must(t, s.Do(t.Context(), act))
			}
			if c.pause > 0 {
				must(t, s.Set(t.Context(), dialogstest.Noon.Add(c.pause), "ru"))
				must(t, s.Do(t.Context(), "лицевой счёт"))
			}
			for _, act := range append([]string{"[Согласен]"}, link...) {
				must(t, s.Do(t.Context(), act))
			}
			heard, err := s.Hear(t.Context(), 0)
			must(t, err)
			var all strings.Builder
			for _, h := range heard {
				all.WriteString(h.Text)
			}
			if shown := strings.Contains(all.String(), "Начислено"); shown != c.shown {
				t.Errorf("the bill followed: %v\n%s", shown, all.String())
			}
			if !strings.Contains(all.String(), "привязан") {
				t.Errorf("nothing was linked:\n%s", all.String())
			}
		})
	}
}

// Nothing is shown that is not noted before, and the note names what was shown.
func TestEveryLookIsNoted(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Web)
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	s.Bureau.Order(s.In, s.Now(), "vouch 0145201372")
	for _, act := range []string{"Лицевой счёт", "[Согласен]", "[Лицевой счёт]", "[Счета и начисления]", "[Платежи]"} {
		must(t, s.Do(t.Context(), act))
	}
	want := []string{"0145201372 card", "0145201372 bills", "0145201372 payments"}
	if !slices.Equal(s.Bureau.Looked, want) {
		t.Errorf("noted %q, want %q", s.Bureau.Looked, want)
	}
}

// What is said of an account that does not exist, and of a proof that is wrong,
// is the same to the letter.
func TestUnknownAndWrongAreTheSame(t *testing.T) {
	t.Parallel()
	heard := func(number string) string {
		s := dialogstest.OpenStage(t, privacy.Web)
		must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
		var all []transcript.Heard
		for _, act := range []string{"Лицевой счёт", "[Согласен]", number, "1111", "1250,40", "2222", "3333", "4444", "5555"} {
			must(t, s.Do(t.Context(), act))
			next, err := s.Hear(t.Context(), 0)
			must(t, err)
			all = append(all, next...)
		}
		raw, err := json.Marshal(all)
		must(t, err)
		return string(raw)
	}
	known := heard("0145201372")
	if unknown := heard("0100000009"); unknown != known {
		t.Errorf("an unknown account is told apart:\n%s\n%s", known, unknown)
	}
	if nothing := heard("0344172085"); nothing != known { // neither phone nor e-mail on file
		t.Errorf("an account without contacts is told apart:\n%s\n%s", known, nothing)
	}
	if !strings.Contains(known, "на час") {
		t.Error("guessing is never closed")
	}
}

// The menu shows the scenario by itself.
func TestTheScenarioIsInTheMenu(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Web)
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	must(t, s.Do(t.Context(), "/start"))
	must(t, s.Do(t.Context(), "[Ещё]"))
	heard, err := s.Hear(t.Context(), 0)
	must(t, err)
	if last := heard[len(heard)-1]; !slices.Contains(last.Buttons, "Лицевой счёт") {
		t.Errorf("the menu shows %v", last.Buttons)
	}
}

// A conversation is told of a new link elsewhere, and its question is asked
// again below.
func TestOthersAreTold(t *testing.T) {
	t.Parallel()
	book := dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())
	st, err := dialog.Decode(nil)
	must(t, err)
	for _, what := range []string{"told.tg", "told.web", "ended.staff", "ended.origin"} {
		out, err := book.Step(t.Context(), st, 1, dialog.Event{
			ID: "job:1", Conversation: "web:1", Kind: dialog.Tell, Text: "account." + what, At: dialogstest.Noon, Now: dialogstest.Noon,
			Facts: map[string]string{"account": "******1372", "at": "2026-11-27T10:00:00+05:00"},
		})
		if err != nil || len(out.Said) != 1 || !strings.Contains(out.Said[0].Plain(), "******1372") || len(out.Said[0].Choices) == 0 {
			t.Errorf("%s: %+v, %v", what, out.Said, err)
		}
	}
	if _, err := book.Step(t.Context(), st, 2, dialog.Event{Kind: dialog.Tell, Text: "account.gossip"}); err == nil {
		t.Error("there are no words for gossip")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var _ customer.Links = (*dialogstest.Bureau)(nil)
