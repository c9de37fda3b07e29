package detect

import (
	"slices"
	"strings"
)

// allowPage takes a page of the company's: it is known in any part of it, and by
// its name alone.
func (d *Detector) allowPage(address string) {
	_, page, ok := strings.Cut(address, "://")
	if !ok {
		page = address
	}
	page = strings.TrimRight(strings.TrimPrefix(looks(page), "www."), "/")
	if at := strings.LastIndexByte(page, '/'); at > 0 {
		d.pages = append(d.pages, page)
		d.nicks[page[at+1:]] = true
	}
}

// page finds somebody's page in the social network that is token i, «vk.com/id123»,
// to its last sign. Those of groups are nobody's, nor are the company's.
func (s *scan) page(i int) {
	to := s.path(i + 1)
	if to < i+3 || s.at(to-1).end-s.at(i+2).start < 2 {
		return
	}
	text := s.plainText(i, to)
	if s.at(i+2).has(common) || slices.ContainsFunc(s.d.pages, func(page string) bool {
		rest, ok := strings.CutPrefix(text, page)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], "/?#"))
	}) {
		s.leave(i, to)
		return
	}
	s.mark(i, to, Nick, true)
}

// path returns the end of the path that begins with the stroke at token i, or i,
// without the signs that end a sentence.
func (s *scan) path(i int) int {
	if !s.at(i).sign("/") {
		return i
	}
	to := i
	for t := s.at(to); t.glued && !t.line && (t.is == word || t.is == digits || t.sign("/_.-?=&%@+#~:!,")); t = s.at(to) {
		to++
	}
	for to > i && s.at(to-1).is == sign {
		to--
	}
	return to
}

// nickAfter finds a name after the messenger that is token i: «вк: id12345», «в
// телеграме ivan_petrov», «ник ivan77». Without a colon it must look like nothing
// else: «Telegram bot»; with one a word may be a name: «скайп: ivanova».
func (s *scan) nickAfter(i int) {
	at, told := i+1, false
	for n := 0; n < 3 && (s.at(at).sign(":—–-=(«\"") || s.at(at).has(messenger)) && !s.at(at).line; n++ {
		told = told || s.at(at).sign(":=")
		at++
	}
	t := s.at(at)
	if t.is != word || len(t.norm) < 2 || t.line || t.has(site) || s.at(at-1).sign("-") && s.at(at-1).glued {
		return
	}
	to := at + 1
	for t := s.at(to); t.glued && (t.is == word || t.is == digits || t.sign("_.")); t = s.at(to) {
		to++
	}
	for s.at(to - 1).sign(".") {
		to--
	}
	if s.at(to).sign("#") && s.at(to).glued && s.at(to+1).glued && s.at(to+1).is == digits { // «lampa#4410»
		to += 2
	}
	latin, odd := false, false // odd: digits and signs, as no word has
	for n := at; n < to; n++ {
		t := s.at(n)
		latin = latin || t.latin || t.sign("_")
		odd = odd || t.is != word
	}
	switch {
	case !latin || !told && !odd || s.at(to-1).end-t.start < len("norma") || s.at(to).sign("@"):
	case s.d.nicks[s.plainText(at, to)]:
		s.leave(at, to)
	default:
		s.mark(at, to, Nick, odd)
	}
}
