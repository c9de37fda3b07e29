package transcript

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/dialogs/dialog"
)

// keptState is a state that a build once saved: a line of
// saved/<version>/<transcript>.jsonl.
type keptState struct {
	Act      int       `json:"act"` // after which of the transcript's acts, from 0
	At       time.Time `json:"at"`
	Language string    `json:"lang"`
	Revision int64     `json:"rev"`
	// Sent: how many commands the rest of the transcript carried out.
	Sent  int             `json:"sent,omitempty"`
	State json.RawMessage `json:"state"`
}

// Saved proves that a deploy drops nobody. Beside the transcripts stands a
// folder saved/<version> with every state that they went through under that
// version of their scenario. Each state of each version is put on a stage of
// the current build and must finish: the rest of its transcript is played as
// far as that still has the buttons, a state that led to a command must still
// lead to one, and whatever is open in the end can be cancelled.
//
// open returns a new stage of the current build.
//
// With -update the states of the current version are kept, if there are none
// yet; those of a version that customers have used are never rewritten.
func Saved(t *testing.T, glob string, zone *time.Location, version int, open func(t *testing.T) *Engine) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(glob), "saved")
	current := filepath.Join(folder, strconv.Itoa(version))
	if _, err := os.Stat(current); err != nil {
		if !*update {
			t.Fatalf("no states of version %d are kept; -update keeps them", version)
		}
		keep(t, glob, current, zone, open)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*", "*.jsonl"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no states are kept in %s (%v)", folder, err)
	}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".jsonl")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := filepath.Join(filepath.Dir(glob), strings.TrimSuffix(filepath.Base(path), ".jsonl")+".chat")
			s, err := Read(script)
			if err != nil {
				s = &Script{} // the transcript is gone, its states are not
			}
			for line, k := range readKept(t, path) {
				finish(t, path+":"+strconv.Itoa(line+1), k, s, zone, open(t))
			}
		})
	}
}

// keep plays the transcripts and writes down every state.
func keep(t *testing.T, glob, folder string, zone *time.Location, open func(t *testing.T) *Engine) {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts match %s (%v)", glob, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a test's own folder
		t.Fatal(err)
	}
	for _, path := range paths {
		s, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var kept []keptState
		act := 0
		e := open(t)
		e.saved = func(_ string, state []byte) {
			kept = append(kept, keptState{
				Act: act, At: e.now, Language: e.language, Revision: e.revision, State: bytes.Clone(state), Sent: -e.sent,
			})
		}
		for act = range s.Acts {
			if err := perform(t.Context(), e, &s.Acts[act], zone); err != nil {
				t.Fatalf("%s:%d: %v", path, s.Acts[act].Line, err)
			}
		}
		var out bytes.Buffer
		for i := range kept {
			kept[i].Sent += e.sent
			line, err := json.Marshal(kept[i])
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
		file := filepath.Join(folder, strings.TrimSuffix(filepath.Base(path), ".chat")+".jsonl")
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil { //nolint:gosec // a test's own file
			t.Fatal(err)
		}
	}
}

func readKept(t *testing.T, path string) []keptState {
	t.Helper()
	raw, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	var out []keptState
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var k keptState
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			t.Fatalf("%s:%d: %v", path, len(out)+1, err)
		}
		out = append(out, k)
	}
	return out
}

// finish takes a kept state to an end.
func finish(t *testing.T, at string, k keptState, s *Script, zone *time.Location, e *Engine) {
	t.Helper()
	ctx := t.Context()
	e.state, e.revision, e.now, e.language = k.State, k.Revision, k.At, k.Language
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %s: %v", at, what, err)
		}
	}
	must("finish commands", e.finishWaiting(ctx))
	must("ask again", e.take(ctx, dialog.Event{Kind: dialog.Press, ID: "test:resume", Text: dialog.ResumeToken}))
	faithful := k.Act < len(s.Acts) && replay(ctx, e, s.Acts[k.Act+1:], zone, must)
	if k.Sent > 0 && e.sent == 0 && faithful {
		t.Errorf("%s: led to a command, and does so no longer", at)
	}
	clear(e.down)
	if st, err := dialog.Decode(e.state); err == nil && st.Holder() != "" {
		must("go back to the bot", e.Do(ctx, "вернуться к боту"))
	}
	for range 5 { // more than forms can lie open
		must("cancel", e.Do(ctx, "отмена"))
	}
	st, err := dialog.Decode(e.state)
	must("decode", err)
	if len(st.Frames) > 0 {
		t.Errorf("%s: %s cannot be ended", at, st.Frames[0].Scenario)
	}
	if len(e.heard) == 0 {
		t.Errorf("%s: nothing is said", at)
	}
}

// replay plays what is left of a transcript. A button that is not there, since
// it stood on the screen before, is typed instead; it reports whether there was
// none.
func replay(ctx context.Context, e *Engine, rest []Act, zone *time.Location, must func(string, error)) bool {
	faithful := true
	for _, act := range rest {
		if act.Verb == '>' && act.Text != "(again)" {
			if _, err := e.event(act.Text); err != nil {
				faithful = false
				if !strings.HasPrefix(act.Text, "[") { // an edit of what was written before
					continue
				}
				label, _, _ := strings.Cut(strings.TrimPrefix(act.Text, "["), "]")
				act.Text = label
			}
		}
		err := perform(ctx, e, &act, zone)
		if err != nil && act.Verb == '!' { // of a hand-off that began before
			faithful, err = false, nil
		}
		must(act.Text, err)
	}
	return faithful
}
