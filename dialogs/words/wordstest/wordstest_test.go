package wordstest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

// recorder is a test that keeps what it is failed with.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.said = append(r.said, fmt.Sprint(args...)) }

const source = `package scenario

import "menu"

const keyAsk = "ask"

var steps = []step{{title: "title"}}

func (s *scenario) run(v view) {
	v.Say(words.RU, keyAsk, words.A("name", v.name))
	v.Say("gone")
	v.Line("ru", "left", words.A("n", 3), words.A("extra", 1))
	v.Say("hello")
	v.Say("hello", v.args...)
	v.Say("hello", v.arg())
	v.Line(v.lang, "zone." + v.zone)
	if v.Matches("yes", "typed by a customer") || v.Matches(v.key, "typed") {
		Line(words.EN, "missing")
	}
}
`

func catalogue(t *testing.T) *words.Catalogue {
	t.Helper()
	text := []byte("ask: '{name}?'\nhello: '{name}!'\nleft: '{n}'\ntitle: T\n'yes': [x]\nzone:\n  day: D\n  night: N\nmenu: M\nunused: U\n")
	c, err := words.Load(fstest.MapFS{"text.ru.yaml": {Data: text}, "text.en.yaml": {Data: text}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"scenario.go":      source,
		"scenario_test.go": `package scenario; var _ = "unused"`,
		"notes.txt":        `"unused"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCheckNamesEveryDisagreement(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	wordstest.Check(r, catalogue(t), folder(t), "zone.*", "vanished.*")
	want := []string{
		`scenario.go:11:2: The key "gone" is not in the catalogue.`,
		`scenario.go:12:2: The text "left" has no place for the argument "extra".`,
		`scenario.go:13:2: The text "hello" is said without its argument "name".`,
		`scenario.go:18:3: The key "missing" is not in the catalogue.`,
		`The derived key "vanished.*" is not in the catalogue.`,
		`The key "menu" of the catalogue is never said.`,
		`The key "unused" of the catalogue is never said.`,
	}
	if diff := cmp.Diff(want, r.said); diff != "" {
		t.Error(diff)
	}
}

func TestCheckIsContentWithAgreement(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	agreed := `package scenario
func run(v view) { v.Say("hello", words.A("name", v.name)) }`
	if err := os.WriteFile(filepath.Join(dir, "scenario.go"), []byte(agreed), 0o600); err != nil {
		t.Fatal(err)
	}
	text := []byte("hello: '{name}!'")
	r := &recorder{TB: t}
	wordstest.Check(r, words.Must(fstest.MapFS{"text.ru.yaml": {Data: text}, "text.en.yaml": {Data: text}}), dir)
	if r.said != nil {
		t.Errorf("failed with %q", r.said)
	}
}
