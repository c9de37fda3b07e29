package questions_test

import (
	"testing"

	"okoshko/core/knowledge"
	"okoshko/core/knowledge/demo"
	"okoshko/dialogs/questions"
)

// Whoever writes of another's matter is told whose it is, for every kind of
// organisation that the directory has, but for those of our own matters.
func TestAddressees(t *testing.T) {
	t.Parallel()
	h := newHouse(t, knowledge.NewLibrary(knowledge.Published()).All())
	asked := map[string][]string{
		"gas":   {"газовая плита плохо горит, кого звать", "куда передать показания газового прибора", "gas stove does not work, whom do I call"},
		"water": {"в ванной нет воды с ночи", "дайте номер водоканала пожалуйста", "ВОДА РЖАВАЯ ТЕЧЁТ ИЗ КРАНА", "no water since this morning"},
		"heat": {
			"батареи совсем холодные уже неделю", "в квартире дубак, отопление не включили", "почему нет горячей воды второй день",
			"the radiators are cold, whom do I call",
		},
		"waste":              {"мусорные баки полные третий день не вывозят", "кому жаловаться что мусор не увозят", "rubbish was not collected this week"},
		"housing_inspection": {"в подъезде неделю не моют полы", "управляющая компания не чинит лифт, куда жаловаться", "our lift is broken for a week"},
		"social":             {"детское пособие не пришло в этом месяце", "дайте телефон соцзащиты нашего района"},
		"mfc":                {"как попасть в мфц за загранпаспортом", "хочу прописать дочь в квартире"},
		"gosuslugi":          {"сайт госуслуг не открывается весь день"},
		"gis":                {"забыла пароль от гис жкх", "как зарегистрироваться в гис жкх"},
		"regulator":          {"дайте телефон рэк", "кто утверждает тариф на воду и тепло"},
		"energy_ministry":    {"хочу написать в министерство энергетики области"},
		"consumer":           {"магазин не берёт обратно бракованный телефон", "хочу пожаловаться в роспотребнадзор на магазин"},
		"prosecutor":         {"во сколько принимает прокурор", "хочу написать жалобу в прокуратуру"},
		"emergency":          {"вызовите скорую, человеку плохо", "пожар у соседей, куда звонить"},
	}
	ours := map[string]bool{"grid": true, "edo": true} // articles name them
	for _, l := range demo.Directory().Links() {
		if asked[l.Kind] == nil && !ours[l.Kind] {
			t.Errorf("nothing is asked for %s", l.Kind)
		}
		for _, text := range asked[l.Kind] {
			if heard := h.hear(text); heard.Clarity != questions.Nothing || heard.Addressee != l.Kind {
				t.Errorf("%s: %s: %+v", l.Kind, text, heard)
			}
		}
	}
	for _, text := range []string{
		"какая погода будет завтра", "спой песенку", "сколько стоит билет до Москвы", "абырвалг", "ты дурак", "рецепт борща",
		"кредит под низкий процент", "what is the weather tomorrow", "подскажите номер такси", "посоветуй фильм",
	} {
		if heard := h.hear(text); heard.Clarity != questions.Nothing || heard.Addressee != "" {
			t.Errorf("nobody's: %s: %+v", text, heard)
		}
	}
}
