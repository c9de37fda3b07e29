package chat_test

import (
	"strings"
	"testing"

	"okoshko/core/chat"
)

// Addresses are links, the marks of the sentence around them are not; the text
// stays what it was.
func TestLinked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"без адреса": "",
		"":           "",
		"Как передать показания? https://chat.example.org/answers/readings-how":     "https://chat.example.org/answers/readings-how",
		"см. https://a.example/x?lang=en#top. Или http://localhost:8080/answers/y!": "https://a.example/x?lang=en#top http://localhost:8080/answers/y",
		"(https://a.example/x), «https://b.example/»":                               "https://a.example/x https://b.example/",
		"https://a.example/счёт_(2026) и https://a.example/[1])…":                   "https://a.example/счёт_(2026) https://a.example/[1]",
		"https:// и javascript:alert(1) и ftp://x и http://...":                     "",
		"https://a.example/\"onmouseover=x https://b.example/<script>":              "https://a.example/ https://b.example/",
	} {
		b := chat.Linked(text)
		var said strings.Builder
		var links []string
		for _, s := range b.Spans {
			said.WriteString(s.Text)
			if s.Link != "" {
				if s.Link != s.Text {
					t.Errorf("%q leads to %q", s.Text, s.Link)
				}
				links = append(links, s.Link)
			}
		}
		if said.String() != text {
			t.Errorf("%q became %q", text, said.String())
		}
		if got := strings.Join(links, " "); got != want {
			t.Errorf("%q has the links %q, want %q", text, got, want)
		}
	}
}

func FuzzLinked(f *testing.F) {
	f.Add("см. https://a.example/x, (http://b.example).")
	f.Add("https://https://..")
	f.Fuzz(func(t *testing.T, text string) {
		var said strings.Builder
		for _, s := range chat.Linked(text).Spans {
			said.WriteString(s.Text)
			if s.Text == "" || s.Link != "" && (s.Link != s.Text || !strings.HasPrefix(s.Link, "http")) {
				t.Errorf("%q has the span %+v", text, s)
			}
		}
		if said.String() != text {
			t.Errorf("%q became %q", text, said.String())
		}
	})
}
