package telegram

import (
	"strings"
	"unicode"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

// appendMarkup writes what stands under a message, after key; nothing if it
// has none.
func appendMarkup(out []byte, key string, m *chat.Message, s style) []byte {
	switch {
	case shares(m):
		return appendSharingKeyboard(append(out, key...), m)
	case hasButtons(m, s):
		return appendInline(append(out, key...), m, s)
	case s.dropKeyboard:
		return append(append(out, key...), `{"remove_keyboard":true}`...)
	}
	return out
}

// shares reports whether the customer is asked for what only a reply keyboard
// can ask for: his own phone number, or where he is.
func shares(m *chat.Message) bool { return m.Expect == chat.Contact || m.Expect == chat.Location }

func hasButtons(m *chat.Message, s style) bool {
	for i := range m.Choices {
		if ch := &m.Choices[i]; ch.Label != "" && (ch.Link == "" || buttonLink(m, ch, s)) {
			return true
		}
	}
	return false
}

// buttonLink reports whether a choice that is a link can be a button. A key of
// a reply keyboard opens nothing.
func buttonLink(m *chat.Message, ch *chat.Choice, s style) bool {
	return !shares(m) && !s.linksAsText &&
		(strings.HasPrefix(ch.Link, "https://") || strings.HasPrefix(ch.Link, "http://") || strings.HasPrefix(ch.Link, "tg://"))
}

func appendInline(out []byte, m *chat.Message, s style) []byte {
	out = append(out, `{"inline_keyboard":[`...)
	for i, row := range chat.Rows(m.Choices, caps) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, first := 0, true; j < len(row); j++ {
			ch := &row[j]
			if ch.Label == "" || ch.Link != "" && !buttonLink(m, ch, s) {
				continue
			}
			if !first {
				out = append(out, ',')
			}
			first = false
			out = appendString(append(out, `{"text":"`...), ch.Label, false)
			if ch.Link != "" {
				out = appendString(append(out, `","url":"`...), ch.Link, false)
			} else {
				out = appendString(append(out, `","callback_data":"`...), ch.Token, false)
			}
			out = append(out, `"}`...)
		}
		out = append(out, ']')
	}
	return append(out, `]}`...)
}

// appendSharingKeyboard writes the one keyboard that can ask for a phone number
// or a place. It takes the place of the letters, so choices stand on it, too: its
// keys say their labels, which the dialogs understand like presses.
func appendSharingKeyboard(out []byte, m *chat.Message) []byte {
	out = append(out, `{"keyboard":[[{"text":"`...)
	key, request := "contact", `","request_contact":true}]`
	if m.Expect == chat.Location {
		key, request = "location", `","request_location":true}]`
	}
	out = append(appendString(out, text.Line(languageOf(m), key), false), request...)
	for _, row := range chat.Rows(m.Choices, caps) {
		first := true
		for i := range row {
			if row[i].Link != "" || row[i].Label == "" {
				continue
			}
			if first {
				out = append(out, `,[`...)
			} else {
				out = append(out, ',')
			}
			first = false
			out = append(appendString(append(out, `{"text":"`...), row[i].Label, false), `"}`...)
		}
		if !first {
			out = append(out, ']')
		}
	}
	return append(out, `],"resize_keyboard":true,"one_time_keyboard":true}`...)
}

// languageOf tells the language of a message by its letters: a channel is not
// told which one the customer speaks.
func languageOf(m *chat.Message) words.Lang {
	latin, cyrillic := 0, 0
	count := func(s string) {
		for _, r := range s {
			switch {
			case unicode.Is(unicode.Cyrillic, r):
				cyrillic++
			case unicode.Is(unicode.Latin, r):
				latin++
			}
		}
	}
	for _, block := range m.Blocks {
		for _, span := range block.Spans {
			count(span.Text)
		}
	}
	for _, ch := range m.Choices {
		count(ch.Label)
	}
	if latin > cyrillic {
		return words.EN
	}
	return words.RU
}
