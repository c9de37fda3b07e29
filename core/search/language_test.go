package search

import "testing"

// A word has one role: what says nothing, or is another trade's, is no concept
// of ours. The stems of different words may coincide.
func TestRolesDoNotContradict(t *testing.T) {
	t.Parallel()
	l := newLexicon()
	ours := roleConcept | roleElectric | roleOurs
	for _, w := range l.terms {
		r := l.terms[w.concept].role
		switch {
		case r&roleStop != 0 && r&(ours|roleForeign|roleAside) != 0,
			r&roleForeign != 0 && r&(ours|roleOrdinary) != 0:
			t.Errorf("%s (%s) has roles that contradict each other: %b", unfold([]byte(w.stem)), unfold([]byte(l.terms[w.concept].stem)), r)
		}
	}
}

// Every phrase is found, whatever longer one begins with it.
func TestPhrases(t *testing.T) {
	t.Parallel()
	l := newLexicon()
	for text, want := range map[string]string{
		"прибор учёта": "счетчик", "л/с": "лицевой_счет", "эл. энергия": "электричество", "свет пропал": "нет_света", "не работает": "сломался", "2-х тарифный": "двухтарифный",
	} {
		s := new(scratch)
		reader{l, false}.read(s, text)
		concept, n := l.match(s.tokens)
		if n != len(s.tokens) || concept != l.concept(want) {
			t.Errorf("%s: %d words, %s", text, n, unfold([]byte(l.terms[concept].stem)))
		}
	}
}
