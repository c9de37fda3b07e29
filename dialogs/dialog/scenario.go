package dialog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

// Scenario is one thing that customers can talk about: a form to fill, commands
// to give at any time, or both. It is declared once, at start, and never
// changes.
type Scenario struct {
	// Name is its folder and the prefix of its tokens. Its words hold "label",
	// the words on its button in the menus.
	Name string
	// Version is raised when saved answers of an older one need an Upgrade.
	Version int
	Words   *words.Catalogue
	// Slash is its command in messengers, without the slash; "" for none.
	Slash string
	// Form is what opening the scenario asks; nil if Open does it all.
	Form *Form
	// Open runs when the scenario is opened, before the first question: it may
	// fill slots, say something, or, without a Form, be the whole scenario.
	Open func(ctx context.Context, t *Turn) error
	// Commands work at any time, in the middle of other forms too.
	Commands []Command
	// Hears decides whether a free text opens the scenario; Open then finds
	// the text in Turn.Event.
	Hears func(text string) bool
	// Begins reports whether a text is what the scenario asks for first. Said to an
	// offer of the way through it, such a text opens it, before any that Hears.
	Begins func(text string) bool
	// Warns says what must come before everything to a text that tells of danger, and
	// reports whether it did. In a form the text is read on as any other; outside of
	// one the warning is the answer.
	Warns func(t *Turn) bool
	// Answers says something to a text that no step took, or leads where it asks
	// to go (Turn.Open), or returns false. After what is said the question of an
	// open form is repeated once.
	Answers func(ctx context.Context, t *Turn) (bool, error)
	// Asks reports whether a text is worded as a question of the customer's, and one
	// that Answers will surely answer: in the middle of a form it is then no answer to
	// the open question, even if that could read it as one (see Question.Free).
	Asks func(t *Turn) bool
	// Told says what has come about elsewhere, by its name and Turn.Event.Facts
	// (Event kind Tell); nil: the words of that name, filled with the facts.
	Told func(ctx context.Context, t *Turn, what string) error
	// Mine adds to what is said what the customer has with the company in this
	// scenario, with the way to it; nothing, if he has nothing: see Turn.Mine.
	Mine func(ctx context.Context, t *Turn, said Said) error
	// Upgrade turns the answers saved by the version that is its key into
	// those of the next.
	Upgrade map[int]func(Answers)
}

// Command is an order that a customer can give at any time; giving it twice is
// giving it once. Its words hold "<name>.label" and, optionally,
// "<name>.phrases": what else may be typed for it.
type Command struct {
	Name string
	// Slash is its command in messengers, without the slash; "" for none.
	Slash string
	// On is the one channel that it is offered on; "" for every one.
	On string
	// Leaves: the question of an open form is not repeated after it, since the
	// command shows a way back by itself.
	Leaves bool
	// Linked: a link from outside may give it (Book.Link), since it only opens
	// something: whoever was sent the link has done nothing by following it.
	Linked bool
	Do     func(ctx context.Context, t *Turn) error
}

// Form is a set of questions. The next one is always the first that is needed
// and not answered, so questions can be added and reordered freely.
type Form struct {
	Questions []Question
	// More are questions that come after those, made of data and of the answers so
	// far: one that it does not return is not asked, but keeps its answer. It is
	// read again and again within a turn.
	More func(t *Turn) []Question
	// Summary shows the answers before they are sent; nil: they are sent as
	// soon as they are complete.
	Summary *Summary
	// Submit is the action that the form exists for.
	Submit Action
	// With makes the arguments of Submit.
	With func(t *Turn) any
	// Tell says what the answers come to, instead of Submit, in a form that makes
	// no fact: the form is over. It has no Summary.
	Tell func(ctx context.Context, t *Turn) error
	// Actions are further commands that questions may ask for.
	Actions []Action
}

// Question fills one slot. Its words are "<slot>.ask", optionally
// "<slot>.again" and "<slot>.help" for the second and third asking, and
// "<slot>.label" for the summary.
type Question struct {
	Slot string
	// Needed: nil means always.
	Needed func(t *Turn) bool
	// After names the slots whose change makes this answer void.
	After []string
	// Fills names further slots that an answer may fill ("f_*": all that begin
	// so), Goes the questions that it may lead back to. Anything else is refused.
	Fills, Goes []string
	Expect      chat.Expect
	// Key of the words to ask with instead of the slot's name, Args for them.
	// Wording, if set, chooses among several keys instead.
	Key     string
	Wording func(t *Turn) string
	Args    func(t *Turn) []words.Arg
	// Options are the choices to offer, however many: a long list is shown page by
	// page, and all of it can be typed.
	Options func(t *Turn) []Option
	// Take reads the answer.
	Take func(ctx context.Context, t *Turn) (Move, error)
	// Keeps is the option that leaves everything as it is: «Отмена» would say the same,
	// and is not offered beside it.
	Keeps string
	// Prose: everything that is not a word which works everywhere is an answer.
	Prose bool
	// Free: answers are told in any words, so that those of a question tell nothing:
	// Scenario.Asks is not asked before Take. Of prose that holds anyhow.
	Free bool
	// Show returns the answer as the summary shows it; nil keeps it out of the
	// summary, and out of what can be changed there.
	Show func(t *Turn) string
	// Holds is the class of the data that Show returns, if it has one.
	Holds privacy.Classes
}

