package questions

import (
	_ "embed"
	"slices"
	"strings"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed danger.txt
var dangerWords string

// dangers are the lines of danger.txt.
var dangers = readDangers(dangerWords)

// The kinds of danger, as danger.txt has them.
const (
	dangerGas   = "gas"
	dangerPower = "power"
)

// danger is a line of danger.txt: what a text holds that tells of danger.
type danger struct {
	kind   string
	groups [][]string // a word of each
	never  []string   // and none of these
	whole  []string   // or nothing but one of these
}

func readDangers(text string) (list []danger) {
	for line := range strings.Lines(text) {
		kind, rest, told := strings.Cut(strings.TrimSpace(line), " ")
		if !told || kind == "#" {
			continue
		}
		d := danger{kind: kind}
		if whole, ok := strings.CutPrefix(strings.TrimSpace(rest), "="); ok {
			for one := range strings.SplitSeq(whole, "|") {
				d.whole = append(d.whole, strings.TrimSpace(one))
			}
		} else {
			holds, never, _ := strings.Cut(rest, "!")
			for group := range strings.SplitSeq(holds, "+") {
				d.groups = append(d.groups, strings.Fields(group))
			}
			d.never = strings.Fields(never)
		}
		list = append(list, d)
	}
	return list
}

// dangerOf returns the kind of danger that a text tells of, "" for none.
func dangerOf(text string) string {
	normal := words.Normalise(text)
	said := strings.Fields(normal)
	for _, d := range dangers {
		if d.in(normal, said) {
			return d.kind
		}
	}
	return ""
}

func (d danger) in(text string, said []string) bool {
	if d.whole != nil {
		return slices.Contains(d.whole, text)
	}
	holds := func(group []string) bool {
		return slices.ContainsFunc(said, func(word string) bool {
			return slices.ContainsFunc(group, func(one string) bool {
				stem, open := strings.CutSuffix(one, "*")
				return word == stem || open && strings.HasPrefix(word, stem)
			})
		})
	}
	for _, group := range d.groups {
		if !holds(group) {
			return false
		}
	}
	return !holds(d.never)
}

// outages is the article that has the rest of what to do.
const outages knowledge.Slug = "outage-what"

// warn says what to do in danger, before all else: who is to be called, and what not
// to touch.
func (s *scenario) warn(t *dialog.Turn) bool {
	kind := dangerOf(t.Text)
	switch kind {
	case "":
		return false
	case dangerGas:
		t.Say("danger.gas").Offer(t.Menu())
		return true
	}
	said := t.Say("danger.power")
	if c := s.shelf.Newest(); c != nil {
		if grid, found := c.figures.Link("grid"); found && grid.Phone != "" {
			said.Append(t.Blocks("danger.grid", words.A("name", inLanguage(grid.Names, string(t.Language()))), words.A("phone", grid.Phone))...)
		}
		if a, found := c.library.Article(outages, s.reader(t).Anybody()); found {
			said.Offer(s.choice(t, a))
		}
	}
	said.Offer(t.Scenario("operator"), t.Menu())
	return true
}
