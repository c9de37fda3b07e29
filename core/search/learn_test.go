package search_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"okoshko/core/search"
)

// ways are documents with many ways to ask for them, which share most of their words.
func ways() []search.Document {
	var documents []search.Document
	for _, d := range []struct{ id, what string }{
		{"bill", "счёт"}, {"debt", "долг"}, {"meter", "счётчик"}, {"reading", "показания"}, {"tariff", "тариф"}, {"fine", "пени"},
	} {
		doc := search.Document{ID: d.id}
		for i, way := range []string{
			"где посмотреть %s", "почему такой %s", "когда придёт %s", "объясните %s", "не вижу %s в кабинете", "кому платить %s",
			"неверный %s за месяц", "откуда взялся %s", "проверьте %s", "поменять %s", "сколько стоит %s", "%s за прошлый год",
		} {
			if (i+len(documents))%4 > 0 { // not all of them ask for all
				doc.Fields = append(doc.Fields, search.Field{Text: fmt.Sprintf(way, d.what), Weight: 2})
			}
		}
		documents = append(documents, doc)
	}
	return documents
}

// What is learned does not depend on where an example stands.
func TestPlacesTeachNothing(t *testing.T) {
	t.Parallel()
	moved := ways()
	for i := range moved {
		slices.Reverse(moved[i].Fields)
	}
	here, there := search.Learn(ways()), search.Learn(moved)
	for _, text := range []string{"почему счёт", "поменять долг", "где кабинет", "платить за прошлый месяц", "откуда пени и когда тариф"} {
		a, b := here.Search(text, 6), there.Search(text, 6)
		if len(a) == 0 {
			t.Errorf("%q: nothing found", text)
		}
		likely := map[string]float32{}
		for _, hit := range b {
			likely[hit.ID] = hit.Likely
		}
		for _, hit := range a {
			if d := math.Abs(float64(hit.Likely - likely[hit.ID])); d > 0.003 {
				t.Errorf("%q: %s is likely by %.3f and %.3f", text, hit.ID, hit.Likely, likely[hit.ID])
			}
		}
	}
}
