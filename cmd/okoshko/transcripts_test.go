package main

import (
	"hash/fnv"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/dialogs/dialog/transcript"
)

// told are the scenarios whose conversations are played on whole servers.
var told = []string{"menu", "operator", "readings", "questions", "tariffs", "calculator", "bill", "payment", "visit", "appeal"}

// TestTranscripts plays the scenarios' conversations on whole servers, each on
// a database, a Redis and a Telegram of its own, with every update delivered
// twice.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, scenario := range told {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			glob := "../../dialogs/" + scenario + "/testdata/*.chat"
			transcript.Run(t, glob, pgtest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
				t.Helper()
				sample(t)
				return newTelegramStage(t)
			})
		})
	}
}

// TestTranscriptsOverTheWeb plays them over the widget's protocol: every frame
// is sent twice, and the line breaks at chance.
func TestTranscriptsOverTheWeb(t *testing.T) {
	t.Parallel()
	const seed = 20261125
	for _, scenario := range told {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			glob := "../../dialogs/" + scenario + "/testdata/*.chat"
			transcript.Run(t, glob, pgtest.Zone, func(t *testing.T, s *transcript.Script) transcript.Stage {
				t.Helper()
				sample(t)
				for _, act := range s.Acts {
					if word, ok := notInBrowsers(act.Text); ok {
						t.Skipf("%s is Telegram's", word)
					}
				}
				return newWebStage(t, seed)
			})
		})
	}
}

// TestTranscriptsInABrowser plays those that are marked "# browser" in the
// widget, on the front page.
func TestTranscriptsInABrowser(t *testing.T) {
	t.Parallel()
	played := 0
	for _, scenario := range told {
		paths, err := filepath.Glob("../../dialogs/" + scenario + "/testdata/*.chat")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			s, err := transcript.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if !s.Marked("browser") {
				continue
			}
			played++
			for i := range s.Acts { // the widget has blanks of its own that keep values together
				for j, line := range s.Acts[i].Heard {
					s.Acts[i].Heard[j] = strings.ReplaceAll(line, "\u00a0", " ")
				}
			}
			t.Run(scenario+"/"+strings.TrimSuffix(filepath.Base(path), ".chat"), func(t *testing.T) {
				t.Parallel()
				later(t)
				transcript.Play(t, s, pgtest.Zone, newBrowserStage(t))
			})
		}
	}
	if played < 6 {
		t.Errorf("only %d transcripts are marked", played)
	}
}

// laterRuns finds the tests that call later: LATER of the Makefile.
const laterRuns = `Transcripts|Pages?$|InABrowser|Briefly|^TestSimulation$`

// later leaves a test that does one thing after another out of those with the
// race detector, -short: what runs side by side in a server is watched in others.
// `make check` runs it afterwards, by its name.
func later(t *testing.T) {
	t.Helper()
	top, _, _ := strings.Cut(t.Name(), "/")
	if !regexp.MustCompile(laterRuns).MatchString(top) {
		t.Fatalf("%s would never run in make check: its name has to match %s", top, laterRuns)
	}
	if testing.Short() {
		t.Skip("not with -short: make check runs it later")
	}
}

// sampled is of how many conversations one is played when time is short.
const sampled = 6

// sample leaves all but some of the conversations for later: the race detector
// sees the same program at work in each, and takes four times as long.
func sample(t *testing.T) {
	t.Helper()
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.Name()))
	if h.Sum32()%sampled != 0 {
		later(t)
	}
}

// notInBrowsers finds what only a messenger's customer can do.
func notInBrowsers(act string) (word string, ok bool) {
	for _, word := range []string{"(album", "(sticker", "(voice", "(video", "(contact own"} {
		if strings.HasPrefix(act, word) {
			return word, true
		}
	}
	return "", false
}
