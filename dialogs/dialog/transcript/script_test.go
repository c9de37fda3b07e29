package transcript_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/dialogs/dialog/transcript"
)

// Whatever can be read is written back as it stood.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("../testdata/*.chat")
	if err != nil || len(paths) == 0 {
		f.Fatal("no transcripts to begin with")
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path) //nolint:gosec // a test's own file
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add("# only a remark\n\n")
	f.Add("> a\r\n< b\n  [c] [d]\n~ e")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := transcript.Parse(text)
		if err != nil {
			return
		}
		written := s.String()
		again, err := transcript.Parse(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if want := strings.TrimRight(text, "\n") + "\n"; written != want {
			t.Errorf("%q became %q", text, written)
		}
		if again.String() != written || len(again.Acts) != len(s.Acts) {
			t.Errorf("%q became %q", text, written)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"< nobody spoke":         "line 1: an answer to nothing",
		"> a\n\n< b":             "line 3: an answer to nothing",
		"> a\nb":                 `line 2: "b" begins with none of # @ > ! < ~`,
		">a":                     `line 1: ">a" begins with none of # @ > ! < ~`,
		"# remark\n  [a button]": "line 2: an answer to nothing",
	} {
		if _, err := transcript.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// Whatever is said can be kept in a file.
func TestLinesCanBeRead(t *testing.T) {
	t.Parallel()
	said := []transcript.Heard{
		{Text: "one"},
		{Text: ""},
		{Text: "two\n\n# three\n> four  ", Buttons: []string{"a", "b"}},
		{Text: "five", Toast: true},
	}
	lines := transcript.Lines(said)
	s, err := transcript.Parse("> do\n" + strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines, s.Acts[0].Heard); diff != "" || len(s.Acts) != 1 {
		t.Errorf("%d acts (-said +read):\n%s", len(s.Acts), diff)
	}
}

func TestMarked(t *testing.T) {
	t.Parallel()
	s, err := transcript.Parse("# browser\n> a\n< b\n\n# not a mark\n> c")
	if err != nil {
		t.Fatal(err)
	}
	if !s.Marked("browser") || s.Marked("server") || s.Marked("not") {
		t.Error("the marks are misread")
	}
	if len(s.Acts) != 2 || s.Acts[1].Line != 6 || s.Acts[0].Heard[0] != "< b" {
		t.Errorf("read %+v", s.Acts)
	}
}
