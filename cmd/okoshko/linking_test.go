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

// TestBillTranscripts shows the bill of every account of the demo (spec §5.1),
// each both on the site and in Telegram, and what guests are led through before.
func TestBillTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/bill/testdata/server/*_guest.chat", pgtest.Zone, newCodeStage)
	const accounts = "../../dialogs/bill/testdata/server/accounts_*.chat"
	t.Run("web", func(t *testing.T) {
		t.Parallel()
		transcript.Run(t, accounts, pgtest.Zone, newWebCodeStage)
	})
	t.Run("tg", func(t *testing.T) {
		t.Parallel()
		transcript.Run(t, accounts, pgtest.Zone, func(t *testing.T, s *transcript.Script) transcript.Stage {
			t.Helper()
			stage := newTelegramCodeStage(t, s)
			inTelegram(s)
			return stage
		})
	})
}

// inTelegram makes of what the site says what Telegram says, word for word: a
// file is a link behind a button, the category of a contract is not named, and
// who has a phone on file may prove the account with his contact.
func inTelegram(s *transcript.Script) {
	s.Path = "" // the file stays the site's, also under -update
	words := strings.NewReplacer(
		"Договор 4-й ценовой категории: энергия", "По этому договору энергия",
		"[Другой счёт] [Назад]", "[Подтвердить номером телефона] [Другой счёт] [Назад]",
	)
	for i := range s.Acts {
		var heard []string
		link := ""
		for _, line := range s.Acts[i].Heard {
			name, file := strings.CutPrefix(line, "  {")
			switch name = strings.TrimSuffix(name, "}"); {
			case file && name != transcript.Picture:
				line, link = "  Документ откроется по кнопке. Ссылка сработает один раз и скоро перестанет действовать.", "[Открыть: "+name+"] "
			case link != "":
				line, link = "  "+link+strings.TrimPrefix(line, "  "), ""
			case len(heard) == 1 && strings.Contains(heard[0], "последние 4 цифры номера счётчика"):
				line = words.Replace(line)
			case len(heard) == 0:
				line = words.Replace(line)
			}
			heard = append(heard, line)
		}
		s.Acts[i].Heard = heard
	}
}

// newCodeStage returns a stage in the widget or in Telegram, as the transcript's
// name says.
func newCodeStage(t *testing.T, s *transcript.Script) transcript.Stage {
	t.Helper()
	if strings.Contains(s.Path, "web") {
		return newWebCodeStage(t, s)
	}
	return newTelegramCodeStage(t, s)
}

func newWebCodeStage(t *testing.T, _ *transcript.Script) transcript.Stage {
	t.Helper()
	sample(t)
	g := newWebStage(t, 20261127)
	return &codeStage{Stage: g, s: g.s}
}

func newTelegramCodeStage(t *testing.T, _ *transcript.Script) transcript.Stage {
	t.Helper()
	sample(t)
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
