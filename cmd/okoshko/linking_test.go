package main

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog/transcript"
)

// TestLinkingTranscripts plays the linking of accounts on whole servers: codes
// are what the demo's phones and mailboxes have received.
func TestLinkingTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/account/testdata/server/*.chat", pgtest.Zone, newCodeStage)
}

// TestBillTranscripts shows the bill of every account of the demo (spec §5.1), on
// the site and in Telegram.
func TestBillTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/bill/testdata/server/*.chat", pgtest.Zone, newCodeStage)
}

// newCodeStage returns a stage in the widget or in Telegram, as the transcript's
// name says.
func newCodeStage(t *testing.T, s *transcript.Script) transcript.Stage {
	t.Helper()
	sample(t)
	if strings.Contains(s.Path, "web") {
		g := newWebStage(t, 20261127)
		return &codeStage{Stage: g, s: g.s}
	}
	g := newTelegramStage(t)
	return &codeStage{Stage: g, s: g.s}
}

// codeStage reads the codes that its customer is sent.
type codeStage struct {
	transcript.Stage
	s    *server
	read int // codes before this one
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

func (g *codeStage) Do(ctx context.Context, what string) error {
	if !strings.HasPrefix(what, "(code") {
		return g.Stage.Do(ctx, what)
	}
	var codes []string
	err := eventually(ctx, func() (bool, error) {
		codes = codes[:0]
		var latest time.Time
		note := func(text string, at time.Time) {
			for _, code := range sixDigits.FindAllString(text, -1) {
				if at.Before(latest) { // the latest stands last
					codes = slices.Insert(codes, 0, code)
					continue
				}
				codes, latest = append(codes, code), at
			}
		}
		for _, m := range g.s.boxes.phones.Messages() {
			note(m.Text, m.At)
		}
		for _, l := range g.s.boxes.mail.Letters() {
			note(l.Text, l.At)
		}
		return len(codes) > g.read, nil
	})
	if err != nil {
		return err
	}
	code := []byte(codes[len(codes)-1])
	if what == "(code)" {
		g.read = len(codes)
	} else {
		code[0] = '0' + (code[0]-'0'+1)%10
	}
	return g.Stage.Do(ctx, string(code))
}

// TestANewLinkIsToldEverywhere: letters go to phone and mailbox, the other chat
// of the account hears of it, on the real stores.
func TestANewLinkIsToldEverywhere(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	stage := &codeStage{Stage: g, s: g.s}
	for _, act := range []string{"Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)"} {
		if err := stage.Do(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		if _, err := stage.Hear(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	list, err := g.s.stores.db.Links(t.Context(), g.conversation(), g.Now())
	if err != nil || len(list) != 1 {
		t.Fatalf("links: %v, %v", list, err)
	}
	err = g.s.tellNewLink(t.Context(), customer.NewLink{
		Link: 99, Told: list[0].ID, Conversation: g.conversation(), Account: list[0].Account, Channel: "web", At: g.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	heard, err := stage.Hear(t.Context(), 1)
	if err != nil || len(heard) != 1 || !strings.Contains(heard[0].Text, "ещё один чат") {
		t.Errorf("heard %v, %v", heard, err)
	}
	letters := func() (n int) {
		for _, m := range g.s.boxes.phones.Messages() {
			if strings.Contains(m.Text, "привязан чат (Telegram)") {
				n++
			}
		}
		for _, l := range g.s.boxes.mail.Letters() {
			if strings.Contains(l.Text, "привязан чат: Telegram") {
				n++
			}
		}
		return n
	}
	if err := eventually(t.Context(), func() (bool, error) { return letters() == 2, nil }); err != nil {
		t.Errorf("%d letters to the owner: %v", letters(), err)
	}
}
