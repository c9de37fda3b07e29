package readings_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/readings"
)

func open(t testing.TB, w *town) *dialog.Book {
	t.Helper()
	return dialogstest.Open(t, dialogs.Ports{Linked: w, Guests: w.guests(), Meters: w, Desk: w, Sent: w}, w.window)
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"testdata", "testdata/town", "testdata/linked"} {
		transcript.Run(t, folder+"/*.chat", zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
			t.Helper()
			w := newTown()
			return &stage{transcript.NewEngine(open(t, w), nil).Behind(w.window), w}
		})
	}
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	w := newTown()
	version := readings.New(w, w.guests(), w, w, w, zone).Version
	transcript.Saved(t, "testdata/*.chat", zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		w := newTown()
		return transcript.NewEngine(open(t, w), nil).Behind(w.window)
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"0145201372", "5093", "14920", "0203118468 12420 5190", "0462", "5190 12420", "ночь 5200", "17620", "12210",
		"0344172085", "дом 3", "4200 6100 8600", "Т1 4200 Т2 8600 Т3 6100", "0100000009 1100", "дом 33", "0001", "0002",
		"0104552013 120", "5203", "20000", "99000", "14000", "1472056", "14920,7", "0755190626", "9062", "0822067138", "6713",
		"0100000017", "0003", "показание 14920", "нет, 14930", "5, кв. 12", "1", "2", "да", "нет", "назад", "отмена", "меню",
		"мои показания", "показания", "язык", "english", "оператор", "абракадабра", "🙂", "'; DROP TABLE readings; --", "-5",
		strings.Repeat("9", 40), strings.Repeat("123 ", 300),
	}
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			w := newTown()
			if seed%2 == 0 {
				w.links = []customer.Link{{ID: 1, Account: "0145201372"}, {ID: 2, Account: "0100000009", Name: "Дача"}}
			}
			transcript.Wander(t, open(t, w), rand.New(rand.NewPCG(seed, 1)), 400, texts)
		})
	}
}

// stage adds orders about the town, for the transcripts in testdata/town of
// what happens behind the customer's back.
//
//	! inspect 0145201372 14900   an inspector reads the account's first meter now
//	! close 0145201372           the account is closed
//	! poll 0145201372            its meters are polled from now on
//	! link 0145201372 Квартира   the conversation is linked to it, under a name
//	! unlink 0145201372          … and not any more
type stage struct {
	*transcript.Engine
	town *town
}

func (s *stage) Order(ctx context.Context, what string) error {
	f := strings.Fields(what)
	number := billing.AccountNumber(f[1])
	switch f[0] {
	case "inspect":
		value, err := strconv.ParseInt(f[2], 10, 64)
		s.town.inspect(number, billing.KWh(value), s.Now())
		return err
	case "close":
		s.town.change(number, func(a *billing.Account) { a.Closed = true })
	case "poll":
		s.town.change(number, func(a *billing.Account) { a.Meters[0].Remote = true })
	case "link":
		l := customer.Link{ID: int64(len(s.town.links) + 1), Account: number, Active: true}
		if len(f) > 2 {
			l.Name = f[2]
		}
		s.town.links = append(s.town.links, l)
	case "unlink":
		s.town.links = slices.DeleteFunc(s.town.links, func(l customer.Link) bool { return l.Account == number })
	default:
		return s.Engine.Order(ctx, what)
	}
	return nil
}

// Values before are shown to whom they belong once it is noted, and not at all
// on a channel that may not carry them.
func TestValuesBeforeAreShownByRight(t *testing.T) {
	t.Parallel()
	for channel, shows := range map[string]bool{privacy.Web: true, privacy.Telegram: true, privacy.TelegramStrict: false} {
		policy := privacy.HousePolicy()
		if channel == privacy.TelegramStrict {
			policy = policy.Strict()
		}
		w := newTown()
		w.links = []customer.Link{{ID: 7, Account: "0145201372"}}
		ports := dialogs.Ports{Linked: w, Guests: w.guests(), Meters: w, Desk: w, Sent: w}
		name, _, _ := strings.Cut(channel, " ")
		e := transcript.NewEngine(dialogstest.OpenUnder(t, policy, ports, w.window), nil).In(chat.Conversation(name + ":1"))
		if err := e.Set(t.Context(), dialogstest.Noon, "ru"); err != nil {
			t.Fatal(err)
		}
		if err := e.Do(t.Context(), "Передать показания"); err != nil {
			t.Fatal(err)
		}
		heard, err := e.Hear(t.Context(), 0)
		if err != nil || len(heard) == 0 {
			t.Fatal(heard, err)
		}
		if shown := strings.Contains(numbersOf(heard[0].Text), "14712"); shown != shows {
			t.Errorf("%s: %q", channel, heard[0].Text)
		}
		if noted := slices.Equal(w.looked, []int64{7}); noted != shows {
			t.Errorf("%s: noted %v", channel, w.looked)
		}
	}
}

// A guest is shown nothing of the account that he has not typed himself
// (spec §3.7): not the value before, nor the serial, nor the address. The
// transcripts are all that the bot can say.
func TestGuestsLearnNothing(t *testing.T) {
	t.Parallel()
	secrets := newTown().secrets()
	paths, err := filepath.Glob("testdata/*.chat")
	behind, _ := filepath.Glob("testdata/town/*.chat")
	if err != nil || len(paths) == 0 || len(behind) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, path := range append(paths, behind...) {
		s, err := transcript.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var typed strings.Builder
		for _, act := range s.Acts {
			if act.Verb == '>' {
				typed.WriteString(numbersOf(act.Text) + " ")
			}
			said := numbersOf(strings.Join(act.Heard, "\n"))
			for secret, what := range secrets {
				if strings.Contains(said, secret) && !strings.Contains(typed.String(), secret) {
					t.Errorf("%s:%d: after %q the guest is shown %s, %s", path, act.Line, act.Text, what, secret)
				}
			}
		}
	}
}

// secrets are what the town knows of its customers, and what each is. Houses
// and flats are too short to be found in a text, and no text speaks of them.
func (w *town) secrets() map[string]string {
	out := map[string]string{}
	for number, a := range w.accounts {
		out[number.Full()] = "an account"
		for _, m := range a.Meters {
			out[m.Serial.Full()[5:]] = "the end of a serial"
			for _, r := range w.history[m.ID] {
				out[strconv.FormatInt(int64(r.Value), 10)] = "a value"
			}
		}
	}
	return out
}

// numbersOf takes out the spaces that part thousands.
func numbersOf(text string) string {
	return strings.NewReplacer("\u202f", "", "\u00a0", "", " ", "").Replace(text)
}
