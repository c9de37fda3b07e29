package questions_test

import (
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/words"
)

var report = flag.Bool("report", false, "list every confusion of the seen messages")

// message is a line of the evaluation set: what a customer wrote, and the names
// under which it may be heard; none: nothing may answer.
type message struct {
	text string
	want []string
}

// deeds are what does what a scenario of the evaluation set stands for, beside the
// scenario of that name: what each means, its README says.
var deeds = map[string][]string{
	"status":  {"cases.mine", "cases", "visit.mine"}, // all cases, or the one whose number was named
	"visit":   {"visit", "visit.mine"},
	"account": {"account", "account.add", "account.list", "account.unlink"},
	"bill":    {"bill", "bill.paper"},
}

// readMessages reads a file of testdata/evaluation. What only a scenario may
// answer that the house does not have yet is skipped and counted.
func readMessages(t testing.TB, name string, known func(string) bool) (list []message, skipped int) {
	t.Helper()
	file, err := os.ReadFile("testdata/evaluation/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		expected, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%s: a line without a tab", name)
		}
		m := message{text: text}
		for _, answer := range strings.Split(expected, "|") {
			kind, name, _ := strings.Cut(answer, ":")
			names := []string{name}
			switch {
			case kind == "none":
				continue
			case kind == "topic":
				names = []string{questions.ArticleName(knowledge.Slug(name))}
			case deeds[name] != nil:
				names = deeds[name]
			}
			m.want = append(m.want, slices.DeleteFunc(names, func(n string) bool { return !known(n) })...)
		}
		if expected != "none" && m.want == nil {
			skipped++
			continue
		}
		list = append(list, m)
	}
	return list, skipped
}

// score is how well messages were understood.
type score struct {
	file                string
	asked, first, three int // messages that something answers
	clear, wrongly      int // of them: answered at once; wrongly so
	none, refused       int // messages that nothing answers
	skipped             int
	confusions          []string
}

func share(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// String is all that may be told of the unseen messages.
func (s score) String() string {
	return fmt.Sprintf("%s: right at 1: %.1f %%, in the top 3: %.1f %% of %d; foreign refused: %.1f %% of %d; of scenarios that are not built: %d",
		strings.TrimSuffix(s.file, ".tsv"), share(s.first, s.asked), share(s.three, s.asked), s.asked, share(s.refused, s.none), s.none, s.skipped)
}

// house is what hears a text, in the order of understanding: words that work
// everywhere and labels, as the whole message; what a scenario judges for
// itself; the ear.
type house struct {
	ear    *questions.Ear
	words  map[string]string // as the whole message → what it means
	listed []*dialog.Scenario
}

func newHouse(t *testing.T, articles iter.Seq[*knowledge.Article]) house {
	t.Helper()
	h := house{
		words:  map[string]string{},
		listed: dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow()).Scenarios(),
	}
	h.ear = questions.NewEar(articles, dialog.Openings(h.listed...))
	means := func(c *words.Catalogue, label, phrases, name string) {
		for _, lang := range []words.Lang{words.RU, words.EN} {
			if c.Has(phrases) {
				for _, p := range c.Phrases(lang, phrases) {
					h.words[words.Normalise(p)] = name
				}
			}
			if c.Has(label) {
				h.words[words.Normalise(c.Line(lang, label))] = name
			}
		}
	}
	engine, err := words.Load(os.DirFS("../dialog"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"menu", "back", "cancel", "operator"} {
		means(engine, "label."+word, "word."+word, word)
	}
	for _, s := range h.listed {
		means(s.Words, "label", "phrases", s.Name)
		for _, c := range s.Commands {
			means(s.Words, c.Name+".label", c.Name+".phrases", s.Name+"."+c.Name)
		}
	}
	return h
}

func (h house) hear(text string) questions.Heard {
	if name, ok := h.words[words.Normalise(text)]; ok {
		return questions.Heard{Clarity: questions.Clear, Choices: []string{name}}
	}
	for _, s := range h.listed {
		if s.Name != "menu" && s.Hears != nil && s.Hears(text) { // the menu greets: small talk
			return questions.Heard{Clarity: questions.Clear, Choices: []string{s.Name}}
		}
	}
	return h.ear.Hear(text, knowledge.Reader{})
}

func (h house) measure(t *testing.T, name string) score {
	t.Helper()
	messages, skipped := readMessages(t, name, h.ear.Knows)
	s := h.measureList(name, messages)
	s.skipped = skipped
	return s
}

func (h house) measureList(name string, messages []message) score {
	s := score{file: name}
	for _, m := range messages {
		heard := h.hear(m.text)
		if m.want == nil {
			s.none++
			if heard.Clarity == questions.Nothing {
				s.refused++
			} else {
				s.confuse(m, heard, "answered")
			}
			continue
		}
		s.asked++
		at := slices.IndexFunc(heard.Choices, func(c string) bool { return slices.Contains(m.want, c) })
		if heard.Clarity == questions.Clear {
			s.clear++
			if at != 0 {
				s.wrongly++
			}
		}
		switch {
		case at == 0:
			s.first++
			s.three++
			continue
		case at > 0:
			s.three++
			s.confuse(m, heard, "not first")
		case heard.Clarity == questions.Nothing:
			s.confuse(m, heard, "refused")
		default:
			s.confuse(m, heard, "missed")
		}
	}
	return s
}

// add adds what was measured of other messages.
func (s *score) add(o score) {
	s.asked, s.first, s.three = s.asked+o.asked, s.first+o.first, s.three+o.three
	s.clear, s.wrongly = s.clear+o.clear, s.wrongly+o.wrongly
	s.none, s.refused = s.none+o.none, s.refused+o.refused
	s.confusions = append(s.confusions, o.confusions...)
}

// tell prints the scores of messages that may be looked at, and their confusions if
// that is wanted.
func (s score) tell(t *testing.T) {
	t.Helper()
	t.Log("evaluation: " + s.String())
	t.Logf("of these, answered at once: %.1f %%, wrongly: %.1f %%", share(s.clear, s.asked), share(s.wrongly, s.asked))
	if *report {
		for _, c := range s.confusions {
			t.Log(c)
		}
	}
}

func (s *score) confuse(m message, heard questions.Heard, how string) {
	s.confusions = append(s.confusions, fmt.Sprintf("%-9s %v for %v: %s", how, heard.Choices, m.want, m.text))
}

// floors are in per cent what was reached, so that nothing is lost again.
type floors struct{ first, three, refused float64 }

// seen are the messages that may be looked at by whoever tunes the ear.
var seen = []string{"seen.tsv", "seen2.tsv", "seen3.tsv", "seen4.tsv", "seen5.tsv"}

// heldOut are those that may not; of them nothing but totals may ever be printed:
// see testdata/evaluation/README.md.
var heldOut = []struct {
	name   string
	floors floors
}{
	{"unseen.tsv", floors{91, 96, 95}},
	{"sealed.tsv", floors{96, 98.5, 91}},
	{"fresh.tsv", floors{95, 96, 96}},
}

// asked are the least that the third of all messages that nobody tunes by has to
// reach (R-5.2.3-a): what the search was ordered to do.
var asked = floors{90, 97, 90}

// TestEvaluation prints the scores of the messages that may be looked at.
func TestEvaluation(t *testing.T) {
	t.Parallel()
	h := newHouse(t, knowledge.NewLibrary(knowledge.Published()).All())
	for _, name := range seen {
		h.measure(t, name).tell(t)
	}
}

// TestSealed prints the totals of the others, each set's and of all. It is run seldom
// while the ear is tuned: whoever looks at totals between two changes tunes on them,
// too.
func TestSealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, knowledge.NewLibrary(knowledge.Published()).All())
	third := score{file: "the unseen third"}
	for _, set := range heldOut {
		s := h.measure(t, set.name)
		s.hold(t, set.floors)
		third.add(s)
	}
	third.hold(t, asked)
}

