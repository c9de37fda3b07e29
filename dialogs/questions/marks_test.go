package questions_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

// moment is a Tuesday at noon.
var moment = time.Date(2026, 11, 24, 12, 0, 0, 0, dialogstest.Zone)

// What is counted for the editors: questions without an answer, scrubbed, in a
// form only if they are questions, and what readers say of an article, once.
func TestMarks(t *testing.T) {
	t.Parallel()
	unknown := func(of string) dialog.Mark { return dialog.Mark{What: questions.MarkUnknown, Of: of} }
	helped := dialog.Mark{What: questions.MarkHelped, Of: "pay-how"}
	unhelped := dialog.Mark{What: questions.MarkUnhelped, Of: "pay-how"}
	const night = "как перейти на ночной щетчик"
	for name, acts := range map[string][]struct {
		say  string // a token, if it begins with "c:"
		want []dialog.Mark
	}{
		"unknown": {{"Какая завтра погода в Старогорске?", []dialog.Mark{unknown("какая завтра погода в старогорске")}}},
		"scrubbed": {
			{"какая погода у ivanov@mail.example по телефону +7 912 345-67-89", []dialog.Mark{unknown("какая погода у e-mail по телефону телефон")}},
		},
		"slip":     {{"ывапрол", nil}},
		"answered": {{"до какого числа платить за свет", nil}},
		"a form's own text": {
			{"/readings", nil},
			{"какая завтра погода в городе", nil},
			{"какая завтра погода в городе?", []dialog.Mark{unknown("какая завтра погода в городе")}},
		},
		"waiting":       {{"оператор", nil}, {"какая завтра погода в городе?", nil}},
		"none of these": {{night, nil}, {"c:questions.other", []dialog.Mark{unknown(night)}}, {"c:questions.other", nil}},
		"judged": {
			{"c:questions.helped:pay-how", []dialog.Mark{helped}},
			{"c:questions.helped:pay-how", nil},
			{"c:questions.unhelped:pay-how", []dialog.Mark{unhelped}},
			{"c:questions.helped", nil},
		},
		"judged without such an article": {{"c:questions.helped:no-such-article", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())
			st, err := dialog.Decode(nil)
			if err != nil {
				t.Fatal(err)
			}
			for i, act := range acts {
				ev := dialog.Event{ID: strconv.Itoa(i), Conversation: "web:1", Text: act.say, At: moment, Now: moment, Language: "ru"}
				if len(act.say) > 2 && act.say[:2] == "c:" {
					ev.Kind = dialog.Press
				}
				out, err := book.Step(t.Context(), st, int64(i+1), ev)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(act.want, out.Marks); diff != "" {
					t.Errorf("after %q (-want +marked):\n%s", act.say, diff)
				}
				if name == "waiting" && i == 0 { // the desk has taken the call
					st.Desk = &dialog.Handoff{ID: 1, Did: "called"}
					st.Frames = nil
				}
			}
		})
	}
}
