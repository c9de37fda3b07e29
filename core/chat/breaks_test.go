package chat_test

import (
	"strings"
	"testing"

	"okoshko/core/chat"
)

// A long text has air between its paragraphs, a short one and a list have none.
func TestBreaks(t *testing.T) {
	t.Parallel()
	kinds := func(s string) (blocks []chat.Block) {
		for _, k := range s {
			b := chat.Para("x")
			if k == 'i' {
				b.Kind = chat.Item
			}
			blocks = append(blocks, b)
		}
		return blocks
	}
	for in, want := range map[string]string{
		"p": "0", "ppppp": "01111", "piip": "0111", "pppppp": "022222", "piippii": "0112211",
	} {
		blocks := kinds(in)
		var got strings.Builder
		for i := range blocks {
			got.WriteByte(byte('0' + chat.Breaks(blocks, i)))
		}
		if got.String() != want {
			t.Errorf("%s: got %s, want %s", in, got.String(), want)
		}
	}
}

// However a text is cut, no part is over the limit as a channel writes it.
func TestPartsFitWithTheirBreaks(t *testing.T) {
	t.Parallel()
	var m chat.Message
	for range 40 {
		m.Blocks = append(m.Blocks, chat.Para(strings.Repeat("ё", 9)))
	}
	for limit := 12; limit < 120; limit++ {
		for _, part := range chat.Fit(m, chat.Caps{Text: limit}) {
			n := 0
			for i, b := range part.Blocks {
				n += chat.Breaks(part.Blocks, i) + chat.Units(b.Spans[0].Text)
			}
			if n > limit {
				t.Fatalf("a part of %d where %d fit", n, limit)
			}
		}
	}
}
