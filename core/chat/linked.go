package chat

import (
	"regexp"
	"strings"
)

// webAddress is an address of the web within a text, with the marks behind it.
var webAddress = regexp.MustCompile(`https?://[^\s<>"«»]+`)

// marks may end a sentence right behind an address and are none of it.
const marks = ".,;:!?…'’*_"

// Linked returns a paragraph of plain text in which the addresses of the web are
// links: what staff type is read in channels that make none of their own.
func Linked(text string) Block {
	var b Block
	add := func(s Span) {
		if s.Text != "" {
			b.Spans = append(b.Spans, s)
		}
	}
	end := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		address := bare(text[at[0]:at[1]])
		if strings.HasSuffix(address, "//") { // a scheme alone
			continue
		}
		add(Span{Text: text[end:at[0]]})
		add(Span{Text: address, Link: address})
		end = at[0] + len(address)
	}
	add(Span{Text: text[end:]})
	return b
}

// bare takes off what follows an address: marks, and brackets that it did not open.
func bare(address string) string {
	for {
		s := strings.TrimRight(address, marks)
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(s, pair[1:]) && strings.Count(s, pair[:1]) < strings.Count(s, pair[1:]) {
				s = s[:len(s)-1]
			}
		}
		if s == address {
			return s
		}
		address = s
	}
}
