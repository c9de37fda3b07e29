package payment_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	core "okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/payment"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/linked/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := payment.New(payment.Ports{Records: b, Desk: b, Till: b}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"заплатить", "погасить долг", "счёт и оплата", "1250,40", "0", "-5", "1e9", "999999999", "всё", "1", "2", "3", "да", "отправить", "изменить",
		"назад", "отмена", "меню", "english", "pay the bill", "🙂", "\x00", "٥٠٠", strings.Repeat("9", 40), "4111 1111 1111 1111", "почему столько", "оператор",
	}
	for seed, n := range []string{"0309188274", "0412003659", "ЭС-0789/26", "0203118468", "", "0145201372", "0309188274", "0309188274"} {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if n != "" {
				b.Order("test:1", dialogstest.Noon, "link "+n)
			}
			if seed == 7 {
				b.Order("test:1", dialogstest.Noon, "bank away")
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(uint64(seed), 7)), 300, texts) //nolint:gosec // a repeatable walk
		})
	}
}

// acts pay, and hear what becomes of it.
var acts = []string{"заплатить", "4321,09", "[Отправить]", "! bank refused", "заплатить", "! bank paid", "счёт и оплата", "! bank refunded"}

// The policy of each channel holds whatever is paid: planted sums are in no reply
// of a channel that carries none, and neither is a payment that is told of.
func TestEveryChannelKeepsToItsPolicy(t *testing.T) {
	t.Parallel()
	for channel, row := range privacy.HousePolicy() {
		if channel == privacy.StaffMail || channel == privacy.Mail {
			continue
		}
		shown := map[privacy.Class]int{}
		s := dialogstest.OpenStage(t, channel)
		must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
		must(t, s.Order(t.Context(), "link 0145201372"))
		for _, act := range acts {
			if order, ok := strings.CutPrefix(act, "! "); ok {
				must(t, s.Order(t.Context(), order))
			} else if err := s.Do(t.Context(), act); err != nil && row.Shows.Has(privacy.Money) { // no such button elsewhere
				t.Fatal(err)
			}
			heard, err := s.Hear(t.Context(), 0)
			must(t, err)
			for _, h := range heard {
				for class, planted := range dialogstest.Planted {
					for _, value := range planted {
						if !strings.Contains(h.Text+strings.Join(h.Buttons, " "), value) {
							continue
						}
						shown[class]++
						if !row.Shows.Has(class) {
							t.Errorf("%s: after %q: %s, of class %s, in %q", channel, act, value, class, h.Text)
						}
					}
				}
			}
		}
		if row.Shows.Has(privacy.Money) && shown[privacy.Money] < 4 {
			t.Errorf("%s: no sum was shown: the search finds nothing", channel)
		}
	}
}

// Who was allowed to see sums, and is not any more, is told where the answer is.
func TestToldUnderAnotherPolicy(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	b.Order("tg:1", dialogstest.Noon, "link 0309188274")
	e := dialog.Effect{ID: "e", Conversation: "tg:1", At: dialogstest.Noon}
	started, err := b.Start(t.Context(), e, core.Wish{Link: 1, Sum: 10000})
	must(t, err)
	w := transcript.NewWindow()
	book := dialogstest.OpenUnder(t, privacy.HousePolicy().Strict(), b.Serve(dialogstest.Ports()), w)
	out, err := book.Step(t.Context(), &dialog.State{}, 1, dialog.Event{
		ID: "job:1", Conversation: "tg:1", Kind: dialog.Tell, Text: "payment.paid", At: dialogstest.Noon, Now: dialogstest.Noon,
		Facts: map[string]string{"number": string(started.Number)},
	})
	must(t, err)
	if len(out.Said) != 1 || !strings.Contains(out.Said[0].Plain(), "на сайте") || strings.Contains(out.Said[0].Plain(), "100") {
		t.Errorf("said %v", out.Said)
	}
	// What another chat has paid is nobody's business.
	out, err = book.Step(t.Context(), &dialog.State{}, 1, dialog.Event{
		ID: "job:1", Conversation: "tg:2", Kind: dialog.Tell, Text: "payment.paid", At: dialogstest.Noon, Now: dialogstest.Noon,
		Facts: map[string]string{"number": string(started.Number)},
	})
	if err != nil || len(out.Said) != 0 {
		t.Errorf("another chat: %v, %v", out.Said, err)
	}
}

// A made-up button for a case of somebody else, or for none, starts nothing.
func TestNobodyPaysForAnothersCase(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	filed, err := b.Cases.RegisterCase(t.Context(), registry.Effect{ID: "f", Conversation: "tg:2", At: dialogstest.Noon}, registry.Filing{
		Kind: appeal.Application, Category: "З-8", Lang: "ru", Price: 195000,
		Answers: appeal.Answers{}.With(appeal.Body, "Замените автомат").With(appeal.Contact, "chat").With(appeal.AnswerWay, "chat"),
	})
	must(t, err)
	book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
	for _, code := range []string{filed.Number.Code(), "z-2026-77", "", "; DROP TABLE"} {
		_, err := book.Step(t.Context(), &dialog.State{}, 1, dialog.Event{
			ID: "1", Conversation: "tg:1", Kind: dialog.Press, Text: "c:payment.service:" + code, At: dialogstest.Noon, Now: dialogstest.Noon,
		})
		must(t, err)
		if made, err := b.PaymentsOfCase(t.Context(), filed.Number); err != nil || len(made) != 0 {
			t.Errorf("%q: %v, %v", code, made, err)
		}
	}
	for c, want := range map[chat.Conversation]core.Refusal{"tg:1": core.NoCase, "tg:2": ""} {
		done, err := b.Start(t.Context(), dialog.Effect{ID: string(c), Conversation: c, At: dialogstest.Noon}, core.Wish{Case: filed.Number})
		if err != nil || done.Why != want {
			t.Errorf("%s: %+v, %v", c, done, err)
		}
	}
}

// Nothing is shown that is not noted before.
func TestEveryLookIsNoted(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Web)
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	must(t, s.Order(t.Context(), "link 0309188274"))
	must(t, s.Do(t.Context(), "заплатить"))
	if want := []string{"0309188274 payment"}; !slices.Equal(s.Bureau.Looked, want) {
		t.Errorf("noted %q, want %q", s.Bureau.Looked, want)
	}
}

// Without a provider nobody is offered to pay.
func TestWithoutAProvider(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	b.Order("test:1", dialogstest.Noon, "link 0309188274")
	ports := b.Serve(dialogstest.Ports())
	ports.Till = nil
	for _, s := range dialogs.Scenarios(ports, dialogstest.Zone) {
		if s.Name == "payment" {
			t.Error("the scenario stands in the catalogue")
		}
	}
	e := transcript.NewEngine(dialogstest.Open(t, ports, transcript.NewWindow()), nil).In("test:1")
	must(t, e.Set(t.Context(), dialogstest.Noon, "ru"))
	must(t, e.Do(t.Context(), "Счёт и оплата"))
	heard, err := e.Hear(t.Context(), 1)
	must(t, err)
	if len(heard) != 1 || !strings.HasPrefix(heard[0].Text, "К оплате") || slices.Contains(heard[0].Buttons, "Оплатить") {
		t.Errorf("heard %+v", heard)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
