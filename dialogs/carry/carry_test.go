package carry_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/carry"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

// A customer who comes with tickets in between cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	said := []string{"продолжить в telegram", "счёт и оплата", "меню", "назад", "отмена", "согласен", "не согласен", "1", "2", "показания", "\x00"}
	for seed := range uint64(10) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			s := dialogstest.OpenStage(t, privacy.Web)
			must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
			luck := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same wandering every time
			for range 60 {
				switch luck.IntN(5) {
				case 0:
					s.Bureau.Order(s.In, s.Now(), "ticket bill 0145201372")
					must(t, s.Do(t.Context(), "(arrive)"))
				case 1:
					must(t, s.Do(t.Context(), "(arrive wrong)"))
				case 2:
					s.Bureau.Order(s.In, s.Now(), "undo")
				default:
					must(t, s.Do(t.Context(), said[luck.IntN(len(said))]))
				}
			}
		})
	}
}

// A ticket that a person is shown stands sealed in what is kept of the
// conversation: neither state nor log hold the real one, before and after it was
// used.
func TestTheRealTicketIsKeptNowhere(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Web)
	var kept []string
	s.Saving(func(_ string, state []byte) { kept = append(kept, string(state)) })
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	s.Bureau.Order(s.In, s.Now(), "ticket bill 0145201372")
	real := s.Bureau.Real
	for _, act := range []string{"(arrive)", "[Согласен]", "Продолжить в Telegram"} {
		must(t, s.Do(t.Context(), act))
	}
	if len(kept) < 3 || strings.Contains(strings.Join(kept, "\n"), real) {
		t.Errorf("of %d states one holds the ticket", len(kept))
	}
}

// Who leaves in the middle of linking takes along what he asked for, not the
// linking.
func TestWhatWaitsIsCarried(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Telegram)
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	for _, act := range []string{"скачать квитанцию", "[Лицевой счёт]", "[Согласен]", "Продолжить на сайте"} {
		must(t, s.Do(t.Context(), act))
	}
	ticket, _ := customer.ReadTicket(s.Bureau.Real)
	b, good, err := s.Bureau.Ticket(t.Context(), ticket, "web:1", s.Now())
	if err != nil || !good || b.Topic != "bill.paper" {
		t.Errorf("carried %+v, %v, %v", b, good, err)
	}
}

// Each way is offered where it leads away from, and nowhere if there is no other
// place.
func TestWhereItIsOffered(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	names := func(p carry.Ports) (out []string) {
		p.Arrivals, p.Desk, p.Links = b.Arrivals, b, b
		for _, c := range carry.New(p).Commands {
			out = append(out, c.Name+" "+c.On)
		}
		return out
	}
	if got := strings.Join(names(carry.Ports{Site: true, Telegram: true}), ","); got != "undo ,site tg,telegram web" {
		t.Errorf("commands %q", got)
	}
	if got := strings.Join(names(carry.Ports{}), ","); got != "undo " {
		t.Errorf("commands %q without another place", got)
	}
	for channel, label := range map[string]string{privacy.Web: "Продолжить в Telegram", privacy.Telegram: "Продолжить на сайте"} {
		s := dialogstest.OpenStage(t, channel)
		must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
		must(t, s.Do(t.Context(), "меню"))
		must(t, s.Do(t.Context(), "[Ещё]"))
		heard, err := s.Hear(t.Context(), 0)
		must(t, err)
		found := 0
		for _, button := range heard[len(heard)-1].Buttons {
			if strings.HasPrefix(button, "Продолжить") {
				if found++; button != label {
					t.Errorf("%s offers %q", channel, button)
				}
			}
		}
		if found != 1 {
			t.Errorf("%s has %d ways on", channel, found)
		}
	}
}

// A conversation is told of what was carried from it, with the way to undo it.
func TestTheOriginIsTold(t *testing.T) {
	t.Parallel()
	book := dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())
	for _, channel := range []string{privacy.Telegram, privacy.Web} {
		st, err := dialog.Decode(nil)
		must(t, err)
		out, err := book.Step(t.Context(), st, 1, dialog.Event{
			ID: "job:1", Conversation: "tg:1", Kind: dialog.Tell, Text: "carry.told." + channel, Offers: []string{"carry.undo"},
			Facts: map[string]string{"at": "2026-11-27T10:00:00+05:00"}, At: dialogstest.Noon, Now: dialogstest.Noon,
		})
		if err != nil || len(out.Said) != 1 || out.Said[0].Choices[0].Label != "Это не я, отвязать" {
			t.Errorf("%s: %+v, %v", channel, out.Said, err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var _ customer.Tickets = (*dialogstest.Bureau)(nil)
