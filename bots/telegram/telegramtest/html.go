package telegramtest

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a formatted part of a text. Offset and Length count UTF-16 units,
// as everywhere in the Bot API.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
	Emoji    string `json:"custom_emoji_id,omitempty"`
}

// tagTypes are the tags of Telegram's HTML (core.telegram.org/bots/api#html-style).
var tagTypes = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "tg-emoji": "custom_emoji",
}

// maxEntities is how many entities of a text the server keeps.
const maxEntities = 100

// htmlParser follows the server's own scanner (tdlib/td, MessageEntity.cpp):
// its refusals name byte offsets, and bots' logs are searched for them.
type htmlParser struct {
	in       string
	pos      int
	out      []byte
	units    int // UTF-16 units in out
	open     []openTag
	entities []Entity
}

type openTag struct {
	name, argument string
	expandable     bool
	offset         int // in UTF-16 units
}

// parseHTML turns Telegram's HTML into a text and its entities.
func parseHTML(in string) (string, []Entity, *refusal) {
	p := &htmlParser{in: in, out: make([]byte, 0, len(in))}
	for p.pos < len(in) {
		var problem string
		switch c := in[p.pos]; {
		case c == '&':
			p.reference()
		case c != '<':
			p.literal()
		case strings.HasPrefix(in[p.pos:], "</"):
			problem = p.endTag()
		default:
			problem = p.startTag()
		}
		if problem != "" {
			return "", nil, badRequest("can't parse entities: " + problem)
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, badRequest("can't parse entities: Can't find end tag corresponding to start tag \"" +
			p.open[n-1].name + "\"")
	}
	slices.SortStableFunc(p.entities, func(a, b Entity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length)
	})
	return string(p.out), p.entities, nil
}

// literal copies everything up to the next markup.
func (p *htmlParser) literal() {
	end := strings.IndexAny(p.in[p.pos:], "<&")
	if end < 0 {
		end = len(p.in) - p.pos
	}
	part := p.in[p.pos : p.pos+end]
	p.out = append(p.out, part...)
	p.units += utf16Len(part)
	p.pos += end
}

// reference copies a character reference, or the bare ampersand.
func (p *htmlParser) reference() {
	r, n := decodeReference(p.in[p.pos:])
	if n == 0 {
		r, n = '&', 1
	}
	p.out = utf8.AppendRune(p.out, r)
	p.units += utf16.RuneLen(r)
	p.pos += n
}

// decodeReference reads a numeric reference or one of the four names that the
// Bot API knows; n is 0 when there is none.
func decodeReference(s string) (r rune, n int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := s[1:end]
	switch name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric {
		return 0, 0
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil || code == 0 || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
		return 0, 0
	}
	return rune(code), end + 1
}

func (p *htmlParser) startTag() string {
	begin := p.pos
	at := strconv.Itoa(begin)
	p.pos++
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	if p.pos == len(p.in) {
		return "Unclosed start tag at byte offset " + at
	}
	if tagTypes[name] == "" {
		return "Unsupported start tag \"" + name + "\" at byte offset " + at
	}
	tag := openTag{name: name, offset: p.units}
	for {
		p.spaces()
		if p.pos == len(p.in) {
			return "Unclosed start tag \"" + name + "\" at byte offset " + at
		}
		if p.in[p.pos] == '>' {
			break
		}
		attribute, value, problem := p.attribute(name, at)
		if problem != "" {
			return problem
		}
		tag.set(attribute, value)
	}
	p.pos++
	if name == "span" && tag.argument == "" {
		return "Tag \"span\" must have class \"tg-spoiler\" at byte offset " + at
	}
	p.open = append(p.open, tag)
	return ""
}

func (t *openTag) set(attribute, value string) {
	switch {
	case t.name == "a" && attribute == "href", t.name == "tg-emoji" && attribute == "emoji-id",
		t.name == "span" && attribute == "class" && value == "tg-spoiler":
		t.argument = value
	case t.name == "code" && attribute == "class":
		t.argument, _ = strings.CutPrefix(value, "language-")
	case t.name == "blockquote" && attribute == "expandable":
		t.expandable = true
	}
}

