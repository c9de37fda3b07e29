package tariffs_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/tariffs"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		return dialogstest.NewStage(t)
	})
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	version := tariffs.New(nothing{}, nil, calendar.Published(), dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, dialogstest.NewStage)
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"тарифы", "село", "город, газовая плита", "организация", "на дату", "1 января 2025", "31 февраля", "2025", "1999-01-01", "01.07.2099",
		"тариф на 1.1.25", "архив", "постановления", "цены для организаций", "меню", "назад", "отмена", "english", "🙂", "\x00",
		strings.Repeat("9", 40), "1", "2", "3", "4", "передать показания",
	}
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			transcript.Wander(t, dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow()), rand.New(rand.NewPCG(seed, 1)), 250, texts) //nolint:gosec // a repeatable walk
		})
	}
}

type nothing struct{}

func (nothing) Prices() *tariff.Book { return nil }

// Buttons can be made up: whatever they carry is answered, and while no prices
// are known everything says so.
func TestMadeUpButtons(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() *dialog.Book{
		"prices": func() *dialog.Book { return dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow()) },
		"none":   func() *dialog.Book { return dialogstest.OpenAs(t, dialogstest.Ports(), transcript.NewWindow()) },
	} {
		book := open()
		for _, command := range []string{"show", "date", "groups", "archive", "acts", "business", "months", "files", "file"} {
			for _, arg := range []string{"", "g1", "g1.9.2025-99-99", "g1.2.0001-01-01", "legal.1.9999-12-31", "2026-10", "2.2024-11", "9.2026-10", "0.2026-11", "0000-00", "-1", "99999", "..", "g9.1"} {
				st, err := dialog.Decode(nil)
				if err != nil {
					t.Fatal(err)
				}
				out, err := book.Step(t.Context(), st, 1, dialog.Event{
					ID: "e", Kind: dialog.Press, Text: "c:tariffs." + command + ":" + arg, Conversation: "web:1", At: dialogstest.Noon, Now: dialogstest.Noon,
				})
				if command == "file" && name == "prices" { // it is made first
					if err != nil || out.Run == nil {
						t.Errorf("%s: file %q: %v, nothing is made", name, arg, err)
					}
					continue
				}
				if err != nil || len(out.Said) == 0 || strings.Contains(out.Said[0].Plain(), "‹") {
					t.Errorf("%s: %s %q: %v, %v", name, command, arg, out.Said, err)
				}
			}
		}
	}
}
