package chat

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Caps is what a channel is able to show. Core degrades a message to it; a
// channel never chooses words.
type Caps struct {
	// Text and Caption limit one message, in UTF-16 units after markup.
	Text, Caption int
	// Buttons is the most buttons of one message, dense ones not counted; 0: none,
	// choices become a numbered list.
	Buttons int
	// Row is the most buttons side by side, Label the most characters of one
	// that may stand beside another; longer ones get a row of their own.
	Row, Label int
	// Edit: a sent message can be replaced.
	Edit bool
	// Contact: the channel can ask for the customer's own phone number.
	Contact bool
	// Files: the channel carries files. Download is the largest that it hands
	// over to us, in bytes; 0: no limit of its own.
	Files    bool
	Download int64
	// Personal: the channel may carry files with personal data; on any other
	// one they become links that work once.
	Personal bool
}

// Fit degrades m to the caps: choices that cannot be buttons become a numbered
// list at the end of the text, and a text over the limit is cut between blocks
// (a single block over the limit, between words). The choices, the files and
// the prompt stand with the last part. Every part has a text or a file.
func Fit(m Message, c Caps) []Message {
	if c.Buttons == 0 || spacious(m.Choices) > c.Buttons {
		m = numbered(m)
	}
	limit := c.Text
	if len(m.Files) > 0 && c.Caption > 0 {
		limit = min(limit, c.Caption)
	}
	if limit <= 0 || size(m.Blocks) <= limit {
		return []Message{m}
	}
	parts := cut(m.Blocks, limit)
	out := make([]Message, len(parts))
	for i, blocks := range parts {
		out[i].Blocks, out[i].By = blocks, m.By
	}
	last := &out[len(out)-1]
	last.Choices, last.Expect, last.Files, last.Prompt = m.Choices, m.Expect, m.Files, m.Prompt
	return out
}

// Units returns the length of s in UTF-16 units, as Telegram counts it.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// spacious counts the choices that are not dense.
func spacious(choices []Choice) int {
	n := 0
	for i := range choices {
		if !choices[i].Dense {
			n++
		}
	}
	return n
}

func numbered(m Message) Message {
	blocks := make([]Block, 0, len(m.Blocks)+len(m.Choices))
	blocks = append(blocks, m.Blocks...)
	for i, ch := range m.Choices {
		blocks = append(blocks, Block{Spans: []Span{
			{Text: strconv.Itoa(i+1) + ". "}, {Text: ch.Label, Link: ch.Link},
		}})
	}
	m.Blocks, m.Choices = blocks, nil
	return m
}

// dense is the most blocks of a text whose paragraphs need no air between them.
const dense = 5

// Breaks returns how many line breaks a channel that writes plain lines puts
// before block i: in a long text a paragraph stands apart.
func Breaks(blocks []Block, i int) int {
	switch {
	case i == 0:
		return 0
	case len(blocks) > dense && blocks[i].Kind == Paragraph:
		return 2
	default:
		return 1
	}
}

// size is the length of the blocks as a channel writes them: line breaks
// between them, a bullet before an item.
func size(blocks []Block) int {
	n := 0
	for i, b := range blocks {
		n += Breaks(blocks, i) + blockSize(b)
	}
	return n
}

func blockSize(b Block) int {
	n := 0
	if b.Kind == Item {
		n += 2
	}
	for _, s := range b.Spans {
		n += Units(s.Text)
	}
	return n
}

func cut(blocks []Block, limit int) [][]Block {
	var parts [][]Block
	var part []Block
	used := 0
	flush := func() {
		if len(part) > 0 {
			parts = append(parts, part)
			part, used = nil, 0
		}
	}
	for _, whole := range blocks {
		for _, b := range cutBlock(whole, limit) {
			need := blockSize(b)
			if used > 0 && used+2+need > limit {
				flush()
			}
			if used > 0 {
				used += 2 // line breaks, at the most
			}
			part = append(part, b)
			used += need
		}
	}
	flush()
	return parts
}

// cutBlock cuts a block that is over the limit by itself, between words where
// there are any.
func cutBlock(b Block, limit int) []Block {
	if blockSize(b) <= limit {
		return []Block{b}
	}
	var out []Block
	current := Block{Kind: b.Kind, Holds: b.Holds}
	room := func() int { return limit - blockSize(current) }
	for _, s := range b.Spans {
		for Units(s.Text) > room() {
			head, tail := splitText(s.Text, room())
			if head != "" {
				current.Spans = append(current.Spans, Span{Text: head, Bold: s.Bold, Link: s.Link})
			}
			if len(current.Spans) > 0 {
				out = append(out, current)
			}
			current = Block{Holds: b.Holds}
			s.Text = tail
		}
		if s.Text != "" {
			current.Spans = append(current.Spans, s)
		}
	}
	if len(current.Spans) > 0 {
		out = append(out, current)
	}
	return out
}

// splitText cuts s after at most limit units, at the last space of the second
// half if there is one; it always moves forward when limit is positive.
func splitText(s string, limit int) (head, tail string) {
	if limit <= 1 {
		return "", s
	}
	n, end := 0, len(s)
	for i, r := range s {
		w := 1
		if r > 0xFFFF {
			w = 2
		}
		if n+w > limit {
			end = i
			break
		}
		n += w
	}
	if space := strings.LastIndexByte(s[:end], ' '); space > end/2 {
		return s[:space], s[space+1:]
	}
	return s[:end], s[end:]
}

// Dense choices stand in rows of so many, longer ones of so many: a phone has
// room for four times of a day, and for three days of a month.
const (
	denseRow     = 4
	denseLongRow = 3
	denseLabel   = 6 // characters, at most, of those that stand in fours
)

// Rows lays the choices out for a channel with buttons: short neighbours
// share a row up to the caps' width, dense ones rows of their own kind, long and
// wide ones stand alone. The rows are parts of choices, not copies.
func Rows(choices []Choice, c Caps) [][]Choice {
	crowd := denseRow
	for i := range choices {
		if choices[i].Dense && utf8.RuneCountInString(choices[i].Label) > denseLabel {
			crowd = denseLongRow
		}
	}
	alone := func(ch *Choice) bool { return ch.Wide || utf8.RuneCountInString(ch.Label) > c.Label }
	rows := make([][]Choice, 0, len(choices))
	for len(choices) > 0 {
		n, most := 1, c.Row
		if choices[0].Dense {
			most = crowd
		}
		for n < min(most, len(choices)) && choices[n].Dense == choices[0].Dense && !alone(&choices[0]) && !alone(&choices[n]) {
			n++
		}
		rows, choices = append(rows, choices[:n:n]), choices[n:]
	}
	return rows
}
