package bundle_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"okoshko/bots/web/bundle"
)

// budgets are what browsers may be made to load, gzipped: by every page with
// the widget, by whoever opens the chat, and by each panel or catalogue that
// comes when it is needed.
var budgets = []struct {
	prefix string
	bytes  int
}{
	{"widget.js", 3 << 10},
	{"widget/chat-", 12 << 10},
	{"widget/ru-", 2 << 10},
	{"widget/en-", 2 << 10},
	{"widget/", 6 << 10},
}

func TestSizes(t *testing.T) {
	t.Parallel()
	files, err := bundle.Widget("..")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for name, file := range files {
		for _, budget := range budgets {
			if !strings.HasPrefix(name, budget.prefix) {
				continue
			}
			found[budget.prefix]++
			size := gzipped(t, file.Data)
			t.Logf("%-30s %5d of %5d bytes", name, size, budget.bytes)
			if size > budget.bytes {
				t.Errorf("%s takes %d bytes gzipped, %d more than it may", name, size, size-budget.bytes)
			}
			break
		}
	}
	for _, budget := range budgets {
		if found[budget.prefix] == 0 {
			t.Errorf("nothing is called %s…", budget.prefix)
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

// The launcher and the chat name what they load, so one bundle's parts belong
// together and nothing is missing.
func TestPartsNameEachOther(t *testing.T) {
	t.Parallel()
	files, err := bundle.Widget("..")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, file := range files {
		code.Write(file.Data)
	}
	for name := range files {
		if name != "widget.js" && !strings.Contains(code.String(), filepath.Base(name)) {
			t.Errorf("nobody loads %s", name)
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
