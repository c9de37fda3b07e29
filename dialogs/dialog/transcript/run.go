package transcript

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite transcripts and golden files with what is said now")

// Stage is where a transcript is played: the engine alone, or a whole server.
type Stage interface {
	// Set moves the clock to an instant and chooses the client's language, ""
	// to keep it.
	Set(ctx context.Context, at time.Time, language string) error
	// Now is the stage's own time.
	Now() time.Time
	// Do makes the customer do something, written as in a transcript.
	Do(ctx context.Context, what string) error
	// Order carries out a "!" line.
	Order(ctx context.Context, what string) error
	// Hear returns what the customer was shown since the last call. want is
	// how many messages and toasts are expected, for stages that must wait.
	Hear(ctx context.Context, want int) ([]Heard, error)
}

// Run plays every transcript of a folder, each on a stage of its own.
func Run(t *testing.T, glob string, zone *time.Location, open func(t *testing.T, s *Script) Stage) {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts match %s (%v)", glob, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".chat"), func(t *testing.T) {
			t.Parallel()
			s, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			Play(t, s, zone, open(t, s))
		})
	}
}

// Play plays one transcript and compares what is said, or rewrites it.
func Play(t *testing.T, s *Script, zone *time.Location, stage Stage) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i := range s.Acts {
		act := &s.Acts[i]
		if err := perform(ctx, stage, act, zone); err != nil {
			t.Fatalf("%s:%d: %v", s.Path, act.Line, err)
		}
		heard, err := stage.Hear(ctx, count(act.Heard))
		if err != nil {
			t.Fatalf("%s:%d: %v", s.Path, act.Line, err)
		}
		lines := Lines(heard)
		if *update {
			act.Heard = lines
			continue
		}
		if diff := cmp.Diff(act.Heard, lines); diff != "" {
			t.Fatalf("%s:%d: after %q (-want +said):\n%s", s.Path, act.Line, act.Text, diff)
		}
	}
	if *update && s.Path != "" {
		if err := os.WriteFile(s.Path, []byte(s.String()), 0o644); err != nil { //nolint:gosec // a test's own file
			t.Fatal(err)
		}
	}
}

// Golden compares got with a file, or, with -update, writes it there.
func Golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // a test's own file
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// count is how many messages and toasts the lines hold.
func count(lines []string) int {
	n := 0
	for _, l := range lines {
		if !strings.HasPrefix(l, "  ") {
			n++
		}
	}
	return n
}

func perform(ctx context.Context, stage Stage, act *Act, zone *time.Location) error {
	switch act.Verb {
	case '>':
		return stage.Do(ctx, act.Text)
	case '!':
		return stage.Order(ctx, act.Text)
	}
	if by, ok := strings.CutPrefix(act.Text, "+"); ok {
		d, err := time.ParseDuration(by)
		if err != nil {
			return err
		}
		return stage.Set(ctx, stage.Now().Add(d), "")
	}
	fields := strings.Fields(act.Text)
	if len(fields) < 2 {
		return fmt.Errorf("%q is neither +duration nor date, time and language", act.Text)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", pad(fields[0]+" "+fields[1]), zone)
	if err != nil {
		return err
	}
	language := ""
	if len(fields) > 2 {
		language = fields[2]
	}
	return stage.Set(ctx, at, language)
}

func pad(at string) string {
	if strings.Count(at, ":") == 1 {
		return at + ":00"
	}
	return at
}
