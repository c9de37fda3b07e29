package menu_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

func house() dialog.House {
	return dialog.House{
		Zone:    zone,
		Company: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Phone:   "8 800 000-01-01",
		Hours: map[words.Lang]string{
			words.RU: "пн–пт 08:00–20:00, сб 09:00–15:00", words.EN: "Mon–Fri 08:00–20:00, Sat 09:00–15:00",
		},
		RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour, Largest: 20 << 20,
	}
}

// nobody is a town without accounts: enough for menus.
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

// open returns the house as it is, with its whole catalogue.
func open(t *testing.T, w *transcript.Window) *dialog.Book {
	t.Helper()
	ports := dialogs.Ports{Guests: nobody{}, Meters: nobody{}, Desk: nobody{}, Sent: nobody{}, Staff: w, Hours: transcript.Hours(zone)}
	book, err := dialog.NewBook(house(), dialogs.Scenarios(ports, zone)...)
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
	transcript.Saved(t, "testdata/*.chat", zone, menu.New().Version, newStage)
}

// The menus show what the house has, in their own order, and nothing else.
func TestOnlyWhatIsBuilt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ built, first, more []string }{
		"nothing": {nil, []string{"menu.more"}, []string{"menu.language", "menu"}},
		"two, in another order": {
			[]string{"visit", "bill"}, []string{"bill", "visit", "menu.more"}, []string{"menu.language", "menu"},
		},
		"all": {
			[]string{"news", "account", "outage", "tariffs", "appeal", "visit", "questions", "bill", "readings", "operator"},
			[]string{"readings", "bill", "questions", "visit", "appeal", "menu.more"},
			[]string{"tariffs", "outage", "account", "news", "operator", "menu.language", "menu"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := []*dialog.Scenario{menu.New()}
			for _, name := range tc.built {
				list = append(list, stub(name))
			}
			book, err := dialog.NewBook(house(), list...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.first, offered(t, book, "/start")); diff != "" {
				t.Errorf("first (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.more, offered(t, book, "ещё")); diff != "" {
				t.Errorf("more (-want +got):\n%s", diff)
			}
		})
	}
}

// stub is a scenario with that name and no more.
func stub(name string) *dialog.Scenario {
	text := &fstest.MapFile{Data: []byte("label: Stub " + name + "\n")}
	return &dialog.Scenario{
		Name: name, Version: 1, Words: words.Must(fstest.MapFS{"text.ru.yaml": text, "text.en.yaml": text}),
		Open: func(context.Context, *dialog.Turn) error { return nil },
	}
}

// offered returns what the answer to a text offers, by token.
func offered(t *testing.T, book *dialog.Book, text string) []string {
	t.Helper()
	st, err := dialog.Decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := book.Step(t.Context(), st, 1, dialog.Event{ID: "e", Kind: dialog.Text, Text: text, Conversation: "test:1"})
	if err != nil || len(out.Said) != 1 {
		t.Fatalf("said %d messages, %v", len(out.Said), err)
	}
	var tokens []string
	for _, c := range out.Said[0].Choices {
		tokens = append(tokens, c.Token[len("c:"):])
	}
	return tokens
}