// Option is a choice of a question.
type Option struct {
	// ID is what Take sees in Turn.Picked: ASCII, no personal data, at most 40
	// bytes, no dot in front.
	ID string
	// Key of its label; the label is the same in every language when Label is
	// set instead.
	Key   string
	Label string
	Args  []words.Arg
	// Line is the key of what is said of it under the question, where its button is
	// too short for that; Args fill it.
	Line string
	// Dense: it is one of many brief ones, see chat.Choice.
	Dense bool
	// Apart: it is not one of the list but a way around it, and stands below every
	// page.
	Apart bool
}

// Options are the choices of a question whose labels are the words
// "<key>.<id>".
func Options(key string, ids ...string) []Option {
	out := make([]Option, len(ids))
	for i, id := range ids {
		out[i] = Option{ID: id, Key: key + "." + id}
	}
	return out
}

// Summary is the last look before sending. Its words are "summary.ask".
type Summary struct {
	Args func(t *Turn) []words.Arg
	// Notes stand under the answers.
	Notes func(t *Turn) []chat.Block
	// Take reads a correction in words; nil: only the choices are understood.
	Take func(ctx context.Context, t *Turn) (Move, error)
	// Fills names the slots that a correction may fill.
	Fills, Goes []string
}

// Effect names one fact that a command makes. The same effect carried out
// twice is carried out once.
type Effect struct {
	// ID is "<conversation>/<form>/<submission>".
	ID           string
	Conversation chat.Conversation
	// At is the time that counts: of the event that named the command.
	At time.Time
}

// Action is a command of a form, by which facts are made: what runs between
// two commits, and how the form goes on with its result.
type Action struct {
	Name string
	run  func(ctx context.Context, e Effect, args json.RawMessage) ([]byte, error)
	done func(ctx context.Context, t *Turn, result []byte) (Move, error)
}

// NewAction declares an action. run is one transaction that looks for the
// effect's ID first; a refusal by the rules is a result, not an error. done
// tells the customer.
func NewAction[A, R any](
	name string,
	run func(ctx context.Context, e Effect, args A) (R, error),
	done func(ctx context.Context, t *Turn, result R) (Move, error),
) Action {
	return Action{
		Name: name,
		run: func(ctx context.Context, e Effect, raw json.RawMessage) ([]byte, error) {
			var args A
			if err := json.Unmarshal(raw, &args); err != nil {
				return nil, fmt.Errorf("decode arguments of %s: %w", name, err)
			}
			result, err := run(ctx, e, args)
			if err != nil {
				return nil, err
			}
			return json.Marshal(result)
		},
		done: func(ctx context.Context, t *Turn, raw []byte) (Move, error) {
			var result R
			if err := json.Unmarshal(raw, &result); err != nil {
				return Move{}, fmt.Errorf("decode result of %s: %w", name, err)
			}
			return done(ctx, t, result)
		},
	}
}

// Move is where an answer leads.
type Move struct {
	kind moveKind
	slot string
	key  string
	args []words.Arg
	do   any
}

type moveKind uint8

const (
	moveNext moveKind = iota
	moveUnclear
	moveRefuse
	moveStay
	moveTo
	moveDo
	moveClose
	movePassed
	moveLeave
)

var (
	// Next: the answer was taken.
	Next = Move{kind: moveNext}
	// Unclear: this is no answer to the question; it may be something else.
	Unclear = Move{kind: moveUnclear}
	// Close: the form is over, and whatever is to be said has been said.
	Close = Move{kind: moveClose}
	// Passed: the form is over, and its customer has what he came for. If a command
	// of his has waited for that (Turn.Through), it is carried out now.
	Passed = Move{kind: movePassed}
)

// Refuse: this is an answer, but not one that can be taken; the words of key
// say why, and the same question stands.
func Refuse(key string, args ...words.Arg) Move {
	return Move{kind: moveRefuse, key: key, args: args}
}

// Unread: nothing of an answer was found in the text, which may be something else,
// as with Unclear. If it is nothing else either, the words of key say what is
// wanted, in the place of the question's.
func Unread(key string, args ...words.Arg) Move {
	return Move{kind: moveUnclear, key: key, args: args}
}

// Stay: the answer was taken, and more of it may come: the words of key say so, and
// the same question stands.
func Stay(key string, args ...words.Arg) Move {
	return Move{kind: moveStay, key: key, args: args}
}

// Leave: the form is over, and a scenario or a command is given,
// "bill.month:2026-10".
func Leave(command string) Move { return Move{kind: moveLeave, slot: command} }

// To leads back to the question of slot, which must be in Question.Goes.
func To[T any](slot Slot[T]) Move { return Move{kind: moveTo, slot: string(slot)} }

// Do names an action of the form, to be carried out before it goes on.
func Do(action string, args any) Move { return Move{kind: moveDo, slot: action, do: args} }
