package words

import (
	"slices"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/privacy"
)

// miss is told the name of an argument that was not given; it may be nil.
type miss func(arg string)

// say fills the template in. The result is the caller's own; it costs one
// allocation for the blocks, one for the spans, and one for each span that
// joins an argument with other text.
func (t *template) say(lang Lang, args []Arg, missing miss) []chat.Block {
	blocks := make([]chat.Block, 0, len(t.blocks))
	spans := make([]chat.Span, 0, t.spans)
	var buffer [256]byte
	for i := range t.blocks {
		b := &t.blocks[i]
		if arg := b.alone(); arg != "" {
			if several, ok := find(args, arg, nil).(Blocks); ok {
				blocks = append(blocks, several...)
				continue
			}
		}
		start := len(spans)
		for j := range b.spans {
			s := &b.spans[j]
			text := s.text(buffer[:0], lang, args, missing)
			if text == "" {
				continue
			}
			spans = append(spans, chat.Span{Text: text, Bold: s.bold, Link: s.address(lang, args, missing)})
		}
		if len(spans) > start {
			blocks = append(blocks, chat.Block{Kind: b.kind, Spans: slices.Clip(spans[start:]), Holds: b.holds(args)})
		}
	}
	return blocks
}

// holds returns the classes of the arguments that the block is made with.
func (b *blockTemplate) holds(args []Arg) privacy.Classes {
	var set privacy.Classes
	note := func(arg string) {
		if c, ok := find(args, arg, nil).(privacy.Classified); ok {
			set |= privacy.ClassesOf(c.Class())
		}
	}
	for i := range b.spans {
		for _, p := range b.spans[i].parts {
			note(p.arg)
		}
		note(b.spans[i].linkArg)
	}
	return set
}

// text returns the span's text; buffer is room to work in.
func (s *spanTemplate) text(buffer []byte, lang Lang, args []Arg, missing miss) string {
	if len(s.parts) == 1 {
		p := s.parts[0]
		if p.arg == "" {
			return p.text
		}
		if text, ok := find(args, p.arg, missing).(string); ok {
			return text
		}
	}
	return string(s.appendText(buffer, lang, args, missing))
}

func (s *spanTemplate) appendText(dst []byte, lang Lang, args []Arg, missing miss) []byte {
	for _, p := range s.parts {
		if p.arg == "" {
			dst = append(dst, p.text...)
		} else {
			dst = appendValue(dst, lang, find(args, p.arg, missing))
		}
	}
	return dst
}

// address returns where the span leads. An argument that is no web address,
// telephone or mailbox leads nowhere: the label stands as plain text.
func (s *spanTemplate) address(lang Lang, args []Arg, missing miss) string {
	if s.linkArg == "" {
		return s.link
	}
	// http is for a server on one's own machine.
	address := string(appendValue(nil, lang, find(args, s.linkArg, missing)))
	if !isAddress(address, "https://", "http://", "tel:", "mailto:") {
		return ""
	}
	return address
}

// appendLine appends the text as one line, without looks.
func (t *template) appendLine(dst []byte, lang Lang, args []Arg, missing miss) []byte {
	start := len(dst)
	for i := range t.blocks {
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		for j := range t.blocks[i].spans {
			dst = t.blocks[i].spans[j].appendText(dst, lang, args, missing)
		}
	}
	// Only an argument can hold a line break; it must not break a label.
	for i := start; i < len(dst); i++ {
		if strings.IndexByte("\n\r\t\v\f", dst[i]) >= 0 {
			dst[i] = ' '
		}
	}
	return dst
}

// find returns the value of the argument, nil if it is not given.
func find(args []Arg, name string, missing miss) any {
	for i := range args {
		if args[i].name == name {
			return args[i].value
		}
	}
	if missing != nil {
		missing(name)
	}
	return nil
}
