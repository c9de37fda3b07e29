package calculator_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/billing/tariff"
	"okoshko/core/privacy"
	"okoshko/dialogs/calculator"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/linked/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

type nothing struct{}

func (nothing) Prices() *tariff.Book { return nil }

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := calculator.New(nothing{}, b, b, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"калькулятор", "по показаниям", "по кВт·ч", "по нормативу", "цена услуги", "выгоден ли ночной тариф", "для другого адреса",
		"село", "город, электроплита", "один тариф", "день и ночь", "три зоны", "газ", "3", "14500 14712", "14500", "день 210 ночь 95",
		"сколько стоит 350 квт", "-5", "99999999999999", "0", "1,5", "меню", "назад", "отмена", "english", "🙂", "\x00", strings.Repeat("9", 40),
	}
	for seed := range uint64(16) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if seed%2 == 0 {
				b.Order("test:1", dialogstest.Noon, "link 0145201372")
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 300, texts) //nolint:gosec // a repeatable walk
		})
	}
}

// Of a linked account nothing is told on a channel that may not carry it: there
// its customer is a guest.
func TestEveryChannelKeepsToItsPolicy(t *testing.T) {
	t.Parallel()
	for channel, row := range privacy.HousePolicy() {
		if channel == privacy.StaffMail || channel == privacy.Mail {
			continue
		}
		s := dialogstest.OpenStage(t, channel)
		must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
		must(t, s.Order(t.Context(), "link 0145201372"))
		shown := false
		for _, act := range []string{"калькулятор", "[По показаниям]", "[Город, газовая плита]", "[Один тариф]", "14712 15000", "15000"} {
			_ = s.Do(t.Context(), act) // a guest is asked more
			heard, err := s.Hear(t.Context(), 0)
			must(t, err)
			for _, h := range heard {
				for _, planted := range dialogstest.Planted[privacy.Reading] {
					if act != "14712 15000" && strings.Contains(h.Text, planted) {
						shown = true
					}
				}
			}
		}
		if shown != row.Shows.Has(privacy.Reading) {
			t.Errorf("%s: an earlier reading is shown: %v", channel, shown)
		}
		if noted := len(s.Bureau.Looked) > 0; noted != shown {
			t.Errorf("%s: noted %v, shown %v", channel, noted, shown)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
