package readings_test

import (
	"testing"
	"time"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/readings"
	"okoshko/dialogs/words"
)

// house is the fictional supplier's.
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

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		w := newTown()
		book, err := dialog.NewBook(house(), menu.New(), readings.New(w.guests(), w, w, w, zone))
		if err != nil {
			t.Fatal(err)
		}
		return transcript.NewEngine(book, nil)
	})
}
