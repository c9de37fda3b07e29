package dialogstest

import (
	"context"
	"strings"
	"testing"

	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
)

// Stage is the house with accounts to link, on one of its channels; "!" lines
// are orders of the bureau besides (see Bureau.Order), and "! bank paid", which
// tells what the provider of payments reports on the newest one.
type Stage struct {
	*transcript.Engine
	Bureau *Bureau
	In     chat.Conversation
	// Tidings makes the event that tells of a case; nil: nothing is told.
	Tidings func(n registry.News, letters []chat.File) dialog.Event
}

// OpenStage returns a stage on a channel of the house: privacy.Web, Telegram or
// TelegramStrict.
func OpenStage(t testing.TB, channel string) *Stage {
	t.Helper()
	policy := privacy.HousePolicy()
	if channel == privacy.TelegramStrict {
		policy = policy.Strict()
	}
	name, _, _ := strings.Cut(channel, " ")
	w, b := transcript.NewWindow(), NewBureau()
	ports := b.Serve(Ports())
	ports.Answers = answers()
	in := chat.Conversation(name + ":1")
	s := &Stage{transcript.NewEngine(OpenUnder(t, policy, ports, w), nil).Behind(w).In(in).Codes(b.Last), b, in, nil}
	s.Obeying(s.obey)
	return s
}

// OpenScript returns a stage on the channel that a transcript is marked with, the
// site if it is not.
func OpenScript(t *testing.T, s *transcript.Script) transcript.Stage {
	t.Helper()
	for _, channel := range []string{privacy.TelegramStrict, privacy.Telegram} {
		if s.Marked(channel) {
			return OpenStage(t, channel)
		}
	}
	return OpenStage(t, privacy.Web)
}

// Do implements transcript.Stage; (arrive) comes with the ticket that was left
// last, (arrive wrong) with one that never was.
func (s *Stage) Do(ctx context.Context, what string) error {
	switch what {
	case "(arrive)":
		return s.Arrive(ctx, s.Bureau.Real)
	case "(arrive wrong)":
		real, _ := customer.NewTicket()
		return s.Arrive(ctx, real.Reveal())
	}
	return s.Engine.Do(ctx, what)
}

// obey carries out the orders of the bureau and of what stands beside it.
func (s *Stage) obey(ctx context.Context, what string) (known bool, err error) {
	if s.Bureau.Order(s.In, s.Now(), what) || s.Bureau.Agenda.Order(s.In, s.Now(), what) {
		return true, nil
	}
	if s.Bureau.Cases.Order(s.In, s.Now(), what) {
		return true, s.tellCases(ctx)
	}
	state, ok := strings.CutPrefix(what, "bank ") // reports on the newest payment
	if !ok {
		return false, nil
	}
	p, moved := s.Bureau.report(payment.State(state), s.Now())
	if !moved {
		return true, nil
	}
	return true, s.Tell(ctx, "payment."+string(p.State), map[string]string{"number": string(p.Number)})
}

// tellCases tells the conversation what has happened to its cases.
func (s *Stage) tellCases(ctx context.Context) error {
	for _, n := range s.Bureau.Cases.News() {
		letters, err := s.Bureau.Cases.Letters(ctx, n.Conversation, &n.Record, n.Reply)
		if err != nil {
			return err
		}
		if n.Conversation != s.In || s.Tidings == nil {
			continue
		}
		if err := s.Bring(ctx, s.Tidings(n, letters)); err != nil {
			return err
		}
	}
	return nil
}
