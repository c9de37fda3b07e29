package web_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// catalogue holds the words of every part: "chat.send".
func catalogue(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("widget", "text."+language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]map[string]string
	if err := json.Unmarshal(data, &parts); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for part, keys := range parts {
		for key, text := range keys {
			words[part+"."+key] = text
		}
	}
	return words
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestCataloguesAreComplete(t *testing.T) {
	t.Parallel()
	ru, en := catalogue(t, "ru"), catalogue(t, "en")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(ru)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Errorf("keys of ru (-) and en (+):\n%s", diff)
	}
	for key, text := range ru {
		if text == "" || en[key] == "" {
			t.Errorf("%s is empty", key)
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in ru, %v in en", key, a, b)
		}
		if strings.Contains(text+en[key], "—") {
			t.Errorf("%s holds an em dash", key)
		}
	}
}

// refusals are the protocol's names for what the server does not take.
var refusals = map[string]bool{"invalid": true, "too_long": true, "too_many": true, "unknown_file": true}

var cyrillic = regexp.MustCompile(`\p{Cyrillic}`)

// No sentence for a customer stands in code, and no catalogue holds one that
// nobody says.
func TestWordsStandInTheCatalogues(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob(filepath.Join("widget", "*.ts"))
	if err != nil || len(sources) < 10 {
		t.Fatalf("%d sources: %v", len(sources), err)
	}
	var code strings.Builder
	for _, name := range sources {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if cyrillic.MatchString(line) && !strings.Contains(line, "//") && !strings.HasPrefix(strings.TrimSpace(line), "/**") {
				t.Errorf("%s:%d: words in code: %s", name, i+1, strings.TrimSpace(line))
			}
		}
		code.Write(data)
	}
	for name := range catalogue(t, "ru") {
		_, key, _ := strings.Cut(name, ".")
		if !regexp.MustCompile(`["'. ]`+key+`["',:; )]`).MatchString(code.String()) && !refusals[key] {
			t.Errorf("nobody says %q", name)
		}
	}
}
