package search

import (
	"os"
	"strings"
	"testing"
)

// unfold is the reverse of folded, for messages.
func unfold(word []byte) string {
	var b strings.Builder
	for _, c := range word {
		if isRussian(c) {
			b.WriteRune(rune(c) - firstLetter + firstRune)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func TestStemsAreSnowballs(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/stems.tsv")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range lines(string(file)) {
		n++
		if got := unfold(stem([]byte(folded(line[0])))); got != line[1] {
			t.Errorf("%s: %s, want %s", line[0], got, line[1])
		}
	}
	if n < 300 {
		t.Errorf("only %d words", n)
	}
}

func TestStemEnglish(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"bills": "bill", "readings": "read", "reading": "read", "paid": "paid", "submitted": "submit", "payment": "pay",
		"countries": "countr", "country": "countr", "address": "address", "status": "status", "rates": "rat", "rate": "rat", "gas": "gas",
	} {
		if got := string(stem([]byte(word))); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}
