package bill_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/bill"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/linked/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

type nothing struct{}

func (nothing) Prices() *tariff.Book { return nil }

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := bill.New(bill.Ports{Prices: nothing{}, Records: b, Desk: b}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"счёт и оплата", "долг", "почему столько", "из чего сложилось", "прошлые месяцы", "счёт за месяц", "скачать счёт", "график расхода", "меню", "назад", "отмена",
		"english", "🙂", "\x00", strings.Repeat("9", 40), "1", "2", "3", "4", "передать показания", "оператор", "сентябрь 2026",
	}
	accounts := []string{"0309188274", "0412003659", "0561209347", "ЭС-0789/26", "ЭС-0456/25", "0203118468", ""}
	for seed := range uint64(14) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if n := accounts[seed%uint64(len(accounts))]; n != "" {
				b.Order("test:1", dialogstest.Noon, "link "+n)
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 250, texts) //nolint:gosec // a repeatable walk
		})
	}
}

// views are all that can be looked at.
var views = []string{"Счёт и оплата", "почему столько", "из чего сложилось", "прошлые месяцы", "счёт за месяц", "скачать счёт", "график расхода", "документы"}

// The policy of each channel holds whatever a linked customer looks at: planted
// values of a class that the channel does not carry are in no reply.
func TestEveryChannelKeepsToItsPolicy(t *testing.T) {
	t.Parallel()
	for channel, row := range privacy.HousePolicy() {
		if channel == privacy.StaffMail || channel == privacy.Mail {
			continue
		}
		shown := map[privacy.Class]int{}
		for _, n := range []string{"0145201372", "ЭС-0123/26", "ЭС-0456/25"} {
			s := dialogstest.OpenStage(t, channel)
			must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
			must(t, s.Order(t.Context(), "link "+n))
			for _, act := range views {
				must(t, s.Do(t.Context(), act))
				heard, err := s.Hear(t.Context(), 0)
				must(t, err)
				for _, h := range heard {
					if slices.Contains(h.Files, transcript.Picture) && !row.Shows.Has(privacy.Reading) {
						t.Errorf("%s: after %q a picture of readings", channel, act)
					}
					for class, planted := range dialogstest.Planted {
						for _, value := range planted {
							if !strings.Contains(h.Text, value) {
								continue
							}
							shown[class]++
							if !row.Shows.Has(class) {
								t.Errorf("%s: after %q: %s, of class %s, in %q", channel, act, value, class, h.Text)
							}
						}
					}
				}
			}
		}
		if row.Shows.Has(privacy.Money) && shown[privacy.Money] == 0 {
			t.Errorf("%s: no sum was shown: the search finds nothing", channel)
		}
	}
}

// Nothing is shown that is not noted before, and the note names what was shown.
func TestEveryLookIsNoted(t *testing.T) {
	t.Parallel()
	s := dialogstest.OpenStage(t, privacy.Web)
	must(t, s.Set(t.Context(), dialogstest.Noon, "ru"))
	must(t, s.Order(t.Context(), "link 0412003659"))
	for _, act := range views {
		must(t, s.Do(t.Context(), act))
	}
	want := []string{
		"0412003659 bill.total", "0412003659 bill.why", "0412003659 bill.lines", "0412003659 bill.months", "0412003659 bill.month", "0412003659 bill.paper", "0412003659 bill.chart",
		"0412003659 bill.documents",
	}
	if !slices.Equal(s.Bureau.Looked, want) {
		t.Errorf("noted %q, want %q", s.Bureau.Looked, want)
	}
}

// A month that somebody makes up is the latest one, and whose account it is does
// not depend on what is asked for.
func TestMadeUpMonths(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
	for i, of := range []string{"", "1999-01", "9999-12", "2026-13", "0203118468", "../../etc/passwd", "2026-10:0203118468", "🙂"} {
		for _, command := range []string{"bill.paper", "bill.month", "bill.why", "bill.lines", "bill.chart"} {
			c := chat.Conversation("test:" + command + strconv.Itoa(i))
			b.Order(c, dialogstest.Noon, "link 0309188274")
			e := transcript.NewEngine(book, nil).In(c)
			must(t, e.Set(t.Context(), dialogstest.Noon, "ru"))
			must(t, e.Do(t.Context(), "(token) c:"+command+":"+of))
			heard, err := e.Hear(t.Context(), 0)
			must(t, err)
			if len(heard) != 1 || !strings.Contains(heard[0].Text, "8274") {
				t.Errorf("%s of %q: %+v", command, of, heard)
			}
		}
	}
	if len(b.Made) != 8 {
		t.Errorf("%d papers were made", len(b.Made))
	}
	for _, paper := range b.Made {
		if paper != "0309188274 2026-10 7213.57" {
			t.Errorf("made %q", paper)
		}
	}
}

// A document that somebody makes up is the list of his own, whatever is asked for,
// and nothing is written.
func TestMadeUpDocuments(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
	for i, of := range []string{
		"", "act", "act.", "act.1999-01", "act.2026-13", ".2026-10", "gift.2026-10", "reconciliation.2026-10", "act.2026-10.ЭС-0789/26",
		"../../etc/passwd", "2026-10", "🙂",
	} {
		c := chat.Conversation("test:documents" + strconv.Itoa(i))
		b.Order(c, dialogstest.Noon, "link ЭС-0456/25")
		e := transcript.NewEngine(book, nil).In(c)
		must(t, e.Set(t.Context(), dialogstest.Noon, "ru"))
		must(t, e.Do(t.Context(), "(token) c:bill.document:"+of))
		heard, err := e.Hear(t.Context(), 0)
		must(t, err)
		if len(heard) != 1 || !strings.Contains(heard[0].Text, "0456-10/26-1") {
			t.Errorf("%q: %+v", of, heard)
		}
	}
	if len(b.Made) != 0 {
		t.Errorf("made %q", b.Made)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
