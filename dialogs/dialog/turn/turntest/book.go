package turntest

import (
	"context"
	"embed"
	"errors"
	"strconv"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Order is the arguments of the one command.
type Order struct{ What string }

// Fact is what the command makes.
type Fact struct {
	Effect string
	Order  Order
	Number int
}

// Desk keeps facts, as the database does: one for every effect ID.
type Desk struct {
	mu      sync.Mutex
	facts   []Fact
	runs    int
	trouble func(ctx context.Context, effect string, made bool) error
}

// Trouble sets what befalls every run, before its fact is made and after: it
// may wait, fail or panic.
func (d *Desk) Trouble(of func(ctx context.Context, effect string, made bool) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = of
}

// Facts lists what was made, in its order.
func (d *Desk) Facts() []Fact {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Fact(nil), d.facts...)
}

// Runs is how often the command was tried.
func (d *Desk) Runs() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.runs
}

func (d *Desk) run(ctx context.Context, e dialog.Effect, o Order) (Fact, error) {
	d.mu.Lock()
	d.runs++
	trouble := d.trouble
	d.mu.Unlock()
	if trouble != nil {
		if err := trouble(ctx, e.ID, false); err != nil {
			return Fact{}, err
		}
	}
	fact := d.make(e.ID, o)
	if trouble != nil {
		return fact, trouble(ctx, e.ID, true)
	}
	return fact, nil
}

func (d *Desk) make(effect string, o Order) Fact {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.facts {
		if f.Effect == effect {
			return f
		}
	}
	f := Fact{effect, o, len(d.facts) + 1}
	d.facts = append(d.facts, f)
	return f
}

const (
	what = dialog.Slot[string]("what")
	many = dialog.Slot[int]("many")
)

// Book returns a house with a menu, which may be put in place of the message
// before, and the form "order" of two questions and a summary. The texts
// «паника» and «result» as its first answer make a step panic, at once or on the
// result of the command.
func Book(d *Desk) *dialog.Book {
	catalogue := words.Must(texts)
	menu := &dialog.Scenario{
		Name: "menu", Version: 1, Words: catalogue,
		Open: func(_ context.Context, t *dialog.Turn) error {
			t.Say("menu").InPlace().Offer(t.Scenario("order"), t.Command("order.poke", ""))
			return nil
		},
	}
	order := &dialog.Scenario{
		Name: "order", Version: 1, Words: catalogue, Slash: "order",
		Commands: []dialog.Command{{Name: "poke", Slash: "poke", Leaves: true, Do: func(_ context.Context, t *dialog.Turn) error {
			t.Say("poke.done").InPlace().Offer(t.Command("order.poke", ""))
			return nil
		}}},
		Form: form(d),
	}
	book, err := dialog.NewBook(dialog.House{
		Zone: time.UTC, Company: map[words.Lang]string{}, Hours: map[words.Lang]string{}, Phone: "8",
		RemindAfter: 15 * time.Minute, SetAsideAfter: 2 * time.Hour,
	}, menu, order)
	if err != nil {
		panic(err)
	}
	return book
}

func form(d *Desk) *dialog.Form {
	return &dialog.Form{
		Questions: []dialog.Question{
			{
				Slot: "what", Expect: chat.Text, Show: func(t *dialog.Turn) string { return what.Of(t.Answers) },
				Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					if t.Text == "паника" {
						panic("the step")
					}
					what.Set(t, t.Text)
					return dialog.Next, nil
				},
			},
			{
				Slot: "many", Expect: chat.Number, Show: func(t *dialog.Turn) string { return strconv.Itoa(many.Of(t.Answers)) },
				Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					n, err := strconv.Atoi(t.Text)
					if err != nil {
						return dialog.Unclear, nil
					}
					many.Set(t, n)
					return dialog.Next, nil
				},
			},
		},
		Summary: &dialog.Summary{},
		With:    func(t *dialog.Turn) any { return Order{what.Of(t.Answers)} },
		Submit: dialog.NewAction("send",
			func(ctx context.Context, e dialog.Effect, o Order) (Fact, error) { return d.run(ctx, e, o) },
			func(_ context.Context, t *dialog.Turn, f Fact) (dialog.Move, error) {
				if f.Order.What == "result" {
					return dialog.Move{}, errors.New("the result cannot be told")
				}
				t.Say("done", words.A("number", strconv.Itoa(f.Number)))
				return dialog.Close, nil
			}),
	}
}
