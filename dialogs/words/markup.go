package words

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"okoshko/core/chat"
)

// template is a text parsed once: blocks of spans of parts.
type template struct {
	blocks []blockTemplate
	spans  int      // in all blocks together
	args   []string // names of all placeholders, sorted
	line   string   // the whole as one line, when there are no placeholders
}

type blockTemplate struct {
	kind  chat.BlockKind
	spans []spanTemplate
}

type spanTemplate struct {
	parts   []part
	bold    bool
	link    string // a fixed address
	linkArg string // or the argument that holds it
}

// part is literal text, or the place of an argument.
type part struct{ text, arg string }

// flaw is a mistake in a text, with the line counted from its first.
type flaw struct {
	line   int
	reason string
}

// parse reads the markup described in the package comment and reports every
// mistake, one per line of text at most.
func parse(text string) (*template, []flaw) {
	t := new(template)
	var flaws []flaw
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		block, err := parseBlock(line)
		if err != nil {
			flaws = append(flaws, flaw{line: n, reason: err.Error()})
			continue
		}
		t.blocks = append(t.blocks, block)
		t.spans += len(block.spans)
	}
	if len(t.blocks) == 0 && flaws == nil {
		flaws = append(flaws, flaw{reason: "the text is empty"})
	}
	t.collectArgs()
	if len(t.args) == 0 {
		t.line = string(t.appendLine(nil, RU, nil, nil))
	}
	return t, flaws
}

func (t *template) collectArgs() {
	for _, b := range t.blocks {
		for _, s := range b.spans {
			if s.linkArg != "" {
				t.args = append(t.args, s.linkArg)
			}
			for _, p := range s.parts {
				if p.arg != "" {
					t.args = append(t.args, p.arg)
				}
			}
		}
	}
	slices.Sort(t.args)
	t.args = slices.Compact(t.args)
}

func parseBlock(line string) (blockTemplate, error) {
	p := lineParser{rest: line}
	if rest, ok := strings.CutPrefix(line+" ", "- "); ok {
		p.kind, p.rest = chat.Item, strings.TrimSpace(rest)
		if p.rest == "" {
			return blockTemplate{}, errors.New("an item of a list is empty")
		}
	}
	if err := p.run(); err != nil {
		return blockTemplate{}, err
	}
	return p.blockTemplate, nil
}

// lineParser reads one line.
type lineParser struct {
	blockTemplate
	rest string
	span spanTemplate    // being read
	text strings.Builder // literal text being read
}

func (p *lineParser) run() error {
	for p.rest != "" {
		var err error
		switch {
		case strings.HasPrefix(p.rest, "**"):
			err = p.toggleBold()
		case p.rest[0] == '[':
			err = p.readLink()
		default:
			err = p.readPlain()
		}
		if err != nil {
			return err
		}
	}
	if p.span.bold {
		return errors.New("bold text that ** begins is not closed by another **")
	}
	p.endSpan()
	return nil
}

func (p *lineParser) toggleBold() error {
	p.rest = p.rest[2:]
	p.endText()
	if p.span.bold && len(p.span.parts) == 0 && !p.afterBold() {
		return errors.New("there is nothing between ** and **")
	}
	bold := !p.span.bold
	p.endSpan()
	p.span.bold = bold
	return nil
}

// afterBold reports whether the last finished span was bold: a link that is
// the whole of a bold text has already been put away.
func (p *lineParser) afterBold() bool {
	return len(p.spans) > 0 && p.spans[len(p.spans)-1].bold && p.spans[len(p.spans)-1].hasLink()
}

func (s *spanTemplate) hasLink() bool { return s.link != "" || s.linkArg != "" }

// readPlain reads one placeholder, escape or stretch of literal text.
func (p *lineParser) readPlain() error {
	switch c := p.rest[0]; c {
	case '{':
		name, rest, ok := strings.Cut(p.rest[1:], "}")
		if !ok || !isName(name) {
			return errors.New(`{ does not begin a placeholder such as {name}; write \{ for a brace`)
		}
		p.endText()
		p.span.parts = append(p.span.parts, part{arg: name})
		p.rest = rest
	case '}':
		return errors.New(`} closes nothing; write \} for a brace`)
	case '\\':
		if len(p.rest) < 2 || !strings.ContainsRune(`\{}[]()*-`, rune(p.rest[1])) {
			return errors.New(`\ escapes only \ { } [ ] ( ) * -`)
		}
		p.text.WriteByte(p.rest[1])
		p.rest = p.rest[2:]
	default:
		end := strings.IndexAny(p.rest[1:], `{}[]\*`) + 1
		if end == 0 {
			end = len(p.rest)
		}
		p.text.WriteString(p.rest[:end])
		p.rest = p.rest[end:]
	}
	return nil
}

// readLink reads [label](address).
func (p *lineParser) readLink() error {
	bold := p.span.bold
	p.endSpan()
	p.span.bold = bold
	p.rest = p.rest[1:]
	for !strings.HasPrefix(p.rest, "]") {
		if p.rest == "" || p.rest[0] == '[' || strings.HasPrefix(p.rest, "**") {
			return errors.New(`[ does not begin a link such as [label](https://address); write \[ for a bracket, and ** outside of a label`)
		}
		if err := p.readPlain(); err != nil {
			return err
		}
	}
	p.endText()
	if len(p.span.parts) == 0 {
		return errors.New("a link has no label")
	}
	address, rest, ok := strings.Cut(strings.TrimPrefix(p.rest[1:], "("), ")")
	if !ok || !strings.HasPrefix(p.rest, "](") {
		return errors.New(`[ does not begin a link such as [label](https://address); write \[ for a bracket`)
	}
	if name := strings.TrimSuffix(strings.TrimPrefix(address, "{"), "}"); len(name) == len(address)-2 && isName(name) {
		p.span.linkArg = name
	} else if isAddress(address, "https://", "tel:", "mailto:") {
		p.span.link = address
	} else {
		return fmt.Errorf("the address %q of a link is neither https, tel or mailto nor one placeholder", address)
	}
	p.rest = rest
	p.endSpan()
	p.span.bold = bold
	return nil
}

// endText closes the literal text being read.
func (p *lineParser) endText() {
	if p.text.Len() > 0 {
		p.span.parts = append(p.span.parts, part{text: p.text.String()})
		p.text.Reset()
	}
}

// endSpan closes the span being read and begins a plain one.
func (p *lineParser) endSpan() {
	p.endText()
	if len(p.span.parts) > 0 {
		p.spans = append(p.spans, p.span)
	}
	p.span = spanTemplate{}
}

// isName reports whether s may name a placeholder: a small Latin letter, then
// such letters, digits and underscores.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// isAddress reports whether s starts with one of the schemes, goes on, and
// holds nothing that would end it early in any channel's markup.
func isAddress(s string, schemes ...string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || strings.IndexByte("\"<>\\`{}\x7f", s[i]) >= 0 {
			return false
		}
	}
	return slices.ContainsFunc(schemes, func(scheme string) bool {
		return strings.HasPrefix(s, scheme) && len(s) > len(scheme)
	})
}