func (s score) hold(t *testing.T, f floors) {
	t.Helper()
	t.Log("evaluation: " + s.String())
	for _, f := range []struct {
		what      string
		got, want float64
	}{
		{"right at 1", share(s.first, s.asked), f.first},
		{"in the top 3", share(s.three, s.asked), f.three},
		{"foreign refused", share(s.refused, s.none), f.refused},
	} {
		if f.got < f.want {
			t.Errorf("%s: %s: %.1f %%, want at least %.1f %%", s.file, f.what, f.got, f.want)
		}
	}
}

// What measures the ear must not be what it has learned from.
func TestExamplesAreNotMessages(t *testing.T) {
	t.Parallel()
	measured := map[string]bool{}
	names := slices.Clone(seen)
	for _, set := range heldOut {
		names = append(names, set.name)
	}
	for _, name := range names {
		messages, _ := readMessages(t, name, func(string) bool { return true })
		for _, m := range messages {
			measured[words.Normalise(m.text)] = true
		}
	}
	files, err := filepath.Glob("examples/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	h := newHouse(t, knowledge.NewLibrary(knowledge.Published()).All())
	repeated := 0
	for _, name := range files {
		text, err := os.ReadFile(name) //nolint:gosec // our own
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			heard, heading := strings.CutPrefix(line, "== ")
			switch {
			case line == "" || line[0] == '#':
			case heading:
				if filepath.Base(name) == "theirs.txt" {
					continue
				}
				if filepath.Base(name) != "wishes.txt" {
					heard = questions.ArticleName(knowledge.Slug(heard))
				}
				if !h.ear.Knows(heard) && filepath.Base(name) != "foreign.txt" {
					t.Errorf("%s: nothing is heard as %s", name, heard)
				}
			case measured[words.Normalise(line)]:
				repeated++
			case said[line]:
				t.Errorf("%s: twice: %s", name, line)
			}
			said[line] = true
		}
	}
	if repeated > 0 {
		t.Errorf("%d examples are messages of the evaluation set", repeated)
	}
}
