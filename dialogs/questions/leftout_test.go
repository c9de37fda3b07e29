package questions_test

import (
	"flag"
	"hash/fnv"
	"slices"
	"testing"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/questions"
)

var leftOut = flag.Bool("leftout", false, "score what the ear makes of examples that it has not learned from")

// TestLeftOut leaves a fifth of the examples out in turn and asks the ear for them:
// what its numbers are tuned by. Examples are terser and lie closer together than
// what customers write, so that its scores are for comparing only.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	if !*leftOut {
		t.Skip("for tuning: -leftout")
	}
	const fifths = 5
	articles := slices.Collect(knowledge.NewLibrary(knowledge.Published()).All())
	house := newHouse(t, slices.Values(articles))
	openings := dialog.Openings(house.listed...)
	all := questions.AllExamples()
	sum := score{file: "left out"}
	for fifth := range fifths {
		kept := map[string][]string{}
		var asked []message
		for name, list := range all {
			for _, text := range list {
				switch {
				case part(text, fifths) != fifth:
					kept[name] = append(kept[name], text)
				case name == "":
					asked = append(asked, message{text: text})
				default:
					asked = append(asked, message{text, []string{name}})
				}
			}
		}
		house.ear = questions.NewEarOf(slices.Values(articles), openings, kept)
		sum.add(house.measureList("left out", asked))
	}
	sum.tell(t)
}

// part is to which of so many parts a text belongs, the same at every time.
func part(text string, parts int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return int(h.Sum32()>>4) % parts
}
