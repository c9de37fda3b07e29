package cases_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/appeal/enquiry"
	"okoshko/core/privacy"
	"okoshko/dialogs/cases"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, open)
}

func open(t *testing.T, s *transcript.Script) transcript.Stage {
	t.Helper()
	stage := dialogstest.OpenScript(t, s)
	stage.(*dialogstest.Stage).Tidings = cases.Tidings //nolint:forcetypeassert // it opens no other
	return stage
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	b := dialogstest.NewBureau()
	version := cases.New(cases.Ports{Register: b.Cases, Askers: enquiry.NewAskers(b.Cases, b, dialogstest.Limits), Links: b, Looks: b, Papers: b.Cases}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		stage := dialogstest.OpenStage(t, privacy.Web)
		stage.Tidings = cases.Tidings
		return stage.Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"мои обращения", "ОБ-2026-000001", "об 2026 1", "где мой ответ по ЖБ-2026-000001?", "ОБ-2026-000999", "ответить", "дополнить", "отозвать",
		"не согласен", "оценить ответ", "1", "5", "6", "да", "нет", "меню", "назад", "отмена", "отправить", "english", "🙂", "\x00",
		strings.Repeat("я", 4000), "передать показания", "оператор", "пропустить",
		"найти обращение", "1", "4567", "anna@post.example", "другой номер",
	}
	orders := []string{
		"case ask Какой номер счётчика?", "case work", "case answer Всё пересчитали.", "case В-1", "case work", "case extend Ждём сети",
		"case З-10", "case work", "case propose 2026-12-01T10:00 2026-12-02T14:00",
	}
	for seed := range uint64(16) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			b.Cases.Order("test:1", dialogstest.Noon, "case В-0")
			for _, order := range orders[:seed%uint64(len(orders)+1)] {
				b.Cases.Order("test:1", dialogstest.Noon, order)
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 250, texts) //nolint:gosec // a repeatable walk
		})
	}
}
