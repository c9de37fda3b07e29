package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, as no decoder would accept them.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

// field appends `,"name":"value"`, or nothing for an empty value.
func field(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendString(key(b, name), value)
}

// number appends `,"name":value`.
func number(b []byte, name string, value int64) []byte {
	return strconv.AppendInt(key(b, name), value, 10)
}

// raw appends `,"name":value`, or nothing for an empty value.
func raw(b []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return b
	}
	return append(key(b, name), value...)
}

func key(b []byte, name string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

var errNotObject = errors.New("not a JSON object")

// eachField calls yield with every member of a JSON object: strings decoded,
// everything else as it is written. That is how the real server turns a JSON
// body into arguments.
func eachField(body []byte, yield func(name, value string)) error {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] != '{' || !json.Valid(body) {
		return errNotObject
	}
	// From here on the text is known to be valid, so skipping is enough.
	for rest := body[1:]; ; {
		rest = bytes.TrimLeft(rest, " \t\r\n,")
		if rest[0] == '}' {
			return nil
		}
		end := valueEnd(rest)
		name, err := text(rest[:end])
		if err != nil {
			return err
		}
		rest = bytes.TrimLeft(rest[end:], " \t\r\n:")
		end = valueEnd(rest)
		value, err := text(rest[:end])
		if err != nil {
			return err
		}
		yield(name, value)
		rest = rest[end:]
	}
}

// valueEnd returns where the JSON value at the start of b ends.
func valueEnd(b []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
				if depth == 0 {
					return i + 1
				}
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 {
				return i // the end of the surrounding object ends a bare value
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			return i
		}
	}
	return len(b)
}

// text decodes a JSON string, and keeps any other value as it is written.
func text(value []byte) (string, error) {
	if value[0] != '"' {
		return string(value), nil
	}
	inner := value[1 : len(value)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var s string
	err := json.Unmarshal(value, &s)
	return s, err
}
