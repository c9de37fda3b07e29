package life_test

import (
	"slices"
	"testing"

	"okoshko/core/appeal/life"
	"okoshko/core/privacy"
)

// A rating and the word to it are one line; what was rated anew is another one.
func TestARatingIsToldOnce(t *testing.T) {
	t.Parallel()
	rate := func(stars int, word string) life.Entry {
		return life.Entry{Do: life.Do{Event: life.Rate, Rating: stars, Note: privacy.NewText(word)}}
	}
	answer := life.Entry{Do: life.Do{Event: life.Answer}}
	c := life.Case{History: []life.Entry{
		answer, rate(2, ""), rate(2, "Не ответили"), answer, rate(4, ""), rate(5, ""), rate(5, "Спасибо"), rate(3, ""),
	}}
	var got []int
	for i := range c.History {
		if c.Reworded(i) {
			got = append(got, i)
		}
	}
	if !slices.Equal(got, []int{1, 5}) {
		t.Errorf("lines %d are told by the next", got)
	}
}
