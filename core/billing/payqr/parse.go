package payqr

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Code is a code that was read.
type Code struct {
	// Charset is 1 for Windows-1251, 2 for UTF-8, 3 for KOI8-R.
	Charset   byte
	Separator byte
	Fields    []Field // in their order, decoded
}

// Get returns the value of a field, empty if it is not there.
func (c *Code) Get(key string) string {
	for _, f := range c.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return ""
}

// Parse reads a code strictly: what it takes, every reader takes. The error is
// Invalid and names what is wrong.
func Parse(text []byte) (*Code, error) {
	const prefix = "ST0001"
	if len(text) < len(prefix)+2 || !bytes.HasPrefix(text, []byte(prefix)) {
		return nil, invalid("text", "does not begin as the standard says")
	}
	c := &Code{Charset: text[len(prefix)] - '0', Separator: text[len(prefix)+1]}
	if strings.IndexByte(separators, c.Separator) < 0 {
		return nil, invalid("separator", "is none of the standard")
	}
	block := 0
	seen := map[string]bool{}
	for i, pair := range bytes.Split(text[len(prefix)+2:], []byte{c.Separator}) {
		key, raw, ok := bytes.Cut(pair, []byte("="))
		if !ok || len(raw) == 0 {
			return nil, invalid("field", "has no value")
		}
		value, err := c.decode(raw)
		if err != nil {
			return nil, err
		}
		f := Field{string(key), value}
		switch {
		case i < len(mandatory) && f.Key != mandatory[i]:
			return nil, invalid(mandatory[i], "does not stand in its place")
		case seen[f.Key]:
			return nil, invalid(f.Key, "stands twice")
		case i < len(mandatory):
			block += len(pair) + 1
		}
		seen[f.Key] = true
		if err := checkField(f.Key, value, letters(value)); err != nil {
			return nil, err
		}
		c.Fields = append(c.Fields, f)
	}
	if len(c.Fields) < len(mandatory) {
		return nil, invalid(mandatory[len(c.Fields)], "is missing")
	}
	if block > mandatoryMax {
		return nil, invalid("mandatory fields", "exceed 300 bytes")
	}
	return c, checkBank(c.Get("PersonalAcc"), c.Get("BIC"), c.Get("CorrespAcc"))
}

func (c *Code) decode(raw []byte) (string, error) {
	var table *charmap.Charmap
	switch c.Charset {
	case 1:
		table = charmap.Windows1251
	case 2:
		if !utf8.Valid(raw) {
			return "", invalid("text", "is not the UTF-8 that it declares")
		}
		return string(raw), nil
	case 3:
		table = charmap.KOI8R
	default:
		return "", invalid("charset", "is none of 1, 2, 3")
	}
	var b strings.Builder
	for _, x := range raw {
		b.WriteRune(table.DecodeByte(x))
	}
	return b.String(), nil
}