// attribute reads name="value"; only expandable may stand without a value.
func (p *htmlParser) attribute(tag, at string) (name, value, problem string) {
	name = strings.ToLower(p.until(func(c byte) bool {
		return isSpace(c) || strings.IndexByte("=>/\"'", c) >= 0
	}))
	if name == "" {
		return "", "", "Empty attribute name in the tag \"" + tag + "\" at byte offset " + at
	}
	p.spaces()
	if p.pos < len(p.in) && p.in[p.pos] != '=' && tag == "blockquote" && name == "expandable" {
		return name, "", ""
	}
	if p.pos == len(p.in) || p.in[p.pos] != '=' {
		return "", "", "Expected equal sign in declaration of an attribute of the tag \"" + tag + "\" at byte offset " + at
	}
	p.pos++
	p.spaces()
	if p.pos == len(p.in) {
		return "", "", "Unclosed start tag \"" + tag + "\" at byte offset " + at
	}
	quote := p.in[p.pos]
	if quote != '"' && quote != '\'' {
		start := p.pos
		value = strings.ToLower(p.until(func(c byte) bool { return !isNameToken(c) }))
		if p.pos < len(p.in) && !isSpace(p.in[p.pos]) && p.in[p.pos] != '>' {
			return "", "", "Unexpected end of name token at byte offset " + strconv.Itoa(start)
		}
		return name, value, ""
	}
	p.pos++
	value = p.until(func(c byte) bool { return c == quote })
	if p.pos == len(p.in) {
		return "", "", "Unclosed start tag at byte offset " + at
	}
	p.pos++
	return name, unescape(value), ""
}

func (p *htmlParser) endTag() string {
	at := strconv.Itoa(p.pos)
	n := len(p.open)
	if n == 0 {
		return "Unexpected end tag at byte offset " + at
	}
	p.pos += 2
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	p.spaces()
	if p.pos == len(p.in) || p.in[p.pos] != '>' {
		return "Unclosed end tag at byte offset " + at
	}
	p.pos++
	tag := p.open[n-1]
	if name != "" && name != tag.name {
		return "Unmatched end tag at byte offset " + at + ", expected \"</" + tag.name + ">\", found \"</" + name + ">\""
	}
	p.open = p.open[:n-1]
	p.close(tag)
	return ""
}

// close records the entity of a tag that has ended; an empty one is dropped.
func (p *htmlParser) close(tag openTag) {
	e := Entity{Type: tagTypes[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	if e.Length == 0 {
		return
	}
	switch tag.name {
	case "a":
		e.URL = tag.argument
		if e.URL == "" {
			e.URL = string(p.out[byteOffset(string(p.out), tag.offset):])
		}
		if !validLink(e.URL) {
			return // the server drops links that it does not understand
		}
	case "tg-emoji":
		e.Emoji = tag.argument
	case "blockquote":
		if tag.expandable {
			e.Type = "expandable_blockquote"
		}
	case "code":
		if len(p.open) > 0 && p.open[len(p.open)-1].name == "pre" && tag.argument != "" {
			e.Type, e.Language = "pre", tag.argument
		}
	case "pre":
		inner := func(o Entity) bool { return o.Offset == e.Offset && o.Length == e.Length && o.Language != "" }
		if slices.ContainsFunc(p.entities, inner) {
			return // <pre><code class="language-…"> is one entity
		}
	}
	p.entities = append(p.entities, e)
}

func (p *htmlParser) until(stop func(byte) bool) string {
	start := p.pos
	for p.pos < len(p.in) && !stop(p.in[p.pos]) {
		p.pos++
	}
	return p.in[start:p.pos]
}

func (p *htmlParser) spaces() { p.until(func(c byte) bool { return !isSpace(c) }) }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isNameToken(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-'
}

func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if r, n := decodeReference(s[i:]); s[i] == '&' && n > 0 {
			b.WriteRune(r)
			i += n
		} else {
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// validLink reports whether Telegram would make a link of it. Unlike the real
// server it takes loopback hosts, so that a demo on one machine can link to
// itself.
func validLink(link string) bool {
	if !strings.Contains(link, ":") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "tg", "mailto", "tel", "ton":
		return true
	case "http", "https":
		return strings.Contains(u.Hostname(), ".") || isLoopback(u.Hostname())
	}
	return false
}
