package words

import (
	"errors"
	"fmt"
	"slices"

	"okoshko/core/chat"
)

// Text is one text outside of a catalogue, such as an article that editors
// write: parsed once, immutable, hence safe for concurrent use.
type Text struct{ template *template }

// ParseText reads the markup that the package comment describes. The error has
// one line for every mistake, with the number of its line in the text: "7: …".
func ParseText(text string) (*Text, error) {
	t, flaws := parse(text)
	var all []error
	for _, f := range flaws {
		all = append(all, fmt.Errorf("%d: %s", f.line+1, f.reason))
	}
	if err := errors.Join(all...); err != nil {
		return nil, err
	}
	return &Text{t}, nil
}

// Say returns the text with its arguments filled in as plain text. The blocks
// are the caller's own. An argument that is not given says nothing: whoever
// must know compares with Args.
func (t *Text) Say(lang Lang, args ...Arg) []chat.Block { return t.template.say(lang, args, nil) }

// Args returns the names of the arguments that the text takes, sorted.
func (t *Text) Args() []string { return slices.Clone(t.template.args) }

// Blocks are a value of several paragraphs or items. On a line of its own it
// takes the line's place; within other text it is a comma-separated list.
type Blocks []chat.Block

// String returns the blocks in one line.
func (b Blocks) String() string {
	var line []byte
	for i, block := range b {
		if i > 0 {
			line = append(line, ", "...)
		}
		for _, s := range block.Spans {
			line = append(line, s.Text...)
		}
	}
	return string(line)
}

// alone returns the argument that the block consists of, "" if it holds more.
func (b *blockTemplate) alone() string {
	if len(b.spans) != 1 || len(b.spans[0].parts) != 1 || b.spans[0].hasLink() {
		return ""
	}
	return b.spans[0].parts[0].arg
}
