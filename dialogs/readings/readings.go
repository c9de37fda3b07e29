// Package readings is the conversation in which a customer submits meter
// readings: which account, what proves it, the value of each register, a look
// at the whole, a receipt. The rules are billing's (spec §2.1); here stands
// how they sound.
//
// A guest is shown nothing that he has not said himself: no address, name,
// money, earlier value or consumption (spec §3.7). Whose conversation is linked
// to an account chooses it by button, proves nothing, and is shown the values
// before, once it is noted that he is.
package readings

import (
	"context"
	"embed"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// The answers of the form. Those without a question of their own are filled
// beside the one they belong to.
const (
	account  = dialog.Slot[billing.AccountNumber]("account")
	proof    = dialog.Slot[bool]("proof")
	several  = dialog.Slot[bool]("several")      // the account has several meters, beside proof
	chosen   = dialog.Slot[meter]("meter")       // the one that is read
	heard    = dialog.Slot[saying]("heard")      // values said before the meter was known
	doubt    = dialog.Slot[doubtful]("doubt")    // what must be confirmed before going on
	settled  = dialog.Slot[bool]("settled")      // the question that confirms it
	as       = dialog.Slot[bool]("as_entered")   // zones are not to be swapped
	entered  = dialog.Slot[time.Time]("entered") // when the last value was said
	evidence = dialog.Slot[[]string]("evidence") // files kept on the way
	remarks  = dialog.Slot[[]string]("remarks")  // what the summary adds in words
	contract = dialog.Slot[bool]("contract")     // an organisation asks, whose account is called a contract
	linked   = dialog.Slot[[]link]("linked")     // the accounts that the conversation may see
	meters   = dialog.Slot[[]named]("meters")    // of a linked account with several
	before   = dialog.Slot[past]("before")       // a linked meter's values before
)

// forContract is what the form is opened for by an organisation.
const forContract = "contract"

// values are the slots of the registers, in the meter's order. No meter has
// more than three zones (spec §2.1).
var values = [...]dialog.Slot[billing.Entry]{"t1", "t2", "t3"}

// valueFills is what an answer with values may fill; they may be another
// account's.
var valueFills = []string{"t1", "t2", "t3", "doubt", "as_entered", "entered", "remarks", "heard", "account"}

// meter is what the form remembers of a meter.
type meter struct {
	ID        billing.MeterID    `json:"i"`
	Digits    int                `json:"d"`
	Registers []billing.Register `json:"r"`
	Legal     bool               `json:"l,omitempty"` // a legal entity's: other months
}

func (m meter) billing() billing.Meter {
	return billing.Meter{ID: m.ID, Digits: m.Digits, Registers: m.Registers}
}

type scenario struct {
	linked Linked
	guests Guests
	meters Meters
	desk   Desk
	sent   Sent
	zone   *time.Location
}

// New returns the scenario. zone is the company's: months are counted in it.
func New(linkages Linked, guests Guests, m Meters, desk Desk, sent Sent, zone *time.Location) *dialog.Scenario {
	s := &scenario{linked: linkages, guests: guests, meters: m, desk: desk, sent: sent, zone: zone}
	catalogue := words.Must(texts)
	return &dialog.Scenario{
		Name: "readings", Version: 1, Words: catalogue, Slash: "readings",
		Form: &dialog.Form{
			Questions: append([]dialog.Question{
				{
					Slot: "account", Expect: chat.Text, Take: s.takeAccount, Fills: []string{"heard"},
					Wording: accountWording, Args: contacts, Options: linkedOptions, Show: showAccount,
				},
				{
					Slot: "proof", Expect: chat.Text, Take: s.takeProof, After: []string{"account"}, Needed: guest,
					Fills: append([]string{"several", "meter", "evidence", "meters", "before"}, valueFills...), Goes: []string{"account"}, Options: otherAccount,
				},
				{
					Slot: "meter", Expect: chat.Text, Take: s.takeMeter, After: []string{"proof"}, Needed: severalMeters,
					Wording: meterWording, Options: meterOptions, Fills: append([]string{"several", "before"}, valueFills...),
				},
				{
					Slot: "settled", Take: s.takeDoubt, Expect: chat.Number, Needed: inDoubt, Wording: doubtWording,
					Options: doubtOptions, Args: s.doubtArgs, Fills: valueFills,
				},
			}, s.valueQuestions()...),
			Summary: &dialog.Summary{
				Args: s.summaryArgs, Notes: s.notes, Take: s.takeCorrection,
				Fills: append([]string{"evidence"}, valueFills...),
			},
			With:   submission,
			Submit: dialog.NewAction("submit", desk.SubmitReadings, s.accepted),
			Actions: []dialog.Action{
				dialog.NewAction("keep", s.keepEvidence, s.kept),
				dialog.NewAction("look", s.look, s.looked),
			},
		},
		Open: s.open,
		Commands: []dialog.Command{
			{Name: "mine", Slash: "my", Do: s.mine},
			{Name: "contract", Leaves: true, Linked: true, Do: func(ctx context.Context, t *dialog.Turn) error {
				return t.Begin(ctx, forContract)
			}},
		},
		Hears: hears,
	}
}

func contacts(t *dialog.Turn) []words.Arg { return t.Contacts() }

// valueQuestions asks for one register after another; an answer may give them
// all.
func (s *scenario) valueQuestions() []dialog.Question {
	var out []dialog.Question
	for i := range values {
		out = append(out, dialog.Question{
			Slot: string(values[i]), Key: "value", Expect: chat.Number, After: []string{"meter", "proof"},
			Needed:  func(t *dialog.Turn) bool { return i < len(chosen.Of(t.Answers).Registers) },
			Wording: func(t *dialog.Turn) string { return valueWording(t, i) },
			Args:    func(t *dialog.Turn) []words.Arg { return s.valueArgs(t, i) },
			Take:    func(ctx context.Context, t *dialog.Turn) (dialog.Move, error) { return s.takeValue(ctx, t, i) },
			Fills:   valueFills,
			Show:    func(t *dialog.Turn) string { return showValue(t, i) },
		})
	}
	return out
}
