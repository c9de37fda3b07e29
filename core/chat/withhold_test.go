package chat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"okoshko/core/chat"
	"okoshko/core/privacy"
)

// classes are all that a block may hold.
const classes = int(privacy.Confidential) + 1

// Whatever a message holds and wherever it goes: no forbidden block leaves, and
// no permitted one is lost or moved.
func TestNothingForbiddenLeaves(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		shows := privacy.Classes(r.IntN(1 << classes))
		var m chat.Message
		var want []string
		for i := range r.IntN(6) {
			b := chat.Para(fmt.Sprintf("block %d", i))
			b.Holds = privacy.Classes(r.IntN(1 << classes))
			if r.IntN(3) == 0 {
				b.Holds = 0
			}
			m.Blocks = append(m.Blocks, b)
			if b.Holds.Within(shows) {
				want = append(want, b.Spans[0].Text)
			}
		}
		var files []string
		for i := range r.IntN(3) {
			f := chat.File{ID: fmt.Sprint(i), Holds: privacy.Classes(r.IntN(1 << classes))}
			m.Files = append(m.Files, f)
			if f.Holds.Within(shows) {
				files = append(files, f.ID)
			}
		}
		if len(want) == 0 && len(files) == 0 && !m.Empty() {
			want = []string{privacy.Hidden}
		}
		before := m.Plain()
		got := chat.Withhold(m, shows)
		if got.Plain() != strings.Join(want, "\n") {
			t.Fatalf("shows %b of %+v:\n%s", shows, m.Blocks, got.Plain())
		}
		var sent []string
		for _, f := range got.Files {
			sent = append(sent, f.ID)
		}
		if !slices.Equal(sent, files) {
			t.Fatalf("shows %b of %+v: files %q", shows, m.Files, sent)
		}
		if m.Plain() != before {
			t.Fatal("the message itself was changed, which the log of another channel may share")
		}
		for _, part := range chat.Fit(got, chat.Caps{Text: 8}) { // what is cut holds what the whole held
			for _, b := range part.Blocks {
				if !b.Holds.Within(shows) {
					t.Fatalf("a part holds %b where %b may be shown", b.Holds, shows)
				}
			}
		}
	}
}

// A block that is cut in two still knows what it holds.
func TestPartsOfABlockHoldTheSame(t *testing.T) {
	t.Parallel()
	b := chat.Para("Иванова Мария Петровна, ул. Садовая")
	b.Holds = privacy.ClassesOf(privacy.Identity)
	parts := chat.Fit(chat.Message{Blocks: []chat.Block{b}}, chat.Caps{Text: 12})
	if len(parts) < 2 {
		t.Fatalf("nothing was cut: %+v", parts)
	}
	for _, p := range parts {
		if len(p.Blocks) != 1 || p.Blocks[0].Holds != b.Holds {
			t.Errorf("a part holds %+v", p.Blocks)
		}
	}
}
