package telegramtest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPageSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		data, err := os.ReadFile("page/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	_, file, _ := strings.Cut(read("words.js"), "const ru = ")
	russian, english, _ := strings.Cut(file, "const en = ")
	keys := func(words string) []string {
		plain := regexp.MustCompile(`'[^']*'`).ReplaceAllString(words, "''")
		var list []string
		for _, m := range regexp.MustCompile(`(\w+): (?:''|\[)`).FindAllStringSubmatch(plain, -1) {
			list = append(list, m[1])
		}
		return list
	}
	ru, en := keys(russian), keys(english)
	if diff := cmp.Diff(ru, en); diff != "" || len(ru) < 80 {
		t.Errorf("%d Russian words; the languages differ:\n%s", len(ru), diff)
	}
	for _, name := range []string{"page", "api", "bubble", "composer", "dom", "log", "sheets", "store", "text", "tools"} {
		script := read(name + ".js")
		for _, m := range regexp.MustCompile(`words\.(\w+)`).FindAllStringSubmatch(script, -1) {
			if m[1] != "js" && !slices.Contains(ru, m[1]) {
				t.Errorf("%s.js says words.%s, which is not there", name, m[1])
			}
		}
		if name != "store" && regexp.MustCompile(`['>][^'\n]*\p{Cyrillic}`).MatchString(strings.ReplaceAll(script, "'Русский'", "")) {
			t.Errorf("%s.js has Russian words of its own", name)
		}
	}
}
