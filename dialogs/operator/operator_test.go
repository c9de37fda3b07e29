package operator_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/operator"
	"okoshko/dialogs/words"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

// nobody is a town without accounts: enough for forms to be in the middle of.
type nobody struct{}

func (nobody) Check(context.Context, customer.Claim) (billing.Account, customer.Verdict, error) {
	return billing.Account{}, customer.Wrong, nil
}

func (nobody) Intake(context.Context, billing.AccountNumber, billing.MeterID) (billing.Intake, error) {
	return billing.Intake{}, nil
}

func (nobody) SubmitReadings(context.Context, dialog.Effect, billing.Submission) (billing.Accepted, error) {
	return billing.Accepted{}, nil
}

func (nobody) KeepEvidence(context.Context, dialog.Effect, billing.AccountNumber, []chat.File) (billing.Evidence, error) {
	return billing.Evidence{}, nil
}

func (nobody) SentReadings(context.Context, chat.Conversation, int) ([]billing.Slip, error) {
	return nil, nil
}

// open returns the house with its whole catalogue, and w behind its window.
func open(t testing.TB, w *transcript.Window) *dialog.Book {
	t.Helper()
	ports := dialogs.Ports{Guests: nobody{}, Meters: nobody{}, Desk: nobody{}, Sent: nobody{}, Staff: w, Hours: transcript.Hours(zone), Handling: transcript.Handling}
	book, err := dialog.NewBook(dialog.House{
		Zone:    zone,
		Company: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Phone:   "8 800 000-01-01",
		Hours: map[words.Lang]string{
			words.RU: "пн–пт 08:00–20:00, сб 09:00–15:00", words.EN: "Mon–Fri 08:00–20:00, Sat 09:00–15:00",
		},
		RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour, Largest: 20 << 20,
	}, dialogs.Scenarios(ports, zone)...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		return newStage(t)
	})
}

func newStage(t *testing.T) *transcript.Engine {
	t.Helper()
	w := transcript.NewWindow()
	return transcript.NewEngine(open(t, w), nil).Behind(w)
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	version := operator.New(transcript.NewWindow(), transcript.Hours(zone), 0).Version
	transcript.Saved(t, "testdata/*.chat", zone, version, newStage)
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"оператор", "позвать оператора", "выйти из очереди", "вернуться к боту", "показания", "0145201372", "/start",
		"меню", "назад", "отмена", "english", "operator", "абракадабра", "1", "2", "3",
	}
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			transcript.Wander(t, open(t, transcript.NewWindow()), rand.New(rand.NewPCG(seed, 1)), 300, texts)
		})
	}
}
