package detect_test

import (
	"testing"

	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

// A name is known in every case form, by its first name or its surname alone.
func TestMentions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"Игорь", "Сотрудник Игорь из приёма жалоб нагрубил", true},
		{"Игорь", "разговаривал с игорем, он бросил трубку", true},
		{"Игорь Петров", "хамство со стороны ПЕТРОВА", true},
		{"Игорь Петров", "Пожаловался Игорю", true},
		{"Ольга", "Ольгу прошу наказать", true},
		{"Игорь", "Оператор положила трубку, в игре без правил", false},
		{"Ольга", "Долго ждал ответа", false},
		{"Игорь", "", false},
	} {
		if got := detect.Mentions(c.text, privacy.NewPersonName(c.name)); got != c.want {
			t.Errorf("%q in %q: %t", c.name, c.text, got)
		}
	}
}
