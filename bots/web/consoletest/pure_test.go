package consoletest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"

	"okoshko/bots/web/bundle"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

const sources = "../console"

// TestPure runs console/test/*.test.ts in Node.
func TestPure(t *testing.T) {
	t.Parallel()
	tests, err := filepath.Glob(filepath.Join(sources, "test", "*.test.ts"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	dir := t.TempDir()
	built := api.Build(api.BuildOptions{
		EntryPoints: tests, Outdir: dir, Bundle: true, Write: true,
		Platform: api.PlatformNode, Format: api.FormatESModule, OutExtension: map[string]string{".js": ".mjs"},
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	scripts, err := filepath.Glob(filepath.Join(dir, "*.mjs"))
	if err != nil || len(scripts) != len(tests) {
		t.Fatalf("built %v: %v", scripts, err)
	}
	out, err := exec.CommandContext(t.Context(), "node", append([]string{"--test", "--test-reporter=tap"}, scripts...)...).CombinedOutput()
	if err != nil || !regexp.MustCompile(`(?m)^# pass [1-9]`).Match(out) {
		t.Errorf("%v:\n%s", err, out)
	}
}

// TestSize holds the console to what a slow office line loads in a second, and
// each part that is loaded on demand to a third of it.
func TestSize(t *testing.T) {
	t.Parallel()
	files, err := bundle.Console("..")
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := fs.Glob(files, "console/assets/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("the console has no scripts: %v", err)
	}
	sizes, first := map[string]int{}, 0
	imports := map[string][]string{}
	for _, name := range scripts {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		_, _ = w.Write(data)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		sizes[base] = packed.Len()
		for _, m := range regexp.MustCompile(`(?:from|import)"\./([^"]+)"`).FindAllSubmatch(data, -1) {
			imports[base] = append(imports[base], string(m[1]))
		}
		t.Logf("%s: %d bytes gzipped", base, packed.Len())
	}
	// The page's own script comes at once, with all that it cannot do without.
	queue := slices.DeleteFunc(slices.Sorted(maps.Keys(sizes)), func(name string) bool { return !strings.HasPrefix(name, "desk-") })
	for seen := map[string]bool{}; len(queue) > 0; {
		name := queue[0]
		queue = append(queue[1:], imports[name]...)
		if !seen[name] {
			seen[name] = true
			first += sizes[name]
			delete(sizes, name)
		}
	}
	for name, size := range sizes {
		most := 20 << 10
		if strings.HasPrefix(name, "text.") { // a language, with the words of all parts
			most = 30 << 10
		}
		if size > most {
			t.Errorf("%s has %d bytes gzipped, more than %d", name, size, most)
		}
	}
	t.Logf("first: %d bytes gzipped", first)
	if first > 60<<10 {
		t.Errorf("what the console loads first has %d bytes gzipped, more than 60 KiB", first)
	}
}

// TestWords holds both catalogues to the same keys and placeholders, and the
// sources to keys that exist and sentences that stand in catalogues alone.
func TestWords(t *testing.T) {
	t.Parallel()
	catalogue := func(lang string) map[string]string {
		data, err := os.ReadFile(filepath.Join(sources, "text."+lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]string
		if err := json.Unmarshal(data, &words); err != nil {
			t.Fatal(err)
		}
		return words
	}
	ru, en := catalogue("ru"), catalogue("en")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(ru)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Errorf("the catalogues differ (-ru +en):\n%s", diff)
	}
	var code strings.Builder
	files, _ := filepath.Glob(filepath.Join(sources, "*.ts*"))
	parts, _ := filepath.Glob(filepath.Join(sources, "*", "*.ts*"))
	if len(parts) == 0 {
		t.Fatal("the console has no parts")
	}
	files = append(files, slices.DeleteFunc(parts, func(name string) bool { return strings.HasSuffix(name, ".test.ts") })...)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(data)
		for i, line := range strings.Split(string(data), "\n") {
			text, _, _ := strings.Cut(line, "//")
			if strings.Contains(text, " * ") || strings.Contains(text, "/**") || strings.Contains(text, `lang="ru"`) || strings.Contains(text, "Language / ") {
				continue // a comment; the names that languages have for themselves
			}
			if regexp.MustCompile(`\p{Cyrillic}`).MatchString(text) {
				t.Errorf("%s:%d: a sentence stands in code: %s", file, i+1, line)
			}
		}
	}
	placeholder := regexp.MustCompile(`\{\w+\}`)
	for key, text := range ru {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s is empty", key)
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(en[key], -1)
		if slices.Sort(a); !slices.Equal(a, slices.Sorted(slices.Values(b))) {
			t.Errorf("%s has the placeholders %v in Russian, %v in English", key, a, b)
		}
		if !strings.Contains(code.String(), `"`+key+`"`) {
			t.Errorf("nothing says %s", key)
		}
		if strings.Contains(text, "—") {
			t.Errorf("%s has an em dash", key)
		}
	}
}

// TestNames: every role, permission, act of the audit and ending of a session has its
// words.
func TestNames(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(sources, "people", "names.ts"))
	if err != nil {
		t.Fatal(err)
	}
	endings, err := os.ReadFile(filepath.Join(sources, "signin.tsx"))
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, endings...)
	var codes []string
	for _, e := range staff.Endings() {
		codes = append(codes, string(e))
	}
	for _, a := range audit.Acts() {
		codes = append(codes, string(a))
	}
	for _, r := range staff.Roles() {
		codes = append(codes, string(r))
	}
	for _, p := range staff.Permissions() {
		codes = append(codes, string(p))
	}
	for _, code := range codes {
		if !regexp.MustCompile(`[\s"]` + regexp.QuoteMeta(code) + `"?: "`).Match(data) {
			t.Errorf("%s has no words", code)
		}
	}
}
