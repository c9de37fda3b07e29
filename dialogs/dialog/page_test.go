package dialog_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// tour has long lists: of plants, with a line of each in the question and any of
// them beside the list; of times, which are dense; of coaches, where a number may be
// an answer.
func tour(plants int) *dialog.Scenario {
	const (
		plant = dialog.Slot[string]("plant")
		hour  = dialog.Slot[string]("hour")
		coach = dialog.Slot[string]("coach")
	)
	const times, coaches, far = 30, 10, 18
	return &dialog.Scenario{
		Name: "tour", Version: 1, Slash: "tour", Words: words.Must(os.DirFS("testdata/words/tour")),
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{
					Slot: "plant", Show: plant.Show,
					Options: func(*dialog.Turn) []dialog.Option {
						list := []dialog.Option{{ID: "any", Key: "plant.any", Apart: true}}
						for n := 1; n <= plants; n++ {
							list = append(list, dialog.Option{
								ID: "p" + strconv.Itoa(n), Key: "plant.named", Line: "plant.item", Args: []words.Arg{words.A("n", n)},
							})
						}
						return list
					},
					Take: func(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
						if t.Picked == "p"+strconv.Itoa(far) {
							return dialog.Refuse("plant.far", words.A("n", far)), nil
						}
						return dialog.Chosen(plant)(ctx, t)
					},
				},
				{
					Slot: "hour", Show: hour.Show, Take: dialog.Chosen(hour),
					Options: func(*dialog.Turn) (list []dialog.Option) {
						for n := range times {
							at := fmt.Sprintf("%02d:%02d", 8+n/4, n%4*15)
							list = append(list, dialog.Option{ID: at, Label: at, Dense: true})
						}
						return list
					},
				},
				{
					Slot: "coach", Show: coach.Show, Expect: chat.Number,
					Options: func(*dialog.Turn) (list []dialog.Option) {
						for n := 1; n <= coaches; n++ {
							list = append(list, dialog.Option{ID: "c" + strconv.Itoa(n), Label: "Т-" + strconv.Itoa(100+n)})
						}
						return list
					},
					Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
						id := cmp.Or(t.Picked, t.Numbered())
						if id == "" {
							return dialog.Unclear, nil
						}
						coach.Set(t, id)
						return dialog.Next, nil
					},
				},
			},
			Summary: &dialog.Summary{},
			Submit: dialog.NewAction("submit",
				func(context.Context, dialog.Effect, any) (bool, error) { return true, nil },
				func(_ context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
					t.Say("booked")
					return dialog.Close, nil
				}),
		},
	}
}

// However long a list is, everything in it is on one page; no page is longer than nine,
// and none is turned to for one choice.
func TestEveryOptionIsOnOnePage(t *testing.T) {
	t.Parallel()
	for plants := range 60 {
		c := begin(t, book(t, tour(plants)))
		out := c.step(c.event(dialog.Text, "/tour"))
		var labels []string
		for page := 1; ; page++ {
			var shown []string
			more := false
			for _, choice := range out.Said[0].Choices {
				if strings.HasPrefix(choice.Label, "Станция ") {
					shown = append(shown, choice.Label)
				}
				more = more || choice.Label == "Ещё"
			}
			if len(shown) > 9 || page > 1 && len(shown) < 2 {
				t.Errorf("%d plants: page %d shows %d", plants, page, len(shown))
			}
			if labels = append(labels, shown...); !more {
				break
			}
			out = c.press(out, "Ещё")
		}
		if distinct := slices.Compact(slices.Clone(labels)); len(distinct) != plants || len(labels) != plants {
			t.Errorf("%d plants: %q", plants, labels)
		}
	}
}

// A list that becomes shorter while a page of it is on the screen shows its end; made
// up pages lead nowhere else.
func TestPagesOfAShorterList(t *testing.T) {
	t.Parallel()
	c := begin(t, book(t, tour(20)))
	c.says("/tour", "ещё", "ещё")
	c.book = book(t, tour(11))
	for _, number := range []string{"3", "99999999999999999999", "-1", "x", "", "1:2"} {
		out := c.step(c.event(dialog.Press, "a:1.0:.page."+number))
		if len(out.Said) == 0 && out.Toast == "" {
			t.Errorf("the page %q is met by silence", number)
		}
	}
	if said := c.says("ещё"); said == "" {
		t.Error("nothing follows the end of a list")
	}
	c.book = book(t, tour(3))
	if out := c.step(c.event(dialog.Press, "a:1.0:.page.2")); len(out.Said) > 0 && len(out.Said[0].Choices) != 5 {
		t.Errorf("a short list is cut: %v", out.Said[0].Choices)
	}
}

// Whoever has a longer list on the screen, of a build that showed it whole, counts in
// that one; what is no longer in the list is not chosen by its number.
func TestNumbersOfWhatWasShown(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"10": "Во сколько?", "18": "На станцию 18", "20": "Выберите станцию", "21": "Выберите станцию"} {
		c := begin(t, book(t, tour(19)))
		c.says("/tour")
		st, err := dialog.Decode(c.state)
		if err != nil {
			t.Fatal(err)
		}
		st.Offer = nil
		for n := 1; n <= 20; n++ {
			st.Offer = append(st.Offer, "a:1.0:p"+strconv.Itoa(n))
		}
		if c.state, err = st.Encode(); err != nil {
			t.Fatal(err)
		}
		if said := c.says(typed); !strings.HasPrefix(said, want) {
			t.Errorf("%s: said %q", typed, said)
		}
	}
}
