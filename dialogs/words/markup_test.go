package words

import (
	"strings"
	"testing"

	"okoshko/core/chat"
)

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		"":                      "empty",
		" \n\n":                 "empty",
		"- ":                    "item of a list is empty",
		"-":                     "item of a list is empty",
		"**a":                   "not closed",
		"a ****":                "nothing between",
		"{":                     "placeholder",
		"{Name}":                "placeholder",
		"{}":                    "placeholder",
		"{a b}":                 "placeholder",
		"}":                     "closes nothing",
		`\n`:                    "escapes only",
		`a\`:                    "escapes only",
		"[a":                    "does not begin a link",
		"[a]":                   "does not begin a link",
		"[a] (https://b)":       "does not begin a link",
		"[a](https://b":         "does not begin a link",
		"[](https://b)":         "no label",
		"[a](http://b)":         "neither https",
		"[a](javascript:b)":     "neither https",
		"[a](https://)":         "neither https",
		"[a](https://b/{c})":    "neither https",
		"[a](https://b c)":      "neither https",
		"[a [b]](https://c)":    "does not begin a link",
		"[**a**](https://b)":    "outside of a label",
		"**a [b](https://c)":    "not closed",
		"ok\n{\nok":             "placeholder",
		"[{a](https://b)\nnext": "placeholder",
	} {
		_, flaws := parse(text)
		if len(flaws) != 1 || !strings.Contains(flaws[0].reason, reason) {
			t.Errorf("%q: got %+v, want a flaw with %q", text, flaws, reason)
		}
	}
}

// FuzzParse holds the parser to its promises: it never panics, its texts are
// filled with values that stay whole, and plain text that is escaped comes
// back as it was.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a", "**b** {c}", "- [l](https://x) {n}\n\nq", `\{\}`, "[l]({a})", "* ] ) (", "**[a](tel:1)**", "\xff**"} {
		f.Add(seed)
	}
	escaper := strings.NewReplacer(`\`, `\\`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`, "*", `\*`, "-", `\-`)
	f.Fuzz(func(t *testing.T, text string) {
		if parsed, flaws := parse(text); flaws == nil {
			var args []Arg
			for _, name := range parsed.args {
				args = append(args, A(name, "https://value"))
			}
			blocks := parsed.say(RU, args, func(arg string) { t.Errorf("%q: the argument %q is not listed", text, arg) })
			if len(blocks) != len(parsed.blocks) {
				t.Errorf("%q: %d blocks became %d", text, len(parsed.blocks), len(blocks))
			}
			for _, b := range blocks {
				for _, s := range b.Spans {
					if s.Link != "" && !isAddress(s.Link, "https://", "tel:", "mailto:") {
						t.Errorf("%q leads to %q", text, s.Link)
					}
				}
			}
		}
		line := strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
		if line == "" {
			return
		}
		parsed, flaws := parse(escaper.Replace(line))
		if flaws != nil {
			t.Fatalf("%q escaped is faulty: %+v", line, flaws)
		}
		if got := (chat.Message{Blocks: parsed.say(EN, nil, nil)}).Plain(); got != line {
			t.Errorf("%q escaped says %q", line, got)
		}
	})
}
