package knowledge

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// maxFile bounds what is read at all, in bytes.
const maxFile = 32 << 10

var (
	slugForm    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	actionForm  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?(:[a-z0-9-]+)?$`)
	wordForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	codeForm    = regexp.MustCompile(`^\d{2}$`)
	caseForm    = regexp.MustCompile(`^\p{Lu}-\d{1,2}$`)
	placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)
)

// Parse reads an article in the form that the package's comment describes. The
// error is of kind fault.Invalid and has one line for every mistake, with the
// number of its line: "7: …".
func Parse(slug Slug, lang, text string) (Article, error) {
	p := parser{Article: Article{Slug: slug, Lang: lang}, seen: map[string]int{}}
	p.read(text)
	if len(p.mistakes) > 0 {
		return Article{}, fault.Wrap(fault.Invalid, errors.Join(p.mistakes...))
	}
	return p.Article, nil
}

// parser gathers an article and what is wrong with its text.
type parser struct {
	Article
	line     int
	seen     map[string]int // key → its line
	mistakes []error
}

func (p *parser) fail(format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Errorf("%d: %w", p.line, fmt.Errorf(format, args...)))
}

func (p *parser) read(text string) {
	p.line = 1
	switch {
	case len(p.Slug) > MaxSlug || !slugForm.MatchString(string(p.Slug)):
		p.fail("the name %q is not made of small letters, digits and dashes", p.Slug)
		return
	case len(text) > maxFile:
		p.fail("the file is longer than %d bytes", maxFile)
		return
	case !utf8.ValidString(text):
		p.fail("the file is not UTF-8")
		return
	}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	head := slices.IndexFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" })
	if head < 0 {
		head = len(lines)
	}
	for i, line := range lines[:head] {
		p.line = i + 1
		p.header(line)
	}
	p.body(lines[head:], head+1)
	p.complete()
}

// header reads "key: value".
func (p *parser) header(line string) {
	key, value, ok := strings.Cut(line, ":")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	set, known := headers[key]
	switch {
	case !ok || !known:
		p.fail("%q does not begin with a key that is known and a colon", clip(line))
		return
	case value == "":
		p.fail("%s has no value", key)
		return
	case strings.ContainsFunc(value, unprintable):
		p.fail("%s holds a character that cannot be seen", key)
		return
	case p.seen[key] > 0 && key != "ask":
		p.fail("%s stands on line %d already", key, p.seen[key])
		return
	case p.Lang != Source && key != "question" && key != "ask":
		p.fail("a translation has no %s: it is that of the source", key)
		return
	}
	p.seen[key] = p.line
	if err := set(&p.Article, value); err != nil {
		p.fail("%s: %w", key, err)
	}
}

// headers says how each key is read.
var headers = map[string]func(*Article, string) error{
	"question": func(a *Article, s string) error {
		a.Question = s
		return atMost(s, MaxTitle)
	},
	"ask": func(a *Article, s string) error {
		if slices.Contains(a.Asks, s) {
			return fmt.Errorf("%q stands twice", clip(s))
		}
		if a.Asks = append(a.Asks, s); len(a.Asks) > maxAsks {
			return fmt.Errorf("there are more than %d", maxAsks)
		}
		return atMost(s, MaxAsk)
	},
	"audience": func(a *Article, s string) error {
		a.Audience = Audience(s)
		if !slices.Contains([]Audience{Individuals, Companies, Everybody}, a.Audience) {
			return fmt.Errorf("%q is neither fl, ul nor both", clip(s))
		}
		return nil
	},
	"owner": func(a *Article, s string) error {
		a.Owner = s
		if !wordForm.MatchString(s) {
			return fmt.Errorf("%q is no name of a team", clip(s))
		}
		return nil
	},
	"source":  func(a *Article, s string) error { a.Basis = s; return atMost(s, 200) },
	"changed": func(a *Article, s string) (err error) { a.SourceChanged, err = calendar.ParseDate(s); return err },
	"from":    func(a *Article, s string) (err error) { a.From, err = calendar.ParseDate(s); return err },
	"until":   func(a *Article, s string) (err error) { a.Until, err = calendar.ParseDate(s); return err },
	"territories": func(a *Article, s string) (err error) {
		a.Territories, err = list(s, codeForm, "code of a territory")
		return err
	},
	"actions": func(a *Article, s string) (err error) {
		a.Actions, err = list(s, actionForm, "name of a scenario or command")
		return err
	},
	"forms": func(a *Article, s string) (err error) {
		a.Forms, err = list(s, caseForm, "code of a category of cases")
		return err
	},
	"related": func(a *Article, s string) error {
		names, err := list(s, slugForm, "name of an article")
		for _, name := range names {
			if a.Related = append(a.Related, Slug(name)); Slug(name) == a.Slug {
				err = errors.New("an article is not related to itself")
			}
		}
		return err
	},
}

// list reads names with commas between them.
func list(s string, form *regexp.Regexp, what string) ([]string, error) {
	var names []string
	for item := range strings.SplitSeq(s, ",") {
		item = strings.TrimSpace(item)
		switch {
		case !form.MatchString(item) || len(item) > 2*MaxSlug:
			return nil, fmt.Errorf("%q is no %s", clip(item), what)
		case slices.Contains(names, item):
			return nil, fmt.Errorf("%q stands twice", item)
		case len(names) == maxLinks:
			return nil, fmt.Errorf("there are more than %d", maxLinks)
		}
		names = append(names, item)
	}
	return names, nil
}

// body takes the lines of the answer, the first of which is line first.
func (p *parser) body(lines []string, first int) {
	var text []string
	for i, line := range lines {
		p.line = first + i
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if strings.ContainsFunc(line, unprintable) {
			p.fail("the answer holds a character that cannot be seen")
		}
		if strings.Count(line, "{") != len(placeholder.FindAllString(line, -1)) ||
			strings.Count(line, "}") != strings.Count(line, "{") {
			p.fail("a brace is not that of a {figure}: small Latin letters, digits, _")
		}
		text = append(text, line)
	}
	p.line = first
	if p.Body = strings.Join(text, "\n"); p.Body == "" {
		p.fail("there is no answer after a blank line")
	}
	if err := atMost(p.Body, MaxBody); err != nil {
		p.fail("the answer: %w", err)
	}
}

// complete asks for what must not be missing.
func (p *parser) complete() {
	p.line = 1
	needed := []string{"question", "ask"}
	if p.Lang == Source {
		needed = append(needed, "audience", "owner", "changed")
	}
	for _, key := range needed {
		if p.seen[key] == 0 {
			p.fail("there is no %s", key)
		}
	}
	if !p.From.IsZero() && !p.Until.IsZero() && p.Until.Before(p.From) {
		p.line = p.seen["until"]
		p.fail("until comes before from")
	}
}

func atMost(s string, n int) error {
	if got := utf8.RuneCountInString(s); got > n {
		return fmt.Errorf("%d characters are too many, at most %d fit", got, n)
	}
	return nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) && r != '\u00a0' }

// clip shortens what is quoted in an error.
func clip(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
