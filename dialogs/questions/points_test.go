package questions_test

import (
	"strings"
	"testing"

	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// A linked customer reads where to pay in his own district; while links cannot be
// read, and for a button that somebody made up, there is an answer all the same.
func TestPoints(t *testing.T) {
	t.Parallel()
	const asks = "где и как оплатить счет"
	for name, c := range map[string]struct {
		act  string
		away bool
		want string
	}{
		"linked":  {asks, false, "Почта, Лесоозёрск"},
		"made up": {"(token) c:questions.points:99", false, "Рядом с каким"},
		"away":    {asks, true, "14 в области"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			b.Order("test:points", dialogstest.Noon, "link 0309188274")
			b.Away = c.away
			e := transcript.NewEngine(dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow()), nil).In("test:points")
			if err := e.Set(t.Context(), dialogstest.Noon, "ru"); err != nil {
				t.Fatal(err)
			}
			if err := e.Do(t.Context(), c.act); err != nil {
				t.Fatal(err)
			}
			heard, err := e.Hear(t.Context(), 0)
			if err != nil || len(heard) != 1 || !strings.Contains(heard[0].Text, c.want) || strings.Contains(heard[0].Text, "Каменноборск, пл. Труда") {
				t.Errorf("heard %+v, %v", heard, err)
			}
		})
	}
}
