package answers_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"okoshko/bots/site/answers"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
)

// What was withdrawn, holds no more or does not hold yet is gone at once; so is what
// never was, and nothing that was asked for comes back.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s := open(t, "", published(nil))
	if r, _ := s.get(t, "/answers/question-2026-7"); r.StatusCode != http.StatusOK {
		t.Fatalf("published: %d", r.StatusCode)
	}
	yesterday, tomorrow := calendar.Date{Year: 2026, Month: 11, Day: 24}, calendar.Date{Year: 2026, Month: 11, Day: 26}
	for name, change := range map[string]func(*knowledge.Article){
		"over":    func(a *knowledge.Article) { a.Until = yesterday },
		"not yet": func(a *knowledge.Article) { a.From = tomorrow },
	} {
		s.put(t, published(change))
		if r, page := s.get(t, "/answers/question-2026-7"); r.StatusCode != http.StatusNotFound || strings.Contains(page, "пса") {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
		_, page := s.get(t, "/answers?topic=bills")
		lacks(t, page, "пса")
	}
	s.put(t)
	for _, slug := range []string{
		"question-2026-7", "nothing", "READINGS-HOW", "readings-how.md", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
		"%00", "%D0%BF%D0%B5%D1%81", "';DROP%20TABLE%20articles;--", strings.Repeat("a", 4000), "readings-how%0d%0aSet-Cookie:%20a=b",
	} {
		r, page := s.get(t, "/answers/"+slug, "Accept-Language", "ru")
		if r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%.20q: %d %v", slug, r.StatusCode, r.Header)
		}
		shows(t, page, "Такого ответа здесь нет", `href="/answers?lang=ru"`, `href="/answers?topic=tariffs&amp;lang=ru"`, "#okoshko", `content="noindex"`)
		lacks(t, page, "<script", "DROP", "passwd", "aaaaa", "canonical")
	}
}

// A browser that has a page asks whether it still holds.
func TestCaches(t *testing.T) {
	t.Parallel()
	s := open(t, "", published(nil))
	for _, path := range []string{"/answers?lang=ru", "/answers/question-2026-7?lang=ru"} {
		r, _ := s.get(t, path)
		tag := r.Header.Get("Etag")
		if tag == "" || r.Header.Get("Cache-Control") != "no-cache" {
			t.Fatalf("%s: %v", path, r.Header)
		}
		if r, page := s.get(t, path, "If-None-Match", tag); r.StatusCode != http.StatusNotModified || page != "" {
			t.Errorf("%s again: %d", path, r.StatusCode)
		}
		s.put(t, published(func(a *knowledge.Article) {
			a.Question, a.Body = "Другой вопрос?", "Другой ответ."
		}))
		if r, page := s.get(t, path, "If-None-Match", tag); r.StatusCode != http.StatusOK || !strings.Contains(page, "Другой вопрос?") {
			t.Errorf("%s after a change: %d", path, r.StatusCode)
		}
		s.put(t, published(nil))
	}
}

// Whatever an editor writes is text on the page.
func TestTextIsText(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><b onclick=x>`
	s := open(t, "", published(func(a *knowledge.Article) {
		a.Question, a.Body, a.Basis = evil, evil+"\n- "+evil, evil
	}))
	for _, path := range []string{"/answers/question-2026-7", "/answers", "/answers?topic=bills"} {
		_, page := s.get(t, path)
		lacks(t, page, "<script", "<b onclick", `""`)
		shows(t, page, "&lt;script&gt;")
	}
}

// Nothing inline, nothing foreign, nothing to run; what the pages load is served.
func TestThePagesObeyTheirPolicy(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	for _, path := range []string{"/answers", "/answers/readings-how", "/answers/nothing"} {
		r, page := s.get(t, path)
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q", path, policy)
		}
		lacks(t, page, "<style", " style=", " onclick", "javascript:", "<script", "<form")
		for _, sheet := range regexp.MustCompile(`rel="stylesheet" href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if r, css := s.get(t, sheet[1]); r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/css") || len(css) < 100 {
				t.Errorf("%s: %d", sheet[1], r.StatusCode)
			}
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		r, err := s.app.Test(httptest.NewRequest(method, "/answers/readings-how", nil), -1)
		if err != nil || r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %v, %v", method, r.StatusCode, err)
		}
		_ = r.Body.Close()
	}
}

// The chat may stand on the supplier's own site; before anything is read there is
// nothing else to offer.
func TestTheWayToTheChat(t *testing.T) {
	t.Parallel()
	s := open(t, "https://supplier.example/help")
	s.texts = nil
	for _, path := range []string{"/answers", "/answers/readings-how"} {
		r, page := s.get(t, path, "Accept-Language", "ru")
		if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		shows(t, page, "Ответы сейчас загружаются", `href="https://supplier.example/help#okoshko"`)
	}
}

// An address that is put into a letter is short, and names a language that is not
// the source's.
func TestAddress(t *testing.T) {
	t.Parallel()
	for lang, want := range map[words.Lang]string{
		words.RU: "https://okoshko.example/answers/pay-how", words.EN: "https://okoshko.example/answers/pay-how?lang=en",
	} {
		for _, public := range []string{"https://okoshko.example", "https://okoshko.example/"} {
			if got := answers.Address(public, "pay-how", lang); got != want {
				t.Errorf("%s: %s, want %s", lang, got, want)
			}
			if link := chat.Linked("Как платить? " + want + "."); link.Spans[1].Link != want {
				t.Errorf("in a message it is %+v", link.Spans)
			}
		}
	}
}
