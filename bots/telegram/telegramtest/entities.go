package telegramtest

import (
	"encoding/json"
	"unicode/utf16"
)

// parseEntities reads the entities that a bot computed itself.
func parseEntities(list, text string) ([]Entity, *refusal) {
	var entities []Entity
	if err := json.Unmarshal([]byte(list), &entities); err != nil {
		return nil, badRequest("can't parse entities: Expected an Array of MessageEntity")
	}
	length := utf16Len(text)
	kept := entities[:0]
	for _, e := range entities {
		if !knownEntity(e.Type) {
			return nil, badRequest("can't parse entities: Unsupported type specified")
		}
		if e.Offset < 0 || e.Length <= 0 || e.Offset > length || e.Length > length-e.Offset {
			continue // as the server does
		}
		kept = append(kept, e)
	}
	return kept, nil
}

func knownEntity(kind string) bool {
	switch kind {
	case "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "text_mention",
		"expandable_blockquote":
		return true
	}
	for _, known := range tagTypes {
		if kind == known {
			return true
		}
	}
	return false
}

func appendEntities(b []byte, name string, entities []Entity) []byte {
	if len(entities) == 0 {
		return b
	}
	b = append(key(b, name), '[')
	for i, e := range entities {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"type":`...), e.Type)
		b = number(b, "offset", int64(e.Offset))
		b = number(b, "length", int64(e.Length))
		b = field(b, "url", e.URL)
		b = field(b, "language", e.Language)
		b = append(field(b, "custom_emoji_id", e.Emoji), '}')
	}
	return append(b, ']')
}

// utf16Len counts the UTF-16 units of s.
func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		// Every rune has one byte that is no continuation; those of four
		// bytes need two units.
		if c := s[i]; c&0xC0 != 0x80 {
			n++
			if c >= 0xF0 {
				n++
			}
		}
	}
	return n
}

// byteOffset returns where in s the given UTF-16 unit begins.
func byteOffset(s string, units int) int {
	for i, r := range s {
		if units <= 0 {
			return i
		}
		units -= utf16.RuneLen(r)
	}
	return len(s)
}
