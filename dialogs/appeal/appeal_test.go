package appeal_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"okoshko/core/privacy"
	"okoshko/dialogs/appeal"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// Those in forms hold one conversation for every category (spec §5.6).
func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/forms/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	version := appeal.New(appeal.Ports{}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, func(t *testing.T) *transcript.Engine {
		t.Helper()
		return dialogstest.OpenStage(t, privacy.Web).Engine
	})
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"обращения и заявки", "/start appeal-heard-bill-wrong-debt", "заказать услугу", "хочу пожаловаться", "1", "2", "3", "вопрос", "заявка", "отзыв", "сгорел холодильник", "нет света",
		"0145201372", "ЭС-0123/26", "вчера в 18:30", "31.02", "октябрь", "40 000", "-5", "д. Сосновка, ул. Полевая, 3", "Иванов Пётр Ильич",
		"8 999 000-11-22", "x@post.example", "да", "нет", "готово", "пропустить", "меню", "назад", "отмена", "english", "🙂", "\x00",
		strings.Repeat("9", 40), strings.Repeat("очень длинно ", 300), "<b>жирно</b>", "передать показания", "оператор", "отправить", "изменить",
	}
	for seed := range uint64(16) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			b := dialogstest.NewBureau()
			if seed%2 == 0 {
				b.Order("test:1", dialogstest.Noon, "link 0145201372")
			}
			book := dialogstest.Open(t, b.Serve(dialogstest.Ports()), transcript.NewWindow())
			transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 250, texts) //nolint:gosec // a repeatable walk
		})
	}
}
