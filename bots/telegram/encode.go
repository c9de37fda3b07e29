package telegram

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"okoshko/core/chat"
)

// style is how a message is written. The zero value is Telegram's HTML with
// buttons; Send falls back when Telegram does not take that.
type style struct {
	// plain writes no markup: for a text whose markup was refused.
	plain bool
	// linksAsText writes choices that are links under the text: for an address
	// that Telegram takes in a text and not on a button.
	linksAsText bool
	// dropKeyboard takes away a reply keyboard.
	dropKeyboard bool
}

// appendMessage writes the arguments of sendMessage, or of editMessageText if
// replaces is not 0.
func appendMessage(out []byte, chatID, replaces int64, m *chat.Message, s style) []byte {
	out = strconv.AppendInt(append(out, `{"chat_id":`...), chatID, 10)
	if replaces != 0 {
		out = strconv.AppendInt(append(out, `,"message_id":`...), replaces, 10)
	}
	out = appendText(append(out, `,"text":`...), m, s)
	if !s.plain {
		out = append(out, `,"parse_mode":"HTML"`...)
	}
	out = append(out, `,"link_preview_options":{"is_disabled":true}`...)
	out = appendMarkup(out, `,"reply_markup":`, m, s)
	return append(out, '}')
}

// appendText writes the text of a message as a JSON string: paragraphs on
// lines of their own, with air between those of a long text, items with a bullet, and the links that cannot be
// buttons.
func appendText(out []byte, m *chat.Message, s style) []byte {
	out = append(out, '"')
	for i := range m.Blocks {
		for range chat.Breaks(m.Blocks, i) {
			out = append(out, '\\', 'n')
		}
		if m.Blocks[i].Kind == chat.Item {
			out = append(out, "• "...)
		}
		for j := range m.Blocks[i].Spans {
			out = appendSpan(out, &m.Blocks[i].Spans[j], s)
		}
	}
	for i := range m.Choices {
		if ch := &m.Choices[i]; ch.Link != "" && !buttonLink(m, ch, s) {
			out = append(out, '\\', 'n')
			out = appendSpan(out, &chat.Span{Text: ch.Label, Link: ch.Link}, s)
		}
	}
	return append(out, '"')
}

func appendSpan(out []byte, span *chat.Span, s style) []byte {
	switch link := span.Link != "" && linkable(span.Link); {
	case span.Text == "":
		return out
	case s.plain:
		out = appendString(out, span.Text, false)
		if span.Link != "" && span.Link != span.Text {
			out = append(appendString(append(out, " ("...), span.Link, false), ')')
		}
		return out
	case link && span.Bold:
		out = append(out, `<b><a href=\"`...)
		out = append(appendString(out, span.Link, true), `\">`...)
		return append(appendString(out, span.Text, true), `</a></b>`...)
	case link:
		out = append(out, `<a href=\"`...)
		out = append(appendString(out, span.Link, true), `\">`...)
		return append(appendString(out, span.Text, true), `</a>`...)
	case span.Bold:
		return append(appendString(append(out, `<b>`...), span.Text, true), `</b>`...)
	default:
		return appendString(out, span.Text, true)
	}
}

// linkable reports whether Telegram makes a link of the address
// (core.telegram.org/bots/api#formatting-options).
func linkable(address string) bool {
	for _, scheme := range [...]string{"https://", "http://", "tg://", "mailto:", "tel:"} {
		if strings.HasPrefix(address, scheme) {
			return true
		}
	}
	return false
}

// appendString writes s as the inside of a JSON string, for HTML if html is
// set. What is not UTF-8 becomes U+FFFD; control characters become spaces, as
// the server would do.
func appendString(out []byte, s string, html bool) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				out = append(append(out, s[start:i]...), `\ufffd`...)
				start = i + 1
			}
			i += n
			continue
		}
		if instead := escapes[c]; instead != "" || html && htmlEscapes[c] != "" {
			if html && htmlEscapes[c] != "" {
				instead = htmlEscapes[c]
			}
			out = append(append(out, s[start:i]...), instead...)
			start = i + 1
		}
		i++
	}
	return append(out, s[start:]...)
}

// escapes are what JSON needs; htmlEscapes are what Telegram's HTML needs, and
// need nothing more in JSON.
var (
	escapes     = jsonEscapes()
	htmlEscapes = [256]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '"': "&quot;"}
)

func jsonEscapes() (table [256]string) {
	for c := range 0x20 {
		table[c] = " "
	}
	table['\n'], table['"'], table['\\'] = `\n`, `\"`, `\\`
	return table
}
