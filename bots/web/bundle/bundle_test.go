package bundle_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"okoshko/bots/web/bundle"
)

// budgets are what browsers may be made to load, gzipped: by every page with
// the widget, by whoever opens the chat, in either language, and by each module
// that comes when it is needed.
var budgets = []struct {
	what  string
	files []string
	bytes int
}{
	{"the launcher", []string{"widget.js"}, 3000},
	{"the chat in Russian", []string{"chat.js", "ru.js"}, 12 << 10},
	{"the chat in English", []string{"chat.js", "en.js"}, 12 << 10},
	{"files", []string{"files.js"}, 6 << 10},
	{"forms", []string{"forms.js"}, 6 << 10},
	{"long polls", []string{"polls.js"}, 6 << 10},
	{"shades of an accent", []string{"shades.js"}, 6 << 10},
}

func TestSizes(t *testing.T) {
	t.Parallel()
	files, err := bundle.Widget("..")
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]int{}
	for name, file := range files {
		sizes[path.Base(name)] = gzipped(t, file.Data)
	}
	budgeted := map[string]bool{}
	for _, b := range budgets {
		sum := 0
		for _, name := range b.files {
			if sizes[name] == 0 {
				t.Errorf("there is no %s", name)
			}
			sum += sizes[name]
			budgeted[name] = true
		}
		t.Logf("%-22s %5d of %5d bytes", b.what, sum, b.bytes)
		if sum > b.bytes {
			t.Errorf("%s: %d bytes gzipped, %d more than it may have", b.what, sum, sum-b.bytes)
		}
	}
	for name := range sizes {
		if !budgeted[name] {
			t.Errorf("%s has no budget", name)
		}
	}
}

func gzipped(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// One bundle's parts belong together: they lie in one folder, named after what
// they hold, and the launcher knows it.
func TestPartsBelongTogether(t *testing.T) {
	t.Parallel()
	files, err := bundle.Widget("..")
	if err != nil {
		t.Fatal(err)
	}
	launcher := string(files["widget.js"].Data)
	for name := range files {
		if name != "widget.js" && !strings.Contains(launcher, `"/`+path.Dir(name)+`/"`) {
			t.Errorf("the launcher does not look for %s", name)
		}
	}
	again, err := bundle.Widget("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		if again[name] == nil || !bytes.Equal(again[name].Data, file.Data) {
			t.Errorf("%s differs from one build to the next", name)
		}
	}
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, part := range []string{"widget", "ui"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("..", part))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "widget", "polls.ts"), []byte("\nexport const = 1;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := bundle.Widget(dir)
	if err == nil || !strings.Contains(err.Error(), "polls.ts:2") {
		t.Errorf("a mistake on the second line of polls.ts: %v", err)
	}
}

func TestWriteReplacesAnEarlierBundle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep := filepath.Join(dir, ".gitkeep")
	if err := os.WriteFile(keep, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, files := range []fstest.MapFS{
		{"widget.js": {Data: []byte("1")}, "widget/chat-OLD.js": {Data: []byte("1")}},
		{"widget.js": {Data: []byte("2")}, "widget/chat-NEW.js": {Data: []byte("2")}},
	} {
		if err := bundle.Write(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != ".gitkeep widget/chat-NEW.js widget.js" {
		t.Errorf("after two bundles: %s", got)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "widget.js")); err != nil || string(data) != "2" {
		t.Errorf("widget.js holds %q, %v", data, err)
	}
}
