package telegramtest

import (
	"encoding/json"
	"mime"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseHTML(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		in, text string
		entities []Entity
		refusal  string
	}{
		{in: "просто", text: "просто"},
		{in: "a &lt;b&gt; &amp; &quot; &#8381; &#x1F600; &nbsp; & &#0;", text: "a <b> & \" ₽ 😀 &nbsp; & &#0;"},
		{in: "😀<b>да</b>", text: "😀да", entities: []Entity{{Type: "bold", Offset: 2, Length: 2}}},
		{in: "<b>a<i>b</i></b>", text: "ab", entities: []Entity{{Type: "bold", Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{in: "<STRONG>a</Strong><b></b>", text: "a", entities: []Entity{{Type: "bold", Length: 1}}},
		{
			in: `<a href="https://e.org/?a=1&amp;b=2">x</a>`, text: "x",
			entities: []Entity{{Type: "text_link", Length: 1, URL: "https://e.org/?a=1&b=2"}},
		},
		{in: `<a href=e.org>x</a>`, text: "x", entities: []Entity{{Type: "text_link", Length: 1, URL: "e.org"}}},
		{in: `<a href="javascript:x">x</a>`, text: "x"},
		{in: `<pre><code class="language-go">x</code></pre>`, text: "x", entities: []Entity{{Type: "pre", Length: 1, Language: "go"}}},
		{in: `<span class="tg-spoiler">x</span>`, text: "x", entities: []Entity{{Type: "spoiler", Length: 1}}},
		{in: `<blockquote expandable>x</blockquote>`, text: "x", entities: []Entity{{Type: "expandable_blockquote", Length: 1}}},
		{in: "<b>x</>", text: "x", entities: []Entity{{Type: "bold", Length: 1}}},
		{in: "ab<br>", refusal: `Unsupported start tag "br" at byte offset 2`},
		{in: "1 < 2", refusal: `Unsupported start tag "" at byte offset 2`},
		{in: "<b", refusal: "Unclosed start tag at byte offset 0"},
		{in: "<b>x", refusal: `Can't find end tag corresponding to start tag "b"`},
		{in: "x</b>", refusal: "Unexpected end tag at byte offset 1"},
		{in: "<b>x</i>", refusal: `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{in: "<b>x</b", refusal: "Unclosed end tag at byte offset 4"},
		{in: `<a href="x`, refusal: "Unclosed start tag at byte offset 0"},
		{in: `<a href=x_y>x</a>`, refusal: "Unexpected end of name token at byte offset 8"},
		{in: `<a href>x</a>`, refusal: `Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0`},
		{in: `<a ="x">x</a>`, refusal: `Empty attribute name in the tag "a" at byte offset 0`},
		{in: `<span>x</span>`, refusal: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
	} {
		text, entities, r := parseHTML(x.in)
		got := ""
		if r != nil {
			got = r.text
			x.refusal = "Bad Request: can't parse entities: " + x.refusal
		}
		if text != x.text || got != x.refusal {
			t.Errorf("%s: got %q %q, want %q %q", x.in, text, got, x.text, x.refusal)
		}
		if diff := cmp.Diff(x.entities, entities); diff != "" {
			t.Errorf("%s: %s", x.in, diff)
		}
	}
}

func TestTrimMovesEntities(t *testing.T) {
	t.Parallel()
	text, entities := trim(" \n ab \n", []Entity{{Type: "bold", Offset: 0, Length: 4}, {Type: "code", Offset: 4, Length: 3}, {Type: "italic", Offset: 5, Length: 2}})
	want := []Entity{{Type: "bold", Length: 1}, {Type: "code", Offset: 1, Length: 1}}
	if text != "ab" {
		t.Errorf("got %q", text)
	}
	if diff := cmp.Diff(want, entities); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{
		"<b>a</b>", `<a href="x&amp;y">z</a>`, "&#x1F600;&lt", "<pre><code class='language-x'>y</code></pre>",
		"<blockquote expandable>q</blockquote>", "<b><i>x</b></i>", "<span class=tg-spoiler>s</span>", "<a b = c>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, entities, r := parseHTML(in)
		if r != nil {
			return
		}
		if utf8.ValidString(in) && !utf8.ValidString(text) {
			t.Errorf("%q became %q, which is not UTF-8", in, text)
		}
		length := utf16Len(text)
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length {
				t.Errorf("%q: entity %+v of a text of %d", in, e, length)
			}
		}
		trimmed, kept := trim(text, entities)
		for _, e := range kept {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > utf16Len(trimmed) {
				t.Errorf("%q: entity %+v after trimming to %q", in, e, trimmed)
			}
		}
	})
}

// FuzzEachField holds the reader of JSON bodies to encoding/json.
func FuzzEachField(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"a":1,"b":"x\ny","c":{"d":[1,"}"]},"e":null}`, ` { "a" : true , "b":[] } `, `{"a":1,"a":2}`, `[1]`, `{"a":-1.5e3}`, `{"\u0061":"\ud83d\ude00"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := map[string]string{}
		err := eachField(body, func(name, value string) { got[name] = value })
		var want map[string]json.RawMessage
		if wantErr := json.Unmarshal(body, &want); (wantErr != nil || want == nil) != (err != nil) {
			t.Fatalf("%q: got %v, want %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		for name, value := range want {
			plain := string(value)
			if value[0] == '"' {
				if err := json.Unmarshal(value, &plain); err != nil {
					t.Fatal(err)
				}
			}
			if got[name] != plain {
				t.Errorf("%q: %s is %q, want %q", body, name, got[name], plain)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %v, want %v", body, got, want)
		}
	})
}

func FuzzReadArgs(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", []byte("a=1&b=%D1%8F"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nc\r\n--x--\r\n"))
	f.Add("application/json", []byte(`{"chat_id":1,"reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}}`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		a := &args{}
		if a.read(kind, body) != nil {
			return
		}
		if m, r := parseMarkup(a.object("reply_markup")); r == nil && len(m.raw) > 0 && !json.Valid(m.raw) {
			t.Errorf("markup %q", m.raw)
		}
		if _, _, err := mime.ParseMediaType(kind); err != nil && len(a.list) > 0 {
			t.Errorf("read %q as something", kind)
		}
	})
}

func FuzzAppendString(f *testing.F) {
	f.Add("a\"b\\c\n\t\x00é😀\xff")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal(appendString(nil, s), &got); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		want, _ := json.Marshal(s)
		var plain string
		if err := json.Unmarshal(want, &plain); err != nil {
			t.Fatal(err)
		}
		if got != plain {
			t.Errorf("got %q, want %q", got, plain)
		}
	})
}
